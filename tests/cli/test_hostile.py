"""Broken and hostile settings of Obsidian: defaults, one warning for a file, and never written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from octopus.obsidian.settings import FILES
from tests.patience import PATIENCE

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content.encode("utf-8", "surrogatepass"))


def giant(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"a": "')
        file.truncate(50 * 1024 * 1024)


WRONG = json.dumps(
    {
        "newFileLocation": 7,
        "attachmentFolderPath": ["../../etc"],
        "userIgnoreFilters": {"a": 1},
        "format": None,
        "folder": "../../../etc",
        "template": 3.5,
        "taskFormat": [],
        "statusSettings": "none",
        "daily": [1, 2],
        "types": [],
        "newLinkFormat": "sideways",
    }
)

#: Everything that may stand in every settings file at once; whether it is worth a warning.
HOSTILE: dict[str, tuple[Callable[[Path], object], bool]] = {
    "wrong types": (text(WRONG), False),  # not every file has these keys
    "no JSON": (text('{"newFileLocation": "folder",'), True),
    "too deep": (text("[" * 200_000), True),
    "not a number": (text('{"alwaysUpdateLinks": NaN, "format": Infinity}'), False),
    "a mark at the start": (text("\ufeff{}"), False),
    "the same key twice": (text('{"format": "YYYY", "format": "../../../x"}'), False),
    "half a character": (text('{"folder": "\\ud800", "format": "\\udfff"}'), False),
    "a list": (text("[1, 2, 3]"), False),
    "50 MB": (giant, True),
    "a link to outside": (lambda path: path.symlink_to("/etc/passwd"), True),
    "a folder": (Path.mkdir, True),
    "a pipe": (os.mkfifo, True),
}


def seen(folder: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Everything below a folder: kind, size, time, and the first and last bytes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        info = path.lstat()
        plain = path.is_file() and not path.is_symlink()
        data = path.read_bytes() if plain else b""
        ends = data[:100_000] + data[-100_000:]
        found[str(path)] = (info.st_mode, info.st_size, info.st_mtime_ns, ends)
    return found


FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"


@pytest.mark.parametrize("turn", range(len(HOSTILE)) if FULL else (0, 6))
def test_the_daemon_works_on_and_leaves_them_as_they_are(tmp_path: Path, turn: int) -> None:
    """Each file another one of them, and at full scale each of them in each file."""
    vault, passwd = tmp_path / "vault", Path("/etc/passwd").stat().st_mtime_ns
    kinds = list(HOSTILE.values()) * 3
    chosen = dict(zip(FILES, kinds[turn : turn + len(FILES)], strict=True))
    for name, (put, _) in chosen.items():
        path = vault / ".obsidian" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path)
    (vault / "Lamp.md").write_text("the lamp in the hall\n")
    before = seen(vault / ".obsidian")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCTOPUS_")}
    environment = kept | {
        "XDG_CONFIG_HOME": str(tmp_path / "none"),
        "OCTOPUS_VAULT__PATH": str(vault),
        "OCTOPUS_STATE__PATH": str(tmp_path / "state"),
        "OCTOPUS_HTTP__ENABLED": "false",
        "OCTOPUS_OLLAMA__URL": "http://127.0.0.1:9",
    }
    ran = subprocess.run(
        [sys.executable, "-m", "octopus", "console"],
        input="note: a red chair\nadd to Lamp: and the green one\ntodo buy a bulb\nsearch lamp\n",
        env=environment,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )
    assert ran.returncode == 0, ran.stderr
    notes = [path for path in vault.rglob("*.md") if ".obsidian" not in path.parts]
    texts = "\n".join(path.read_text() for path in notes)
    for words in ("a red chair", "the green one", "buy a bulb"):
        assert words in texts, ran.stdout
    assert seen(vault / ".obsidian") == before
    assert Path("/etc/passwd").stat().st_mtime_ns == passwd
    assert "Traceback" not in ran.stderr
    for name, (_, warned) in chosen.items():
        told = [line for line in ran.stderr.splitlines() if f"/{name}: " in line]
        assert len(told) <= 1, told
        assert told or not warned, f"{name}\n{ran.stderr}"
