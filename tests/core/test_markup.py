"""A terminal shows the words of a reply, not the escapes that its markup needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.markup import unescaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1\\. ☐ buy milk \\(2\\)", "1. ☐ buy milk (2)"),
        ("a\\\\b \\é C:\\dir", "a\\b \\é C:\\dir"),
        ("`1\\. code` and 1\\.", "`1\\. code` and 1."),
        ("```\n\\# kept\n```\n\\# gone", "```\n\\# kept\n```\n# gone"),
        ("**bold** [[Link]]", "**bold** [[Link]]"),
        ("", ""),
    ],
)
def test_escapes_are_taken_out_of_markdown_only(text: str, shown: str) -> None:
    assert unescaped(text, markdown=True) == shown
    assert unescaped(text, markdown=False) == text


@given(st.text(alphabet=st.characters(exclude_characters="\\`~"), max_size=60))
def test_what_was_escaped_is_shown_as_it_was(text: str) -> None:
    escaped = "".join(
        f"\\{char}"
        if char.isascii() and char.isprintable() and not char.isalnum() and char != " "
        else char
        for char in text
    )
    assert unescaped(escaped, markdown=True) == text
