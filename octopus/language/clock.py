"""Reads a clock time from the words that say it, and knows which half of the day is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final

from octopus.language.scan import Found

WAKING: Final = 7  # o'clock; an hour before it, said without more, means the afternoon


HOURS = ("number", "digits", "ordinal", "hour_ordinal")


class NoSuchDay(Exception):
    """There is no such day or time."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time; ``bare`` where it may as well be twelve hours later."""

    at: time
    bare: bool = False
    days: int = 0  # 1 where it belongs to the night after the day

    def settled(self) -> time:
        """The likelier reading: in waking hours."""
        if self.bare and self.at.hour < WAKING - 1:
            return time((self.at.hour + 12) % 24, self.at.minute)
        return self.at


def read_clock(found: Found, part: str | None, habit: str) -> Clock | None:
    """The clock time that was said; None where no clock shows it. Raises NoSuchDay for 25:00."""
    minute, bare = 0, True
    name = found.name
    if name in ("clock", "dot", "dot_by_day", "figures"):
        literal = found.get("clock") or found.get("dm_bare") or found.get("figures")
        hour, minute = int(literal[0]), int(literal[1])
        bare = habit == "12" and hour < WAKING and not literal[0].startswith("0")
    elif name == "shift_fused":
        total = int(found.get("fused_half"))
        hour, minute = divmod(total, 60)
    elif name == "before_part":
        hour, minute = divmod(minutes_before(found) or 0, 60)
        return Clock(time(hour, minute))
    elif name == "part_plus":
        hour, minute = divmod(minutes_beside(found) or 0, 60)
        return Clock(time(hour % 24, minute), days=hour // 24)
    else:
        numbers = [v for k, v in found.values if k in HOURS]
        hour, minute = _spoken(found, numbers)
    ampm = found.get("ampm") or found.get("ampm_before")
    if ampm == "evening":
        ampm, part = None, "evening"
    if minute > 59 or hour > 24:
        raise NoSuchDay
    return _half_of_day(hour, minute, ampm, part, bare)


def _spoken(found: Found, numbers: list[int]) -> tuple[int, int]:
    """Hour and minute of "ten to eight", "halb neun", "ocho y media"."""
    name = found.name
    if name == "hour":
        return numbers[0], 0
    if name in ("minutes", "two_numbers", "minutes_and"):
        extra = found.get("minute_number")
        return numbers[0], numbers[1] if extra is None else int(extra)
    if name in ("shift", "shift_after"):
        key = "half_hour" if name == "shift" else "hour_plus"
        total = numbers[0] * 60 + int(found.get(key))
    elif name == "past":
        total = numbers[1] * 60 + numbers[0] * int(found.get("past"))
    elif name == "past_half":
        total = numbers[1] * 60 + int(found.get("half_hour")) + numbers[0] * int(found.get("past"))
    elif name == "minus":
        total = numbers[0] * 60 - numbers[1]
    else:  # without: "без десяти восемь"
        total = numbers[1] * 60 - numbers[0]
    return divmod(total % 1440, 60)


_NAMED = {"noon": 720, "midnight": 1440}
_SIZES = {"minute": 1, "hour": 60}


def minutes_before(found: Found) -> int | None:
    """The minute of the day of "half an hour before midnight"; None for what is no such time."""
    named = _NAMED.get(found.get("in_part") or found.get("part") or found.get("named_time") or "")
    duration = found.get("duration")
    if duration is not None:
        count, unit = str(duration).split()
        number = int(count)
    else:
        number, unit = found.get("number"), found.get("unit")
        number = 1 if number is None else number
    if named is None or unit not in _SIZES or not 0 < number * _SIZES[unit] <= 720:
        return None
    return named - number * _SIZES[unit]


def minutes_beside(found: Found) -> int | None:
    """The minute of the day of "midi et demi"; past 1440 after midnight; None for other parts."""
    named = _NAMED.get(found.get("in_part") or found.get("named_time") or "")
    return None if named is None else named + int(found.get("hour_plus"))


_PM = ("afternoon", "evening")


def _half_of_day(hour: int, minute: int, ampm: str | None, part: str | None, bare: bool) -> Clock:
    """Which of the two turns of the dial is meant."""
    if hour > 12 or hour == 0:
        return Clock(time(hour % 24, minute), days=1 if hour == 24 else 0)
    if ampm == "am" or (ampm is None and part == "morning"):
        return Clock(time(hour % 12, minute))
    if ampm == "pm":
        return Clock(time(hour % 12 + 12, minute))
    if ampm == "night" or (ampm is None and part == "evening"):
        if hour == 12:
            return Clock(time(0, minute), days=1)
        early = hour <= (5 if ampm == "night" else 3)
        if early:
            return Clock(time(hour, minute), days=0 if ampm == "night" else 1)
        return Clock(time(hour + 12, minute))
    if ampm is None and part == "afternoon":
        return Clock(time(hour % 12 + 12, minute))
    if ampm is None and part == "noon":
        return Clock(time(hour if hour >= 11 else hour + 12, minute))
    return Clock(time(hour, minute), bare=bare)
