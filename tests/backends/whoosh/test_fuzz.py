"""Nonsense is answered; the benchmark asks a hundred thousand times."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.search.fuzz import fuzz


@pytest.mark.timeout(120)
def test_nonsense_never_raises(tmp_path: Path) -> None:
    outcome = fuzz(tmp_path, 400, seed=3)
    assert outcome.count == 400
