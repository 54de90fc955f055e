"""Nothing of the owner's is lost, nothing of ours is lost or doubled, whoever writes beside us.

In small; all of it with ``python -m tests.race``, or here with OCTOPUS_TEST_SCALE=full.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.race.driver import POINTS, Race, Size

#: The share of changes that a system without leases may lose, while it is busy.
FEW = 0.02

FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"


@pytest.mark.timeout(3600 if FULL else 600)
def test_editors_and_a_synchroniser_write_the_same_notes(tmp_path: Path) -> None:
    verdict = Race(tmp_path, Size(10_000 if FULL else 400)).run()
    assert verdict.problems == {}
    assert verdict.edits >= (10_000 if FULL else 400)
    assert verdict.appends > 100
    assert verdict.ticks > 10
    assert verdict.made_again > 0  # there were editors with old texts
    assert verdict.told <= verdict.made_again


@pytest.mark.timeout(3600 if FULL else 600)
def test_killed_at_bad_moments_every_note_is_old_or_new_and_every_change_there_once(
    tmp_path: Path,
) -> None:
    kills = 500 if FULL else 26
    verdict = Race(tmp_path, Size(kills=kills, pause=0.02)).run()
    assert verdict.problems == {}
    assert verdict.kills == kills
    assert set(verdict.points) == {*POINTS, "a random moment"}


@pytest.mark.parametrize("without", [("lease",), ("lease", "exchange")])
@pytest.mark.timeout(3600 if FULL else 600)
def test_on_poorer_systems_nothing_is_there_twice_and_hardly_anything_lost(
    tmp_path: Path, without: tuple[str, ...]
) -> None:
    """Without leases a save that is kept waiting by a busy machine looks like one that is over, and
    without exchanging names some microseconds are left: so a few changes can be lost there. A
    program that takes no care loses one of five, and a third of its own."""
    verdict = Race(tmp_path, Size(10_000 if FULL else 200, without=without)).run()
    assert verdict.doubled_ours == verdict.died == []
    assert len(verdict.lost_edits) <= FEW * verdict.edits
    assert len(verdict.lost_ours) <= FEW * (verdict.appends + verdict.ticks)


def test_a_naive_program_fails_the_same_race(tmp_path: Path) -> None:
    verdict = Race(tmp_path, Size(400, naive=True)).run()
    assert verdict.lost_edits
    assert verdict.torn
    assert verdict.lost_ours
