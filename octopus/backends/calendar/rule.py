"""On which days and times a recurrence rule fits (RFC 5545, 3.3.10), at a known cost.

Each day is asked by itself whether it fits, so that a rule which never fits, or fits a thousand
times an hour, costs no more than the days that are looked at.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from octopus.errors import Sentence

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
_SECONDS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_BY_DAY = re.compile(r"([+-]?\d{1,3})?(MO|TU|WE|TH|FR|SA|SU)")
#: What the numbers of each part may be, without their sign.
_RANGES = {
    "BYSECOND": range(61),
    "BYMINUTE": range(60),
    "BYHOUR": range(24),
    "BYMONTHDAY": range(1, 32),
    "BYYEARDAY": range(1, 367),
    "BYWEEKNO": range(1, 54),
    "BYMONTH": range(1, 13),
    "BYSETPOS": range(1, 367),
}
_SIGNED = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
_OTHERS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"}

Numbers = frozenset[int]


class Exhausted(Exception):
    """More days and times would have to be looked at than one question may cost."""


class Budget:
    """How many days and times may still be looked at."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Raises Exhausted when nothing is left."""
        self.left -= steps
        if self.left < 0:
            raise Exhausted


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule; its days and times are those of the event's own wall clock."""

    frequency: str
    interval: int
    count: int | None
    until: str  # as written; "" for none
    week_start: int  # Monday is 0
    by: Mapping[str, Numbers]
    weekdays: frozenset[tuple[int, int]]  # which one (0 for each) and the day of the week

    @classmethod
    def read(cls, text: str) -> Rule:
        """From "FREQ=WEEKLY;BYDAY=MO". Raises ValueError, saying what is wrong."""
        parts: dict[str, str] = {}
        for part in filter(None, text.upper().strip().split(";")):
            name, _, value = part.partition("=")
            if name not in _OTHERS and name not in _RANGES:
                raise ValueError(Sentence("{name} is not known", "calendar.unknown", name=name))
            parts[name] = value
        if parts.get("FREQ") not in _FREQUENCIES:
            raise ValueError(Sentence("there is no frequency", "calendar.no_frequency"))
        interval, count = _number(parts, "INTERVAL") or 1, _number(parts, "COUNT")
        return cls(
            parts["FREQ"],
            interval,
            count,
            parts.get("UNTIL", ""),
            _WEEKDAYS.index(parts.get("WKST", "MO")),
            {name: _numbers(name, parts[name]) for name in _RANGES if name in parts},
            _by_day(parts.get("BYDAY", "")),
        )

    def times(
        self, start: datetime, since: datetime, until: datetime, budget: Budget
    ) -> Iterator[datetime]:
        """When it fits between two moments, both included, but not before ``start``; in order.

        All are naive, on the wall clock of the event; from ``start`` gaps are filled and intervals
        counted. ``self.count`` and ``self.until`` are not looked at. Raises Exhausted.
        """
        since = max(since, start)
        day, fits = since.date(), _fits(self, start.date())
        while day <= until.date():
            budget.spend()
            if fits(day):
                for at in self._on(day, start, since, fits, budget):
                    if at > until:
                        return
                    if at >= since:
                        yield at
            if day == date.max:
                return
            day += timedelta(days=1)

    def _on(
        self,
        day: date,
        start: datetime,
        since: datetime,
        fits: Callable[[date], bool],
        budget: Budget,
    ) -> Iterator[datetime]:
        places = self.by.get("BYSETPOS")
        if places is None:
            yield from self._clock(day, start, since, budget)
            return
        days = [each for each in _period(self, day) if fits(each)]
        budget.spend(len(days))
        if self.frequency in _SECONDS:
            raise ValueError(
                Sentence("{name} is not known", "calendar.unknown", name="BYSETPOS within a day")
            )
        found = [at for each in days for at in self._clock(each, start, start, budget)]
        wanted = {n - 1 if n > 0 else len(found) + n for n in places}
        yield from (at for n, at in enumerate(found) if n in wanted and at.date() == day)

    def _clock(
        self, day: date, start: datetime, since: datetime, budget: Budget
    ) -> Iterator[datetime]:
        """The times of a day that fits; those before ``since`` may be left out."""
        hours = self.by.get("BYHOUR")
        minutes, seconds = self.by.get("BYMINUTE"), self.by.get("BYSECOND")
        step = _SECONDS.get(self.frequency)
        if step is None:
            for hour in sorted(hours or {start.hour}):
                for minute in sorted(minutes or {start.minute}):
                    for second in sorted(seconds or {start.second}):
                        budget.spend()
                        yield datetime.combine(day, time(hour, minute, min(second, 59)))
            return
        yield from self._within(day, start, since, step, budget)

    def _within(
        self, day: date, start: datetime, since: datetime, step: int, budget: Budget
    ) -> Iterator[datetime]:
        """The times of a day of a rule that counts in hours, minutes or seconds."""
        midnight = datetime.combine(day, time())
        base = start.replace(minute=0, second=0) if step == 3600 else start
        base = base.replace(second=0) if step == 60 else base
        every = step * self.interval
        offset = -int((midnight - base).total_seconds()) % every
        early = int((since - midnight).total_seconds()) - 3600 - offset
        offset += max(0, early // every) * every
        hours = self.by.get("BYHOUR")
        minutes = self.by.get("BYMINUTE") or ({start.minute} if step == 3600 else None)
        seconds = self.by.get("BYSECOND") or ({start.second} if step > 1 else None)
        for at in range(offset, 86_400, every):
            budget.spend()
            if hours is not None and at // 3600 not in hours:
                continue
            for minute in sorted(minutes) if step == 3600 and minutes else (at // 60 % 60,):
                if minutes is not None and minute not in minutes:
                    continue
                for second in sorted(seconds) if step > 1 and seconds else (at % 60,):
                    if seconds is None or second in seconds:
                        yield midnight.replace(hour=at // 3600, minute=minute, second=second % 60)


def _number(parts: Mapping[str, str], name: str) -> int | None:
    value = parts.get(name)
    if value is None:
        return None
    if not value.isascii() or not value.isdecimal() or len(value) > 18 or not int(value):
        raise ValueError(_cannot_be(f"{name}={value[:30]}"))
    return int(value)


def _numbers(name: str, text: str) -> Numbers:
    found = set()
    for each in text.split(","):
        digits = each.lstrip("+-") if name in _SIGNED else each
        if not digits.isascii() or not digits.isdecimal() or int(digits[:9]) not in _RANGES[name]:
            raise ValueError(_cannot_be(f"{name}={text[:30]}"))
        found.add(-int(digits) if each.startswith("-") else int(digits))
    return frozenset(found)


def _by_day(text: str) -> frozenset[tuple[int, int]]:
    found = set()
    for each in filter(None, text.split(",")):
        match = _BY_DAY.fullmatch(each.strip())
        if match is None:
            raise ValueError(_cannot_be(f"BYDAY={text[:30]}"))
        found.add((int(match[1] or 0), _WEEKDAYS.index(match[2])))
    return frozenset(found)


def _period(rule: Rule, day: date) -> Iterator[date]:
    """All days of the year, month, week or day of which BYSETPOS picks some."""
    first, length = day, 1
    if rule.frequency == "YEARLY":
        first, length = day.replace(month=1, day=1), 366 if isleap(day.year) else 365
    elif rule.frequency == "MONTHLY":
        first, length = day.replace(day=1), monthrange(day.year, day.month)[1]
    elif rule.frequency == "WEEKLY":
        first, length = _week(day, rule.week_start), 7
    return (first + timedelta(days=n) for n in range(length))


def _week(day: date, week_start: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - (day.weekday() - week_start) % 7))


def _fits(rule: Rule, start: date) -> Callable[[date], bool]:
    """Whether a day is one of the rule's, as a function of the day."""
    months, month_days = rule.by.get("BYMONTH"), rule.by.get("BYMONTHDAY")
    year_days, weeks = rule.by.get("BYYEARDAY"), rule.by.get("BYWEEKNO")
    weekdays = rule.weekdays
    if not (month_days or year_days or weeks or weekdays):
        if rule.frequency in {"YEARLY", "MONTHLY"}:
            month_days = frozenset({start.day})
            if rule.frequency == "YEARLY":
                months = months or frozenset({start.month})
        elif rule.frequency == "WEEKLY":
            weekdays = frozenset({(0, start.weekday())})
    if weeks and not (weekdays or month_days or year_days):
        weekdays = frozenset({(0, start.weekday())})

    def fits(day: date) -> bool:
        return (
            _in_turn(rule, start, day)
            and (months is None or day.month in months)
            and (month_days is None or _from_either_end(day.day, _month_length(day), month_days))
            and (year_days is None or _from_either_end(*_of_year(day), year_days))
            and (weeks is None or _from_either_end(*_week_number(day, rule.week_start), weeks))
            and (not weekdays or any(_is_weekday(rule, day, *each) for each in weekdays))
        )

    return fits


def _in_turn(rule: Rule, start: date, day: date) -> bool:
    """Whether the rule's interval comes to this year, month, week or day."""
    if rule.interval == 1 or rule.frequency in _SECONDS:
        return True
    if rule.frequency == "YEARLY":
        away = day.year - start.year
    elif rule.frequency == "MONTHLY":
        away = (day.year - start.year) * 12 + day.month - start.month
    elif rule.frequency == "WEEKLY":
        away = (_week(day, rule.week_start) - _week(start, rule.week_start)).days // 7
    else:
        away = (day - start).days
    return away % rule.interval == 0


def _from_either_end(number: int, length: int, wanted: Numbers) -> bool:
    return number in wanted or number - length - 1 in wanted


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _of_year(day: date) -> tuple[int, int]:
    return day.timetuple().tm_yday, 366 if isleap(day.year) else 365


def _week_one(year: int, week_start: int) -> int:
    """The ordinal of the first day of the week that has four days in the year at least."""
    fourth = date(year, 1, 4)
    return fourth.toordinal() - (fourth.weekday() - week_start) % 7


def _week_number(day: date, week_start: int) -> tuple[int, int]:
    """The number of the day's week, and how many weeks that year has."""
    year, at = day.year, day.toordinal()
    if year < date.max.year and at >= _week_one(year + 1, week_start):
        year += 1
    elif at < _week_one(year, week_start) and year > 1:
        year -= 1
    first = _week_one(year, week_start)
    last = first + 53 * 7 if year == date.max.year else _week_one(year + 1, week_start)
    return (at - first) // 7 + 1, (last - first) // 7


def _is_weekday(rule: Rule, day: date, number: int, weekday: int) -> bool:
    """Whether the day is such a weekday, the last one of the month for -1 and so on."""
    if day.weekday() != weekday:
        return False
    if number == 0 or rule.frequency not in {"YEARLY", "MONTHLY"}:
        return True
    in_month = rule.frequency == "MONTHLY" or "BYMONTH" in rule.by
    at, length = (day.day, _month_length(day)) if in_month else _of_year(day)
    return number in {(at - 1) // 7 + 1, -((length - at) // 7 + 1)}


def _cannot_be(part: str) -> Sentence:
    return Sentence("{part} cannot be", "calendar.cannot_be", part=part)
