"""How values become rows and rows become values."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime

from octopus.core.effect import Effect, EffectState
from octopus.core.event import Event
from octopus.core.job import Job, Priority, State
from octopus.core.message import Message, Reply
from octopus.core.outgoing import Act, Delivery, Outgoing

JOB = (
    "id, message, received_at, state, priority, attempt, run_after, boot, intent, error, reply,"
    " plan"
)
OUTGOING = "id, job, conversation, act, target, reply, state, attempt, parts, not_before, error"
EFFECT = "id, job, step, conversation, kind, path, state, before, after, target, mark, undoes, at"


def now() -> datetime:
    """The present moment in UTC, as all rows keep it."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A moment as text that sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def job(row: tuple[str, ...]) -> Job:
    """A row of JOB columns."""
    return Job(
        id=int(row[0]),
        message=Message.from_json(row[1]),
        received_at=datetime.fromisoformat(row[2]),
        state=State(row[3]),
        priority=Priority(int(row[4])),
        attempt=int(row[5]),
        run_after=datetime.fromisoformat(row[6]) if row[6] else None,
        boot=row[7],
        intent=row[8],
        error=row[9],
        reply=Reply.from_json(row[10]) if row[10] else None,
        plan=json.loads(row[11]),
    )


def outgoing(row: tuple[str, ...]) -> Outgoing:
    """A row of OUTGOING columns."""
    return Outgoing(
        id=int(row[0]),
        job=int(row[1]),
        conversation=row[2],
        act=Act(row[3]),
        target=row[4],
        reply=Reply.from_json(row[5]),
        state=Delivery(row[6]),
        attempt=int(row[7]),
        parts=tuple(json.loads(row[8])),
        not_before=datetime.fromisoformat(row[9]) if row[9] else None,
        error=row[10],
    )


def effect(row: tuple[str, ...]) -> Effect:
    """A row of EFFECT columns."""
    return Effect(
        id=int(row[0]),
        job=int(row[1]),
        step=int(row[2]),
        conversation=row[3],
        kind=row[4],
        path=row[5],
        state=EffectState(row[6]),
        before=row[7],
        after=row[8],
        to=row[9],
        mark=row[10],
        undoes=int(row[11]),
        at=datetime.fromisoformat(row[12]),
    )


def event(row: tuple[str, ...]) -> Event:
    """A row of the events table: id, at, type, data."""
    return Event(row[2], datetime.fromisoformat(row[1]), json.loads(row[3]), int(row[0]))


def keep_event(connection: sqlite3.Connection, happened: Event) -> Event:
    """Add an event to the kept ones, within the caller's transaction; gives it its id."""
    cursor = connection.execute(
        "INSERT INTO events (at, type, data) VALUES (?, ?, ?)",
        (stamp(happened.at), happened.type, json.dumps(dict(happened.data), ensure_ascii=False)),
    )
    return Event(happened.type, happened.at, happened.data, cursor.lastrowid or 0)


def mark_undone(connection: sqlite3.Connection, effect: int) -> None:
    """An effect is taken back; where it took back another one, that stands again."""
    connection.execute("UPDATE effects SET state = 'undone' WHERE id = ?", (effect,))
    connection.execute(
        "UPDATE effects SET state = 'done' WHERE id ="
        " (SELECT undoes FROM effects WHERE id = ? AND undoes > 0)",
        (effect,),
    )
