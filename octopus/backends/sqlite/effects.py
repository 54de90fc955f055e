"""The durable record of every write to the vault, with the bytes to take it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from octopus.backends.sqlite import rows
from octopus.backends.sqlite.database import Database
from octopus.backends.sqlite.image import pack, unpack
from octopus.core.effect import Effect, EffectState, Image
from octopus.core.event import Bus, Event
from octopus.errors import Conflict

# The number of an effect; of one made again that of its job's first, which is older than all since.
_BEGUN = (
    "CASE kind WHEN 'again' THEN (SELECT max(first.id) FROM effects AS first"
    " WHERE first.job = effects.job AND first.kind <> 'again') ELSE id END"
)


class SqliteEffects:
    """Fills the ``EffectJournal`` port."""

    def __init__(
        self, database: Database, bus: Bus, clock: Callable[[], datetime] = rows.now
    ) -> None:
        self._db = database
        self._bus = bus
        self._now = clock

    async def step(self, job: int, step: int) -> Effect | None:
        """What was recorded for this step of this job."""
        found = await self._many("job = ? AND step = ?", (job, step))
        return found[0] if found else None

    async def intend(self, effect: Effect, image: Image) -> Effect:
        """Record a write before it is made, with what it replaces; gives it its id."""
        (intended,) = await self.intend_all([(effect, image)])
        return intended

    async def intend_all(self, writes: Sequence[tuple[Effect, Image]]) -> list[Effect]:
        """As :meth:`intend` for many, in one transaction; in the same order."""
        at = self._now()

        def work(connection: sqlite3.Connection) -> list[Effect]:
            return [_keep(connection, effect, image, at) for effect, image in writes]

        return await self._db.write(work)

    async def finish(self, effect: Effect) -> Effect:
        """Record that it was made (or given up); what it takes back is undone with it.

        Returns at once: the outcome of the job is written after it, and a crash before that
        finds the change in the file.
        """
        await self.finish_all([effect])
        return effect

    async def finish_all(self, effects: Sequence[Effect]) -> None:
        """As :meth:`finish` for many, in one transaction."""
        at = self._now()

        def work(connection: sqlite3.Connection) -> list[Event]:
            events = (_settle(connection, effect, at) for effect in effects)
            return [event for event in events if event is not None]

        def publish(events: list[Event]) -> None:
            for event in events:
                self._bus.publish(event)

        self._db.post(work, publish)

    async def effect(self, effect_id: int) -> Effect | None:
        """One effect."""
        found = await self._many("id = ?", (effect_id,))
        return found[0] if found else None

    async def image(self, effect_id: int) -> Image | None:
        """The bytes before and after, while they are kept."""

        return (await self.images([effect_id])).get(effect_id)

    async def images(self, effect_ids: Sequence[int]) -> dict[int, Image]:
        """As :meth:`image` for many; those not kept are left out."""

        def work(connection: sqlite3.Connection) -> dict[int, Image]:
            query = "SELECT before, after, packed FROM images WHERE effect = ?"
            found = {each: connection.execute(query, (each,)).fetchone() for each in effect_ids}
            return {each: unpack(row) for each, row in found.items() if row}

        return await self._db.read(work)

    async def of_job(self, job: int) -> list[Effect]:
        """The effects of a job in the order in which they were made."""
        return await self._many("job = ? ORDER BY step", (job,))

    async def newest(self, conversation: str | None, limit: int = 1) -> list[Effect]:
        """What stands and can be taken back, newest first; what was made again is as old as it
        was the first time."""
        where = "conversation = ?" if conversation else "? IS NULL"
        return await self._many(
            f"{where} AND state = 'done' AND undoes = 0 ORDER BY {_BEGUN} DESC, id DESC LIMIT ?",
            (conversation, limit),
        )

    async def recent(self, since: datetime) -> list[Effect]:
        """What was written since then and stands as done, oldest first."""
        return await self._many("at >= ? AND state = 'done' ORDER BY at, id", (rows.stamp(since),))

    async def _many(self, where: str, values: tuple[object, ...]) -> list[Effect]:
        def work(connection: sqlite3.Connection) -> list[Effect]:
            query = f"SELECT {rows.EFFECT} FROM effects WHERE {where}"
            return [rows.effect(row) for row in connection.execute(query, values)]

        return await self._db.read(work)


def _keep(connection: sqlite3.Connection, effect: Effect, image: Image, at: datetime) -> Effect:
    if effect.kind == "create":
        _claim(connection, effect)
    (effect_id,) = connection.execute(
        "INSERT INTO effects (job, step, conversation, kind, path, target, state, before,"
        " after, mark, undoes, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (job, step) DO UPDATE SET kind = excluded.kind,"
        " path = excluded.path, target = excluded.target, state = excluded.state,"
        " before = excluded.before, after = excluded.after, mark = excluded.mark,"
        " at = excluded.at RETURNING id",
        (
            effect.job,
            effect.step,
            effect.conversation,
            effect.kind,
            effect.path,
            effect.to,
            effect.state,
            effect.before,
            effect.after,
            effect.mark,
            effect.undoes,
            rows.stamp(at),
        ),
    ).fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO images (effect, before, after, packed) VALUES (?, ?, ?, ?)",
        (effect_id, *pack(image)),
    )
    return replace(effect, id=int(effect_id), at=at)


def _claim(connection: sqlite3.Connection, effect: Effect) -> None:
    """A name that another job is about to give stays that job's: after a crash a file of this
    name must be one's or the other's. Raises Conflict."""
    query = (
        "SELECT 1 FROM effects WHERE state = 'intended' AND path = ? AND kind = 'create'"
        " AND NOT (job = ? AND step = ?)"
    )
    if connection.execute(query, (effect.path, effect.job, effect.step)).fetchone():
        raise Conflict("{path} is about to be made already.", "error.taken_soon", path=effect.path)


def _settle(connection: sqlite3.Connection, effect: Effect, at: datetime) -> Event | None:
    connection.execute("UPDATE effects SET state = ? WHERE id = ?", (effect.state, effect.id))
    if effect.state is not EffectState.DONE:
        return None
    if effect.undoes:
        rows.mark_undone(connection, effect.undoes)
    data = {"effect": effect.id, "job": effect.job, "kind": effect.kind}
    data |= {"path": effect.path, "to": effect.to}
    return rows.keep_event(connection, Event("effect.done", at, data))
