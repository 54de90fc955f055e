"""Headings, tasks, block ids, callouts, comments, inline fields and footnotes."""

from __future__ import annotations

import pytest

from octopus.obsidian.scan import scan

HEADINGS = [
    ("six levels", "# a\n## b\n###### f", [(1, "a"), (2, "b"), (6, "f")]),
    ("seven marks are none", "####### a", []),
    ("a space is needed", "#a", []),
    ("a tab will do", "#\ta", [(1, "a")]),
    ("closing marks go", "## a ##", [(2, "a")]),
    ("marks without a space stay", "## a#", [(2, "a#")]),
    ("raw text stays", "# [[x]] and #tag **b**", [(1, "[[x]] and #tag **b**")]),
    ("three spaces before", "   # a", [(1, "a")]),
    ("four spaces are code", "    # a", []),
    ("no blank line needed", "x\n# a\ny", [(1, "a")]),
    ("empty", "# \n#", [(1, ""), (1, "")]),
    ("underlined", "a\n===\n\nb\n---", [(1, "a"), (2, "b")]),
    ("underlined over two lines", "a\nb\n---", [(2, "a\nb")]),
    ("a line after a blank line is a rule", "a\n\n---", []),
    ("a line after a list is a rule", "- a\n---", []),
    ("not in a fence", "```\n# a\n```", []),
    ("not in a quote", "> # a", []),
    ("not in a list", "- # a\n- b\n  # c", []),
    ("not in a comment", "%%\n# a\n%%", []),
    ("not in math", "$$\n# a\n$$", []),
    ("not in HTML", "<div>\n# a\n</div>", []),
    ("after a list", "- a\n# b", [(1, "b")]),
    ("not in the properties", "---\n# a\nx: 1\n---\n# b", [(1, "b")]),
]


@pytest.mark.parametrize(
    ("text", "headings"), [case[1:] for case in HEADINGS], ids=[c[0] for c in HEADINGS]
)
def test_headings(text: str, headings: list[tuple[int, str]]) -> None:
    assert [(each.level, each.text) for each in scan(text).headings] == headings


def test_places_of_headings() -> None:
    text = "x\n\n## a\r\ny\nU\nV\n===\nz"
    first, second = scan(text).headings
    assert (first.line, text[first.offset : first.end]) == (3, "## a\r\n")
    assert (second.line, text[second.offset : second.end]) == (4, "y\nU\nV\n===\n")


# status and text of each task, parent line
TASKS = [
    ("open", "- [ ] a", [(" ", "a", None)]),
    ("done", "- [x] a\n- [X] b", [("x", "a", None), ("X", "b", None)]),
    (
        "any character",
        "- [/] a\n- [-] b\n- [日] c\n- [🔥] d",
        [("/", "a", None), ("-", "b", None), ("日", "c", None), ("🔥", "d", None)],
    ),
    (
        "all markers",
        "* [ ] a\n\n+ [ ] b\n\n1. [ ] c\n\n2) [ ] d",
        [(" ", each, None) for each in "abcd"],
    ),
    ("a space after the box is needed", "- [ ]a", []),
    ("a space after the marker is needed", "-[ ] a", []),
    ("an empty box is none", "- [] a", []),
    ("two characters are none", "- [xx] a", []),
    ("more space", "-   [ ]   a", [(" ", "a", None)]),
    ("no text", "- [ ] \n- [ ]", [(" ", "", None), (" ", "", None)]),
    (
        "nested by tabs",
        "- [ ] a\n\t- [x] b\n\t\t- [ ] c",
        [(" ", "a", None), ("x", "b", 1), (" ", "c", 2)],
    ),
    (
        "nested by spaces",
        "- [ ] a\n  - [ ] b\n- [ ] c",
        [(" ", "a", None), (" ", "b", 1), (" ", "c", None)],
    ),
    ("nested below a plain item", "- a\n  - [ ] b", [(" ", "b", 1)]),
    ("nested below a number", "10. a\n    - [ ] b\n   - [ ] c", [(" ", "b", 1), (" ", "c", None)]),
    ("a blank line between", "- a\n\n  - [ ] b", [(" ", "b", 1)]),
    ("in a quote", "> - [ ] a\n> - b\n>   - [ ] c", [(" ", "a", None), (" ", "c", 2)]),
    ("in a callout", "> [!todo] x\n> - [ ] a", [(" ", "a", None)]),
    ("in a quote in a quote", "> > - [ ] a", [(" ", "a", None)]),
    ("after a quote in a list item", "- a\n  > q\n  - [ ] b", [(" ", "b", 1)]),
    ("not in a fence", "```\n- [ ] a\n```", []),
    ("not in indented code", "x\n\n    - [ ] a", []),
    ("not in an HTML comment", "<!--\n- [ ] a\n-->", []),
    ("not in a block comment", "%%\n- [ ] a\n%%\n- [ ] b", [(" ", "b", None)]),
    ("an open block comment goes on", "- [ ] a\n\n%%\n- [ ] b", [(" ", "a", None)]),
    ("an inline comment stays a task", "- [ ] a %%b%%", [(" ", "a %%b%%", None)]),
    ("after text without a blank line", "x\n- [ ] a", [(" ", "a", None)]),
    ("a number other than 1 goes on the text", "x\n2. [ ] a", []),
    ("a heading ends the list", "- a\n# h\n  - [ ] b", [(" ", "b", None)]),
    ("a paragraph ends the list", "- a\n\nx\n\n  - [ ] b", [(" ", "b", None)]),
    ("a line that goes on does not", "- a\nx\n  - [ ] b", [(" ", "b", 1)]),
    ("a joiner before the tab is no indentation", "- Root 2\n\u200b\t- [ ] x", []),
    ("deep indentation right below an item", "- a\n        - [ ] b", [(" ", "b", 1)]),
    ("two markers in a line", "- - [ ] a", [(" ", "a", None)]),
    ("fields stay in the text", "- [ ] a 📅 2026-11-20 ^id", [(" ", "a 📅 2026-11-20 ^id", None)]),
    ("rules are no items", "- - -\n* * *\n- [ ] a", [(" ", "a", None)]),
]


@pytest.mark.parametrize(("text", "tasks"), [case[1:] for case in TASKS], ids=[c[0] for c in TASKS])
def test_tasks(text: str, tasks: list[tuple[str, str, int | None]]) -> None:
    found = scan(text).tasks
    assert [(each.status, each.text, each.parent) for each in found] == tasks
    for task in found:
        assert text[task.box - 1 : task.box + 2] == f"[{task.status}]"
        assert task.line == text.count("\n", 0, task.offset) + 1
        assert task.offset == 0 or text[task.offset - 1] == "\n"


def test_many_kinds_of_items() -> None:
    """E37."""
    text = "- [ ] a\n\t- [x] b\n1. [/] c\n2) [-] d\n+ [ ]  e\n> - [ ] f\n"
    text += "- [ ]g\n-[ ] h\n- [] i\n- [xx] j"
    found = [(each.status, each.text, each.parent) for each in scan(text).tasks]
    assert found == [
        (" ", "a", None),
        ("x", "b", 1),
        ("/", "c", None),
        ("-", "d", None),
        (" ", "e", None),
        (" ", "f", None),
    ]


BLOCKS = [
    ("at the end of a paragraph", "x ^a", ["a"]),
    ("at the end of a list item", "- x ^a\n- y ^b-1", ["a", "b-1"]),
    ("in a line of its own", "> q\n\n^a", ["a"]),
    ("right below a callout", "> [!x]\n> q\n^a", ["a"]),
    ("below a table", "|a|\n|-|\n\n^t", ["t"]),
    ("at the end of a heading", "# x ^a", ["a"]),
    ("space after it", "x ^a  ", ["a"]),
    ("not in the middle of a line", "x ^a y", []),
    ("a space before it is needed", "x^a", []),
    ("no underscore", "x ^a_b", []),
    ("no other letters", "x ^ä", []),
    ("not in code", "```\nx ^a\n```", []),
    ("not in a link", "[[n#^a]]", []),
    ("in a task", "- [ ] x 📅 2026-11-20 ^a", ["a"]),
]


@pytest.mark.parametrize(("text", "ids"), [case[1:] for case in BLOCKS], ids=[c[0] for c in BLOCKS])
def test_block_ids(text: str, ids: list[str]) -> None:
    found = scan(text).blocks
    assert [each.id for each in found] == ids
    assert all(text[each.offset :].startswith(f"^{each.id}") for each in found)


CALLOUTS = [
    ("plain", "> [!note]\n> x", ("note", "", "")),
    ("with a title", "> [!Tip] A title", ("tip", "A title", "")),
    ("folded", "> [!x]- t", ("x", "t", "-")),
    ("open to fold", "> [!x]+", ("x", "", "+")),
    ("an unknown type", "> [!my type] t", ("my type", "t", "")),
]


@pytest.mark.parametrize(
    ("text", "callout"), [case[1:] for case in CALLOUTS], ids=[c[0] for c in CALLOUTS]
)
def test_callouts(text: str, callout: tuple[str, str, str]) -> None:
    (found,) = scan(text).callouts
    assert (found.type, found.title, found.fold) == callout


def test_callouts_nest_and_only_the_first_line_counts() -> None:
    text = "> [!a] x\n> > [!b] y\n> [!c] no\n\n> q\n> [!d] no"
    assert [(each.type, each.line) for each in scan(text).callouts] == [("a", 1), ("b", 2)]


COMMENTS = [
    ("inline", "a %%b%% c", ["%%b%%"]),
    ("two inline", "%%a%% x %%b%%", ["%%a%%", "%%b%%"]),
    ("over lines", "a %%b\nc%% d", ["%%b\nc%%"]),
    ("block", "x\n\n%%\na\n\nb\n%%\ny", ["%%\na\n\nb\n%%"]),
    ("a block that is never closed hides the rest", "%%\na\n\nb", ["%%\na\n\nb"]),
    ("a lone mark in a line is text", "100%% sure", []),
    ("HTML", "a <!-- b --> c\n\n<!--\nd\n-->", ["<!-- b -->", "<!--\nd\n-->"]),
    ("not in code", "`%%a%%`\n\n```\n%%b%%\n```", []),
]


@pytest.mark.parametrize(
    ("text", "comments"), [case[1:] for case in COMMENTS], ids=[c[0] for c in COMMENTS]
)
def test_comments(text: str, comments: list[str]) -> None:
    assert [text[each.offset : each.end] for each in scan(text).comments] == comments


FIELDS = [
    ("a whole line", "Key:: value", [("Key", "value")]),
    ("bold keys", "**Due on**:: x", [("Due on", "x")]),
    ("in brackets", "x [a:: b] y", [("a", "b")]),
    ("in parentheses", "x (a:: b) y", [("a", "b")]),
    ("on a list item", "- x [a:: b]", [("a", "b")]),
    ("brackets in the value", "x [a:: [[b]]] y", [("a", "[[b]]")]),
    ("no value", "a::", [("a", "")]),
    ("not in a sentence", "x, and a:: b", []),
    ("not bare on a list item", "- a:: b", []),
    ("in a quote", "> a:: b", [("a", "b")]),
    ("keys of several words", "Due next:: x", [("Due next", "x")]),
    ("one colon is none", "a: b", []),
    ("not in code", "```\na:: b\n```", []),
]


@pytest.mark.parametrize(
    ("text", "fields"), [case[1:] for case in FIELDS], ids=[c[0] for c in FIELDS]
)
def test_inline_fields(text: str, fields: list[tuple[str, str]]) -> None:
    assert [(each.key, each.value) for each in scan(text).fields] == fields


def test_footnotes() -> None:
    note = scan("a[^1] b^[inline] [^x]\n\n[^1]: text\n[^x]: more")
    assert [(each.id, each.definition, each.line) for each in note.footnotes] == [
        ("1", False, 1),
        ("", False, 1),
        ("x", False, 1),
        ("1", True, 3),
        ("x", True, 4),
    ]


def test_code_says_where_it_is() -> None:
    text = "a\n\n```py\nb\n```\nc\n\n    d\n\n$$\ne\n$$\n<div>\nf\n</div>\n"
    spans = [text[each.offset : each.end] for each in scan(text).code]
    assert spans == ["```py\nb\n```", "    d", "$$\ne\n$$", "<div>\nf\n</div>"]
