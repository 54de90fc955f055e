"""For changing what a task line says: its words, its tags, its fields; all else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import parse_task
from octopus.obsidian.tick import (
    change_fields,
    parse_line,
    reschedule,
    reword,
    set_alarm,
)

_ALARM = re.compile(r"\s*⏰\ufe0f? *[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{1,2}:[0-9]{2})?")
_TAGS = re.compile(r"(?:(?:^|\s+)#[^\s#]+)+$")


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be otherwise. What is not said stays."""

    words: str = ""  # in place of the task's own, or of ``old`` where that is a part of them
    old: str = ""
    fields: Mapping[str, str | None] = field(default_factory=dict)  # None takes one out
    tags: Sequence[str] = ()  # to be added, with "#"
    without: str = ""  # "due", "alarm", or a tag to be taken out
    first: date | None = None  # the due date of a task that begins to repeat and has no date


def changed(line: str, wish: Wish, settings: Tasks) -> list[str]:
    """The line as wished. Raises UserError for a field or a priority that there is none of."""
    if wish.words.strip():
        (line,) = reword(line, _reworded(line, wish, settings), settings)
    if wish.without == "due":
        (line,) = reschedule(line, None, settings)
    fields = dict(wish.fields)
    todo = parse_task(parse_line(line).text, settings)
    if fields.get("recurrence") and wish.first and todo.reference is None:
        fields["due"] = wish.first.isoformat()
    (line,) = change_fields(line, fields, settings)
    if wish.without == "alarm":
        task = parse_line(line)
        line = str(task.with_text(set_alarm(task.text, None, None, settings)))
    return [_tagged(line, wish, settings)]


def _head(line: str, settings: Tasks) -> tuple[str, str]:
    """The task's text up to its fields, and the rest of it."""
    text = parse_line(line).text
    todo = parse_task(text, settings)
    stop = min((place.start for place in todo.places), default=todo.end)
    return text[:stop].rstrip(), text[stop:].strip()


def _reworded(line: str, wish: Wish, settings: Tasks) -> str:
    """The new words; the tags behind the old ones stay, unless new ones are said."""
    head = _ALARM.sub("", _head(line, settings)[0])
    tags = _TAGS.search(head)
    words = head[: tags.start()] if tags else head
    new, old = wish.words.strip(), wish.old.strip()
    part = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", words, re.IGNORECASE) if old else None
    if part and old.casefold() not in new.casefold():
        new = words[: part.start()] + new + words[part.end() :]
    return new if "#" in wish.words or tags is None else f"{new} {tags.group().strip()}"


def _tagged(line: str, wish: Wish, settings: Tasks) -> str:
    """With the tags that are wished for, and without the one that is not."""
    task = parse_line(line)
    have = {tag.casefold() for tag in parse_task(task.text, settings).tags}
    new = [tag for tag in wish.tags if tag.casefold() not in have]
    if wish.without.startswith("#") and wish.without != settings.global_filter:
        gone = re.compile(rf"(?:^|\s+){re.escape(wish.without)}(?=\s|$)", re.IGNORECASE)
        line = str(task.with_text(gone.sub("", task.text).strip()))
    if not new:
        return line
    head, rest = _head(line, settings)
    return str(task.with_text(" ".join(part for part in (head, *new, rest) if part)))
