"""Keep the index equal to the vault. Everything here runs in one thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from loguru import logger
from whoosh.util.numeric import byte_to_length

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.document import Document, Unsettled, read_document
from octopus.backends.whoosh.pool import Pool
from octopus.backends.whoosh.scan import Stamp, Walk, belongs, is_note, look, refusal, walk
from octopus.backends.whoosh.store import Generation, Part, Snapshot, Store
from octopus.backends.whoosh.view import Damaged, flatten, live

BATCH_POSTINGS = 1_500_000  # of a segment; bounds the memory that a large batch takes
SMALL = 64  # documents; segments below it are merged as soon as there are several
MOST_SMALL = 8
RACY_NS = 30_000_000  # a file changed less than this ago may change again unnoticed

Report = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stands in the index."""

    segment: str
    number: int
    stamp: Stamp
    checksum: int


class Indexer:
    """Reads the vault and writes the index."""

    def __init__(self, root: Path, store: Store, excluded: tuple[str, ...] = ()) -> None:
        self._root = root
        self._store = store
        self._excluded = excluded
        self._analyzer = Analyzer()
        self.reason = ""
        self._generation: Generation | None = None
        self._places: dict[str, Place] = {}
        self.skipped: dict[str, str] = {}
        self.notes = 0
        self.progress: float | None = None
        self.snapshot = Snapshot()
        self.closing = threading.Event()

    def open(self) -> bool:
        """Take up what is on disk. False when it has to be built."""
        try:
            self._adopt(self._store.current())
        except Damaged as error:
            self.reason = str(error)
            return False
        return True

    def _adopt(self, generation: Generation) -> None:
        places = {}
        for part in generation.snapshot.parts:
            rows = part.view.rows
            for number in live(part.view, part.deleted):
                path, mtime_ns, size, checksum = rows[number]
                places[path] = Place(part.view.id, number, Stamp(mtime_ns, size), checksum)
        self._generation, self._places = generation, places
        self.snapshot = generation.snapshot

    def verify(self) -> None:
        """Compare the index's files with what was written.

        Raises:
            Damaged: they differ.
        """
        if self._generation is not None:
            self._generation.verify()

    @property
    def indexed_notes(self) -> int:
        """How many notes can be found."""
        return sum(1 for path in tuple(self._places) if is_note(path))

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is in the index."""
        return tuple(self._places)

    # Building anew

    def rebuild(self, report: Report | None = None) -> None:
        """Build a new generation from the files and swap it in; the old one answers meanwhile."""
        started = time.monotonic()
        found = walk(self._root)
        generation = self._store.begin()
        self.progress = 0.0
        try:
            parts, places = self._fill(generation, self._wanted(found), report)
            generation.commit(parts)
            self._store.swap(generation)
        finally:
            self.progress = None
        self._generation, self._places = generation, places
        self.snapshot = generation.snapshot
        self._note(found)
        logger.info(
            "The search index was built: {} files in {:.1f} s",
            len(places),
            time.monotonic() - started,
        )

    def _fill(
        self, generation: Generation, files: dict[str, Stamp], report: Report | None
    ) -> tuple[list[Part], dict[str, Place]]:
        parts: list[Part] = []
        places: dict[str, Place] = {}
        done = 0
        for documents, pool in self._pools(files.items(), anew=True):
            part = generation.write(pool, self._breathe)
            parts.append(part)
            places |= self._placed(part, documents)
            done += len(documents)
            self.progress = done / (len(files) or 1)
            if report:
                report(self.progress)
        return parts, places

    def _pools(
        self, files: Iterable[tuple[str, Stamp]], *, anew: bool
    ) -> Iterator[tuple[list[tuple[str, Stamp, int]], Pool]]:
        pool = Pool(self._analyzer)
        documents: list[tuple[str, Stamp, int]] = []
        for path, stamp in files:
            if self.closing.is_set():
                raise Stopped
            document = self._read(path, stamp)
            if document is None:
                continue
            place = self._places.get(path)
            if not anew and place is not None and place.checksum == document.checksum != 0:
                self._places[path] = replace(place, stamp=self._settled(document.stamp))
                continue
            pool.add(document)
            documents.append((path, self._settled(document.stamp), document.checksum))
            if pool.size >= BATCH_POSTINGS:
                yield documents, pool
                pool, documents = Pool(self._analyzer), []
        if documents:
            yield documents, pool

    def _placed(self, part: Part, documents: list[tuple[str, Stamp, int]]) -> dict[str, Place]:
        return {
            path: Place(part.view.id, number, stamp, checksum)
            for number, (path, stamp, checksum) in enumerate(documents)
        }

    def _settled(self, stamp: Stamp) -> Stamp:
        """A stamp that equals none, when the file is so fresh that its stamp may not tell."""
        if time.time_ns() - stamp.mtime_ns < RACY_NS:
            return Stamp(0, stamp.size)
        return stamp

    def _read(self, path: str, stamp: Stamp) -> Document | None:
        for _ in range(3):
            try:
                document = read_document(self._root, path, stamp)
            except Unsettled:
                again = look(self._root, path)
                if again is None:
                    return None
                stamp = again
            except OSError as error:
                self.skipped[path] = f"it cannot be read: {error.strerror}"
                return None
            else:
                self.skipped.pop(path, None)
                return document
        self.skipped[path] = "it is being written"
        return None

    def _breathe(self) -> None:
        if self.closing.is_set():
            raise Stopped
        time.sleep(0)

    # Following the vault

    def reconcile(self) -> bool:
        """Compare the vault with the index and mend the difference.

        False when the vault looks unmounted: then nothing is taken out of the index.
        """
        found = walk(self._root)
        wanted = self._wanted(found)
        changed = [
            path
            for path, stamp in wanted.items()
            if (place := self._places.get(path)) is None or place.stamp != stamp
        ]
        gone = [path for path in self._places if path not in wanted]
        if not found.present or (self._places and not wanted):
            logger.warning("The vault is empty or not mounted; the search index is kept as it was")
            return False
        gone = [path for path in gone if not _below(path, found.unreadable)]
        self._note(found)
        self.apply(changed, gone, wanted)
        return True

    def _note(self, found: Walk) -> None:
        unread = {p: r for p, r in self.skipped.items() if p in found.files}
        self.skipped = {**found.skipped, **unread}
        self.notes = sum(1 for path in found.files if is_note(path))

    def _wanted(self, found: Walk) -> dict[str, Stamp]:
        return {p: s for p, s in found.files.items() if not p.startswith(self._excluded or ("\0",))}

    def follow(self, paths: Iterable[str]) -> list[str]:
        """Look at the files that something happened to. Returns those to look at again soon."""
        stamps: dict[str, Stamp] = {}
        gone: list[str] = []
        for path in paths:
            stamp = look(self._root, path) if belongs(path) and not refusal(path) else None
            place = self._places.get(path)
            if stamp is not None and (place is None or place.stamp != stamp):
                stamps[path] = stamp
            elif stamp is None and place is not None:
                gone.append(path)
        if gone and not self._root.is_dir():
            return gone
        self.apply(list(stamps), gone, stamps)
        return [path for path in stamps if (p := self._places.get(path)) and not p.stamp.mtime_ns]

    def apply(self, changed: list[str], gone: list[str], stamps: dict[str, Stamp]) -> None:
        """Index what changed, take out what is gone, in few commits."""
        generation = self._generation
        assert generation is not None, "open or build the index first"
        deletions = [path for path in gone if path in self._places]
        for documents, pool in self._pools(((p, stamps[p]) for p in changed), anew=False):
            part = generation.write(pool, self._breathe)
            self._commit([*deletions, *(path for path, _, _ in documents)], part)
            self._places |= self._placed(part, documents)
            deletions = []
        if deletions:
            self._commit(deletions, None)
        self._merge_small()

    def _commit(self, replaced: Iterable[str], new: Part | None) -> None:
        generation = self._generation
        assert generation is not None
        dead: dict[str, set[int]] = {}
        for path in replaced:
            place = self._places.pop(path, None)
            if place is not None:
                dead.setdefault(place.segment, set()).add(place.number)
        parts = [
            Part(part.view, part.deleted | dead[part.view.id]) if part.view.id in dead else part
            for part in generation.snapshot.parts
        ]
        generation.commit([*parts, new] if new else parts)
        self.snapshot = generation.snapshot

    def _merge_small(self) -> None:
        generation = self._generation
        assert generation is not None
        small = [part for part in generation.snapshot.parts if part.view.count < SMALL]
        if len(small) >= MOST_SMALL:
            self._merge(generation, small)

    def _merge(self, generation: Generation, merged: list[Part]) -> None:
        pool = Pool(self._analyzer)
        moved: dict[tuple[str, int], int] = {}
        for part in merged:
            _take_over(pool, part, moved)
        new = generation.write(pool, self._breathe)
        kept = [part for part in generation.snapshot.parts if part not in merged]
        generation.commit([*kept, new])
        self.snapshot = generation.snapshot
        for path, place in self._places.items():
            number = moved.get((place.segment, place.number))
            if number is not None:
                self._places[path] = Place(new.view.id, number, place.stamp, place.checksum)


class Stopped(Exception):
    """The work was given up because the index is being closed."""


def _below(path: str, folders: set[str]) -> bool:
    return any(path.startswith(folder) for folder in folders)


def _take_over(pool: Pool, part: Part, moved: dict[tuple[str, int], int]) -> None:
    """Put the living documents of a part into a pool."""
    view = part.view
    numbers: dict[int, int] = {}
    for old in live(view, part.deleted):
        length_byte = view.lengths[old]
        length = byte_to_length(length_byte)
        numbers[old] = pool.add_row(view.entries[old], view.stored(old), length, length_byte)
    for field, term, postings in view.all_postings():
        flat = flatten(postings)
        kept = pool.fields[field]
        word = term.decode()
        for at in range(0, len(flat), 3):
            number = numbers.get(flat[at])
            if number is not None:
                kept[word] += (number, flat[at + 1], flat[at + 2])
    moved.update({(view.id, old): new for old, new in numbers.items()})
