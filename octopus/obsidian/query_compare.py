"""Compare a property's value: numbers with numbers, dates with dates, and nothing else.

What Obsidian's help leaves open is decided here: text answers no comparison, so ``[status:>5]``
finds no status in words; a date without a time is its midnight; a whole month or year, and words
such as ``last week``, stand for their first or last day, whichever the comparison is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from operator import ge, gt, le, lt
from typing import Any

from octopus.obsidian.query_date import days

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?", re.ASCII)
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def limit_of(op: str, text: str, today: date) -> str | None:
    """What to compare with: a number, or a day as ISO has it; None when ``text`` is neither."""
    text = text.strip()
    if _NUMBER.fullmatch(text) or _moment(text):
        return text
    span = days(text, today)
    if span is None or span.first is None or span.last is None:
        return None
    return (span.first if op in {"<", ">="} else span.last).isoformat()


def compares(value: str, op: str, limit: str) -> bool:
    """True when the value is of the kind of ``limit`` and stands to it as ``op`` says."""
    value, holds = value.strip(), _COMPARED[op]
    if _NUMBER.fullmatch(value) and _NUMBER.fullmatch(limit):
        return holds(float(value), float(limit))
    there, asked = _moment(value), _moment(limit)
    if there is None or asked is None:
        return False
    if len(limit) == len("2026-01-01"):  # the whole day
        return holds(there.date(), asked.date())
    return holds(there, asked)


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None  # a day that no calendar has
