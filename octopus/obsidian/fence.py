"""For knowing where a fenced block ends, in the open or inside a quote or a list item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from octopus.obsidian.line import PREFIX, width

_LINE = re.compile(r"^ {0,3}(`{3,}+|~{3,}+)[ \t]*+$", re.MULTILINE)
_CLOSE = re.compile(r"(`{3,}+|~{3,}+)[ \t]*+$")


def _closes(found: str, mark: str) -> bool:
    """A closing fence has the same character and is at least as long."""
    return found[0] == mark[0] and len(found) >= len(mark)


def fence_end(text: str, start: int, mark: str) -> int:
    """Where the fence stands that closes ``mark``, looked for from ``start``; -1 for none."""
    for close in _LINE.finditer(text, start):
        if _closes(close.group(1), mark):
            return close.start(1)
    return -1


def contained_fence_end(
    text: str, starts: Sequence[int], line: int, mark: str, depth: int, base: int
) -> int:
    """The line after a fence in a quote or a list item; it ends with them at the latest.

    ``depth`` counts quote marks, ``base`` is the column where the item's content starts. ``starts``
    has one entry more than there are lines.
    """
    while line < len(starts) - 1:
        end = starts[line + 1] - 1
        prefix = PREFIX.match(text, starts[line], end)
        assert prefix
        quotes, space = prefix.groups()
        found = quotes.count(">")
        if found < depth:
            return line
        if found > depth == 0 and width(quotes[: quotes.index(">")]) < base:
            return line  # a quote after the list
        if prefix.end() < end:
            if found == depth and width(space) - (1 if quotes and space else 0) < base:
                return line
            close = _CLOSE.match(text, prefix.end(), end)
            if close and _closes(close.group(1), mark):
                return line + 1
        line += 1
    return line
