"""Says a recurrence of the Tasks plugin ("every week on Thursday") in the language of a reply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from octopus.language.catalogue import plural
from octopus.language.lexicon import languages, load

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY = "|".join(_DAYS)
_RULE = re.compile(
    rf"every\s+(?:(?:(?P<count>[1-9][0-9]{{0,5}})\s+)?"
    r"(?P<unit>minute|hour|day|weekday|week|month|year)s?"
    rf"|(?P<month>{'|'.join(_MONTHS)})|(?P<day>{_DAY}))"
    rf"(?:\s+on\s+(?:(?P<days>(?:{_DAY})(?:(?:,\s*|\s+and\s+)(?:{_DAY}))*)"
    rf"|the\s+(?:(?P<nth>[1-9][0-9]?)(?:st|nd|rd|th)|last)(?:\s+(?P<weekday>{_DAY}))?))?"
    r"(?P<done>\s+when\s+done)?\s*",
    re.IGNORECASE,
)
_LAST = -1


def recurrence(rule: str, language: str) -> str:
    """The rule in the words of this language.

    It stays as it is written in English, which is the plugin's own language, and where it has a
    form that the words of the language do not cover.
    """
    code = language.replace("_", "-").split("-")[0].lower()
    words = load(code).data.get("recurring") if code in languages() else None
    match = _RULE.fullmatch(rule.strip())
    said = _said(match, words, code) if words and match else None
    if not said or not match or not words:
        return rule
    return str(words["when_done"]).format(rule=said) if match["done"] else said


def _said(match: re.Match[str], words: Mapping[str, Any], code: str) -> str | None:
    """How often, and on which days; None where these do not go together."""
    nth = int(match["nth"]) if match["nth"] else _LAST
    on_one = match["nth"] is not None or " last" in match[0].lower()
    if match["month"]:
        month = str(words["months"]).split()[_MONTHS.index(match["month"].lower())]
        whole_day = on_one and nth != _LAST and not match["weekday"]
        return str(words["year_day"]).format(n=nth, month=month) if whole_day else None
    unit = (match["unit"] or "week").lower()
    every = _every(unit, int(match["count"] or 1), words, code)
    if match["day"] or match["days"]:
        if unit != "week" or (match["day"] and (match["days"] or on_one)):
            return None
        names = re.findall(_DAY, (match["day"] or match["days"]).lower())
        days = [words["weekdays"][_DAYS.index(name)] for name in names]
        return str(words["on"]).format(every=every, days=_listed(days, words))
    if not on_one:
        return every
    day = _nth(nth, match["weekday"], words) if unit == "month" else None
    return str(words["on"]).format(every=every, days=day) if day else None


def _every(unit: str, count: int, words: Mapping[str, Any], code: str) -> str:
    if count == 1:
        return str(words["each"][unit])
    forms = words["every"][unit]
    if isinstance(forms, Mapping):
        forms = forms[plural(code, count)]
    return str(forms).format(n=count)


def _nth(nth: int, weekday: str | None, words: Mapping[str, Any]) -> str | None:
    """A day of the month: "the 15th", "the last day", "the second Friday"."""
    if weekday is None:
        key = {_LAST: "last_day", 1: "first_day"}.get(nth, "month_day")
        return str(words.get(key, words["month_day"])).format(n=nth)
    ordinals = {gender: said.split("|") for gender, said in words["ordinals"].items()}
    if nth > min(len(said) for said in ordinals.values()) - 1:  # the last one is "last"
        return None
    named = {gender: said[nth if nth == _LAST else nth - 1] for gender, said in ordinals.items()}
    return str(words["nth_weekdays"][_DAYS.index(weekday.lower())]).format_map(named)


def _listed(days: list[str], words: Mapping[str, Any]) -> str:
    if len(days) == 1:
        return days[0]
    return str(words["and"]).join((str(words["comma"]).join(days[:-1]), days[-1]))
