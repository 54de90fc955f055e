"""Lanes side by side, one job at a time within a lane."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from octopus.core.job import Job, Priority
from octopus.core.message import Message
from octopus.core.queue import Queue
from tests.fakes.ports import NOON
from tests.patience import PATIENCE


def job(number: int, lane: str = "a", priority: Priority = Priority.OWNER) -> Job:
    message = Message(f"k{number}", lane, "owner", f"text {number}", NOON)
    return Job(number, message, NOON, priority=priority)


async def taken(queue: Queue) -> int | None:
    """The next job that can run now; None when all have to wait."""
    waiter = asyncio.ensure_future(queue.take())
    for _ in range(3):
        await asyncio.sleep(0)
    if not waiter.done():
        waiter.cancel()
        return None
    return waiter.result()[0].id


async def test_a_lane_runs_in_order_and_one_at_a_time() -> None:
    queue = Queue()
    for number in (1, 2, 3):
        queue.put(job(number), "a")
    for number in (1, 2, 3):
        assert await taken(queue) == number
        assert await taken(queue) is None
        queue.release("a")
    assert len(queue) == 0


async def test_lanes_run_beside_each_other() -> None:
    queue = Queue()
    queue.put(job(1), "a")
    queue.put(job(2), "a")
    queue.put(job(3, "b"), "b")
    assert [await taken(queue), await taken(queue)] == [1, 3]


async def test_the_more_urgent_lane_goes_first() -> None:
    queue = Queue()
    queue.put(job(1, "a", Priority.UPKEEP), "a")
    queue.put(job(2, "b", Priority.OWNER), "b")
    queue.put(job(3, "c", Priority.REMINDER), "c")
    assert [await taken(queue) for _ in range(3)] == [2, 3, 1]


async def test_a_delayed_job_does_not_hold_up_its_lane() -> None:
    queue = Queue()
    queue.put(job(1), "a", delay=0.01)
    queue.put(job(2), "a")
    assert await taken(queue) == 2
    queue.release("a")
    assert len(queue) == 1
    found, lane = await asyncio.wait_for(queue.take(), PATIENCE)
    assert (found.id, lane) == (1, "a")


async def test_removed_jobs_never_run_whether_waiting_or_delayed() -> None:
    queue = Queue()
    queue.put(job(1), "a")
    queue.put(job(2), "a")
    queue.put(job(3), "a", delay=30)
    removed = queue.remove(lambda found: found.id != 2)
    assert sorted(found.id for found in removed) == [1, 3]
    assert await taken(queue) == 2
    queue.release("a")
    assert len(queue) == 0


async def test_a_lane_emptied_while_it_waits_is_skipped() -> None:
    queue = Queue()
    queue.put(job(1), "a")
    queue.put(job(2, "b"), "b")
    queue.remove(lambda found: found.id == 1)
    assert await taken(queue) == 2


async def test_clearing_forgets_timers_too() -> None:
    queue = Queue()
    queue.put(replace(job(1)), "a", delay=30)
    queue.put(job(2), "a")
    queue.clear()
    assert len(queue) == 0
    assert await taken(queue) is None
