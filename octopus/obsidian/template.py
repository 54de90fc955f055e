"""For filling in templates as Obsidian does. What belongs to Templater is left alone.

Reckoning such as {{date+1d:YYYY}} is a feature of obsidian-daily-notes-interface; whether the core
plugin has it is not documented. It is understood everywhere.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from octopus.obsidian.moment import format_date
from octopus.obsidian.settings import Templates

_VARIABLE = re.compile(
    r"\{\{[ \t]*([a-z]+)[ \t]*"
    r"(?:([+-][ \t]*[0-9]{1,6})[ \t]*([a-z]))?[ \t]*(?::([^\n{}]+?))?[ \t]*\}\}",
    re.IGNORECASE,
)
_KNOWN = frozenset({"date", "time", "title", "yesterday", "tomorrow"})


def has_templater(text: str) -> bool:
    """Whether only Obsidian itself can fill this template in, by its plugin Templater."""
    return "<%" in text


def render(
    text: str,
    *,
    title: str,
    now: datetime,
    templates: Templates | None = None,
    language: str = "en",
    values: Mapping[str, str] | None = None,
) -> str:
    """``text`` with {{title}}, {{date}} and {{time}} filled in for a note called ``title``.

    ``values`` are further variables by their name in small letters. What is filled in is not
    looked at again: braces in it stay as they are.
    """
    templates = templates or Templates()
    forms = {"date": templates.date_format, "time": templates.time_format}
    return _render(text, title, now, forms, language, values)


def variables(text: str) -> list[str]:
    """The names of all variables in a template, in small letters."""
    return [match[1].lower() for match in _VARIABLE.finditer(text)]


def render_daily(
    text: str,
    *,
    title: str,
    day: date,
    now: datetime,
    form: str = "YYYY-MM-DD",
    language: str = "en",
) -> str:
    """A template for the daily note of ``day``, written at ``now``.

    A bare {{date}} is the note's name, as in obsidian-daily-notes-interface, and every other date
    is reckoned from ``day`` with the time of ``now``. ``form`` is the daily notes' own format.
    """
    moment = now.replace(year=day.year, month=day.month, day=day.day)
    return _render(text, title, moment, {"date": "", "time": "HH:mm", "daily": form}, language)


def _render(
    text: str,
    title: str,
    now: datetime,
    forms: dict[str, str],
    language: str,
    values: Mapping[str, str] | None = None,
) -> str:
    def fill(match: re.Match[str]) -> str:
        name, amount, unit, form = match.groups()
        name = name.lower()
        if values and name in values and amount is None and form is None:
            return values[name]
        if name not in _KNOWN:
            return match.group()
        if name == "title":
            return title
        if name in ("yesterday", "tomorrow"):
            moved = now + timedelta(days=1 if name == "tomorrow" else -1)
            return format_date(moved, form or forms.get("daily") or forms["date"], language)
        if form is None and amount is None and not forms[name]:
            return title
        when = shift(now, int(amount.replace(" ", "")), unit) if amount else now
        if when is None:
            return match.group()
        return format_date(when, form or forms[name] or forms["daily"], language)

    parts = []
    at = 0
    while (start := text.find("<%", at)) >= 0:
        end = text.find("%>", start)
        if end < 0:
            break
        parts += [_VARIABLE.sub(fill, text[at:start]), text[start : end + 2]]
        at = end + 2
    return "".join([*parts, _VARIABLE.sub(fill, text[at:])])


def shift(when: datetime, amount: int, unit: str) -> datetime | None:
    """``when`` moved by moment's short units (M is months, m minutes); None for no such unit.

    The day is cut to the length of the month, as moment does.
    """
    months = {"y": 12, "Y": 12, "Q": 3, "q": 3, "M": 1}.get(unit)
    try:
        if months is not None:
            count = when.year * 12 + when.month - 1 + amount * months
            year, month = count // 12, count % 12 + 1
            day = min(when.day, calendar.monthrange(year, month)[1])
            return when.replace(year=year, month=month, day=day)
        seconds = {"w": 604800, "d": 86400, "h": 3600, "s": 1}.get(unit.lower())
        if unit == "m":
            seconds = 60
        return when + timedelta(seconds=amount * seconds) if seconds else None
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return None  # beyond the calendar: the variable stays as it is written
