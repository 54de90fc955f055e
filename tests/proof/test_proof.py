"""The proof in a small size: the daemon passes it, the naive bot does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.driver import Size, prove
from tests.proof.report import problems
from tests.proof.subject import Naive, Octopus, crash_points

pytestmark = [pytest.mark.process, pytest.mark.timeout(600)]


async def test_the_daemon_loses_nothing(tmp_path: Path) -> None:
    run, sent = await prove(Octopus, tmp_path, Size(messages=45, kills=3, terms=1, seed=11))
    assert problems(run) == [], (tmp_path / "log.txt").read_text()[-3000:]
    assert len(sent) >= 45
    assert run.verdict.kills == 3


async def test_the_daemon_survives_the_narrowest_points(tmp_path: Path) -> None:
    points = ("ingest.accepted", "vault.replaced", "effect.made", "outbox.called", "stop.begun")
    every = await crash_points()
    assert len(every) >= 14  # the proof itself goes through all of them
    assert set(points) <= set(every)
    size = Size(messages=5 * len(points), kills=0, terms=0, points=points, seed=12)
    run, _ = await prove(Octopus, tmp_path, size)
    assert set(run.points.values()) == {"killed"}, run.points
    assert problems(run) == [], (tmp_path / "log.txt").read_text()[-3000:]


async def test_the_naive_bot_fails(tmp_path: Path) -> None:
    run, _ = await prove(Naive, tmp_path, Size(messages=60, kills=2, terms=0, seed=13))
    verdict = run.verdict
    assert verdict.lost, "a proof that a careless bot passes proves nothing"
    assert len(verdict.problems) >= 2
