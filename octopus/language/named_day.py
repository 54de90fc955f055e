"""Works out the day that words name: "next Friday", "5.12.", "the end of the month"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from octopus.language import dates
from octopus.language.compose import COMPOSED
from octopus.language.owner import Owner
from octopus.language.repeat import Repeat
from octopus.language.scan import Found


class Calendar:
    """Names days against one now, one owner and one language's habits."""

    def __init__(self, now: datetime, owner: Owner, habits: Mapping[str, Any]) -> None:
        self.zone: tzinfo = owner.zone or now.tzinfo or UTC
        self.now = now.astimezone(self.zone)
        self.today = self.now.date()
        self.owner = owner
        self.habits = habits

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


def _weekend(reader: Calendar) -> date:
    return reader.today if reader.today.weekday() >= 5 else reader.weekday(5)


def _last_weekday(reader: Calendar, found: Found) -> date:
    return reader.weekday(found.get("weekday")) - timedelta(
        days=14 if reader.weekday(found.get("weekday")) - reader.today == timedelta(days=7) else 7
    )


def _nth_in_month(reader: Calendar, found: Found) -> date | None:
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


def _next_unit(reader: Calendar, found: Found) -> date | None:
    unit = found.get("unit")
    if unit == "week":
        return dates.monday(reader.today) + timedelta(days=7)
    return dates.shifted(reader.today, 1, unit or "week")


_DAYS: Mapping[str, Callable[[Calendar, Found], date | None]] = {
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
