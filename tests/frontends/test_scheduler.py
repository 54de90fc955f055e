"""Upkeep runs once a day, late rather than never."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from octopus.frontends.scheduler import JOB_DEFAULTS, SETTLE, Scheduler


async def test_upkeep_runs_soon_after_the_start_and_then_daily() -> None:
    ran = asyncio.Event()

    async def prune() -> None:
        ran.set()

    scheduler = Scheduler({"prune": prune}, settle=timedelta(0))
    await scheduler.start()
    try:
        await asyncio.wait_for(ran.wait(), 20)
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
        await asyncio.wait_for(ran.wait(), 20)
        assert {job.id for job in scheduler._scheduler.get_jobs()} == {"broken", "works"}
    finally:
        await scheduler.close()
