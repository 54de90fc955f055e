"""Find and rank the notes that answer a query."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from whoosh.util.numeric import byte_to_length

from octopus.backends.whoosh.analysis import Analyzer, fold
from octopus.backends.whoosh.pool import decode_positions
from octopus.backends.whoosh.schema import CONTENT_START, TEXT_FIELD
from octopus.backends.whoosh.store import Part, Snapshot
from octopus.backends.whoosh.view import Postings
from octopus.obsidian.query import And, Case, Node, Not, Or, Phrase, Scope, Tag, Word

K1 = 1.2
B = 0.75
TITLE_EXACT = 12.0  # in units of a rare word's score: nothing else may outrank the name itself

Forms = Mapping[str, float]  # spellings that count as the word, and how much each counts
Expand = Callable[[str, bool], Forms]


@dataclass(slots=True)
class Found:
    """One document that answers, before its text is looked at."""

    score: float
    part: Part
    number: int


@dataclass(slots=True)
class Answer:
    """Everything that answers at one stage."""

    total: int = 0
    best: list[Found] = field(default_factory=list)
    terms: set[str] = field(default_factory=set)  # what to show in the text


class Evaluation:
    """One query at one stage of the cascade against one snapshot."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer, expand: Expand) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._expand = expand
        self._forms: dict[tuple[str, bool], Forms] = {}
        self._norms = _norms(snapshot.average_length)

    def run(self, root: Node, limit: int, skip: Callable[[Part, int], bool]) -> Answer:
        """The best ``limit`` documents for which ``skip`` is false, and how many there are."""
        answer = Answer(terms=set(self._shown(root)))
        for part in self._snapshot.parts:
            matched = self._match(root, part)
            numbers = [n for n in matched if n not in part.deleted and not skip(part, n)]
            if not numbers:
                continue
            answer.total += len(numbers)
            scores = dict.fromkeys(numbers, 0.0)
            self._score(root, part, scores)
            self._prefer_names(root, part, scores)
            best = heapq.nlargest(limit, scores.items(), key=_by_score)
            answer.best += (Found(score, part, number) for number, score in best)
        answer.best.sort(key=lambda found: (-found.score, found.part.view.rows[found.number].path))
        del answer.best[limit:]
        return answer

    # Which documents

    def _match(self, node: Node, part: Part) -> set[int]:
        if isinstance(node, Word):
            return self._match_words(self._analyzer.terms(node.text), part, node.prefix)
        if isinstance(node, Phrase):
            return self._match_words(self._analyzer.terms(node.text), part, False)
        if isinstance(node, And):
            return self._match_all(node.parts, part)
        if isinstance(node, Or):
            return set().union(*(self._match(option, part) for option in node.parts))
        if isinstance(node, Not):
            return set(range(part.view.count)) - self._match(node.part, part)
        if isinstance(node, Tag):
            return _ids(part.view.postings("tag", node.name.lower().encode()))
        if isinstance(node, Scope) and node.kind in {"file", "path"}:
            return self._match_paths(node, part)
        if isinstance(node, Scope | Case):
            return self._match(node.part, part)
        return set()

    def _match_all(self, nodes: Iterable[Node], part: Part) -> set[int]:
        matched: set[int] | None = None
        for node in sorted(nodes, key=lambda node: isinstance(node, Not)):
            found = self._match(node, part)
            matched = found if matched is None else matched & found
            if not matched:
                return set()
        return matched or set()

    def _match_words(self, terms: list[str], part: Part, prefix: bool) -> set[int]:
        if not terms:
            return set(range(part.view.count))
        lists = [self._lists(term, part, prefix and term is terms[-1]) for term in terms]
        docs = [set().union(*(postings.ids for postings, _ in several)) for several in lists]
        matched = set.intersection(*docs)
        if len(terms) == 1 or not matched:
            return matched
        return self._in_order(matched, [[p for p, _ in several] for several in lists])

    def _in_order(self, docs: set[int], lists: list[list[Postings]]) -> set[int]:
        places: dict[int, set[int]] = {number: set() for number in docs}
        for index, several in enumerate(lists):
            here: dict[int, set[int]] = {}
            for postings in several:
                for number, value in zip(postings.ids, postings.values, strict=True):
                    if number in places:
                        starts = {place - index for place in decode_positions(value)}
                        here[number] = here.get(number, set()) | starts
            places = {
                number: starts & here[number] if index else here[number]
                for number, starts in places.items()
                if number in here and (not index or starts & here[number])
            }
        return set(places)

    def _match_paths(self, scope: Scope, part: Part) -> set[int]:
        whole = scope.kind == "path"
        return {
            number
            for number, row in enumerate(part.view.rows)
            if _in_name(scope.part, row.path if whole else row.path.rpartition("/")[2])
        }

    # How well

    def _lists(self, term: str, part: Part, prefix: bool) -> list[tuple[Postings, float]]:
        lists = []
        for form, factor in self._forms_of(term, prefix).items():
            postings = part.view.postings(TEXT_FIELD, form.encode())
            if postings is not None:
                lists.append((postings, factor))
        return lists

    def _forms_of(self, term: str, prefix: bool) -> Forms:
        key = (term, prefix)
        if key not in self._forms:
            self._forms[key] = self._expand(term, prefix)
        return self._forms[key]

    def _score(self, root: Node, part: Part, scores: dict[int, float]) -> None:
        lengths, norms = part.view.lengths, self._norms
        for term, prefix in _positive(root, self._analyzer):
            idf = self._idf(term, prefix)
            for postings, factor in self._lists(term, part, prefix):
                scale = idf * factor * (K1 + 1)
                for number, weight in zip(postings.ids, postings.weights, strict=True):
                    if number in scores:
                        scores[number] += scale * weight / (weight + norms[lengths[number]])

    def _idf(self, term: str, prefix: bool) -> float:
        forms = self._forms_of(term, prefix)
        parts = self._snapshot.parts
        count = sum(p.view.frequency(TEXT_FIELD, f.encode()) for p in parts for f in forms)
        return math.log(self._snapshot.count / (count + 1)) + 1

    def _prefer_names(self, root: Node, part: Part, scores: dict[int, float]) -> None:
        words = [term for term, _ in _positive(root, self._analyzer)]
        if not words:
            return
        named = set(scores)
        for term in words:
            ids: set[int] = set()
            for form in self._forms_of(term, False):
                ids.update(_ids(part.view.postings("name", form.encode())))
            named &= ids
        for number in named:
            names = part.view.stored(number).get("names", ())
            lengths = [len(self._analyzer.terms(name)) for name in names]
            best = max((len(words) / length for length in lengths if length), default=0.0)
            scores[number] += TITLE_EXACT * min(best, 1.0) ** 2

    def _shown(self, root: Node) -> Iterable[str]:
        for term, prefix in _positive(root, self._analyzer):
            yield from self._forms_of(term, prefix)


def _by_score(item: tuple[int, float]) -> float:
    return item[1]


def _norms(average: float) -> list[float]:
    return [K1 * ((1 - B) + B * byte_to_length(byte) / average) for byte in range(256)]


def _ids(postings: Postings | None) -> set[int]:
    return set(postings.ids) if postings else set()


def _in_name(node: Node, name: str) -> bool:
    if isinstance(node, Word | Phrase):
        return fold(node.text) in fold(name)
    if isinstance(node, And):
        return all(_in_name(part, name) for part in node.parts)
    if isinstance(node, Or):
        return any(_in_name(part, name) for part in node.parts)
    if isinstance(node, Not):
        return not _in_name(node.part, name)
    return False


def _positive(node: Node, analyzer: Analyzer) -> list[tuple[str, bool]]:
    """The words that a document is ranked by."""
    if isinstance(node, Word):
        terms = analyzer.terms(node.text)
        return [(term, node.prefix and at == len(terms) - 1) for at, term in enumerate(terms)]
    if isinstance(node, Phrase):
        return [(term, False) for term in analyzer.terms(node.text)]
    if isinstance(node, And | Or):
        return [word for part in node.parts for word in _positive(part, analyzer)]
    if isinstance(node, Scope | Case) and not (
        isinstance(node, Scope) and node.kind in {"file", "path"}
    ):
        return _positive(node.part, analyzer)
    return []


def content_positions(value: bytes) -> list[int]:
    """Where a word stands in the file's text, counted from its first word."""
    return [place - CONTENT_START for place in decode_positions(value) if place >= CONTENT_START]
