"""For reading task lines as the Tasks plugin reads them, and writing them as it writes them.

Tasks plugin 8: fields are read from the end of the line towards its beginning, and the first word
that is none ends the reading. The alarm "⏰ 2026-11-21 09:00" is the convention of the Reminder
plugin; it belongs before the fields and is found wherever it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from octopus.obsidian.path import stem
from octopus.obsidian.settings import Status, Tasks

DATES = ("created", "start", "scheduled", "due", "cancelled", "done")
# The order in which the plugin writes fields.
FIELDS = ("id", "depends_on", "priority", "recurrence", "on_completion", *DATES)
PRIORITIES = {"highest": "🔺", "high": "⏫", "medium": "🔼", "low": "🔽", "lowest": "⏬"}
_BY_EMOJI = {emoji: name for name, emoji in PRIORITIES.items()}
EMOJI = {
    "id": "🆔",
    "depends_on": "⛔",
    "recurrence": "🔁",
    "on_completion": "🏁",
    "created": "➕",
    "start": "🛫",
    "scheduled": "⏳",
    "due": "📅",
    "cancelled": "❌",
    "done": "✅",
}
KEYS = {
    "id": "id",
    "depends_on": "dependsOn",
    "priority": "priority",
    "recurrence": "repeat",
    "on_completion": "onCompletion",
    "created": "created",
    "start": "start",
    "scheduled": "scheduled",
    "due": "due",
    "cancelled": "cancelled",
    "done": "completion",
}
_READ_EMOJI = EMOJI | {"scheduled": "[⏳⌛]", "due": "[📅📆🗓]"}
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ID = r"[A-Za-z0-9_-]+"
_VALUES = {
    "id": _ID,
    "depends_on": rf"{_ID}(?: *, *{_ID})*",
    "priority": "|".join(PRIORITIES),
    "recurrence": r"[a-zA-Z0-9, !]+",
    "on_completion": r"[a-zA-Z]+",
    **dict.fromkeys(DATES, _DATE),
}
# U+FE0F may follow an emoji: some keyboards add it.
_EMOJI_FIELD = re.compile(
    "(?:"
    + "|".join(
        rf"{symbol}\ufe0f? *(?P<{name}>{_VALUES[name]})" for name, symbol in _READ_EMOJI.items()
    )
    + rf"|(?P<priority>[{''.join(PRIORITIES.values())}])\ufe0f?)$"
)
_DATAVIEW_FIELD = re.compile(
    r"[\[(] *(?:"
    + "|".join(rf"{key}:: *(?P<{name}>{_VALUES[name]})" for name, key in KEYS.items())
    + r") *[\])](?: *,)?$"
)
_MARK = re.compile(
    "[" + re.sub(r"[\[\]]", "", "".join([*_READ_EMOJI.values(), *PRIORITIES.values()])) + "]"
)
_TAG = re.compile(r"(?:^|\s)(#[^ !@#$%^&*(),.?\":{}|<>]+)$")
_TAGS = re.compile(r"(?:^|(?<=\s))#[^ !@#$%^&*(),.?\":{}|<>]+")
_BLOCK = re.compile(r"(?:^|\s)\^([A-Za-z0-9-]+)$")
_ALARM = re.compile(rf"⏰\ufe0f? *({_DATE})(?:[ T]([0-9]{{1,2}}):([0-9]{{2}}))?")
_REACH = 500  # characters that one field or tag may be long
_NAME_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_MAX_RUNS = 20  # as many fields and tags at most, as in the plugin


class Place(NamedTuple):
    """Where a field is in the text of a task: the whole of it, and its value."""

    name: str
    start: int
    end: int
    value: int  # where the value starts


@dataclass(frozen=True, slots=True)
class Todo:
    """What the text after a box means."""

    text: str  # as written, outer space left out
    description: str  # without the fields; tags stay
    fields: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)  # only those that are real days
    tags: tuple[str, ...] = ()  # with "#"
    block: str | None = None
    remind_on: date | None = None
    remind_time: time | None = None  # None where the alarm has only a day
    places: tuple[Place, ...] = ()
    end: int = 0  # where the text ends before the block id

    @property
    def due(self) -> date | None:
        """The day it has to be done by."""
        return self.dates.get("due")

    @property
    def reference(self) -> date | None:
        """The date that a repetition counts from: due, else scheduled, else start, else alarm."""
        for name in ("due", "scheduled", "start"):
            if name in self.dates:
                return self.dates[name]
        return self.remind_on

    @property
    def priority(self) -> str | None:
        """highest, high, medium, low, lowest or None."""
        return self.fields.get("priority")

    @property
    def recurrence(self) -> str | None:
        """The rule in the plugin's words."""
        return self.fields.get("recurrence")

    @property
    def depends_on(self) -> tuple[str, ...]:
        """Ids of tasks that come first."""
        ids = self.fields.get("depends_on", "")
        return tuple(each.strip() for each in ids.split(",") if each.strip())

    def remind_at(self, default: time) -> datetime | None:
        """The alarm in local time; ``default`` where it has only a day."""
        if self.remind_on is None:
            return None
        return datetime.combine(self.remind_on, self.remind_time or default)


def parse_task(text: str, settings: Tasks | None = None) -> Todo:
    """What ``text``, all that follows a box, means under the owner's settings."""
    settings = settings or Tasks()
    text = text.strip()
    end, block = len(text), None
    if match := _BLOCK.search(text):
        block, end = match.group(1), match.start()
    end = len(text[:end].rstrip())
    pattern = _DATAVIEW_FIELD if settings.dataview else _EMOJI_FIELD
    fields, places, kept, stop = _read_back(text, end, pattern)
    alarm = _ALARM.search(text)
    remind_on, remind_time = _alarm(alarm) if alarm else (None, None)
    dates = {name: day for name in DATES if name in fields and (day := _day(fields[name]))}
    return Todo(
        text=text,
        description=" ".join([text[:stop], *kept]).strip(),
        fields=fields,
        dates=dates,
        tags=tuple(_TAGS.findall(text[: len(text) if block is None else end])),
        block=block,
        remind_on=remind_on,
        remind_time=remind_time,
        places=tuple(sorted(places, key=lambda place: place.start)),
        end=end,
    )


def _read_back(
    text: str, end: int, pattern: re.Pattern[str]
) -> tuple[dict[str, str], list[Place], list[str], int]:
    """Fields and tags from ``end`` backwards, and where they start."""
    fields: dict[str, str] = {}
    places: list[Place] = []
    tags: list[str] = []
    for _ in range(_MAX_RUNS + 1):
        match = pattern.search(text, max(0, end - _REACH), end)
        if match and (name := match.lastgroup):
            value = match.group(name)
            fields[name] = _BY_EMOJI.get(value, value.strip())
            places.append(Place(name, match.start(), match.end(), match.start(name)))
        else:
            match = _TAG.search(text, max(0, end - _REACH), end)
            if match is None:
                break
            tags.insert(0, match.group(1))
        end = len(text[: match.start()].rstrip())
    return fields, places, tags, end


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _alarm(match: re.Match[str]) -> tuple[date | None, time | None]:
    day = _day(match.group(1))
    if day is None or match.group(2) is None:
        return day, None
    hour, minute = int(match.group(2)), int(match.group(3))
    return day, time(hour, minute) if hour < 24 and minute < 60 else None


def status_of(symbol: str, settings: Tasks) -> Status:
    """What the character in a box means: the owner's statuses, then the plugin's conventions."""
    for status in settings.statuses:
        if status.symbol == symbol:
            return status
    if symbol == "X":
        return Status(symbol, "Done", " ", "DONE")
    return Status(symbol, "Unknown", "x", "TODO")


def inferred_scheduled(todo: Todo, path: str, settings: Tasks) -> date | None:
    """The scheduled date that a task without any date has from the name of its note.

    Only where the owner has switched that on in the plugin: 2026-11-20 or 20261120 in the name.
    """
    if not settings.filename_as_scheduled or {"due", "scheduled", "start"} & set(todo.fields):
        return None
    folders = [each.strip("/") for each in settings.filename_folders if each.strip("/")]
    if folders and not any(path.startswith(f"{each}/") for each in folders):
        return None
    match = _NAME_DATE.search(stem(path))
    return _day("-".join(match.groups())) if match else None


def is_task(text: str, settings: Tasks) -> bool:
    """Whether the Tasks plugin takes ``text`` for a task: it holds the global filter."""
    return settings.global_filter in text


def misread(text: str, settings: Tasks) -> tuple[str, ...]:
    """Marks in the text that the plugin does not read: the date is wrong, or words follow it."""
    todo = parse_task(text, settings)
    if settings.dataview:
        return ()
    stop = min((place.start for place in todo.places), default=todo.end)
    wrong = [place.name for place in todo.places if place.name in DATES]
    return (
        *(match.group() for match in _MARK.finditer(todo.text[:stop])),
        *(EMOJI[name] for name in wrong if name not in todo.dates),
    )


def write_field(name: str, value: str, settings: Tasks) -> str:
    """One field as the plugin writes it, without the space before."""
    if settings.dataview:
        return f"[{KEYS[name]}:: {value}]"
    return PRIORITIES[value] if name == "priority" else f"{EMOJI[name]} {value}"


def gap(settings: Tasks) -> str:
    """What the plugin puts before a field."""
    return "  " if settings.dataview else " "


def write_alarm(on: date, at: time | None) -> str:
    """The alarm of a task."""
    return f"⏰ {on.isoformat()} {at:%H:%M}" if at else f"⏰ {on.isoformat()}"


def write_task(
    description: str,
    fields: Mapping[str, str],
    settings: Tasks,
    *,
    remind_on: date | None = None,
    remind_time: time | None = None,
    block: str | None = None,
) -> str:
    """The text of a task in the plugin's order: description, alarm, fields, block id."""
    parts = [" ".join(description.split("\n")).strip()]
    if remind_on:
        parts.append(f" {write_alarm(remind_on, remind_time)}")
    parts += [
        gap(settings) + write_field(name, fields[name], settings)
        for name in FIELDS
        if fields.get(name)
    ]
    return "".join(parts) + (f" ^{block}" if block else "")


def new_task(
    description: str,
    fields: Mapping[str, str],
    settings: Tasks,
    today: date,
    *,
    remind_on: date | None = None,
    remind_time: time | None = None,
) -> str:
    """A whole new line: open box, the owner's global filter, the created date if wanted."""
    words = " ".join(description.split())
    if not is_task(words, settings):
        words = f"{settings.global_filter} {words}"
    if settings.set_created:
        fields = {**fields, "created": today.isoformat()}
    text = write_task(words, fields, settings, remind_on=remind_on, remind_time=remind_time)
    return f"- [ ] {text}"
