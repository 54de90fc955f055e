"""Reminders by their names, and when something is."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from octopus.core.agenda import Appointment
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import NOON
from tests.handlers.scene import labels

DENTIST, CAT = "the dentist", "feed the cat"


async def armed(there: Desk) -> list[str]:
    return [each.text for each in await there.reminders.armed()]


async def two(there: Desk) -> None:
    await there.say("remind me tomorrow at 10 about the dentist")
    await there.say("remind me on sunday at 8 to feed the cat")
    assert sorted(await armed(there)) == [CAT, DENTIST]


@pytest.mark.parametrize(
    "said",
    [
        "delete the dentist reminder",
        "cancel the dentist reminder",
        "delete the reminder about the dentist",
        "remove reminder dentist",
        "delete the dentits reminder",
        "stop reminding me about the dentist",
    ],
)
async def test_a_reminder_is_dropped_by_its_name(said: str) -> None:
    async with Desk().open() as there:
        await two(there)
        assert reply_of(await there.say(said)).text == "Dropped: the dentist"
        assert await armed(there) == [CAT]


async def test_a_to_do_of_the_same_name_is_left_alone() -> None:
    async with Desk({"Tasks.md": b"- [ ] dentist\n"}).open() as there:
        await two(there)
        await there.say("cancel the dentist reminder")
        assert there.notes()["Tasks.md"] == "- [ ] dentist\n"
        await there.say("delete the dentist reminder")
        assert there.notes()["Tasks.md"] == "- [ ] dentist\n"


async def test_of_several_the_owner_chooses() -> None:
    async with Desk().open() as there:
        await there.say("remind me on monday at 9 to call the dentist")
        await there.say("remind me on tuesday at 9 to visit the dentist")
        asked = await there.say("delete the dentist reminder")
        assert reply_of(asked).text == "Which reminder do you mean?"
        assert len(labels(reply_of(asked))) == 2
        await there.press(asked, 1)
        assert await armed(there) == ["call the dentist"]


async def test_an_unknown_one_is_said_with_those_that_there_are() -> None:
    async with Desk().open() as there:
        reply = reply_of(await there.say("cancel the gym reminder"))
        assert reply.text == "No reminder is called “gym”, and none is set."
        await two(there)
        reply = reply_of(await there.say("cancel the gym reminder"))
        assert reply.text == "No reminder is called “gym”. These are set:"
        assert len(labels(reply)) == 2
        assert len(await armed(there)) == 2


async def test_a_reminder_is_moved_by_its_name() -> None:
    async with Desk().open() as there:
        await two(there)
        await there.say("move the dentist reminder to Friday")
        found = {each.text: each.local for each in await there.reminders.armed()}
        assert found[DENTIST].weekday() == 4
        assert found[DENTIST].hour == 10


@pytest.mark.parametrize("said", ["when is the dentist", "when's my dentist appointment?"])
async def test_when_something_is_ahead(said: str) -> None:
    async with Desk({"Tasks.md": b"- [ ] call Bob \xf0\x9f\x93\x85 2026-12-02\n"}).open() as there:
        await two(there)
        text = reply_of(await there.say(said)).text
        assert "10:00 ⏰ the dentist" in text
        assert "cat" not in text
        reply = reply_of(await there.say("when is the call with Bob"))
        assert "2 Dec" in reply.text
        assert labels(reply) == ["☐ 1. call Bob"]


async def test_an_appointment_is_found_by_its_name() -> None:
    house = Desk()
    day = date(2027, 3, 3)
    start = datetime(2027, 3, 3, 18, tzinfo=NOON.tzinfo)
    house.calendars.appointments = (Appointment("Opera Carmen", day, day, start),)
    async with house.open() as there:
        assert "18:00 Opera Carmen" in reply_of(await there.say("when is the opera")).text


async def test_when_something_was_done_last() -> None:
    notes = "- [x] water the ferns ✅ 2026-11-11\n- [x] water the ferns ✅ 2026-11-03\n"
    async with Desk({"Tasks.md": notes.encode()}).open() as there:
        reply = reply_of(await there.say("when did I last water the ferns"))
        assert reply.text.splitlines() == [
            "☑ water the ferns · Wed 11 Nov",
            "☑ water the ferns · Tue 3 Nov",
        ]


async def test_what_is_planned_nowhere_is_asked_of_the_notes() -> None:
    async with Desk({"Opera.md": b"The opera is in May.\n"}).open() as there:
        assert "Opera.md" in reply_of(await there.say("when is the opera")).text


async def test_how_many_notes() -> None:
    async with Desk({"a.md": b"x\n", "b.md": b"y\n"}).open() as there:
        assert "2 of 2 notes" in reply_of(await there.say("how many notes do I have")).text
