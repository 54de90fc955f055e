"""Paragraphs get vectors in the background, and queries find them; without a model nothing breaks.

The model is the fake Ollama over HTTP: texts that share words lie close to each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from octopus.backends.embedding import Keeper, MeaningIndex, MeaningSettings
from octopus.backends.embedding.index import plain
from octopus.backends.ollama import OllamaModel, OllamaSettings
from octopus.backends.whoosh import IndexSettings, WhooshIndex
from octopus.core.ports import Turn
from tests.fakes.ollama import EMBEDDER, FakeOllama, Model
from tests.fakes.ollama import Turn as Said
from tests.patience import PATIENCE

NOTES = {
    "Boat.md": "# Boat\n\nVarnish the wooden hull before winter.\n",
    "Bread.md": "# Bread\n\nFlour, water, salt and patience.\n",
    "Health/Blood.md": "Results of the blood test.\n",
    "Diary.md": "#private/diary my varnish dreams\n",
}
QUICK: dict[str, Any] = {"pause": 0.0, "retry": 0.01, "query_timeout": 10.0}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    for path, text in NOTES.items():
        write(root, path, text)
    return root


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


@pytest.fixture
async def fake() -> AsyncIterator[FakeOllama]:
    async with FakeOllama() as server:
        server.models["other:latest"] = Model("other:latest", ("embedding",), 2048)
        yield server


@pytest.fixture
async def model(fake: FakeOllama) -> AsyncIterator[OllamaModel]:
    made = OllamaModel(OllamaSettings(url=fake.url, busy_wait=0.001, down_for=0.0))
    yield made
    fake.release()
    await made.close()


Make = Callable[..., Keeper]


class Notes:
    """Stands for the full-text index: the versions of the notes that it knows."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def stamps(self, paths: Iterable[str] | None) -> dict[str, tuple[int, int]]:
        every = {
            path.relative_to(self.root).as_posix(): (info.st_mtime_ns, info.st_size)
            for path in self.root.rglob("*.md")
            for info in [path.stat()]
        }
        return every if paths is None else {p: every[p] for p in paths if p in every}


@pytest.fixture
async def make(vault: Path, tmp_path: Path, model: OllamaModel) -> AsyncIterator[Make]:
    """Opens keepers one after the other over the same files."""
    made: list[Keeper] = []

    def one(name: str = EMBEDDER, embed: Any = None, **more: Any) -> Keeper:
        settings = MeaningSettings(name, private=("Health", "#private"), **QUICK | more)
        keeper = Keeper(vault, tmp_path / "meaning.db", settings, embed or model.embed)
        keeper.open(Notes(vault).stamps)
        made.append(keeper)
        return keeper

    yield one
    for keeper in made:
        await keeper.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.002)


def texts(fake: FakeOllama) -> list[str]:
    """Every text that was embedded as a paragraph."""
    given = [asked.body["input"] for asked in fake.asked if asked.path == "/api/embed"]
    every = [text for one in given for text in ([one] if isinstance(one, str) else one)]
    return [text for text in every if "title: none" in text]


async def test_a_paragraph_is_found_by_what_it_says(make: Make) -> None:
    keeper = make()
    await keeper.settle()
    found = await keeper.nearest("varnish the hull")
    assert found[0].path == "Boat.md"
    assert found[0].line == 3
    assert 0.3 <= found[0].similarity <= 1.0
    assert "Bread.md" not in [each.path for each in found]


async def test_what_is_private_never_reaches_the_model(make: Make, fake: FakeOllama) -> None:
    keeper = make()
    await keeper.settle()
    given = " ".join(texts(fake))
    assert "Varnish" in given
    assert "blood" not in given.casefold()
    assert "dreams" not in given
    assert "4 of 4 notes, 2 paragraphs" in keeper.status()


async def test_only_what_changed_is_embedded_again(
    make: Make, fake: FakeOllama, vault: Path
) -> None:
    keeper = make()
    await keeper.settle()
    before = len(texts(fake))
    filler = "\n\n".join(f"Paragraph {n} about {'many things ' * 75}" for n in range(5))
    write(vault, "Boat.md", f"{NOTES['Boat.md']}\n{filler}\n")
    keeper.hint("Boat.md")
    await until(lambda: "7 paragraphs" in keeper.status())
    assert len(texts(fake)) == before + 5
    write(vault, "Boat.md", f"{NOTES['Boat.md']}\n{filler}\n\nOne more {'thing ' * 140}\n")
    keeper.hint("Boat.md")
    await until(lambda: "8 paragraphs" in keeper.status())
    assert "One more" in texts(fake)[-1]
    assert len(texts(fake)) == before + 6


async def test_moved_and_removed_notes(make: Make, fake: FakeOllama, vault: Path) -> None:
    keeper = make()
    await keeper.settle()
    (vault / "Bread.md").unlink()
    write(vault, "Boat.md", "Rye crackers")
    keeper.hint("Bread.md")
    keeper.hint("Boat.md")
    await until(lambda: "3 of 3 notes, 1 paragraphs" in keeper.status())
    assert [each.path for each in await keeper.nearest("crackers rye boat")] == ["Boat.md"]
    assert "Bread.md" not in [each.path for each in await keeper.nearest("flour patience")]


async def test_a_stop_loses_nothing(make: Make, fake: FakeOllama, vault: Path) -> None:
    for number in range(30):
        write(vault, f"N{number}.md", f"Something about number{number}")
    first = make(batch=4)
    await until(lambda: len(texts(fake)) >= 12)
    await first.close()
    done = len(texts(fake))
    second = make(batch=4)
    await second.settle()
    assert "34 of 34 notes" in second.status()
    # What was being embedded at the stop may be asked for once more, a batch or two.
    assert len(texts(fake)) - 32 <= 8
    assert done >= 12
    await second.close()
    again = len(texts(fake))
    third = make()
    await third.settle()
    assert len(texts(fake)) == again
    found = await third.nearest("N7 something about number7")
    assert found[0].path == "N7.md"


async def test_another_model_begins_anew_and_the_old_vectors_are_not_asked(
    make: Make, fake: FakeOllama
) -> None:
    first = make()
    await first.settle()
    await first.close()
    fake.embed_faults.extend([Said(hang="connect")])
    second = make("other:latest")
    await until(lambda: any(a.body.get("model") == "other:latest" for a in fake.asked))
    assert "other:latest, 0 of 4 notes, 0 paragraphs" in second.status()
    assert await second.nearest("varnish the hull") == []
    fake.release()
    await until(lambda: "4 of 4 notes, 2 paragraphs" in second.status())
    assert (await second.nearest("varnish the hull"))[0].path == "Boat.md"


async def test_without_a_server_there_are_no_answers_and_one_reason(
    make: Make, model: OllamaModel
) -> None:
    async def nobody(name: str, given: Any, *, background: bool) -> Any:
        lost = OllamaModel(OllamaSettings(url="http://127.0.0.1:9"))
        try:
            return await lost.embed(name, given, background=background)
        finally:
            await lost.close()

    keeper = make(embed=nobody)
    await keeper.settle()
    assert "0 of 4 notes" in keeper.status()
    assert "No model server answers" in keeper.status()
    assert await keeper.nearest("varnish") == []


async def test_a_server_that_comes_back_is_asked_again(make: Make, fake: FakeOllama) -> None:
    fake.embed_faults.extend([Said(status=503, error="busy"), Said(status=500, error="broken")])
    keeper = make()
    await until(lambda: "4 of 4 notes, 2 paragraphs" in keeper.status())
    await until(lambda: ";" not in keeper.status())


async def test_a_text_that_the_model_refuses_does_not_hold_up_the_others(
    make: Make, model: OllamaModel, fake: FakeOllama
) -> None:
    async def picky(name: str, given: list[str], *, background: bool) -> list[list[float]]:
        if any("Flour" in text for text in given):
            fake.embed_faults.append(Said(status=400, error="odd input"))
        return await model.embed(name, given, background=background)

    keeper = make(embed=picky)
    await until(lambda: "4 of 4 notes, 1 paragraphs" in keeper.status())
    assert (await keeper.nearest("varnish the hull"))[0].path == "Boat.md"


async def test_a_query_does_not_wait_for_a_slow_model_but_the_next_may_profit(
    make: Make, fake: FakeOllama
) -> None:
    keeper = make(query_timeout=0.05, retry=0.0)
    await keeper.settle()
    fake.embed_faults.append(Said(hang="connect"))
    assert await keeper.nearest("varnish hull") == []
    assert "too slow" in keeper.status()
    fake.release()
    await until(lambda: not keeper._asking)
    async with asyncio.timeout(PATIENCE):
        while not await keeper.nearest("varnish hull"):
            await asyncio.sleep(0.01)


async def test_the_same_query_is_asked_once(make: Make, fake: FakeOllama) -> None:
    keeper = make()
    await keeper.settle()
    before = len(fake.asked)
    for _ in range(5):
        assert await keeper.nearest("varnish")
    assert len(fake.asked) == before + 1


async def test_a_chat_goes_first_and_a_query_goes_beside_it(
    make: Make, model: OllamaModel, fake: FakeOllama
) -> None:
    fake.script.append(Said("Hello", hang="first"))
    chat = asyncio.create_task(model.chat([Turn("user", "hello")]))
    await fake.wait_for(lambda: any(asked.path == "/api/chat" for asked in fake.asked))
    keeper = make()
    await until(lambda: len(keeper._todo) == 4)
    assert texts(fake) == []
    async with asyncio.timeout(PATIENCE):
        assert await model.embed(EMBEDDER, ["a query"], background=False)
    assert texts(fake) == []
    fake.release()
    await asyncio.gather(chat, return_exceptions=True)
    await until(lambda: "4 of 4 notes" in keeper.status())


async def test_a_file_that_cannot_be_kept_only_costs_the_meaning(
    vault: Path, tmp_path: Path, model: OllamaModel
) -> None:
    (tmp_path / "in the way").write_text("")
    keeper = Keeper(
        vault, tmp_path / "in the way" / "meaning.db", MeaningSettings(EMBEDDER), model.embed
    )
    keeper.open(Notes(vault).stamps)
    await keeper.settle()
    assert "cannot be used" in keeper.status()
    assert await keeper.nearest("varnish") == []
    await keeper.close()


async def test_very_large_notes_are_left_out(make: Make, vault: Path, fake: FakeOllama) -> None:
    with (vault / "Log.md").open("wb") as file:
        file.truncate(3 * 1024 * 1024)
    keeper = make()
    await keeper.settle()
    assert "5 of 5 notes, 2 paragraphs" in keeper.status()


# Together with the full text.


@pytest.fixture
async def index(vault: Path, tmp_path: Path, model: OllamaModel) -> AsyncIterator[MeaningIndex]:
    text = WhooshIndex(vault, tmp_path / "index", IndexSettings(debounce=0.005))
    settings = MeaningSettings(EMBEDDER, private=("Health", "#private"), **QUICK)
    keeper = Keeper(vault, tmp_path / "meaning.db", settings, model.embed)
    made = MeaningIndex(text, keeper)
    await made.open()
    await made.settle()
    await keeper.settle()
    yield made
    await made.close()


async def test_notes_that_lack_the_words_are_found_and_marked(index: MeaningIndex) -> None:
    hits = await index.search("varnish zeppelin hull")
    # The fake knows words only: "varnish hull" is close, "zeppelin" stands nowhere.
    by = {hit.path: hit.by for hit in hits.hits}
    assert by["Boat.md"] == ""  # any of the words: the text has it
    hits = await index.search("vernish the wooden hall before winter comes")
    assert "Boat.md" in {hit.path for hit in hits.hits}


async def test_a_note_found_by_meaning_alone_says_where(
    index: MeaningIndex, monkeypatch: pytest.MonkeyPatch, fake: FakeOllama, vault: Path
) -> None:
    write(vault, "Plan.md", "# Plan\n\nFirst.\n\n## Rigging\n\n" + "The mast needs care. " * 25)
    index.hint("Plan.md")
    await until(lambda: any("mast" in text for text in texts(fake)))
    keeper = index._keeper
    await until(lambda: "5 of 5" in keeper.status())
    assert await keeper.nearest("Plan rigging the mast needs care")
    vector = keeper._queries["Plan rigging the mast needs care"]
    keeper._queries["sailing"] = vector  # as a model would have it that knows more than words
    hits = await index.search("sailing")
    (hit,) = [each for each in hits.hits if each.path == "Plan.md"]
    assert (hit.by, hit.heading, hit.line) == ("meaning", "Rigging", 7)
    assert "The mast needs care" in hit.snippet
    assert hits.stage == "meaning"
    assert hits.total == len(hits.hits)
    told = await index.explain("sailing", "Plan")
    assert (told.found, told.stage, told.rank) == (True, "meaning", 1)
    assert "by meaning: 1 of " in told.reasons[-1]


async def test_operators_mean_what_they_say(index: MeaningIndex, fake: FakeOllama) -> None:
    before = len(fake.asked)
    for query in ('"varnish hull"', "tag:x", "varnish -boat", "/hull/", "hull*", "sort:name hull"):
        assert not any(hit.by for hit in (await index.search(query)).hits)
    assert len(fake.asked) == before


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("varnish", True),
        ("varnish the hull", True),
        ("a OR b", False),
        ('"a b"', False),
        ("file:x", False),
        ("-a b", False),
        ("", False),
        ("a limit:3", False),
    ],
)
def test_plain_words(query: str, expected: bool) -> None:
    assert plain(query) is expected


async def test_status_has_both(index: MeaningIndex) -> None:
    status = await index.status()
    assert (status.notes, status.indexed) == (4, 4)
    assert status.meaning.startswith(f"{EMBEDDER}, 4 of 4 notes")


async def test_a_note_that_left_the_index_is_not_found_by_meaning_either(
    index: MeaningIndex, vault: Path
) -> None:
    (vault / "Boat.md").unlink()
    index._text.hint("Boat.md")
    await index.settle()
    assert (await index._keeper.nearest("varnish the hull"))[0].path == "Boat.md"
    hits = await index.search("varnish the hull")
    assert "Boat.md" not in {hit.path for hit in hits.hits}


async def test_a_rebuild_makes_no_vector_twice(index: MeaningIndex, fake: FakeOllama) -> None:
    before = len(texts(fake))
    await index.rebuild()
    await index._keeper.settle()
    assert len(texts(fake)) == before
    assert (await index.similar("Boat")).stage == "similar"
