"""For changing one task in a note, found again even when the note has moved on since."""

from __future__ import annotations

from collections.abc import Callable

from octopus.errors import NotFound
from octopus.obsidian.edit import Source, append, open_source
from octopus.obsidian.note import Note, Task
from octopus.obsidian.region import Lines, item_span

Change = Callable[[str], list[str]]  # a line to the lines that take its place, as in ``tick``


def find_task(note: Note, line: int, text: str | None = None) -> Task:
    """The task in a line, or the nearest one with the very ``text`` that was seen there.

    Raises :class:`~octopus.errors.NotFound` where it is gone.
    """
    same = [task for task in note.tasks if text is None or task.text == text]
    found = min(same, key=lambda task: abs(task.line - line), default=None)
    if found is None or (text is None and found.line != line):
        raise NotFound("This task is no longer in the note.", "error.task_gone")
    return found


def change_task(data: bytes, line: int, change: Change, *, text: str | None = None) -> bytes:
    """The note with the task in the 1-based ``line`` changed.

    ``text`` is what was seen after its box; with it the task is found where it is now. ``change``
    gets the line without its newline; no lines in return take it out.
    """
    source = open_source(data)
    task = find_task(source.note, line, text)
    lines = Lines(source.text)
    index = task.line - 1
    start, end = lines.starts[index], lines.end(index)
    old = lines.content(index)
    new = [source.clean(each) for each in change(old)]
    if new == [old]:
        return data
    if not new:
        return source.splice(start, end, "")
    newline = source.text[start + len(old) : end] or source.encoding.newline
    return source.splice(start, start + len(old), newline.join(new))


def remove_task(data: bytes, line: int, *, text: str | None = None) -> bytes:
    """The note without a task and everything below it."""
    source = open_source(data)
    start, end, _ = _extent(source, find_task(source.note, line, text))
    return source.splice(start, end, "")


def move_task(
    data: bytes,
    line: int,
    to: bytes | None,
    *,
    text: str | None = None,
    heading: str | None = None,
    create: bool = False,
) -> tuple[bytes, bytes]:
    """Both notes with a task, and everything below it, moved from ``data`` to ``to``.

    It goes to the end, or under ``heading``, without the indentation and quote marks it had.
    """
    source = open_source(data)
    start, end, moved = _extent(source, find_task(source.note, line, text))
    after = append(to, "\n".join(moved), heading=heading, create=create)
    return source.splice(start, end, ""), after


def move_task_within(
    data: bytes, line: int, heading: str, *, text: str | None = None, create: bool = False
) -> bytes:
    """The note with a task, and everything below it, moved under another heading of it."""
    source = open_source(data)
    start, end, moved = _extent(source, find_task(source.note, line, text))
    left = source.splice(start, end, "")
    return append(left, "\n".join(moved), heading=heading, create=create)


def _extent(source: Source, task: Task) -> tuple[int, int, list[str]]:
    """Where a task and what is below it are, and its lines with the outer indentation taken off."""
    lines = Lines(source.text)
    first, after = item_span(lines, task.line - 1)
    head = lines.content(first)
    lead = head[: len(head) - len(head.lstrip(" \t>"))]
    moved = [lines.content(index).removeprefix(lead) for index in range(first, after)]
    start, end = lines.starts[first], lines.end(after - 1)
    if end == len(source.text) and source.text[end - 1 : end] not in ("\n", "\r") and first:
        start = lines.starts[first - 1] + len(lines.content(first - 1))  # with the newline before
    return start, end, moved
