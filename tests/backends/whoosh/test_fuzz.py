"""Nonsense is answered; the benchmark asks a hundred thousand times."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from benchmarks.__main__ import ALL
from benchmarks.search.fuzz import fuzz
from benchmarks.search.meaning import measure


def test_nonsense_never_raises(tmp_path: Path) -> None:
    outcome = fuzz(tmp_path, 400, seed=3)
    assert outcome.count == 400


def test_the_figures_of_meaning_are_those_of_the_vault(tmp_path: Path) -> None:
    report = measure(tmp_path, 30)
    assert report["notes"] == 30
    assert report["paragraphs"] >= 30
    assert report["MB of vectors in memory"] == report["paragraphs"] * 768 * 4 / 1e6
    assert report["MB on disk"] >= report["MB of vectors in memory"]


def test_every_benchmark_is_there_and_takes_what_it_is_given() -> None:
    for name in ALL:
        assert importlib.util.find_spec(name) is not None
