"""Blocks are told apart as CommonMark does it: markdown-it-py is the witness.

Left out are the places where Obsidian differs or where we are generous on purpose: properties,
mathematics, comments, tables, and list items that are indented deeper than CommonMark allows.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from octopus.obsidian.scan import scan
from tests.obsidian.nasty import scaled

WITNESS = MarkdownIt("commonmark")
LINES = st.sampled_from(
    [
        "",
        "",
        "text",
        "more text",
        "# H",
        "## S ##",
        "#no",
        "- item",
        "  - nested",
        "* star",
        "1. one",
        "2. two",
        "10. ten",
        "   three",
        "    four",
        "\tTab",
        "  two",
        "```",
        "~~~",
        "````",
        "```py",
        "  ```",
        "> quote",
        "> - in quote",
        "> ```",
        "> # head in quote",
        "> > deep",
        ">",
        "<div>",
        "</div>",
        "<!-- open",
        "-->",
        "<!-- whole -->",
        "<script>",
        "</script>",
        "<span>x</span>",
        "<b>",
        "***",
        "===",
        "- ",
        "- [ ] task",
        "+ plus\n\n      code",
        "- # head in list",
        "- ```",
        "[[x]] #tag",
        "`code",
    ]
)
Seen = tuple[list[tuple[int, int]], set[int]]


def lines_of(text: str, first: int, after: int) -> set[int]:
    """The 1-based lines with something in them."""
    lines = text.split("\n")
    return {
        index + 1 for index in range(first, min(after, len(lines))) if lines[index].strip("> \t")
    }


def witness(text: str) -> Seen:
    """Headings in the open as (level, line), and the lines of code and HTML."""
    depth = 0
    headings: list[tuple[int, int]] = []
    code: set[int] = set()
    for token in WITNESS.parse(text):
        if token.type.endswith(("quote_open", "list_open")):
            depth += 1
        elif token.type.endswith(("quote_close", "list_close")):
            depth -= 1
        assert token.map or token.nesting < 0 or token.type == "inline"
        if token.map and token.type == "heading_open" and not depth:
            headings.append((int(token.tag[1]), token.map[0] + 1))
        elif token.map and token.type in ("fence", "code_block", "html_block"):
            code |= lines_of(text, *token.map)
    return headings, code


def ours(text: str) -> Seen:
    note = scan(text)
    code: set[int] = set()
    for span in note.code:
        first = text.count("\n", 0, span.offset)
        code |= lines_of(text, first, text.count("\n", 0, span.end) + 1)
    return [(heading.level, heading.line) for heading in note.headings], code


@scaled(500, 50_000)
@given(st.lists(LINES, min_size=1, max_size=7).map("\n".join))
@example("> quote\n    lazy")
@example("> ```\n> a\nb")
@example("- ```\n> quote")
@example("- item\n---\n\n  ```\n# H")
@example("- \n<b>")
def test_headings_and_code_are_where_commonmark_has_them(text: str) -> None:
    assert ours(text) == witness(text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("- a\n\n      code\n\n  text", {3}),
        ("1. a\n\n       code", {3}),
        ("> > ```\n> > a\n> b", {1, 2}),
        ("- > ```\n  > a\n  b", {1, 2}),
        ("```\n\n\n", {1}),
        ("    a\n\n\n    b\n\nc", {1, 4}),
        ("<pre>\n\na\n</pre>\nb", {1, 3, 4}),
        ("<?php\n\na ?>\nb", {1, 3}),
        ("<![CDATA[\n\n]]>\nb", {1, 3}),
        ("<!DOCTYPE html>\nb", {1}),
        ("x\n<b>\ny", set()),
        ("<b>\ny\n\nz", {1, 2}),
        ("<https://e.com>\ny", set()),
    ],
)
def test_lines_of_code(text: str, lines: set[int]) -> None:
    assert ours(text)[1] == lines == witness(text)[1]
