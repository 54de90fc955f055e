"""What stands together where, decided on the text of a note."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.check import date_holds, holds, name_holds, property_holds
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.texts import Source
from octopus.obsidian.query import parse
from octopus.obsidian.query_node import Date, Node, Property

TODAY = date(2026, 11, 20)
NOON = round(datetime(2026, 11, 20, 12).timestamp()) * 10**9  # noqa: DTZ001 - of this machine's day

NOTE = """\
---
status: Draft
rating: 4.5
tags: [home, work/now]
aliases:
due: 2026-12-01
done: false
list: [one, two words, 3]
---
Before any heading #first
second line of it

# Flour and water

mix the Flour
with water #bread/rye

- [ ] buy salt #shop
- [x] buy sugar
  more about sugar
- item three

> quoted words
> go on

## Oven

bake it hot
```
code #notag
# not a heading

still code
```
after code

Setext heading
==============

last words
"""


def root(text: str) -> Node:
    node = parse(text, TODAY).root
    assert node is not None
    return node


def answers(query: str, text: str = NOTE, path: str = "Food/Bread recipe.md") -> bool:
    source = Source(path, text, Stamp(NOON, len(text)))
    return holds(root(query), source, lambda term, prefix: [term], Analyzer())


@pytest.mark.parametrize(
    "query",
    [
        "flour",
        "bread recipe",
        "food",
        '"before any heading"',
        '"the flour"',
        '"he flour\nwith wat"',
        "our",
        "our OR nothing",
        "-line:(mixt)",
        "section:(lour hree)",
        "task:(alt)",
        "match-case:lour",
        "-match-case:LOUR",
        "[status:raf]",
        '[list:"o wor"]',
        "status draft",
        "nothing OR flour",
        "-nothing",
        "-(nothing flour)",
        "content:flour",
        "content:(draft -recipe)",
        "line:(mix flour)",
        "line:(item three)",
        "-line:(mix water)",
        "line:-flour",
        "block:(mix water)",
        "block:(quoted go)",
        "block:(code still)",
        "-block:(hot code)",
        "-block:(still after)",
        "-block:(salt sugar)",
        "block:(buy more)",
        "-block:(heading last)",
        "block:(rating due)",
        "-block:(due before)",
        "section:(flour three)",
        "section:(before second)",
        "section:(hot after)",
        "section:(setext last)",
        "-section:(flour hot)",
        "-section:(first flour)",
        "-section:(hot last)",
        "task:salt",
        "task:(buy sugar)",
        "task-todo:salt",
        "-task-todo:sugar",
        "task-done:sugar",
        "-task-done:salt",
        "-task:three",
        "-task:more",
        "task:#shop",
        "task-todo:tag:shop",
        "-task-done:#shop",
        "tag:home",
        "tag:#work",
        "tag:work/now",
        "tag:BREAD",
        "-tag:wor",
        "-tag:notag",
        "line:(water #bread)",
        "-line:(flour #bread)",
        "section:(#first second)",
        "-content:#home",  # a property, not written as a tag
        "match-case:Flour",
        "-match-case:FLOUR",
        "line:match-case:(mix Flour)",
        "-line:match-case:(mix flour)",
        "match-case:(Flour ignore-case:BREAD)",
        "file:bread",
        "file:cipe.md",
        "-file:food",
        "path:food/bread",
        "match-case:path:Food",
        "-match-case:path:food",
        "path:/^food/",
        "/mix the flour\\n/",
        "/^## \\w+$/",
        "-match-case:/^mix the flour/",
        "line:/^mix.*flour$/",
        "-line:/mix.*water/",
        "[status]",
        "[STATUS:draft]",
        "[rating:>4]",
        "-[rating:>=5]",
        "[aliases:null]",
        "-[status:null]",
        '[list:"two words"]',
        "[list:one OR nine]",
        "[list:(one two)]",
        "[list:>2]",
        "[due:<2027-01-01]",
        "[done:false]",
        "-[missing]",
        "[status:-published]",
        "[status:/^dr/]",
        "modified:today",
        "-modified:<2026-11-20",
    ],
)
def test_holds(query: str) -> None:
    assert answers(query)
    assert not answers(f"-({query})")


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("", "line:-x", False),
        ("\n\n", "section:-x", False),
        ("x", "section:x", True),
        ("# a\nx\n# b\ny", "section:(a x) section:(b y)", True),
        ("a\n\n\n\nb", "block:(a b)", False),
        ("- a\n- b", "block:(a b)", False),
        ("1. a\n   b", "block:(a b)", True),
        ("a\n# h\nb", "block:(a h)", False),
        ("a\n# h\nb", "block:(h b)", False),
        ("---\nk: v\n---\nbody", "block:(v body)", False),
        ("text\n```\ncode\n```", "block:(text code)", False),
        ("- [ ] a\r\n- [x] b\r\n", "task-todo:a -task-todo:b", True),
        ("```\n- [ ] a\n```", "task:a", False),
        ("> - [ ] a", "task:a", True),
        ("- [-] a", "task-done:a", True),
        ("x" * 100_000 + " needle", "line:needle", True),
    ],
)
def test_shapes_of_notes(text: str, query: str, expected: bool) -> None:
    assert answers(query, text.replace("\r\n", " \n")) is expected


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("2026-11-18.md", "daily:2026-11-18", True),
        ("2026-11-18.md", "daily:this week", True),
        ("2026-11-18.md", "daily:last week", False),
        ("Note.md", "daily:today", False),
        ("2026-11-18 x.md", "created:2026-11-18", True),
        ("Note.md", "created:today", True),
    ],
)
def test_days_of_a_note(path: str, query: str, expected: bool) -> None:
    assert answers(query, "text", path) is expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"created": "2020-05-04"}, True),
        ({"Created": "2020-05-04T12:00:00"}, True),
        ({"date": "2020-05-04"}, True),
        ({"date created": "2020-05-04 12:00"}, True),
        ({"created": "May 2020"}, False),
        ({"created": 2020}, False),
        ({}, False),
    ],
)
def test_creation_is_a_property(properties: dict[str, object], expected: bool) -> None:
    node = root("created:2020-05-04")
    assert isinstance(node, Date)
    assert date_holds(node, "Note.md", properties, TODAY) is expected


@pytest.mark.parametrize(
    ("value", "query", "expected"),
    [
        (5, "[p:5]", True),
        (5, "[p:<10]", True),
        ("5 apples", "[p:apples]", True),
        ("5 apples", "[p:>4]", False),
        (None, "[p]", True),
        (None, "[p:x]", False),
        (None, "[p:-x]", True),
        ([], "[p]", True),
        ([], "[p:null]", False),
        ("", "[p:null]", False),
        ([[1, 2], "x"], "[p:2]", True),
        (True, "[p:true]", True),
        ("Café", "[p:cafe]", True),
        ("Cafe", "[p:match-case:cafe]", False),
        ("Cafe", "[p:match-case:Cafe]", True),
        ("#tag", "[p:#tag]", True),
        ({"a": "nested"}, "[p:nested]", True),
        ("b", "[p:>5]", False),
        ("B", "[p:<=b]", True),
    ],
)
def test_values_of_properties(value: object, query: str, expected: bool) -> None:
    node = root(query)
    assert isinstance(node, Property)
    assert property_holds(node, {"P": value}) is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("path:note", True),
        ("path:(fold note)", True),
        ("path:(fold OR x)", True),
        ("path:-x", True),
        ("path:#1", True),
        ("path:tag:1", True),
        ("path:ignore-case:FOLDER", True),
        ("path:match-case:FOLDER", False),
        ("path:task:note", True),
        ("path:[x]", False),
    ],
)
def test_names(query: str, expected: bool) -> None:
    node = root(query)
    assert name_holds(getattr(node, "part", node), "Folder/Note #1.md") is expected
