"""The table of reminders: told once, moved to the next time, copied from notes."""

# ruff: noqa: DTZ001 - wall clocks have no zone
from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from octopus.backends.sqlite import (
    Database,
    SqliteEffects,
    SqliteEvents,
    SqliteJournal,
    SqliteOutbox,
    SqliteReminders,
)
from octopus.backends.sqlite.reminder_ring import DIGEST, TOGETHER
from octopus.core.effect import EffectState
from octopus.core.event import Bus
from octopus.core.job import Priority, State
from octopus.core.message import Kind, Message
from octopus.core.outgoing import Outgoing
from octopus.core.reminder import Quiet, Reminder, ReminderState
from octopus.core.todo import Todo
from octopus.language.reminding import Wording
from octopus.obsidian.alarm import instant

BERLIN = "Europe/Berlin"
CHAT = "telegram:7"
NINE = datetime(2026, 11, 20, 9, 0)
AT = instant(NINE, BERLIN)
WORDS = Wording(Quiet(time(22), time(7)))


class Table:
    """The store, and a look at what came of it."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "octopus.db")
        self.bus = Bus()
        self.reminders = SqliteReminders(self.database, self.bus)
        self.outbox = SqliteOutbox(self.database)
        self.effects = SqliteEffects(self.database, self.bus)
        self.journal = SqliteJournal(self.database, self.bus, "boot")
        self.jobs = 0

    async def add(self, text: str = "call", local: datetime = NINE, **values: Any) -> Reminder:
        """Keep one as a new job does."""
        self.jobs += 1
        wanted: dict[str, Any] = {"zone": BERLIN, "conversation": CHAT, "user": "7"} | values
        at = instant(local, wanted["zone"])
        return await self.reminders.add(
            Reminder(id=0, text=text, local=local, at=at, **wanted), job=1000 + self.jobs, step=1
        )

    async def fire(self, now: datetime) -> list[str]:
        """Tell what is due; the texts that are new in the outbox."""
        before = {row.id for row in await self.rows()}
        await self.reminders.fire(now, WORDS)
        return [row.reply.text for row in await self.rows() if row.id not in before]

    async def rows(self) -> list[Outgoing]:
        return await self.outbox.due("", 10_000)

    async def again(self, reminder: Reminder) -> Reminder:
        found = await self.reminders.reminder(reminder.id)
        assert found is not None
        return found

    async def sync(self, now: datetime, *todos: Todo, zone: str = BERLIN) -> tuple[int, int, int]:
        home = Reminder(0, "", NINE, zone, AT, CHAT, user="7")
        return await self.reminders.sync(todos, home, now)


@pytest.fixture
async def table(tmp_path: Path) -> AsyncIterator[Table]:
    found = Table(tmp_path)
    await found.database.open()
    yield found
    await found.database.close()


def minutes(count: float) -> datetime:
    """Nine o'clock and some minutes."""
    return AT + timedelta(minutes=count)


def todo(words: str, at: datetime | None = NINE, **values: Any) -> Todo:
    """A to-do with an alarm as a note has it."""
    wanted: dict[str, Any] = {"path": "Tasks.md", "line": 3, "status": " ", "open": True}
    wanted |= values
    return Todo(text=words, description=words, remind_at=at, **wanted)


# Told once.


async def test_what_is_due_is_put_out_once_with_its_buttons(table: Table) -> None:
    kept = await table.add("call Ann")
    assert await table.fire(minutes(-1)) == []
    with table.bus.subscribe() as events:
        assert await table.fire(minutes(0)) == ["⏰ call Ann"]
        assert (await events.get()).type == "job.done"  # what wakes the front ends
    assert await table.fire(minutes(0)) == await table.fire(minutes(600)) == []
    (row,) = await table.rows()
    assert (row.conversation, row.reply.reminder) == (CHAT, kept.id)
    assert [b.intent for b in row.reply.buttons] == [
        "reminder.done",
        "reminder.snooze",
        "reminder.snooze",
        "reminder.move",
    ]
    job = await table.journal.job(row.job)
    assert job is not None
    assert (job.state, job.priority, job.kind) == (State.DONE, Priority.REMINDER, "alarm")
    assert job.message.key == f"reminder:{kept.id}:{AT.isoformat(timespec='microseconds')}"
    assert (await table.again(kept)).state is ReminderState.TOLD
    assert await table.reminders.armed() == []


async def test_the_buttons_work_for_the_owner_in_this_chat_alone(table: Table) -> None:
    await table.add()
    await table.fire(minutes(0))
    (row,) = await table.rows()
    await table.outbox.sending([row])
    await table.outbox.sent(row, ["55"])
    button = row.reply.buttons[0].id

    def press(user: str, chat: str) -> Message:
        return Message(
            f"{user}{chat}", chat, user, "", AT, Kind.PRESS, message_id="55", press=button
        )

    assert await table.journal.button(button, press("7", CHAT)) is not None
    assert await table.journal.button(button, press("8", CHAT)) is None
    assert await table.journal.button(button, press("7", "telegram:8")) is None
    said = await table.journal.said(CHAT, "55")
    assert said is not None
    assert said[1].reminder == 1


async def test_a_ring_that_is_recorded_is_not_told_again_whatever_the_row_says(
    table: Table,
) -> None:
    kept = await table.add()
    await table.fire(minutes(0))
    await table.reminders.change(kept, job=9, step=1)  # armed once more for the very same moment
    assert await table.fire(minutes(1)) == []
    assert (await table.again(kept)).state is ReminderState.TOLD


async def test_nothing_is_kept_of_a_transaction_that_fails(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    await table.add()

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr("octopus.backends.sqlite.reminder_ring.put_out", broken)
        with pytest.raises(sqlite3.OperationalError):
            await table.reminders.fire(minutes(0), WORDS)
    assert await table.rows() == []
    assert await table.fire(minutes(1)) == ["⏰ call"]


async def test_many_in_time_are_told_one_by_one_over_transactions(table: Table) -> None:
    for number in range(TOGETHER + 5):
        await table.add(f"n{number}")
    assert len(await table.fire(minutes(0))) == TOGETHER
    assert len(await table.fire(minutes(0))) == 5


# Late.


async def test_what_was_due_meanwhile_is_told_late_with_its_time(table: Table) -> None:
    await table.add("call Ann")
    (text,) = await table.fire(minutes(240))
    assert text == "⏰ call Ann\nLate: this was for Fri 20.11.2026 09:00."
    (row,) = await table.rows()
    assert row.reply.times == (("Fri 20.11.2026 09:00", int(AT.timestamp())),)


async def test_more_than_twenty_that_are_late_are_one_message(table: Table) -> None:
    for number in range(DIGEST):
        await table.add(f"n{number}")
    assert len(await table.fire(minutes(240))) == DIGEST
    for number in range(DIGEST + 1):
        await table.add(f"again {number}", NINE + timedelta(hours=5, minutes=number))
    await table.add("elsewhere", NINE + timedelta(hours=5), conversation="telegram:8")
    digest, single = sorted(await table.fire(minutes(600)), key=len, reverse=True)
    head, *lines = digest.splitlines()
    assert head == "While I was away, 21 reminders came due:"
    assert lines == [f"• Fri 20.11.2026 14:{n:02} · again {n}" for n in range(21)]
    assert single.startswith("⏰ elsewhere")
    assert await table.fire(minutes(601)) == []


async def test_a_daily_one_is_told_once_after_three_days_and_goes_on(table: Table) -> None:
    kept = await table.add("pills", repeat="every day")
    texts = await table.fire(AT + timedelta(days=3, minutes=5))
    assert texts == [
        "⏰ pills\nLate: this was for Fri 20.11.2026 09:00.\nIt came due 3 more times meanwhile."
    ]
    assert (await table.again(kept)).local == NINE + timedelta(days=4)
    assert await table.fire(AT + timedelta(days=3, minutes=6)) == []
    assert await table.fire(AT + timedelta(days=4)) == ["⏰ pills"]


async def test_a_clock_that_is_set_back_repeats_nothing(table: Table) -> None:
    await table.add("once")
    await table.add("pills", repeat="every day")
    assert len(await table.fire(AT + timedelta(days=1))) == 2  # the clock was a day ahead
    assert await table.fire(AT) == []
    assert await table.fire(AT + timedelta(days=1)) == []
    assert await table.fire(AT + timedelta(days=2)) == ["⏰ pills"]


async def test_a_rule_that_ended_meanwhile_says_what_was_missed(table: Table) -> None:
    kept = await table.add("pills", repeat="every day until November 22 2026")
    (text,) = await table.fire(AT + timedelta(days=9))
    assert text.endswith("It came due 2 more times meanwhile.")
    assert (await table.again(kept)).state is ReminderState.TOLD


# Nagging and quiet hours.


async def test_it_nags_until_it_is_answered_but_not_at_night(table: Table) -> None:
    evening = datetime(2026, 11, 20, 21, 45)
    kept = await table.add("pills", evening, nag=10)
    begin = instant(evening, BERLIN)
    assert await table.fire(begin) == ["⏰ pills"]
    assert await table.fire(begin + timedelta(minutes=9)) == []
    assert await table.fire(begin + timedelta(minutes=10)) == ["⏰ pills"]
    due = (await table.again(kept)).due
    assert due == instant(datetime(2026, 11, 21, 7, 0), BERLIN)  # when the quiet hours are over
    assert due is not None
    assert await table.fire(due) == ["⏰ pills"]
    done = replace(await table.again(kept), state=ReminderState.DONE, again=None)
    await table.reminders.change(done, job=9, step=1)
    assert await table.fire(due + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("hour", "silent"), [(22, True), (3, True), (7, False), (12, False), (21, False)]
)
async def test_what_was_asked_for_at_night_comes_silently(
    table: Table, hour: int, silent: bool
) -> None:
    local = datetime(2026, 11, 20, hour, 0)
    await table.add("x", local)
    assert len(await table.fire(instant(local, BERLIN))) == 1
    (row,) = await table.rows()
    assert row.reply.silent is silent


@pytest.mark.parametrize(
    ("begin", "end", "clock", "quiet"),
    [
        (time(22), time(7), time(23), True),
        (time(22), time(7), time(7), False),
        (time(13), time(15), time(14), True),
        (time(13), time(15), time(15), False),
        (time(0), time(0), time(0), False),
    ],
)
def test_quiet_hours(begin: time, end: time, clock: time, quiet: bool) -> None:
    hours, moment = Quiet(begin, end), datetime.combine(NINE, clock, UTC)
    assert hours.holds(moment) is quiet
    over = hours.over(moment)
    assert over >= moment
    assert not hours.holds(over)
    assert (over == moment) is not quiet


async def test_put_off_it_rings_then_and_its_rule_goes_on(table: Table) -> None:
    kept = await table.add("pills", repeat="every day")
    await table.fire(minutes(0))
    later = replace(await table.again(kept), again=minutes(10))
    await table.reminders.change(later, job=9, step=1)
    assert [each.due for each in await table.reminders.armed()] == [minutes(10)]
    assert await table.fire(minutes(10)) == ["⏰ pills"]
    assert (await table.again(kept)).due == AT + timedelta(days=1)


# Recorded with what it replaces.


async def test_a_second_run_of_a_job_makes_no_second_reminder(table: Table) -> None:
    wanted = Reminder(0, "call", NINE, BERLIN, AT, CHAT, user="7")
    first = await table.reminders.add(wanted, job=5, step=1)
    assert await table.reminders.add(wanted, job=5, step=1) == first
    other = await table.reminders.add(wanted, job=5, step=2)
    assert other.id != first.id
    assert len(await table.effects.of_job(5)) == 2


async def test_a_change_is_an_effect_with_both_images(table: Table) -> None:
    kept = await table.add("call")
    moved = replace(kept, at=minutes(60), local=NINE + timedelta(hours=1))
    await table.reminders.change(moved, job=5, step=1, conversation="cli:x")
    await table.reminders.change(replace(moved, text="no"), job=5, step=1)  # the same step again
    assert await table.again(kept) == moved
    (effect,) = await table.effects.of_job(5)
    assert (effect.kind, effect.path, effect.state) == (
        "reminder",
        f"reminder:{kept.id}",
        EffectState.DONE,
    )
    assert effect.conversation == "cli:x"
    image = await table.effects.image(effect.id)
    assert image is not None
    assert image.before is not None
    assert image.after is not None
    assert Reminder.from_image(image.before) == kept
    assert Reminder.from_image(image.after) == moved
    await table.reminders.change(kept, job=6, step=1, undoes=effect.id)
    undone = await table.effects.effect(effect.id)
    assert undone is not None
    assert undone.state is EffectState.UNDONE
    assert await table.again(kept) == kept


async def test_an_unknown_one_cannot_be_changed(table: Table) -> None:
    ghost = Reminder(77, "call", NINE, BERLIN, AT, CHAT)
    assert await table.reminders.change(ghost, job=5, step=1) == ghost
    assert await table.effects.of_job(5) == []
    assert await table.reminders.reminder(77) is None


def test_the_documented_shape() -> None:
    reminder = Reminder(4, "call", NINE, BERLIN, AT, CHAT, repeat="every day")
    assert reminder.as_json() == {
        "id": 4,
        "text": "call",
        "at": "2026-11-20T09:00:00+01:00",
        "repeat": "every day",
        "path": None,
    }


async def test_listeners_hear_of_whatever_may_ring_sooner(table: Table) -> None:
    heard: list[int] = []
    table.reminders.subscribe(lambda: heard.append(1))
    kept = await table.add()
    await table.reminders.change(replace(kept, text="x"), job=9, step=1)
    await table.sync(AT, todo("water the ferns"))
    await table.reminders.move_owner("Asia/Tokyo", BERLIN, AT)
    assert len(heard) == 4


# The owner goes elsewhere.


async def test_in_another_zone_what_repeats_keeps_its_clock_and_the_rest_its_moment(
    table: Table,
) -> None:
    once = await table.add("once")
    daily = await table.add("pills", repeat="every day")
    often = await table.add("drink", repeat="every 90 minutes")
    await table.sync(minutes(-99), todo("water the ferns"))
    moved = await table.reminders.move_owner("Asia/Tokyo", BERLIN, minutes(-99))
    assert moved == 4
    assert await table.reminders.zone() == "Asia/Tokyo"
    tokyo = instant(NINE, "Asia/Tokyo")
    armed = {each.text: each for each in await table.reminders.armed()}
    assert armed["pills"].at == armed["water the ferns"].at == tokyo
    assert armed["once"].at == armed["drink"].at == AT
    assert armed["once"].local == datetime(2026, 11, 20, 17, 0)
    assert {each.zone for each in armed.values()} == {"Asia/Tokyo"}
    await table.sync(minutes(-98), todo("water the ferns"), zone="Asia/Tokyo")
    assert len(await table.reminders.armed()) == 4
    assert await table.reminders.move_owner("", BERLIN, minutes(-97)) == 4
    assert await table.reminders.zone() == ""
    assert (await table.again(once)).local == NINE
    assert (await table.again(daily)).at == AT
    assert (await table.again(often)).at == AT


async def test_twenty_zones_one_after_the_other_leave_no_ring_out(table: Table) -> None:
    kept = await table.add("pills", repeat="every day")
    zones: Sequence[str] = ("Asia/Tokyo", "America/New_York", "Europe/Lisbon", "Asia/Kolkata")
    now, rings = AT - timedelta(hours=12), 0
    for number in range(20):
        zone = zones[number % 4]
        await table.reminders.move_owner(zone, BERLIN, now)
        armed = await table.again(kept)
        assert armed.at == instant(armed.local, zone)
        now += timedelta(days=1)
        while await table.reminders.fire(now, WORDS):
            rings += 1
    local = (await table.again(kept)).local
    assert local.time() == time(9)
    rows = await table.database.read(
        lambda connection: connection.execute("SELECT sum(missed + 1) FROM rings").fetchone()
    )
    assert rows[0] == (local - NINE).days  # every day once, however often the clocks differed


# Alarms that stand in notes.


async def test_an_alarm_in_a_note_rings_with_the_note_it_stands_in(table: Table) -> None:
    assert await table.sync(minutes(-60), todo("water the ferns")) == (1, 0, 0)
    assert await table.sync(minutes(-59), todo("water the ferns")) == (0, 0, 0)
    assert await table.fire(minutes(0)) == ["⏰ water the ferns"]
    (row,) = await table.rows()
    assert row.reply.about == "Tasks.md"


@pytest.mark.parametrize(
    "elsewhere",
    [{"path": "Garden/Ferns.md"}, {"line": 99}, {"status": "/"}, {"due": NINE.date()}],
)
async def test_a_note_that_is_renamed_or_sorted_rings_no_second_time(
    table: Table, elsewhere: dict[str, Any]
) -> None:
    await table.sync(minutes(-60), todo("water the ferns"))
    await table.fire(minutes(0))
    assert await table.sync(minutes(5), todo("water the ferns", **elsewhere)) == (0, 0, 0)
    assert await table.sync(minutes(6)) == (0, 0, 1)  # gone for a moment, as a sync tool does it
    assert await table.sync(minutes(7), todo("water the ferns", **elsewhere)) == (0, 0, 0)
    assert await table.fire(minutes(8)) == []


async def test_a_date_moved_in_the_note_moves_the_alarm(table: Table) -> None:
    await table.sync(minutes(-60), todo("water the ferns"))
    later = NINE + timedelta(hours=2)
    assert await table.sync(minutes(-50), todo("water the ferns", later)) == (0, 1, 0)
    assert await table.fire(minutes(0)) == []
    assert await table.fire(minutes(120)) == ["⏰ water the ferns"]
    tomorrow = NINE + timedelta(days=1)  # moved once more after it rang
    assert await table.sync(minutes(130), todo("water the ferns", tomorrow)) == (0, 1, 0)
    assert await table.fire(AT + timedelta(days=1)) == ["⏰ water the ferns"]


@pytest.mark.parametrize("gone", [{"open": False, "status": "x"}, {"at": None}])
async def test_ticked_or_without_its_alarm_it_is_disarmed(
    table: Table, gone: dict[str, Any]
) -> None:
    await table.sync(minutes(-60), todo("water the ferns"))
    assert await table.sync(minutes(-50), todo("water the ferns", **gone)) == (0, 0, 1)
    assert await table.fire(minutes(0)) == []
    await table.sync(minutes(1))
    await table.sync(minutes(2), todo("water the ferns"))  # opened again when it is over
    assert await table.fire(minutes(3)) == []


async def test_opened_again_in_time_it_rings(table: Table) -> None:
    await table.sync(minutes(-60), todo("water the ferns"))
    await table.sync(minutes(-50))
    await table.sync(minutes(-40), todo("water the ferns"))
    assert await table.fire(minutes(0)) == ["⏰ water the ferns"]


async def test_alarms_of_long_ago_are_not_told_when_they_are_first_seen(table: Table) -> None:
    old = [todo(f"old {n}", NINE - timedelta(days=n)) for n in range(1, 50)]
    assert await table.sync(AT, *old) == (49, 0, 0)
    assert await table.fire(minutes(1)) == []


async def test_one_that_was_written_and_came_due_while_we_were_away_is_told_late(
    table: Table,
) -> None:
    await table.sync(minutes(-600))
    await table.sync(minutes(60), todo("water the ferns"))
    (text,) = await table.fire(minutes(60))
    assert text.startswith("⏰ water the ferns\nLate")


async def test_the_same_line_in_two_notes_rings_once(table: Table) -> None:
    both = todo("water the ferns"), todo("water the ferns", path="B.md")
    assert await table.sync(minutes(-60), *both) == (1, 0, 0)
    assert len(await table.fire(minutes(0))) == 1


async def test_the_next_one_of_a_repeating_to_do_is_armed_when_it_is_ticked(table: Table) -> None:
    await table.sync(minutes(-60), todo("pills"))
    await table.fire(minutes(0))
    done, following = todo("pills", open=False), todo("pills", NINE + timedelta(days=1))
    await table.sync(minutes(5), done, following)
    assert await table.fire(AT + timedelta(days=1)) == ["⏰ pills"]


# What is thrown away in time.


async def test_what_is_over_for_a_month_is_forgotten_and_what_will_ring_is_not(
    table: Table,
) -> None:
    await table.add("once")
    daily = await table.add("pills", repeat="every day")
    await table.sync(minutes(-60), todo("water the ferns"))
    await table.fire(minutes(0))
    later = AT + timedelta(days=40)
    events = SqliteEvents(table.database)
    await events.prune(AT + timedelta(days=20))
    assert len(await table.reminders._many("1")) == 3
    await events.prune(later)
    left = {each.text for each in await table.reminders._many("1")}
    assert left == {"pills", "water the ferns"}
    assert await table.sync(later, todo("water the ferns")) == (0, 0, 0)
    (text,) = await table.fire(later)
    assert text.startswith("⏰ pills\nLate")
    assert (await table.again(daily)).at > later
