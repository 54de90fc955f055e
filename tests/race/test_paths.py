"""No path leads out of the vault, whatever it looks like and whoever swaps links meanwhile.

In small; 5,000 payloads with OCTOPUS_TEST_SCALE=full, or ``python -m tests.race.paths``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.race.payload import payloads

FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"
COUNT = 5000 if FULL else 300


def ran(*arguments: str, before: tuple[str, ...] = ()) -> dict[str, Any]:
    """One run in a process of its own, which watches itself."""
    command = [*before, sys.executable, "-m", "tests.race.paths", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_payload_is_another_one() -> None:
    made = list(payloads(5000))
    assert len(set(made)) == 5000
    assert made == list(payloads(5000))
    for sign in ("..", "\\", "%2e", "\0", "C:", "/canary", "link/", "\ud800"):
        assert any(sign in path for path in made), sign


@pytest.mark.timeout(3600 if FULL else 600)
def test_nothing_outside_is_opened_made_or_told() -> None:
    found = ran(str(COUNT))
    assert found["outside"] == []
    assert found["told"] == []
    assert found["canaries"] is True
    assert found["payloads"] == COUNT
    assert found["attempts"] == COUNT * 12
    assert found["through skills and commands"] >= (2000 if FULL else 200)
    assert found["swaps"] > 1000
    assert found["seen"] > 10_000  # the guard looks


def test_joining_paths_fails_the_same() -> None:
    found = ran("100", "--naive")
    assert any("canary" in each for each in found["outside"])
    assert found["told"]
    assert found["canaries"] is False


#: Not what is called so below the vault, where the whole path of the canaries is made, too.
_CANARY = re.compile(r"(?:(?!/vault/).)*/octopus-paths-[^/]+/canary(?:/|$)")

#: A call that gave a descriptor, and what the kernel says it is: openat(...) = 7</path>
_GIVEN = re.compile(r"open(?:at2?)?\(.*\) = [0-9]+<(?P<path>[^>]*)>")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_kernel_says_so_too(tmp_path: Path) -> None:
    """What Python's own hooks could not see: every open of every thread, as strace saw it."""
    log = tmp_path / "log"
    trace = ("strace", "-f", "-qq", "-y", "-e", "trace=open,openat,openat2", "-o", str(log))
    try:
        found = ran("40", before=trace)
    except subprocess.CalledProcessError as error:  # a container may forbid tracing
        pytest.skip(f"strace cannot trace here: {error.stderr[-200:]}")
    assert found["outside"] == []
    given = [match["path"] for match in map(_GIVEN.search, log.read_text().splitlines()) if match]
    inside = [path for path in given if "/vault" in path and "octopus-paths-" in path]
    assert len(inside) > 1000
    # The test itself makes its canaries, and lists and reads them before and after.
    opened = [path for path in given if _CANARY.match(path)]
    assert len(opened) <= 20
