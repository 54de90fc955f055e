"""For mending task lines that the owner wrote by hand and the Tasks plugin cannot read."""

from __future__ import annotations

import re
from datetime import date

from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import DATES, EMOJI, misread, parse_task
from octopus.obsidian.tick import set_alarm, set_field

_DATE_FIELD = re.compile(
    r" ?(?P<mark>[➕🛫⏳⌛📅📆🗓❌✅])\ufe0f? *(?:(?P<iso>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})"
    r"|(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4}))(?![0-9.-])"
)
_ALARM = re.compile(r" ?⏰\ufe0f? *([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{1,2}:[0-9]{2}))?")
_NAMES = {EMOJI[name]: name for name in DATES} | {"⌛": "scheduled", "📆": "due", "🗓": "due"}


def repair(text: str, settings: Tasks) -> str | None:
    """``text`` of a task with its stray dates moved to where the plugin reads them.

    Dates like 18.11.2026 and 2026-1-5 become ISO dates; an alarm goes before the fields.
    None where nothing is wrong, or where something is that cannot be mended without guessing.
    """
    if settings.dataview or not misread(text, settings):
        return None
    mended = text.strip()
    alarm = _ALARM.search(mended)
    if alarm:
        mended = mended[: alarm.start()] + mended[alarm.end() :]
    for _ in range(len(DATES)):  # a task has each date once
        match = _stray(mended, settings)
        if match is None:
            break
        day = _day(match)
        if day is None:
            return None
        mended = f"{mended[: match.start()]}{mended[match.end() :]}".strip()
        mended = set_field(mended, _NAMES[match.group("mark")], day.isoformat(), settings)
    if alarm:
        todo = parse_task(alarm.group(), settings)
        mended = set_alarm(mended, todo.remind_on, todo.remind_time, settings)
    return None if misread(mended, settings) else mended


def _stray(text: str, settings: Tasks) -> re.Match[str] | None:
    """The first date field that the plugin does not read as a date."""
    todo = parse_task(text, settings)
    read = {place.start for place in todo.places if place.name in todo.dates}
    return next(
        (match for match in _DATE_FIELD.finditer(text) if match.start("mark") not in read),
        None,
    )


def _day(match: re.Match[str]) -> date | None:
    parts = (
        match.group("iso").split("-") if match.group("iso") else match.group("year", "month", "day")
    )
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
