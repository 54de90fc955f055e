"""What happened, told to whoever listens now and kept for whoever asks later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: Events that a slow listener may lag behind before the oldest is dropped for it.
BACKLOG = 1_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Kept events have an ``id`` above 0 and can be replayed."""

    type: str  # "job.accepted", "job.running", "job.done", "effect.done", "reply.partial" ...
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


class Subscription:
    """The events of one listener, oldest first; ``missed`` counts those it was too slow for."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue(BACKLOG)
        self.missed = 0

    def put(self, event: Event) -> None:
        """Add an event; makes room by dropping the oldest."""
        if self._queue.full():
            self._queue.get_nowait()
            self.missed += 1
        self._queue.put_nowait(event)

    async def get(self) -> Event:
        """The next event, waiting for it if need be."""
        return await self._queue.get()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            yield await self.get()


class Bus:
    """Hands each event to every subscription. Publishing never waits and never fails."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, event: Event) -> None:
        """Tell everybody who listens."""
        for subscription in tuple(self._subscriptions):
            subscription.put(event)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Listen while the block runs."""
        subscription = Subscription()
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
