"""For showing people what a change does to a note: the lines that go and the lines that come."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from octopus.obsidian.text import with_newline

#: Lines, and characters of a line, that are shown; a phone's screen holds about as many.
LINES = 16
WIDTH = 120

#: Lines on both sides up to which the unchanged ones between are looked for: that is quadratic.
_COMPARED = 1_000


def changed_lines(before: str, after: str) -> Iterator[str]:
    """Every line that differs, in order, "− " before what goes and "+ " before what comes."""
    old, new = (with_newline(text, "\n").split("\n") for text in (before, after))
    head, shorter = 0, min(len(old), len(new))
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old) + len(new) > _COMPARED:
        hunks = [("replace", 0, len(old), 0, len(new))]
    else:
        hunks = list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    for kind, start, end, first, last in hunks:
        if kind != "equal":
            yield from (f"− {line}" for line in old[start:end])
            yield from (f"+ {line}" for line in new[first:last])


def difference(before: str, after: str) -> str:
    """The beginning of :func:`changed_lines`, each cut to the width of a phone or two."""
    lines = [_cut(line).rstrip() for line in changed_lines(before, after)]
    if len(lines) > LINES:
        lines[LINES - 1 :] = [f"… ({len(lines) - LINES + 1})"]
    return "\n".join(lines)


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[:WIDTH]}…"
