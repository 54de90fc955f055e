"""The points at which the process can be killed on purpose."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import octopus
from octopus.core.crash import POINTS

PACKAGE = Path(octopus.__file__).parent
SCRIPT = "import sys; from octopus.core.crash import crash_point; crash_point(sys.argv[1])"


def test_every_point_that_is_listed_is_in_the_code_and_the_other_way_round() -> None:
    used = set()
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        used |= set(re.findall(r'crash_point\(\s*"([^"]+)"', text))
    assert used == set(POINTS)


@pytest.mark.parametrize("point", ["job.started", "vault.written"])
def test_a_point_kills_only_where_it_is_named(point: str) -> None:
    command = [sys.executable, "-c", SCRIPT, "job.started"]
    env = os.environ | {"OCTOPUS_CRASH_AT": point}
    ended = subprocess.run(command, env=env, cwd=PACKAGE.parent, check=False)
    assert ended.returncode == (-signal.SIGKILL if point == "job.started" else 0)


def test_unset_it_does_nothing() -> None:
    env = {name: value for name, value in os.environ.items() if name != "OCTOPUS_CRASH_AT"}
    command = [sys.executable, "-c", SCRIPT, "job.started"]
    assert subprocess.run(command, env=env, cwd=PACKAGE.parent, check=False).returncode == 0
