"""For finding the note of a day, a week, a month, a quarter or a year."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from octopus.obsidian.moment import format_date
from octopus.obsidian.name import numbered_path
from octopus.obsidian.path import NOTE, is_note, join, key, normal
from octopus.obsidian.settings import Settings, Unique

_SLOT = re.compile(r"\{(time|text)\}")
# Without a time, what only serves it goes too: its marks, its brackets, the sign after it.
_TIME = re.compile(r"[ \t]*\(\{time\}\)|[*_`]*\{time\}[*_`]*[ \t]*[:,–—-]?[ \t]*")
_MARKER = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?:\[.\][ \t]+)?")


def period_path(settings: Settings, day: date, *, period: str = "daily", language: str = "") -> str:
    """The vault path of the note of ``period`` that holds ``day``.

    ``period``: daily, weekly, monthly, quarterly or yearly. ``language`` is that of Obsidian's
    interface. Raises :class:`~octopus.errors.PathError` for a format that leads out of the vault.
    """
    where = settings.periods[period]
    name = format_date(day, where.format, language)
    path = normal(join(where.folder, name))
    return path if is_note(path) else path + NOTE


def standing(path: str, paths: Iterable[str]) -> str:
    """How the vault spells the note that is meant by ``path``; as given where there is none.

    Capitals and the composition of accents are left aside: on most devices such files are one.
    """
    wanted, found = key(path), ""
    for each in paths:
        if each == path:
            return path
        if not found and key(each) == wanted:
            found = each
    return found or path


def entry(text: str, form: str, time: str) -> str:
    """A line for the diary: ``form`` with {time} and {text} filled in, no more than once each.

    Without a ``time`` the line has none. Further lines of the text are indented where the form is
    a list item, so that they belong to it.
    """
    form = form if time else _TIME.sub("", form)
    words = text.strip().replace("\r\n", "\n")
    marker = _MARKER.match(form)
    if marker:
        indent = " " * (len(marker[0]) - len(marker[0].lstrip()) + 2)
        first, *more = words.split("\n")
        words = "\n".join([first, *(f"{indent}{line}" if line.strip() else "" for line in more)])
    values = {"time": time, "text": words}
    return _SLOT.sub(lambda slot: values.pop(slot[1], ""), form)


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
