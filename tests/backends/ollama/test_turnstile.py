"""One at a time, the owner first, and nobody is forgotten."""

from __future__ import annotations

import asyncio

import pytest

from octopus.backends.ollama.turnstile import Turnstile
from tests.patience import PATIENCE


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_more_urgent_go_first_then_in_order() -> None:
    turnstile, order, go = Turnstile(), list[str](), asyncio.Event()

    async def first() -> None:
        async with turnstile.turn():
            await go.wait()

    async def pass_(name: str, priority: int) -> None:
        async with turnstile.turn(priority):
            order.append(name)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        group.create_task(first())
        await settle()
        for name, priority in [("batch", 20), ("owner 1", 0), ("agent", 10), ("owner 2", 0)]:
            group.create_task(pass_(name, priority))
        await settle()
        assert order == []
        go.set()
    assert order == ["owner 1", "owner 2", "agent", "batch"]


async def test_never_two_at_once() -> None:
    turnstile, inside, most = Turnstile(), 0, 0

    async def pass_(priority: int) -> None:
        nonlocal inside, most
        async with turnstile.turn(priority):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    async with asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(pass_(number % 3))
    assert most == 1


async def test_who_gives_up_holds_nobody_up() -> None:
    turnstile, go, passed = Turnstile(), asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with turnstile.turn():
            await go.wait()
        impatient.cancel()  # in the moment in which its turn has come

    async def pass_() -> None:
        async with turnstile.turn():
            passed.set()

    holder = asyncio.create_task(hold())
    await settle()
    impatient, patient = asyncio.create_task(pass_()), asyncio.create_task(pass_())
    await settle()
    go.set()
    await holder
    with pytest.raises(asyncio.CancelledError):
        await impatient
    await patient
    assert passed.is_set()
    await pass_()  # and it is free again


async def test_a_failure_inside_frees_it() -> None:
    turnstile = Turnstile()
    with pytest.raises(ValueError, match="inside"):
        async with turnstile.turn():
            raise ValueError("inside")
    async with asyncio.timeout(PATIENCE), turnstile.turn():
        pass
