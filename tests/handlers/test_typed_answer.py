"""An open question is answered in words as by its buttons, but never by mistake."""

from __future__ import annotations

from datetime import timedelta

import pytest

from octopus.core.choose import chosen
from octopus.core.meaning import Meaning
from octopus.core.message import Button
from octopus.language.choice import numbered
from tests.fakes.desk import Desk, reply_of

ASKED = b"- [ ] call Ann\n- [ ] call Zoe\n- [ ] call Zed\n"


@pytest.mark.parametrize("answer", ["2", "2.", "the second one", "Zoe", "zoe", "call Zoe"])
async def test_an_answer_in_words_presses_the_button(answer: str) -> None:
    desk = Desk({"Tasks.md": ASKED})
    async with desk.open():
        asked = await desk.say("move call to Monday")
        assert [button.label for button in reply_of(asked).buttons][1] == "call Zoe"
        await desk.say(answer)
    assert "call Zoe 📅 2026-11-23" in desk.notes()["Tasks.md"]
    assert list(desk.notes()) == ["Tasks.md"]
    assert desk.notes()["Tasks.md"].count("- [ ]") == 3


@pytest.mark.parametrize(
    "other", ["search Zoe", "note: Zoe", "call Bob", "4", "remind me at 8 pm to call Zoe"]
)
async def test_what_is_a_wish_of_its_own_is_no_answer(other: str) -> None:
    desk = Desk({"Tasks.md": ASKED})
    async with desk.open():
        await desk.say("move call to Monday")
        await desk.say(other)
    assert "2026-11-23" not in desk.notes()["Tasks.md"]


@pytest.mark.parametrize("minutes", [11, 0])
async def test_an_answer_too_late_or_after_something_else_is_none(minutes: int) -> None:
    desk = Desk({"Tasks.md": ASKED})
    async with desk.open():
        await desk.say("move call to Monday")
        if not minutes:
            await desk.say("note: something else")
        await desk.say("2", sent_at=desk.clock.now() + timedelta(minutes=minutes))
    assert "2026-11-23" not in desk.notes()["Tasks.md"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("2", 2),
        ("the second one", 2),
        ("die zweite", 2),
        ("le deuxième", 2),
        ("второй", 2),
        ("buy 2 apples", 0),
        ("at second street", 0),
        ("second", 2),
        ("1234", 0),
    ],
)
def test_the_number_that_is_all_a_message_says(said: str, number: int) -> None:
    assert numbered(said, ("en", "de", "fr", "ru")) == number


def test_what_takes_away_is_named_whole_or_by_number() -> None:
    buttons = [Button("call Ann · today", "todo.drop"), Button("call Zoe", "todo.drop")]
    word = Meaning("clarify", question="What about Ann?")
    assert chosen(buttons, "Ann", word) is None
    assert chosen(buttons, "Call Ann", word) is buttons[0]
    assert chosen(buttons, "1", Meaning("note.add", {"text": "1"}, number=1)) is buttons[0]


def test_words_of_two_labels_choose_none() -> None:
    buttons = [Button("call Ann", "todo.complete"), Button("call Zoe", "todo.complete")]
    assert chosen(buttons, "call", Meaning("clarify", question="What?")) is None
