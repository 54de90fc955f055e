"""The index's working parts together: one thread calls what writes, another what searches.

Whatever is wrong with the index's files ends here: they can always be made again from the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from loguru import logger

from octopus.backends.whoosh.attachment import Attachments, NoAttachments
from octopus.backends.whoosh.exclusion import Exclusion
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.explain import locate, named
from octopus.backends.whoosh.indexer import Indexer, Stopped
from octopus.backends.whoosh.merge import Merging
from octopus.backends.whoosh.searcher import Searcher
from octopus.backends.whoosh.settings import EVERYTHING, IndexSettings
from octopus.backends.whoosh.slow import SlowSearch
from octopus.backends.whoosh.store import Snapshot, Store
from octopus.core.search import Explanation, Hits, IndexStatus, Near
from octopus.errors import NotFound


class Engine:
    """Indexer and searcher over one store."""

    def __init__(
        self,
        root: Path,
        folder: Path,
        settings: IndexSettings,
        attachments: Attachments | None = None,
    ) -> None:
        self._attachments = attachments or NoAttachments()
        self._store = Store(folder, root)
        self._excluded = Exclusion(root, settings)
        self._indexer = Indexer(root, self._store, self._excluded, self._attachments)
        self._searcher = Searcher(
            root, settings.languages, settings.today, settings.weights, self._attachments
        )
        self._slow = SlowSearch(root, self._excluded)
        self._read_only = True
        self._spoilt = False

    # Called in the writing thread

    def open(self, read_only: bool) -> None:
        """Take up what is on disk, as its only writer unless somebody else is that already."""
        try:
            self._read_only = read_only or not self._store.acquire()
        except OSError as error:
            logger.warning("The search index cannot be kept in {}: {}", self._store.folder, error)
        self._attachments.open()
        self._indexer.open()

    def catch_up(self) -> None:
        """Make the index equal to the vault."""
        if not self._read_only:
            self._guarded(self._caught_up)

    def _caught_up(self) -> None:
        if self._indexer.missing:
            self._build(self._indexer.missing)
        else:
            self._indexer.verify()
            self._indexer.reconcile()
            self._indexer.merge()

    def excludes_others(self) -> bool:
        """Whether the owner has excluded other files since this was last asked; quick."""
        return not self._read_only and self._excluded.changed()

    def follow(self, hints: Iterable[str]) -> list[str]:
        """Look at the files that were hinted at. Returns those to look at again."""
        hints = set(hints)
        again: list[str] = []
        if self.excludes_others():
            hints.add(EVERYTHING)
        if self._read_only or not hints:
            return again
        if self._spoilt:
            self._guarded(lambda: self._build("it could not be read"))
        elif EVERYTHING in hints or self._indexer.missing:
            self._excluded.refresh()
            self._guarded(self._caught_up if self._indexer.missing else self._indexer.reconcile)
        else:
            self._guarded(lambda: again.extend(self._indexer.follow(hints)))
        return again

    def begin_merge(self, idle: bool) -> Merging | None:
        """Segments that should become one; :meth:`end_merge` has to follow."""
        return None if self._read_only or self._spoilt else self._indexer.begin_merge(idle)

    def end_merge(self, merging: Merging) -> None:
        """Take over what was prepared."""
        self._guarded(lambda: self._indexer.end_merge(merging))

    def rebuild(self, progress: Callable[[float], None] | None) -> None:
        """Build a new generation."""
        if not self._read_only:
            self._attachments.forgive()
            self._guarded(lambda: self._indexer.rebuild(progress))

    def stop(self) -> None:
        """Ask work under way to end soon."""
        self._indexer.closing.set()
        self._attachments.stop()

    def close(self) -> None:
        """Let another process write."""
        self._store.release()
        self._searcher.close()
        self._attachments.close()

    def work(self) -> tuple[int, int]:
        """How many notes there are, and how many attachments whose text was not read."""
        coverage = self._indexer.coverage
        return coverage.notes, len(coverage.unread)

    # Called in the thread for what takes its time

    def prepare_words(self) -> Expander:
        """The words of the vault, for :meth:`adopt`."""
        return self._searcher.prepared(self._indexer.snapshot)

    def prepare_merge(self, merging: Merging) -> None:
        """Write what is to be one segment."""
        self._indexer.prepare_merge(merging)

    # Called in the thread that reads attachments

    def read_attachment(self) -> str | None:
        """Read the text of one attachment that waits for it; returns its path to be hinted at."""
        path = None if self._read_only else self._indexer.coverage.unread.next()
        if path is not None:
            self._attachments.read(path)
        return path

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Stopped:
            logger.debug("The index was closed with changes left; the next start finds them")
        except Exception as error:  # noqa: BLE001 - spoilt files raise anything; they are made anew
            try:
                self._build(f"{type(error).__name__}: {error}")
            except Stopped:
                logger.debug("The index was closed while it was built; the next start builds it")
            except Exception:  # noqa: BLE001 - a full disk must not take the daemon with it
                logger.exception("The search index cannot be written; it stays as it was")

    def _build(self, reason: str) -> None:
        logger.info("The search index is built anew: {}", reason)
        self._indexer.rebuild()
        self._spoilt = False

    def stamps(self, paths: Iterable[str] | None) -> dict[str, tuple[int, int]]:
        """The versions of the notes that are in the index."""
        return self._indexer.stamps(paths)

    # Called in the searching thread

    def adopt(self, words: Expander) -> None:
        """Make the first search as quick as the next."""
        self._searcher.adopt(words)

    def search(self, query: str, limit: int, offset: int, near: Sequence[Near] = ()) -> Hits:
        """Answer a query from the index, or from the files while there is none."""
        snapshot = self._current()
        if snapshot.parts and not self._spoilt:
            try:
                return self._searcher.search(snapshot, query, limit, offset, near=near)
            except Exception:  # noqa: BLE001 - spoilt files raise anything; the notes are still there
                logger.exception("The search index cannot be read; the files are searched instead")
                self._spoilt = True
        return self._slow.search(query, limit, offset)

    def explain(self, query: str, name: str) -> Explanation:
        """Why a note is or is not among the answers."""
        snapshot = self._current()
        skipped = {each.path: each.reason for each in self._indexer.coverage.skipped()}
        path = named(snapshot, name) or name
        if path in skipped and locate(snapshot, path) is None:
            return Explanation(path, reasons=(f"{path} is left out: {skipped[path]}",))
        told = self._searcher.explain(snapshot, query, path)
        if path in skipped:
            told = replace(told, reasons=(*told.reasons, skipped[path]))
        return told

    def similar(self, name: str, limit: int) -> Hits:
        """Notes about the same. Raises NotFound."""
        snapshot = self._current()
        path = named(snapshot, name)
        if path is None:
            raise NotFound(
                "There is no note called {name} in the index.", "error.not_indexed", name=name
            )
        return self._searcher.similar(snapshot, path, limit)

    def _current(self) -> Snapshot:
        if self._read_only:
            self._indexer.refresh()
        return self._indexer.snapshot

    def status(self, lag_ms: float) -> IndexStatus:
        """How well the index covers the vault."""
        indexer = self._indexer
        if self._read_only:
            indexer.refresh()
            indexer.survey()
        return IndexStatus(
            notes=indexer.coverage.notes,
            indexed=indexer.indexed_notes,
            skipped=indexer.coverage.skipped(),
            lag_ms=lag_ms,
            generation=indexer.snapshot.generation,
            rebuilding=indexer.progress,
        )
