"""What most tests of the Telegram front end start from."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.idle import idle_time
from tests.fakes.telegram import FakeTelegram
from tests.frontends.telegram.house import House


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A Bot API."""
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def house(fake: FakeTelegram) -> House:
    """The front end with an echo behind it."""
    return House(fake)


@pytest.fixture
async def only_waiting_takes_time() -> AsyncIterator[None]:
    """A limit of messages that has passed while they were made would be none any more."""
    with idle_time():
        yield
