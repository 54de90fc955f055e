"""The durable life of jobs: accepted, started, settled, each in one transaction."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from octopus.backends.sqlite import rows
from octopus.backends.sqlite.database import Database
from octopus.backends.sqlite.showing import THERE, UNSHARED, keep_buttons, put_out
from octopus.core.event import Bus, Event
from octopus.core.job import Job, Priority, State
from octopus.core.message import Button, Kind, Message, Reply

#: Conversations whose front end asks for the reply instead of being told.
ASKING = ("cli:", "http:")

_BUTTON = (
    "SELECT b.id, b.job, b.label, b.intent, b.args, b.expires_at, b.used_by,"
    " j.conversation, j.message ->> 'user', j.reply ->> 'language'"
    " FROM buttons b JOIN jobs j ON j.id = b.job WHERE b.id = ?"
)

# The last part of a long reply is the one with the buttons.
_SHOWN_IN = (
    "SELECT coalesce(o.parts ->> '$[#-1]', o.target) FROM outbox o WHERE o.job = ?"
    f" AND o.act IN ('send', 'edit') AND {THERE} AND {UNSHARED} ORDER BY o.id DESC LIMIT 1"
)

#: Front ends of this machine, whose user may press any button.
LOCAL = ("cli:", "console")


class SqliteJournal:
    """Fills the ``Journal`` port."""

    def __init__(
        self, database: Database, bus: Bus, boot: str, clock: Callable[[], datetime] = rows.now
    ) -> None:
        self._db = database
        self._bus = bus
        self._boot = boot
        self._now = clock

    async def accept(self, messages: Sequence[Message]) -> list[Job]:
        """Write messages down; those whose key is known already are left out.

        So are presses of buttons that we never showed there: somebody made them up.
        """
        at = self._now()

        def work(connection: sqlite3.Connection) -> tuple[list[Job], list[Event]]:
            jobs = []
            for message in messages:
                if message.kind is Kind.PRESS and not _was_shown(connection, message):
                    continue
                cursor = connection.execute(
                    "INSERT OR IGNORE INTO jobs (key, conversation, message_id, album, message,"
                    " received_at, state, priority) VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)",
                    (
                        message.key,
                        message.conversation,
                        message.message_id,
                        message.album,
                        message.to_json(),
                        rows.stamp(at),
                        Priority.OWNER,
                    ),
                )
                if cursor.rowcount:
                    jobs.append(Job(cursor.lastrowid or 0, message, at))
            return jobs, [_keep(connection, "job.accepted", job, at) for job in jobs]

        jobs, events = await self._db.write(work)
        self._publish(events)
        return jobs

    async def recover(self, boot: str) -> list[Job]:
        """Queue again what another process left running; return all that is not settled."""

        def work(connection: sqlite3.Connection) -> list[Job]:
            connection.execute(
                "UPDATE jobs SET state = 'queued' WHERE state = 'running' AND boot <> ?", (boot,)
            )
            found = connection.execute(
                f"SELECT {rows.JOB} FROM jobs WHERE state IN ('queued', 'running') ORDER BY id"
            )
            return [rows.job(row) for row in found]

        return await self._db.write(work)

    async def start(self, job: Job) -> Job:
        """Count an attempt and mark the job as running in this process.

        Not synced: the count is there against jobs that kill the process, not the power.
        """
        started = replace(job, state=State.RUNNING, attempt=job.attempt + 1, boot=self._boot)

        def work(connection: sqlite3.Connection) -> bool:
            connection.execute(
                "UPDATE jobs SET state = 'running', attempt = ?, boot = ? WHERE id = ?",
                (started.attempt, started.boot, started.id),
            )
            found = connection.execute("SELECT 1 FROM effects WHERE job = ?", (started.id,))
            return found.fetchone() is not None

        started = replace(started, resumed=await self._db.write(work, synced=False))
        self._publish([_event("job.running", started, self._now())])
        return started

    async def settle(
        self, job: Job, state: State, reply: Reply, absorbs: Sequence[Job] = ()
    ) -> Job:
        """Record the outcome together with everything that has to be shown for it."""
        at = self._now()
        buttons = tuple(
            replace(button, id=button.id or secrets.token_hex(16)) for button in reply.buttons
        )
        reply = replace(reply, buttons=buttons)
        settled = replace(job, state=state, reply=reply)
        absorbed = [(state, job.intent, rows.stamp(at), other.id) for other in absorbs]

        def work(connection: sqlite3.Connection) -> Event:
            connection.execute(
                "UPDATE jobs SET state = ?, reply = ?, intent = ?, error = ?, plan = ?,"
                " settled_at = ?, run_after = NULL WHERE id = ?",
                (
                    state,
                    reply.to_json(),
                    settled.intent,
                    settled.error,
                    json.dumps(dict(settled.plan), ensure_ascii=False),
                    rows.stamp(at),
                    job.id,
                ),
            )
            connection.executemany(
                "UPDATE jobs SET state = ?, intent = ?, settled_at = ? WHERE id = ?", absorbed
            )
            keep_buttons(connection, job.id, buttons, at)
            if not job.message.conversation.startswith(ASKING):
                put_out(connection, settled, reply, at)
            return _keep(connection, f"job.{state.value}", settled, at)

        self._publish([await self._db.write(work)])
        return settled

    async def tell(self, job: Job, reply: Reply) -> None:
        """Show something before the outcome is known."""
        if job.message.conversation.startswith(ASKING):
            return
        at = self._now()
        await self._db.write(lambda connection: put_out(connection, job, reply, at))
        self._publish([_event("job.told", job, self._now())])

    async def postpone(
        self, job: Job, run_after: datetime | None, error: str = "", *, refund: bool = False
    ) -> Job:
        """Queue the job again; ``refund`` takes the counted attempt back."""
        attempt = job.attempt - 1 if refund else job.attempt
        waiting = replace(
            job, state=State.QUEUED, attempt=attempt, run_after=run_after, error=error
        )

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE jobs SET state = 'queued', attempt = ?, run_after = ?, error = ?"
                " WHERE id = ?",
                (attempt, rows.stamp(run_after) if run_after else None, error, job.id),
            )

        await self._db.write(work)
        self._publish([_event("job.queued", waiting, self._now())])
        return waiting

    async def job(self, job_id: int) -> Job | None:
        """One job."""
        return await self._one("id = ?", (job_id,))

    async def jobs(self, state: State | None = None, limit: int = 50) -> list[Job]:
        """The newest jobs first."""
        where = "state = ?" if state else "? = ''"
        return await self._many(f"{where} ORDER BY id DESC LIMIT ?", (state or "", limit))

    async def revive(self, job_id: int) -> Job | None:
        """Queue a dead or cancelled job again with fresh attempts; None if it is neither."""

        def work(connection: sqlite3.Connection) -> bool:
            return bool(
                connection.execute(
                    "UPDATE jobs SET state = 'queued', attempt = 0, error = '', run_after = NULL,"
                    " reply = NULL WHERE id = ? AND state IN ('dead', 'cancelled')",
                    (job_id,),
                ).rowcount
            )

        return await self.job(job_id) if await self._db.write(work) else None

    async def versions(self, conversation: str, message_id: str) -> list[Job]:
        """The jobs that an incoming message and its later edits became, oldest first."""
        return await self._many(
            "conversation = ? AND message_id = ? AND message ->> 'kind' <> 'press' ORDER BY id",
            (conversation, message_id),
        )

    async def said(self, conversation: str, message_id: str) -> tuple[Job, Reply] | None:
        """The job and reply behind a message that we sent."""

        def work(connection: sqlite3.Connection) -> tuple[Job, Reply] | None:
            row = connection.execute(
                f"SELECT {', '.join('j.' + name for name in rows.JOB.split(', '))}, o.reply"
                " FROM shown s JOIN outbox o ON o.id = s.outbox JOIN jobs j ON j.id = o.job"
                " WHERE s.conversation = ? AND s.message_id = ? ORDER BY o.id DESC",
                (conversation, message_id),
            ).fetchone()
            return (rows.job(row[:-1]), Reply.from_json(row[-1])) if row else None

        return await self._db.read(work)

    async def shown_in(self, job: int) -> str:
        """The message whose buttons are those of a job's reply; "" where there is none yet, or
        where it holds the receipts of other jobs, too."""

        def work(connection: sqlite3.Connection) -> str:
            row = connection.execute(_SHOWN_IN, (job,)).fetchone()
            return str(row[0]) if row else ""

        return await self._db.read(work)

    async def album(self, conversation: str, album: str) -> list[Job]:
        """The jobs whose messages belong together, oldest first."""
        return await self._many(
            "conversation = ? AND album = ? AND album <> '' ORDER BY id", (conversation, album)
        )

    async def button(self, button_id: str, message: Message) -> Button | None:
        """What a pressed button stands for.

        None when it is unknown, was made for somebody else, belongs to another message, or
        could be pressed only once or only for a while.
        """
        at = rows.stamp(self._now())

        def work(connection: sqlite3.Connection) -> Button | None:
            found = connection.execute(_BUTTON, (button_id,)).fetchone()
            if found is None or not _may_press(connection, found, message, at):
                return None
            id_, _, label, intent, args, expires_at, *_, language = found
            return Button(label, intent, json.loads(args), id_, bool(expires_at), language or "")

        return await self._db.read(work)

    async def use(self, button_id: str, job: Job) -> bool:
        """Consume a button that can be pressed once; False when another job was faster."""

        def work(connection: sqlite3.Connection) -> bool:
            return bool(
                connection.execute(
                    "UPDATE buttons SET used_by = ? WHERE id = ?"
                    " AND (used_by IS NULL OR used_by = ?)",
                    (job.id, button_id, job.id),
                ).rowcount
            )

        return await self._db.write(work)

    async def latest(self, conversation: str, before: int, limit: int = 1) -> list[Job]:
        """The jobs of a conversation settled before the given one, newest first."""
        return await self._many(
            "conversation = ? AND id < ? AND settled_at IS NOT NULL ORDER BY id DESC LIMIT ?",
            (conversation, before, limit),
        )

    async def counts(self) -> dict[str, int]:
        """How many jobs are in each state."""

        def work(connection: sqlite3.Connection) -> dict[str, int]:
            return dict(connection.execute("SELECT state, count(*) FROM jobs GROUP BY state"))

        return await self._db.read(work)

    async def _one(self, where: str, values: tuple[object, ...]) -> Job | None:
        found = await self._many(f"{where} LIMIT 1", values)
        return found[0] if found else None

    async def _many(self, where: str, values: tuple[object, ...]) -> list[Job]:
        def work(connection: sqlite3.Connection) -> list[Job]:
            query = f"SELECT {rows.JOB} FROM jobs WHERE {where}"
            return [rows.job(row) for row in connection.execute(query, values)]

        return await self._db.read(work)

    def _publish(self, events: Sequence[Event]) -> None:
        for event in events:
            self._bus.publish(event)


def _event(type_: str, job: Job, at: datetime) -> Event:
    data = {"job": job.id, "conversation": job.message.conversation, "kind": job.kind}
    if job.intent:
        data["intent"] = job.intent
    return Event(type_, at, data)


def _keep(connection: sqlite3.Connection, type_: str, job: Job, at: datetime) -> Event:
    return rows.keep_event(connection, _event(type_, job, at))


def _was_shown(connection: sqlite3.Connection, message: Message) -> bool:
    found = connection.execute(_BUTTON, (message.press,)).fetchone()
    return found is not None and _belongs(connection, found, message)


def _may_press(
    connection: sqlite3.Connection, button: tuple[str, ...], message: Message, at: str
) -> bool:
    expires_at, used_by = button[5:7]
    if expires_at and (at > expires_at or used_by is not None):
        return False
    return _belongs(connection, button, message)


def _belongs(connection: sqlite3.Connection, button: tuple[str, ...], message: Message) -> bool:
    """Whether the button was shown to this person, in this conversation, under this message."""
    _, job, _, _, _, _, _, conversation, user, _ = button
    if message.conversation.startswith(LOCAL):
        return True
    if message.conversation != conversation or message.user != user:
        return False
    shown = connection.execute(
        "SELECT 1 FROM shown s JOIN outbox o ON o.id = s.outbox"
        " WHERE s.conversation = ? AND s.message_id = ? AND o.job = ?",
        (conversation, message.message_id, job),
    ).fetchone()
    return shown is not None or _lost_copy(connection, message, job)


def _lost_copy(connection: sqlite3.Connection, message: Message, job: str) -> bool:
    """Whether this may be a copy that arrived while we died: we never learnt its message id.

    Its buttons have to work, since the owner sees it. Who knows the id of a button has seen it.
    """
    known = "SELECT 1 FROM shown WHERE conversation = ? AND message_id = ?"
    if (
        not message.message_id
        or connection.execute(known, (message.conversation, message.message_id)).fetchone()
    ):
        return False
    interrupted = "SELECT 1 FROM outbox WHERE job = ? AND (attempt > 1 OR state = 'sending')"
    return connection.execute(interrupted, (job,)).fetchone() is not None
