"""Search by meaning is put together when it is wanted and possible, and says what it lacks."""

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from octopus.app.build import Octopus
from octopus.backends.embedding import MeaningIndex
from octopus.backends.whoosh import WhooshIndex
from octopus.config import Config
from tests.fakes.ollama import EMBEDDER, FakeOllama
from tests.patience import PATIENCE


def configured(folder: Path, *, url: str = "http://127.0.0.1:9", **ollama: Any) -> Config:
    (folder / "vault").mkdir(exist_ok=True)
    return Config.model_validate(
        {
            "vault": {"path": str(folder / "vault"), "private": ["Health"]},
            "state": {"path": str(folder / "state")},
            "http": {"enabled": False},
            "search": {"semantic": True},
            "ollama": {"url": url, **ollama},
        }
    )


async def status(octopus: Octopus) -> str:
    return str((await octopus.status())["Meaning"])


async def test_a_note_is_found_by_meaning_in_the_whole_house(tmp_path: Path) -> None:
    async with FakeOllama() as fake:
        config = configured(tmp_path, url=fake.url, embed_model=EMBEDDER)
        vault = tmp_path / "vault"
        (vault / "Boat.md").write_text("Varnish the wooden hull before winter.")
        (vault / "Health").mkdir()
        (vault / "Health" / "Blood.md").write_text("blood results")
        octopus = Octopus(config, config.state.path)
        assert isinstance(octopus.index, MeaningIndex)
        async with octopus.opened():
            async with asyncio.timeout(PATIENCE):
                while "2 of 2 notes, 1 paragraphs" not in await status(octopus):
                    await asyncio.sleep(0.01)
            assert (await octopus.index.search("varnish hull")).hits[0].path == "Boat.md"
            told = await octopus.index.explain("varnish hull", "Boat")
            assert any(line.startswith("by meaning: 1 of") for line in told.reasons)
        assert not any("blood" in str(asked.body) for asked in fake.asked)


async def test_without_a_model_everything_else_works(tmp_path: Path) -> None:
    config = configured(tmp_path, embed_model=EMBEDDER)
    (tmp_path / "vault" / "Boat.md").write_text("Varnish the hull")
    octopus = Octopus(config, config.state.path)
    async with octopus.opened():
        await octopus.index.settle()
        assert (await octopus.index.search("varnish")).hits[0].path == "Boat.md"
        async with asyncio.timeout(PATIENCE):
            while "No model server" not in await status(octopus):
                await asyncio.sleep(0.01)


async def test_without_a_models_name_it_says_so(tmp_path: Path) -> None:
    config = configured(tmp_path)
    octopus = Octopus(config, config.state.path)
    assert isinstance(octopus.index, WhooshIndex)
    assert "embed_model" in octopus.meaning()


async def test_without_numpy_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "numpy" else find(name)
    )
    config = configured(tmp_path, embed_model=EMBEDDER)
    octopus = Octopus(config, config.state.path)
    assert isinstance(octopus.index, WhooshIndex)
    assert "octopus[semantic]" in octopus.meaning()


async def test_switched_off_nothing_is_told(tmp_path: Path) -> None:
    config = configured(tmp_path)
    config = config.model_copy(update={"search": type(config.search)()})
    octopus = Octopus(config, config.state.path)
    assert octopus.meaning() == ""
    assert "Meaning" not in octopus.supervisor.parts
