"""For finding the note of a day, a week, a month, a quarter or a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from octopus.obsidian.moment import format_date
from octopus.obsidian.name import numbered_path
from octopus.obsidian.path import NOTE, is_note, join, normal
from octopus.obsidian.settings import Settings, Unique


def period_path(settings: Settings, day: date, *, period: str = "daily", language: str = "") -> str:
    """The vault path of the note of ``period`` that holds ``day``.

    ``period``: daily, weekly, monthly, quarterly or yearly. ``language`` is that of Obsidian's
    interface. Raises :class:`~octopus.errors.PathError` for a format that leads out of the vault.
    """
    where = settings.periods[period]
    name = format_date(day, where.format, language)
    path = normal(join(where.folder, name))
    return path if is_note(path) else path + NOTE


def template_path(template: str) -> str:
    """The vault path of a template as settings name it: ".md" may be left out."""
    return template if not template or is_note(template) else template + NOTE


def unique_path(unique: Unique, now: datetime, taken: Callable[[str], bool]) -> str:
    """The path of a unique note: its time, or the next minute that is free."""
    for minutes in range(10_000):
        name = format_date(now + timedelta(minutes=minutes), unique.format)
        path = normal(join(unique.folder, name)) + NOTE
        if not taken(path):
            return path
    return numbered_path(path, taken)
