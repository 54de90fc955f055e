"""Write one segment in the format of Whoosh 2.7.5, several times as fast as its own writer.

The library spends its time in sorting a tuple for every posting, in compressing blocks that
mostly hold one, and in calls for each of them. Here a term's whole list is at hand, so its blocks
are written in one go, small lists go into the term's own record, and only blocks that gain from
it are compressed. The files are the library's: ``codec/whoosh3.py`` and ``filedb/filetables.py``
of that version describe them, and the version is pinned for that reason.
"""

from __future__ import annotations

import pickle
import struct
import sys
import time
import zlib
from array import array
from binascii import crc32
from collections.abc import Callable, Iterable, Iterator
from operator import sub
from typing import Any

from whoosh.codec.whoosh3 import STORED_COLUMN, W3Codec, W3Segment
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.filedb.filestore import FileStorage

from octopus.backends.whoosh.bitmap import Writer
from octopus.backends.whoosh.pool import Pool, Postings
from octopus.backends.whoosh.schema import TEXT_FIELD

BLOCK = 128  # postings
INLINE = 4  # lists up to this long stand in the term's record
COMPRESS_FROM = 200  # bytes
_LEVEL = 3
_PICKLE = 4
_INDEX_NAME = "MAIN"
_CRC_HASH = 1

_INFO = struct.Struct("!BfIBBfII")
_EXTENT = struct.Struct("!qi")
_LENGTHS = struct.Struct("!ii")
_SLOT = struct.Struct("!Iq")
_TABLE = struct.Struct("!qi")
_INT = struct.Struct("!i")

# The size of the value of each posting, by field; -1 where it differs.
_VALUE_SIZE = {TEXT_FIELD: -1, "path": 0}
_KEY_VALUE = 4

Progress = Callable[[], None]


def write_segment(storage: FileStorage, pool: Pool, breathe: Progress | None = None) -> W3Segment:
    """Write the documents of ``pool`` as a new segment and return its description.

    ``breathe`` is called every few milliseconds of work.
    """
    segment = W3Segment(W3Codec(), _INDEX_NAME)
    segment.set_doc_count(len(pool))
    segment._fieldlengths = {TEXT_FIELD: pool.total_length}
    _write_columns(storage, segment, pool)
    _write_terms(storage, segment, pool, breathe or _nothing)
    segment.sizes = {name: storage.file_length(name) for name in segment_files(segment)}
    return segment


def segment_files(segment: W3Segment) -> list[str]:
    """The names of the files that a segment of ours consists of."""
    columns = ("_stored", "entry", f"_{TEXT_FIELD}_len")
    return [
        segment.make_filename(W3Codec.TERMS_EXT),
        segment.make_filename(W3Codec.POSTS_EXT),
        *(W3Codec.column_filename(segment, name) for name in columns),
    ]


def _nothing() -> None:
    pass


def _write_columns(storage: FileStorage, segment: W3Segment, pool: Pool) -> None:
    rows: dict[str, tuple[Any, Iterable[Any]]] = {
        "_stored": (STORED_COLUMN, pool.stored),
        "entry": (VarBytesColumn(), pool.entries),
        f"_{TEXT_FIELD}_len": (NumericColumn("B", default=0), pool.lengths),
    }
    for name, (column, values) in rows.items():
        with storage.create_file(W3Codec.column_filename(segment, name)) as file:
            writer = column.writer(file)
            for number, value in enumerate(values):
                writer.add(number, value)
            writer.finish(len(pool))


def _write_terms(storage: FileStorage, segment: W3Segment, pool: Pool, breathe: Progress) -> None:
    fields = sorted(name for name, terms in pool.fields.items() if terms)
    table = TermFile({name: number for number, name in enumerate(fields)})
    last = time.monotonic()
    rows = Writer(bytes(pool.lengths), pool.name_sizes)
    segment.rows = {}  # where the row of bits of each common word is: offset and size
    with storage.create_file(segment.make_filename(W3Codec.POSTS_EXT)) as posts:
        lists = PostingsFile(posts.file, bytes(pool.lengths))
        for number, name in enumerate(fields):
            terms = pool.fields[name]
            prefix = number.to_bytes(2, "big")
            kind = _VALUE_SIZE.get(name, _KEY_VALUE)
            for term in _in_order(terms):
                postings = terms.pop(term)  # letting go of all at the end would take too long
                record = lists.write(postings, scored=name == TEXT_FIELD, fixed=kind)
                table.add(prefix + term.encode(), record)
                if name == TEXT_FIELD and rows.wants(len(postings) // 3):
                    breathe()
                    row = rows.row(postings[0::3], postings[2::3])
                    segment.rows[term.encode()] = lists.append(row)
                if not len(table) & 255 and time.monotonic() - last > 0.005:
                    breathe()
                    last = time.monotonic()
        lists.flush()
    with storage.create_file(segment.make_filename(W3Codec.TERMS_EXT)) as file:
        table.write(file.file)


def _in_order(terms: dict[str, Postings]) -> Iterator[str]:
    """In the order of their bytes, piece by piece.

    One sort of everything would hold the interpreter for too long.
    """
    shelves: dict[str, list[str]] = {}
    for term in terms:
        shelves.setdefault(term[:1], []).append(term)
    for shelf in sorted(shelves):
        yield from sorted(shelves[shelf])


class PostingsFile:
    """Lists of postings, block after block."""

    def __init__(self, file: Any, lengths: bytes) -> None:
        self._file = file
        self._lengths = lengths
        self._pending: list[bytes] = []
        self._pending_size = 0
        self._offset = 0

    def write(self, postings: Postings, *, scored: bool, fixed: int) -> bytes:
        """Write one term's list and return the term's record.

        ``fixed`` is the size that every value has, -1 where they differ.
        """
        ids, weights, values = postings[0::3], postings[1::3], postings[2::3]
        shortest, longest = self._extremes(ids) if scored else (0, 0)
        inline = len(ids) <= INLINE
        record = _INFO.pack(
            inline, sum(weights), len(ids), shortest, longest, max(weights), ids[0], ids[-1]
        )
        if inline:
            return record + pickle.dumps((tuple(ids), tuple(weights), tuple(values)), _PICKLE)
        start = self._offset
        self._put(b"W3Bl")
        for begin in range(0, len(ids), BLOCK):
            end = begin + BLOCK
            block = (ids[begin:end], weights[begin:end], values[begin:end])
            self._put_block(*block, scored=scored, fixed=fixed, last=end >= len(ids))
        return record + _EXTENT.pack(start, self._offset - start)

    def append(self, data: bytes) -> tuple[int, int]:
        """Keep what no term's record points to; returns where it is and its size."""
        start = self._offset
        self._put(data)
        return start, len(data)

    def flush(self) -> None:
        """Hand everything to the file."""
        self._file.write(b"".join(self._pending))
        self._pending.clear()
        self._pending_size = 0

    def _extremes(self, ids: list[int]) -> tuple[int, int]:
        lengths = list(map(self._lengths.__getitem__, ids))
        return min(lengths), max(lengths)

    def _put(self, data: bytes) -> None:
        self._pending.append(data)
        self._offset += len(data)
        self._pending_size += len(data)
        if self._pending_size > 1 << 18:
            self.flush()

    def _put_block(
        self,
        ids: list[int],
        weights: list[float],
        values: list[bytes],
        *,
        scored: bool,
        fixed: int,
        last: bool,
    ) -> None:
        first = weights[0]
        same = weights.count(first) == len(weights)
        light = (None if first == 1.0 else first) if same else tuple(weights)
        kept = None if fixed == 0 else b"".join(values) if fixed > 0 else tuple(values)
        steps = (ids[0], *map(sub, ids[1:], ids))
        data = pickle.dumps((steps, light, kept), _PICKLE)
        level = 0
        if len(data) >= COMPRESS_FROM:
            data, level = zlib.compress(data, _LEVEL), _LEVEL
        shortest, longest = self._extremes(ids) if scored else (0, 0)
        info = pickle.dumps((len(ids), ids[-1], max(weights), level, shortest, longest), _PICKLE)
        size = len(info) + len(data)
        self._put(_INT.pack(-size if last else size) + info + data)


class TermFile:
    """The file of terms: records in order, a hash table to find one, an array to walk them."""

    def __init__(self, fields: dict[str, int]) -> None:
        self._fields = fields
        self._parts = [b"HSH3", bytes([_CRC_HASH]), _INT.pack(0), _INT.pack(0)]
        self._offset = 13
        self._buckets: list[list[tuple[int, int]]] = [[] for _ in range(256)]
        self._places = array("q")

    def __len__(self) -> int:
        return len(self._places)

    def add(self, key: bytes, record: bytes) -> None:
        """Append a record; keys come in ascending order."""
        self._parts += (_LENGTHS.pack(len(key), len(record)), key, record)
        checksum = crc32(key)
        self._buckets[checksum & 255].append((checksum, self._offset))
        self._places.append(self._offset)
        self._offset += 8 + len(key) + len(record)

    def write(self, file: Any) -> None:
        """Write everything."""
        file.write(b"".join(self._parts))
        directory = []
        for bucket in self._buckets:
            directory.append(_TABLE.pack(self._offset, 2 * len(bucket)))
            table = _hash_table(bucket)
            file.write(table)
            self._offset += len(table)
        file.write(b"".join(directory))
        places = array("I" if self._offset < 1 << 32 else "q", self._places)
        extras = {"fieldmap": self._fields, "indextype": places.typecode, "indexlen": len(places)}
        tail = pickle.dumps(extras, 2)
        if sys.byteorder == "little":
            places.byteswap()
        tail += places.tobytes()
        file.write(tail + _INT.pack(len(tail)))


def _hash_table(bucket: list[tuple[int, int]]) -> bytes:
    slots = 2 * len(bucket)
    table = [(0, 0)] * slots
    for checksum, place in bucket:
        slot = (checksum >> 8) % slots
        while table[slot] != (0, 0):
            slot = (slot + 1) % slots
        table[slot] = (checksum, place)
    return b"".join([_SLOT.pack(*entry) for entry in table])
