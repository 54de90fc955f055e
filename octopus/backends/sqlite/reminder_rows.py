"""How a reminder becomes a row and a row becomes a reminder."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from octopus.backends.sqlite import rows
from octopus.core.reminder import Reminder, ReminderState

T = TypeVar("T")

_COLUMNS = (
    *("id", "conversation", "user", "language", "text", "local", "zone", "at", "again"),
    *("repeat", "nag", "path", "todo", "line", "state", "told"),
)
_NAMES = ", ".join(_COLUMNS)
_SET = ", ".join(f"{name} = ?" for name in (*_COLUMNS[1:], "due"))


def many(connection: sqlite3.Connection, where: str, *values: object) -> list[Reminder]:
    """Those that a condition holds for."""
    found = connection.execute(f"SELECT {_NAMES} FROM reminders WHERE {where}", values)
    return [_reminder(row) for row in found.fetchall()]


def one(connection: sqlite3.Connection, number: int) -> Reminder | None:
    """The one with this id."""
    found = many(connection, "id = ?", number)
    return found[0] if found else None


def of_step(connection: sqlite3.Connection, job: int, step: int) -> Reminder | None:
    """What this step of a job has kept."""
    found = many(connection, "job = ? AND step = ?", job, step)
    return found[0] if found else None


def insert(
    connection: sqlite3.Connection, reminder: Reminder, job: int | None, step: int | None
) -> Reminder:
    """Keep a new one and give it its id."""
    names = ", ".join((*_COLUMNS[1:], "due", "job", "step"))
    marks = ", ".join("?" * (len(_COLUMNS) + 2))
    cursor = connection.execute(
        f"INSERT INTO reminders ({names}) VALUES ({marks})", (*_values(reminder), job, step)
    )
    return replace(reminder, id=cursor.lastrowid or 0)


def update(connection: sqlite3.Connection, reminder: Reminder) -> None:
    """Put it in the place of the one with its id."""
    connection.execute(
        f"UPDATE reminders SET {_SET} WHERE id = ?", (*_values(reminder), reminder.id)
    )


def _values(reminder: Reminder) -> tuple[Any, ...]:
    due = reminder.due
    return (
        reminder.conversation,
        reminder.user,
        reminder.language,
        reminder.text,
        reminder.local.isoformat(),
        reminder.zone,
        rows.stamp(reminder.at),
        rows.stamp(reminder.again) if reminder.again else None,
        reminder.repeat,
        reminder.nag,
        reminder.path,
        reminder.todo,
        reminder.line,
        reminder.state,
        reminder.told,
        rows.stamp(due) if due else None,
    )


def _reminder(row: tuple[Any, ...]) -> Reminder:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["local"] = datetime.fromisoformat(values["local"])
    values["at"] = datetime.fromisoformat(values["at"])
    values["again"] = datetime.fromisoformat(values["again"]) if values["again"] else None
    return Reminder(**{**values, "state": ReminderState(values["state"])})
