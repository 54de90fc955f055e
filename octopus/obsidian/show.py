"""For showing a note as it was understood: the object that ``octopus note show`` prints."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import time, tzinfo
from typing import Any

from octopus.obsidian.note import Link, Note, Task
from octopus.obsidian.path import stem
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import inferred_scheduled, parse_task

DEFAULT_ALARM = time(9)  # of an alarm that has only a day, as in the Reminder plugin


def title(path: str) -> str:
    """What the owner calls the note: Obsidian shows the file's name and nothing else."""
    return stem(path)


def as_json(
    path: str,
    note: Note,
    resolve: Callable[[str, str], str | None],
    *,
    settings: Tasks | None = None,
    zone: tzinfo | None = None,
    alarm: time = DEFAULT_ALARM,
) -> dict[str, Any]:
    """``note`` for ``json.dumps``. ``resolve(target, source)`` finds the file of a link.

    ``zone`` is where the alarms are meant, ``alarm`` the time of those that have only a day.
    """
    settings = settings or Tasks()
    return {
        "path": path,
        "title": title(path),
        "properties": _plain(note.properties),
        "aliases": list(note.aliases),
        "tags": list(note.tags),
        "headings": [
            {"level": each.level, "text": each.text, "line": each.line} for each in note.headings
        ],
        "links": [link_as_json(each, path, resolve) for each in note.links],
        "tasks": [_task(each, path, settings, zone, alarm) for each in note.tasks],
        "blocks": [{"id": each.id, "line": each.line} for each in note.blocks],
    }


def _plain(value: Any) -> Any:
    """A property's value without what JSON has no words for."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def link_as_json(
    link: Link, path: str, resolve: Callable[[str, str], str | None]
) -> dict[str, Any]:
    """One link of the note at ``path``, as :func:`as_json` shows it."""
    return {
        "kind": link.kind,
        "target": link.target,
        "subpath": link.subpath or None,
        "display": link.display,
        "line": link.line,
        "property": link.field,
        "resolved": resolve(link.target, path),
    }


def _task(
    task: Task, path: str, settings: Tasks, zone: tzinfo | None, alarm: time
) -> dict[str, Any]:
    todo = parse_task(task.text, settings)
    remind_at = todo.remind_at(alarm)
    dates = {name: day.isoformat() for name, day in todo.dates.items()}
    if inferred := inferred_scheduled(todo, path, settings):
        dates["scheduled"] = inferred.isoformat()
    return {
        "line": task.line,
        "status": task.status,
        "text": task.text,
        "parent": task.parent,
        "due": dates.get("due"),
        "scheduled": dates.get("scheduled"),
        "start": dates.get("start"),
        "done": dates.get("done"),
        "priority": todo.priority,
        "repeat": todo.recurrence,
        "remind_at": remind_at.replace(tzinfo=zone).isoformat() if remind_at else None,
        "id": todo.fields.get("id"),
        "depends_on": list(todo.depends_on),
        "tags": list(todo.tags),
        "block": todo.block,
        "created": dates.get("created"),
        "cancelled": dates.get("cancelled"),
    }
