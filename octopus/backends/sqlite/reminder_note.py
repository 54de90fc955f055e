"""The alarms of to-dos, copied from the notes that they stand in."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from octopus.backends.sqlite import reminder_rows as table
from octopus.backends.sqlite import rows
from octopus.core.reminder import Reminder, ReminderState
from octopus.core.todo import Todo
from octopus.obsidian.alarm import instant, words

_SYNCED = "reminders.synced"


def alarms_of(todos: Sequence[Todo]) -> dict[tuple[str, str], Todo]:
    """The to-dos that ring, by what they are known by: their words and their time."""
    wanted: dict[tuple[str, str], Todo] = {}
    for todo in todos:
        if todo.open and todo.remind_at is not None:
            wanted.setdefault((words(todo.description), todo.remind_at.isoformat()), todo)
    return wanted


def mirror(
    connection: sqlite3.Connection,
    wanted: dict[tuple[str, str], Todo],
    home: Reminder,
    now: datetime,
) -> tuple[int, int, int]:
    """Make the kept alarms what the notes say; how many came, moved and went."""
    kept: dict[tuple[str, str], Reminder] = {}
    for reminder in table.many(connection, "path IS NOT NULL ORDER BY id"):
        kept[reminder.todo, reminder.local.isoformat()] = reminder
    loose: dict[str, list[Reminder]] = defaultdict(list)
    for key, reminder in kept.items():
        if key not in wanted and reminder.state is not ReminderState.DROPPED:
            loose[reminder.todo].append(reminder)
    seen = _seen_before(connection, now)
    came = moved = 0
    for key, todo in wanted.items():
        known = kept.get(key)
        if known is None and loose[key[0]]:
            known = loose[key[0]].pop()  # the owner gave it another time
            moved += 1
        came += known is None
        _keep(connection, _as_noted(todo, known, home, now, seen), known)
    gone = [reminder for left in loose.values() for reminder in left]
    for reminder in gone:  # ticked, cancelled, or taken out
        table.update(connection, replace(reminder, state=ReminderState.DROPPED, again=None))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_SYNCED, rows.stamp(now)))
    return came, moved, len(gone)


def _seen_before(connection: sqlite3.Connection, now: datetime) -> datetime:
    """When the notes were looked at last: what was due before that and is new is past."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_SYNCED,)).fetchone()
    return min(now, datetime.fromisoformat(row[0])) if row else now


def _keep(connection: sqlite3.Connection, reminder: Reminder, known: Reminder | None) -> None:
    if known is None:
        table.insert(connection, reminder, None, None)
    elif reminder != known:
        table.update(connection, reminder)


def _as_noted(
    todo: Todo, known: Reminder | None, home: Reminder, now: datetime, seen: datetime
) -> Reminder:
    """The alarm of a to-do as its note has it."""
    assert todo.remind_at is not None
    at = instant(todo.remind_at, home.zone)
    base = known or home
    same = known is not None and known.local == todo.remind_at
    state = base.state
    if not same:
        state = ReminderState.ARMED if at > seen else ReminderState.TOLD
    elif state is ReminderState.DROPPED and at > seen:
        state = ReminderState.ARMED  # ticked and opened again, or back from the trash
    return replace(
        base,
        text=words(todo.description),
        todo=words(todo.description),
        local=todo.remind_at,
        at=at if not same or base.zone == home.zone else base.at,
        path=todo.path,
        line=todo.line,
        state=state,
        again=base.again if same else None,
        told=base.told if same else 0,
    )
