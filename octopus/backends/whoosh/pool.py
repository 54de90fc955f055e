"""Gather the postings of a segment before it is written.

Documents arrive in ascending number, so every list of postings is in order by itself and only the
terms have to be sorted at the end. The library's own pool sorts a tuple for each posting.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain
from operator import sub
from typing import Any

from whoosh.util.numeric import length_to_byte

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.document import TITLE_WEIGHT, Document, Zone
from octopus.backends.whoosh.schema import (
    CONTENT_START,
    ENTRY,
    FOLDER_START,
    LONGEST_NAME,
    TEXT_FIELD,
)

Postings = list[Any]  # flat: document number, weight, value; and so on
LONGEST_KEY = 200  # characters of a tag, a property's name or the like
_BODY = 6  # of a value: the number of positions, then the mark of a pickle of protocol 2
_ONCE = (1).to_bytes(4, "big")  # the value of a posting in a field without positions


class Pool:
    """The postings and the rows of the documents of one segment to be."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.fields: dict[str, dict[str, Postings]] = defaultdict(lambda: defaultdict(list))
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
        self.entries.append(ENTRY.pack(*stamp, document.checksum) + path)
        self.fields["path"][document.path] += (number, 1.0, b"")
        self.stored.append(
            {"path": document.path, "names": document.names, "properties": document.properties}
        )
        return number

    def name_sizes(self, number: int) -> tuple[int, int]:
        """How many words of a document's title, and of its folders, have a position."""
        stored = self.stored[number]
        title = self._analyzer.terms(stored["names"][0])
        folder = self._analyzer.terms(stored["path"].rpartition("/")[0])
        return min(len(title), LONGEST_NAME), min(len(folder), LONGEST_NAME)

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
        title = terms(document.names[0])[:LONGEST_NAME]
        folder = terms(document.path.rpartition("/")[0])[:LONGEST_NAME]
        content = terms(document.text)
        words = title + folder + content
        places = [
            *range(len(title)),
            *range(FOLDER_START, FOLDER_START + len(folder)),
            *range(CONTENT_START, CONTENT_START + len(content)),
        ]
        last = dict(zip(words, places, strict=True))
        values = dict(zip(last, map(_ONE_PLACE.__getitem__, last.values()), strict=True))
        weights = dict.fromkeys(last, 1.0)
        if len(last) < len(words):
            for term, several in _repeated(words, places, last).items():
                values[term] = encode_positions(several)
                weights[term] = float(len(several))
        for term, weight in self._bonus(document).items():
            if term in weights:
                weights[term] += weight
        index = self.fields[TEXT_FIELD]
        for term, weight in weights.items():
            index[term] += (number, weight, values[term])
        self.lengths.append(length_to_byte(len(words)) if words else 0)
        self.total_length += len(words)
        self.size += len(last)

    def _bonus(self, document: Document) -> dict[str, float]:
        bonus: dict[str, float] = {}
        for zone in (Zone(document.names[0], TITLE_WEIGHT), *document.zones):
            for term in self._analyzer.terms(zone.text):
                bonus[term] = max(bonus.get(term, 0.0), zone.weight)
        return bonus

    def _add_keys(self, document: Document, number: int) -> None:
        names = chain.from_iterable(self._analyzer.terms(name) for name in document.names)
        keys = {
            "kind": document.kinds,
            "link": document.links,
            "name": names,
            "property": (name.lower() for name in document.properties),
            "tag": chain.from_iterable(with_parents(tag) for tag in document.tags),
        }
        for field, values in keys.items():
            index = self.fields[field]
            for key in {value[:LONGEST_KEY] for value in values}:
                index[key] += (number, 1.0, _ONCE)
                self.size += 1


def with_parents(tag: str) -> list[str]:
    """``a/b/c`` is found as itself, as ``a/b`` and as ``a``."""
    parts = tag.split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _repeated(words: list[str], places: list[int], last: dict[str, int]) -> dict[str, list[int]]:
    """The places of the words that occur more than once."""
    first = dict(zip(reversed(words), reversed(places), strict=True))
    several: dict[str, list[int]] = {t: [] for t, place in last.items() if first[t] != place}
    for term, place in zip(words, places, strict=True):
        if term in several:
            several[term].append(place)
    return several


def encode_positions(places: list[int]) -> bytes:
    """Positions as the format keeps them: their number, then the pickled steps."""
    steps = [places[0], *map(sub, places[1:], places)]
    return len(steps).to_bytes(4, "big") + pickle.dumps(steps, 2)


class _OnePlace(dict[int, bytes]):
    """Most words stand in a note once, so their encoded places repeat and are kept."""

    def __missing__(self, place: int) -> bytes:
        value = encode_positions([place])
        if place < 1 << 14:
            self[place] = value
        return value


_ONE_PLACE = _OnePlace()


def decode_positions(value: bytes) -> list[int]:
    """The inverse of :func:`encode_positions`."""
    steps: list[int] = pickle.loads(value[4:])  # noqa: S301 - our own file, in the state directory
    return list(accumulate(steps)) if len(steps) > 1 else steps


def load_steps(values: Iterable[bytes]) -> list[list[int]]:
    """The steps between the positions of many postings, taken out of one pickle of all."""
    bodies = b"".join([value[_BODY:-1] for value in values])
    steps: list[list[int]] = pickle.loads(b"\x80\x02](" + bodies + b"e.")  # noqa: S301 - our own
    return steps


def decode_many(values: Iterable[bytes]) -> Iterator[set[int]]:
    """The positions of many postings, decoded without a step of Python for each."""
    return map(set, map(accumulate, load_steps(values)))
