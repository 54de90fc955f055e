"""The index answers every query exactly as an independent, slow evaluator does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.indexer import Indexer
from octopus.backends.whoosh.match import Budget, Matcher, Reading
from octopus.backends.whoosh.store import Store
from octopus.obsidian.query import parse

from .model import Model, Slow, make_note, make_tree, render

NOTES = 300
QUERIES = 2000


class Vault:
    """Notes on disk, their index, and what they were made of."""

    def __init__(self, folder: Path) -> None:
        rnd = random.Random(7)
        self.root = folder / "vault"
        self.notes = [make_note(rnd, number) for number in range(NOTES)]
        for note in self.notes:
            target = self.root / note.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(note.text, "utf-8")
        self.indexer = Indexer(self.root, Store(folder / "index", self.root))
        self.indexer.rebuild()
        self.reading = Reading(self.root, Analyzer())
        self.expander = Expander(())
        self.expander.use(self.indexer.snapshot)

    def answers(self, query: str) -> set[str]:
        root = parse(query, date(2026, 11, 20)).root
        assert root is not None, query
        budget = Budget(60)
        matcher = Matcher(self.reading, self.expander.exact, budget)
        found = {
            part.view.rows[number].path
            for part in self.indexer.snapshot.parts
            for number in matcher.match(root, part) - part.deleted
        }
        assert not budget.exhausted
        return found


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    vault = Vault(tmp_path_factory.mktemp("operators"))
    yield vault
    vault.reading.bounded.close()


@pytest.mark.parametrize("seed", range(10))
def test_agrees_with_the_slow_evaluator(vault: Vault, seed: int) -> None:
    rnd = random.Random(seed)
    for _ in range(QUERIES // 10):
        tree = make_tree(rnd, vault.notes)
        query = render(tree)
        expected = {note.path for note in vault.notes if decides(note, tree)}
        assert vault.answers(query) == expected, query


def decides(note: Model, tree: tuple[object, ...]) -> bool:
    slow = Slow(note)
    return slow.holds(tree, slow.whole())
