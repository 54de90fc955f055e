"""The armed alarms in SQLite."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from octopus.backends.sqlite import rows
from octopus.backends.sqlite.database import Database
from octopus.core.reminder import Reminder

_COLUMNS = "id, text, local, zone, at, conversation, repeat, nag, path, todo"


class SqliteReminders:
    """Fills the ``Reminders`` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def armed(self) -> list[Reminder]:
        """All that will still be told, the soonest first."""

        def work(connection: sqlite3.Connection) -> list[Reminder]:
            found = connection.execute(
                f"SELECT {_COLUMNS} FROM reminders WHERE state = 'armed' ORDER BY at, id"
            )
            return [_reminder(row) for row in found]

        return await self._db.read(work)

    async def add(self, reminder: Reminder, *, job: int, step: int) -> Reminder:
        """Keep one and give it its id; once for each step of a job."""

        def work(connection: sqlite3.Connection) -> Reminder:
            connection.execute(
                "INSERT INTO reminders (job, step, conversation, text, local, zone, at, repeat,"
                " nag, path, todo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (job, step) DO NOTHING",
                (
                    job,
                    step,
                    reminder.conversation,
                    reminder.text,
                    reminder.local.isoformat(),
                    reminder.zone,
                    rows.stamp(reminder.at),
                    reminder.repeat,
                    reminder.nag,
                    reminder.path,
                    reminder.todo,
                ),
            )
            found = connection.execute(
                "SELECT id FROM reminders WHERE job = ? AND step = ?", (job, step)
            ).fetchone()
            return replace(reminder, id=found[0])

        return await self._db.write(work)


def _reminder(row: sqlite3.Row) -> Reminder:
    number, text, local, zone, at, conversation, repeat, nag, path, todo = row
    return Reminder(
        id=number,
        text=text,
        local=datetime.fromisoformat(local),
        zone=zone,
        at=datetime.fromisoformat(at),
        conversation=conversation,
        repeat=repeat,
        nag=bool(nag),
        path=path,
        todo=todo,
    )
