"""For bringing changes together: two notes into one, and three versions of one note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from octopus.errors import Refused
from octopus.obsidian.edit import append, open_source
from octopus.obsidian.property_edit import merge_properties
from octopus.obsidian.scan import scan
from octopus.obsidian.text import read


def merge_notes(into: bytes, other: bytes) -> bytes:
    """``into`` with everything of ``other``: the body at the end, the properties united.

    Where both have a property that is no list, that of ``into`` stays. Raises
    :class:`~octopus.errors.Undecodable` where either must not be edited, and
    :class:`~octopus.errors.Refused` for Kanban boards, which have a form to keep.
    """
    source = open_source(other)
    if "kanban-plugin" in {**open_source(into).note.properties, **source.note.properties}:
        raise Refused("A Kanban board cannot be merged with a note.", "error.kanban")
    merged = merge_properties(into, source.note.properties)
    body = source.text[source.note.body :].strip("\r\n")
    if not body.strip():
        return merged
    text = open_source(merged).text
    apart = "" if not text.strip() or text.endswith(("\n\n", "\r\n\r\n")) else "\n"
    return append(merged, apart + body)


def shared_blocks(one: bytes, other: bytes) -> list[str]:
    """The block ids that both notes have, as ``one`` spells them; capitals do not tell them apart.

    In one note a link could mean only the first of two blocks with the same id.
    """
    there = {block.id.casefold() for block in scan(read(other)).blocks}
    return [block.id for block in scan(read(one)).blocks if block.id.casefold() in there]


class Clash(NamedTuple):
    """A place where both sides changed the same lines in different ways."""

    base: bytes
    ours: bytes
    theirs: bytes


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a three-way merge; with clashes ``data`` has our side of them."""

    data: bytes
    clashes: tuple[Clash, ...] = ()

    @property
    def conflict(self) -> bool:
        """Whether somebody has to choose."""
        return bool(self.clashes)


class Hunk(NamedTuple):
    """Lines ``[start, end)`` of the base and what takes their place."""

    start: int
    end: int
    lines: Sequence[bytes]


def merge3(base: bytes, ours: bytes, theirs: bytes, *, both: bool = False) -> Merged:
    """Both changes to ``base``, line by line.

    Changes to neighbouring lines do not clash; changes to the same lines do, unless they are equal,
    and so do different lines put in at the same place, unless ``both`` are wanted: ours come first.
    """
    if theirs in (ours, base):
        return Merged(ours)
    if base == ours:
        return Merged(theirs)
    closed = ours.endswith(b"\n") or not ours
    before = _lines(base)
    merged, clashes = _weave(
        before, hunks(before, _lines(ours)), hunks(before, _lines(theirs)), both=both
    )
    data = b"".join(merged)
    if not closed:
        data = data[: -2 if data.endswith(b"\r\n") else -1]
    return Merged(data, tuple(clashes))


def _lines(data: bytes) -> list[bytes]:
    """Lines with their ends; a missing last one is put on and is no change."""
    if data and not data.endswith(b"\n"):
        data += b"\r\n" if b"\r\n" in data else b"\n"
    return [line + b"\n" for line in data.split(b"\n")[:-1]]


def hunks(base: list[bytes], other: list[bytes]) -> list[Hunk]:
    """What to do to ``base`` to get ``other``. Equal ends are skipped first, for speed."""
    head = 0
    shorter = min(len(base), len(other))
    while head < shorter and base[head] == other[head]:
        head += 1
    tail = 0
    while tail < shorter - head and base[-1 - tail] == other[-1 - tail]:
        tail += 1
    old, new = base[head : len(base) - tail], other[head : len(other) - tail]
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > _LARGE)
    return [
        Hunk(head + start, head + end, new[first:last])
        for kind, start, end, first, last in matcher.get_opcodes()
        if kind != "equal"
    ]


_LARGE = 4000  # changed lines from which on frequent ones (blank lines) do not count as anchors


def _weave(
    base: list[bytes], ours: list[Hunk], theirs: list[Hunk], *, both: bool = False
) -> tuple[list[bytes], list[Clash]]:
    merged: list[bytes] = []
    clashes: list[Clash] = []
    at = first = second = 0
    while first < len(ours) or second < len(theirs):
        mine, yours = ours[first : first + 1], theirs[second : second + 1]
        if mine and yours and _overlap(mine[0], yours[0]):
            start, end, first_end, second_end = _group(ours, theirs, first, second)
            left = _apply(base, ours[first:first_end], start, end)
            right = _apply(base, theirs[second:second_end], start, end)
            if both and start == end:  # nothing but lines put in
                left = right = _union(left, right)
            merged += base[at:start] + left
            if left != right:
                clash = Clash(b"".join(base[start:end]), b"".join(left), b"".join(right))
                clashes.append(clash)
            at, first, second = end, first_end, second_end
            continue
        if not yours or (mine and _comes_first(mine[0], yours[0])):
            hunk, first = mine[0], first + 1
        else:
            hunk, second = yours[0], second + 1
        merged += [*base[at : hunk.start], *hunk.lines]
        at = hunk.end
    return merged + base[at:], clashes


def _union(ours: list[bytes], theirs: list[bytes]) -> list[bytes]:
    """All lines, without those that both have put in."""
    if _stand_in(theirs, ours):
        return ours
    return theirs if _stand_in(ours, theirs) else ours + theirs


def _stand_in(lines: list[bytes], among: list[bytes]) -> bool:
    count = len(lines)
    return any(among[at : at + count] == lines for at in range(len(among) - count + 1))


def _comes_first(one: Hunk, other: Hunk) -> bool:
    return (one.start, one.end) < (other.start, other.end)


def _overlap(one: Hunk, other: Hunk) -> bool:
    """Whether two changes touch the same lines, or put lines in at the same place."""
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    if one.start == one.end:
        return other.start < one.start < other.end
    if other.start == other.end:
        return one.start < other.start < one.end
    return one.start < other.end and other.start < one.end


def _group(
    ours: list[Hunk], theirs: list[Hunk], first: int, second: int
) -> tuple[int, int, int, int]:
    """All changes that hang together: their lines of the base, and the hunks after them."""
    start = min(ours[first].start, theirs[second].start)
    end = max(ours[first].end, theirs[second].end)
    first, second = first + 1, second + 1
    growing = True
    while growing:
        growing = False
        if first < len(ours) and ours[first].start < end:
            end, first, growing = max(end, ours[first].end), first + 1, True
        if second < len(theirs) and theirs[second].start < end:
            end, second, growing = max(end, theirs[second].end), second + 1, True
    return start, end, first, second


def _apply(base: list[bytes], hunks: list[Hunk], start: int, end: int) -> list[bytes]:
    """Lines ``[start, end)`` of the base after these changes."""
    lines: list[bytes] = []
    at = start
    for hunk in hunks:
        lines += [*base[at : hunk.start], *hunk.lines]
        at = hunk.end
    return lines + base[at:end]
