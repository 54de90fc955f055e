"""What most tests of the Telegram front end start from."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

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
