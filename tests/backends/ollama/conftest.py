"""A fake Ollama over real HTTP, and limits short enough to be reached."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from octopus.backends.ollama import OllamaModel, OllamaSettings
from tests.fakes.ollama import FakeOllama

Make = Callable[..., OllamaModel]


@pytest.fixture
async def fake() -> AsyncIterator[FakeOllama]:
    async with FakeOllama() as server:
        yield server


@pytest.fixture
async def make(fake: FakeOllama) -> AsyncIterator[Make]:
    """Makes models for the fake server; all of them are closed at the end."""
    made: list[OllamaModel] = []

    def one(**settings: Any) -> OllamaModel:
        quick: dict[str, Any] = {"url": fake.url, "busy_wait": 0.001, "notice_after": 0.0}
        made.append(OllamaModel(OllamaSettings(**quick | settings)))
        return made[-1]

    yield one
    fake.release()
    for model in made:
        await model.close()
