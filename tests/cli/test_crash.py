"""A rename whose process is killed in the middle goes on in the next one, and ends as it should."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

FILES = {f"f{number % 3}/n{number}.md": f"- {number} [[Old]]\n" for number in range(40)}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, text in {**FILES, "Old.md": "old\n", "Log.md": "log\n"}.items():
        path = tmp_path / "vault" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def octopus(home: Path, *arguments: str, dies_at: str = "") -> int:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OCTOPUS_")},
        "XDG_CONFIG_HOME": str(home / "none"),
        "OCTOPUS_VAULT__PATH": str(home / "vault"),
        "OCTOPUS_STATE__PATH": str(home / "state"),
        "OCTOPUS_HTTP__ENABLED": "false",
        "OCTOPUS_CRASH_AT": dies_at,
    }
    command = [sys.executable, "-m", "octopus", *arguments]
    return subprocess.run(command, env=environment, check=False, capture_output=True).returncode


def files(home: Path) -> dict[str, str]:
    root = home / "vault"
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


@pytest.mark.parametrize("point", ["vault.written", "vault.replaced"])
def test_a_rename_that_was_killed_is_finished_by_the_next_process(home: Path, point: str) -> None:
    before = files(home)
    assert octopus(home, "note", "rename", "Old", "New", dies_at=point) == -signal.SIGKILL
    texts = {text for name, text in files(home).items() if name in FILES}
    assert texts <= {*FILES.values(), *(text.replace("Old", "New") for text in FILES.values())}
    # Asked for in the same conversation, so done after what was left over.
    assert octopus(home, "note", "append", "Log", "later") == 0
    wanted = {name: text.replace("Old", "New") for name, text in FILES.items()}
    assert files(home) == {**wanted, "New.md": "old\n", "Log.md": "log\nlater\n"}
    assert octopus(home, "undo") == 0
    assert octopus(home, "undo") == 0
    assert files(home) == before
