"""Which days the words after ``created:``, ``modified:`` and ``daily:`` mean."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WEEK = re.compile(r"(\d{4})-w(\d{1,2})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_YEAR = re.compile(r"\d{4}")
_AGO = re.compile(r"(\d{1,4}) ?(day|week|month|year)s? ago")
_LAST = re.compile(r"(?:last|past) (\d{1,4}) ?(day|week|month|year)s?")
_NAMED = re.compile(r"(this|last|previous|next) (week|month|year)")
_COMPARED = re.compile(r"(<=|>=|<|>)\s*(.*)")
_IN_NAME = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_UNIT_DAYS = {"day": 1, "week": 7}
_MONTHS = [name.lower() for name in calendar.month_name]
_WEEKDAYS = [name.lower() for name in calendar.day_name]


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included; None where it has no end."""

    first: date | None
    last: date | None

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def days(text: str, today: date) -> Days | None:
    """The days that ``text`` means; None when it is not understood."""
    text = " ".join(text.lower().replace("_", " ").split())
    compared = _COMPARED.fullmatch(text)
    try:
        if compared:
            return _compared(compared.group(1), _span(compared.group(2), today))
        first, dots, last = text.partition("..")
        if dots:
            begin = _span(first.strip(), today) if first.strip() else Days(None, None)
            end = _span(last.strip(), today) if last.strip() else Days(None, None)
            return Days(begin.first, end.last) if begin and end else None
        return _span(text, today)
    except (ValueError, OverflowError):
        return None  # a day that no calendar has


def day_in_name(name: str) -> date | None:
    """The day that a file's name carries, as daily notes do."""
    for year, month, day in _IN_NAME.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _compared(op: str, span: Days | None) -> Days | None:
    if span is None or span.first is None or span.last is None:
        return None
    if op == "<":
        return Days(None, span.first - timedelta(days=1))
    if op == "<=":
        return Days(None, span.last)
    return Days(span.first if op == ">=" else span.last + timedelta(days=1), None)


def _span(text: str, today: date) -> Days | None:
    if text in {"today", "yesterday", "tomorrow"}:
        day = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[text])
        return Days(day, day)
    if match := _DAY.fullmatch(text):
        day = date(*map(int, match.groups()))
        return Days(day, day)
    if match := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(match.group(1)), int(match.group(2)), 1)
        return Days(monday, monday + timedelta(days=6))
    if match := _MONTH.fullmatch(text):
        return _month(int(match.group(1)), int(match.group(2)))
    if _YEAR.fullmatch(text):
        return Days(date(int(text), 1, 1), date(int(text), 12, 31))
    return _relative(text, today) or _by_name(text, today)


def _relative(text: str, today: date) -> Days | None:
    if match := _AGO.fullmatch(text):
        day = _back(today, int(match.group(1)), match.group(2))
        return Days(day, day)
    if match := _LAST.fullmatch(text):
        return Days(_back(today, int(match.group(1)), match.group(2)), today)
    if match := _NAMED.fullmatch(text):
        step = {"this": 0, "next": 1}.get(match.group(1), -1)
        return _named(match.group(2), step, today)
    return None


def _named(unit: str, step: int, today: date) -> Days:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() - 7 * step)
        return Days(monday, monday + timedelta(days=6))
    if unit == "month":
        months = today.year * 12 + today.month - 1 + step
        return _month(months // 12, months % 12 + 1)
    return Days(date(today.year + step, 1, 1), date(today.year + step, 12, 31))


def _by_name(text: str, today: date) -> Days | None:
    """A month's name is the latest such month, a weekday's name the latest such day."""
    word = text.removeprefix("last ")
    if word in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(word)) % 7
        day = today - timedelta(days=back or (7 if word != text else 0))
        return Days(day, day)
    name, _, year = word.partition(" ")
    if name and name in _MONTHS and (not year or _YEAR.fullmatch(year)):
        month = _MONTHS.index(name)
        return _month(int(year) if year else today.year - (month > today.month), month)
    return None


def _month(year: int, month: int) -> Days:
    first = date(year, month, 1)
    return Days(first, first.replace(day=calendar.monthrange(year, month)[1]))


def _back(today: date, count: int, unit: str) -> date:
    if unit in _UNIT_DAYS:
        return today - timedelta(days=count * _UNIT_DAYS[unit])
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
