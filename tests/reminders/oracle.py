"""When reminders have to ring, reckoned from the standard library alone.

Nothing of the package is used here, so that a mistake of its own cannot agree with itself.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Plan:
    """What was asked for: first wall clock time, zone, and the rule in words."""

    number: int
    first: datetime  # naive
    zone: str
    repeat: str | None


@dataclass(frozen=True)
class Told:
    """One ring as it was recorded: the moment that it was for, and how many more it stood for."""

    number: int
    at: datetime
    missed: int


@dataclass(frozen=True)
class Verdict:
    """What is wrong with what was told."""

    expected: int
    lost: int
    doubled: int
    wrong: int  # told for a moment at which nothing was due

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)


def utc(local: datetime, zone: str) -> datetime:
    """The first moment at which the clocks show ``local``, else the first after the gap."""
    place = ZoneInfo(zone)
    near = {
        place.utcoffset(local + timedelta(days=days)) or timedelta() for days in (-2, -1, 0, 1, 2)
    }
    found = [
        moment
        for moment in ((local - offset).replace(tzinfo=UTC) for offset in near)
        if moment.astimezone(place).replace(tzinfo=None) == local
    ]
    if found:
        return min(found)
    moment = (local - max(near)).replace(tzinfo=UTC, second=0) - timedelta(hours=2)
    while moment.astimezone(place).replace(tzinfo=None) < local:
        moment += MINUTE
    return moment


def occurrences(plan: Plan, until: datetime) -> Iterator[datetime]:
    """Every moment at which it has to ring, up to ``until`` (aware)."""
    if plan.repeat is not None and plan.repeat.split()[-1].rstrip("s") in {"minute", "hour"}:
        yield from _elapsed(plan, until)
        return
    for day in _days(plan):
        moment = utc(datetime.combine(day, plan.first.time()), plan.zone)
        if moment > until:
            return
        yield moment


def _elapsed(plan: Plan, until: datetime) -> Iterator[datetime]:
    assert plan.repeat is not None
    *number, unit = plan.repeat.split()[1:]
    step = (int(number[0]) if number else 1) * (60 if unit.startswith("hour") else 1)
    moment = utc(plan.first, plan.zone)
    while moment <= until:
        yield moment
        moment += timedelta(minutes=step)


def _days(plan: Plan) -> Iterator[date]:
    day, rule = plan.first.date(), plan.repeat
    yield day
    while rule is not None:
        day = _next(day, rule.split())
        yield day


def _next(day: date, words: list[str]) -> date:
    """The day after this one by "every 3 days", "every weekday", "every month on the 5th"..."""
    if words[1:] == ["weekday"]:
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return day
    if "on" in words and words[-1] in DAYS:
        wanted = DAYS.index(words[-1])
        weeks = int(words[1]) if words[1].isdigit() else 1
        assert day.weekday() == wanted
        return day + timedelta(weeks=weeks)
    if "month" in words:
        year, month = day.year + day.month // 12, day.month % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return day + timedelta(days=int(words[1]) if words[1].isdigit() else 1)


def judge(plans: Iterable[Plan], told: Sequence[Told], until: datetime) -> Verdict:
    """Compare what was told, by ``until`` (the latest moment that any clock has shown)."""
    by_number: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        by_number[one.number].append(one)
    expected = lost = doubled = wrong = 0
    for plan in plans:
        due = list(occurrences(plan, until))
        expected += len(due)
        place = {moment: index for index, moment in enumerate(due)}
        covered = [0] * len(due)
        for one in by_number.pop(plan.number, []):
            index = place.get(one.at)
            if index is None:
                wrong += 1
                continue
            for number in range(index, min(len(due), index + one.missed + 1)):
                covered[number] += 1
            wrong += index + one.missed + 1 > len(due)
        lost += covered.count(0)
        doubled += sum(count - 1 for count in covered if count > 1)
    wrong += sum(len(rest) for rest in by_number.values())
    return Verdict(expected, lost, doubled, wrong)
