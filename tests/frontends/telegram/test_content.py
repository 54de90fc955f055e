"""Files, forwards and everything that is not plain text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from octopus.core.message import Attachment, Origin
from octopus.frontends.telegram.content import attachments, origin, text_of

FILE = {"file_id": "F1", "file_unique_id": "U1", "file_size": 1234}
SENT = 1_795_000_000
THEN = 1_700_000_000


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"text": "words"}, "words"),
        ({"caption": "words", "photo": []}, "words"),
        ({"text": ""}, ""),
        ({}, ""),
        ({"location": {"latitude": 52.5, "longitude": 13.4}}, "geo:52.5,13.4"),
        (
            {
                "location": {"latitude": 1, "longitude": 2},
                "venue": {
                    "title": "Café",
                    "address": "Main St 1",
                    "location": {"latitude": 1, "longitude": 2},
                },
            },
            "Café\nMain St 1\ngeo:1,2",
        ),
        (
            {"contact": {"first_name": "Ann", "last_name": "Lee", "phone_number": "+49 30 1"}},
            "Ann Lee: +49 30 1",
        ),
        ({"contact": {"first_name": "Ann", "phone_number": "+49"}}, "Ann: +49"),
        ({"dice": {"emoji": "🎲", "value": 4}}, "🎲 4"),
        (
            {"poll": {"question": "Where?", "options": [{"text": "here"}, {"text": "there"}]}},
            "Where?\n- here\n- there",
        ),
        (
            {
                "checklist": {
                    "title": "Trip",
                    "tasks": [
                        {"id": 1, "text": "pack"},
                        {"id": 2, "text": "book", "completion_date": 5},
                    ],
                }
            },
            "Trip\n- [ ] pack\n- [x] book",
        ),
    ],
)
def test_text(raw: dict[str, Any], text: str) -> None:
    assert text_of(raw) == text


def test_photo_in_its_largest_size_wherever_it_stands() -> None:
    sizes = [
        {"file_id": "big", "file_unique_id": "u", "width": 1280, "height": 960, "file_size": 9},
        {"file_id": "small", "file_unique_id": "u", "width": 90, "height": 67},
    ]
    for order in (sizes, sizes[::-1]):
        [found] = attachments({"photo": order})
        assert found == Attachment("photo", "big", "u", mime="image/jpeg", size=9)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            {"document": {**FILE, "file_name": "a b.pdf", "mime_type": "application/pdf"}},
            Attachment("document", "F1", "U1", "a b.pdf", "application/pdf", 1234),
        ),
        (
            {"voice": {**FILE, "duration": 7}},
            Attachment("voice", "F1", "U1", mime="audio/ogg", size=1234, duration=7),
        ),
        (
            {"audio": {**FILE, "file_name": "s.mp3", "mime_type": "audio/mpeg", "duration": 60}},
            Attachment("audio", "F1", "U1", "s.mp3", "audio/mpeg", 1234, 60),
        ),
        (
            {"video": {**FILE, "mime_type": "video/mp4", "duration": 3}},
            Attachment("video", "F1", "U1", mime="video/mp4", size=1234, duration=3),
        ),
        (
            {"video_note": {**FILE, "duration": 3, "length": 240}},
            Attachment("video_note", "F1", "U1", mime="video/mp4", size=1234, duration=3),
        ),
        (
            {
                "animation": {**FILE, "file_name": "g.mp4", "mime_type": "video/mp4"},
                "document": {**FILE, "file_name": "g.mp4", "mime_type": "video/mp4"},
            },
            Attachment("animation", "F1", "U1", "g.mp4", "video/mp4", 1234),
        ),
        ({"sticker": {**FILE}}, Attachment("sticker", "F1", "U1", mime="image/webp", size=1234)),
        (
            {"sticker": {**FILE, "is_animated": True}},
            Attachment("sticker", "F1", "U1", mime="application/x-tgsticker", size=1234),
        ),
        (
            {"sticker": {**FILE, "is_video": True}},
            Attachment("sticker", "F1", "U1", mime="video/webm", size=1234),
        ),
        ({"document": {"file_id": "F1"}}, Attachment("document", "F1")),
    ],
)
def test_files(raw: dict[str, Any], expected: Attachment) -> None:
    assert attachments(raw) == (expected,)


def test_text_has_no_file() -> None:
    assert attachments({"text": "x", "photo": []}) == ()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            {"type": "user", "sender_user": {"first_name": "Ann", "last_name": "Lee"}},
            Origin("user", "Ann Lee", datetime.fromtimestamp(THEN, UTC)),
        ),
        (
            {"type": "user", "sender_user": {"username": "ann"}},
            Origin("user", "ann", datetime.fromtimestamp(THEN, UTC)),
        ),
        (
            {"type": "hidden_user", "sender_user_name": "Someone"},
            Origin("hidden_user", "Someone", datetime.fromtimestamp(THEN, UTC)),
        ),
        (
            {"type": "chat", "sender_chat": {"id": -1, "title": "Club", "username": "club"}},
            Origin("chat", "Club", datetime.fromtimestamp(THEN, UTC), "https://t.me/club"),
        ),
        (
            {
                "type": "channel",
                "chat": {"id": -1001, "title": "News", "username": "news"},
                "message_id": 77,
            },
            Origin("channel", "News", datetime.fromtimestamp(THEN, UTC), "https://t.me/news/77"),
        ),
        (
            {"type": "channel", "chat": {"id": -100123, "title": "Own"}, "message_id": 5},
            Origin("channel", "Own", datetime.fromtimestamp(THEN, UTC), "https://t.me/c/123/5"),
        ),
        (
            {"type": "channel", "chat": {"id": -7, "title": "Odd"}, "message_id": 5},
            Origin("channel", "Odd", datetime.fromtimestamp(THEN, UTC)),
        ),
        (
            {"type": "something new"},
            Origin("hidden_user", "", datetime.fromtimestamp(THEN, UTC)),
        ),
    ],
)
def test_forward(raw: dict[str, Any], expected: Origin) -> None:
    assert origin({"date": SENT, "forward_origin": {"date": THEN, **raw}}) == expected


def test_what_a_bot_wrote_is_not_the_owners() -> None:
    raw = {"date": SENT, "via_bot": {"id": 1, "first_name": "Gif", "is_bot": True}}
    assert origin(raw) == Origin("user", "Gif", datetime.fromtimestamp(SENT, UTC))


def test_own_words_have_no_origin() -> None:
    assert origin({"date": SENT, "text": "x"}) is None
