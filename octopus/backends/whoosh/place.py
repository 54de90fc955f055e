"""Where each file of the vault stands in the index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from octopus.backends.whoosh.document import FLAWED
from octopus.backends.whoosh.merge import Moved
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.store import Part, Snapshot
from octopus.backends.whoosh.view import SegmentView, live

Batch = list[tuple[str, Stamp, int]]  # path, stamp, checksum of each document of a pool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stands in the index."""

    segment: str
    number: int
    stamp: Stamp
    checksum: int


def placed(snapshot: Snapshot) -> dict[str, Place]:
    """Where every living document stands."""
    places = {}
    for part in snapshot.parts:
        rows = part.view.rows
        for number in live(part.view, part.deleted):
            path, *stamp, checksum = rows[number]
            places[path] = Place(part.view.id, number, Stamp(*stamp), checksum)
    return places


def batch_places(part: Part, batch: Batch) -> dict[str, Place]:
    """Where the documents of a new part stand."""
    return {
        path: Place(part.view.id, number, stamp, checksum)
        for number, (path, stamp, checksum) in enumerate(batch)
    }


def move(places: dict[str, Place], moved: Moved, view: SegmentView) -> None:
    """Follow the documents that were moved to a new segment and were not replaced meanwhile."""
    for (segment, before), number in moved.items():
        path = view.rows[number].path
        place = places.get(path)
        if place is not None and (place.segment, place.number) == (segment, before):
            places[path] = replace(place, segment=view.id, number=number)


def flawed(snapshot: Snapshot) -> Iterator[str]:
    """The files that could not be read as what they should be when they were indexed."""
    for part in snapshot.parts:
        postings = part.view.postings("kind", FLAWED.encode())
        for number in postings.ids if postings else ():
            if number not in part.deleted:
                yield part.view.rows[number].path
