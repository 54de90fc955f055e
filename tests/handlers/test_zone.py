"""The owner's time zone, changed by a message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.reminders.chat import Chat, chatting


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    async with chatting(tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("I'm in Tokyo", "Asia/Tokyo"),
        ("i am now in new york", "America/New_York"),
        ("just landed in São Paulo", "America/Sao_Paulo"),
        ("timezone Europe/Lisbon", "Europe/Lisbon"),
        ("set my time zone to Lisbon", "Europe/Lisbon"),
        ("/timezone Kathmandu", "Asia/Kathmandu"),
        ("ich bin jetzt in London", "Europe/London"),
        ("estoy en Madrid", "Europe/Madrid"),
        ("je suis à Paris", "Europe/Paris"),
        ("I live in Tokyo now", "Asia/Tokyo"),
        ("ich bin jetzt in Tokio", "Asia/Tokyo"),
        ("мой часовой пояс Токио", "Asia/Tokyo"),
        ("我现在在东京", "Asia/Tokyo"),
        ("I'm in Lisbon this week", "Europe/Lisbon"),
    ],
)
async def test_said_in_many_ways(chat: Chat, text: str, zone: str) -> None:
    reply = await chat.say(text)
    assert zone in reply.text
    assert str(chat.clock.now().tzinfo) == zone
    assert reply.buttons[0].intent == "zone.set"
    await chat.press(reply.buttons[0].label)
    assert str(chat.clock.now().tzinfo) == "Europe/Berlin"


async def test_words_are_understood_by_the_clocks_of_that_place(chat: Chat) -> None:
    await chat.say("I'm in Tokyo")  # where it is 17:30
    reply = await chat.say("remind me at 18:00 to call Ann")
    assert reply.text == "⏰ Fri 20.11.2026 18:00 (Asia/Tokyo) · call Ann"
    (row,) = await chat.wait(minutes=30)
    assert row.reply.text == "⏰ call Ann"


async def test_the_owner_is_told_what_moves_along(chat: Chat) -> None:
    await chat.say("remind me every day at 8 to take pills")
    await chat.say("remind me tomorrow at 9 to call Ann")
    reply = await chat.say("I'm in New York")  # where it is half past three in the morning
    assert "2 reminders move along" in reply.text
    assert await chat.armed() == ["21 03:00 call Ann", "21 08:00 take pills"]
    await chat.say("timezone Europe/Berlin")
    assert await chat.armed() == ["21 08:00 take pills", "21 09:00 call Ann"]


async def test_one_whose_time_is_over_there_already_is_told_late_not_left_out(chat: Chat) -> None:
    await chat.say("remind me every day at 12:00 to take pills")
    await chat.say("I'm in Tokyo")
    (row,) = await chat.wait()
    assert row.reply.text == "⏰ take pills\nLate: this was for Fri 20.11.2026 12:00."
    assert await chat.armed() == ["21 12:00 take pills"]


async def test_what_is_no_place_is_no_change(chat: Chat) -> None:
    for text in ("I'm in trouble", "I'm in love", "we are in a hurry", "ich bin in Eile"):
        reply = await chat.say(text)
        assert reply.text.startswith(("Saved", "Gespeichert")), text
    assert (await chat.say("timezone Atlantis")).failed
    unknown = await chat.say("мой часовой пояс Атлантида")
    assert unknown.failed
    assert "Атлантида" in unknown.text
    assert (await chat.say("what time zone am I in?")).text.startswith("Your time zone is Europe/B")
    assert (await chat.say("/timezone")).text.startswith("Your time zone is Europe/Berlin; it is")
    assert (await chat.say("timezone Berlin")).text == "Your time zone is Europe/Berlin already."
    assert str(chat.clock.now().tzinfo) == "Europe/Berlin"
