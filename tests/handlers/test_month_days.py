"""Two days of every month: nothing is written before a button is pressed."""

from __future__ import annotations

from tests.fakes.desk import Desk, reply_of


async def test_the_chosen_day_comes_every_month() -> None:
    desk = Desk()
    async with desk.open():
        asked = await desk.say("gym every 1st and 15th")
        assert desk.notes() == {}
        assert len(reply_of(asked).buttons) >= 3
        await desk.press(asked, 1)
    assert desk.notes() == {"Tasks.md": "- [ ] gym 🔁 every month on the 15th 📅 2026-12-15\n"}


async def test_the_days_are_offered_in_the_language_of_the_message() -> None:
    desk = Desk()
    async with desk.open():
        asked = reply_of(await desk.say("Sport jeden 1. und 15."))
    labels = [button.label for button in asked.buttons]
    assert labels[:2] == ["jeden Monat am 1.", "jeden Monat am 15."]
