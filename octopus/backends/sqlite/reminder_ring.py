"""What rings: found in the table, put out, and moved to its next time, in one transaction."""

from __future__ import annotations

import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from octopus.backends.sqlite import reminder_rows as table
from octopus.backends.sqlite import rows
from octopus.backends.sqlite.showing import keep_buttons, put_out
from octopus.core.event import Event
from octopus.core.job import Job, Priority, State
from octopus.core.message import Kind, Message, Reply
from octopus.core.reminder import LATE, Quiet, Reminder, ReminderState, Ring, Teller
from octopus.obsidian.alarm import following

#: More that are late at once are told in one message.
DIGEST = 20

#: Rings of one transaction that come in time; the others wait for the next.
TOGETHER = 200


def ring_all(
    connection: sqlite3.Connection, now: datetime, teller: Teller
) -> tuple[int, list[Event]]:
    """Put out what is due at ``now``; how many rang, and what happened by it."""
    late, on_time = _due(connection, now)
    count, events = 0, []
    for group in [*_digests(late), *([ring] for ring in on_time)]:
        fresh = [ring for ring in group if _first(connection, ring)]
        for ring in group:
            table.update(connection, rung(ring, now, teller.quiet))
        if fresh:
            events.append(_tell(connection, fresh, teller.reply(fresh, now), now))
            count += len(fresh)
    return count, events


def _due(connection: sqlite3.Connection, now: datetime) -> tuple[list[Ring], list[Ring]]:
    """What is late, and what comes in time: of that as much as one transaction takes."""
    late: list[Ring] = []
    on_time: list[Ring] = []
    for reminder in table.many(connection, "due <= ? ORDER BY due, id", rows.stamp(now)):
        at = reminder.due
        assert at is not None
        by_rule = reminder.state is ReminderState.ARMED and reminder.at <= now
        found = by_rule and following(
            reminder.local, reminder.zone, reminder.repeat, now, reminder.told + 1
        )
        missed = found.missed if found else _missed_to_the_end(reminder, now) if by_rule else 0
        is_late = now - at > LATE
        (late if is_late else on_time).append(Ring(reminder, at, is_late, missed))
    return late, on_time[:TOGETHER]


def _missed_to_the_end(reminder: Reminder, now: datetime) -> int:
    """How often a rule that has ended meanwhile would have rung beside the first time."""
    missed, local, told = 0, reminder.local, reminder.told + 1
    while found := following(local, reminder.zone, reminder.repeat, reminder.at, told + missed):
        if found.at > now or found.local <= local:
            break
        missed, local = missed + 1, found.local
    return missed


def _digests(late: list[Ring]) -> list[list[Ring]]:
    """Late ones one by one, where they are many together, for each conversation."""
    groups: dict[str, list[Ring]] = defaultdict(list)
    for ring in late:
        groups[ring.reminder.conversation].append(ring)
    found: list[list[Ring]] = []
    for rings in groups.values():
        found += [rings] if len(rings) > DIGEST else [[ring] for ring in rings]
    return found


def rung(ring: Ring, now: datetime, quiet: Quiet) -> Reminder:
    """The reminder once it was told: at its next time, told again, or told for good."""
    told = replace(ring.reminder, again=_nag(ring.reminder, now, quiet))
    if told.state is not ReminderState.ARMED or told.at > now:
        return told
    count = told.told + 1
    found = following(told.local, told.zone, told.repeat, now, count)
    if found is None:
        return replace(told, state=ReminderState.TOLD, told=count + ring.missed)
    return replace(told, local=found.local, at=found.at, told=count + found.missed)


def _nag(reminder: Reminder, now: datetime, quiet: Quiet) -> datetime | None:
    """When it is told again: never in the quiet hours, but when they are over."""
    if not reminder.nag:
        return None
    at = now + timedelta(minutes=reminder.nag)
    return quiet.over(at.astimezone(ZoneInfo(reminder.zone))).astimezone(now.tzinfo)


def _first(connection: sqlite3.Connection, ring: Ring) -> bool:
    """Whether this was never told before."""
    key = "SELECT 1 FROM rings WHERE key = ?"
    return connection.execute(key, (ring.key,)).fetchone() is None


def _tell(
    connection: sqlite3.Connection, rings: Sequence[Ring], reply: Reply, now: datetime
) -> Event:
    """A settled job with its reply, and a row for the front end."""
    first = rings[0].reminder
    key = rings[0].key if len(rings) == 1 else f"{rings[0].key}+{len(rings) - 1}"
    message = Message(
        key=key,
        conversation=first.conversation,
        user=first.user,
        text=first.text if len(rings) == 1 else "",
        sent_at=now,
        kind=Kind.ALARM,
    )
    buttons = tuple(replace(b, id=secrets.token_hex(16)) for b in reply.buttons)
    reply = replace(reply, buttons=buttons)
    stamp = rows.stamp(now)
    cursor = connection.execute(
        "INSERT INTO jobs (key, conversation, message_id, album, message, received_at, state,"
        " priority, intent, reply, settled_at)"
        " VALUES (?, ?, '', '', ?, ?, 'done', ?, 'reminder.ring', ?, ?)",
        (
            key,
            first.conversation,
            message.to_json(),
            stamp,
            Priority.REMINDER,
            reply.to_json(),
            stamp,
        ),
    )
    number = cursor.lastrowid or 0
    connection.executemany(
        "INSERT INTO rings (key, reminder, job, missed, at) VALUES (?, ?, ?, ?, ?)",
        [(ring.key, ring.reminder.id, number, ring.missed, stamp) for ring in rings],
    )
    keep_buttons(connection, number, buttons, now)
    job = Job(number, message, now, State.DONE, intent="reminder.ring", reply=reply)
    put_out(connection, job, reply, now)
    data = {"job": number, "conversation": first.conversation, "kind": job.kind}
    data["intent"] = job.intent
    return rows.keep_event(connection, Event("job.done", now, data))
