"""The index equals the disk after kills and floods; the benchmark does the same at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.search.faults import burst, kills


@pytest.mark.process
def test_equal_to_the_disk_after_kills(tmp_path: Path) -> None:
    outcome = kills(tmp_path, 6, names=60)
    assert (outcome.missing, outcome.ghosts) == (0, 0)


@pytest.mark.process
def test_equal_to_the_disk_after_a_burst(tmp_path: Path) -> None:
    outcome = burst(tmp_path, 3000)
    assert (outcome.missing, outcome.ghosts) == (0, 0)
