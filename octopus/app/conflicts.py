"""Tells the owner of new conflict copies: each once, many in one message."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from loguru import logger

from octopus.core.message import Kind, Message
from octopus.core.ports import Clock, Notes
from octopus.errors import OctopusError

#: Under which name we remember the copies that the owner knows of.
TOLD = "conflicts_told"

#: Seconds in which copies are collected: a synchroniser leaves many at once.
COLLECT = 5.0

Accept = Callable[[Sequence[Message]], Awaitable[object]]


class Memory(Protocol):
    """Small facts kept from one run to the next."""

    async def remembered(self, key: str) -> str | None:
        """The fact."""

    async def remember(self, key: str, value: str) -> None:
        """Keep it."""


class Conflicts:
    """Looks whenever the vault has changed; what is told is a job like any other."""

    def __init__(
        self,
        notes: Notes,
        memory: Memory,
        accept: Accept,
        clock: Clock,
        home: tuple[str, str],
        language: str = "en",
        collect: float = COLLECT,
    ) -> None:
        """``home`` is the conversation in which the owner is told, and its user."""
        self._notes = notes
        self._memory = memory
        self._accept = accept
        self._clock = clock
        self._home = home
        self._language = language
        self._collect = collect
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin with the copies that came while nobody looked."""
        self._notes.subscribe(lambda paths: self._changed.set())
        self._changed.set()
        self._task = asyncio.create_task(self._go_on(), name="conflicts")

    async def close(self) -> None:
        """Look no longer."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> int:
        """Tell of the copies that are new; returns how many."""
        there = [each.path for each in await self._notes.conflicts() if each.certain]
        told = _names(await self._memory.remembered(TOLD))
        new = [path for path in there if path not in told]
        if new:
            # Accepted a second time after a crash, the same message is the same job.
            await self._accept([self._message(new, self._clock.now())])
        if told != set(there):
            await self._memory.remember(TOLD, json.dumps(there))
        return len(new)

    def _message(self, paths: Sequence[str], now: datetime) -> Message:
        conversation, user = self._home
        names = hashlib.sha256("\n".join(paths).encode()).hexdigest()[:24]
        act = {
            "intent": "conflict.notice",
            "args": {"paths": list(paths)},
            "language": self._language,
        }
        return Message(
            key=f"conflicts:{names}",
            conversation=conversation,
            user=user,
            text="",
            sent_at=now,
            kind=Kind.ACT,
            press=json.dumps(act),
        )

    async def _go_on(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(self._collect)
            self._changed.clear()
            try:
                await self.look()
            except OctopusError as error:  # the vault is away: nothing is new in it
                logger.debug("conflict copies cannot be looked for just now: {}", error)
            except Exception:  # noqa: BLE001 - the next change must still be looked at
                logger.exception("conflict copies could not be looked for")


def _names(fact: str | None) -> set[str]:
    """The copies that were told; none where the fact is damaged: twice is better than never."""
    try:
        found = json.loads(fact or "[]")
    except ValueError:
        return set()
    return {each for each in found if isinstance(each, str)} if isinstance(found, list) else set()
