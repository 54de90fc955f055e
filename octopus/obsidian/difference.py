"""For showing people what a change does to a note: the lines that go and the lines that come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import islice

from octopus.obsidian.text import read, with_newline

#: Lines, and characters of a line, that are shown; a phone's screen holds about as many.
LINES = 16
WIDTH = 120

#: Lines on both sides up to which the unchanged ones between are looked for: that is quadratic.
_COMPARED = 1_000

#: Changed lines of which the words are told.
_TOLD = 100

# What stands before the words of a line: a quote, a heading, a list, a box.
_LEAD = re.compile(r"\s*(?:>\s*)*(?:#{1,6}\s+)?(?:[-*+]\s+|\d{1,9}[.)]\s+)?(?:\[.\]\s+)?")


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


def net_words(changes: Iterable[tuple[bytes, bytes]]) -> tuple[str, str]:
    """The words that went and those that came with the changes of one note, oldest first, without
    the marks of their lines; what came and went again is in neither."""
    gone: list[str] = []
    come: list[str] = []
    for before, after in changes:
        for line in islice(changed_lines(read(before), read(after)), _TOLD):
            words = _LEAD.sub("", line[2:], count=1).strip()
            there, other = (gone, come) if line.startswith("−") else (come, gone)
            if line[2:] in other:
                other.remove(line[2:])
            elif any(char.isalnum() for char in words):
                there.append(line[2:])
    return _said(gone), _said(come)


def _said(lines: Iterable[str]) -> str:
    return ", ".join(" ".join(_LEAD.sub("", line, count=1).split()) for line in lines)
