"""For reading the to-dos of a note as values that do not know the note's text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from octopus.core.todo import Todo
from octopus.obsidian.note import Note
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import inferred_scheduled, is_task, parse_task, status_of


def todos(path: str, note: Note, settings: Tasks, alarm: time) -> Iterator[Todo]:
    """The task lines of the note at ``path`` that the owner's settings take for tasks.

    ``alarm`` is the time of an alarm that has only a day.
    """
    for task in note.tasks:
        if not is_task(task.text, settings):
            continue
        read = parse_task(task.text, settings)
        above = [each.text for each in note.headings if each.line < task.line]
        yield Todo(
            path=path,
            line=task.line,
            status=task.status,
            open=not status_of(task.status, settings).done,
            text=task.text,
            description=read.description,
            due=read.due,
            scheduled=read.dates.get("scheduled") or inferred_scheduled(read, path, settings),
            start=read.dates.get("start"),
            done=read.dates.get("done"),
            priority=read.priority,
            repeat=read.recurrence,
            remind_at=read.remind_at(alarm),
            tags=read.tags,
            heading=above[-1] if above else "",
        )
