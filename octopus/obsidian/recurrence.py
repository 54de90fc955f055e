"""For the next date of a repeating task, exactly as the Tasks plugin reckons it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from octopus.obsidian.rule import Rule, parse_rule

_HORIZON = 100  # years looked ahead; "on the 31st in February" never comes


def next_date(text: str, reference: date | None, today: date) -> date | None:
    """The date after ``reference`` (due, else scheduled, else start) by the rule in ``text``.

    With "when done", or without a reference, ``today`` is counted from. A month without the day
    moves back to its last day. None where ``text`` is no rule, or the rule has come to its end.
    """
    rule = parse_rule(text)
    if rule is None:
        return None
    start = today if rule.when_done or reference is None else reference
    try:
        return _after(rule, start)
    except (OverflowError, ValueError):
        return None  # beyond the calendar


def _after(rule: Rule, start: date) -> date | None:
    """The plugin's way around short months and years: as long as the rule skips too many, it
    starts a day earlier (31 January, 30, 29, 28: then 28 February comes)."""
    found = _next(rule, start)
    if rule.unit == "month" and not rule.on and not rule.months:
        while found and _months(found) - _months(start) > rule.interval:
            start -= timedelta(days=1)
            found = _next(rule, start)
    elif rule.unit == "year" and not rule.months:
        while found and found.year - start.year > rule.interval:
            start -= timedelta(days=1)
            found = _next(rule, start)
    return found


def _months(day: date) -> int:
    return day.year * 12 + day.month


def _next(rule: Rule, start: date) -> date | None:
    # dateutil is loaded on need: few messages complete a repeating task.
    from dateutil import rrule as du  # noqa: PLC0415

    begin = datetime.combine(start, time())
    last = datetime(min(start.year + max(_HORIZON, rule.interval), 9999), 12, 31)  # noqa: DTZ001 - dates
    if rule.until is not None:
        last = min(last, datetime.combine(rule.until, time()))
    options: dict[str, Any] = {"count": rule.count} if rule.count else {"until": last}
    if rule.weekdays:
        options["byweekday"] = [
            du.weekday(day, nth) if nth else du.weekday(day) for day, nth in rule.weekdays
        ]
    for name, values in (
        ("bymonthday", rule.month_days),
        ("bymonth", rule.months),
        ("byweekno", rule.weeks),
    ):
        if values:
            options[name] = values
    options["freq"] = {"day": 3, "week": 2, "month": 1, "year": 0}[rule.unit]  # dateutil's numbers
    dates = du.rrule(dtstart=begin, interval=rule.interval, **options)
    found = dates.after(begin)
    return found.date() if found else None
