"""A small vault and engines over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from octopus.backends.whoosh.engine import Engine
from octopus.backends.whoosh.settings import IndexSettings

TODAY = date(2026, 11, 20)

NOTES = {
    "Garden/Roses.md": (
        "---\ntags: [plants]\naliases: [Old roses]\nrating: 4\n---\n"
        "# Roses\n\nPrune in February.\n\n"
        "## Feeding\n\nBone meal, %%secret supplier%% twice a year.\n"
    ),
    "Heat pump.md": (
        "# Heat pump\n\nThe pump hums at night. #house/heating\n"
        "- [ ] call the plumber\n- [x] read the manual\n"
    ),
    "Ideas.md": "A podcast about harbour towns. Straße, ёлка, 冰箱型号BX-200\n",
    "2026-11-18.md": "- 09:30 planted garlic\n",
    "Board.canvas": '{"nodes":[{"id":"1","type":"text","text":"about zeppelins"}],"edges":[]}',
    "Files/photo of roof.jpg": "\x00\x01binary",
}


def write(root: Path, path: str, text: str) -> None:
    """Save a file of the vault as an editor would."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Six files of every kind."""
    root = tmp_path / "vault"
    for path, text in NOTES.items():
        write(root, path, text)
    return root


Opener = Callable[..., Engine]


@pytest.fixture
def opened(tmp_path: Path, vault: Path) -> Iterator[Opener]:
    """Opens engines over the vault, which are closed at the end."""
    engines: list[Engine] = []

    def open_engine(
        *, read_only: bool = False, root: Path = vault, excluded: tuple[str, ...] = ()
    ) -> Engine:
        settings = IndexSettings(today=lambda: TODAY, excluded=excluded)
        engine = Engine(root, tmp_path / "index", settings)
        engine.open(read_only)
        engine.catch_up()
        engines.append(engine)
        return engine

    yield open_engine
    for engine in engines:
        engine.stop()
        engine.close()


def found(engine: Engine, query: str) -> list[str]:
    """The paths that answer, the best first."""
    return [hit.path for hit in engine.search(query, 100, 0).hits]
