"""Answer queries from a snapshot: down the cascade, with the place of each match."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from octopus.backends.whoosh.analysis import Analyzer, fold, pieces
from octopus.backends.whoosh.attachment import Attachments
from octopus.backends.whoosh.bounded import Request
from octopus.backends.whoosh.document import title_of
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.explain import locate, parts_of, said, spellings_of, worth
from octopus.backends.whoosh.fuse import FUSED, MEANING, Ranked, fused
from octopus.backends.whoosh.inside import InsideMatcher, InsideRanking
from octopus.backends.whoosh.letters import Budget, Letters, Reading
from octopus.backends.whoosh.match import Expand, Matcher, Reads, has_regex, is_certain
from octopus.backends.whoosh.prior import Prior
from octopus.backends.whoosh.rank import Answer, Confirm, Found, Ranking, Shown, SortKey
from octopus.backends.whoosh.settings import Weights
from octopus.backends.whoosh.snippet import Spot, find_spot, spot_at
from octopus.backends.whoosh.store import Part, Snapshot
from octopus.backends.whoosh.where import find_place
from octopus.core.search import Explanation, Hit, Hits, Near
from octopus.errors import Sentence
from octopus.obsidian.query import Query, parse
from octopus.obsidian.query_node import And, Case, Node, Or, Phrase, Scope, Word

MOST_TELLING = 20  # words that say what a note is about
SIMILAR = "similar"  # the stage that such hits have
ENOUGH = 3  # exact answers that make other forms of the words uninteresting
LEAST = 0.2  # seconds to look for places in, whatever the query has taken
INSIDE = "inside"  # the stage of notes that have the words within other words only
_SLOW = Sentence("Not every note could be looked at in time; there may be more.", "query.slow")


class Stage(NamedTuple):
    """One step of the cascade."""

    name: str
    node: Node
    expand: Expand
    reads: Reads
    enough: float  # answers that make it unnecessary

    def matcher(self, letters: Letters) -> Matcher:
        """What finds the documents."""
        if self.name == INSIDE:
            return InsideMatcher(letters, self.expand)
        return Matcher(letters, self.expand, self.reads)

    @property
    def ranking(self) -> type[Ranking]:
        """What puts them into order."""
        return InsideRanking if self.name == INSIDE else Ranking


class Searcher:
    """Reads snapshots; used from one thread."""

    def __init__(
        self,
        root: Path,
        languages: tuple[str, ...],
        today: Callable[[], date],
        weights: Weights = Weights(),  # noqa: B008 - frozen
        attachments: Attachments | None = None,
    ) -> None:
        self._prior = Prior(weights, today)
        self._analyzer = Analyzer()
        self._reading = Reading(root, self._analyzer, attachments)
        self._languages = languages
        self._expander = Expander(languages)
        self._today = today

    def warm(self, snapshot: Snapshot) -> None:
        """Read the words of the vault, so that the first misspelling is as quick as the next."""
        self._expander.use(snapshot)
        self._expander.warm()

    def prepared(self, snapshot: Snapshot) -> Expander:
        """The words of the vault for :meth:`adopt`. In any thread: it takes its time."""
        expander = Expander(self._languages)
        expander.use(snapshot)
        expander.warm()
        return expander

    def adopt(self, expander: Expander) -> None:
        """Take over words that were made ready while searches went on."""
        self._expander.adopt(expander)

    def close(self) -> None:
        """End what was started."""
        self._reading.bounded.close()

    def search(
        self,
        snapshot: Snapshot,
        text: str,
        limit: int,
        offset: int,
        *,
        places: bool = True,
        near: Sequence[Near] = (),
    ) -> Hits:
        """The answer to a query as the owner typed it, with or without the place in the text.

        Notes that are ``near`` in meaning are put among those that have the words.
        """
        started = time.perf_counter()
        query = parse(text, self._today())
        stage, answers, note = "exact", list[Answer](), query.note
        budget = Budget()
        if query.root is not None and limit > 0:
            most = max(limit + offset, ENOUGH, FUSED if near else 0)
            stage, answers = self._cascade(snapshot, query, most, budget)
            note = note or (_SLOW if budget.exhausted else "")
        found = [Ranked(each, answer.shown) for answer in answers for each in answer.best][
            : query.limit
        ]
        total = sum(answer.total for answer in answers)
        meant = "" if stage == "exact" and total else self._suggestion(query.text)
        ranked = fused(found, near if query.root is not None else (), snapshot)
        total += sum(each.near is not None for each in ranked)
        page = ranked[offset : offset + limit]
        matched = self._expressions(page, budget) if places else {}
        hits = tuple(self._shown(each, places, matched) for each in page)
        if ranked and not found:
            stage = MEANING
        took = (time.perf_counter() - started) * 1000
        return Hits(total, took, stage, hits, note, meant)

    def explain(self, snapshot: Snapshot, text: str, path: str) -> Explanation:
        """Why the file at ``path`` is or is not among the answers, a line for each reason."""
        query = parse(text, self._today())
        place = locate(snapshot, path)
        if place is None:
            return Explanation(path, reasons=(f"{path} is not in the index",))
        if query.root is None:
            return Explanation(path, reasons=("the query asks for nothing",))
        self._expander.use(snapshot)
        self._prior.use(snapshot)
        lines = [query.note] if query.note else []
        letters = Letters(self._reading, self._expander, Budget())
        whole: set[tuple[str, int]] = set()
        for stage in self._stages(query.root, snapshot.count, _sort_key(query.sort)):
            matcher = stage.matcher(letters)
            confirm = self._confirm(stage, letters)
            mine = matcher.match(stage.node, place[0], {place[1]})
            if confirm is not None:
                mine = confirm(place[0], mine)
            if place[1] in mine:
                ranking = stage.ranking(snapshot, matcher, self._analyzer, self._prior)
                before = whole if stage.name == INSIDE else set()
                answer = ranking.run(stage.node, snapshot.count, before, None, confirm)
                ranks = {found.path: rank for rank, found in enumerate(answer.best, 1)}
                if stage.reads is Reads.LETTERS:
                    lines += said(stage.node, self._reading, path)
                else:
                    lines += spellings_of(stage.node, matcher, self._analyzer, *place)
                lines += worth(ranking.account(stage.node, *place), self._prior, *place)
                rank = ranks.get(path, 0)
                return Explanation(path, True, stage.name, rank, answer.total, tuple(lines))
            if stage.reads is Reads.WORDS:
                ranking = Ranking(snapshot, matcher, self._analyzer)
                answer = ranking.run(stage.node, snapshot.count, set(), None, confirm)
                whole = {(found.part.view.id, found.number) for found in answer.best}
            lines.append(f"{stage.name}: no")
            lines += (f"  {line}" for line in parts_of(stage.node, matcher, *place))
        return Explanation(path, reasons=tuple(lines))

    def similar(self, snapshot: Snapshot, path: str, limit: int) -> Hits:
        """The notes that share the most telling words with the one at ``path``."""
        started = time.perf_counter()
        source = self._reading.sources.get(path)
        if source is None:
            return Hits(0, 0.0, SIMILAR)
        counts = Counter(self._analyzer.terms(f"{source.names[0]}\n{source.text}"))
        self._expander.use(snapshot)
        telling = self._expander.telling(counts, MOST_TELLING)
        hits: tuple[Hit, ...] = ()
        if telling:
            letters = Letters(self._reading, self._expander, Budget())
            matcher = Matcher(letters, self._expander.exact)
            root = Or(tuple(Word(term) for term in telling))
            answer = Ranking(snapshot, matcher, self._analyzer).run(root, limit + 1, set(), None)
            best = [found for found in answer.best if found.path != path][:limit]
            hits = tuple(self._hit(found, answer.shown, {}) for found in best)
        return Hits(len(hits), (time.perf_counter() - started) * 1000, SIMILAR, hits)

    def _cascade(
        self, snapshot: Snapshot, query: Query, limit: int, budget: Budget
    ) -> tuple[str, list[Answer]]:
        assert query.root is not None
        self._expander.use(snapshot)
        self._prior.use(snapshot)
        sort = _sort_key(query.sort)
        answers: list[Answer] = []
        reached, total = "exact", 0
        seen: set[tuple[str, int]] = set()
        letters = Letters(self._reading, self._expander, budget)
        for stage in self._stages(query.root, limit, sort):
            if total >= stage.enough or budget.exhausted:
                continue
            matcher = stage.matcher(letters)
            ranking = stage.ranking(snapshot, matcher, self._analyzer, self._prior)
            answer = ranking.run(stage.node, limit, seen, sort, self._confirm(stage, letters))
            if answer.total:
                if stage.name == INSIDE:
                    for found in answer.best:
                        found.by = INSIDE
                elif stage.reads is Reads.LETTERS:
                    self._mark(answer, stage, letters)
                if stage.name != INSIDE or not answers:  # such hits say so themselves
                    reached = stage.name
                answers.append(answer)
                total += answer.total
                seen.update((found.part.view.id, found.number) for found in answer.best)
        return reached, answers

    def _mark(self, answer: Answer, stage: Stage, letters: Letters) -> None:
        """Say of each document that lacks the words, but has them within others, that it does."""
        matcher = Matcher(letters, self._expander.exact)
        for found in answer.best:
            if not matcher.match(stage.node, found.part, {found.number}):
                found.by = INSIDE

    def _stages(self, root: Node, limit: int, sort: SortKey | None) -> list[Stage]:
        """What is tried in turn.

        The query means whatever holds its letters. Those that have them as words come first and
        are found much faster, so the others are looked for when there is room for them only, or
        when it is not their worth that puts notes into order.
        """
        expander = self._expander
        if sort is not None:
            stages = [Stage("exact", root, expander.exact, Reads.LETTERS, math.inf)]
        else:
            stages = [Stage("exact", root, expander.exact, Reads.WORDS, math.inf)]
        if _has_words(root):
            stages.append(Stage("stemmed", root, expander.stemmed, Reads.FORMS, ENOUGH))
        texts = tuple(_texts(root))
        if sort is None and texts:
            stages.append(Stage(INSIDE, root, expander.exact, Reads.LETTERS, limit + 1))
        if _has_words(root):
            stages.append(Stage("fuzzy", root, expander.fuzzy, Reads.FORMS, 1))
        elif any(pieces(fold(text)).parts for text in texts):
            # A phrase, with other signs between its words.
            stages.append(Stage("stemmed", root, expander.exact, Reads.FORMS, 1))
        if (loose := _any_word(root, self._analyzer)) is not None:
            stages.append(Stage("any", loose, expander.stemmed, Reads.FORMS, 1))
        return stages

    def _confirm(self, stage: Stage, letters: Letters) -> Confirm | None:
        """How to tell which of the documents with the words do hold the letters."""
        if stage.reads is not Reads.WORDS or is_certain(stage.node):
            return None
        matcher = Matcher(letters, stage.expand, Reads.LETTERS)
        return lambda part, numbers: matcher.match(stage.node, part, numbers)

    def _suggestion(self, text: str) -> str:
        """The query with the words that nobody wrote put right; "" when none can be."""
        words = text.split()
        for at, word in enumerate(words):
            terms = self._analyzer.terms(word)
            if len(terms) == 1 and len(terms[0]) == len(word):
                words[at] = self._expander.correction(terms[0]) or word
        return " ".join(words) if words != text.split() else ""

    def _expressions(self, page: Sequence[Ranked], budget: Budget) -> dict[str, int]:
        """Where queries with expressions are answered, in the time that the query has left."""
        found: dict[str, int] = {}
        for shown in {id(each.shown): each.shown for each in page}.values():
            if has_regex(shown.node):
                paths = [each.found.path for each in page if each.shown is shown]
                request = Request(str(self._reading.root), shown.node, dict(shown.forms), paths)
                found |= self._reading.bounded.places(request, max(budget.left, LEAST))
        return found

    def _hit(self, found: Found, shown: Shown | None, matched: Mapping[str, int]) -> Hit:
        path = found.path
        spot = Spot()
        source = self._reading.sources.get(path) if shown is not None else None
        if source and source.text and shown is not None:
            place = matched.get(path)
            if not has_regex(shown.node):
                place = find_place(source, shown.node, shown.forms, self._analyzer)
            spot = find_spot(source, place)
        score = round(found.score, 4)
        title = title_of(path)
        return Hit(path, title, spot.heading, spot.line, score, spot.snippet, found.by)

    def _shown(self, each: Ranked, places: bool, matched: Mapping[str, int]) -> Hit:
        """One answer with its place in the text, whatever it was found by."""
        hit = self._hit(each.found, each.shown if places else None, matched)
        if each.near is not None:
            hit = replace(hit, by=MEANING)
            source = self._reading.sources.get(hit.path) if places else None
            if source and source.text:
                spot = spot_at(source, each.near.line)
                hit = replace(hit, heading=spot.heading, line=spot.line, snippet=spot.snippet)
        return hit


def _sort_key(sort: str) -> SortKey | None:
    """Names A to Z, the newest change first; a leading dash turns it round."""
    name = sort.removeprefix("-")
    if not name:
        return None
    back = -1 if sort.startswith("-") else 1

    def by_time(part: Part, number: int) -> tuple[float, str]:
        row = part.view.rows[number]
        return (-back * row.mtime_ns, row.path)

    def by_name(part: Part, number: int) -> tuple[float, str]:
        path = part.view.rows[number].path
        text = (path if name == "path" else title_of(path)).casefold()
        return (0.0, _backwards(text) if back < 0 else text)

    return by_time if name in {"modified", "created"} else by_name


def _backwards(text: str) -> str:
    """A text that sorts the other way round."""
    return "".join(chr(0x10FFFF - ord(char)) for char in text) + chr(0x10FFFF)


def _has_words(node: Node) -> bool:
    """True when other spellings could find more: there is a free word that has to be there."""
    if isinstance(node, And | Or):
        return any(_has_words(part) for part in node.parts)
    return isinstance(node, Word) and bool(pieces(fold(node.text)).parts)


def _texts(node: Node) -> Iterator[str]:
    """What is looked for as whole words first, so that there may be more of it."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _texts(part)
        case Scope("content", part) | Case("ignore-case", part):
            yield from _texts(part)
        case Word(text) | Phrase(text):
            yield text


def _any_word(root: Node, analyzer: Analyzer) -> Node | None:
    """The query with one of its words being enough; None when it has only one.

    What was typed as one word counts as its pieces: scripts without spaces have no other words.
    """
    parts = root.parts if isinstance(root, And) else (root,)
    typed = (part for part in parts if isinstance(part, Word))
    words = tuple(Word(term) for word in typed for term in analyzer.terms(word.text))
    others = tuple(part for part in parts if not isinstance(part, Word))
    if len(words) < 2:
        return None
    return And((Or(words), *others)) if others else Or(words)
