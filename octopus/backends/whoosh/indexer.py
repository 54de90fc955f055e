"""Keep the index equal to the vault. Everything here runs in one thread."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from loguru import logger

from octopus.backends.whoosh import merge
from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.attachment import Attachments, NoAttachments
from octopus.backends.whoosh.coverage import Coverage
from octopus.backends.whoosh.document import FLAWED, Document, Unsettled, read_document
from octopus.backends.whoosh.pool import Pool
from octopus.backends.whoosh.scan import Stamp, Walk, belongs, is_note, judge, look, walk
from octopus.backends.whoosh.store import Generation, Part, Snapshot, Store
from octopus.backends.whoosh.view import Damaged, live

BATCH_POSTINGS = 1_500_000  # of a segment; bounds the memory that a large batch takes
RACY_NS = 30_000_000  # a file changed less than this ago may change again unnoticed
ATTEMPTS = 3  # at a file that changes while it is read

T = TypeVar("T")
Report = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stands in the index."""

    segment: str
    number: int
    stamp: Stamp
    checksum: int


Batch = list[tuple[str, Stamp, int]]  # path, stamp, checksum of each document of a pool


class Stopped(Exception):
    """The work was given up because the index is being closed."""


class Indexer:
    """Reads the vault and writes the index."""

    def __init__(
        self,
        root: Path,
        store: Store,
        excluded: Callable[[str], bool] | None = None,
        attachments: Attachments | None = None,
    ) -> None:
        self._attachments = attachments or NoAttachments()
        self.coverage = Coverage(self._attachments)
        self._root = root
        self._store = store
        self._excluded = excluded or (lambda path: False)
        self._analyzer = Analyzer()
        self._generation: Generation | None = None
        self._places: dict[str, Place] = {}
        self.missing = "it was not opened"  # why there is no index, "" when there is one
        self.progress: float | None = None
        self.closing = threading.Event()

    @property
    def snapshot(self) -> Snapshot:
        """The index as it is now."""
        return self._generation.snapshot if self._generation is not None else Snapshot()

    @property
    def indexed_notes(self) -> int:
        """How many notes can be found."""
        return sum(1 for path in tuple(self._places) if is_note(path))

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that is in the index."""
        return tuple(self._places)

    def stamps(self, paths: Iterable[str] | None) -> dict[str, tuple[int, int]]:
        """The versions of the notes that are in the index, of all of them or of these."""
        wanted = self._places if paths is None else [p for p in paths if p in self._places]
        stamps = {path: self._places[path].stamp for path in wanted if is_note(path)}
        return {path: (stamp.mtime_ns, stamp.size) for path, stamp in stamps.items()}

    def open(self) -> None:
        """Take up what is on disk; ``missing`` says why there is nothing to take up."""
        try:
            generation = self._store.current()
        except Damaged as error:
            self.missing = str(error)
            return
        self._adopt(generation, _placed(generation.snapshot))

    def _adopt(self, generation: Generation, places: dict[str, Place]) -> None:
        self._generation, self._places, self.missing = generation, places, ""

    def verify(self) -> None:
        """Compare the index's files with what was written.

        Raises:
            Damaged: they differ.
        """
        if self._generation is not None:
            self._generation.verify()

    def refresh(self) -> None:
        """See what the process that writes has committed since."""
        for _ in range(ATTEMPTS):
            try:
                if self._generation is None or not self._store.is_current(self._generation):
                    self._generation = self._store.current()
                elif self._generation.stale:
                    self._generation.load()
            except Damaged:
                continue  # it was replaced between two looks
            return

    def survey(self) -> None:
        """Count what the vault holds, for a process that does not keep the index."""
        self._places = _placed(self.snapshot)
        self._survey(walk(self._root))

    # Building anew

    def rebuild(self, report: Report | None = None) -> None:
        """Build a new generation from the files and swap it in; the old one answers meanwhile."""
        started = time.monotonic()
        found = walk(self._root)
        if self._looks_unmounted(found):
            return
        generation = self._store.begin()
        self.progress = 0.0
        try:
            files = self._wanted(found)
            parts, places = self._fill(generation, files, report)
            generation.commit(parts)
            self._store.swap(generation)
        finally:
            self.progress = None
        self._adopt(generation, places)
        self._survey(found)
        took = time.monotonic() - started
        logger.info("The search index was built: {} files in {:.1f} s", len(places), took)

    def _fill(
        self, generation: Generation, files: dict[str, Stamp], report: Report | None
    ) -> tuple[list[Part], dict[str, Place]]:
        parts: list[Part] = []
        places: dict[str, Place] = {}

        def tell(done: int) -> None:
            self.progress = done / (len(files) or 1)
            if report:
                report(self.progress)

        for batch, pool in self._pools(files.items(), anew=True, tell=tell):
            part = generation.write(pool, self._breathe)
            parts.append(part)
            places |= _batch_places(part, batch)
        tell(len(files))
        return parts, places

    def _pools(
        self,
        files: Iterable[tuple[str, Stamp]],
        *,
        anew: bool = False,
        tell: Callable[[int], None] | None = None,
    ) -> Iterator[tuple[Batch, Pool]]:
        pool, batch = Pool(self._analyzer), Batch()
        for done, (path, stamp) in enumerate(_uncollected(files), 1):
            self._breathe()
            if tell and not done & 127:
                tell(done)
            document = self._read(path, stamp)
            if document is None or (not anew and self._unchanged(document)):
                continue
            pool.add(document)
            batch.append((path, document.stamp, document.checksum))
            if pool.size >= BATCH_POSTINGS:
                yield batch, pool
                pool, batch = Pool(self._analyzer), Batch()
        if batch:
            yield batch, pool

    def _unchanged(self, document: Document) -> bool:
        """True for a file that was touched or looked at again, with the same text as before."""
        place = self._places.get(document.path)
        if place is None or not document.checksum or place.checksum != document.checksum:
            return False
        self._places[document.path] = replace(place, stamp=document.stamp)
        return True

    def _read(self, path: str, stamp: Stamp) -> Document | None:
        for _ in range(ATTEMPTS):
            try:
                extract = self._attachments.get(path, (stamp.mtime_ns, stamp.size))
                document = read_document(self._root, path, stamp, extract)
            except Unsettled:
                again = look(self._root, path)
                if again is None:
                    return None
                stamp = again
            except OSError as error:
                self.coverage.fail(path, f"it cannot be read: {error.strerror}")
                return None
            else:
                self.coverage.read(document)
                return replace(document, stamp=_settled(document.stamp))
        self.coverage.fail(path, "it is being written")
        return None

    def _breathe(self) -> None:
        if self.closing.is_set():
            raise Stopped

    # Following the vault

    def reconcile(self) -> None:
        """Compare the vault with the index and mend the difference."""
        found = walk(self._root)
        if self._looks_unmounted(found):
            return
        wanted = self._wanted(found)
        changed = {path: stamp for path, stamp in wanted.items() if self._differs(path, stamp)}
        gone = [
            path
            for path in self._places
            if path not in wanted and not path.startswith(tuple(found.unreadable) or "\0")
        ]
        self._survey(found)
        self._attachments.forget(set(wanted))
        self._apply(changed, gone)
        self._merge(idle=True)

    def follow(self, paths: Iterable[str]) -> list[str]:
        """Look at the files that something happened to. Returns those to look at again soon."""
        changed: dict[str, Stamp] = {}
        gone: list[str] = []
        for path in paths:
            stamp = self._seen(path)
            if stamp is None:
                gone.append(path)
            elif self._differs(path, stamp):
                changed[path] = stamp
        gone = [path for path in gone if path in self._places]
        if gone and self._looks_unmounted(None):
            gone = []
        self._apply(changed, gone)
        self._merge(idle=False)
        return [path for path in changed if (p := self._places.get(path)) and not p.stamp.mtime_ns]

    def _differs(self, path: str, stamp: Stamp) -> bool:
        place = self._places.get(path)
        if place is None or place.stamp != stamp:
            return True
        if place.checksum or not self._attachments.handles(path):
            return False
        extract = self._attachments.get(path, (stamp.mtime_ns, stamp.size))
        return extract is not None and bool(extract.text)

    def _seen(self, path: str) -> Stamp | None:
        """The stamp of a file that is searched; what else is there is taken note of."""
        found = judge(self._root, path) if belongs(path) else None
        if found is None:
            self.coverage.lose(path)
        elif isinstance(found, str):
            self.coverage.refuse(path, found)
        else:
            excluded = self._excluded(path)
            self.coverage.see(path, found, excluded=excluded)
            return None if excluded else found
        return None

    def _wanted(self, found: Walk) -> dict[str, Stamp]:
        return {p: stamp for p, stamp in found.files.items() if not self._excluded(p)}

    def _looks_unmounted(self, found: Walk | None) -> bool:
        """True when the vault has vanished: then nothing is taken out of the index."""
        if found is None and any(look(self._root, path) for path in self._places):
            self.coverage.unmounted = False  # as a rule the first one is there
            return False
        found = found or walk(self._root)
        unmounted = not found.present or (bool(self._places) and not found.files)
        if unmounted and not self.coverage.unmounted:
            logger.warning("The vault is empty or not mounted; the search index stays as it was")
        self.coverage.unmounted = unmounted
        return unmounted

    def _survey(self, found: Walk) -> None:
        self.coverage.survey(found, self._excluded, _flawed(self.snapshot))

    # Committing

    def _apply(self, changed: dict[str, Stamp], gone: list[str]) -> None:
        generation = self._generation
        assert generation is not None, "open or build the index first"
        for batch, pool in self._pools(changed.items()):
            part = generation.write(pool, self._breathe)
            self._commit(generation, [*gone, *(path for path, _, _ in batch)], part)
            self._places |= _batch_places(part, batch)
            gone = []
        if gone:
            self._commit(generation, gone, None)

    def _commit(self, generation: Generation, replaced: Iterable[str], new: Part | None) -> None:
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

    def _merge(self, idle: bool) -> None:
        generation = self._generation
        assert generation is not None
        while merged := merge.due(generation.snapshot.parts, idle):
            pool, moved = merge.pooled(merged, self._analyzer)
            kept = [part for part in generation.snapshot.parts if part not in merged]
            new = [generation.write(pool, self._breathe)] if len(pool) else []
            generation.commit([*kept, *new])
            for path, place in self._places.items():
                number = moved.get((place.segment, place.number))
                if number is not None:
                    segment = new[0].view.id
                    self._places[path] = replace(place, segment=segment, number=number)


def _uncollected(files: Iterable[T]) -> Iterator[T]:
    """The files, with the garbage collector kept away from what is made of them.

    A collection that goes through a pool of millions of postings stops the event loop for half a
    second, and nothing in there is garbage.
    """
    frozen = False
    try:
        for number, file in enumerate(files, 1):
            if not number & 255:
                gc.freeze()
                frozen = True
            yield file
    finally:
        if frozen:
            gc.unfreeze()


def _placed(snapshot: Snapshot) -> dict[str, Place]:
    """Where every living document stands."""
    places = {}
    for part in snapshot.parts:
        rows = part.view.rows
        for number in live(part.view, part.deleted):
            path, mtime_ns, size, checksum = rows[number]
            places[path] = Place(part.view.id, number, Stamp(mtime_ns, size), checksum)
    return places


def _flawed(snapshot: Snapshot) -> Iterator[str]:
    """The files that could not be read as what they should be when they were indexed."""
    for part in snapshot.parts:
        postings = part.view.postings("kind", FLAWED.encode())
        for number in postings.ids if postings else ():
            if number not in part.deleted:
                yield part.view.rows[number].path


def _batch_places(part: Part, batch: Batch) -> dict[str, Place]:
    return {
        path: Place(part.view.id, number, stamp, checksum)
        for number, (path, stamp, checksum) in enumerate(batch)
    }


def _settled(stamp: Stamp) -> Stamp:
    """A stamp that equals none, when the file is so fresh that its stamp may not tell."""
    return Stamp(0, stamp.size) if time.time_ns() - stamp.mtime_ns < RACY_NS else stamp
