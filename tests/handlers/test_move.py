"""To-dos moved to another day, reworded, made more urgent."""

from __future__ import annotations

import pytest

from tests.fakes.desk import Desk, died_everywhere, reply_of
from tests.handlers.scene import labels

NOTE = """- [ ] call the dentist ⏰ 2026-11-24 09:00 📅 2026-11-24
- [ ] pay the rent
- [ ] water 🔁 every week ⏳ 2026-11-20 ^w
"""


def desk(text: str = NOTE) -> Desk:
    return Desk({"Tasks.md": text.encode()})


def lines(there: Desk) -> list[str]:
    return there.notes()["Tasks.md"].splitlines()


@pytest.mark.parametrize(
    ("said", "number", "line", "head"),
    [
        (
            "move dentist to Thursday 14:00",
            0,
            "- [ ] call the dentist ⏰ 2026-11-26 14:00 📅 2026-11-26",
            "Moved: Tue 24 Nov 09:00 → Thu 26 Nov 14:00",
        ),
        (
            "move dentist to Thursday",
            0,
            "- [ ] call the dentist ⏰ 2026-11-26 09:00 📅 2026-11-26",
            "Moved: Tue 24 Nov 09:00 → Thu 26 Nov",
        ),
        (
            "move the rent to tomorrow",
            1,
            "- [ ] pay the rent 📅 2026-11-21",
            "New date: tomorrow, Sat 21 Nov",
        ),
        (
            "move water to 1 December",
            2,
            "- [ ] water 🔁 every week ⏳ 2026-12-01 ^w",
            "Moved: today, Fri 20 Nov → Tue 1 Dec",
        ),
    ],
)
async def test_by_name(said: str, number: int, line: str, head: str) -> None:
    async with desk().open() as there:
        reply = reply_of(await there.say(said))
        assert lines(there)[number] == line
        assert reply.text.splitlines()[1] == head
        others = NOTE.splitlines()
        assert lines(there)[:number] == others[:number]
        assert lines(there)[number + 1 :] == others[number + 1 :]


async def test_undo_moves_it_back() -> None:
    async with desk().open() as there:
        job = await there.say("move dentist to Thursday 14:00")
        assert labels(reply_of(job)) == ["Done", "Tomorrow", "Undo"]
        back = await there.press(job, 2)
        assert there.notes()["Tasks.md"] == NOTE
        assert reply_of(back).text.startswith("☐ call the dentist · Tue 24 Nov 09:00")


async def test_a_time_in_answer_moves_what_is_answered() -> None:
    async with desk("").open() as there:
        added = await there.say("buy a lamp")
        await there.say("tomorrow", reply_to=there.shown(added))
        assert lines(there) == ["- [ ] buy a lamp 📅 2026-11-21"]
        await there.say("at 18:00 on Monday", reply_to=there.shown(added))
        assert lines(there) == ["- [ ] buy a lamp ⏰ 2026-11-23 18:00 📅 2026-11-23"]


async def test_the_button_means_the_day_after_the_press() -> None:
    async with desk("").open() as there:
        added = await there.say("buy a lamp")
        there.clock.pass_(days=3)
        moved = await there.press(added, 1)
        assert lines(there) == ["- [ ] buy a lamp 📅 2026-11-24"]
        assert reply_of(moved).replaces == there.shown(added)
        assert reply_of(moved).text.splitlines() == [
            "☐ buy a lamp · tomorrow, Tue 24 Nov",
            "New date: tomorrow, Tue 24 Nov",
        ]


async def test_several_are_offered_with_the_day_kept_in_mind() -> None:
    async with desk("- [ ] call Ann\n- [ ] call Bob\n").open() as there:
        job = await there.say("move call to Monday")
        assert labels(reply_of(job)) == ["call Ann", "call Bob"]
        await there.press(job, 1)
        assert lines(there) == ["- [ ] call Ann", "- [ ] call Bob 📅 2026-11-23"]


async def test_without_a_day_it_is_asked_and_nothing_is_taken_out() -> None:
    async with desk().open() as there:
        job = await there.act("todo.reschedule", query="dentist")
        assert there.notes()["Tasks.md"] == NOTE
        assert labels(reply_of(job)) == ["tomorrow, Sat 21 Nov", "Sun 22 Nov", "Mon 23 Nov"]
        await there.press(job, 2)
        assert lines(there)[0] == "- [ ] call the dentist ⏰ 2026-11-23 09:00 📅 2026-11-23"


async def test_no_day_at_all_is_said_on_purpose() -> None:
    async with desk().open() as there:
        job = await there.act("todo.reschedule", query="dentist", due="none")
        assert lines(there)[0] == "- [ ] call the dentist"
        assert "it was: Tue 24 Nov 09:00" in reply_of(job).text


@pytest.mark.parametrize(
    "when",
    [
        {"due": "2026-02-30"},
        {"due": "10000-01-01"},
        {"at": "later"},
        {"days": 10**12},
        {"days": 4_000_000},
        {"due": "2026-11-21", "at": "2026-11-21T26:00"},
    ],
)
async def test_a_day_that_is_none_is_said_and_nothing_is_touched(when: dict[str, object]) -> None:
    async with desk().open() as there:
        reply = reply_of(await there.act("todo.reschedule", query="dentist", **when))
        assert "I do not know that day" in reply.text
        assert reply.failed
        assert there.vault.writes == 0


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (
            {"words": "call the new\ndentist"},
            "- [ ] call the new dentist ⏰ 2026-11-24 09:00 📅 2026-11-24",
        ),
        ({"priority": "high"}, "- [ ] call the dentist ⏰ 2026-11-24 09:00 ⏫ 📅 2026-11-24"),
        (
            {"words": "x", "priority": "low"},
            "- [ ] x ⏰ 2026-11-24 09:00 🔽 📅 2026-11-24",
        ),
    ],
)
async def test_words_and_urgency(args: dict[str, str], line: str) -> None:
    async with desk().open() as there:
        await there.act("todo.edit", query="dentist", **args)
        assert lines(there)[0] == line


async def test_urgency_is_taken_out() -> None:
    async with desk("- [ ] a ⏫ 📅 2026-11-24\n").open() as there:
        await there.act("todo.edit", query="a", priority="none")
        assert lines(there) == ["- [ ] a 📅 2026-11-24"]


async def test_an_edit_of_nothing_is_asked_about() -> None:
    async with desk().open() as there:
        await there.act("todo.edit", query="dentist")
        await there.act("todo.edit", query="dentist", priority="very")
        assert there.notes()["Tasks.md"] == NOTE


async def test_whatever_dies_each_is_moved_once() -> None:
    async def run(there: Desk) -> None:
        await there.say("move dentist to Thursday 14:00")
        await there.act("todo.edit", query="rent", words="pay the rent twice")
        job = await there.act("todo.edit", query="water", priority="high")
        await there.press(job, 1)

    async for where, there in died_everywhere(desk, run):
        assert lines(there) == [
            "- [ ] call the dentist ⏰ 2026-11-26 14:00 📅 2026-11-26",
            "- [ ] pay the rent twice",
            "- [ ] water ⏫ 🔁 every week ⏳ 2026-11-21 ^w",
        ], where
        jobs = (there.journal.rows[number] for number in (1, 2))
        heads = [reply_of(job).text.splitlines()[1] for job in jobs]
        assert heads == ["Moved: Tue 24 Nov 09:00 → Thu 26 Nov 14:00", "It was: pay the rent"]
