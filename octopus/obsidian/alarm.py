"""For when an alarm rings: a wall clock in a zone, and the rule by which it comes again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from octopus.obsidian.recurrence import next_date
from octopus.obsidian.rule import parse_rule

_ELAPSED = re.compile(r"every\s+(?:(\d{1,9}|one|two|three)\s+)?(minute|hour)s?", re.IGNORECASE)
_ALARM = re.compile(r"\s*⏰\ufe0f? *[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{1,2}:[0-9]{2})?")
_NUMBERS = {None: 1, "one": 1, "two": 2, "three": 3}

#: How many times that were missed are counted one by one; a daily one for 54 years.
_MOST_MISSED = 20_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an alarm rings."""

    local: datetime  # naive: the wall clock as it was meant
    at: datetime  # aware, in UTC: the instant of it
    missed: int = 0  # times between this one and the one it was counted from


def instant(local: datetime, zone: str) -> datetime:
    """The moment, in UTC, at which the clocks of ``zone`` show ``local``.

    Of two such moments it is the first. Where the clocks skip that time it is the moment of the
    skip: the next time that there is.
    """
    place = ZoneInfo(zone)
    before = local.replace(tzinfo=place, fold=0)
    moment = before.astimezone(UTC)
    if moment.astimezone(place).replace(tzinfo=None) == local:
        return moment
    after = local.replace(tzinfo=place, fold=1)
    low, high = after.astimezone(UTC), moment  # the clocks are moved between the two
    new = high.astimezone(place).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(place).utcoffset() == new:
            high = middle
        else:
            low = middle
    return high


def words(description: str) -> str:
    """What a to-do says beside its alarm."""
    return " ".join(_ALARM.sub("", description).split())


def elapsed(repeat: str) -> timedelta | None:
    """The time between two rings of "every 10 minutes"; None for a rule of days.

    Minutes and hours are no words of the Tasks plugin: a task has no time of day.
    """
    match = _ELAPSED.fullmatch(repeat.strip())
    if match is None:
        return None
    number = _NUMBERS.get(match[1].lower() if match[1] else None) or int(match[1])
    minutes = number * (60 if match[2].lower() == "hour" else 1)
    return timedelta(minutes=minutes) if 0 < minutes <= 60 * 24 * 3660 else None


def repeats(repeat: str) -> bool:
    """Whether this is a rule that can be followed."""
    return elapsed(repeat) is not None or parse_rule(repeat) is not None


def when_done(repeat: str | None) -> bool:
    """Whether the next time is counted from when it was done."""
    rule = parse_rule(repeat) if repeat else None
    return rule is not None and rule.when_done


def following(
    local: datetime, zone: str, repeat: str | None, after: datetime, told: int = 0
) -> Occurrence | None:
    """The first time later than ``after`` (aware), counted from ``local``; None for no more.

    Days are counted on the calendar, so that the wall clock stays; minutes and hours as they
    pass. ``told`` is how often it rang, for a rule with an end ("for 3 times").
    """
    if not repeat or when_done(repeat):
        return None
    try:
        step = elapsed(repeat)
        if step is not None:
            begin = instant(local, zone)
            times = max(1, (after - begin) // step + 1)
            at = begin + times * step
            return Occurrence(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), at, times - 1)
        return _on_days(local, zone, repeat, after, told)
    except OverflowError:
        return None  # beyond the calendar


def _on_days(
    local: datetime, zone: str, repeat: str, after: datetime, told: int
) -> Occurrence | None:
    rule = parse_rule(repeat)
    left = rule.count - told if rule is not None and rule.count else _MOST_MISSED
    day = local.date()
    for missed in range(min(left, _MOST_MISSED)):
        found = next_date(repeat, day, day)
        if found is None:
            return None
        day = found
        wall = datetime.combine(day, local.time())
        at = instant(wall, zone)
        if at > after:
            return Occurrence(wall, at, missed)
    return None


def first_after_done(local: datetime, zone: str, repeat: str, done: datetime) -> Occurrence | None:
    """The next time by a rule with "when done", counted from the day on which it was done."""
    day = done.astimezone(ZoneInfo(zone)).date()
    found = next_date(repeat, day, day)
    if found is None:
        return None
    wall = datetime.combine(found, local.time())
    return Occurrence(wall, instant(wall, zone))
