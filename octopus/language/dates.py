"""Days and periods that words stand for, counted from the day on which they were said."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta


def shifted(day: date, number: int, unit: str) -> date | None:
    """The day a number of days, weeks, months ... away; None beyond the calendar's end."""
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=number * (7 if unit == "week" else 1))
        if unit == "workday":
            return _workdays(day, number)
        months = number * (12 if unit == "year" else 1)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        if not 1 <= year <= MAXYEAR:
            return None
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except OverflowError:
        return None


def _workdays(day: date, number: int) -> date:
    day += timedelta(days=number // 5 * 7)
    for _ in range(number % 5):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    return day


def next_weekday(day: date, weekday: int) -> date:
    """The next such day after this one, never this one; Monday is 0."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def monday(day: date) -> date:
    """The first day of this day's week."""
    return day - timedelta(days=day.weekday())


def last_of_month(day: date) -> date:
    """The last day of this day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_day(day: date, month: int, number: int) -> date | None:
    """The next such date, today or ahead; None where no year has it (31 February)."""
    if not (1 <= month <= 12 and 1 <= number <= (29 if month == 2 else monthrange(2001, month)[1])):
        return None
    for year in range(day.year, min(day.year + 9, MAXYEAR + 1)):
        if number <= monthrange(year, month)[1]:
            found = date(year, month, number)
            if found >= day:
                return found
    return None


def day_number(day: date, number: int) -> date | None:
    """The next day with this number in its month, after today."""
    if not 1 <= number <= 31:
        return None
    found = day
    for _ in range(62):
        found += timedelta(days=1)
        if found.day == number:
            return found
    return None


def period(day: date, unit: str, number: int) -> tuple[date, date] | None:
    """First and last day of the week, month or year that is ``number`` away (-1: the last one)."""
    if unit == "week":
        first = shifted(monday(day), number, "week")
        return None if first is None else (first, first + timedelta(days=6))
    if unit == "month":
        first = shifted(day.replace(day=1), number, "month")
        return None if first is None else (first, last_of_month(first))
    if unit == "year":
        year = day.year + number
        return (date(year, 1, 1), date(year, 12, 31)) if 1 <= year <= MAXYEAR else None
    one = shifted(day, number, "day")
    return None if one is None else (one, one)


def latest_month(day: date, month: int) -> tuple[date, date]:
    """The latest such month that has begun: July, said in October, is this year's."""
    first = date(day.year - (month > day.month), month, 1)
    return first, last_of_month(first)


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def latest_season(day: date, season: str, back: int = 0) -> tuple[date, date]:
    """The latest such season that has begun; with ``back`` 1, the latest that is over."""
    first = date(day.year, _SEASONS[season], 1)
    while True:
        last = shifted(first, 3, "month")
        assert last is not None
        last -= timedelta(days=1)
        if first <= day and not (back and last >= day):
            return first, last
        first = first.replace(year=first.year - 1)
