"""The line that a hit points at: that which answers the query."""

from __future__ import annotations

from pathlib import Path

import pytest

from octopus.backends.whoosh.engine import Engine

from .conftest import Opener, write

FILLER = 200
NOTE = "\n".join(
    [
        "bar intro",
        "foo intro with star",
        *(f"filler {n}" for n in range(FILLER)),
        "",
        "## Sec B",
        "the foo bar here",
        "- [ ] foo open",
        "STAR shout",
        "write to foo@bar.com now",
        "",
    ]
)
OTHER = (
    "---\ntopic: rose\nstatus: Draft\ntags:\n  - garden\n---\n"
    "# Plan\n\nrosemary and thyme #herbs\n\n"
    "## One\n\nthe rose\n\n## Two\n\nred\nblue\nrose\n\n"
    "- [x] buy red paint\n- [ ] buy red roses\n\nno buy\n\nЁлка стоит\n\nЁлка и Straße ROT\n"
)


@pytest.fixture
def engine(opened: Opener, vault: Path) -> Engine:
    write(vault, "n.md", NOTE)
    write(vault, "other.md", OTHER)
    return opened()


def place(engine: Engine, query: str, path: str) -> tuple[int, str, str]:
    (hit,) = [hit for hit in engine.search(query, 10, 0).hits if hit.path == path]
    return hit.line, hit.heading, hit.snippet


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ('"foo bar"', 205),
        ('file:n "foo bar"', 205),
        ('-zzz "foo bar"', 205),
        ('"OO BA"', 205),
        ("line:(foo bar)", 205),
        ("section:(foo shout)", 205),
        ("block:(bar shout)", 207),
        ("foo bar", 205),
        ("foo -nothing bar", 205),
        ("task-todo:foo", 206),
        ("task:foo", 206),
        ("match-case:STAR", 207),
        ("match-case:star", 2),
        (r"/shou\w/", 207),
        (r"line:/shou\w/", 207),
        (r"content:/shou\w/", 207),
        (r"match-case:/S\w+R/", 207),
        (r"foo /\w@\w/", 208),
        (r"-/zzz/ shout", 207),
        ("foo@bar.com", 208),
        ("star", 2),
        ("sta*", 2),
        ("shouts", 207),
        ('"foo-bar"', 205),
    ],
)
def test_the_line_that_answers(engine: Engine, query: str, line: int) -> None:
    found = place(engine, query, "n.md")
    assert found[:2] == (line, "Sec B" if line > FILLER else "")
    assert found[2].startswith(NOTE.split("\n")[line - 1].removeprefix("- [ ] "))


@pytest.mark.parametrize(
    ("query", "line", "heading"),
    [
        ("[status:Draft]", 3, ""),
        ("[Status]", 3, ""),
        ("[status:/dra/]", 3, ""),
        ("[status:Draft] thyme", 9, "Plan"),
        ("tag:herbs", 9, "Plan"),
        ("tag:garden", 4, ""),
        ("rose", 13, "One"),  # not a part of rosemary, nor the property
        ("rose blue", 18, "Two"),  # the lines around hold both
        ("task-done:red", 21, "Two"),
        ("task-todo:red", 22, "Two"),
        ("task:red", 21, "Two"),
        ("task:(red -paint)", 22, "Two"),
        ("line:(buy -red)", 24, "Two"),
        ("елка", 26, "Two"),
        ("елка strasse", 28, "Two"),
        ("match-case:ROT", 28, "Two"),
        ("thyme OR (paint red)", 21, "Two"),
    ],
)
def test_the_place_that_fulfils_the_query(
    engine: Engine, query: str, line: int, heading: str
) -> None:
    assert place(engine, query, "other.md")[:2] == (line, heading)


def test_a_page_of_matches_of_an_expression_has_its_lines(engine: Engine, vault: Path) -> None:
    for number in range(12):
        write(vault, f"p{number}.md", "\n" * number + "## Head\n\nx zq1 zq2\n")
    engine.follow({""})
    hits = engine.search(r"/zq\d/", 12, 0).hits
    assert {hit.path: (hit.line, hit.heading, hit.snippet) for hit in hits} == {
        f"p{number}.md": (number + 3, "Head", "x zq1 zq2") for number in range(12)
    }
    second = engine.search(r"/zq\d/", 6, 6).hits
    assert [(hit.path, hit.line) for hit in second] == [(hit.path, hit.line) for hit in hits[6:]]


def test_the_snippet_shows_the_match_within_a_long_line(engine: Engine, vault: Path) -> None:
    write(vault, "long.md", "foo1 " + "word " * 300 + "bar1 foo1 " + "wörd " * 300)
    engine.follow({"long.md"})
    assert "bar1 foo1" in place(engine, "foo1 bar1", "long.md")[2]
    assert "bar1 foo1" in place(engine, '"bar1 foo1"', "long.md")[2]
    assert "bar1 foo1" in place(engine, "/1 foo1/", "long.md")[2]
