"""How the connection to Telegram is, told once at every change, and when it was last there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from octopus.core.event import Bus, Event

log = logging.getLogger(__name__)

#: Telegram throws updates away that nobody fetched for so long (Bot API: Getting updates).
KEPT = timedelta(hours=24)

_WRITE_EVERY = timedelta(minutes=10)
_KEY = "telegram.contact"


class Link(StrEnum):
    """The state of the connection."""

    NEW = "starting"
    UP = "connected"
    DOWN = "not reachable"
    CONFLICT = "somebody else polls with this token"
    TOKEN = "the token is refused"  # noqa: S105 - a sentence
    JOURNAL = "connected, but messages cannot be written down"


_TROUBLE = {Link.DOWN: logging.WARNING, Link.CONFLICT: logging.ERROR, Link.TOKEN: logging.ERROR}


class Memory(Protocol):
    """Small facts kept from one run to the next."""

    async def remembered(self, key: str) -> str | None:
        """The value, None when there is none."""

    async def remember(self, key: str, value: str) -> None:
        """Keep a value."""


class Contact:
    """Remembers the connection. Every change is one event and one log line, not one a poll."""

    def __init__(
        self,
        bus: Bus,
        now: Callable[[], datetime],
        memory: Memory | None = None,
        on_gap: Callable[[datetime, datetime], Awaitable[object]] | None = None,
    ) -> None:
        """``on_gap`` is told from when to when messages may have been lost."""
        self._bus = bus
        self._now = now
        self._memory = memory
        self._on_gap = on_gap
        self.link = Link.NEW
        self.up = asyncio.Event()  # set with the first answer
        self.last: datetime | None = None
        self._written: datetime | None = None

    async def recall(self) -> None:
        """Learn when an earlier run was last in contact."""
        text = await self._memory.remembered(_KEY) if self._memory else None
        if text:
            self.last = self._written = datetime.fromisoformat(text)

    def turn(self, link: Link, why: str = "") -> None:
        """The connection is in this state now."""
        if link is self.link:
            return
        before, self.link = self.link, link
        if link in _TROUBLE:
            log.log(_TROUBLE[link], "Telegram: %s (%s)", link.value, why)
        elif before in _TROUBLE:
            log.info("Telegram: %s again", link.value)
        data = {"state": link.name.lower(), "before": before.name.lower(), "reason": why}
        self._bus.publish(Event("telegram.link", self._now(), data))

    async def seen(self, at: datetime) -> None:
        """Telegram answered a poll. What cannot be remembered or told now does no harm."""
        if self.link is not Link.JOURNAL:  # which only a written batch ends
            self.turn(Link.UP)
        self.up.set()
        since, self.last = self.last, at
        try:
            if since is not None and at - since > KEPT:
                await self._tell(since, at)
            if self._memory and (self._written is None or at - self._written > _WRITE_EVERY):
                self._written = at
                await self._memory.remember(_KEY, at.isoformat())
        except Exception:
            log.exception("the last contact with Telegram could not be remembered")

    async def _tell(self, since: datetime, until: datetime) -> None:
        log.warning("no contact with Telegram from %s to %s", since, until)
        data = {"since": since.isoformat(), "until": until.isoformat()}
        self._bus.publish(Event("telegram.gap", until, data))
        if self._on_gap:
            await self._on_gap(since, until)
