"""The index answers every query exactly as an independent, slow evaluator does."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.indexer import Indexer
from octopus.backends.whoosh.letters import Budget, Letters, Reading
from octopus.backends.whoosh.match import Matcher, Reads
from octopus.backends.whoosh.searcher import Searcher
from octopus.backends.whoosh.store import Store
from octopus.obsidian.query import parse

from .model import Slow, Tree, make_note, make_tree, render, says, says_as_words

# OCTOPUS_TEST_SCALE=full: 2,000 queries.
FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"
NOTES = 300
SEEDS = 10
QUERIES = 200 if FULL else 40  # for each seed
TODAY = date(2026, 11, 20)


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
        self.searcher = Searcher(self.root, (), lambda: TODAY)

    def answers(self, query: str) -> set[str]:
        """What the query means to the index."""
        root = parse(query, TODAY).root
        assert root is not None, query
        letters = Letters(self.reading, self.expander, Budget(60))
        matcher = Matcher(letters, self.expander.exact, Reads.LETTERS)
        found = {
            part.view.rows[number].path
            for part in self.indexer.snapshot.parts
            for number in matcher.match(root, part) - part.deleted
        }
        assert not letters.budget.exhausted
        return found

    def listed(self, query: str) -> tuple[str, set[str]]:
        """What the owner gets to see, and how far down the cascade that was."""
        hits = self.searcher.search(self.indexer.snapshot, query, NOTES, 0, places=False)
        assert hits.total == len(hits.hits), query
        return hits.stage, {hit.path for hit in hits.hits}

    def expected(self, tree: Tree, reading: Callable[[str, str, bool], bool] = says) -> set[str]:
        """What the query means to the evaluator."""
        found = set()
        for note in self.notes:
            slow = Slow(note, reading)
            if slow.holds(tree, slow.whole()):
                found.add(note.path)
        return found


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    vault = Vault(tmp_path_factory.mktemp("operators"))
    yield vault
    vault.reading.bounded.close()
    vault.searcher.close()


def trees(vault: Vault, seed: int, count: int = QUERIES) -> Iterator[Tree]:
    rnd = random.Random(seed)
    return (make_tree(rnd, vault.notes) for _ in range(count))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_agrees_with_the_slow_evaluator(vault: Vault, seed: int) -> None:
    for tree in trees(vault, seed):
        query = render(tree)
        expected = vault.expected(tree)
        assert vault.answers(query) == expected, query
        # Other spellings add to what the query means where that is little, and take nothing away.
        stage, listed = vault.listed(query)
        assert expected <= listed, query
        if stage in {"exact", "inside"}:
            assert listed == expected, query


def test_whole_words_alone_would_not_agree(vault: Vault) -> None:
    """The queries tell the two readings apart, with and without a minus."""
    differing = [
        tree
        for tree in trees(vault, 0, 120)
        if vault.expected(tree) != vault.expected(tree, says_as_words)
    ]
    assert len(differing) > 30
    assert {"word", "phrase", "not"} <= {str(tree[0]) for tree in differing}
