"""Make one segment of several, so that a query has few of them to ask.

Each commit leaves a segment, most of them with one note. Small ones are put together as soon as
there are several: that costs a few milliseconds. Large ones are put together with their like only
when nothing else is to be done, and are never all made into one: building anew is quicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh.util.numeric import byte_to_length

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.pool import Pool
from octopus.backends.whoosh.store import Part
from octopus.backends.whoosh.view import live

SMALL = 64  # documents
MEDIUM = 1024
MOST = 8  # segments of a kind
LARGEST_MERGE = 4096  # documents; merging them takes about a second

Moved = dict[tuple[str, int], int]  # segment and number before, number in the new segment


def due(parts: Sequence[Part], idle: bool) -> list[Part]:
    """The parts that should become one now."""
    small = [part for part in parts if part.view.count < SMALL]
    if len(small) >= MOST:
        return small
    if not idle:
        return []
    medium = [part for part in parts if SMALL <= part.view.count < MEDIUM]
    if len(medium) >= MOST:
        return medium
    for part in parts:
        if len(part.deleted) > max(part.view.count // 2, SMALL) and living(part) < LARGEST_MERGE:
            return [part]
    return []


def living(part: Part) -> int:
    """How many documents of a part are not deleted."""
    return part.view.count - len(part.deleted)


def pooled(parts: Sequence[Part], analyzer: Analyzer) -> tuple[Pool, Moved]:
    """The living documents of the parts, ready to be written as one segment."""
    pool = Pool(analyzer)
    moved: Moved = {}
    for part in parts:
        _take_over(pool, part, moved)
    return pool, moved


def _take_over(pool: Pool, part: Part, moved: Moved) -> None:
    view = part.view
    numbers: dict[int, int] = {}
    for old in live(view, part.deleted):
        length_byte = view.lengths[old]
        length = byte_to_length(length_byte)
        numbers[old] = pool.add_row(view.entries[old], view.stored(old), length, length_byte)
        moved[view.id, old] = numbers[old]
    for field, term, postings in view.all_postings():
        kept: list[Any] = []
        for old, weight, value in zip(*postings, strict=True):
            if old in numbers:
                kept += (numbers[old], weight, value)
        if kept:
            pool.fields[field][term.decode()] += kept
