"""The reminders in SQLite: the table is the truth, and what rings is put out with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from octopus.backends.sqlite import reminder_rows as table
from octopus.backends.sqlite import rows
from octopus.backends.sqlite.database import Database
from octopus.backends.sqlite.image import pack
from octopus.backends.sqlite.reminder_note import alarms_of, mirror
from octopus.backends.sqlite.reminder_ring import ring_all
from octopus.core.crash import crash_point
from octopus.core.effect import Image, digest
from octopus.core.event import Bus, Event
from octopus.core.reminder import Reminder, ReminderState, Teller
from octopus.core.todo import Todo
from octopus.obsidian.alarm import elapsed, instant

#: Under which name the owner's zone is remembered, once it was set by a message.
ZONE = "owner.zone"


class SqliteReminders:
    """Fills the ``Reminders`` port. ``moved`` is called with the zone that the owner is in."""

    def __init__(
        self, database: Database, bus: Bus, moved: Callable[[str], None] = lambda zone: None
    ) -> None:
        self._db = database
        self._bus = bus
        self._moved = moved
        self._changed: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever something else may ring next."""
        self._changed.append(listener)

    async def armed(self) -> list[Reminder]:
        """All that will still be told, the soonest first; those of to-dos in notes too."""
        return await self._many("due IS NOT NULL ORDER BY due, id")

    async def reminder(self, reminder_id: int) -> Reminder | None:
        """One, whatever has become of it."""
        found = await self._many("id = ?", reminder_id)
        return found[0] if found else None

    async def next_due(self) -> datetime | None:
        """When the soonest rings."""

        def work(connection: sqlite3.Connection) -> datetime | None:
            (due,) = connection.execute(
                "SELECT min(due) FROM reminders WHERE due IS NOT NULL"
            ).fetchone()
            return datetime.fromisoformat(due) if due else None

        return await self._db.read(work)

    async def add(self, reminder: Reminder, *, job: int, step: int) -> Reminder:
        """Keep one and give it its id; once for each step of a job."""

        def work(connection: sqlite3.Connection) -> Reminder:
            known = table.of_step(connection, job, step)
            if known is not None:
                return known
            kept = table.insert(connection, reminder, job, step)
            _record(connection, kept, None, kept, job, step)
            return kept

        return await self._written(work)

    async def change(
        self, reminder: Reminder, *, job: int, step: int, conversation: str = "", undoes: int = 0
    ) -> Reminder:
        """Put ``reminder`` in the place of what is kept under its id; once for a step of a job.

        The effect is recorded for ``conversation``, else where the reminder is told.
        """

        def work(connection: sqlite3.Connection) -> Reminder:
            before = table.one(connection, reminder.id)
            done = connection.execute(
                "SELECT 1 FROM effects WHERE job = ? AND step = ?", (job, step)
            ).fetchone()
            if before is None or done is not None:
                return before or reminder
            table.update(connection, reminder)
            _record(connection, reminder, before, reminder, job, step, conversation, undoes)
            return reminder

        return await self._written(work)

    async def fire(self, now: datetime, teller: Teller) -> int:
        """Put out what is due at ``now``, each once for ever; returns how many rang.

        What is told and that it was told is one transaction: however the process dies, it is
        told when it starts again, or it is in the outbox already.
        """
        crash_point("reminder.due")

        def work(connection: sqlite3.Connection) -> tuple[int, list[Event]]:
            found = ring_all(connection, now, teller)
            crash_point("reminder.firing")
            return found

        count, events = await self._db.write(work)
        crash_point("reminder.fired")
        for event in events:
            self._bus.publish(event)
        return count

    async def sync(
        self, todos: Sequence[Todo], home: Reminder, now: datetime
    ) -> tuple[int, int, int]:
        """Make the alarms of to-dos what the notes say; returns how many came, moved and went.

        An alarm is the same one as long as the words and the time are: a note may be renamed
        and its lines put in another order. ``home`` says where they are told, and in which zone.
        """
        wanted = alarms_of(todos)

        def work(connection: sqlite3.Connection) -> tuple[int, int, int]:
            return mirror(connection, wanted, home, now)

        return await self._written(work)

    async def zone(self) -> str:
        """The zone that the owner has said to be in; "" where the settings hold."""
        return await self._db.remembered(ZONE) or ""

    async def move_owner(self, zone: str, usual: str, now: datetime) -> int:
        """The owner lives by the clocks of ``zone`` from now on; returns what moves along.

        What repeats, and what stands in notes, keeps its wall clock: it rings when the clocks
        of the new zone show it. What rings once keeps its moment. ``zone`` may be "": the one of
        the settings, ``usual``.
        """
        new = zone or usual

        def work(connection: sqlite3.Connection) -> int:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (ZONE, zone))
            moved = 0
            for reminder in table.many(connection, "state IN ('armed', 'told')"):
                if reminder.zone == new:
                    continue
                moved += reminder.state is ReminderState.ARMED
                table.update(connection, _in_zone(reminder, new))
            return moved

        moved = await self._written(work)
        self._moved(zone)
        return moved

    async def _written(self, work: Callable[[sqlite3.Connection], table.T]) -> table.T:
        result = await self._db.write(work)
        for listener in self._changed:
            listener()
        return result

    async def _many(self, where: str, *values: object) -> list[Reminder]:
        return await self._db.read(lambda connection: table.many(connection, where, *values))


def _in_zone(reminder: Reminder, zone: str) -> Reminder:
    """The reminder of an owner who has gone to another zone."""
    by_calendar = reminder.repeat is not None and elapsed(reminder.repeat) is None
    if by_calendar or reminder.path is not None:
        return replace(reminder, zone=zone, at=instant(reminder.local, zone))
    local = reminder.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return replace(reminder, zone=zone, local=local)


def _record(
    connection: sqlite3.Connection,
    reminder: Reminder,
    before: Reminder | None,
    after: Reminder,
    job: int,
    step: int,
    conversation: str = "",
    undoes: int = 0,
) -> None:
    """An effect that is made already: it is written with the row that it is about."""
    old = before.image() if before is not None else None
    new = after.image()
    (effect,) = connection.execute(
        "INSERT INTO effects (job, step, conversation, kind, path, target, state, before, after,"
        " mark, undoes, at) VALUES (?, ?, ?, ?, ?, '', 'done', ?, ?, '', ?, ?) RETURNING id",
        (
            job,
            step,
            conversation or _asked_in(connection, job) or reminder.conversation,
            "reminder",
            f"reminder:{reminder.id}",
            digest(old),
            digest(new),
            undoes,
            rows.stamp(datetime.now(UTC)),
        ),
    ).fetchone()
    connection.execute("INSERT INTO images VALUES (?, ?, ?, ?)", (effect, *pack(Image(old, new))))
    if undoes:
        rows.mark_undone(connection, undoes)


def _asked_in(connection: sqlite3.Connection, job: int) -> str:
    row = connection.execute("SELECT conversation FROM jobs WHERE id = ?", (job,)).fetchone()
    return row[0] if row else ""
