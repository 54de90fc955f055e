"""Search the files themselves, while there is no index to ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from octopus.backends.whoosh.analysis import Analyzer, fold
from octopus.backends.whoosh.document import title_of
from octopus.backends.whoosh.scan import is_text, walk
from octopus.backends.whoosh.snippet import find_spot
from octopus.backends.whoosh.texts import Sources
from octopus.backends.whoosh.where import find_place
from octopus.core.search import Hit, Hits
from octopus.errors import Sentence
from octopus.obsidian.query_node import And, Word

TIME_LIMIT = 3.0  # seconds; a partial answer now beats a whole one later

_SCANNED = Sentence(
    "The index is being built; this is what a scan of the files found.", "query.scanned"
)
_PARTLY = Sentence("The index is being built; not every note was looked at.", "query.partly")


class SlowSearch:
    """Every word of the query somewhere in the note, unranked but for the title."""

    def __init__(self, root: Path, excluded: Callable[[str], bool]) -> None:
        self._root = root
        self._excluded = excluded
        self._analyzer = Analyzer()
        self._sources = Sources(root)

    def search(self, query: str, limit: int, offset: int) -> Hits:
        """What the files answer within the time limit."""
        started = time.perf_counter()
        wanted = frozenset(self._analyzer.terms(query))
        hits: list[Hit] = []
        note = _SCANNED
        for path in walk(self._root).files if wanted else ():
            if time.perf_counter() - started > TIME_LIMIT:
                note = _PARTLY
                break
            if is_text(path) and not self._excluded(path) and (hit := self._look(path, wanted)):
                hits.append(hit)
        hits.sort(key=lambda hit: (-hit.score, hit.path))
        took = (time.perf_counter() - started) * 1000
        return Hits(len(hits), took, "exact", tuple(hits[offset : offset + limit]), note)

    def _look(self, path: str, wanted: frozenset[str]) -> Hit | None:
        source = self._sources.get(path)
        if source is None:
            return None
        place = fold(source.place)
        if not all(word in source.folded or word in place for word in wanted):
            return None
        asked = And(tuple(Word(word) for word in sorted(wanted)))
        spot = find_spot(source, find_place(source, asked, {}, self._analyzer))
        title = set(self._analyzer.terms(title_of(path)))
        score = 1.0 + len(wanted & title)
        return Hit(path, title_of(path), spot.heading, spot.line, score, spot.snippet)
