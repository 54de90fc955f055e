"""Fetches updates, has them written down, and only then lets Telegram forget them."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from octopus.core.crash import crash_point
from octopus.core.message import Message
from octopus.core.retry import backoff
from octopus.frontends.telegram.api import Api, ApiError, Fault
from octopus.frontends.telegram.contact import Contact, Link
from octopus.frontends.telegram.update import (
    ALLOWED_UPDATES,
    Ignored,
    Malformed,
    Reader,
    query_id,
)

log = logging.getLogger(__name__)

Accept = Callable[[Sequence[Message]], Awaitable[object]]

#: Update ids may start anew at any number after a week without updates (Bot API: Update).
FORGET_OFFSET = timedelta(days=6)

#: Seconds that an answer may come later than the long poll was to last.
LATE = 5.0

_CONFLICT_WAIT = 30.0  # seconds between polls while somebody else polls
_TOKEN_WAIT = 60.0  # seconds between looks whether the token is valid again
# Longest waits in seconds: a network that is back is found within ten, a server in trouble is
# left alone for longer.
_CAPS = {Fault.UNREACHABLE: 7.5, Fault.BROKEN: 7.5, Fault.SERVER: 24.0}
_FIRST = 0.5  # seconds before the second attempt


class Time(Protocol):
    """The time as the poller needs it."""

    def now(self) -> datetime:
        """Aware wall-clock time."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class Poller:
    """The loop around getUpdates. Cancelling it is safe at any moment."""

    def __init__(
        self,
        api: Api,
        reader: Reader,
        accept: Accept,
        contact: Contact,
        time: Time,
        *,
        timeout: float = 25.0,
    ) -> None:
        """``accept`` writes messages down in one durable transaction, or raises."""
        self._api = api
        self._reader = reader
        self._accept = accept
        self._contact = contact
        self._time = time
        self._timeout = timeout
        self._offset: int | None = None
        self._moved_at: datetime | None = None
        self._failures = 0
        self._prepared = False
        self._answers: set[asyncio.Task[None]] = set()
        self.counts: Counter[str] = Counter()  # messages, malformed, and why others were ignored

    async def run(self) -> None:
        """Poll until cancelled."""
        try:
            while True:
                await self._turn()
        finally:
            for task in self._answers:
                task.cancel()

    async def _turn(self) -> None:
        try:
            updates = await self._fetch()
        except ApiError as error:
            await self._trouble(error)
            return
        await self._contact.seen(self._time.now())
        if updates:
            await self._take(updates)
        else:
            self._failures = 0
            self._forget_offset()

    async def _fetch(self) -> list[Mapping[str, Any]]:
        if not self._prepared:
            # A webhook left by another program would answer every poll with 409. What waits
            # for us is kept: nothing is ever dropped.
            await self._api.call("DeleteWebhook", drop_pending_updates=False)
            self._prepared = True
            await self._contact.seen(self._time.now())
        params = {} if self._offset is None else {"offset": self._offset}
        updates = await self._api.call(
            "GetUpdates",
            patience=self._timeout + LATE,
            limit=100,
            timeout=int(self._timeout),
            allowed_updates=list(ALLOWED_UPDATES),
            **params,
        )
        if not isinstance(updates, list):
            raise ApiError(Fault.BROKEN, "getUpdates did not answer with a list")
        return [update for update in updates if isinstance(update, Mapping)]

    async def _take(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Write a batch down, then confirm it; on failure it is fetched again."""
        crash_point("ingest.received")
        messages, pressed = self._read(updates)
        try:
            if messages:
                await self._accept(messages)
        except Exception:  # whatever the journal raises, nothing may be confirmed
            log.exception("%d messages could not be written down yet", len(messages))
            self._contact.turn(Link.JOURNAL, "messages cannot be written down")
            await self._pause(Fault.BROKEN)
            return
        crash_point("ingest.accepted")
        self._contact.turn(Link.UP)
        self.counts["messages"] += len(messages)
        for query in pressed:
            self._answer(query)
        ids = [update["update_id"] for update in updates if type(update.get("update_id")) is int]
        if not ids:  # nothing that could be confirmed: not the Bot API
            await self._pause(Fault.BROKEN)
            return
        self._failures = 0
        self._offset = max(ids) + 1
        self._moved_at = self._time.now()

    def _read(self, updates: Sequence[Mapping[str, Any]]) -> tuple[list[Message], list[str]]:
        messages, pressed = [], []
        for update in updates:
            try:
                read = self._reader.read(update, self._time.now())
            except Malformed as error:
                # Once: it is confirmed with the others, and Telegram does not send it again.
                self.counts["malformed"] += 1
                log.warning("update %s could not be read: %s", update.get("update_id"), error)
                continue
            if isinstance(read, Ignored):
                self.counts[read.value] += 1
                continue
            messages.append(read)
            if query := query_id(update):
                pressed.append(query)
        return messages, pressed

    def _answer(self, query: str) -> None:
        """Stop the button's spinner; the poll does not wait for it."""
        task = asyncio.create_task(self._answered(query), name="telegram-answer")
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answered(self, query: str) -> None:
        try:
            await self._api.call("AnswerCallbackQuery", patience=10.0, callback_query_id=query)
        except ApiError as error:
            log.debug("a button's query was not answered: %s", error)

    async def _trouble(self, error: ApiError) -> None:
        if error.fault is Fault.TOKEN or (error.fault is Fault.REFUSED and error.code == 404):
            self._contact.turn(Link.TOKEN, error.description)
            await self._time.sleep(_TOKEN_WAIT)
        elif error.fault is Fault.CONFLICT:
            self._prepared = not error.says("webhook")
            self._contact.turn(Link.CONFLICT, error.description)
            await self._time.sleep(_CONFLICT_WAIT)
        elif error.fault is Fault.WAIT:
            await self._time.sleep(error.retry_after)
        else:
            if self._failures:  # a single hiccup is not worth a line
                self._contact.turn(Link.DOWN, error.description)
            log.debug("poll failed: %s", error)
            await self._pause(error.fault)

    async def _pause(self, fault: Fault) -> None:
        self._failures += 1
        cap = _CAPS.get(fault, _CAPS[Fault.SERVER])
        await self._time.sleep(backoff(self._failures, _FIRST, cap))

    def _forget_offset(self) -> None:
        """Everything before it is confirmed since long; a new, lower id must not be skipped."""
        if self._moved_at is not None and self._time.now() - self._moved_at > FORGET_OFFSET:
            self._offset = None
            self._moved_at = None
