"""Why a note is found or not, and which notes are like it."""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from octopus.backends.whoosh.engine import Engine
from octopus.core.search import Hits
from octopus.errors import NotFound

from .conftest import TODAY, Opener, found, write


@pytest.fixture
def engine(opened: Opener, vault: Path) -> Engine:
    write(vault, "Pumps.md", "pumps and valves\n")
    return opened()


def test_found_at_once(engine: Engine) -> None:
    told = engine.explain("pump night", "Heat pump.md")
    assert (told.path, told.found, told.stage) == ("Heat pump.md", True, "exact")
    assert (told.rank, told.total) == (1, 1)
    assert told.reasons[:2] == ("pump: pump", "night: night")


def test_found_by_another_form(engine: Engine) -> None:
    told = engine.explain("pump valves", "Pumps.md")
    assert told.reasons[0] == "exact: no"
    assert "  no  the word “pump”" in told.reasons
    assert "  yes the word “valves”" in told.reasons
    assert (told.found, told.stage, told.rank, told.total) == (True, "stemmed", 1, 1)
    assert "pump: pumps" in told.reasons


def test_not_found(engine: Engine) -> None:
    told = engine.explain('zeppelin -tag:house "at night" line:(hums plumber)', "Heat pump.md")
    assert told.reasons[0] == "exact: no"
    assert "  no  not the tag #house" in told.reasons
    assert "  yes phrase at night" in told.reasons
    assert "  no  line: the word “hums” and the word “plumber”" in told.reasons
    assert (told.found, told.stage, told.rank, told.total) == (False, "", 0, 0)


@pytest.mark.parametrize("name", ["Heat pump.md", "Heat pump", "heat PUMP"])
def test_a_note_goes_by_its_path_or_its_title(engine: Engine, name: str) -> None:
    assert engine.explain("hums", name).path == "Heat pump.md"
    assert engine.explain("hums", name).found


def test_the_path_itself_is_meant_before_a_title(engine: Engine, vault: Path) -> None:
    write(vault, "A/Pumps.md", "nothing here")
    engine.follow({"A/Pumps.md"})
    assert engine.explain("valves", "Pumps").path == "Pumps.md"
    assert engine.explain("valves", "pumps").path == "A/Pumps.md"  # two: the first by its path


def test_what_the_place_comes_from(engine: Engine, vault: Path) -> None:
    write(vault, "Linking.md", "see [[Heat pump]]")
    engine.follow({"Linking.md"})
    told = engine.explain("heat pump", "Heat pump.md")
    (words,) = [line for line in told.reasons if line.startswith("its words are worth ")]
    (name,) = [line for line in told.reasons if line.startswith("its title or alias adds ")]
    (hit,) = [h for h in engine.search("heat pump", 5, 0).hits if h.path == "Heat pump.md"]
    earned = float(words.split()[-1]) + float(name.split()[-1])
    assert earned <= hit.score <= earned * 1.3
    assert any("1 notes link to its name: +1.5%" in line for line in told.reasons)
    assert any(line.startswith("changed ") for line in told.reasons)


@pytest.mark.parametrize(
    ("days", "told"),
    [(0, "changed today: "), (1, "changed 1 day ago: "), (2, "changed 2 days ago: ")],
)
@pytest.mark.parametrize("hour", [1, 23])
def test_the_day_of_the_last_change(
    engine: Engine, vault: Path, days: int, told: str, hour: int
) -> None:
    moment = datetime.combine(TODAY, time(hour)) - timedelta(days=days)
    write(vault, "Fresh.md", "zymurgy")
    os.utime(vault / "Fresh.md", (moment.timestamp(), moment.timestamp()))
    engine.follow({"Fresh.md"})
    assert any(line.startswith(told) for line in engine.explain("zymurgy", "Fresh.md").reasons)


def test_ranks_are_those_of_the_list(engine: Engine, vault: Path) -> None:
    for number in range(30):
        write(vault, f"N{number}.md", "zymurgy " * (number % 7 + 1) + "beer " * number)
    engine.follow({""})
    hits = engine.search("zymurgy", 100, 0).hits
    assert len(hits) == 30
    for place, hit in enumerate(hits, 1):
        assert engine.explain("zymurgy", hit.path).rank == place


def test_not_in_the_index(engine: Engine, vault: Path) -> None:
    assert engine.explain("pump", "Missing.md").reasons == ("Missing.md is not in the index",)
    write(vault, "Pump (conflicted copy).md", "pump")
    engine.follow({""})
    told = engine.explain("pump", "Pump (conflicted copy).md")
    assert not told.found
    (line,) = told.reasons
    assert "conflict copy" in line


def test_nothing_asked(engine: Engine) -> None:
    assert engine.explain(" ", "Pumps.md").reasons == ("the query asks for nothing",)


def test_what_was_not_understood_is_said(engine: Engine) -> None:
    assert "not an operator" in engine.explain("subject:x", "Pumps.md").reasons[0]


def paths(hits: Hits) -> list[str]:
    return [hit.path for hit in hits.hits]


def test_similar_notes(engine: Engine, vault: Path) -> None:
    write(vault, "Bread.md", "sourdough starter flour oven crust the and with")
    write(vault, "Rye.md", "rye sourdough flour and the long rest")
    write(vault, "Pizza.md", "pizza oven flour and the stone")
    for number in range(20):
        write(vault, f"Other {number}.md", f"the and with something number{number}")
    engine.follow({""})
    found = engine.similar("Bread.md", 2)
    assert set(paths(found)) == {"Rye.md", "Pizza.md"}
    assert (found.stage, found.total) == ("similar", 2)
    assert all("flour" in hit.snippet for hit in found.hits)
    assert paths(engine.similar("bread", 2)) == paths(found)
    assert "Bread.md" not in paths(engine.similar("Bread.md", 50))


def test_a_note_that_is_not_there_is_like_none(engine: Engine) -> None:
    with pytest.raises(NotFound, match=r"Missing\.md"):
        engine.similar("Missing.md", 3)


def test_a_note_that_is_gone_by_now_is_like_none(engine: Engine, vault: Path) -> None:
    (vault / "Pumps.md").unlink()
    assert engine.similar("Pumps.md", 3).hits == ()


def test_note_like_no_other(engine: Engine, vault: Path) -> None:
    write(vault, "Alone.md", "qwertz uiopü")
    engine.follow({"Alone.md"})
    assert engine.similar("Alone.md", 5).hits == ()


def test_several_words_written_as_one_are_found_one_by_one(engine: Engine, vault: Path) -> None:
    write(vault, "Boat.md", "昨天下午我们修理了旧木船")
    engine.follow({"Boat.md"})
    hits = engine.search("木船昨天", 10, 0)
    assert [hit.path for hit in hits.hits] == ["Boat.md"]
    assert hits.stage == "any"
    assert set(found(engine, "valves-zeppelins")) == {"Board.canvas", "Pumps.md"}
