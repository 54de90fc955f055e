"""Nothing is sent faster than Telegram lets us, or while it told us to wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from octopus.frontends.telegram.pace import BURST, Pace
from tests.fakes.idle import idle_time
from tests.patience import PATIENCE


@pytest.fixture(autouse=True)
async def only_waiting_takes_time() -> AsyncIterator[None]:
    """A limit that has passed meanwhile would be no limit any more."""
    with idle_time():
        yield


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_a_short_burst_is_free_and_then_the_interval_counts() -> None:
    pace = Pace(0.05, 0)
    began = now()
    assert not pace.crowded(1)
    for _ in range(BURST):
        await pace.message(1)
    assert pace.crowded(1)
    for _ in range(3):
        await pace.message(1)
    assert now() - began >= 0.05 * 3 * 0.99


async def test_chats_do_not_wait_for_one_another() -> None:
    pace = Pace(1_000, 0)
    for chat in range(20):
        for _ in range(BURST):
            await pace.message(chat)
    assert all(pace.crowded(chat) for chat in range(20))
    assert not pace.crowded(99)


async def test_all_together_have_a_limit_too() -> None:
    pace = Pace(0, 20)
    began = now()
    await asyncio.gather(*(pace.message(chat) for chat in range(24)))
    assert now() - began >= 4 / 20 * 0.99


async def test_reactions_count_for_all_but_not_for_the_chat() -> None:
    pace = Pace(1_000, 0)
    for _ in range(50):
        await pace.other(1)
    assert not pace.crowded(1)
    pace = Pace(0, 20)
    began = now()
    for _ in range(22):
        await pace.other(1)
    assert now() - began >= 2 / 20 * 0.99


async def test_zero_is_no_limit() -> None:
    pace = Pace(0, 0)
    async with asyncio.timeout(PATIENCE):
        for _ in range(10_000):
            await pace.message(1)
    assert not pace.crowded(1)


@pytest.mark.parametrize("call", ["message", "other"])
async def test_hold_is_kept_to_the_end(call: str) -> None:
    pace = Pace(0, 0)
    pace.hold(1, 0.05)
    until = now() + 0.05
    assert pace.crowded(1)
    await getattr(pace, call)(1)
    assert now() >= until
    assert not pace.crowded(1)


async def test_hold_is_for_one_chat() -> None:
    pace = Pace(0, 0)
    pace.hold(1, 1_000)
    await pace.message(2)
    assert not pace.crowded(2)


async def test_the_longer_of_two_holds_counts() -> None:
    pace = Pace(0, 0)
    pace.hold(1, 0.1)
    pace.hold(1, 0.01)
    until = now() + 0.1
    await pace.other(1)
    assert now() >= until - 0.005


async def test_a_hold_that_grows_while_somebody_waits() -> None:
    pace = Pace(0, 0)
    pace.hold(1, 0.02)
    waiting = asyncio.create_task(pace.message(1))
    await asyncio.sleep(0)
    pace.hold(1, 0.1)
    until = now() + 0.1
    await waiting
    assert now() >= until - 0.005


async def test_a_hold_in_the_past_is_none() -> None:
    pace = Pace(0, 0)
    pace.hold(1, -5)
    assert not pace.crowded(1)
