"""The proof in a small size: the daemon passes it, the naive bot does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.driver import Size, prove
from tests.proof.report import problems
from tests.proof.subject import Naive, Octopus, crash_points

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]


async def test_the_daemon_loses_nothing(tmp_path: Path) -> None:
    run, sent = await prove(Octopus, tmp_path, Size(messages=60, kills=4, terms=2, seed=11))
    assert problems(run) == [], (tmp_path / "log.txt").read_text()[-3000:]
    assert len(sent) >= 60
    assert run.verdict.kills == 4


async def test_the_daemon_survives_every_named_point(tmp_path: Path) -> None:
    points = await crash_points()
    assert len(points) >= 10
    size = Size(messages=5 * len(points), kills=0, terms=0, points=points, seed=12)
    run, _ = await prove(Octopus, tmp_path, size)
    assert set(run.points.values()) == {"killed"}, run.points
    assert problems(run) == [], (tmp_path / "log.txt").read_text()[-3000:]


async def test_the_naive_bot_fails(tmp_path: Path) -> None:
    run, _ = await prove(Naive, tmp_path, Size(messages=60, kills=3, terms=0, seed=13))
    verdict = run.verdict
    assert verdict.lost, "a proof that a careless bot passes proves nothing"
    assert len(verdict.problems) >= 2
