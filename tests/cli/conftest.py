"""A home of their own for the commands under test, and a way to run them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from octopus.cli import main
from tests.cli.house import Run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault and a state of our own, and no settings from outside."""
    (tmp_path / "vault").mkdir()
    for name in ("OCTOPUS_CONFIG", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("OCTOPUS_VAULT__PATH", str(tmp_path / "vault"))
    monkeypatch.setenv("OCTOPUS_STATE__PATH", str(tmp_path / "state"))
    monkeypatch.setenv("OCTOPUS_HTTP__ENABLED", "false")
    monkeypatch.setenv("OCTOPUS_OWNER__TIMEZONE", "Europe/Berlin")
    monkeypatch.setenv("OCTOPUS_OLLAMA__URL", "http://127.0.0.1:9")
    return tmp_path


@pytest.fixture
def vault(home: Path) -> Path:
    """The folder of the notes."""
    return home / "vault"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command: what it printed as JSON where it was asked to, else the text; what it said on
    stderr where it has to fail with ``code``.

    ``says`` is a part of what it has to say there, and then it is what it printed that counts.
    """

    def command(*arguments: str, code: int = 0, says: str = "") -> Any:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capsys.readouterr()
        assert ended.value.code == code, err
        assert says in err
        assert says or code or not err
        if code and not says:
            return err
        return json.loads(out) if "--json" in arguments and not code else out

    yield command
    logger.remove()
