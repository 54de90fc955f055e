"""Upkeep runs once a day, late rather than never."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from octopus.frontends.scheduler import ANYWAY, JOB_DEFAULTS, PULSE, SETTLE, Scheduler
from tests.patience import PATIENCE


async def test_upkeep_runs_soon_after_the_start_and_then_daily() -> None:
    ran = asyncio.Event()

    async def prune() -> None:
        ran.set()

    scheduler = Scheduler({"prune": prune}, settle=timedelta(0))
    await scheduler.start()
    try:
        await asyncio.wait_for(ran.wait(), PATIENCE)
        (job,) = scheduler._scheduler.get_jobs()
        ahead = job.next_run_time - datetime.now(UTC)
        assert timedelta(hours=23) < ahead <= timedelta(days=1)
    finally:
        await scheduler.close()


async def test_the_start_itself_is_held_up_by_nothing() -> None:
    async def prune() -> None:
        raise AssertionError("too early")

    before = datetime.now(UTC)
    scheduler = Scheduler({"prune": prune})
    await scheduler.start()
    try:
        (job,) = scheduler._scheduler.get_jobs()
        assert job.next_run_time >= before + SETTLE
        assert {name: getattr(job, name) for name in JOB_DEFAULTS} == JOB_DEFAULTS
    finally:
        await scheduler.close()


async def test_upkeep_that_fails_takes_nothing_else_with_it() -> None:
    ran = asyncio.Event()

    async def broken() -> None:
        raise OSError("the disk is full")

    async def works() -> None:
        ran.set()

    scheduler = Scheduler({"broken": broken, "works": works}, settle=timedelta(0))
    await scheduler.start()
    try:
        await asyncio.wait_for(ran.wait(), PATIENCE)
        assert {job.id for job in scheduler._scheduler.get_jobs()} == {"broken", "works"}
    finally:
        await scheduler.close()


# What is due.


class Clock:
    """A wall clock that can be set while the time just passes."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        self.passed = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.passed

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.passed += seconds


class Store:
    """What is looked at: counts, and says when the next is due."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.looks = 0
        self.looked = asyncio.Event()
        self.upcoming: datetime | None = None
        self.fails = 0
        self.during: list[Callable[[], None]] = []

    async def look(self) -> datetime | None:
        self.looks += 1
        self.looked.set()
        if self.fails:
            self.fails -= 1
            raise OSError("the disk is full")
        upcoming = self.upcoming
        if self.during:
            self.during.pop()()
            await asyncio.sleep(0)
        return upcoming

    async def again(self) -> None:
        """Wait for one more look."""
        self.looked.clear()
        async with asyncio.timeout(PATIENCE):
            await self.looked.wait()


Due = tuple[Scheduler, Store, Clock]


@pytest.fixture
async def due() -> AsyncIterator[Due]:
    clock = Clock()
    store = Store(clock)
    scheduler = Scheduler({}, look=store.look, clock=clock)
    await scheduler.start()
    try:
        await asyncio.wait_for(store.looked.wait(), PATIENCE)
        await asyncio.sleep(0)
        yield scheduler, store, clock
    finally:
        await scheduler.close()


def ahead(scheduler: Scheduler) -> float:
    """Seconds until the next look."""
    (job,) = scheduler._scheduler.get_jobs()
    return float((job.next_run_time - datetime.now(UTC)).total_seconds())


async def test_it_looks_at_the_start_and_then_each_minute(due: Due) -> None:
    scheduler, store, _ = due
    assert store.looks == 1
    assert ANYWAY - 20 < ahead(scheduler) <= ANYWAY
    (job,) = scheduler._scheduler.get_jobs()
    assert {name: getattr(job, name) for name in JOB_DEFAULTS} == JOB_DEFAULTS


async def test_it_looks_again_when_the_next_is_due(due: Due) -> None:
    scheduler, store, clock = due
    store.upcoming = clock.now() + timedelta(seconds=7)
    scheduler.wake()
    await store.again()
    await asyncio.sleep(0)
    assert 0 < ahead(scheduler) <= 7
    store.upcoming = clock.now() + timedelta(days=7)
    scheduler.wake()
    await store.again()
    await asyncio.sleep(0)
    assert ahead(scheduler) <= ANYWAY


async def test_what_is_added_while_it_looks_is_not_looked_past(due: Due) -> None:
    scheduler, store, _ = due
    before = store.looks
    store.during = [scheduler.wake]
    scheduler.wake()
    await store.again()
    await store.again()
    assert store.looks == before + 2


async def test_what_is_due_already_is_looked_at_without_a_pause(due: Due) -> None:
    scheduler, store, clock = due
    before = store.looks
    store.upcoming = clock.now()
    store.during = [lambda: setattr(store, "upcoming", None)]
    scheduler.wake()
    await store.again()
    await store.again()
    assert store.looks == before + 2


@pytest.mark.parametrize("by", [3600, -3600, 86_400, -86_400])
async def test_a_clock_that_is_set_is_noticed_at_the_next_pulse(due: Due, by: float) -> None:
    scheduler, store, clock = due
    clock.pass_(PULSE)
    assert not scheduler.pulse()  # nothing has happened but time
    clock.wall += timedelta(seconds=by)
    assert scheduler.pulse()
    await store.again()
    clock.pass_(PULSE)
    assert not scheduler.pulse()  # once is enough


async def test_a_clock_that_is_only_corrected_is_no_reason(due: Due) -> None:
    scheduler, _, clock = due
    clock.wall += timedelta(seconds=0.5)
    assert not scheduler.pulse()


async def test_what_was_not_looked_at_for_long_is_looked_at_anyway(due: Due) -> None:
    scheduler, store, clock = due
    clock.pass_(ANYWAY)
    assert scheduler.pulse()
    await store.again()
    assert not scheduler.pulse()


async def test_a_look_that_fails_is_tried_again(due: Due) -> None:
    scheduler, store, _ = due
    store.fails = 1
    scheduler.wake()
    await store.again()
    await store.again()
    assert store.fails == 0


async def test_before_the_start_and_after_the_end_waking_does_nothing() -> None:
    clock = Clock()
    scheduler = Scheduler({}, look=Store(clock).look, clock=clock)
    scheduler.wake()
    await scheduler.start()
    await scheduler.close()
    scheduler.wake()
    assert not Scheduler({}).pulse()
