"""Where the commonest words stand, one bit for each place, so that phrases of them are quick.

A word that every note has a few times has as many lists of positions to decode as there are notes,
and a phrase of two such words has twice that. Shifting one row of bits by a place and intersecting
it with another answers the same question for all notes at once (a bit-parallel form of the
positional intersection of Manning, Raghavan and Schütze, "Introduction to Information Retrieval",
2.4.2). The rows stand behind the lists in the file of postings, where the library does not look.
"""

from __future__ import annotations

import re
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from itertools import accumulate, chain
from operator import or_

from whoosh.util.numeric import byte_to_length

from octopus.backends.whoosh.pool import load_steps
from octopus.backends.whoosh.schema import CONTENT_START, FOLDER_START

SHARE = 4  # a word that stands in one of so many documents is common
FEWEST = 512  # documents; lists below are decoded as quickly
_UNBOUNDED = 255  # the byte of documents that are longer than it can tell
_GAPS = 3  # a free place behind title, folder and text: no phrase runs on
_LEVEL = 1
_BITS = tuple(1 << bit for bit in range(8))
_SET = re.compile(rb"[^\0]")

#: How many words the title of a document has, and how many its folders.
NameSizes = Callable[[int], tuple[int, int]]


def starts(lengths: bytes) -> array[int]:
    """For each document the byte of a row where its places begin, then the size of the row."""
    sizes = [(byte_to_length(length) + _GAPS + 7) >> 3 for length in range(256)]
    sizes[_UNBOUNDED] = 0  # such a document is not in the rows
    return array("Q", accumulate(map(sizes.__getitem__, lengths), initial=0))


class Writer:
    """Makes the rows of one segment."""

    def __init__(self, lengths: bytes, name_sizes: NameSizes) -> None:
        self._lengths = lengths
        self._starts = starts(lengths)
        self._name_sizes = name_sizes
        self._bases: list[tuple[int, int, int]] = []
        self._fewest = max(FEWEST, len(lengths) // SHARE)

    def wants(self, frequency: int) -> bool:
        """True for a word that is common enough."""
        return frequency >= self._fewest

    def row(self, ids: Sequence[int], values: Iterable[bytes]) -> bytes:
        """The row of one word, compressed."""
        row = bytearray(self._starts[-1])
        for place in self._places(ids, values):
            row[place >> 3] |= _BITS[place & 7]
        return zlib.compress(row, _LEVEL)

    def _places(self, ids: Sequence[int], values: Iterable[bytes]) -> Iterator[int]:
        if not self._bases:
            self._bases = [self._base(number) for number in range(len(self._lengths))]
        for number, steps in zip(ids, load_steps(values), strict=True):
            title, folder, text = self._bases[number]
            if self._lengths[number] == _UNBOUNDED:
                continue
            if steps[0] >= CONTENT_START:
                steps[0] += text
                yield from accumulate(steps)
            else:
                for place in accumulate(steps):
                    in_names = folder if place >= FOLDER_START else title
                    yield place + (text if place >= CONTENT_START else in_names)

    def _base(self, number: int) -> tuple[int, int, int]:
        """What to add to positions in a document's title, its folders and its text."""
        base = 8 * self._starts[number]
        title, folder = self._name_sizes(number)
        return base, base + title + 1 - FOLDER_START, base + title + folder + 2 - CONTENT_START


def decompressed(data: bytes) -> int:
    """A row as a number whose bits are the places."""
    return int.from_bytes(zlib.decompress(data), "little")


class Rows:
    """Reads the rows of one segment."""

    def __init__(self, lengths: bytes) -> None:
        self._starts = starts(lengths)
        self._left_out = frozenset(
            number for number, length in enumerate(lengths) if length == _UNBOUNDED
        )

    def left_out(self, documents: set[int]) -> set[int]:
        """The documents that are too long for the rows: their positions have to be decoded."""
        return documents & self._left_out if self._left_out else set()

    def following(self, words: Sequence[Sequence[int]]) -> set[int]:
        """The documents in which the words follow one another, each in one of its spellings."""
        there = reduce(or_, words[0])
        for distance, spellings in enumerate(words[1:], 1):
            there &= reduce(or_, spellings) >> distance
        return set(self._documents(there.to_bytes(self._starts[-1], "little")))

    def _documents(self, row: bytes) -> Iterator[int]:
        at = 0
        while found := _SET.search(row, at):
            number = bisect_right(self._starts, found.start()) - 1
            yield number
            at = self._starts[number + 1]


def rows_of(several: Iterable[Iterable[int | None]]) -> list[list[int]] | None:
    """The rows of the spellings of several words; None when one of them has no row."""
    rows = [list(spellings) for spellings in several]
    if any(row is None for row in chain.from_iterable(rows)):
        return None
    return [[row for row in spellings if row is not None] for spellings in rows]
