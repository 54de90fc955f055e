"""What stands in the vault of a command under test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

#: Runs a command; see the fixture ``run``.
Run = Callable[..., Any]


def furnish(vault: Path, files: Mapping[str, str]) -> None:
    """Put files into it."""
    for name, text in files.items():
        path = vault / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def contents(vault: Path) -> dict[str, str]:
    """Every file in it, as text."""
    found = sorted(path for path in vault.rglob("*") if path.is_file())
    return {path.relative_to(vault).as_posix(): path.read_bytes().decode() for path in found}
