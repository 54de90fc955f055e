"""Reads iCalendar files with ``icalendar``, the only place that knows it."""

from __future__ import annotations

import importlib
import re
import unicodedata
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from octopus.backends.calendar.event import Event, When
from octopus.backends.calendar.rule import Rule
from octopus.backends.calendar.split import may_matter, split
from octopus.errors import Sentence

#: Events of one file; more is no calendar of one person.
MOST_EVENTS = 50_000
#: Events that are parsed at once.
TOGETHER = 100
#: Characters of a title or a place that are shown.
LENGTH = 200
#: Single days (RDATE, EXDATE) of one event.
MOST_DAYS = 5_000

_CUT_OFF = Sentence("it is cut off", "calendar.cut_off")

_SPACE = re.compile(r"\s+")


def parse(
    data: bytes, since: date = date.min, until: date = date.max
) -> tuple[list[Event], list[str]]:
    """The events of a file that may matter between two days, and what is wrong with some.

    Raises ValueError for a file that is no calendar at all.
    """
    parts = split(data)
    if not parts.is_calendar:
        if data.strip():
            raise ValueError(Sentence("it is no calendar", "calendar.none"))
        return [], []
    wanted = [block for block in parts.events if may_matter(block, since, until)]
    if len(wanted) > MOST_EVENTS:
        raise ValueError(
            Sentence("it has more than {count} events", "calendar.many", count=MOST_EVENTS)
        )
    found: list[Event] = []
    faults: dict[str, None] = {} if parts.whole else {_CUT_OFF: None}
    # Some at a time: the parser lets nobody else run while it goes through a text.
    for at in range(0, len(wanted), TOGETHER):
        text = parts.head + b"".join(wanted[at : at + TOGETHER]) + b"END:VCALENDAR\r\n"
        try:
            _read(text, found, faults)
        except ValueError as error:
            faults[_some(error)] = None
    return found, list(faults)


def _read(text: bytes, found: list[Event], faults: dict[str, None]) -> None:
    # Loaded with the first calendar: most commands have none.
    vendor = importlib.import_module("icalendar")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it guesses of odd zones is guessed well
        try:
            calendar = vendor.Calendar.from_ical(text)
        except Exception as error:
            raise ValueError(clean(str(error)) or type(error).__name__) from error
        for component in calendar.walk("VEVENT"):
            try:
                event, wrong = _event(component)
            except Exception as error:  # noqa: BLE001 - one odd event does not hide the others
                faults[_sentence(component, error)] = None
                continue
            found.append(event)
            faults.update(dict.fromkeys(wrong))


def _event(component: Any) -> tuple[Event, list[str]]:
    start = _when(component, "DTSTART")
    if start is None:
        raise ValueError(Sentence("it has no start", "calendar.no_start"))
    days, length = _length(component, start)
    title = clean(_text(component, "SUMMARY"))
    rules, wrong = _rules(component, title)
    stands_for = _property(component, "RECURRENCE-ID")
    event = Event(
        uid=_text(component, "UID")[:500],
        title=title,
        start=start,
        days=days,
        length=length,
        place=clean(_text(component, "LOCATION")),
        rules=rules,
        more=tuple(_days(component, "RDATE")),
        without=tuple(_days(component, "EXDATE")),
        stands_for=_checked(stands_for.dt) if stands_for is not None else None,
        and_following=stands_for is not None
        and str(stands_for.params.get("RANGE", "")).upper() == "THISANDFUTURE",
        cancelled=_text(component, "STATUS").upper() == "CANCELLED",
    )
    return event, wrong


def _property(component: Any, name: str) -> Any:
    """One value of a property; the first where a file has several."""
    value = component.get(name)
    return value[0] if isinstance(value, list) and value else value


def _text(component: Any, name: str) -> str:
    value = _property(component, name)
    return "" if value is None else str(value)


def _when(component: Any, name: str) -> When | None:
    value = _property(component, name)
    return None if value is None else _checked(value.dt)


def _checked(value: Any) -> When:
    """A day or a moment. Raises ValueError for anything else, and for a zone that cannot tell."""
    when = value[0] if isinstance(value, tuple) else value  # of a PERIOD its start
    if isinstance(when, datetime):
        when.utcoffset()
        return when.replace(microsecond=0)
    if isinstance(when, date):
        return when
    raise ValueError(Sentence("it is at no day", "calendar.no_day"))


def _length(component: Any, start: When) -> tuple[int, timedelta]:
    """Days by the calendar, and what comes on top of them by the clock; never below nothing."""
    end, duration = _when(component, "DTEND"), _property(component, "DURATION")
    if end is not None and isinstance(end, datetime) is isinstance(start, datetime):
        if not isinstance(end, datetime) or not isinstance(start, datetime):
            return max(0, (end - start).days), timedelta()
        if (end.tzinfo is None) is not (start.tzinfo is None):
            end, start = end.replace(tzinfo=None), start.replace(tzinfo=None)
        if end.tzinfo is not None:
            end, start = end.astimezone(UTC), start.astimezone(UTC)
        return 0, max(timedelta(), end - start)
    if duration is not None and isinstance(duration.dt, timedelta):
        whole = max(timedelta(), duration.dt)
        return whole.days, whole - timedelta(days=whole.days)
    return 0, timedelta()


def _rules(component: Any, title: str) -> tuple[tuple[Rule, ...], list[str]]:
    value = component.get("RRULE")
    rules: list[Rule] = []
    wrong: list[str] = []
    for each in value if isinstance(value, list) else [value] if value is not None else []:
        try:
            rules.append(Rule.read(each.to_ical().decode()))
        except ValueError as error:
            wrong.append(
                Sentence(
                    "“{title}” is shown once only: {reason}",
                    "calendar.once",
                    title=title or "…",
                    reason=reason_of(error),
                )
            )
    return tuple(rules), wrong


def _days(component: Any, name: str) -> Iterator[When]:
    value = component.get(name)
    count = 0
    for each in value if isinstance(value, list) else [value] if value is not None else []:
        for one in getattr(each, "dts", None) or [each]:
            count += 1
            if count > MOST_DAYS:
                raise ValueError(
                    Sentence(
                        "it has more than {count} single days", "calendar.days", count=MOST_DAYS
                    )
                )
            yield _checked(one.dt)


def clean(text: str) -> str:
    """Foreign words on one line, without what cannot be seen or turns the writing around."""
    text = _SPACE.sub(" ", text[: LENGTH * 4]).strip()
    text = "".join(char for char in text if unicodedata.category(char) not in _UNSEEN)
    return text if len(text) <= LENGTH else text[: LENGTH - 1].rstrip() + "…"


#: Control and format characters, half surrogates, private use, unassigned.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def _sentence(component: Any, error: Exception) -> str:
    title = clean(_text(component, "SUMMARY")) or "…"
    return Sentence(
        "“{title}” is left out: {reason}",
        "calendar.left_out",
        title=title,
        reason=reason_of(error),
    )


def _some(error: ValueError) -> Sentence:
    return Sentence("some events are left out: {reason}", "calendar.some", reason=reason_of(error))


def reason_of(error: Exception) -> str:
    """What an error says, as our own sentence or as one clean line."""
    said = error.args[0] if error.args else ""
    if isinstance(said, Sentence):
        return said
    return clean(str(error)) or type(error).__name__
