"""Make one segment of several, so that a query has few of them to ask.

Each commit leaves a segment, most of them with one note. Small ones are put together as soon as
there are several; large ones with their like only when nothing else is to be done, and they are
never all made into one: building anew is quicker. Either takes longer than a change may take until
it can be found, so it is done beside the changes, which go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh.util.numeric import byte_to_length

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.pool import Pool
from octopus.backends.whoosh.segment import Progress
from octopus.backends.whoosh.store import Generation, Part, Written
from octopus.backends.whoosh.view import live

# Segments of a kind, by their documents: below the first number, below the second, and so on.
# Each document is written once a kind, where putting it with all that is small writes it often.
KINDS = (8, 64)
MEDIUM = 1024  # a kind for when nothing else is to be done
MOST = 8  # segments of a kind
LARGEST_MERGE = 4096  # documents; merging them takes about a second

Moved = dict[tuple[str, int], int]  # segment and number before, number in the new segment


class Merging:
    """Some parts of an index, on their way to becoming one."""

    def __init__(self, generation: Generation, parts: list[Part]) -> None:
        self.generation = generation
        self.moved: Moved = {}
        self._parts = parts
        self._written: Written | None = None
        self._failure: Exception | None = None

    def prepare(self, breathe: Progress) -> None:
        """Write the new segment. In any thread; what goes wrong is told at the end."""
        try:
            pool, self.moved = pooled(self._parts, Analyzer(), breathe)
            if len(pool):
                self._written = self.generation.prepare(pool, breathe)
        except Exception as error:  # noqa: BLE001 - raised by whoever commits
            self._failure = error

    def commit(self) -> Part | None:
        """Put the new part in the place of the old ones, without what was deleted since.

        Raises whatever went wrong.
        """
        if self._failure is not None:
            raise self._failure
        old = {part.view.id for part in self._parts}
        now = {part.view.id: part.deleted for part in self.generation.snapshot.parts}
        kept = [part for part in self.generation.snapshot.parts if part.view.id not in old]
        new = None
        if self._written is not None:
            deleted = frozenset(
                number
                for (segment, before), number in self.moved.items()
                if segment not in now or before in now[segment]
            )
            new = Part(self.generation.take(self._written).view, deleted)
        self.generation.commit([*kept, new] if new else kept)
        return new


def due(parts: Sequence[Part], idle: bool) -> list[Part]:
    """The parts that should become one now."""
    least = 0
    for size in (*KINDS, MEDIUM) if idle else KINDS:
        alike = [part for part in parts if least <= part.view.count < size]
        if len(alike) >= MOST:
            return alike
        least = size
    if not idle:
        return []
    for part in parts:
        if (
            len(part.deleted) > max(part.view.count // 2, KINDS[-1])
            and living(part) < LARGEST_MERGE
        ):
            return [part]
    return []


def living(part: Part) -> int:
    """How many documents of a part are not deleted."""
    return part.view.count - len(part.deleted)


def pooled(
    parts: Sequence[Part], analyzer: Analyzer, breathe: Progress | None = None
) -> tuple[Pool, Moved]:
    """The living documents of the parts, ready to be written as one segment."""
    pool = Pool(analyzer)
    moved: Moved = {}
    for part in parts:
        _take_over(pool, part, moved, breathe)
    return pool, moved


def _take_over(pool: Pool, part: Part, moved: Moved, breathe: Progress | None) -> None:
    view = part.view
    numbers: dict[int, int] = {}
    for old in live(view, part.deleted):
        length_byte = view.lengths[old]
        length = byte_to_length(length_byte)
        numbers[old] = pool.add_row(view.entries[old], view.stored(old), length, length_byte)
        moved[view.id, old] = numbers[old]
    for count, (field, term, postings) in enumerate(view.all_postings()):
        if breathe and not count & 255:
            breathe()
        kept: list[Any] = []
        for old, weight, value in zip(*postings, strict=True):
            if old in numbers:
                kept += (numbers[old], weight, value)
        if kept:
            pool.fields[field][term.decode()] += kept
