"""What a message keeps of what was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from octopus.core.message import Message

SENT = Message("k:1", "console", "owner", "hi", datetime(2026, 11, 20, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("buy \0milk\a tomorrow", "buy milk tomorrow"),
        ("\x1b[31mred\x1b]0;owned\x07", "[31mred]0;owned"),
        ("a\x7fb\x85c\x9bd", "abcd"),
        ("\0", ""),
    ],
)
def test_control_characters_do_not_come_in(sent: str, kept: str) -> None:
    assert replace(SENT, text=sent).text == kept
    assert replace(SENT, reply_text=sent).reply_text == kept
    assert replace(SENT, topic_name=sent).topic_name == kept


@pytest.mark.parametrize(
    "text", ["a\tb\nc\r\nd", "שלום \u202eabc\u202c", "👩\u200d👧 a\u200bb\ufeff", " \u00a0 é é"]
)
def test_everything_else_is_kept_as_sent(text: str) -> None:
    assert replace(SENT, text=text).text == text


def test_what_the_journal_kept_before_is_cleaned_when_it_is_read() -> None:
    stored = replace(SENT, text="milk").to_json().replace("milk", "mi\\u0000lk")
    assert Message.from_json(stored).text == "milk"
