"""Has what was written looked at again, while the daemon runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from loguru import logger

from octopus.core.effect import Effect
from octopus.core.event import Bus, Subscription
from octopus.core.job import Job
from octopus.core.message import Reply
from octopus.core.ports import Clock, EffectJournal, Journal
from octopus.core.second_look import LivelyVault, SecondLook, Texts
from octopus.errors import OctopusError
from octopus.language.catalogue import say
from octopus.obsidian.again import edited, make_again, stands

#: Seconds between two looks, while there is something to look at.
TICK = 1.0


class Aftercare:
    """A second look at every change, and one quiet line where an editor had saved over it."""

    def __init__(
        self,
        effects: EffectJournal,
        vault: LivelyVault,
        clock: Clock,
        journal: Journal,
        bus: Bus,
        language: str,
        tell: Callable[[Job, Reply], Awaitable[None]] | None = None,
    ) -> None:
        """``tell`` is how something is said about a job; by default as the journal does it."""
        self._look = SecondLook(
            effects, vault, clock, Texts(stands, edited, make_again), self._tell
        )
        self._journal = journal
        self._bus = bus
        self._language = language
        self._say = tell or journal.tell
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Look at what an earlier run has written, then at everything new."""
        self._task = asyncio.create_task(self._go_on(), name="aftercare")

    async def close(self) -> None:
        """Look no longer; the next start takes it up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> bool:
        """Look at what is due now. Returns whether there will be more by itself."""
        try:
            return await self._look.look()
        except OctopusError as error:  # the vault is away: it is looked at when it is back
            logger.debug("nothing can be looked at again just now: {}", error)
        except Exception:  # noqa: BLE001 - what is written next must still be looked at
            logger.exception("a second look failed")
        return True

    async def _go_on(self) -> None:
        with self._bus.subscribe() as events:
            while True:
                if await self.look():
                    await asyncio.sleep(TICK)
                else:
                    await _something_written(events)

    async def _tell(self, effect: Effect, made: bool) -> None:
        job = await self._journal.job(effect.job)
        if job is None:
            return
        text = say(self._language, "put_back.made" if made else "put_back.not", path=effect.path)
        await self._say(job, Reply(text=text, about=effect.path, silent=True))


async def _something_written(events: Subscription) -> None:
    async for event in events:
        if event.type == "effect.done":
            return
