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


DONE = "done "


def selected(todos: Iterable[Todo], when: str, today: date) -> list[Todo] | None:
    """The to-dos that ``when`` asks for, the most urgent first; None where it says nothing.

    ``today`` (with what is overdue), ``overdue``, ``week`` (to its Sunday, with what is overdue),
    ``next week``, ``all``, a date, two dates with ".." between them, ``important``, ``undated``,
    ``by priority`` (all of them, in that order), a "#tag" with those below it, or the "[[path]]"
    of a note: the open ones. "done " before ``all``, ``today``, ``week`` or dates: those that were
    done then, the latest last.
    """
    when = when.strip()
    if when.startswith(DONE):
        span = _span(when.removeprefix(DONE), today, past=True)
        some = [(todo.done, todo) for todo in todos if todo.done and not todo.open]
        chosen = span and [todo for done, todo in some if span[0] <= done <= span[1]]
        return None if span is None else sorted(chosen or [], key=lambda todo: todo.done or today)
    found = _chosen([todo for todo in todos if todo.open], when, today)
    by_rank = when == "by priority"
    return None if found is None else sorted(found, key=rank_first if by_rank else urgency)


def _chosen(todos: list[Todo], when: str, today: date) -> list[Todo] | None:
    if when in {"", "all", "by priority"}:
        return todos
    if when == "important":
        return [todo for todo in todos if todo.priority in {"highest", "high"}]
    if when == "undated":
        return [todo for todo in todos if todo.day is None]
    if when.startswith("#"):
        wanted = when.casefold()
        return [
            todo
            for todo in todos
            if any((tag.casefold() + "/").startswith(wanted + "/") for tag in todo.tags)
        ]
    if when.startswith("[[") and when.endswith("]]"):
        return [todo for todo in todos if todo.path == when[2:-2]]
    span = _span(when, today)
    if span is None:
        return None
    return [todo for todo in todos if todo.day and span[0] <= todo.day <= span[1]]


def _span(when: str, today: date, *, past: bool = False) -> tuple[date, date] | None:
    """The first and the last day that are asked for; ``past``: of what is done."""
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    spans = {
        "today": (today if past else date.min, today),
        "week": (monday if past else date.min, sunday),
        "all": (date.min, date.max),
        "overdue": (date.min, today - timedelta(days=1)),
        "next week": (sunday + timedelta(days=1), sunday + timedelta(days=7)),
    }
    if when in spans:
        return spans[when]
    first, _, last = when.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None


_RANKS = ("highest", "high", "medium", None, "low", "lowest")


def urgency(todo: Todo) -> tuple[object, ...]:
    """Orders to-dos: by day and time, then by priority, then as they stand in the vault."""
    at = todo.remind_at.time() if todo.remind_at else time.max
    rank = _RANKS.index(todo.priority) if todo.priority in _RANKS else 3
    return todo.day or date.max, rank, at, todo.path, todo.line


def rank_first(todo: Todo) -> tuple[object, ...]:
    """Orders to-dos by priority, then as :func:`urgency` does."""
    rank = _RANKS.index(todo.priority) if todo.priority in _RANKS else 3
    return rank, *urgency(todo)


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
