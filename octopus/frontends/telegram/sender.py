"""Delivers what the outbox holds for Telegram, every conversation on a lane of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from octopus.core.outgoing import Outgoing
from octopus.core.retry import backoff
from octopus.frontends.telegram.address import PREFIX
from octopus.frontends.telegram.lane import Lane, Tools

log = logging.getLogger(__name__)

_BATCH = 200  # rows fetched at once
_ENOUGH = 2_000  # rows in memory; the others wait in the outbox
_LOOK_ANYWAY = 60.0  # seconds after which the outbox is looked at without being told to


class Sender:
    """Looks into the outbox when woken, and hands rows to their lanes."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._lanes: dict[str, Lane] = {}
        self._woken = asyncio.Event()
        self._after = 0  # ids grow and are committed in order; what was fetched is in a lane

    def wake(self) -> None:
        """Something was put out."""
        self._woken.set()

    @property
    def waiting(self) -> int:
        """Rows in memory that are not shown yet."""
        return sum(len(lane) for lane in self._lanes.values())

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then goes on until :meth:`close`."""
        attempt = 0
        while True:
            self._woken.clear()
            try:
                found = await self._look()
            except Exception:
                attempt += 1
                log.exception("the outbox cannot be read, attempt %d", attempt)
                await asyncio.sleep(backoff(attempt))
                continue
            attempt = 0
            if found < _BATCH:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), _LOOK_ANYWAY)
            while self.waiting > _ENOUGH:  # noqa: ASYNC110 - rare, and nothing waits for it
                await asyncio.sleep(0.1)

    async def close(self, grace: float = 5.0) -> None:
        """Let the lanes flush for up to ``grace`` seconds; the rest stays in the outbox.

        :meth:`run` must have ended. It looks once more: what was settled just now goes out too.
        """
        try:
            await self._look()
        except Exception:
            log.exception("the outbox cannot be read")
        lanes = tuple(self._lanes.values())
        await asyncio.gather(*(lane.close(grace) for lane in lanes))

    async def _look(self) -> int:
        """Hand new rows to their lanes; returns how many there were."""
        rows = await self._tools.outbox.due(PREFIX, _BATCH, self._after)
        for row in rows:
            await self._hand_over(row)
            self._after = row.id
        return len(rows)

    async def _hand_over(self, row: Outgoing) -> None:
        lane = self._lanes.get(row.conversation)
        if lane is None:
            try:
                lane = Lane(row.conversation, self._tools)
            except ValueError as error:
                log.error("row %d cannot be delivered: %s", row.id, error)
                await self._tools.outbox.bury(row, str(error))
                return
            self._lanes[row.conversation] = lane
        lane.put(row)
