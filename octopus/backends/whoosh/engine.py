"""The index's working parts together: one thread calls what writes, another what searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from loguru import logger

from octopus.backends.whoosh.indexer import Indexer, Stopped
from octopus.backends.whoosh.searcher import Searcher
from octopus.backends.whoosh.settings import EVERYTHING, IndexSettings
from octopus.backends.whoosh.slow import SlowSearch
from octopus.backends.whoosh.store import Store
from octopus.backends.whoosh.view import Damaged
from octopus.core.search import Hits


class Engine:
    """Indexer and searcher over one store."""

    def __init__(self, root: Path, folder: Path, settings: IndexSettings) -> None:
        self._store = Store(folder, root)
        self.indexer = Indexer(root, self._store, settings.excluded)
        self._searcher = Searcher(root, settings.languages, settings.today)
        self._slow = SlowSearch(root, settings.excluded)
        self._read_only = True

    # Called in the writing thread

    def start(self, read_only: bool) -> None:
        """Open the index and make it equal to the vault."""
        self._read_only = read_only or not self._store.acquire()
        opened = self.indexer.open()
        if self._read_only:
            return
        try:
            if opened:
                self._checked(self._catch_up)
            else:
                self._build(self.indexer.reason)
        except Stopped:
            logger.debug("The index was closed while it was catching up")

    def follow(self, hints: Iterable[str]) -> list[str]:
        """Look at the files that were hinted at. Returns those to look at again."""
        hints = set(hints)
        if self._read_only or not hints:
            return []
        again: list[str] = []
        try:
            if EVERYTHING in hints:
                self._checked(self.indexer.reconcile)
            else:
                self._checked(lambda: again.extend(self.indexer.follow(hints)))
        except Stopped:
            logger.debug("The index was closed with changes left; the next start finds them")
        return again

    def rebuild(self, progress: Callable[[float], None] | None) -> None:
        """Build a new generation."""
        if not self._read_only:
            self.indexer.rebuild(progress)

    def stop(self) -> None:
        """Ask work under way to end soon."""
        self.indexer.closing.set()

    def close(self) -> None:
        """Let another process write."""
        self._store.release()
        self._searcher.close()

    def _catch_up(self) -> None:
        self.indexer.verify()
        self.indexer.reconcile()

    def _checked(self, work: Callable[[], object]) -> None:
        try:
            work()
        except (Damaged, OSError, ValueError, EOFError) as error:
            self._build(str(error) or type(error).__name__)

    def _build(self, reason: str) -> None:
        logger.info("The search index is built anew: {}", reason)
        self.indexer.rebuild()

    # Called in the searching thread

    def warm(self) -> None:
        """Make the first search as quick as the next."""
        self._searcher.warm(self.indexer.snapshot)

    def search(self, query: str, limit: int, offset: int) -> Hits:
        """Answer a query from the index, or from the files while there is none."""
        snapshot = self.indexer.snapshot
        if not snapshot.parts:
            return self._slow.search(query, limit, offset)
        return self._searcher.search(snapshot, query, limit, offset)
