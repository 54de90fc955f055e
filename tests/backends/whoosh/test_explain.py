"""Why a note is found or not, and which notes are like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from octopus.backends.whoosh.engine import Engine

from .conftest import Opener, found, write


@pytest.fixture
def engine(opened: Opener, vault: Path) -> Engine:
    write(vault, "Pumps.md", "pumps and valves\n")
    return opened()


def test_found_at_once(engine: Engine) -> None:
    lines = engine.explain("pump night", "Heat pump.md")
    assert lines == ["exact: yes, 1 of 1", "pump: pump", "night: night"]


def test_found_by_another_form(engine: Engine) -> None:
    lines = engine.explain("pump valves", "Pumps.md")
    assert lines[0] == "exact: no"
    assert "  no  the word “pump”" in lines
    assert "  yes the word “valves”" in lines
    assert "stemmed: yes, 1 of 1" in lines
    assert "pump: pumps" in lines


def test_not_found(engine: Engine) -> None:
    lines = engine.explain('zeppelin -tag:house "at night" line:(hums plumber)', "Heat pump.md")
    assert lines[0] == "exact: no"
    assert "  no  not the tag #house" in lines
    assert "  yes phrase at night" in lines
    assert "  no  line: the word “hums” and the word “plumber”" in lines
    assert not any("yes," in line for line in lines)


def test_not_in_the_index(engine: Engine, vault: Path) -> None:
    assert engine.explain("pump", "Missing.md") == ["Missing.md is not in the index"]
    write(vault, "Pump (conflicted copy).md", "pump")
    engine.follow({""})
    (line,) = engine.explain("pump", "Pump (conflicted copy).md")
    assert "conflict copy" in line


def test_nothing_asked(engine: Engine) -> None:
    assert engine.explain(" ", "Pumps.md") == ["the query asks for nothing"]


def test_what_was_not_understood_is_said(engine: Engine) -> None:
    assert "not an operator" in engine.explain("subject:x", "Pumps.md")[0]


def test_similar_notes(engine: Engine, vault: Path) -> None:
    write(vault, "Bread.md", "sourdough starter flour oven crust the and with")
    write(vault, "Rye.md", "rye sourdough flour and the long rest")
    write(vault, "Pizza.md", "pizza oven flour and the stone")
    for number in range(20):
        write(vault, f"Other {number}.md", f"the and with something number{number}")
    engine.follow({""})
    assert set(engine.similar("Bread.md", 2)) == {"Rye.md", "Pizza.md"}
    assert engine.similar("Missing.md", 3) == []
    assert "Bread.md" not in engine.similar("Bread.md", 50)


def test_note_like_no_other(engine: Engine, vault: Path) -> None:
    write(vault, "Alone.md", "qwertz uiopü")
    engine.follow({"Alone.md"})
    assert engine.similar("Alone.md", 5) == []


def test_several_words_written_as_one_are_found_one_by_one(engine: Engine, vault: Path) -> None:
    write(vault, "Boat.md", "昨天下午我们修理了旧木船")
    engine.follow({"Boat.md"})
    hits = engine.search("木船昨天", 10, 0)
    assert [hit.path for hit in hits.hits] == ["Boat.md"]
    assert hits.stage == "any"
    assert set(found(engine, "valves-zeppelins")) == {"Board.canvas", "Pumps.md"}
