"""Wakes what has to be done now and then, by the clock of APScheduler."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from octopus.core.ports import Clock

log = logging.getLogger(__name__)

#: Late is better than never, once is enough, and never two at a time.
JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}

#: How long after the start upkeep runs first, so that it holds up no answer.
SETTLE = timedelta(minutes=5)

#: Seconds between two comparisons of the wall clock with the time that has passed.
PULSE = 20.0

#: Seconds after which is looked at what is due, even if nothing says so.
ANYWAY = 60.0

#: Seconds by which the wall clock may run differently before it counts as set anew.
JUMP = 2.0

_DUE = "due"


class Scheduler:
    """Runs upkeep once a day, and ``look`` when something is due.

    What is due is always asked of the store, never kept here: ``look`` does it and returns when
    to look again. A wall clock that is set, forwards or back, is noticed at the next pulse,
    which goes by the time that passes.
    """

    def __init__(
        self,
        daily: Mapping[str, Callable[[], Awaitable[object]]],
        settle: timedelta = SETTLE,
        *,
        look: Callable[[], Awaitable[datetime | None]] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._daily = daily
        self._settle = settle
        self._look = look
        self._clock = clock
        self._scheduler = AsyncIOScheduler(job_defaults=JOB_DEFAULTS, timezone=UTC)
        self._timer: asyncio.TimerHandle | None = None
        self._looked = 0.0  # monotonic
        self._offset = 0.0  # wall clock minus monotonic
        self._looking = self._wanted = self._closing = False

    async def start(self) -> None:
        """Start the clock; what came due while nobody looked is told at once."""
        first = datetime.now(UTC) + self._settle
        for name, work in self._daily.items():
            self._scheduler.add_job(
                self._run, "interval", [work], days=1, next_run_time=first, id=name
            )
        if self._look is not None:
            self._scheduler.add_job(self._run, "interval", [self._due], days=1, id=_DUE)
            self._offset = self._drift()
        self._scheduler.start()
        for job in self._scheduler.get_jobs():
            # Given elsewhere they are ignored without a word, and what is late is lost.
            if job.misfire_grace_time is not None or not job.coalesce or job.max_instances != 1:
                raise AssertionError(f"{job.id} would lose what is late")
        if self._look is not None:
            self.wake()
            self._beat()

    async def close(self) -> None:
        """Stop the clock."""
        if self._timer is not None:
            self._timer.cancel()
        self._closing = True
        self._scheduler.shutdown(wait=False)

    def wake(self, after: float = 0.0) -> None:
        """Look at what is due in ``after`` seconds, as when something new is."""
        if self._looking:
            self._wanted = self._wanted or after <= 0  # it may have been looked past already
        elif self._scheduler.running:
            at = datetime.now(UTC) + timedelta(seconds=max(0.0, after))
            self._scheduler.modify_job(_DUE, next_run_time=at)

    def pulse(self) -> bool:
        """Notice a wall clock that was set, and what was not looked at for long; True if so."""
        if self._clock is None:
            return False
        drift = self._drift()
        jumped = abs(drift - self._offset) > JUMP
        if jumped:
            log.warning("the clock was set by %+.0f s", drift - self._offset)
            self._offset = drift
        stale = self._clock.monotonic() - self._looked >= ANYWAY
        if jumped or stale:
            self.wake()
        return jumped or stale

    def _beat(self) -> None:
        self.pulse()
        self._timer = asyncio.get_running_loop().call_later(PULSE, self._beat)

    def _drift(self) -> float:
        assert self._clock is not None
        return self._clock.now().timestamp() - self._clock.monotonic()

    async def _run(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do it; that it is cut off when the clock is stopped is no fault worth a line."""
        try:
            await work()
        except asyncio.CancelledError:
            if not self._closing:
                raise

    async def _due(self) -> None:
        assert self._look is not None
        assert self._clock is not None
        self._looking, wait = True, 0.0
        try:
            while wait <= 0 or self._wanted:
                self._wanted = False
                self._looked = self._clock.monotonic()
                upcoming = await self._look()
                wait = ANYWAY
                if upcoming is not None:
                    wait = min(wait, (upcoming - self._clock.now()).total_seconds())
        except Exception:
            log.exception("what is due could not be told; it is tried again")
            wait = 1.0
        finally:
            self._looking = False
        self.wake(wait)
