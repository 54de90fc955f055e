"""Addresses in a model's text: visible, and never a link."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from octopus.core.defang import defang


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://a.example/x?q=1.", "see `https://a.example/x?q=1`."),
        ("see a.example/x, please", "see `a.example/x`, please"),
        ("[here](https://a.example)", "here (`https://a.example`)"),
        ("![](https://a.example/p.png)", "`https://a.example/p.png`"),
        ("[https://a.example](https://a.example)", "`https://a.example`"),
        ("<https://a.example>", "<`https://a.example`>"),
        ("tg://resolve?domain=x", "`tg://resolve?domain=x`"),
        ("**https://a.example**", "**`https://a.example`**"),
        ("`https://a.example`", "`https://a.example`"),
        ("```\ncurl https://a.example\n```", "```\ncurl https://a.example\n```"),
        ("[x][1]\n\n[1]: https://a.example", "[x][1]\n\n\\[1]: `https://a.example`"),
        ("no address: 3.5, e.g. this, [x], a.b", "no address: 3.5, e.g. this, [x], a.b"),
        ("", ""),
    ],
)
def test_shown_as_code(text: str, shown: str) -> None:
    assert defang(text) == shown


def test_what_the_owner_wrote_is_left_alone() -> None:
    known = "what is https://a.example/x ?"
    assert defang("https://a.example/x is it", known) == "https://a.example/x is it"
    assert defang("[it](https://a.example/x)", known) == "[it](https://a.example/x)"
    assert defang("https://a.example/x?q=secret", known) == "`https://a.example/x?q=secret`"


@given(st.text(alphabet="ab[]()<>!`\n: /.", max_size=30), st.text("ab[]()<> `\n", max_size=10))
def test_no_markdown_parser_finds_a_link(before: str, after: str) -> None:
    text = f"{before}https://evil.example/q{after}"
    tokens = MarkdownIt("commonmark").parse(defang(text))
    links = [
        child.attrGet("href") or child.attrGet("src")
        for token in tokens
        for child in token.children or ()
        if child.type in {"link_open", "image"}
    ]
    assert not [link for link in links if re.match(r"https?:", str(link))]


def test_while_it_grows_it_is_never_a_link() -> None:
    text = "So: [a](https://evil.example/?q=1) and ```\nhttps://b.example\n``` end"
    for end in range(len(text) + 1):
        assert "](http" not in defang(text[:end])
