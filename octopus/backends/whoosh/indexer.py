"""Keep the index equal to the vault. Everything here but the work of a merge runs in one thread."""

from __future__ import annotations

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from loguru import logger

from octopus.backends.whoosh import merge, reason
from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.attachment import Attachments, NoAttachments
from octopus.backends.whoosh.coverage import Coverage
from octopus.backends.whoosh.document import Document, Unsettled, read_document
from octopus.backends.whoosh.merge import Merging
from octopus.backends.whoosh.place import Batch, Place, batch_places, flawed, move, placed
from octopus.backends.whoosh.pool import Pool
from octopus.backends.whoosh.scan import Stamp, Walk, belongs, is_note, judge, look, walk
from octopus.backends.whoosh.settings import RACY
from octopus.backends.whoosh.store import Generation, Part, Snapshot, Store
from octopus.backends.whoosh.view import Damaged

BATCH_POSTINGS = 3_200_000  # of a segment, some 10,000 notes; bounds the memory of a build
RACY_NS = int(RACY * 1e9)
ATTEMPTS = 3  # at a file that changes while it is read

Report = Callable[[float], None]


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
        return {
            path: (stamp.mtime_ns if stamp.ctime_ns else 0, stamp.size)
            for path, stamp in stamps.items()
        }

    def open(self) -> None:
        """Take up what is on disk; ``missing`` says why there is nothing to take up."""
        try:
            generation = self._store.current()
        except Damaged as error:
            self.missing = str(error)
            return
        self._adopt(generation, placed(generation.snapshot))

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
        self._places = placed(self.snapshot)
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
            places |= batch_places(part, batch)
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
        with _uncollected() as keep:
            for done, (path, stamp) in enumerate(files, 1):
                self._breathe()
                if tell and not done & 127:
                    tell(done)
                if not done & 255:
                    keep()
                document = self._read(path, stamp)
                if document is None or (not anew and self._unchanged(document)):
                    continue
                pool.add(document)
                batch.append((path, document.stamp, document.checksum))
                if pool.size >= BATCH_POSTINGS:
                    yield batch, pool
                    pool, batch = Pool(self._analyzer), Batch()
            if len(batch) > 255:
                keep()
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
                self.coverage.fail(path, reason.unreadable(error))
                return None
            else:
                self.coverage.read(document)
                return replace(document, stamp=_settled(document.stamp))
        self.coverage.fail(path, reason.BEING_WRITTEN)
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

    def follow(self, paths: Iterable[str]) -> list[str]:
        """Look at the files that something happened to. Returns those to look at again soon."""
        changed: dict[str, Stamp] = {}
        gone: list[str] = []
        for path in paths:
            stamp = self._seen(path)
            if stamp is None:
                gone.append(path)
            elif self._is_text(path) or self._differs(path, stamp):
                changed[path] = stamp  # not every file system has stamps that tell
        gone = [path for path in gone if path in self._places]
        if gone and self._looks_unmounted(None):
            gone = []
        self._apply(changed, gone)
        return [path for path in changed if (p := self._places.get(path)) and not p.stamp.ctime_ns]

    def _is_text(self, path: str) -> bool:
        """True for a file of which it can be told whether it reads as it did."""
        place = self._places.get(path)
        return place is not None and bool(place.checksum)

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
        self.coverage.survey(found, self._excluded, flawed(self.snapshot))

    # Committing

    def _apply(self, changed: dict[str, Stamp], gone: list[str]) -> None:
        generation = self._generation
        assert generation is not None, "open or build the index first"
        for batch, pool in self._pools(changed.items()):
            part = generation.write(pool, self._breathe)
            self._commit(generation, [*gone, *(path for path, _, _ in batch)], part)
            self._places |= batch_places(part, batch)
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

    # Merging: begun and ended here, prepared in any thread between the two

    def begin_merge(self, idle: bool) -> Merging | None:
        """What should become one segment now, if anything; more of it when the vault is quiet."""
        generation = self._generation
        parts = merge.due(generation.snapshot.parts, idle) if generation is not None else []
        if generation is None or not parts:
            return None
        generation.preparing = True
        return Merging(generation, parts)

    def prepare_merge(self, merging: Merging) -> None:
        """The work, which takes its time and gives up when the index is closed."""
        merging.prepare(self._breathe)

    def end_merge(self, merging: Merging) -> None:
        """Make the new segment part of the index, unless that was built anew meanwhile."""
        merging.generation.preparing = False
        if merging.generation is not self._generation:
            return
        new = merging.commit()
        if new is not None:
            move(self._places, merging.moved, new.view)

    def merge(self) -> None:
        """All of it at once, while nobody waits for a change to be found."""
        while (merging := self.begin_merge(idle=True)) is not None:
            self.prepare_merge(merging)
            self.end_merge(merging)


@contextlib.contextmanager
def _uncollected() -> Iterator[Callable[[], None]]:
    """Gives what keeps the garbage collector away from all that there is by now.

    A collection that goes through a pool of millions of postings stops the event loop for half a
    second, and nothing in there is garbage.
    """
    before = gc.get_freeze_count()
    try:
        yield gc.freeze
    finally:
        if not before:
            gc.unfreeze()


def _settled(stamp: Stamp) -> Stamp:
    """A stamp that equals none, when the file is so fresh that its stamp may not tell."""
    age = abs(time.time_ns() - stamp.ctime_ns)  # the clock of a file server may be ahead
    return stamp._replace(ctime_ns=0) if age < RACY_NS else stamp
