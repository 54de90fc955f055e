"""What makes a note likelier to be asked for before a word of the query is looked at."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time

from octopus.backends.whoosh.document import link_key
from octopus.backends.whoosh.settings import Weights
from octopus.backends.whoosh.store import Snapshot
from octopus.backends.whoosh.view import Row

HALF_LIFE = 90.0  # days after which a change counts half as much
MANY = 100  # links after which another one makes no difference


class Prior:
    """Notes that were changed lately, and notes that others link to, are asked for more often."""

    def __init__(self, weights: Weights, today: Callable[[], date]) -> None:
        self.weights = weights
        self._today = today
        self._snapshot = Snapshot()
        self._links: dict[str, int] = {}
        self._midnight = 0.0

    def use(self, snapshot: Snapshot) -> None:
        """Answer for this snapshot, today, from now on."""
        self._midnight = datetime.combine(self._today(), time.max).timestamp()
        if snapshot is not self._snapshot:
            self._snapshot = snapshot
            self._links = {}

    def factor(self, row: Row) -> float:
        """What the file's score is multiplied with: 1, or somewhat more."""
        return 1 + self.by_recency(row) + self.by_links(row)

    def by_recency(self, row: Row) -> float:
        """What the last change adds."""
        if not self.weights.recency:
            return 0.0
        return self.weights.recency * math.exp2(-self.age(row) / HALF_LIFE)

    def by_links(self, row: Row) -> float:
        """What the links to the file add: the first ones most."""
        if not self.weights.links:
            return 0.0
        return self.weights.links * min(math.log1p(self.links(row)) / math.log1p(MANY), 1.0)

    def age(self, row: Row) -> float:
        """Days since the last change."""
        return max((self._midnight - row.mtime_ns / 1e9) / 86400, 0.0)

    def links(self, row: Row) -> int:
        """How many notes link to a file of this name."""
        name = link_key(row.path)
        if name not in self._links:
            term = name.encode()
            parts = self._snapshot.parts
            self._links[name] = sum(part.view.frequency("link", term) for part in parts)
        return self._links[name]
