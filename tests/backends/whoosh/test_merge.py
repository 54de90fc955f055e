"""Segments become one without a document lost, doubled or changed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.backends.whoosh import merge
from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.document import understand
from octopus.backends.whoosh.pool import Pool
from octopus.backends.whoosh.scan import Stamp
from octopus.backends.whoosh.store import Generation, Part
from octopus.backends.whoosh.view import SegmentView

WORDS = [f"w{number}" for number in range(30)]


class Shape:
    """A part of some size, for the policy, which looks at nothing else."""

    def __init__(self, count: int, deleted: int = 0) -> None:
        self.view = self
        self.count = count
        self.deleted = frozenset(range(deleted))


def due(*shapes: Shape, idle: bool = False) -> list[int]:
    parts: list[Part] = list(shapes)  # type: ignore[arg-type]
    return [part.view.count for part in merge.due(parts, idle)]


def test_few_small_parts_are_left() -> None:
    assert due(*[Shape(1)] * (merge.MOST - 1), Shape(5000)) == []


def test_many_small_parts_become_one() -> None:
    assert due(Shape(5000), *[Shape(1)] * merge.MOST, Shape(100)) == [1] * merge.MOST


def test_parts_are_put_with_their_like() -> None:
    tiny, small = [Shape(1)] * (merge.MOST - 1), [Shape(8)] * (merge.MOST - 1)
    assert due(*tiny, *small) == []
    assert due(*tiny, Shape(7), *small) == [1] * (merge.MOST - 1) + [7]
    assert due(*tiny, *small, Shape(63)) == [8] * (merge.MOST - 1) + [63]


def test_each_document_is_written_a_few_times_at_most() -> None:
    sizes: list[int] = []
    written = 0
    for _ in range(1000):
        sizes.append(1)
        while merged := due(*map(Shape, sizes)):
            for size in merged:
                sizes.remove(size)
            sizes.append(sum(merged))
            written += sum(merged)
    assert written < 2.1 * 1000
    assert len(sizes) < 1000 / 64 + 2 * merge.MOST


def test_larger_parts_wait_for_a_quiet_moment() -> None:
    parts = [Shape(100)] * merge.MOST
    assert due(*parts) == []
    assert due(*parts, idle=True) == [100] * merge.MOST


def test_parts_of_mostly_deleted_documents_shrink() -> None:
    assert due(Shape(1000, 400), Shape(1000, 600), idle=True) == [1000]
    assert due(Shape(1000, 600)) == []
    assert due(Shape(100_000, 60_000), idle=True) == []  # too much for a quiet moment


def test_nothing_to_do() -> None:
    assert due() == due(Shape(1), idle=True) == []


def written(generation: Generation, texts: list[str], start: int) -> Part:
    pool = Pool(Analyzer())
    for number, text in enumerate(texts, start):
        data = text.encode()
        pool.add(understand(f"n{number}.md", Stamp(number, len(data)), data))
    return generation.write(pool)


def contents(parts: list[Part]) -> dict[str, dict[tuple[str, bytes], tuple[float, bytes]]]:
    """Everything that the index knows of each living document, by its path."""
    known: dict[str, dict[tuple[str, bytes], tuple[float, bytes]]] = {}
    for part in parts:
        view: SegmentView = part.view
        rows = view.rows
        for field, term, postings in view.all_postings():
            for number, weight, value in zip(*postings, strict=True):
                if number not in part.deleted:
                    known.setdefault(rows[number].path, {})[field, term] = (weight, value)
        for number, row in enumerate(rows):
            if number not in part.deleted:
                entry = known.setdefault(row.path, {})
                entry["row", b""] = (float(view.lengths[number]), view.entries[number])
                entry["stored", b""] = (0.0, repr(view.stored(number)).encode())
    return known


notes = st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.lists(notes, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_merging_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]], rnd: random.Random
) -> None:
    generation = Generation.create(tmp_path_factory.mktemp("merge") / "gen-1", 1)
    parts, start = [], 0
    for texts in batches:
        part = written(generation, texts, start)
        start += len(texts)
        deleted = frozenset(n for n in range(len(texts)) if rnd.random() < 0.3)
        parts.append(Part(part.view, deleted))
    before = contents(parts)
    pool, moved = merge.pooled(parts, Analyzer())
    assert len(pool) == len(before) == len(moved)
    if not before:
        return
    after = generation.write(pool)
    assert contents([after]) == before
    for (segment, old), new in moved.items():
        (source,) = (part for part in parts if part.view.id == segment)
        assert after.view.rows[new] == source.view.rows[old]


def test_what_was_merged_is_on_disk(tmp_path: Path) -> None:
    generation = Generation.create(tmp_path / "gen-1", 1)
    parts = [written(generation, [f"text{number}"], number) for number in range(5)]
    generation.commit(parts)
    pool, _ = merge.pooled(parts, Analyzer())
    merged = generation.write(pool)
    generation.commit([merged])
    again = Generation(tmp_path / "gen-1", 1)
    again.load()
    again.verify()
    assert contents(list(again.snapshot.parts)) == contents([merged])
    assert {path.name.partition(".")[0] for path in tmp_path.glob("gen-1/MAIN_*")} == {
        merged.view.id
    }
