"""Reads the period that a question about the notes is limited to."""

from __future__ import annotations

from datetime import date

from octopus.language import dates
from octopus.language.moment import Reader
from octopus.language.scan import Found, Grammar, Scan

_PERIODS = Grammar(
    [
        ("last_unit", "last unit"),
        ("last_unit", "unit last_after"),
        ("last_units", "last number unit"),
        ("last_units", "number last unit"),
        ("last_units", "last_number number unit"),
        ("this_unit", "this unit"),
        ("this_unit", "unit this_after"),
        ("last_weekday", "last weekday"),
        ("last_weekday", "weekday last_after"),
        ("this_month", "in_month month year?"),
        ("this_month", "in_month? last month"),
        ("this_month", "in_month? month last_after"),
        ("this_month", "month month_word"),
        ("this_month", "number month_mark"),
        ("last_season", "last season"),
        ("last_season", "season last_after"),
        ("season", "in_month season"),
        ("season", "this season"),
        ("year", "in_month year"),
        ("year", "year year_mark"),
        ("day", "day"),
        ("day", "daypart"),
        ("day_part", "day part"),
        ("ago", "number unit ago"),
        ("ago", "ago number unit"),
        ("weekday", "weekday"),
        ("fixed", "period"),
        ("weekend", "last weekend"),
        ("weekend", "weekend last_after"),
        ("md", "ordinal|number|ordinal_dot of? month year?"),
        ("md", "month ordinal|digits year?"),
        ("since_unit", "since this? unit"),
        ("since_weekday", "since weekday"),
        ("since_day", "since day"),
        ("since_month", "since month year?"),
    ]
)

Period = tuple[date | None, date | None]


def period_of(scan: Scan, reader: Reader, start: int = 0) -> tuple[Period, str] | None:
    """The period said in a question, first and last day, and the words that say it."""
    for at in range(start, len(scan.tokens)):
        found = _PERIODS.best(scan, at)
        if found is not None:
            period = _resolve(found, reader)
            if period is not None:
                words = scan.text.cut(scan.tokens[at].start, scan.tokens[found.end - 1].end)
                return period, words
    return None


def _back(reader: Reader, weekday: int) -> date:
    """The latest such day before today."""
    today = reader.today
    return dates.next_weekday(today, weekday).fromordinal(
        today.toordinal() - ((today.weekday() - weekday - 1) % 7 + 1)
    )


def _one(day: date | None) -> Period | None:
    return None if day is None else (day, day)


def _month(found: Found, reader: Reader) -> Period | None:
    month = found.get("month") or found.get("number")
    if not month or not 1 <= month <= 12:
        return None
    year = found.get("year")
    if year is not None:
        number = int(year[0])
        return dates.latest_month(date(number, 12, 31), month) if 1 <= number <= 9999 else None
    found_period = dates.latest_month(reader.today, month)
    if month == reader.today.month and found.get("last"):
        return dates.latest_month(found_period[0].replace(day=1, year=reader.today.year - 1), month)
    return found_period


def _resolve(found: Found, reader: Reader) -> Period | None:
    name, today = found.name, reader.today
    if name == "fixed":
        number, unit = str(found.get("period")).split()
        return dates.period(today, unit, int(number))
    if name == "last_unit":
        return dates.period(today, found.get("unit"), -1)
    if name == "this_unit":
        return dates.period(today, found.get("unit"), 0)
    if name == "last_units":
        return dates.shifted(today, -found.get("number"), found.get("unit")), today
    if name in ("last_weekday", "weekday"):
        return _one(_back(reader, found.get("weekday")))
    if name == "this_month":
        return _month(found, reader)
    if name == "last_season":
        return dates.latest_season(today, found.get("season"), 1)
    if name == "season":
        return dates.latest_season(today, found.get("season"))
    if name == "year":
        return dates.period(today, "year", int(found.get("year")[0]) - today.year)
    if name in ("day", "day_part"):
        value = str(found.get("day") if found.get("day") is not None else found.get("daypart"))
        return _one(dates.shifted(today, int(value.split(maxsplit=1)[0]), "day"))
    if name == "ago":
        return _one(dates.shifted(today, -found.get("number"), found.get("unit")))
    return _since(found, reader)


def _since(found: Found, reader: Reader) -> Period | None:
    name, today = found.name, reader.today
    if name == "weekend":
        saturday = _back(reader, 5)
        if (today - saturday).days < 2:
            saturday = dates.shifted(saturday, -1, "week") or saturday
        return saturday, dates.shifted(saturday, 1, "day")
    if name == "md":
        day = reader.month_day(found)
        if day is not None and day > today and found.get("year") is None:
            day = dates.shifted(day, -1, "year")
        return _one(day)
    if name == "since_weekday":
        return _back(reader, found.get("weekday")), None
    if name == "since_day":
        return dates.shifted(today, int(found.get("day")), "day"), None
    if name == "since_month":
        months = _month(found, reader)
        return months and (months[0], None)
    unit = dates.period(today, found.get("unit"), 0)
    return unit and (unit[0], None)
