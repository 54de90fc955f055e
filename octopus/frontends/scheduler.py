"""Wakes what has to be done now and then, by the clock of APScheduler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

#: Late is better than never, once is enough, and never two at a time.
JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}

#: How long after the start upkeep runs first, so that it holds up no answer.
SETTLE = timedelta(minutes=5)


class Scheduler:
    """Runs upkeep once a day. What is due is always asked of the store, never kept here."""

    def __init__(
        self, daily: Mapping[str, Callable[[], Awaitable[object]]], settle: timedelta = SETTLE
    ) -> None:
        self._daily = daily
        self._settle = settle
        self._scheduler = AsyncIOScheduler(job_defaults=JOB_DEFAULTS, timezone=UTC)

    async def start(self) -> None:
        """Start the clock."""
        first = datetime.now(UTC) + self._settle
        for name, work in self._daily.items():
            self._scheduler.add_job(work, "interval", days=1, next_run_time=first, id=name)
        self._scheduler.start()

    async def close(self) -> None:
        """Stop the clock."""
        self._scheduler.shutdown(wait=False)
