"""Every row that is put out reaches its lane, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from octopus.core.message import Reply
from octopus.core.outgoing import Outgoing
from octopus.frontends.telegram import sender as module
from octopus.frontends.telegram.calls import Calls
from octopus.frontends.telegram.lane import Tools
from octopus.frontends.telegram.pace import Pace
from octopus.frontends.telegram.sender import Sender
from tests.frontends.telegram.house import FakeApi, FakeOutbox


async def no_claim(job: int) -> str:
    return ""


class Bench:
    def __init__(self) -> None:
        self.api = FakeApi()
        self.outbox = FakeOutbox()
        self.sender = Sender(Tools(self.outbox, Calls(self.api), Pace(0, 0), no_claim))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.sender.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.sender.close(1.0)

    @property
    def texts(self) -> list[str]:
        return [params["text"] for params in self.api.called("SendMessage")]

    @property
    def looks(self) -> list[int]:
        """Above which id each look into the outbox was."""
        return [ids[0] for name, ids in self.outbox.log if name == "due"]


async def test_what_an_earlier_run_left_goes_out_at_the_start() -> None:
    bench = Bench()
    for number in range(3):
        bench.outbox.put(Reply(str(number)))
    async with bench.running():
        await bench.outbox.until_done()
    assert bench.texts == ["0", "1", "2"]


async def test_woken_it_looks_for_what_is_new_and_only_for_that() -> None:
    bench = Bench()
    async with bench.running():
        for number in range(5):
            bench.outbox.put(Reply(str(number)))
            bench.sender.wake()
            await bench.outbox.until_done()
    assert bench.texts == ["0", "1", "2", "3", "4"]
    assert bench.looks[-1] == 5
    assert bench.looks == sorted(bench.looks)


async def test_a_wake_during_a_look_is_not_lost() -> None:
    bench = Bench()
    due = bench.outbox.due
    late: list[str] = ["late"]

    async def slow(conversation_prefix: str, limit: int = 100, after: int = 0) -> list[Outgoing]:
        rows = await due(conversation_prefix, limit, after)
        if late:
            bench.outbox.put(Reply(late.pop()))
            bench.sender.wake()
        return rows

    bench.outbox.due = slow  # type: ignore[method-assign]
    async with bench.running():
        await bench.outbox.until(lambda: bench.texts == ["late"])


async def test_more_rows_than_one_look_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 10)
    bench = Bench()
    for number in range(35):
        bench.outbox.put(Reply(str(number)))
    async with bench.running():
        await bench.outbox.until_done()
    assert bench.texts == [str(number) for number in range(35)]
    assert bench.looks[:4] == [0, 10, 20, 30]


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 10)
    monkeypatch.setattr(module, "_ENOUGH", 20)
    bench = Bench()
    bench.api.gate = asyncio.Event()
    for number in range(100):
        bench.outbox.put(Reply(str(number)))
    async with bench.running():
        await bench.outbox.until(lambda: bench.sender.waiting > 20)
        for _ in range(20):
            await asyncio.sleep(0)
        assert bench.sender.waiting <= 40
        bench.api.gate.set()
        await bench.outbox.until_done()
    assert len(bench.texts) == 100


async def test_rows_of_other_front_ends_are_left_alone() -> None:
    bench = Bench()
    bench.outbox.put(Reply("here"), to="console")
    bench.outbox.put(Reply("there"))
    async with bench.running():
        await bench.outbox.until(lambda: bench.outbox.states() == ["pending", "sent"])
    assert bench.texts == ["there"]


async def test_a_conversation_that_cannot_be_is_buried() -> None:
    bench = Bench()
    bench.outbox.put(Reply("lost"), to="telegram:nobody")
    bench.outbox.put(Reply("found"))
    async with bench.running():
        await bench.outbox.until_done()
    assert bench.outbox.states() == ["dead", "sent"]


async def test_an_outbox_that_cannot_be_read_is_read_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "backoff", lambda attempt: 0.001)
    bench = Bench()
    bench.outbox.put(Reply("x"))
    due, failures = bench.outbox.due, [1, 2, 3]

    async def flaky(conversation_prefix: str, limit: int = 100, after: int = 0) -> list[Outgoing]:
        if failures:
            raise OSError(f"no {failures.pop()}")
        return await due(conversation_prefix, limit, after)

    bench.outbox.due = flaky  # type: ignore[method-assign]
    async with bench.running():
        await bench.outbox.until_done()
    assert bench.texts == ["x"]
    assert caplog.text.count("cannot be read") == 3


async def test_closing_takes_what_was_put_out_last() -> None:
    bench = Bench()
    async with bench.running():
        await asyncio.sleep(0)
        bench.outbox.put(Reply("last words"))
    assert bench.texts == ["last words"]
    assert bench.outbox.states() == ["sent"]


async def test_closing_with_a_broken_outbox_ends(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()

    async def broken(conversation_prefix: str, limit: int = 100, after: int = 0) -> list[Outgoing]:
        raise OSError("gone")

    bench.outbox.due = broken  # type: ignore[method-assign]
    await bench.sender.close(0.1)
    assert "cannot be read" in caplog.text


async def test_it_looks_without_being_told_to_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_LOOK_ANYWAY", 0.01)
    bench = Bench()
    async with bench.running():
        await asyncio.sleep(0)
        bench.outbox.put(Reply("unannounced"))
        await bench.outbox.until_done()
    assert bench.texts == ["unannounced"]
