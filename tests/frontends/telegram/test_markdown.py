"""Markdown loses its marks and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.frontends.telegram.markdown import to_entities
from octopus.frontends.telegram.render import readable, units
from tests.fakes.telegram.rules import check_entities

CALM = settings(deadline=None)  # a busy machine is no failure


def kinds(entities: list[dict[str, Any]]) -> list[str]:
    return [entity["type"] for entity in entities]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("plain words", "plain words"),
        ("**bold** and *italic*", "bold and italic"),
        ("# Heading\n\ntext", "Heading\n\ntext"),
        ("### Third", "Third"),
        ("- one\n- two", "• one\n• two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("- [ ] open\n- [x] done", "☐ open\n☑ done"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("costs $5 or $x^2$ or $$y$$", "costs $5 or $x^2$ or $$y$$"),
        (r"\(a\) and \[b\]", "(a) and [b]"),
        ("use <div> and <b>x</b>", "use <div> and <b>x</b>"),
        ("<details>\nhidden\n</details>", "<details>\nhidden\n</details>"),
        ("x < y <!-- note -->", "x < y <!-- note -->"),
        ("[[Wiki link]] #tag ==mark==", "[[Wiki link]] #tag ==mark=="),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("**open", "**open"),
        ("", ""),
    ],
)
def test_words_stay(markdown: str, text: str) -> None:
    assert to_entities(markdown)[0].strip() == text


def test_code_is_left_alone() -> None:
    text, entities = to_entities("`<b>$x$` and\n\n```html\n<p>$5</p>\n```")
    assert "<b>$x$" in text
    assert "<p>$5</p>" in text
    assert "\\" not in text
    assert kinds(entities) == ["code", "pre"]
    assert entities[1]["language"] == "html"


def test_mermaid_stays_code() -> None:
    text, entities = to_entities("```mermaid\ngraph TD\n```")
    assert (text, kinds(entities)) == ("graph TD", ["pre"])


def test_links_outside_are_links_and_links_inside_are_words() -> None:
    text, entities = to_entities(
        "[web](https://a.b/c) and [note](Inbox/n.md) and [x](javascript:1)"
    )
    assert text == "web and note and x"
    assert [(entity["type"], entity["url"]) for entity in entities] == [
        ("text_link", "https://a.b/c")
    ]


_INLINE = "* ** _ __ ` ``` ~~ || < > <b> </b> $ $$ [ ]( ) | \\ ![ <!-- --> &lt;"
_BLOCKS = ("\n", "\n\n", "# ", "- ", "- [ ] ", "> ", "    ", "\r")
_MARKS = st.sampled_from(_INLINE.split()) | st.sampled_from(_BLOCKS)


@CALM
@given(st.lists(_MARKS | st.text(max_size=5), max_size=30).map("".join))
def test_fuzzed_markdown_is_never_refused(markdown: str) -> None:
    markdown = readable(markdown)
    text, entities = to_entities(markdown)
    check_entities(text, entities)
    assert all(entity["offset"] + entity["length"] <= units(text) for entity in entities)


@CALM
@given(st.lists(st.sampled_from(["word", "<tag>", "$x$", "**b**", "`c`", "a<b", " ", "\n\n"])))
def test_no_word_is_lost(pieces: list[str]) -> None:
    markdown = " ".join(pieces)
    text, _ = to_entities(markdown)
    for name in ("word", "<tag>", "$x$", "a<b"):
        assert text.count(name) == markdown.count(name)
