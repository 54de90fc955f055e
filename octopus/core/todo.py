"""A to-do as it stands in a note, known without reading the note again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any


@dataclass(frozen=True, slots=True)
class Todo:
    """A task line of the vault. The note is the truth; this is what was read in it last."""

    path: str  # vault-relative, with "/"
    line: int  # 1-based
    status: str  # the character in the box
    open: bool  # False when it is done, cancelled or no task at all in the owner's settings
    text: str  # what stands after the box, as written
    description: str  # of this the words, without dates, priority and the like; tags stay
    due: date | None = None
    scheduled: date | None = None
    start: date | None = None
    done: date | None = None
    priority: str | None = None  # highest, high, medium, low, lowest
    repeat: str | None = None  # in the Tasks plugin's words
    remind_at: datetime | None = None  # naive: the owner's wall clock, wherever the owner is
    tags: tuple[str, ...] = ()  # with "#"
    heading: str = ""  # raw text of the heading above it

    @property
    def day(self) -> date | None:
        """The day on which it wants to be seen: due, else scheduled, else that of its alarm."""
        alarm = self.remind_at.date() if self.remind_at else None
        return self.due or self.scheduled or alarm


def selected(todos: Iterable[Todo], when: str, today: date) -> list[Todo] | None:
    """The open to-dos that ``when`` asks for, the most urgent first; None where it says nothing.

    ``today`` (with what is overdue), ``overdue``, ``week`` (to its Sunday, with what is overdue),
    ``next week``, ``all``, a date, a "#tag" with those below it, or the "[[path]]" of a note.
    """
    some = [todo for todo in todos if todo.open]
    chosen = _chosen(some, when.strip(), today)
    return None if chosen is None else sorted(chosen, key=urgency)


def _chosen(todos: list[Todo], when: str, today: date) -> list[Todo] | None:
    sunday = today + timedelta(days=6 - today.weekday())
    if when in {"", "all"}:
        return todos
    if when.startswith("#"):
        wanted = when.casefold()
        return [
            todo
            for todo in todos
            if any((tag.casefold() + "/").startswith(wanted + "/") for tag in todo.tags)
        ]
    if when.startswith("[[") and when.endswith("]]"):
        return [todo for todo in todos if todo.path == when[2:-2]]
    spans = {
        "today": (date.min, today),
        "overdue": (date.min, today - timedelta(days=1)),
        "week": (date.min, sunday),
        "next week": (sunday + timedelta(days=1), sunday + timedelta(days=7)),
    }
    span = spans.get(when)
    if span is None:
        try:
            day = date.fromisoformat(when)
        except ValueError:
            return None
        span = day, day
    return [todo for todo in todos if todo.day and span[0] <= todo.day <= span[1]]


_RANKS = ("highest", "high", "medium", None, "low", "lowest")


def urgency(todo: Todo) -> tuple[object, ...]:
    """Orders to-dos: by day and time, then by priority, then as they stand in the vault."""
    at = todo.remind_at.time() if todo.remind_at else time.max
    rank = _RANKS.index(todo.priority) if todo.priority in _RANKS else 3
    return todo.day or date.max, rank, at, todo.path, todo.line


def todo_as_json(todo: Todo, zone: tzinfo | None = None) -> dict[str, Any]:
    """``{"path","line","text","status","due","remind_at","priority","repeat","tags"}``."""
    at = todo.remind_at
    return {
        "path": todo.path,
        "line": todo.line,
        "text": todo.text,
        "status": todo.status,
        "due": todo.due.isoformat() if todo.due else None,
        "remind_at": at.replace(tzinfo=zone).isoformat() if at else None,
        "priority": todo.priority,
        "repeat": todo.repeat,
        "tags": list(todo.tags),
    }
