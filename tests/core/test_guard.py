"""What a job may see of private notes, and what it may say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from octopus.core.effect import Effect, EffectState
from octopus.core.guard import Guard
from octopus.core.guarded import FURTHEST, MaskedNotes
from octopus.core.handler import Lane, Skill
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.ports import Turn
from octopus.core.privacy import Privacy, private
from octopus.core.search import Explanation, Hits, IndexStatus, Skipped
from octopus.errors import ModelUnavailable, NotFound
from octopus.obsidian.scan import scan
from tests.fakes.notes import FakeNotes
from tests.handlers.scene import Scene, ScriptedModel, SetIndex, hit

FILES = {
    "Journal/day.md": b"a line nobody else may read\n- [ ] secret deed\n[[Lamp]]\n",
    "Tagged.md": b"#private/x [[Lamp]]\n",
    "Lamp.md": b"[[Tagged]] [[day]] a public line\n- [ ] bulb\n",
}
PRIVACY = Privacy(("Journal/", "#private"), lambda data: scan(data.decode()).tags)


async def nothing(*args: Any, **more: Any) -> Reply:
    return Reply()


def skill(capability: Capability = Capability.READ, lane: Lane = Lane.CONVERSATION) -> Skill:
    return Skill("x", nothing, "x", capability, lane=lane)


def guard(where: str = "telegram:42", one: Skill | None = None, *hits: str, **model: Any) -> Guard:
    scene = Scene(dict(FILES), index=SetIndex(*map(hit, hits)), **model)
    ports = scene.ctx().ports
    notes = FakeNotes(ports.vault, private=PRIVACY.filters)
    return Guard.of(PRIVACY, replace(ports, notes=notes), where, one or skill())


@pytest.mark.parametrize(
    ("path", "tags", "expected"),
    [
        ("Journal/a.md", (), True),
        ("journal/deep/a.md", (), True),
        ("Journals/a.md", (), False),
        ("a.md", ("#Private",), True),
        ("a.md", ("#private/x",), True),
        ("a.md", ("#privately",), False),
    ],
)
def test_what_is_private(path: str, tags: tuple[str, ...], expected: bool) -> None:
    assert private(path, tags, PRIVACY.filters) is expected
    assert not private(path, tags, ())


@pytest.mark.parametrize(
    ("where", "elsewhere"),
    [("console", False), ("cli:ask", False), ("http:desk", False), ("telegram:1", True)],
)
def test_who_is_at_home(where: str, elsewhere: bool) -> None:
    assert PRIVACY.elsewhere(where) is elsewhere
    assert PRIVACY.elsewhere("anything:new") is True
    assert not Privacy().elsewhere(where)


async def test_from_afar_private_notes_are_not_there() -> None:
    found = guard()
    ports = found.ports()
    assert await ports.vault.notes() == await ports.vault.paths() == ["Lamp.md"]
    assert await ports.vault.read("Journal/day.md") is None
    assert await ports.vault.read_all(["Tagged.md", "Lamp.md"]) == [None, FILES["Lamp.md"]]
    assert [todo.text for todo in await ports.notes.todos()] == ["bulb"]
    assert await ports.notes.files() == ["Lamp.md"]
    assert await ports.notes.find("Tagged") is None
    assert await ports.notes.links("Lamp.md") == await ports.notes.backlinks("Lamp.md") == []
    assert await ports.notes.tags() == ()
    assert await ports.notes.outline("Journal/day.md") == []
    assert await ports.notes.mentions("Tagged.md") == []
    assert await ports.notes.deadends() == []
    assert await ports.notes.unresolved() == {}
    assert await ports.notes.seeking(["Tagged.md"]) == ["Lamp.md"]
    with pytest.raises(NotFound):
        await ports.notes.neighbourhood("Tagged.md")
    assert found.withheld == {"Journal/day.md", "Tagged.md"}


async def test_hits_in_private_notes_are_counted() -> None:
    found = guard("telegram:42", None, "Tagged.md", "Lamp.md")
    ports = found.ports()
    shown = await ports.index.search("x")
    assert [each.path for each in shown.hits] == ["Lamp.md"]
    assert found.withheld == {"Tagged.md"}
    with pytest.raises(NotFound):
        await ports.index.similar("Journal/day.md")


def mixed(count: int, private: int) -> list[str]:
    """As many private notes first, then as many others."""
    return [f"Journal/{n}.md" for n in range(private)] + [f"{n}.md" for n in range(count)]


async def test_hits_that_are_left_out_make_room_for_others() -> None:
    found = guard("telegram:42", None, *mixed(12, 30))
    index = found.ports().index
    for offset in (0, 5, 10):
        shown = await index.search("x", limit=5, offset=offset)
        page = [f"{n}.md" for n in range(12)][offset : offset + 5]
        assert [each.path for each in shown.hits] == page
        assert shown.total >= 12
    assert shown.total == 12
    assert len(found.withheld) == 30


async def test_a_search_that_finds_only_private_notes_ends() -> None:
    found = guard("telegram:42", None, *mixed(3, FURTHEST + 50))
    shown = await found.ports().index.search("x", limit=5)
    assert shown.hits == ()
    assert FURTHEST <= len(found.withheld) < FURTHEST + 10
    asked = found._ports.index
    assert isinstance(asked, SetIndex)
    assert len(asked.queries) < 12


async def test_a_private_note_like_another_makes_room_for_the_next() -> None:
    class Alike(SetIndex):
        async def similar(self, note: str, *, limit: int = 10) -> Hits:
            return Hits(len(self.found.hits), 1.0, "similar", self.found.hits[:limit])

    found = guard()
    found._ports = replace(found._ports, index=Alike(*map(hit, mixed(4, 7))))
    shown = await found.ports().index.similar("Lamp.md", limit=3)
    assert [each.path for each in shown.hits] == ["0.md", "1.md", "2.md"]
    assert shown.total == 3
    assert len((await found.ports().index.similar("Lamp.md", limit=9)).hits) == 4


async def test_words_of_private_notes_are_not_suggested() -> None:
    found = guard()

    class Odd(SetIndex):
        async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
            hits = (hit("Tagged.md"),) if "secretword" in query else ()
            return Hits(0, 1.0, "any", hits, suggestion="secretword")

        async def explain(self, query: str, note: str) -> Explanation:
            return Explanation("Tagged.md")

        async def status(self) -> IndexStatus:
            left = (Skipped("Journal/x.pdf", "odd"), Skipped("y.md", "odd"))
            return IndexStatus(2, 2, left, 0.0, 1)

    found._ports = replace(found._ports, index=Odd())
    ports = found.ports()
    assert (await ports.index.search("secretwort")).suggestion == ""
    assert [each.path for each in (await ports.index.status()).skipped] == ["y.md"]
    with pytest.raises(NotFound):
        await ports.index.explain("x", "Tagged")


class Vocabulary(SetIndex):
    """Suggests one thing, and knows in which notes the words of it stand."""

    def __init__(self, suggestion: str, **words: str) -> None:
        super().__init__(suggestion=suggestion)
        self.words = words

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        self.queries.append((query, limit, offset))
        paths = self.words.get(query.strip('"'), "").split()
        hits = tuple(hit(path.partition("?")[0]) for path in paths)
        hits = tuple(
            replace(each, by="inside") if "?" in path else each
            for each, path in zip(hits, paths, strict=True)
        )
        some = hits[offset : offset + limit]
        return Hits(len(hits), 1.0, "exact", some, suggestion=self.found.suggestion)


@pytest.mark.parametrize(
    ("private_word", "expected"),
    [
        ("Tagged.md", ""),
        ("Tagged.md Lamp.md?", ""),  # it stands within another word there
        ("Lamp.md", "quokkaville lamp"),
        (" ".join(["Tagged.md"] * 120 + ["Lamp.md"]), "quokkaville lamp"),
        (" ".join(["Tagged.md"] * 120), ""),
        ("", ""),
    ],
)
async def test_each_word_of_a_suggestion_stands_where_it_may_be_shown(
    private_word: str, expected: str
) -> None:
    found = guard()
    index = Vocabulary("quokkaville lamp", quokkaville=private_word, lamp="Lamp.md")
    index.words["quokkavile lamp"] = index.words["quokkaville lamp"] = "Lamp.md"
    found._ports = replace(found._ports, index=index)
    assert (await found.ports().index.search("quokkavile lamp")).suggestion == expected
    assert not found.withheld  # nobody asked for the notes with the other word


async def test_a_skill_that_writes_sees_all_files_but_quotes_none() -> None:
    found = guard(one=skill(Capability.CHANGE))
    ports = found.ports()
    assert "Journal/day.md" in await ports.vault.notes()
    data = await ports.vault.read("Journal/day.md")
    assert data == FILES["Journal/day.md"]
    said = Reply("Changed: a line nobody else may read", (Button("x", "y"),), markdown=True)
    reply = await found.clean(said, "", "en")
    assert "nobody" not in reply.text
    assert reply.buttons == ()
    own = await found.clean(said, "add: a line nobody else may read", "en")
    assert "nobody" in own.text  # the owner wrote it there


async def test_names_are_left_out_of_replies_from_afar() -> None:
    found = guard(one=skill(Capability.ADD))
    states = EffectState.DONE
    found.made = [Effect(1, 1, 1, "telegram:42", "edit", "Tagged.md", states, "a", "b")]
    text = "Tagged: Saved: Tagged.md and Journal/some new day.md, line 4"
    reply = await found.clean(Reply(text, (Button("Journal/day.md", "x"),)), "", "en")
    assert reply.text == "a private note: Saved: a private note and a private note"
    assert reply.buttons[0].label == "a private note"
    at_home = guard("console", skill(Capability.ADD))
    assert (await at_home.clean(Reply(text), "", "en")).text == text


async def test_how_many_were_left_out_is_said() -> None:
    found = guard()
    await found.ports().vault.read("Tagged.md")
    assert (await found.clean(Reply("None."), "", "en")).text == "None.\n\nLeft out: 1 private"
    assert (await found.clean(Reply(reaction="👍"), "", "en")).text == ""


async def test_no_model_is_asked_once_something_private_was_read() -> None:
    at_home = guard("console", skill(), model=ScriptedModel("hello"))
    ports = at_home.ports()
    assert await ports.vault.read("Tagged.md") is not None
    with pytest.raises(ModelUnavailable, match="private"):
        await ports.model.chat([Turn("user", "x")])
    thinking = guard("console", skill(lane=Lane.MODEL), model=ScriptedModel("hello"))
    ports = thinking.ports()
    assert await ports.vault.read("Tagged.md") is None
    assert (await ports.model.chat([Turn("user", "x")])).text == "hello"


async def test_at_home_nothing_is_hidden_from_the_owner() -> None:
    found = guard("console", None, "Tagged.md")
    ports = found.ports()
    assert len(await ports.notes.todos()) == 2
    assert [each.path for each in (await ports.index.search("x")).hits] == ["Tagged.md"]
    assert found.withheld == set()


async def test_a_private_alarm_rings_without_words() -> None:
    found = guard()
    masked = MaskedNotes(found, found._ports.notes, "a private note")
    todos = await masked.todos()
    assert sorted(todo.description for todo in todos) == ["a private note", "bulb"]
    assert "secret" not in repr(todos)
