"""The fakes, and the real clients that talk to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from tests.fakes.ollama import FakeOllama
from tests.fakes.telegram import FakeTelegram
from tests.patience import PATIENCE


def bot_for(url: str, token: str = "7000:TEST") -> Bot:
    """aiogram's own client, pointed at the fake."""
    return Bot(
        token, session=AiohttpSession(api=TelegramAPIServer.from_base(url), timeout=PATIENCE)
    )


async def close(bot: Bot) -> None:
    """Close the client without the wait for TLS that ``session.close()`` adds."""
    session = bot.session
    assert isinstance(session, AiohttpSession)
    if session._session is not None:
        await session._session.close()


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    client = bot_for(fake.url)
    yield client
    await close(client)


@pytest.fixture
async def model() -> AsyncIterator[FakeOllama]:
    async with FakeOllama() as server:
        yield server
