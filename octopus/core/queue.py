"""The order in which jobs run: lanes side by side, one job at a time within a lane."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from octopus.core.job import Job


class Queue:
    """Jobs in memory; the journal holds the truth and fills the queue again at start.

    A lane is a name; its jobs run in the order in which they were put in. Lanes wait for a
    worker by priority, then by age.
    """

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Job]] = {}
        self._busy: set[str] = set()
        self._ready: asyncio.PriorityQueue[tuple[int, int, str]] = asyncio.PriorityQueue()
        self._timers: dict[int, tuple[asyncio.TimerHandle, Job]] = {}

    def __len__(self) -> int:
        return sum(len(lane) for lane in self._lanes.values()) + len(self._timers)

    def put(self, job: Job, lane: str, delay: float = 0.0) -> None:
        """Add a job to the end of its lane, now or after ``delay`` seconds."""
        if delay > 0:
            loop = asyncio.get_running_loop()
            self._timers[job.id] = loop.call_later(delay, self._arrive, job, lane), job
            return
        self._lanes.setdefault(lane, deque()).append(job)
        self._offer(lane)

    async def take(self) -> tuple[Job, str]:
        """The next job and its lane, which stays closed until :meth:`release`."""
        while True:
            _, _, lane = await self._ready.get()
            if jobs := self._lanes.get(lane):
                return jobs.popleft(), lane
            self.release(lane)  # its jobs were removed meanwhile

    def release(self, lane: str) -> None:
        """Open a lane again after its job has run."""
        self._busy.discard(lane)
        if self._lanes.get(lane):
            self._offer(lane)
        else:
            self._lanes.pop(lane, None)

    def remove(self, unwanted: Callable[[Job], bool]) -> list[Job]:
        """Take waiting jobs out; returns them."""
        removed = []
        for name, jobs in self._lanes.items():
            removed += [job for job in jobs if unwanted(job)]
            self._lanes[name] = deque(job for job in jobs if not unwanted(job))
        for timer, job in [entry for entry in self._timers.values() if unwanted(entry[1])]:
            timer.cancel()
            del self._timers[job.id]
            removed.append(job)
        return removed

    def clear(self) -> None:
        """Forget everything; the journal still knows."""
        for timer, _ in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._lanes.clear()

    def _arrive(self, job: Job, lane: str) -> None:
        del self._timers[job.id]
        self.put(job, lane)

    def _offer(self, lane: str) -> None:
        if lane not in self._busy:
            self._busy.add(lane)
            first = self._lanes[lane][0]
            self._ready.put_nowait((first.priority, first.id, lane))
