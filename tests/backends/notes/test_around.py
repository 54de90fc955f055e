"""Mentions and neighbourhoods: from the tables as from the files."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.backends.notes import NotesSettings, SqliteNotes
from octopus.core.graph import ConflictCopy, Mention, Neighbour, Neighbourhood
from tests.fakes.notes import FakeNotes
from tests.fakes.ports import FakeVault

QUIET = NotesSettings(debounce=3600.0)


@pytest.fixture
async def notes(tmp_path: Path) -> AsyncIterator[SqliteNotes]:
    (tmp_path / "vault").mkdir()
    found = SqliteNotes(tmp_path / "vault", tmp_path / "notes.db", QUIET)
    yield found
    await found.close()


async def fill(notes: SqliteNotes, files: dict[str, str]) -> SqliteNotes:
    for path, text in files.items():
        (notes._root / path).parent.mkdir(parents=True, exist_ok=True)
        (notes._root / path).write_bytes(text.encode())
    await notes.open()
    return notes


async def test_a_name_is_found_wherever_nobody_linked_it(notes: SqliteNotes) -> None:
    await fill(
        notes,
        {
            "Heat pump.md": "---\naliases: [WP, boiler]\n---\nthe heat pump itself\n",
            "a.md": "# On the HEAT\tPUMP\n\nOur [[heat pump]] and a wp, twp, `heat pump`.\n",
            "b.md": "---\ntitle: heat pump\n---\n%% heat pump %% Boiler\r\nnot boilers\r\n",
            "c.md": "heat\npump over two lines\n",
            "d.md": "```\nheat pump\n```\nhttps://x.y/boiler #boiler\n",
            "Old/e.md": "boiler\n",
            ".obsidian/app.json": json.dumps({"userIgnoreFilters": ["Old/"]}),
        },
    )
    assert await notes.mentions("Heat pump.md") == [
        Mention("a.md", 1, "HEAT\tPUMP", "# On the HEAT PUMP"),
        Mention("a.md", 3, "wp", "Our [[heat pump]] and a wp, twp, `heat pump`."),
        Mention("b.md", 4, "Boiler", "Boiler"),
        Mention("c.md", 1, "heat\npump", "heat pump over two lines"),
    ]
    assert await notes.mentions("none.md") == await notes.mentions("a.md") == []
    assert len(await notes.mentions("Heat pump.md", 2)) == 2


async def test_names_in_scripts_without_spaces(notes: SqliteNotes) -> None:
    await fill(
        notes,
        {
            "東京.md": "",
            "a.md": "明日は東京へ行く",
            "Straße.md": "",
            "b.md": "die STRASSE, die straße",
        },
    )
    assert [each.name for each in await notes.mentions("東京.md")] == ["東京"]
    assert [each.name for each in await notes.mentions("Straße.md")] == ["straße"]


async def test_a_long_line_is_cut_around_the_place(notes: SqliteNotes) -> None:
    await fill(notes, {"Lamp.md": "", "a.md": "word " * 100 + "lamp" + " word" * 100})
    (found,) = await notes.mentions("Lamp.md")
    assert "lamp" in found.text
    assert found.text[0] == found.text[-1] == "…"
    assert len(found.text) <= 202


WORDS = st.sampled_from(
    [
        "Lamp",
        "lamp",
        "LAMPS",
        "Blue  lamp",
        "[[Lamp]]",
        "`lamp`",
        "ünder",
        "Ünder",
        "東京",
        "#lamp",
        "x",
        "\n",
    ]
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=6), min_size=1, max_size=4))
def test_mentions_are_those_of_a_look_through_all_notes(texts: list[list[str]]) -> None:
    files = {f"n{number}.md": " ".join(words) for number, words in enumerate(texts)}
    files |= {"Lamp.md": "---\naliases: [blue lamp, Under]\n---\n", "Ünder.md": "", "東京.md": "東"}

    async def compare(root: Path) -> None:
        notes = await fill(SqliteNotes(root / "vault", root / "notes.db", QUIET), files)
        fake = FakeNotes(FakeVault({path: text.encode() for path, text in files.items()}))
        for path in ("Lamp.md", "Ünder.md", "東京.md"):
            found = [(m.source, m.line, m.name) for m in await notes.mentions(path)]
            assert found == [(m.source, m.line, m.name) for m in await fake.mentions(path)]
        await notes.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder)))


AROUND = {
    "Home.md": "[[Lamp]] [[Nowhere]] [[Home]] [[Lamp]]",
    "Lamp.md": "[[Bulb]] ![[pic.png]]",
    "Bulb.md": "[[Lamp]] [[Far]]",
    "Far.md": "[[Farther]]",
    "Farther.md": "",
    "In.md": "[[Home]]",
    "Alone.md": "",
    "pic.png": "x",
}


async def test_what_is_around_a_note(notes: SqliteNotes) -> None:
    await fill(notes, AROUND)
    assert await notes.neighbourhood("Home.md", 1) == Neighbourhood(
        nodes=(
            Neighbour("Home.md", 0),
            Neighbour("Nowhere", 1, exists=False),
            Neighbour("In.md", 1),
            Neighbour("Lamp.md", 1),
        ),
        edges=((0, 1), (0, 3), (2, 0)),
    )
    two = await notes.neighbourhood("Home.md")
    assert [(each.path, each.distance) for each in two.nodes[4:]] == [
        ("Bulb.md", 2),
        ("pic.png", 2),
    ]
    assert (two.edges, two.left_out) == (((0, 1), (0, 3), (2, 0), (3, 4), (3, 5), (4, 3)), 0)
    assert (await notes.neighbourhood("Alone.md")).nodes == (Neighbour("Alone.md", 0),)


async def test_the_nearest_and_best_linked_are_kept_where_not_all_fit(notes: SqliteNotes) -> None:
    files = {f"n{number:03}.md": "[[Hub]]" for number in range(300)}
    files |= {
        "Hub.md": "[[none such]]",
        "busy.md": "[[Hub]] " + "[[n001]] " * 3,
        "far.md": "[[busy]]",
    }
    await fill(notes, files)
    found = await notes.neighbourhood("Hub.md", most=20)
    assert len(found.nodes) == 20
    names = [each.path for each in found.nodes]
    assert {"busy.md", "n001.md"} <= set(names)
    assert "far.md" not in names
    assert found.left_out == 284
    assert await notes.neighbourhood("Hub.md", most=20) == found


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 8), max_size=3), min_size=1, max_size=8), st.integers(1, 3))
def test_neighbourhoods_are_those_of_the_graph(links: list[list[int]], depth: int) -> None:
    files = {
        f"n{number}.md": " ".join(f"[[n{to}]]" for to in targets)
        for number, targets in enumerate(links)
    }

    async def compare(root: Path) -> None:
        notes = await fill(SqliteNotes(root / "vault", root / "notes.db", QUIET), files)
        fake = FakeNotes(FakeVault({path: text.encode() for path, text in files.items()}))
        found = await notes.neighbourhood("n0.md", depth)
        wanted = await fake.neighbourhood("n0.md", depth)
        assert _named(found) == _named(wanted)
        await notes.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder)))


def _named(found: Neighbourhood) -> tuple[set[Neighbour], set[tuple[str, str]]]:
    names = [each.path for each in found.nodes]
    return set(found.nodes), {(names[source], names[target]) for source, target in found.edges}


async def test_conflict_copies_are_listed_and_icloud_is_only_suspected(notes: SqliteNotes) -> None:
    await fill(
        notes,
        {
            "Plan.md": "one\ntwo\nthree\n",
            "Plan 2.md": "one\ntwo\nfour\n",
            "Journal.md": "first\n",
            "Journal 2.md": "second\n",
            "pic.png": "x",
            "Plan (Conflicted copy Phone 202611200930).md": "one\n",
            "a/Plan.sync-conflict-20261120-093000-ABCDEFG.md": "one\n",
        },
    )
    assert await notes.conflicts() == [
        ConflictCopy("Plan (Conflicted copy Phone 202611200930).md", "Plan.md", "Obsidian Sync"),
        ConflictCopy("a/Plan.sync-conflict-20261120-093000-ABCDEFG.md", "a/Plan.md", "Syncthing"),
        ConflictCopy("Plan 2.md", "Plan.md", "iCloud?", certain=False),
    ]
    assert "Plan 2.md" in await notes.files()
