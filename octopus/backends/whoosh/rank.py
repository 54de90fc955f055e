"""Put the documents that answer into an order: BM25 over weighted words, then names."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from whoosh.util.numeric import byte_to_length

from octopus.backends.whoosh.analysis import Analyzer, fold
from octopus.backends.whoosh.match import Matcher
from octopus.backends.whoosh.prior import Prior
from octopus.backends.whoosh.schema import TEXT_FIELD
from octopus.backends.whoosh.store import Part, Snapshot
from octopus.obsidian.query_node import And, Case, Node, Or, Phrase, Scope, Tag, Word

K1 = 1.2
B = 0.75
NAMED = 12.0  # what a name that is the query adds; a rare word adds about as much

# Which of some documents answer for certain: see :func:`octopus.backends.whoosh.match.is_certain`.
Confirm = Callable[[Part, set[int]], set[int]]
SortKey = Callable[[Part, int], tuple[float, str]]


@dataclass(slots=True)
class Found:
    """One document that answers, before its text is looked at."""

    score: float
    part: Part
    number: int
    by: str = ""  # how it was found, where that is not by whole words

    @property
    def path(self) -> str:
        """Where it is in the vault."""
        return self.part.view.rows[self.number].path


class Shown(NamedTuple):
    """What to show of the query in a text that answers it."""

    node: Node = Or(())
    forms: Mapping[tuple[str, bool], tuple[str, ...]] = {}  # spellings that count for its words


NOTHING = Shown()


@dataclass(slots=True)
class Answer:
    """Everything that answers at one stage."""

    total: int = 0
    best: list[Found] = field(default_factory=list)
    shown: Shown = NOTHING


class Ranking:
    """One query at one stage of the cascade against one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        matcher: Matcher,
        analyzer: Analyzer,
        prior: Prior | None = None,
    ) -> None:
        self._prior = prior
        self._named = NAMED * (prior.weights.names if prior else 1.0)
        self._snapshot = snapshot
        self._matcher = matcher
        self._analyzer = analyzer
        self._norms = _norms(snapshot.average_length)
        self._weights: dict[tuple[str, bool], float] = {}

    def run(
        self,
        root: Node,
        limit: int,
        skip: set[tuple[str, int]],
        sort: SortKey | None,
        confirm: Confirm | None = None,
    ) -> Answer:
        """The best ``limit`` documents that are not in ``skip``, and how many there are.

        Only as many are confirmed as are needed; what is refuted is not counted.
        """
        answer = Answer()
        matched = list(self._matched(root, skip))
        if not matched:
            return answer
        words = list(dict.fromkeys(_positive(root, self._analyzer)))
        answer.shown = Shown(root, {word: tuple(self._matcher.forms_of(*word)) for word in words})
        scored = [
            (part, self._worth(root, part, numbers, words) if sort is None else _nothing(numbers))
            for part, numbers in matched
        ]
        total = sum(len(scores) for _, scores in scored)
        most, refuted = limit, set[tuple[str, int]]()
        while True:
            best = self._best(scored, most, sort)
            if confirm is not None:
                best = _confirmed(best, confirm, refuted)
            if len(best) + len(refuted) >= total or len(best) >= limit:
                break
            most = 4 * most + len(refuted)
        answer.total = total - len(refuted)
        answer.best = best[:limit]
        return answer

    def _matched(self, root: Node, skip: set[tuple[str, int]]) -> Iterator[tuple[Part, set[int]]]:
        """What answers."""
        for part in self._snapshot.parts:
            numbers = self._matcher.match(root, part) - part.deleted
            if skip:
                numbers = {n for n in numbers if (part.view.id, n) not in skip}
            if numbers:
                yield part, numbers

    def _worth(
        self, root: Node, part: Part, numbers: set[int], words: list[tuple[str, bool]]
    ) -> dict[int, float]:
        """What the words and names of documents are worth."""
        scores = self._scores(part, numbers, words)
        self._prefer_names(part, scores, words)
        return scores

    def _best(
        self, scored: list[tuple[Part, dict[int, float]]], most: int, sort: SortKey | None
    ) -> list[Found]:
        if sort is not None:
            first = chain.from_iterable(
                (Found(0.0, part, n) for n in heapq.nsmallest(most, scores, partial(sort, part)))
                for part, scores in scored
            )
            return sorted(first, key=lambda found: sort(found.part, found.number))[:most]
        worth = ((score, part, n) for part, scores in scored for n, score in scores.items())
        # What is known beforehand decides between documents that answer about as well.
        top = heapq.nlargest(2 * most, worth, key=itemgetter(0))
        best = [Found(score * self._favour(part, n), part, n) for score, part, n in top]
        best.sort(key=lambda found: (-found.score, found.path))
        return best[:most]

    def _favour(self, part: Part, number: int) -> float:
        return self._prior.factor(part.view.rows[number]) if self._prior else 1.0

    def account(self, root: Node, part: Part, number: int) -> tuple[float, float]:
        """What one document has earned by its words, and what by its names."""
        words = list(dict.fromkeys(_positive(root, self._analyzer)))
        whole = self._worth(root, part, {number}, words)[number]
        by_words = min(whole, self._scores(part, {number}, words)[number])
        return by_words, whole - by_words

    def _idf(self, term: str, prefix: bool) -> float:
        if (term, prefix) not in self._weights:
            self._weights[term, prefix] = self._rarity(term, prefix)
        return self._weights[term, prefix]

    def _rarity(self, term: str, prefix: bool) -> float:
        parts = self._snapshot.parts
        forms = [form.encode() for form in self._matcher.forms_of(term, prefix)]
        count = sum(part.view.frequency(TEXT_FIELD, form) for part in parts for form in forms)
        # The library's formula; words in most notes, and forms counted twice, may not weigh less
        # than nothing.
        return max(math.log(self._snapshot.count / (count + 1)) + 1, 0.05)

    def _scores(
        self, part: Part, numbers: set[int], words: list[tuple[str, bool]]
    ) -> dict[int, float]:
        lengths, norms = part.view.lengths, self._norms
        scores = dict.fromkeys(numbers, 0.0)
        ordered = sorted(numbers)
        for term, prefix in words:
            idf = self._idf(term, prefix)
            for terms, factor in self._matcher.lists(part.view, term, prefix):
                scale = idf * factor * (K1 + 1)
                postings = terms.among(ordered)
                for number, weight in zip(postings.ids, postings.weights, strict=True):
                    if number in scores:
                        scores[number] += scale * weight / (weight + norms[lengths[number]])
        return scores

    def _prefer_names(
        self, part: Part, scores: dict[int, float], words: list[tuple[str, bool]]
    ) -> None:
        named: set[int] | None = None
        for term, prefix in words:
            ids: set[int] = set()
            for form in self._matcher.forms_of(term, prefix):
                postings = part.view.postings("name", form.encode())
                if postings is not None:
                    ids.update(postings.ids)
            named = ids & scores.keys() if named is None else named & ids
            if not named:
                return
        for number in named or ():
            names = part.view.stored(number)["names"]
            lengths = [len(self._analyzer.terms(name)) for name in names]
            best = max((len(words) / length for length in lengths if length), default=0.0)
            scores[number] += self._named * min(best, 1.0) ** 2


def _confirmed(best: list[Found], confirm: Confirm, refuted: set[tuple[str, int]]) -> list[Found]:
    """Those that stand; the others are added to ``refuted``."""
    kept: set[tuple[str, int]] = set()
    for part in {found.part.view.id: found.part for found in best}.values():
        name = part.view.id
        asked = {found.number for found in best if found.part.view.id == name}
        right = confirm(part, {n for n in asked if (name, n) not in refuted})
        kept.update((name, number) for number in right)
        refuted.update((name, number) for number in asked - right)
    return [found for found in best if (found.part.view.id, found.number) in kept]


@lru_cache(maxsize=8)
def _norms(average: float) -> list[float]:
    """What a document's length, as the byte that is kept of it, adds to the saturation."""
    return [K1 * ((1 - B) + B * byte_to_length(byte) / average) for byte in range(256)]


def _nothing(numbers: set[int]) -> dict[int, float]:
    """For an order that does not come from what documents are worth."""
    return dict.fromkeys(numbers, 0.0)


def _positive(node: Node, analyzer: Analyzer) -> Iterator[tuple[str, bool]]:
    """The words that a document is ranked by and that are shown in its text."""
    match node:
        case Word(text, prefix):
            terms = analyzer.terms(text)
            yield from ((t, prefix and at == len(terms) - 1) for at, t in enumerate(terms))
        case Phrase(text):
            yield from ((term, False) for term in analyzer.terms(text))
        case Tag(name):
            yield from ((term, False) for term in analyzer.terms(name))
        case And(parts) | Or(parts):
            for part in parts:
                yield from _positive(part, analyzer)
        case Scope("file" | "path"):
            return
        case Scope(_, part) | Case(_, part):
            yield from _positive(part, analyzer)


def texts_in(node: Node) -> Iterator[str]:
    """The words and phrases of a query that are in the text of what answers, as compared."""
    match node:
        case Word(text) | Phrase(text):
            yield fold(text)
        case And(parts) | Or(parts):
            for part in parts:
                yield from texts_in(part)
        case Scope("file" | "path"):
            return
        case Scope(_, part) | Case(_, part):
            yield from texts_in(part)
