"""The kept events, and what is thrown away in time."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from octopus.backends.sqlite import rows
from octopus.backends.sqlite.database import Database
from octopus.core.event import Event

#: How long settled jobs, their images and events are kept. Telegram repeats an update for a day.
KEEP = timedelta(days=30)


class SqliteEvents:
    """Fills the ``Events`` port."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def after(self, event_id: int, limit: int = 500) -> list[Event]:
        """Events newer than this one, oldest first."""

        def work(connection: sqlite3.Connection) -> list[Event]:
            found = connection.execute(
                "SELECT id, at, type, data FROM events WHERE id > ? ORDER BY id LIMIT ?",
                (event_id, limit),
            )
            return [rows.event(row) for row in found]

        return await self._db.read(work)

    async def prune(self, now: datetime) -> int:
        """Forget what is older than KEEP; dead jobs and conversations stay. Returns the rows."""
        before = rows.stamp(now - KEEP)

        def work(connection: sqlite3.Connection) -> int:
            gone = connection.execute("DELETE FROM events WHERE at < ?", (before,)).rowcount
            gone += connection.execute(
                "DELETE FROM images WHERE effect IN (SELECT id FROM effects WHERE at < ?)",
                (before,),
            ).rowcount
            gone += connection.execute(
                "DELETE FROM jobs WHERE state IN ('done', 'cancelled') AND settled_at < ?"
                " AND id NOT IN (SELECT job FROM outbox WHERE state IN ('pending', 'sending'))"
                " AND id NOT IN (SELECT o.job FROM views v JOIN outbox o ON o.id = v.outbox"
                " WHERE v.kind = 'today')",
                (before,),
            ).rowcount
            # What is known of alarms in notes stays: they would ring as if they were new.
            gone += connection.execute(
                "DELETE FROM reminders WHERE due IS NULL AND at < ? AND path IS NULL", (before,)
            ).rowcount
            gone += connection.execute(
                "DELETE FROM rings WHERE at < ? AND reminder NOT IN"
                " (SELECT id FROM reminders WHERE path IS NOT NULL)",
                (before,),
            ).rowcount
            return gone

        return await self._db.write(work)
