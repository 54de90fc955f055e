"""Texts of any length arrive whole, in messages that Telegram takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.core.message import Button, Reply
from octopus.core.outgoing import Act, Outgoing
from octopus.frontends.telegram.render import (
    LIMIT,
    MAX_ENTITIES,
    REPEAT,
    Part,
    content,
    keyboard,
    parts,
    readable,
    split,
    units,
)
from tests.fakes.telegram.rules import check_entities, check_markup, check_text

CALM = settings(deadline=None)  # a busy machine is no failure


_TEXT = st.text(
    st.characters() | st.sampled_from("\n\n  a🐙👩‍👩‍👧é漢") | st.sampled_from(["\ud83d", "\udc19"]),
    max_size=300,
)


@CALM
@given(_TEXT, st.integers(2, 50))
def test_the_pieces_are_the_text(text: str, limit: int) -> None:
    text = readable(text)
    pieces = split(text, [], limit)
    assert "".join(piece.text for piece in pieces) == text
    assert all(0 < units(piece.text) <= limit for piece in pieces)


@CALM
@given(_TEXT, st.integers(1, 60))
def test_long_texts_are_messages_that_telegram_takes(seed: str, times: int) -> None:
    text = readable(seed) * times
    found = parts(text)
    for part in found:
        check_text({"text": part.text})
        check_text({"text": part.repeated().text})
    if text.strip():
        assert "".join(part.text for part in found).strip() == text.strip() or any(
            not piece.text.strip() for piece in split(text, [])
        )


_ENTITY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["bold", "italic", "code", "pre"]),
        "start": st.integers(0, 300),
        "size": st.integers(1, 120),
    }
)


def _entities(text: str, drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entities that lie on the borders of characters."""
    found = []
    for item in drawn:
        start, end = item["start"], min(len(text), item["start"] + item["size"])
        if start < end:
            offset, length = units(text[:start]), units(text[start:end])
            found.append({"type": item["type"], "offset": offset, "length": length})
    return found


@CALM
@given(_TEXT, st.lists(_ENTITY, max_size=8), st.integers(2, 60))
def test_entities_go_on_over_the_cuts(text: str, drawn: list[Any], limit: int) -> None:
    text = readable(text)
    entities = _entities(text, drawn)
    pieces = split(text, entities, limit)
    offset = 0
    covered: dict[str, set[int]] = {}
    for piece in pieces:
        check_entities(piece.text, list(piece.entities))
        for entity in piece.entities:
            place = range(entity["offset"], entity["offset"] + entity["length"])
            covered.setdefault(entity["type"], set()).update(offset + at for at in place)
        offset += units(piece.text)
    wanted: dict[str, set[int]] = {}
    for entity in entities:
        place = range(entity["offset"], entity["offset"] + entity["length"])
        wanted.setdefault(entity["type"], set()).update(place)
    assert covered == wanted


def test_a_code_block_is_closed_and_opened_again() -> None:
    code = "\n".join(f"line {number} = {'x' * 60}" for number in range(200))
    found = parts(f"before\n\n```python\n{code}\n```\n\nafter", markdown=True)
    assert len(found) > 3
    for part in found:
        pre = [entity for entity in part.entities if entity["type"] == "pre"]
        assert len(pre) == 1
        assert pre[0]["language"] == "python"
        inside = part.text.encode("utf-16-le")[2 * pre[0]["offset"] :][: 2 * pre[0]["length"]]
        lines = inside.decode("utf-16-le").strip().split("\n")
        assert all(line.startswith("line ") for line in lines), "cut between lines"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a" * 3000 + "\n\n" + "b" * 3000, "a" * 3000 + "\n\n"),
        ("a" * 3000 + "\n" + "b" * 3000, "a" * 3000 + "\n"),
        ("a" * 3000 + " " + "b" * 3000, "a" * 3000 + " "),
        ("a" * 6000, "a" * LIMIT),
        ("🐙" * 4000, "🐙" * (LIMIT // 2)),
        ("a\n\n" + "b" * 6000, "a\n\n" + "b" * (LIMIT - 3)),
        ("p" * 2000 + "\n" + "q" * 1000 + "\n\n" + "r" * 3000, None),
    ],
)
def test_cuts_are_where_a_reader_would_make_them(text: str, first: str | None) -> None:
    found = parts(text)
    assert found[0].text == (first or "p" * 2000 + "\n" + "q" * 1000 + "\n\n")


def test_limit_is_telegrams_and_leaves_room_for_the_mark() -> None:
    assert LIMIT + units(REPEAT) == 4096
    assert len(parts("a" * LIMIT)) == 1
    assert len(parts("a" * (LIMIT + 1))) == 2


def test_white_space_alone_is_not_sent() -> None:
    assert parts("") == ()
    assert parts(" \n\n ") == ()
    assert all(part.text.strip() for part in parts("a" + "\n" * 9000 + "b"))


def test_more_entities_than_are_shown_make_more_messages() -> None:
    found = parts(" ".join(f"**w{number}**" for number in range(250)), markdown=True)
    assert len(found) == 3
    assert all(len(part.entities) <= MAX_ENTITIES for part in found)
    assert sum(len(part.entities) for part in found) == 250


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert readable("a\ud83db") == "a\ufffdb"
    assert readable("\ud83d\udc19") == "🐙"
    assert parts("\udc00x")[0].text == "\ufffdx"


def test_repeated_is_marked_and_entities_move() -> None:
    part = Part("bold", ({"type": "bold", "offset": 0, "length": 4},)).repeated()
    assert part.text == "↻ bold"
    assert part.entities == ({"type": "bold", "offset": 2, "length": 4},)


def test_markdown_that_breaks_the_library_is_shown_as_written(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(markdown: str) -> Any:
        raise RuntimeError("boom")

    monkeypatch.setattr("octopus.frontends.telegram.render.to_entities", broken)
    assert parts("**x**", markdown=True) == (Part("**x**"),)
    assert "boom" in caplog.text


# Several receipts in one message.


def rows(*texts: str, buttons: int = 1) -> list[Outgoing]:
    return [
        Outgoing(
            number,
            number,
            "telegram:42",
            Act.SEND,
            "",
            Reply(
                text,
                receipt=True,
                buttons=tuple(Button("Undo", "undo", id=f"b{number}.{i}") for i in range(buttons)),
            ),
        )
        for number, text in enumerate(texts, 1)
    ]


def test_one_row_is_shown_as_it_is() -> None:
    found = content(rows("Saved to a.md\nwith more"))
    assert [part.text for part in found.parts] == ["Saved to a.md\nwith more"]
    assert [button.id for button in found.buttons] == ["b1.0"]


def test_a_few_receipts_keep_their_buttons() -> None:
    found = content(rows("Saved to a.md\nmore", "Saved to b.md", "Saved to c.md"))
    assert [part.text for part in found.parts] == [
        "1. Saved to a.md\n2. Saved to b.md\n3. Saved to c.md"
    ]
    assert [(button.label, button.id) for button in found.buttons] == [
        ("Undo 1", "b1.0"),
        ("Undo 2", "b2.0"),
        ("Undo 3", "b3.0"),
    ]


def test_many_receipts_are_lines() -> None:
    found = content(rows(*(f"Saved to {number}.md" for number in range(100))))
    lines = found.parts[0].text.split("\n")
    assert lines[0] == "• Saved to 0.md"
    assert len(lines) == 31
    assert lines[-1] == "… +70"
    assert found.buttons == ()


def test_equal_receipts_are_counted() -> None:
    assert content(rows(*["👍"] * 12)).parts[0].text == "• 👍 ×12"


# Buttons.


def labels(*texts: str) -> list[list[str]]:
    buttons = [Button(text, "x", id=str(number)) for number, text in enumerate(texts)]
    return [[item["text"] for item in row] for row in keyboard(buttons)]


def test_rows_by_the_length_of_the_labels() -> None:
    assert labels("a", "b", "c", "d") == [["a", "b", "c"], ["d"]]
    assert labels("twelve chars", "twelve more.", "x") == [["twelve chars", "twelve more."], ["x"]]
    assert labels("a", "twelve chars", "b") == [["a", "twelve chars"], ["b"]]
    long = "a label that needs the whole row"
    assert labels("a", long, "b") == [["a"], [long], ["b"]]
    assert labels() == []


@CALM
@given(st.lists(_TEXT, max_size=20))
def test_any_labels_make_a_keyboard_that_telegram_takes(texts: list[str]) -> None:
    buttons = [Button(text, "x", id=f"id{number}") for number, text in enumerate(texts)]
    rows = keyboard(buttons)
    check_markup({"inline_keyboard": rows})
    assert [item["callback_data"] for row in rows for item in row] == [b.id for b in buttons]
    assert all(1 <= len(row) <= 3 for row in rows)
