"""Telegram as a front end: everything of it, started and stopped together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from octopus.core.event import Bus, Subscription
from octopus.core.handler import Skill
from octopus.core.ports import Outbox
from octopus.errors import Sentence
from octopus.frontends.telegram.address import conversation
from octopus.frontends.telegram.api import Api, ApiError
from octopus.frontends.telegram.calls import Calls
from octopus.frontends.telegram.contact import Contact, Link, Memory
from octopus.frontends.telegram.door import open_api
from octopus.frontends.telegram.files import TelegramFiles
from octopus.frontends.telegram.lane import Tools
from octopus.frontends.telegram.menu import set_menu
from octopus.frontends.telegram.pace import Pace
from octopus.frontends.telegram.poller import Accept, Poller
from octopus.frontends.telegram.render import parts
from octopus.frontends.telegram.sender import Sender
from octopus.frontends.telegram.setting import TelegramSettings
from octopus.frontends.telegram.stream import Stream
from octopus.frontends.telegram.update import Reader
from octopus.language.catalogue import say

log = logging.getLogger(__name__)

#: Events after which there may be something in the outbox.
_PUT_OUT = frozenset({"job.done", "job.dead", "job.cancelled", "job.told"})


class WallClock:
    """The time, as the poller needs it."""

    def now(self) -> datetime:
        """Aware wall-clock time."""
        return datetime.now(UTC).astimezone()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Telegram:
    """Messages in through ``accept``, replies out of the outbox."""

    def __init__(
        self,
        settings: TelegramSettings,
        *,
        accept: Accept,
        outbox: Outbox,
        bus: Bus,
        skills: Mapping[str, Skill],
        memory: Memory | None = None,
        api: Api | None = None,
    ) -> None:
        """``accept`` returns when the messages are on disk. Without ``api`` aiogram is loaded.

        ``memory`` keeps the time of the last contact from one run to the next. Raises
        ConfigError for a token that cannot be one.
        """
        self._settings = settings
        self._bus = bus
        self._skills = skills
        self._api = api or open_api(settings.token, settings.api_base)
        clock = WallClock()
        self._pace = Pace(settings.chat_interval, settings.total_rate)
        self._calls = Calls(self._api)
        self._stream = Stream(self._calls, self._pace)
        self._sender = Sender(
            Tools(outbox, self._calls, self._pace, self._stream.claim, settings.use_reactions)
        )
        self._contact = Contact(bus, clock.now, memory, self._tell_gap)
        reader = Reader(self._api.bot_id, settings.allowed_users)
        self._poller = Poller(
            self._api, reader, accept, self._contact, clock, timeout=settings.poll_timeout
        )
        self.files = TelegramFiles(self._api)
        self._tasks: list[asyncio.Task[None]] = []
        self._open = ExitStack()

    async def start(self) -> None:
        """Begin to deliver and to poll; returns at once."""
        if not self._settings.allowed_users:
            log.warning("telegram.allowed_users is empty: nobody may write to this bot")
        await self._contact.recall()
        events = self._open.enter_context(self._bus.subscribe())
        self._spawn("telegram-listener", self._listen(events))
        self._spawn("telegram-sender", self._sender.run())
        self._spawn("telegram-poller", self._poller.run())
        self._spawn("telegram-menu", self._menu())

    async def close(self, grace: float = 5.0) -> None:
        """Stop polling at once, let the sender flush for up to ``grace`` seconds."""
        by_name = {task.get_name(): task for task in self._tasks}
        for name in ("telegram-poller", "telegram-menu", "telegram-sender"):
            if name in by_name:
                by_name[name].cancel()
        await asyncio.sleep(0)  # they end before the outbox is looked at for the last time
        await self._sender.close(grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        self._open.close()
        await self._stream.close()
        await self._api.close()

    def wake(self) -> None:
        """Something was put into the outbox without an event."""
        self._sender.wake()

    def status(self) -> Mapping[str, Any]:
        """The state of the connection and the counters, for status pages and metrics."""
        last = self._contact.last
        return {
            "state": self._contact.link.name.lower(),
            "text": self._contact.link.value,
            "last_contact": last.isoformat() if last else None,
            "waiting": self._sender.waiting,
            "counts": dict(self._poller.counts),
        }

    def line(self) -> Sentence:
        """The state of the connection, in words."""
        link = self._contact.link
        return Sentence(link.value, f"telegram.{link.name.lower()}")

    @property
    def connected(self) -> bool:
        """True while polls are answered."""
        return self._contact.link is Link.UP

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(_report)
        self._tasks.append(task)

    async def _listen(self, events: Subscription) -> None:
        async for event in events:
            self._stream.on(event)
            if event.type in _PUT_OUT:
                self._sender.wake()

    async def _menu(self) -> None:
        await self._contact.up.wait()  # what does not answer polls does not take a menu
        await set_menu(self._api, self._skills.values())

    async def _tell_gap(self, since: datetime, until: datetime) -> None:
        first, last = (f"{each.astimezone():%Y-%m-%d %H:%M}" for each in (since, until))
        text = say(self._settings.language, "telegram.gap", since=first, until=last)
        part = parts(text)[0]
        for user in sorted(self._settings.allowed_users):
            try:
                await self._pace.message(user)
                await self._calls.send(conversation(user), part)
            except ApiError as error:
                log.warning("the gap could not be told to %d: %s", user, error)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("%s stopped", task.get_name(), exc_info=error)
