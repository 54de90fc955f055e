"""Gather the postings of a segment before it is written.

Documents arrive in ascending number, so every list of postings is in order by itself and only the
terms have to be sorted at the end. The library's own pool sorts a tuple for each posting.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from itertools import chain, pairwise
from typing import Any

from whoosh.util.numeric import length_to_byte

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.document import TITLE_WEIGHT, Document, Zone
from octopus.backends.whoosh.schema import CONTENT_START, ENTRY, TEXT_FIELD

Postings = list[Any]  # flat: document number, weight, value; and so on
_ONCE = (1).to_bytes(4, "big")  # the value of a posting in a field without positions


class Pool:
    """The postings and the rows of the documents of one segment to be."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.fields: dict[str, dict[bytes, Postings]] = defaultdict(lambda: defaultdict(list))
        self.lengths = bytearray()  # of the text field, as the format rounds them to a byte
        self.total_length = 0
        self.entries: list[bytes] = []
        self.stored: list[dict[str, Any]] = []
        self.size = 0  # postings

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, document: Document) -> int:
        """Take a document in; returns its number within the segment."""
        number = len(self.entries)
        self._add_text(document, number)
        self._add_keys(document, number)
        path = document.path.encode()
        stamp = document.stamp
        self.entries.append(ENTRY.pack(stamp.mtime_ns, stamp.size, document.checksum) + path)
        self.fields["path"][path] += (number, 1.0, b"")
        self.stored.append(
            {"path": document.path, "names": document.names, "properties": document.properties}
        )
        return number

    def add_row(self, entry: bytes, stored: dict[str, Any], length: int, length_byte: int) -> int:
        """Take over the row of a document of another segment, whose postings follow."""
        number = len(self.entries)
        self.entries.append(entry)
        self.stored.append(stored)
        self.lengths.append(length_byte)
        self.total_length += length
        return number

    def _add_text(self, document: Document, number: int) -> None:
        terms = self._analyzer.terms
        named = [*terms(document.names[0]), *terms(document.path.rpartition("/")[0])]
        named = named[: CONTENT_START - 8]
        places: dict[str, list[int]] = defaultdict(list)
        for position, term in enumerate(named):
            places[term].append(position)
        content = terms(document.text)
        for position, term in enumerate(content, CONTENT_START):
            places[term].append(position)
        bonus: dict[str, float] = {}
        for zone in (Zone(document.names[0], TITLE_WEIGHT), *document.zones):
            for term in terms(zone.text):
                bonus[term] = max(bonus.get(term, 0.0), zone.weight)
        index = self.fields[TEXT_FIELD]
        for term, positions in places.items():
            weight = float(len(positions))
            if term in bonus:
                weight += bonus[term]
            index[term.encode()] += (number, weight, _VALUES[tuple(positions)])
        length = len(named) + len(content)
        self.lengths.append(length_to_byte(length) if length else 0)
        self.total_length += length
        self.size += len(places)

    def _add_keys(self, document: Document, number: int) -> None:
        names = chain.from_iterable(self._analyzer.terms(name) for name in document.names)
        keys = {
            "kind": document.kinds,
            "name": names,
            "property": (name.lower() for name in document.properties),
            "tag": chain.from_iterable(with_parents(tag) for tag in document.tags),
        }
        for field, values in keys.items():
            index = self.fields[field]
            for key in {value.encode("utf-8", "replace")[:200] for value in values}:
                index[key] += (number, 1.0, _ONCE)
                self.size += 1


def with_parents(tag: str) -> list[str]:
    """``a/b/c`` is found as itself, as ``a/b`` and as ``a``."""
    parts = tag.split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


class _Values(dict[tuple[int, ...], bytes]):
    """Positions in the format's encoding; most words stand in a note once, so places repeat."""

    def __missing__(self, positions: tuple[int, ...]) -> bytes:
        steps = [positions[0], *(b - a for a, b in pairwise(positions))]
        value = len(steps).to_bytes(4, "big") + pickle.dumps(steps, 2)
        if len(positions) == 1 and positions[0] < 1 << 14:
            self[positions] = value
        return value


_VALUES = _Values()


def decode_positions(value: bytes) -> list[int]:
    """The inverse of the format's encoding of positions."""
    place, places = 0, []
    for step in pickle.loads(value[4:]):  # noqa: S301 - our own file, under the state directory
        place += step
        places.append(place)
    return places
