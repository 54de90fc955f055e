"""A word of a search is found within other words, a phrase from the middle of one to another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from octopus.backends.whoosh.analysis import LONGEST_TERM, Pieces, fold, pieces
from octopus.backends.whoosh.engine import Engine
from octopus.backends.whoosh.letters import FEW
from octopus.backends.whoosh.slow import SlowSearch

from .conftest import Opener, found, write

CORN = {
    "corn.md": "corn grows\n",
    "Acorns.md": "nothing else\n",
    "Deep/Farm.md": "# Field\n\nthe zebracorn of foo_bar, in C++ (tea-time)\n",
    "Deep/Plot.md": "rye here\n",
    "Plain.md": "wheat and rye, tea time\n",
}


@pytest.fixture
def engine(opened: Opener, vault: Path) -> Engine:
    for path, text in CORN.items():
        write(vault, path, text)
    return opened()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("corn", {"corn.md", "Acorns.md", "Deep/Farm.md"}),
        ("zebrac", {"Deep/Farm.md"}),
        ("BRACOR", {"Deep/Farm.md"}),
        ("acor wheat", set()),
        ("corn -zebra", {"corn.md", "Acorns.md"}),
        ("corn -bracor -acorn", {"corn.md"}),
        ("wheat -corn", {"Plain.md"}),
        ("wheat -hea", set()),
        ("e -(a OR corn)", {"Deep/Plot.md", "Files/photo of roof.jpg"}),
        ("(zebrac OR hea) -rye -pump", {"Deep/Farm.md"}),
        ('"corn of f"', {"Deep/Farm.md"}),
        ('"bracorn of foo_"', {"Deep/Farm.md"}),
        ("o_ba", {"Deep/Farm.md"}),
        ("c++", {"Deep/Farm.md"}),
        ("(tea-", {"Deep/Farm.md"}),
        ("a-ti", {"Deep/Farm.md"}),
        ('"ea ti"', {"Plain.md"}),
        ("p/far", {"Deep/Farm.md"}),
        ("ep/fa -corn", set()),
        ("deep/farm", {"Deep/Farm.md"}),
        ("file:arm", {"Deep/Farm.md"}),
        ("path:ep/f", {"Deep/Farm.md"}),
        ("content:corn", {"corn.md", "Deep/Farm.md"}),
        ("content:acorn", {"Deep/Farm.md"}),
        ("line:(bracor c++)", {"Deep/Farm.md"}),
        ("section:(iel racorn)", {"Deep/Farm.md"}),
        ("match-case:ebra", {"Deep/Farm.md"}),
        ("match-case:Ebra", set()),
    ],
)
def test_letters_are_found_wherever_they_stand(
    engine: Engine, query: str, expected: set[str]
) -> None:
    hits = engine.search(query, 100, 0)
    there = {hit.path for hit in hits.hits}
    assert hits.total == len(there)
    assert expected <= there
    # Other spellings may be found besides, but not as what the query means.
    assert there == expected or hits.stage not in {"exact", "inside"}


def test_whole_words_come_first_and_the_others_say_so(engine: Engine) -> None:
    hits = engine.search("corn", 100, 0)
    assert next((hit.path, hit.by) for hit in hits.hits) == ("corn.md", "")
    others = {hit.path: hit.by for hit in hits.hits[1:]}
    assert others == {"Acorns.md": "inside", "Deep/Farm.md": "inside"}
    assert hits.stage == "exact"
    assert engine.search("zebrac", 10, 0).stage == "inside"
    assert {hit.by for hit in engine.search("corn sort:name", 10, 0).hits} == {"", "inside"}


def test_notes_are_in_one_order_whatever_holds_the_word(engine: Engine) -> None:
    assert found(engine, "corn sort:name") == ["Acorns.md", "corn.md", "Deep/Farm.md"]


def test_the_place_is_that_of_the_letters(engine: Engine) -> None:
    (hit,) = engine.search("bracor", 10, 0).hits
    assert (hit.line, hit.heading) == (3, "Field")
    assert "zebracorn" in hit.snippet


def test_others_are_looked_for_only_where_there_is_room(engine: Engine, vault: Path) -> None:
    for number in range(4):
        write(vault, f"More {number}.md", "corn again")
    engine.follow({""})
    assert engine.search("corn", 3, 0).total == 5  # there are enough without them
    assert engine.search("corn", 5, 0).total == 7  # the last page of those: go on
    pages = [engine.search("corn", 3, at).hits for at in (0, 3, 6)]
    assert len({hit.path for page in pages for hit in page}) == 7


def test_explained(engine: Engine) -> None:
    told = engine.explain("corn", "Deep/Farm.md")
    assert (told.found, told.stage, told.rank, told.total) == (True, "inside", told.rank, 2)
    assert told.rank in {1, 2}
    assert "corn: only inside a word: zebracorn" in told.reasons
    told = engine.explain("corn -zebra", "Deep/Farm.md")
    assert not told.found
    assert "  no  not the word “zebra”" in told.reasons
    told = engine.explain('"ea-ti"', "Deep/Farm.md")
    assert (told.stage, told.reasons[2]) == ("inside", "ea-ti: letter for letter")
    assert engine.explain('"tea-time"', "Deep/Farm.md").stage == "exact"
    assert engine.explain('"tea-time"', "Plain.md").stage == "stemmed"


def test_a_phrase_with_other_signs_between_is_found_when_there_is_no_such(engine: Engine) -> None:
    assert found(engine, '"tea time"') == ["Plain.md"]
    hits = engine.search('"tea.time"', 10, 0)
    assert hits.stage == "stemmed"
    assert {hit.path for hit in hits.hits} == {"Plain.md", "Deep/Farm.md"}


def test_signs_alone_are_looked_for(engine: Engine, vault: Path) -> None:
    write(vault, "Signs.md", "a → b ;;; c")
    engine.follow({"Signs.md"})
    assert found(engine, ";;;") == ["Signs.md"]
    assert found(engine, "→") == ["Signs.md"]
    assert "Signs.md" not in found(engine, "-;;")
    assert engine.search("c ;;", 1, 0).hits[0].path == "Signs.md"


def test_words_longer_than_a_term_are_found_from_anywhere(engine: Engine, vault: Path) -> None:
    data = "".join(f"{number:03}q" for number in range(60))
    write(vault, "Data.md", f"before {data} after")
    write(vault, "Other.md", f"before {data[:100]} after")
    engine.follow({""})
    assert found(engine, data[50:70]) == ["Data.md", "Other.md"]
    assert set(found(engine, data[55:130])) == {"Data.md"}
    assert found(engine, data[100:200]) == ["Data.md"]
    assert found(engine, f'"{data[-70:]} aft"') == ["Data.md"]
    assert "Data.md" not in found(engine, f"before -{data[55:65]}")


def test_many_notes_with_the_letters_and_few_without(engine: Engine, vault: Path) -> None:
    for number in range(8 * FEW):
        write(vault, f"N{number}.md", f"x{number}yy " * (number % 9 != 0) + f"z{number}z")
    engine.follow({""})
    without = {f"N{number}.md" for number in range(0, 8 * FEW, 9)}
    assert set(found(engine, "file:/^N/ -yy")) == without
    assert engine.search("yy", 5, 0).total > 5
    assert engine.search("yy", 500, 0).total == 8 * FEW - len(without)


def test_deleted_and_changed_notes_do_not_come_back(engine: Engine, vault: Path) -> None:
    write(vault, "Deep/Farm.md", "only rye")
    (vault / "Acorns.md").unlink()
    engine.follow({"Deep/Farm.md", "Acorns.md"})
    assert found(engine, "corn") == ["corn.md"]
    assert found(engine, '"nly ry"') == ["Deep/Farm.md"]


def test_files_are_searched_by_letters_while_there_is_no_index(vault: Path) -> None:
    write(vault, "Farm.md", "the zebracorn")
    slow = SlowSearch(vault, lambda path: False)
    (hit,) = slow.search("corn", 10, 0).hits
    assert (hit.path, hit.line) == ("Farm.md", 1)
    assert "zebracorn" in hit.snippet


@pytest.mark.parametrize(
    ("text", "parts", "certain"),
    [
        ("corn", ("corn",), True),
        ("Korn", ("korn",), True),
        ("c++", ("c\n",), False),
        ("foo_bar", ("foo\n", "\nbar"), False),
        ("a b c", ("a\n", "\nb\n", "\nc"), False),
        ("東京", ("\n東京\n",), True),
        ("東京都", ("\n東京\n", "\n京都\n"), False),
        ("猫", ("猫",), True),
        ("a猫", ("a\n", "\n猫"), False),
        ("☀", ("\n☀\n",), True),
        ("—", (), False),
        ("x" * (LONGEST_TERM + 1), ("",), False),
        (" " + "x" * (LONGEST_TERM + 1), ("\n" + "x" * LONGEST_TERM + "\n",), False),
        ("ि", (), False),
        ("कि", ("कि",), True),
    ],
)
def test_what_a_text_must_have(text: str, parts: tuple[str, ...], certain: bool) -> None:
    assert pieces(fold(text)) == Pieces(parts, certain)
