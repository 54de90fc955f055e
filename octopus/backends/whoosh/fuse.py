"""Put two lists of notes into one order: by their words, and by their meaning.

Scores of the two cannot be compared, ranks can: a note earns the reciprocal of its rank in each
list, and both together (Cormack, Clarke and Büttcher, "Reciprocal rank fusion", 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from octopus.backends.whoosh.explain import located
from octopus.backends.whoosh.rank import NOTHING, Found, Shown
from octopus.backends.whoosh.store import Snapshot
from octopus.core.search import Near

MEANING = "meaning"
FUSED = 50  # answers by words that meaning may move
K = 60  # how little the first ranks count more than the next; the value of the paper


@dataclass(frozen=True, slots=True)
class Ranked:
    """One note of the common list."""

    found: Found
    shown: Shown
    near: Near | None = None  # where its meaning is, for a note that lacks the words


def fused(by_words: Sequence[Ranked], near: Sequence[Near], snapshot: Snapshot) -> list[Ranked]:
    """The common order; that of the words where there is nothing near."""
    if not near:
        return list(by_words)
    every = {each.found.path: each for each in by_words}
    scores = {path: 1 / (K + rank) for rank, path in enumerate(every, 1)}
    places = located(snapshot, {each.path for each in near} - every.keys())
    for rank, each in enumerate(near, 1):
        if each.path in places:
            part, number = places[each.path]
            every[each.path] = Ranked(Found(0.0, part, number), NOTHING, each)
        if each.path in every:  # one that is not in the index any more is left out
            scores[each.path] = scores.get(each.path, 0.0) + 1 / (K + rank)
    # At equal scores those with the words come first: they are first in the dictionary.
    order = sorted(every, key=lambda path: -scores[path])
    return [
        replace(every[path], found=replace(every[path].found, score=scores[path])) for path in order
    ]
