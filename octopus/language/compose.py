"""Reads days that two pieces name together: "next month on the 5th", "a week from Friday"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from octopus.language import dates
from octopus.language.repeat import Repeat
from octopus.language.scan import Found, Scan

_NUMBERS = ("ordinal", "ordinal_dot", "digits", "number")

PATTERNS: Final = [
    ("next_d", "next unit comma? on_date|on? dayno? ordinal|ordinal_dot"),
    ("next_d", "next unit comma? dayno digits"),
    ("next_d", "next unit on? digits|number day_mark"),
    ("next_d", "unit next_after comma? dayno? ordinal|ordinal_dot"),
    ("next_d", "unit next_after comma? dayno digits"),
    ("next_d", "dayno? ordinal|ordinal_dot of? next unit"),
    ("next_d", "dayno digits of? next unit"),
    ("next_d", "digits|number day_mark next unit"),
    ("next_d", "dayno? ordinal|ordinal_dot of? unit next_after"),
    ("next_d", "dayno digits of? unit next_after"),
    ("next_md", "next unit comma? on_date|on? dayno? ordinal|digits|ordinal_dot of? month"),
    ("next_md", "next unit comma? on_date|on? month ordinal|digits"),
    ("next_md", "unit next_after comma? dayno? ordinal|digits|ordinal_dot of? month"),
    ("next_md", "dayno? ordinal|digits|ordinal_dot of? month of? next unit"),
    ("next_md", "month ordinal|digits of? next unit"),
    ("next_md", "dayno? ordinal|digits|ordinal_dot of? month of? unit next_after"),
    ("next_md", "next_year number month_mark number day_mark"),
    ("next_day", "next unit comma? on_date|on? weekday"),
    ("next_day", "unit next_after comma? on? weekday"),
    ("next_day", "weekday of? next unit"),
    ("next_day", "weekday of? unit next_after"),
    ("next_two", "next next weekday"),
    ("next_two", "next next_week weekday"),
    ("nth_next", "the? ordinal|ordinal_dot|last weekday of? next unit"),
    ("nth_next", "the? ordinal|ordinal_dot|last weekday of? unit next_after"),
    ("nth_next", "next unit on_date|on? the? ordinal|ordinal_dot|last weekday"),
    ("in_weekday", "in unit on_date|on? weekday"),
    ("in_weekday", "number unit later of? weekday"),
    ("in_weekday", "in number unit on_date|on? weekday"),
    ("weekday_in", "weekday in number unit"),
    ("day_in", "day in number unit"),
    ("day_in", "day week_after"),
    ("day_in", "weekday week_after"),
    ("day_in", "next weekday week_after"),
    ("day_in", "week_before weekday|day"),
    ("day_in", "in? number unit since day|weekday"),
    ("day_in", "in? duration since day|weekday"),
]
_WITHIN: Final = {"next_d": "month", "next_md": "year", "next_day": "week", "nth_next": "month"}
_LONG = ("day", "week", "month", "year", "workday")
_WEEKS: Final = {8: 1, 15: 2}  # "in eight days", said of a weekday, counts both ends


def composed(scan: Scan, found: Found) -> bool:
    """False where the two pieces do not belong together: "next week on the 5th"."""
    name = found.name
    if name in _WITHIN and found.get("next_year") is None:
        return bool(found.get("unit") == _WITHIN[name])
    if name in ("in_weekday", "weekday_in"):
        return _weeks(found) is not None
    if name == "day_in" and found.get("unit") is not None:
        return found.get("unit") in _LONG
    if name == "day_in" and found.get("duration") is not None:
        return str(found.get("duration")).split()[1] in _LONG
    return True


def _weeks(found: Found) -> int | None:
    number, unit = found.get("number"), found.get("unit")
    number = 1 if number is None else number
    if unit == "week":
        return int(number)
    if unit == "day":
        return _WEEKS.get(number, number // 7 if number % 7 == 0 else None)
    return None


def _number(found: Found) -> int:
    return next(int(v) for k, v in found.values if k in _NUMBERS)


def _next_d(today: date, found: Found) -> date | None:
    first = dates.shifted(today.replace(day=1), 1, "month")
    number = _number(found)
    if first is None or not 1 <= number <= dates.last_of_month(first).day:
        return None
    return first.replace(day=number)


def _next_md(today: date, found: Found) -> date | None:
    month, number = found.get("month"), _number(found)
    if month is None:  # 明年5月5日
        month, number = found.get("number"), found.get("number", 1)
    try:
        return date(today.year + 1, month, number)
    except ValueError:
        return None


def _next_day(today: date, found: Found) -> date:
    return dates.monday(today) + timedelta(days=7 + found.get("weekday"))


def _nth_next(today: date, found: Found) -> date | None:
    first = dates.shifted(today.replace(day=1), 1, "month")
    number = found.get("ordinal") or found.get("ordinal_dot") or -1
    day = first and Repeat("month", day=number, weekdays=(found.get("weekday"),)).first(first)
    return day if first and day and day.month == first.month else None


def _in_weekday(today: date, found: Found) -> date | None:
    then = dates.shifted(today, _weeks(found) or 0, "week")
    return then and dates.monday(then) + timedelta(days=found.get("weekday"))


def _weekday_in(today: date, found: Found) -> date | None:
    return dates.shifted(
        dates.next_weekday(today, found.get("weekday")), _weeks(found) or 0, "week"
    )


def _day_in(today: date, found: Found) -> date | None:
    weekday = found.get("weekday")
    if weekday is None:
        base = dates.shifted(today, int(found.get("day")), "day")
    else:
        base = dates.next_weekday(today, weekday)
    if base is None:
        return None
    weeks = found.get("week_after") or found.get("week_before")
    if weeks is not None:
        return dates.shifted(base, int(weeks), "week")
    duration = found.get("duration")
    if duration is not None:
        number, unit = str(duration).split()
        return dates.shifted(base, int(number), unit)
    if found.values[0][0] == "day" and found.get("unit") == "day":
        weeks = _WEEKS.get(found.get("number"))
        if weeks is not None:
            return dates.shifted(base, weeks, "week")
    return dates.shifted(base, found.get("number"), found.get("unit"))


def either(today: date, found: Found) -> tuple[date, ...]:
    """Both days that "Tuesday in two weeks" may mean: of that week, or counted from Tuesday."""
    if found.name != "weekday_in":
        return ()
    days = {day for day in (_in_weekday(today, found), _weekday_in(today, found)) if day}
    return tuple(sorted(days)) if len(days) > 1 else ()


COMPOSED: Final[Mapping[str, Callable[[date, Found], date | None]]] = {
    "next_d": _next_d,
    "next_md": _next_md,
    "next_day": _next_day,
    "next_two": lambda today, found: _next_day(today + timedelta(days=7), found),
    "nth_next": _nth_next,
    "in_weekday": _in_weekday,
    "weekday_in": _weekday_in,
    "day_in": _day_in,
}
