"""A to-do in one line for a phone: its words, its day with the weekday, how urgent, how often."""

from __future__ import annotations

import re
from datetime import date

from octopus.core.todo import Todo
from octopus.language.catalogue import say
from octopus.language.lexicon import languages, load
from octopus.language.recurring import recurrence

#: Characters of the words of a to-do in a message, and on a button.
LENGTH = 160
LABEL = 28

_PRIORITIES = {
    "highest": "todo.highest",
    "high": "todo.high",
    "medium": "todo.medium",
    "low": "todo.low",
    "lowest": "todo.lowest",
}

OPEN, DONE, DROPPED = "☐", "☑", "☒"

_ALARM = re.compile(r"\s*⏰\ufe0f? *[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{1,2}:[0-9]{2})?")
_COMMENT = re.compile(r"%%.*?%%")
_LINK = re.compile(r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")


def mark(todo: Todo) -> str:
    """The box in front of it."""
    if todo.open:
        return OPEN
    return DROPPED if todo.status == "-" else DONE


def title(todo: Todo, hidden: str = "") -> str:
    """Its words without the alarm, comments, and ``hidden``, the owner's global filter."""
    words = _COMMENT.sub("", _ALARM.sub("", todo.description))
    if hidden:
        words = words.replace(hidden, "")
    words = " ".join(_LINK.sub(r"\1", words).split())
    return words or todo.text


def short(text: str, length: int = LENGTH) -> str:
    """At most so many characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def line(todo: Todo, today: date, language: str, hidden: str = "") -> str:
    """ "call mom · Thu 26 Nov 14:00 · high · every week"."""
    parts = [short(title(todo, hidden))]
    if when := moment(todo, today, language):
        parts.append(when)
    if todo.priority:
        parts.append(say(language, _PRIORITIES[todo.priority]))
    if todo.repeat:
        parts.append(recurrence(todo.repeat, language))
    return " · ".join(parts)


def moment(todo: Todo, today: date, language: str) -> str:
    """Its day, and the time of its alarm; "" for one without."""
    day, alarm = todo.due or todo.scheduled, todo.remind_at
    if alarm is None:
        return day_label(day, today, language) if day else ""
    rings = f"{day_label(alarm.date(), today, language)} {alarm:%H:%M}"
    if day is None or day == alarm.date():
        return rings
    return f"{day_label(day, today, language)} · ⏰ {rings}"


def day_label(day: date, today: date, language: str) -> str:
    """ "tomorrow, Sat 21 Nov"; the year where it is another one."""
    lines = _lines(language)
    name, month = lines["days"].split()[day.weekday()], lines["months"].split()[day.month - 1]
    label = f"{name} {lines['day_month'].format(day=day.day, month=month)}"
    if day.year != today.year:
        label += f" {day.year}"
    near = {0: "today", 1: "tomorrow"}.get((day - today).days)
    return f"{lines[near]}, {label}" if near else label


def _lines(language: str) -> dict[str, str]:
    code = language.replace("_", "-").split("-")[0].lower()
    lines: dict[str, str] = load(code if code in languages() else "en").data["lines"]
    return lines
