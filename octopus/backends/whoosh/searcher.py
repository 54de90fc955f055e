"""Answer queries from a snapshot: down the cascade, with the place of each match."""

from __future__ import annotations

import time
from pathlib import Path

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.document import read_text, title_of
from octopus.backends.whoosh.evaluate import Answer, Evaluation, Expand, Found
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.scan import is_text
from octopus.backends.whoosh.snippet import Spot, find_spot
from octopus.backends.whoosh.store import Part, Snapshot
from octopus.core.search import Hit, Hits
from octopus.obsidian.query import And, Node, Not, Or, Word, parse

ENOUGH = 3  # exact answers that make other spellings of the words uninteresting


class Searcher:
    """Reads snapshots; used from one thread."""

    def __init__(self, root: Path, languages: tuple[str, ...]) -> None:
        self._root = root
        self._analyzer = Analyzer()
        self._expander = Expander(languages)

    def search(self, snapshot: Snapshot, text: str, limit: int, offset: int) -> Hits:
        """The answer to a query as the owner typed it."""
        started = time.perf_counter()
        query = parse(text)
        stage, answers = "exact", list[Answer]()
        if query.root is not None and limit > 0:
            limit = min(limit, query.limit or limit)
            stage, answers = self._cascade(snapshot, query.root, limit + offset)
        found = [(f, answer.terms) for answer in answers for f in answer.best]
        hits = tuple(self._hit(f, terms) for f, terms in found[offset : offset + limit])
        took = (time.perf_counter() - started) * 1000
        return Hits(sum(a.total for a in answers), took, stage, hits, query.note)

    def _cascade(self, snapshot: Snapshot, root: Node, limit: int) -> tuple[str, list[Answer]]:
        self._expander.use(snapshot)
        stages: list[tuple[str, Expand, Node]] = [
            ("exact", self._expander.exact, root),
            ("stemmed", self._expander.stemmed, root),
            ("fuzzy", self._expander.fuzzy, root),
        ]
        if (loose := _any_word(root)) is not None:
            stages.append(("any", self._expander.stemmed, loose))
        answers: list[Answer] = []
        reached = "exact"
        seen: set[tuple[str, int]] = set()

        def skip(part: Part, number: int) -> bool:
            return (part.view.id, number) in seen

        for stage, expand, node in stages:
            total = sum(answer.total for answer in answers)
            if total >= (ENOUGH if stage == "stemmed" else 1) and stage != "exact":
                continue
            answer = Evaluation(snapshot, self._analyzer, expand).run(node, limit, skip)
            if answer.total:
                answers.append(answer)
                reached = stage
                seen.update((found.part.view.id, found.number) for found in answer.best)
        return reached, answers

    def _hit(self, found: Found, terms: set[str]) -> Hit:
        path = found.part.view.rows[found.number].path
        spot = Spot(1, "", "")
        if is_text(path):
            try:
                _, text = read_text(self._root, path)
                spot = find_spot(text, terms, self._analyzer)
            except OSError:
                spot = Spot(1, "", "")
        score = round(found.score, 4)
        return Hit(path, title_of(path), spot.heading, spot.line, score, spot.snippet)


def _any_word(root: Node) -> Node | None:
    """The query with one of its words being enough; None when it has only one."""
    if not isinstance(root, And):
        return None
    words = tuple(part for part in root.parts if isinstance(part, Word))
    others = tuple(part for part in root.parts if not isinstance(part, Word))
    if len(words) < 2:
        return None
    if not others:
        return Or(words)
    if all(isinstance(part, Not) for part in others) and not words:
        return None
    return And((Or(words), *others))
