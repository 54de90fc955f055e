"""Which messages show which to-dos: found again when the notes change."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from octopus.backends.sqlite import rows
from octopus.backends.sqlite.database import Database
from octopus.backends.sqlite.showing import (
    MESSAGE,
    THERE,
    UNSHARED,
    forget_views,
    keep_buttons,
    keep_view,
    put_row,
)
from octopus.core.event import Bus, Event
from octopus.core.message import Button, Reply
from octopus.core.outgoing import Act
from octopus.core.ports import Standing
from octopus.core.view import View, ViewKind

# Shown by itself: neither in several messages nor in one with the receipts of others.
_ALONE = f"json_array_length(o.parts) < 2 AND {UNSHARED}"
_COLUMNS = f"v.outbox, o.job, v.conversation, {MESSAGE}, o.reply"


class SqliteViews:
    """Fills the ``Views`` port."""

    def __init__(
        self, database: Database, bus: Bus, clock: Callable[[], datetime] = rows.now
    ) -> None:
        self._db = database
        self._bus = bus
        self._now = clock

    async def at(self, conversation: str, message_id: str) -> View | None:
        """What this message shows; None for one that shows no to-dos, or something else too."""

        def work(connection: sqlite3.Connection) -> View | None:
            row = connection.execute(
                "SELECT o.reply FROM views v JOIN outbox o ON o.id = v.outbox"
                f" WHERE v.conversation = ? AND {MESSAGE} = ? AND {THERE} AND {_ALONE}"
                " ORDER BY v.outbox DESC",
                (conversation, message_id),
            ).fetchone()
            return Reply.from_json(row[0]).view if row else None

        return await self._db.read(work)

    async def latest(self, conversation: str, kind: ViewKind | None = None) -> View | None:
        """What the newest message with to-dos shows, sent already or not."""

        def work(connection: sqlite3.Connection) -> View | None:
            row = connection.execute(
                "SELECT o.reply FROM views v JOIN outbox o ON o.id = v.outbox"
                " WHERE v.conversation = ? AND (v.kind = ? OR ? IS NULL) ORDER BY v.at DESC,"
                " v.outbox DESC",
                (conversation, kind, kind),
            ).fetchone()
            return Reply.from_json(row[0]).view if row else None

        return await self._db.read(work)

    async def standing(self, prefix: str, since: datetime, limit: int) -> list[Standing]:
        """The newest messages in conversations that start so, put out since then.

        The message of the day is among them however old it is.
        """

        def work(connection: sqlite3.Connection) -> list[Standing]:
            found = connection.execute(
                f"SELECT {_COLUMNS} FROM views v JOIN outbox o ON o.id = v.outbox"
                " WHERE (v.at >= ? OR v.kind = ?) AND substr(v.conversation, 1, ?) = ?"
                f" AND {THERE} AND {_ALONE} ORDER BY v.kind = ? DESC, v.at DESC, v.outbox DESC"
                " LIMIT ?",
                (
                    rows.stamp(since),
                    ViewKind.TODAY,
                    len(prefix),
                    prefix,
                    ViewKind.TODAY,
                    limit,
                ),
            )
            return [
                Standing(row, job, conversation, message_id, Reply.from_json(reply))
                for row, job, conversation, message_id, reply in found
            ]

        return await self._db.read(work)

    async def change(self, standing: Standing, reply: Reply) -> bool:
        """Put out ``reply`` in place of what the message shows, unless it shows something else."""
        at = self._now()
        buttons = _same_ids(standing.reply.buttons, reply.buttons)
        reply = replace(reply, buttons=buttons, update=True)

        def work(connection: sqlite3.Connection) -> bool:
            row = connection.execute(
                "SELECT kind, at FROM views WHERE outbox = ?", (standing.row,)
            ).fetchone()
            if row is None:
                return False
            where, target = standing.conversation, standing.message_id
            new = put_row(connection, standing.job, where, Act.EDIT, target, reply)
            forget_views(connection, where, target)
            if reply.view is not None:
                keep_view(connection, new, where, ViewKind(row[0]), row[1])
            keep_buttons(connection, standing.job, reply.buttons, at)
            return True

        changed = await self._db.write(work)
        if changed:
            data = {"job": standing.job, "conversation": standing.conversation}
            self._bus.publish(Event("job.told", at, data))
        return changed

    async def keep(self, seen: Sequence[tuple[Standing, View]]) -> None:
        """Remember where the to-dos of messages stand now; they look the same.

        Not synced: what a power cut undoes is found out again.
        """
        values = [
            (replace(standing.reply, view=view).to_json(), standing.row) for standing, view in seen
        ]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE outbox SET reply = ? WHERE id = ? AND id IN (SELECT outbox FROM views)",
                values,
            )

        await self._db.write(work, synced=False)


def _same_ids(old: tuple[Button, ...], new: tuple[Button, ...]) -> tuple[Button, ...]:
    """A button that does what one did before is the same one: no new row, and no new id."""
    known = {(each.intent, str(sorted(each.args.items()))): each.id for each in old}
    return tuple(
        replace(
            each,
            id=known.get((each.intent, str(sorted(each.args.items())))) or secrets.token_hex(16),
        )
        for each in new
    )
