"""Turns what was said of time into moments, in the owner's zone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from octopus.language.clock import WAKING, Clock, NoSuchDay, read_clock
from octopus.language.compose import either
from octopus.language.named_day import Calendar
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
    also: tuple[datetime, ...] = ()  # further times of that day: "at 9 and at 21"
    notes: list[str] = field(default_factory=list)


class Reader(Calendar):
    """Resolves moments on the days that its calendar names."""

    def moment(self, pieces: Pieces) -> Moment:
        """All that the pieces say together."""
        result = Moment()
        try:
            self._resolve(pieces, result)
            self._either(pieces, result)
            self._others(pieces, result)
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

    def _others(self, pieces: Pieces, result: Moment) -> None:
        """The further times of "at 9 and at 21"; where one may be either of two, none is sure."""
        found = [result]
        for clock in pieces.times[1:]:
            each = Moment()
            self._resolve(replace(pieces, clock=clock), each)
            found.append(each)
        if len(found) < 2:
            return
        moments = sorted({each.at for each in found if each.at is not None})
        if len(moments) < len(found) or any(each.choices for each in found):
            pieces.open = True
            return
        result.at, *others = moments
        result.day = result.at.date()
        result.also = tuple(others)

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
            clock = self._clock(pieces.clock.found, pieces.part, of_day=_of_day(pieces))
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

    def _clock(self, found: Found, part: str | None, *, of_day: bool) -> Clock | None:
        clock = read_clock(found, part, str(self.habits.get("clock", "24")))
        return replace(clock, bare=False) if of_day and clock is not None else clock

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


_MINUTES = {"minute": 1.0, "hour": 60.0, "second": 1 / 60}


def _of_day(pieces: Pieces) -> bool:
    """True where one of several times is past noon: then 9 is in the morning, not at 21."""
    numbers = [piece.found.get("number") for piece in pieces.times if piece.found]
    return any(number is not None and number > 12 for number in numbers)


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
