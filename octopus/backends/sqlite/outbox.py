"""What front ends deliver from: rows in order, with what is known of their delivery."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from octopus.backends.sqlite import rows
from octopus.backends.sqlite.database import Database
from octopus.core.message import Enclosure
from octopus.core.outgoing import Outgoing
from octopus.core.ports import Pictures


class SqliteOutbox:
    """Fills the ``Outbox`` port."""

    def __init__(self, database: Database, pictures: Pictures | None = None) -> None:
        """``pictures`` keeps what goes out with replies."""
        self._db = database
        self._pictures = pictures

    async def due(
        self, conversation_prefix: str, limit: int = 100, after: int = 0
    ) -> list[Outgoing]:
        """Rows not yet delivered whose conversation starts so, in order of their ids."""

        def work(connection: sqlite3.Connection) -> list[Outgoing]:
            found = connection.execute(
                f"SELECT {rows.OUTGOING} FROM outbox WHERE state IN ('pending', 'sending')"
                " AND id > ? AND substr(conversation, 1, ?) = ? ORDER BY id LIMIT ?",
                (after, len(conversation_prefix), conversation_prefix, limit),
            )
            return [rows.outgoing(row) for row in found]

        return await self._db.read(work)

    async def sending(self, rows: Sequence[Outgoing]) -> None:
        """Record that calls for these rows are about to be made.

        Not synced, like :meth:`sent`: a kill cannot undo it, and what a power cut undoes is a
        mark that lets a reply be shown once more.
        """
        ids = [row.id for row in rows]

        def work(connection: sqlite3.Connection) -> None:
            for row_id in ids:
                connection.execute(
                    "UPDATE outbox SET state = 'sending', attempt = attempt + 1 WHERE id = ?",
                    (row_id,),
                )

        await self._db.write(work, synced=False)

    async def sent(self, row: Outgoing, parts: Sequence[str], *, last: bool = True) -> None:
        """Record the message ids that the other side gave; the row is done with the last."""
        state = "sent" if last else "pending"

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE outbox SET state = ?, parts = ?, not_before = NULL WHERE id = ?",
                (state, json.dumps(list(parts)), row.id),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO shown (conversation, message_id, outbox) VALUES (?, ?, ?)",
                [(row.conversation, part, row.id) for part in parts],
            )

        await self._db.write(work, synced=False)

    async def delay(self, row: Outgoing, not_before: datetime, error: str) -> None:
        """Try again later: the call was refused, so nothing is shown yet."""
        await self._set(row, "pending", rows.stamp(not_before), error)

    async def bury(self, row: Outgoing, error: str) -> None:
        """Never try again."""
        await self._set(row, "dead", None, error)

    async def message_of(self, job: int) -> str:
        """The message in which a job's reply is shown; "" while it is not."""

        def work(connection: sqlite3.Connection) -> str:
            row = connection.execute(
                "SELECT parts ->> '$[0]' FROM outbox WHERE job = ? AND act IN ('send', 'edit')"
                " AND state = 'sent' ORDER BY id DESC",
                (job,),
            ).fetchone()
            return str(row[0]) if row and row[0] else ""

        return await self._db.read(work)

    async def enclosed(self, enclosure: Enclosure) -> bytes | None:
        """The bytes that go out with a reply; None when they are not kept any more."""
        return await self._pictures.read(enclosure.ref) if self._pictures else None

    async def _set(self, row: Outgoing, state: str, not_before: str | None, error: str) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE outbox SET state = ?, not_before = ?, error = ? WHERE id = ?",
                (state, not_before, error, row.id),
            )

        await self._db.write(work)
