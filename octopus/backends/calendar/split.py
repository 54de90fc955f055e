"""Takes a calendar file apart before it is parsed: parsing is slow, and most events are over."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import date, timedelta

_OTHERS = {b"VTODO", b"VJOURNAL", b"VFREEBUSY"}
#: Whatever makes an event happen on other days than those of its start and its end.
_ELSEWHERE = re.compile(
    rb"^(?:RRULE|RDATE|RECURRENCE-ID|DURATION)[;:]", re.IGNORECASE | re.MULTILINE
)
_START = re.compile(rb"^DTSTART[^:\r\n]*:([0-9]{8})", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"^DTEND[^:\r\n]*:([0-9]{8})", re.IGNORECASE | re.MULTILINE)
#: No two zones are further apart.
_ZONES = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Parts:
    """A file taken apart."""

    head: bytes  # one calendar with what is not an event, its zones; not closed
    events: tuple[bytes, ...]
    whole: bool  # False for a file that ends in the middle
    is_calendar: bool


def split(data: bytes) -> Parts:
    """The parts of a file with one calendar or several; to-dos and journals are left out."""
    head: list[bytes] = []
    events: list[bytes] = []
    inside: list[bytes] = []
    part, closed, calendars = b"", True, 0
    for ended in data.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True):
        # The last line of a file that was cut off; something comes after it again.
        line = ended if ended.endswith(b"\n") else ended.rstrip(b"\r") + b"\r\n"
        verb, _, name = line.strip().upper().partition(b":")
        if part:
            inside.append(line)
            if verb == b"END" and name == part:
                events += [b"".join(inside)] if part == b"VEVENT" else []
                part, inside = b"", []
        elif verb == b"BEGIN" and (name == b"VEVENT" or name in _OTHERS):
            part, inside = name, [line]
        elif name == b"VCALENDAR" and verb in {b"BEGIN", b"END"}:
            closed = verb == b"END"
            calendars += verb == b"BEGIN"
            head += [line] if verb == b"BEGIN" and calendars == 1 else []
        elif calendars:
            head.append(line)
    return Parts(b"".join(head), tuple(events), closed and not part, calendars > 0)


def may_matter(event: bytes, since: date, until: date) -> bool:
    """False for an event that certainly touches none of these days."""
    start = _START.search(event)
    if start is None or _ELSEWHERE.search(event):
        return True
    end = _END.search(event) or start
    first, last = _digits(since, -_ZONES), _digits(until, _ZONES)
    return start[1] <= last and end[1] >= first


def _digits(day: date, by: timedelta) -> bytes:
    """As iCalendar writes it; at its ends the calendar is not left."""
    ordinal = min(max(1, day.toordinal() + by.days), date.max.toordinal())
    return f"{date.fromordinal(ordinal):%Y%m%d}".rjust(8, "0").encode()
