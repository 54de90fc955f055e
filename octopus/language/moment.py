"""Turns what was said of time into days and moments, in the owner's zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from octopus.language import dates
from octopus.language.clock import WAKING, Clock, NoSuchDay, read_clock
from octopus.language.compose import COMPOSED, either
from octopus.language.owner import Owner
from octopus.language.repeat import Repeat, next_such
from octopus.language.scan import Found
from octopus.language.when import Pieces

_LATE: Final = 23


@dataclass(slots=True)
class Moment:
    """When something is meant: a day, perhaps a moment on it, perhaps again and again."""

    day: date | None = None
    at: datetime | None = None
    choices: tuple[datetime, ...] = ()  # when more than one moment may be meant
    repeat: Repeat | None = None
    elapsed: bool = False  # "in 20 minutes": counted from now
    impossible: bool = False  # 31 February, or beyond the calendar's end
    unsure: bool = False  # more was said of time than was read
    part: bool = False  # the time comes from a part of the day, not from a clock
    notes: list[str] = field(default_factory=list)


class Reader:
    """Resolves against one now, one owner and one language's habits."""

    def __init__(self, now: datetime, owner: Owner, habits: Mapping[str, Any]) -> None:
        self.zone: tzinfo = owner.zone or now.tzinfo or UTC
        self.now = now.astimezone(self.zone)
        self.today = self.now.date()
        self.owner = owner
        self.habits = habits

    def moment(self, pieces: Pieces) -> Moment:
        """All that the pieces say together."""
        result = Moment()
        try:
            self._resolve(pieces, result)
            self._either(pieces, result)
        except (NoSuchDay, OverflowError):
            result.impossible = True
        result.unsure = pieces.open or not self._said_twice(pieces, result)
        if result.unsure:
            result.impossible = True
        return result

    def _either(self, pieces: Pieces, result: Moment) -> None:
        """Two moments, where the day that is said may be either of two."""
        found = pieces.day.found if pieces.day is not None else None
        if found is not None and result.repeat is None:
            clock = result.at.timetz().replace(tzinfo=None) if result.at else self.owner.morning
            result.choices = result.choices or tuple(
                self.local(day, clock) for day in either(self.today, found)
            )

    def _said_twice(self, pieces: Pieces, result: Moment) -> bool:
        """True where a second piece says what is known: "tomorrow, Saturday"."""
        second = pieces.second
        if second is None:
            return True
        if second.found is None or second.what != "day" or result.day is None:
            return False
        counted = second.found.name.startswith(("offset", "duration", "next_"))
        return not counted and self.day(second.found) == result.day

    def _resolve(self, pieces: Pieces, result: Moment) -> None:
        if pieces.repeat is not None:
            result.repeat = pieces.repeat.value
            if result.repeat is None:
                raise NoSuchDay
        if pieces.day is not None and pieces.day.found is not None:
            elapsed = self._elapsed(pieces.day.found)
            if elapsed is not None:
                result.at, result.elapsed = elapsed, True
                return
            result.day = self.day(pieces.day.found)
            if result.day is not None and result.repeat is not None and result.repeat.weekdays:
                result.day = result.repeat.first(result.day)  # "every Monday from 1 December"
            if result.day is None:
                raise NoSuchDay
        if result.repeat is not None and result.repeat.unit in _MINUTES:
            minutes = result.repeat.number * _MINUTES[result.repeat.unit]
            result.at = self._later(minutes)
            return
        clock = None
        if pieces.clock is not None and pieces.clock.found is not None:
            clock = self._clock(pieces.clock.found, pieces.part)
        if clock is None and pieces.part is None:
            if result.day is None and result.repeat is not None:
                result.day = next_such(result.repeat, self.today)
            return
        if clock is None:
            result.part = True
            self._by_part(pieces, result)
        else:
            self._by_clock(clock, result, pieces)

    def local(self, day: date, clock: time) -> datetime:
        """That wall time on that day; one that does not exist moves forward by the gap."""
        wall = datetime.combine(day, clock, tzinfo=self.zone)
        return wall.astimezone(UTC).astimezone(self.zone)

    def _part_time(self, part: str) -> time:
        if part == "midnight":
            return time(0)
        named: time = getattr(self.owner, part, self.owner.evening)
        return named

    def _by_part(self, pieces: Pieces, result: Moment) -> None:
        part = pieces.part or "morning"
        clock = self._part_time(part)
        late = 1 if part == "midnight" else 0
        if result.repeat is not None and result.day is None:
            ahead = late == 1 or self.local(self.today, clock) > self.now
            result.day = result.repeat.first(self.today, ahead=ahead)
        elif result.day is None:
            result.day = self.today
            if not late and self.local(self.today, clock) <= self.now:
                result.day += timedelta(days=1)
        if result.day is None:
            raise NoSuchDay
        result.at = self.local(result.day + timedelta(days=late), clock)
        if result.day == self.today and result.at <= self.now and pieces.day is not None:
            result.at = self._later_today(result.at)

    def _later_today(self, at: datetime) -> datetime:
        """ "Tonight", said when the evening has begun: the next full hour but one, by eleven."""
        hour = self.now.hour + (2 if self.now.minute > 30 else 1)
        return self.local(self.today, time(hour)) if hour <= _LATE else at

    def _by_clock(self, clock: Clock, result: Moment, pieces: Pieces) -> None:
        if result.repeat is not None and result.day is None:
            sure = clock.settled()
            ahead = self.local(self.today, sure) > self.now
            result.day = result.repeat.first(self.today, ahead=ahead)
            if result.day is None:
                raise NoSuchDay
            result.at = self.local(result.day, sure)
            return
        if result.day is not None:
            day = result.day + timedelta(days=clock.days)
            sure = clock.settled()
            if day == self.today and clock.bare and self.local(day, sure) <= self.now:
                other = time((sure.hour + 12) % 24, sure.minute)
                if self.local(day, other) > self.now:
                    sure = other
            result.at = self.local(day, sure)
            return
        self._no_day(clock, result)

    def _no_day(self, clock: Clock, result: Moment) -> None:
        """A clock time without a day: the next one, or a question where two are likely."""
        tomorrow = self.today + timedelta(days=1)
        at = self.local(self.today + timedelta(days=clock.days), clock.at)
        if not clock.bare:
            result.at = at if at > self.now else self.local(tomorrow, clock.at)
            return
        other = time((clock.at.hour + 12) % 24, clock.at.minute)
        evening = self.local(self.today, other)
        waking = clock.at.hour >= WAKING
        if at > self.now and waking:
            result.at = at
        elif evening > self.now and waking and clock.at.hour < 12:
            result.choices = (evening, self.local(tomorrow, clock.at))
        elif evening > self.now and clock.at.hour < 12:
            result.at = evening
        elif clock.at.hour == 12:
            result.at = self.local(tomorrow, clock.at)
        else:
            result.at = self.local(tomorrow, clock.settled())

    def _clock(self, found: Found, part: str | None) -> Clock | None:
        return read_clock(found, part, str(self.habits.get("clock", "24")))

    def _elapsed(self, found: Found) -> datetime | None:
        """The moment a number of minutes or hours from now, counted on a stopwatch."""
        minutes = _minutes(found)
        return None if minutes is None else self._later(minutes)

    def _later(self, minutes: float) -> datetime:
        try:
            then = self.now.astimezone(UTC) + timedelta(minutes=minutes)
            return then.astimezone(self.zone)
        except OverflowError:
            raise NoSuchDay from None

    def day(self, found: Found) -> date | None:
        """The day that a piece names; None where there is no such day."""
        name = found.name
        if name in ("offset", "ago"):
            number = found.get("number")
            number = 1 if number is None else number
            unit = found.get("unit")
            return dates.shifted(self.today, -number if name == "ago" else number, unit)
        if name in ("duration", "ago_duration"):
            number, unit = str(found.get("duration")).split()
            signed = int(number) * (-1 if name == "ago_duration" else 1)
            return dates.shifted(self.today, signed, unit)
        if name in ("offset_half", "offset_two", "offset_unit", "offset_decimal"):
            return self._mixed_offset(found)
        if name in COMPOSED:
            return COMPOSED[name](self.today, found)
        reader = _DAYS.get(name)
        return None if reader is None else reader(self, found)

    def _mixed_offset(self, found: Found) -> date | None:
        half = {"year": (6, "month"), "month": (15, "day"), "week": (3, "day"), "day": (0, "day")}
        unit = found.get("unit")
        if found.name == "offset_unit":
            first = dates.shifted(self.today, 1, unit)
            return first and dates.shifted(first, found.get("number"), found.get("unit", 1))
        if found.name == "offset_two":
            first = dates.shifted(self.today, found.get("number"), unit)
            return first and dates.shifted(first, found.get("number", 1), found.get("unit", 1))
        number = found.get("number")
        if number is None:
            number = int(found.get("decimal")[0])
        first = dates.shifted(self.today, number, unit)
        return first and dates.shifted(first, *half.get(unit, (0, "day")))

    def month_day(self, found: Found) -> date | None:
        """ "5 December", "December 5th 2027": the next one where no year is said."""
        month = found.get("month")
        year = found.get("year")
        numbers = [
            v for k, v in found.values if k in ("ordinal", "number", "digits", "ordinal_dot")
        ]
        if month is None:
            if len(numbers) < 2:
                return None
            month, number = numbers[:2]
        else:
            number = numbers[0]
        return self.of_year(month, number, year[0] if isinstance(year, tuple) else year)

    def of_year(self, month: int, number: int, year: str | int | None) -> date | None:
        """A date, of the year that is said, else the next one."""
        if year is None:
            return dates.month_day(self.today, month, number)
        whole = int(year) + (2000 if len(str(year)) <= 2 else 0)
        try:
            return date(whole, month, number)
        except ValueError:
            return None

    def numeric(self, groups: tuple[str, ...]) -> date | None:
        """ "5.12.", "12/4/27": in the owner's order, in the other where only that can be."""
        if len(groups) == 4:
            first, _, second, year = groups
        else:
            (first, second), year = groups[:2], None
        day, month = int(first), int(second)
        if self.owner.date_order.startswith("m"):
            day, month = month, day
        if month > 12 >= day and "m" in self.owner.date_order:
            day, month = month, day
        return self.of_year(month, day, year)

    def weekday(self, weekday: int) -> date:
        """The next such day, never today."""
        return dates.next_weekday(self.today, weekday)

    def next_weekday(self, weekday: int) -> date:
        """ "Next Friday": of the coming week, or in some languages simply the next one."""
        if self.habits.get("next_weekday") == "week":
            return dates.monday(self.today) + timedelta(days=7 + weekday)
        return self.weekday(weekday)

    def month_end(self, month: int, year: str | None) -> date | None:
        """The last day of a month that is named."""
        first = self.of_year(month, 1, year)
        if first is None:
            return None
        if year is None and month == self.today.month:
            first = self.today
        return dates.last_of_month(first)

    def unit_end(self, unit: str, number: int) -> date | None:
        """The last day of this or the next week, month, year."""
        found = dates.period(self.today, unit, number)
        if found is None:
            return None
        return found[1]


_MINUTES = {"minute": 1.0, "hour": 60.0, "second": 1 / 60}


def _minutes(found: Found) -> float | None:
    """How many minutes a span is; None for spans of days and more."""
    if found.name == "duration":
        number, unit = str(found.get("duration")).split()
        return int(number) * _MINUTES[unit] if unit in _MINUTES else None
    size = _MINUTES.get(found.get("unit") or "")
    if size is None or found.name in ("ago", "ago_duration"):
        return None
    number = found.get("number")
    if found.name == "offset" and found.values[-1][0] == "number" and size == 60:
        return float(60 + number)  # "через час пятнадцать": the minutes follow
    if found.name == "offset":
        return float(1 if number is None else number) * size
    if found.name == "offset_unit":  # "через час и 15 минут": the one is not said
        other = _MINUTES.get(found.get("unit", 1))
        return None if other is None else float(size + number * other)
    if found.name == "offset_two":
        other = _MINUTES.get(found.get("unit", 1))
        return None if other is None else float(number * size + found.get("number", 1) * other)
    decimal = found.get("decimal")
    if decimal is not None:
        return float(".".join(decimal)) * size
    if found.name == "offset_half":
        return float(number + 0.5) * size
    return None


def _weekend(reader: Reader) -> date:
    return reader.today if reader.today.weekday() >= 5 else reader.weekday(5)


def _last_weekday(reader: Reader, found: Found) -> date:
    return reader.weekday(found.get("weekday")) - timedelta(
        days=14 if reader.weekday(found.get("weekday")) - reader.today == timedelta(days=7) else 7
    )


def _nth_in_month(reader: Reader, found: Found) -> date | None:
    """ "The last Friday of the month": the next one that is not over."""
    number = found.get("ordinal") or found.get("ordinal_dot") or -1
    unit = found.get("unit")
    if unit not in (None, "month"):
        return None
    nth = Repeat("month", day=number, weekdays=(found.get("weekday"),))
    month = found.get("month")
    start = reader.today if month is None else dates.month_day(reader.today, month, 1)
    if month == reader.today.month:
        start = reader.today
    return None if start is None else nth.first(start)


def _next_unit(reader: Reader, found: Found) -> date | None:
    unit = found.get("unit")
    if unit == "week":
        return dates.monday(reader.today) + timedelta(days=7)
    return dates.shifted(reader.today, 1, unit or "week")


_DAYS: Mapping[str, Callable[[Reader, Found], date | None]] = {
    "day": lambda r, f: dates.shifted(r.today, int(f.get("day")), "day"),
    "day_part": lambda r, f: dates.shifted(r.today, int(f.get("day")), "day"),
    "daypart": lambda r, f: dates.shifted(r.today, int(f.get("daypart").split()[0]), "day"),
    "weekday": lambda r, f: r.weekday(f.get("weekday")),
    "this_weekday": lambda r, f: r.weekday(f.get("weekday")),
    "weekday_part": lambda r, f: r.weekday(f.get("weekday")),
    "next_weekday": lambda r, f: r.next_weekday(f.get("weekday")),
    "next_part": lambda r, f: r.next_weekday(f.get("weekday")),
    "last_weekday": _last_weekday,
    "iso": lambda r, f: r.of_year(int(f.get("iso")[1]), int(f.get("iso")[2]), f.get("iso")[0]),
    "dmy": lambda r, f: r.numeric(f.get("dmy")),
    "dm_dot": lambda r, f: r.numeric(f.get("dm_dot")),
    "dm_slash": lambda r, f: r.numeric(f.get("dm_slash")),
    "dm_bare": lambda r, f: r.numeric(f.get("dm_bare")),
    "weekday_dm": lambda r, f: r.numeric(
        f.get("dm_dot") or f.get("dm_slash") or f.get("dm_bare") or f.get("dmy")
    ),
    "md": lambda r, f: r.month_day(f),
    "weekday_md": lambda r, f: r.month_day(f),
    "d": lambda r, f: dates.day_number(
        r.today, next(v for k, v in f.values if k in ("ordinal", "digits", "number"))
    ),
    "nth_in_month": _nth_in_month,
    "monthend": lambda r, f: dates.last_of_month(
        dates.shifted(r.today.replace(day=1), int(f.get("monthend") or 0), "month") or r.today
    ),
    "end_month": lambda r, f: r.month_end(f.get("month"), (f.get("year") or [None])[0]),
    "end_md": lambda r, f: r.month_end(f.get("month"), None),
    "end_unit": lambda r, f: r.unit_end(f.get("unit"), 0),
    "end_next": lambda r, f: r.unit_end(f.get("unit"), 1),
    "weekend": lambda r, f: _weekend(r),
    "next_weekend": lambda r, f: dates.monday(r.today) + timedelta(days=12),
    "next_week": lambda r, f: dates.monday(r.today) + timedelta(days=7),
    "next_unit": _next_unit,
    "md_next": lambda r, f: dates.month_day(
        dates.shifted(r.today.replace(day=1), 1, "month") or r.today,
        (dates.shifted(r.today.replace(day=1), 1, "month") or r.today).month,
        f.get("number"),
    ),
}
