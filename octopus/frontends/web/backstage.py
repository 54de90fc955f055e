"""What the HTTP front end needs of the house, filled in by the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from octopus.core.event import Bus
from octopus.core.outcome import Outcome
from octopus.core.ports import Clock, Events, Index, Journal, Notes, Reminders
from octopus.errors import BusyError

T = TypeVar("T")

#: Seconds that a request may still take after we were asked to stop.
GRACE = 1.0


@dataclass(frozen=True, slots=True)
class Backstage:
    """The parts behind the endpoints."""

    ask: Callable[[str, str], Awaitable[Outcome]]  # text, conversation
    search: Index
    journal: Journal
    events: Events
    bus: Bus
    status: Callable[[], Awaitable[Mapping[str, Any]]]
    notes: Notes
    clock: Clock
    reminders: Reminders


class Curtain:
    """Falls when the listener closes; whoever waits for something slow stops waiting then."""

    def __init__(self) -> None:
        self._fallen = asyncio.Event()

    def fall(self) -> None:
        """No more waiting."""
        self._fallen.set()

    async def wait(self) -> None:
        """Return when it falls."""
        await self._fallen.wait()

    async def unless_fallen(self, work: asyncio.Future[T]) -> T:
        """The result of the work. Raises BusyError when we stop before it is there."""
        falls = asyncio.create_task(self.wait())
        try:
            either: set[asyncio.Future[Any]] = {work, falls}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await asyncio.wait({work}, timeout=GRACE)
            if work.done():
                return work.result()
            raise BusyError(
                "Octopus is stopping. A message that was accepted is answered after the next "
                "start; GET /api/jobs tells what became of it."
            )
        finally:
            falls.cancel()
            work.cancel()
