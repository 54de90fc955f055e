"""An event of a calendar as a value, and when it happens."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from octopus.backends.calendar.rule import Budget, Rule
from octopus.core.agenda import Appointment

#: A day, a wall clock that holds wherever the owner is (naive), or a moment.
When = date | datetime

#: Occurrences of one event in one answer; nobody reads more of the same.
MOST = 100

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """A VEVENT: its words, when it begins, how long it takes and how it comes again."""

    uid: str
    title: str
    start: When
    days: int = 0  # its length: whole days by the calendar,
    length: timedelta = timedelta()  # and then this by the clock
    place: str = ""
    rules: tuple[Rule, ...] = ()
    more: tuple[When, ...] = ()  # RDATE
    without: tuple[When, ...] = ()  # EXDATE
    stands_for: When | None = None  # the occurrence that it changes (RECURRENCE-ID)
    and_following: bool = False
    cancelled: bool = False

    @property
    def whole_days(self) -> bool:
        """Whether it has no time of day."""
        return not isinstance(self.start, datetime)


def occurrences(
    events: Sequence[Event], first: date, last: date, zone: tzinfo, budget: Budget
) -> Iterator[Appointment]:
    """When the events of one uid happen between two days of the owner's ``zone``.

    Those that change single occurrences stand beside the one that repeats. Raises Exhausted.
    """
    changed = [event for event in events if event.stands_for is not None]
    for event in events:
        if event.stands_for is not None or not event.rules:
            found = [] if event.cancelled else _all(event, first, last, zone, budget, ())
        else:
            found = _all(event, first, last, zone, budget, changed)
        yield from islice(found, MOST)


def _all(
    event: Event,
    first: date,
    last: date,
    zone: tzinfo,
    budget: Budget,
    changed: Sequence[Event],
) -> Iterator[Appointment]:
    if event.cancelled:
        return
    without = {_name(each) for each in event.without}
    without |= {_name(each.stands_for) for each in changed if each.stands_for is not None}
    following = sorted(
        (each for each in changed if each.and_following and each.stands_for is not None),
        key=lambda each: _instant(each.stands_for or each.start, zone),
    )
    window = _window(event, first, last, zone, following)
    for start in _starts(event, *window, budget):
        if _name(start) in without or (isinstance(start, datetime) and start.date() in without):
            continue
        as_it_is, begins = _moved(event, start, following, zone)
        found = None if as_it_is.cancelled else _shown(as_it_is, begins, zone)
        if found is not None and found.first <= last and found.last >= first:
            yield found


def _moved(
    event: Event, start: When, following: Sequence[Event], zone: tzinfo
) -> tuple[Event, When]:
    """The occurrence as a change of it and all later ones has left it."""
    for change in reversed(following):
        assert change.stands_for is not None
        if _instant(change.stands_for, zone) <= _instant(start, zone):
            if type(start) is not type(change.start) or type(start) is not type(change.stands_for):
                return change, start
            return change, start + (_wall(change.start) - _wall(change.stands_for))
    return event, start


def _window(
    event: Event, first: date, last: date, zone: tzinfo, following: Sequence[Event]
) -> tuple[datetime, datetime]:
    """Between which moments of its own wall clock it may begin so that it touches these days."""
    longest = max(timedelta(days=each.days) + each.length for each in (event, *following))
    moves = [_wall(each.start) - _wall(each.stands_for or each.start) for each in following]
    late, early = max([*moves, timedelta()]), min([*moves, timedelta()])
    since = _own(event, datetime.combine(first, time(), zone))
    until = _own(event, datetime.combine(last, time.max, zone))
    return (
        _shift(since, -longest - late - timedelta(hours=2)),  # the clock may be changed within
        _shift(until, -early + timedelta(hours=2)),
    )


def _own(event: Event, at: datetime) -> datetime:
    """A moment on the wall clock of the event."""
    if isinstance(event.start, datetime) and event.start.tzinfo is not None:
        with contextlib.suppress(OverflowError):  # at the ends of the calendar: near enough
            at = at.astimezone(event.start.tzinfo)
    return at.replace(tzinfo=None)


def _shift(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:
        end = date.min if by < timedelta() else date.max
        return datetime.combine(end, time())


def _starts(event: Event, since: datetime, until: datetime, budget: Budget) -> Iterator[When]:
    """When it begins between two moments of its own wall clock."""
    seen = set()
    for each in (event.start, *event.more):
        if _within(event, each, since, until) and _name(each) not in seen:
            seen.add(_name(each))
            yield each
    for rule in event.rules:
        for start in _by_rule(event, rule, since, until, budget):
            if _name(start) not in seen:
                seen.add(_name(start))
                yield start


def _within(event: Event, start: When, since: datetime, until: datetime) -> bool:
    if isinstance(start, datetime) and start.tzinfo is not None:
        return since <= _own(event, start) <= until
    return since <= _wall(start) <= until or since.date() <= _day(start) <= until.date()


def _by_rule(
    event: Event, rule: Rule, since: datetime, until: datetime, budget: Budget
) -> Iterator[When]:
    """What the rule gives in this time; what has to be counted is counted from the start."""
    start = _wall(event.start)
    end = _end(rule, event.start)
    last = until if end is None else min(until, end)
    if event.whole_days:
        since = datetime.combine(since.date(), time())
    times = rule.times(start, since if rule.count is None else start, last, budget)
    if rule.count is not None:
        # The start counts as the first, whether the rule has it or not.
        rest = (at for at in times if at != start)
        times = islice(rest, rule.count - 1)
    for at in times:
        if at >= since:
            yield _like(event.start, at)


def _end(rule: Rule, start: When) -> datetime | None:
    """The last moment of a rule on the wall clock of the event. Raises ValueError."""
    if not rule.until:
        return None
    text = rule.until
    if len(text) == len("20261120"):
        return datetime.combine(date.fromisoformat(text), time.max)
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None and isinstance(start, datetime) and start.tzinfo is not None:
        return found.astimezone(start.tzinfo).replace(tzinfo=None)
    if not isinstance(start, datetime):
        return datetime.combine(found.date(), time.max)
    return found.replace(tzinfo=None)


def _shown(event: Event, start: When, zone: tzinfo) -> Appointment | None:
    words = Appointment(event.title, date.min, date.min, place=event.place)
    try:
        if not isinstance(start, datetime):
            last = start + max(_DAY, timedelta(days=event.days)) - _DAY
            return replace(words, first=start, last=last)
        # A wall clock that does not exist (spring) or exists twice means the time before.
        begins = (start if start.tzinfo else start.replace(tzinfo=zone)).astimezone(UTC)
        ends = start + timedelta(days=event.days)
        ends = (ends if ends.tzinfo else ends.replace(tzinfo=zone)).astimezone(UTC) + event.length
        ends = max(begins, ends)
        touches = ends - timedelta(microseconds=1) if ends > begins else ends
        return replace(
            words,
            first=begins.astimezone(zone).date(),
            last=touches.astimezone(zone).date(),
            start=begins.astimezone(zone),
            end=ends.astimezone(zone),
        )
    except OverflowError:  # at the end of the calendar
        return None


def _name(when: When) -> When:
    """What two spellings of one occurrence have in common."""
    if isinstance(when, datetime) and when.tzinfo is not None:
        return when.astimezone(UTC)
    return when


def _instant(when: When, zone: tzinfo) -> datetime:
    """For bringing occurrences into an order."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def _day(when: When) -> date:
    return when.date() if isinstance(when, datetime) else when


def _wall(when: When) -> datetime:
    """The wall clock of a start, without its zone."""
    if isinstance(when, datetime):
        return when.replace(tzinfo=None)
    return datetime.combine(when, time())


def _like(start: When, at: datetime) -> When:
    """A wall clock as what the event's start is: a day, a floating time or one of a zone."""
    if not isinstance(start, datetime):
        return at.date()
    return at.replace(tzinfo=start.tzinfo)
