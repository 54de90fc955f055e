"""For ticking, reopening, cancelling and moving tasks: what the Tasks plugin would do to a line.

Only the box and the fields concerned change; words, order and spacing of the line stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from octopus.errors import UserError
from octopus.obsidian.recurrence import next_date
from octopus.obsidian.settings import Status, Tasks
from octopus.obsidian.task import (
    FIELDS,
    PRIORITIES,
    Todo,
    gap,
    is_task,
    parse_task,
    status_of,
    write_alarm,
    write_field,
    write_task,
)

_ITEM = re.compile(r"((?:[ \t]|>)*+(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[)(.)(\](?=[ \t]|$)[ \t]*)(.*)")
_ALARM = re.compile(r" ?⏰\ufe0f? *[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{1,2}:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Line:
    """A task line taken apart; put together again it is the same."""

    before: str  # up to and with "["
    status: str
    after: str  # "]" and the space after it
    text: str
    tail: str = ""  # trailing space

    def with_text(self, text: str, status: str | None = None) -> Line:
        """The same line with another text, and another character in the box."""
        return Line(self.before, status or self.status, self.after or "] ", text, self.tail)

    def __str__(self) -> str:
        return f"{self.before}{self.status}{self.after}{self.text}{self.tail}"


def parse_line(line: str) -> Line:
    """A line without its newline. Raises UserError where it is no task."""
    match = _ITEM.fullmatch(line)
    if match is None:
        raise UserError("This is not a task: {line}", "error.no_task", line=line.strip()[:80])
    before, status, after, text = match.groups()
    bare = text.rstrip()
    return Line(before, status, after, bare, text[len(bare) :])


def set_field(text: str, name: str, value: str | None, settings: Tasks) -> str:
    """``text`` of a task with one field set, or taken out where ``value`` is None.

    A new field comes where the plugin would write it, before the fields that follow it in order.
    """
    todo = parse_task(text, settings)
    text = todo.text
    present = [place for place in todo.places if place.name == name]
    if value is None:
        for place in reversed(present):
            head = text[: place.start].rstrip(" ")
            text = head + text[place.end :]
        return text.strip()
    if present:
        place = present[0]
        for extra in reversed(present[1:]):
            text = text[: extra.start].rstrip(" ") + text[extra.end :]
        return text[: place.start] + write_field(name, value, settings) + text[place.end :]
    rank = FIELDS.index(name)
    later = [place.start for place in todo.places if FIELDS.index(place.name) > rank]
    at = min(later, default=todo.end)
    new = write_field(name, value, settings)
    if later:
        return text[:at] + new + gap(settings) + text[at:]
    return text[:at] + gap(settings) + new + text[at:]


def set_alarm(text: str, on: date | None, at: time | None, settings: Tasks) -> str:
    """``text`` of a task with its alarm set, or taken out where ``on`` is None.

    It stands before every field: behind it, the plugin would not read the fields any more.
    """
    match = _ALARM.search(text)
    if match:
        lead = " " if match.group().startswith(" ") else ""
        new = lead + write_alarm(on, at) if on else ""
        return (text[: match.start()] + new + text[match.end() :]).strip()
    if on is None:
        return text
    todo = parse_task(text, settings)
    stop = min((place.start for place in todo.places), default=todo.end)
    head, tail = todo.text[:stop].rstrip(), todo.text[stop:].lstrip()
    parts = (head, write_alarm(on, at), tail)
    return " ".join(part for part in parts if part)


def complete(line: str, today: date, settings: Tasks) -> list[str]:
    """The lines that take the place of ``line`` once it is done.

    A repeating task leaves its next occurrence, above or below as the owner has set; with
    "🏁 delete" the finished line goes. A task that is done already stays as it is.
    """
    task = parse_line(line)
    done = _done_status(settings)
    if status_of(task.status, settings).type == "DONE":
        return [line]
    return _change(task, done, today, settings)


def reopen(line: str, settings: Tasks) -> list[str]:
    """An open line again: the done and the cancelled date go."""
    task = parse_line(line)
    if not status_of(task.status, settings).done:
        return [line]
    text = task.text
    if is_task(text, settings):
        text = set_field(set_field(text, "done", None, settings), "cancelled", None, settings)
    return [str(task.with_text(text, " "))]


def cancel(line: str, today: date, settings: Tasks) -> list[str]:
    """A cancelled line; it does not come again."""
    task = parse_line(line)
    if status_of(task.status, settings).type == "CANCELLED":
        return [line]
    cancelled = next((each for each in settings.statuses if each.type == "CANCELLED"), None)
    return _change(task, cancelled or Status("-", "Cancelled", " ", "CANCELLED"), today, settings)


def toggle(line: str, today: date, settings: Tasks) -> list[str]:
    """What a click on the box does: the owner's next status."""
    task = parse_line(line)
    following = status_of(status_of(task.status, settings).next, settings)
    if following.type == "TODO" and status_of(task.status, settings).done:
        return [
            str(parse_line(each).with_text(parse_line(each).text, following.symbol))
            for each in reopen(line, settings)
        ]
    return _change(task, following, today, settings)


def set_status(line: str, symbol: str, today: date, settings: Tasks) -> list[str]:
    """The line with ``symbol`` in its box, and what follows from it."""
    task = parse_line(line)
    if symbol == task.status:
        return [line]
    return _change(task, status_of(symbol, settings), today, settings)


def _done_status(settings: Tasks) -> Status:
    """The status that "done" writes: x, unless the owner gave x another meaning."""
    found = status_of("x", settings)
    if found.type == "DONE":
        return found
    return next((each for each in settings.statuses if each.type == "DONE"), found)


def _change(task: Line, status: Status, today: date, settings: Tasks) -> list[str]:
    """As the plugin's ``handleNewStatus``."""
    text = task.text
    if not is_task(text, settings):  # to the plugin this is only a list item with a box
        return [str(task.with_text(text, status.symbol))]
    was = status_of(task.status, settings)
    for kind, name, wanted in (
        ("CANCELLED", "cancelled", settings.set_cancelled),
        ("DONE", "done", settings.set_done),
    ):
        if status.type != kind:
            text = set_field(text, name, None, settings)
        elif was.type != kind:
            text = set_field(text, name, today.isoformat() if wanted else None, settings)
    lines = [str(task.with_text(text, status.symbol))]
    todo = parse_task(task.text, settings)
    if status.type == "DONE" and was.type != "DONE":
        if todo.fields.get("on_completion", "").lower() == "delete":
            lines = []
        following = _next_occurrence(task, todo, status, today, settings)
        if following is not None:
            lines.insert(len(lines) if settings.next_line else 0, following)
    return lines


def _next_occurrence(
    task: Line, todo: Todo, done: Status, today: date, settings: Tasks
) -> str | None:
    """The line of the next time: dates move together, ids and the block id are not copied."""
    if todo.recurrence is None:
        return None
    following = next_date(todo.recurrence, todo.reference, today)
    if following is None:
        return None
    moved = following - todo.reference if todo.reference else timedelta()
    fields = {
        name: value
        for name, value in todo.fields.items()
        if name in ("priority", "recurrence", "on_completion")
    }
    for name in ("start", "scheduled", "due"):
        if name in todo.dates:
            fields[name] = (todo.dates[name] + moved).isoformat()
    if settings.remove_scheduled and ("start" in fields or "due" in fields):
        fields.pop("scheduled", None)
    if settings.set_created:
        fields["created"] = today.isoformat()
    words = todo.description
    if todo.remind_on:
        words = set_alarm(words, todo.remind_on + moved, todo.remind_time, settings)
    text = write_task(words, fields, settings)
    return str(Line(task.before, _next_symbol(done, settings), task.after, text))


def _next_symbol(done: Status, settings: Tasks) -> str:
    """The first status after ``done`` that stands for something to do."""
    symbol, seen = done.next, set[str]()
    while symbol not in seen:
        status = status_of(symbol, settings)
        if status.type in ("TODO", "IN_PROGRESS"):
            return symbol
        seen.add(symbol)
        symbol = status.next
    return " "


def change_fields(line: str, values: Mapping[str, str | None], settings: Tasks) -> list[str]:
    """The line with fields set, or taken out where the value is None.

    Names are those of ``task.FIELDS``; a priority is one of ``task.PRIORITIES``.
    """
    task = parse_line(line)
    text = task.text
    for name, value in values.items():
        if name not in FIELDS or (name == "priority" and value not in (None, *PRIORITIES)):
            field = f"{name} {value or ''}".rstrip()
            raise UserError("A task has no {field}.", "error.no_field", field=field)
        text = set_field(text, name, value, settings)
    return [str(task.with_text(text))]


def reschedule(
    line: str, due: date | None, settings: Tasks, *, at: time | None = None, alarm: bool = True
) -> list[str]:
    """The line with another date: the due date, where there is none the scheduled or the start
    date, as the plugin postpones. The alarm moves along, unless ``alarm`` is False.

    ``at`` sets the alarm to that time on the new day. ``due=None`` takes date and alarm out.
    """
    task = parse_line(line)
    todo = parse_task(task.text, settings)
    text = task.text
    name = next((each for each in ("due", "scheduled", "start") if each in todo.fields), "due")
    if due is None:
        text = set_field(text, name, None, settings)
        return [str(task.with_text(set_alarm(text, None, None, settings) if alarm else text))]
    if name in todo.fields or not todo.remind_on:
        text = set_field(text, name, due.isoformat(), settings)
    if alarm and at is not None:
        text = set_alarm(text, due, at, settings)
    elif alarm and todo.remind_on:
        moved = due - todo.dates.get(name, todo.remind_on)
        text = set_alarm(text, todo.remind_on + moved, todo.remind_time, settings)
    return [str(task.with_text(text))]


def reword(line: str, description: str, settings: Tasks) -> list[str]:
    """The line with other words; fields, alarm, block id and box stay."""
    task = parse_line(line)
    todo = parse_task(task.text, settings)
    stop = min((place.start for place in todo.places), default=todo.end)
    words = " ".join(description.split())
    if not is_task(words, settings):
        words = f"{settings.global_filter} {words}"
    alarm = _ALARM.search(task.text[:stop])
    parts = [words, alarm.group().strip() if alarm else "", task.text[stop:].strip()]
    return [str(task.with_text(" ".join(part for part in parts if part)))]
