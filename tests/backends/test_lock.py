"""One Octopus for each state directory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from octopus.backends.lock import hold, hold_soon, is_held
from octopus.errors import BusyError, ConfigError

HOLDER = """
import sys
from pathlib import Path
from octopus.backends.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""

RACER = """
import sys
from pathlib import Path
from octopus.backends.lock import hold
from octopus.errors import BusyError
folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
for line in sys.stdin:
    try:
        with hold(folder):
            print("held", flush=True)
            sys.stdin.readline()  # keep it until the other has had its turn
            print("left", flush=True)
    except BusyError:
        print("busy", flush=True)
        sys.stdin.readline()
        print("left", flush=True)
"""


def spawn(script: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        process.kill()
        process.communicate()


def test_the_lock_is_private_and_says_who_holds_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "state"
    assert not is_held(folder)
    with hold(folder):
        assert is_held(folder)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "lock").stat().st_mode & 0o777 == 0o600
        with pytest.raises(BusyError, match=str(os.getpid())), hold(folder):
            raise AssertionError("held twice")
        assert is_held(folder)
    assert not is_held(folder)
    with hold(folder):
        pass


def test_a_state_directory_that_others_could_read_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with hold(tmp_path):
        assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_of_two_processes_exactly_one_holds_a_hundred_times(tmp_path: Path) -> None:
    racers = [spawn(RACER, tmp_path, "100") for _ in range(2)]
    try:
        assert [said(racer) for racer in racers] == ["ready", "ready"]
        winners = set()
        for _ in range(100):
            for racer in racers:
                tell(racer)
            answers = [said(racer) for racer in racers]
            assert sorted(answers) == ["busy", "held"]
            winners.add(answers.index("held"))
            for racer in racers:
                tell(racer)
            assert [said(racer) for racer in racers] == ["left", "left"]
    finally:
        end(*racers)
    assert winners


def test_a_lock_that_is_only_a_file_lets_both_in(tmp_path: Path) -> None:
    """Why it is not "is there a file?": both look before either writes."""
    file = tmp_path / "pid"
    free = [not file.exists() for _ in range(2)]
    file.write_text("1")
    assert free == [True, True]


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    holder = spawn(HOLDER, tmp_path)
    try:
        assert said(holder) == "held"
        assert is_held(tmp_path)
        with pytest.raises(BusyError, match=f"process {holder.pid}"), hold(tmp_path):
            raise AssertionError
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert not is_held(tmp_path)
        with hold(tmp_path):
            pass
    finally:
        end(holder)


async def test_a_command_waits_for_one_that_is_about_to_end(tmp_path: Path) -> None:
    holder = spawn(HOLDER, tmp_path)
    try:
        assert said(holder) == "held"
        with pytest.raises(BusyError):
            async with hold_soon(tmp_path, patience=0.0):
                raise AssertionError
        tell(holder)
        async with hold_soon(tmp_path, patience=30.0):
            assert is_held(tmp_path)
        assert not is_held(tmp_path)
    finally:
        end(holder)


async def test_looking_does_not_take_the_lock_from_who_wants_it(tmp_path: Path) -> None:
    with hold(tmp_path):
        pass
    for _ in range(1000):
        assert not is_held(tmp_path)
        with hold(tmp_path):
            pass


def test_a_place_that_cannot_be_a_folder_is_named_with_its_key(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    with pytest.raises(ConfigError, match=r"state\.path"), hold(file):
        raise AssertionError
