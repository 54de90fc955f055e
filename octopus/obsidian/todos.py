"""For reading the to-dos of a note as values that do not know the note's text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import time

from octopus.core.todo import Todo
from octopus.obsidian.note import Note
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import inferred_scheduled, is_task, parse_task, status_of


def todos(path: str, note: Note, settings: Tasks, alarm: time) -> Iterator[Todo]:
    """The task lines of the note at ``path`` that the owner's settings take for tasks.

    ``alarm`` is the time of an alarm that has only a day.
    """
    for line, status, text, heading in task_lines(note):
        if is_task(text, settings):
            yield todo(path, line, status, text, heading, settings=settings, alarm=alarm)


def task_lines(note: Note) -> Iterator[tuple[int, str, str, str]]:
    """Line, status, text and the heading above of each task, whatever the settings say."""
    lines = [heading.line for heading in note.headings]
    for task in note.tasks:
        above = bisect_left(lines, task.line)
        heading = note.headings[above - 1].text if above else ""
        yield task.line, task.status, task.text, heading


def todo(
    path: str, line: int, status: str, text: str, heading: str, *, settings: Tasks, alarm: time
) -> Todo:
    """One task line as the settings understand it."""
    read = parse_task(text, settings)
    return Todo(
        path=path,
        line=line,
        status=status,
        open=not status_of(status, settings).done,
        text=text,
        description=read.description,
        due=read.due,
        scheduled=read.dates.get("scheduled") or inferred_scheduled(read, path, settings),
        start=read.dates.get("start"),
        done=read.dates.get("done"),
        priority=read.priority,
        repeat=read.recurrence,
        remind_at=read.remind_at(alarm),
        tags=read.tags,
        heading=heading,
    )


def is_list(text: str) -> bool:
    """Whether a note is nothing but to-dos below its headings, and one of them at least is open."""
    note = scan(text)
    tasks = {task.line for task in note.tasks}
    heads = {heading.line for heading in note.headings}
    rest = enumerate(text[note.body :].splitlines(), note.body_line)
    words = [line for number, line in rest if line.strip() and number not in heads | tasks]
    return not words and any(task.status == " " for task in note.tasks)
