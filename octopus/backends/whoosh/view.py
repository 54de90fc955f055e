"""Read one segment: whole lists of postings at a time, from any thread.

The library's matchers step through postings one by one and keep a place in an open file. Reading
whole lists is several times as fast in Python, and slices of a mapped file have no place to keep.
"""

from __future__ import annotations

import io
import mmap
import pickle
import struct
import sys
import zlib
from array import array
from binascii import crc32
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.codec.whoosh3 import W3Codec, W3Segment

from octopus.backends.whoosh.bitmap import Rows, decompressed
from octopus.backends.whoosh.schema import ENTRY, TEXT_FIELD

_INFO = struct.Struct("!BfIBBfII")
_FREQUENCY = struct.Struct("!5xI")  # of the record of a term, as in _INFO
_EXTENT = struct.Struct("!qi")
_LENGTHS = struct.Struct("!ii")
_SLOT = struct.Struct("!Iq")
_TABLE = struct.Struct("!qi")
_INT = struct.Struct("!i")
# A pickle of protocol 4 begins with its version and the length of all that follows.
_FRAME = struct.Struct("<2sBQ")
MOST_ROWS = 8  # of bits, each about 60 bytes a document
MOST_KEPT = 50_000  # postings of terms that were asked for lately, about 5 MB


class Damaged(Exception):
    """The index cannot be read."""


class Postings(NamedTuple):
    """One term's list: document numbers in order, their weights, their encoded positions."""

    ids: Sequence[int]
    weights: Sequence[float]
    values: Sequence[bytes]


class Row(NamedTuple):
    """What the index remembers of a file without opening it."""

    path: str
    mtime_ns: int
    size: int
    ctime_ns: int
    inode: int
    checksum: int


class SegmentView:
    """One segment, opened for reading."""

    def __init__(self, folder: Path, segment: W3Segment) -> None:
        self.id: str = segment.segment_id()
        self.count: int = segment.doc_count_all()
        self.total_length: int = segment._fieldlengths.get(TEXT_FIELD, 0)
        self._terms = _load(folder / segment.make_filename(W3Codec.TERMS_EXT))
        self._posts = _load(folder / segment.make_filename(W3Codec.POSTS_EXT))
        # All files are opened now: a merge or a rebuild may remove them while they are read.
        self._columns = {
            name: _load(folder / W3Codec.column_filename(segment, name))
            for name in ("entry", "_stored", f"_{TEXT_FIELD}_len")
        }
        self.lengths = bytes(self._columns[f"_{TEXT_FIELD}_len"][:])
        self._kept: OrderedDict[tuple[str, bytes], TermList] = OrderedDict()
        self._kept_postings = 0
        self._open_terms()
        self._row_places: dict[bytes, tuple[int, int]] = getattr(segment, "rows", {})
        self._kept_rows: OrderedDict[bytes, int] = OrderedDict()

    def _open_terms(self) -> None:
        data = self._terms
        end = len(data) - _INT.size
        (size,) = _INT.unpack_from(data, end)
        tail = io.BytesIO(data[end - size : end])
        extras = pickle.load(tail)  # noqa: S301 - our own file, under the state directory
        self._fields: dict[str, int] = extras["fieldmap"]
        self._places = array(extras["indextype"])
        self._places.frombytes(tail.read())
        if sys.byteorder == "little":
            self._places.byteswap()
        directory = end - size - 256 * _TABLE.size
        self._tables = list(_TABLE.iter_unpack(data[directory : end - size]))
        # A column of bytes holds one for each document, without those at the end that are zero.
        self.lengths = self.lengths[: self.count].ljust(self.count, b"\0")

    def _find(self, field: str, term: bytes) -> tuple[int, int] | None:
        number = self._fields.get(field)
        if number is None:
            return None
        key = number.to_bytes(2, "big") + term
        checksum = crc32(key)
        start, slots = self._tables[checksum & 255]
        data = self._terms
        for step in range(slots):
            slot = ((checksum >> 8) + step) % slots
            found, place = _SLOT.unpack_from(data, start + slot * _SLOT.size)
            if not place:
                return None
            if found == checksum:
                key_size, size = _LENGTHS.unpack_from(data, place)
                begin = place + _LENGTHS.size
                if data[begin : begin + key_size] == key:
                    return begin + key_size, size
        return None

    def term(self, field: str, term: bytes) -> TermList | None:
        """The term's list, to be read as far as needed; None when the segment lacks the term."""
        key = (field, term)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        found = self._find(field, term)
        if found is None:
            return None
        place, size = found
        fresh = TermList(self._terms[place : place + size], self._posts, term)
        self._kept[key] = fresh
        self._kept_postings += fresh.frequency
        while self._kept_postings > MOST_KEPT and len(self._kept) > 1:
            self._kept_postings -= self._kept.popitem(last=False)[1].frequency
        return fresh

    def frequency(self, field: str, term: bytes) -> int:
        """In how many documents of the segment the term stands, deleted ones included."""
        found = self._find(field, term)
        return int(_INFO.unpack_from(self._terms, found[0])[2]) if found else 0

    def postings(self, field: str, term: bytes) -> Postings | None:
        """The term's whole list; None when the segment does not have the term."""
        found = self.term(field, term)
        return found.all() if found else None

    def documents(self, place: int) -> Sequence[int]:
        """The documents of the term at a place of :meth:`common_first`; the list is not kept."""
        terms = self._terms
        key_size, size = _LENGTHS.unpack_from(terms, place)
        begin = place + _LENGTHS.size + key_size
        if terms[begin]:  # few documents: the list stands in the record itself
            record = terms[begin + _INFO.size : begin + size]
            ids: Sequence[int] = pickle.loads(record)[0]  # noqa: S301 - our own file
            return ids
        return TermList(terms[begin : begin + size], self._posts).all().ids

    def row(self, term: bytes) -> int | None:
        """Where a common word of the text stands; None for one that is not common."""
        kept = self._kept_rows.get(term)
        if kept is not None:
            self._kept_rows.move_to_end(term)
            return kept
        if term not in self._row_places:
            return None
        place, size = self._row_places[term]
        row = self._kept_rows[term] = decompressed(self._posts[place : place + size])
        if len(self._kept_rows) > MOST_ROWS:
            self._kept_rows.popitem(last=False)
        return row

    @cached_property
    def rows_of_bits(self) -> Rows:
        """How the rows are laid out."""
        return Rows(self.lengths)

    def _range(self, field: str) -> tuple[int, int]:
        number = self._fields.get(field)
        if number is None:
            return 0, 0
        low = bisect_left(self._places, number.to_bytes(2, "big"), key=self._key)
        high = bisect_left(self._places, (number + 1).to_bytes(2, "big"), key=self._key)
        return low, high

    def _key(self, place: int) -> bytes:
        (size,) = _INT.unpack_from(self._terms, place)
        return self._terms[place + 8 : place + 8 + size]

    def lexicon(self, field: str) -> list[bytes]:
        """Every term of the field, in order."""
        low, high = self._range(field)
        return [self._key(place)[2:] for place in self._places[low:high]]

    def common_first(self, field: str) -> tuple[list[bytes], list[int]]:
        """Every term of the field, those of most documents first, and the places they stand at."""
        low, high = self._range(field)
        terms, several = self._terms, []
        for place in self._places[low:high]:
            (size,) = _INT.unpack_from(terms, place)
            end = place + _LENGTHS.size + size
            several.append(
                (-_FREQUENCY.unpack_from(terms, end)[0], terms[end - size + 2 : end], place)
            )
        several.sort()
        return [term for _, term, _ in several], [place for _, _, place in several]

    def all_postings(self) -> Iterator[tuple[str, bytes, Postings]]:
        """Everything in the segment: field, term, list."""
        names = {number: name for name, number in self._fields.items()}
        for place in self._places:
            key_size, size = _LENGTHS.unpack_from(self._terms, place)
            begin = place + _LENGTHS.size
            key = self._terms[begin : begin + key_size]
            record = self._terms[begin + key_size : begin + key_size + size]
            postings = TermList(record, self._posts).all()
            yield names[int.from_bytes(key[:2], "big")], key[2:], postings

    @cached_property
    def entries(self) -> list[bytes]:
        """The encoded rows, by document number."""
        column = self._column("entry")
        return [column[number] for number in range(self.count)]

    @cached_property
    def rows(self) -> list[Row]:
        """What is known of each document, by its number."""
        return [Row(row[ENTRY.size :].decode(), *ENTRY.unpack_from(row)) for row in self.entries]

    @cached_property
    def _stored(self) -> BytesColumn:
        return self._column("_stored")

    def stored(self, number: int) -> dict[str, Any]:
        """The names and properties of a document."""
        fields: dict[str, Any] = pickle.loads(zlib.decompress(self._stored[number]))  # noqa: S301
        return fields

    def _column(self, name: str) -> BytesColumn:
        return BytesColumn(self._columns[name], self.count)


class TermList:
    """The documents of one term; blocks of them are read when they are needed, and kept."""

    def __init__(self, record: bytes, posts: bytes, term: bytes = b"") -> None:
        self.term = term
        self.frequency: int = _INFO.unpack_from(record)[2]
        self._posts = posts
        self._blocks: list[_Block] = []
        self._whole: Postings | None = None
        if record[0]:
            ids, weights, values = pickle.loads(record[_INFO.size :])  # noqa: S301 - our own file
            self._whole = Postings(ids, weights, values)
        else:
            self._offset, self._length = _EXTENT.unpack_from(record, _INFO.size)

    def all(self) -> Postings:
        """Every document of the term."""
        if self._whole is None:
            self._whole = _joined([block.postings for block in self._directory()])
            self._blocks = []
        return self._whole

    def among(self, numbers: Sequence[int]) -> Postings:
        """At least those of the documents ``numbers``, in order, that have the term."""
        if self._whole is not None:
            return self._whole
        blocks = self._directory()
        if len(numbers) > 2 * len(blocks):
            return self.all()
        needed = []
        first = at = 0
        for block in blocks:
            at = bisect_left(numbers, first, at)
            if at == len(numbers):
                break
            if numbers[at] <= block.last:
                needed.append(block.postings)
            first = block.last + 1
        return _joined(needed)

    def _directory(self) -> list[_Block]:
        if not self._blocks:
            self._blocks = list(_blocks(self._posts[self._offset : self._offset + self._length]))
        return self._blocks


class _Block:
    """Up to 128 postings."""

    __slots__ = ("_count", "_data", "_level", "_postings", "last")

    def __init__(self, last: int, count: int, level: int, data: bytes) -> None:
        self.last = last
        self._count = count
        self._level = level
        self._data = data
        self._postings: Postings | None = None

    @property
    def postings(self) -> Postings:
        """What the block holds."""
        if self._postings is None:
            data = zlib.decompress(self._data) if self._level else self._data
            steps, light, kept = pickle.loads(data)  # noqa: S301 - our own file
            if not isinstance(light, tuple):
                light = (1.0 if light is None else light,) * self._count
            if not isinstance(kept, tuple):
                # A field without positions: every value is the same, of a fixed size or none.
                kept = ((kept or b"")[: len(kept or b"") // self._count],) * self._count
            self._postings = Postings(tuple(accumulate(steps)), light, kept)
            self._data = b""
        return self._postings


def _blocks(data: bytes) -> Iterator[_Block]:
    if data[:4] != b"W3Bl":
        raise Damaged("a list of postings does not begin like one")
    place, size = 4, 0
    while size >= 0:
        (size,) = _INT.unpack_from(data, place)
        begin, end = place + _INT.size, place + _INT.size + abs(size)
        body = begin + _FRAME.size + _FRAME.unpack_from(data, begin)[-1]
        count, last, _, level, _, _ = pickle.loads(data[begin:body])  # noqa: S301 - our own file
        yield _Block(last, count, level, data[body:end])
        place = end


def _joined(several: list[Postings]) -> Postings:
    if len(several) == 1:
        return several[0]
    ids, weights, values = zip(*several, strict=True) if several else ((), (), ())
    return Postings(*(tuple(chain.from_iterable(column)) for column in (ids, weights, values)))


class BytesColumn:
    """The library's column of byte strings: the values, their lengths, sometimes their places."""

    def __init__(self, data: bytes, count: int) -> None:
        self._data = data
        if data[-1:] == b"X":
            code, offsets_code, end = chr(data[-3]), chr(data[-2]), len(data) - 3
            end -= count * array(offsets_code).itemsize
        else:
            code, end = chr(data[-1]), len(data) - 1
        self._lengths = array(code)
        self._lengths.frombytes(data[end - count * self._lengths.itemsize : end])
        if sys.byteorder == "little":
            self._lengths.byteswap()
        self._offsets = list(accumulate(self._lengths, initial=0))

    def __getitem__(self, number: int) -> bytes:
        begin = self._offsets[number]
        return self._data[begin : begin + self._lengths[number]]


def _load(path: Path) -> bytes:
    """The file's bytes, mapped when it is large. Slices of both are bytes."""
    with path.open("rb") as file:
        size = path.stat().st_size
        if size < 1 << 16:
            return file.read()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # type: ignore[return-value]


def live(view: SegmentView, deleted: frozenset[int]) -> Iterator[int]:
    """The numbers of the documents that are not deleted."""
    return (number for number in range(view.count) if number not in deleted)
