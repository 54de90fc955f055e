"""The way of rows into one chat: in order, at Telegram's pace, each shown once."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from octopus.core.crash import crash_point
from octopus.core.outgoing import Act, Delivery, Outgoing
from octopus.core.ports import Outbox
from octopus.core.retry import backoff
from octopus.frontends.telegram.address import chat_of
from octopus.frontends.telegram.api import ApiError, Fault, Upload
from octopus.frontends.telegram.calls import Calls
from octopus.frontends.telegram.pace import Pace
from octopus.frontends.telegram.reaction import nearest
from octopus.frontends.telegram.render import Content, content

log = logging.getLogger(__name__)

Write = Callable[[], Coroutine[Any, Any, None]]

_CAP = 30.0  # seconds between two attempts while the other side is in trouble
_FIRST = 0.5
_TOKEN_WAIT = 60.0  # seconds between two attempts while the token is refused
_MERGE_MAX = 200  # receipts in one message; as many transactions share one commit
_PINS = frozenset({Act.PIN, Act.UNPIN})
_SEEN = "👀"  # says that an outcome will follow; it is none


@dataclass(frozen=True, slots=True)
class Tools:
    """What every lane works with."""

    outbox: Outbox
    calls: Calls
    pace: Pace
    claim: Callable[[int], Awaitable[str]]  # a message that already shows this job's reply
    use_reactions: bool = True


@dataclass(slots=True)
class Shipment:
    """Rows that become one reply, and how far it has come."""

    rows: list[Outgoing]
    content: Content
    done: list[str] = field(default_factory=list)  # ids of the messages that are there
    doubtful: bool = False  # the next part may have been shown already
    placeholder: str = ""  # a message of ours that is to become the first part
    attempt: int = 0

    @classmethod
    def of(cls, rows: list[Outgoing]) -> Shipment:
        """From the rows as the outbox has them."""
        first = rows[0]
        doubtful = first.state is Delivery.SENDING and first.act is Act.SEND
        return cls(rows, content(rows), list(first.parts), doubtful)


class Lane:
    """One conversation: its messages one after the other, its reactions beside them."""

    def __init__(self, conversation: str, tools: Tools) -> None:
        """Raises ValueError for a conversation that is none of Telegram's."""
        self.conversation = conversation
        self._chat = chat_of(conversation)
        self._tools = tools
        self._rows: deque[Outgoing] = deque()
        self._reactions: deque[Outgoing] = deque()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._recording: asyncio.Future[Any] | None = None
        self._calling = 0
        self._closing = False

    def __len__(self) -> int:
        return len(self._rows) + len(self._reactions)

    @property
    def busy(self) -> bool:
        """True while something is on its way."""
        return any(not task.done() for task in self._tasks.values())

    def put(self, row: Outgoing) -> None:
        """Take a row; rows come in the order of their ids."""
        if row.act is Act.REACT and not self._tools.use_reactions:
            row = _in_words(row) or row
        (self._reactions if row.act is Act.REACT else self._rows).append(row)
        self._go_on()

    async def close(self, grace: float) -> None:
        """Let what is due go out for up to ``grace`` seconds; never cut a call in two."""
        if self.busy:
            await asyncio.wait(self._tasks.values(), timeout=grace)
        self._closing = True
        for task in self._tasks.values():
            if not self._calling:
                task.cancel()
        if self.busy:
            await asyncio.wait(self._tasks.values(), timeout=2.0)
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._recording is not None:
            await asyncio.wait([self._recording], timeout=2.0)

    def _go_on(self) -> None:
        for name, queue, work in (
            ("messages", self._rows, self._ship_all),
            ("reactions", self._reactions, self._react_all),
        ):
            task = self._tasks.get(name)
            if queue and (task is None or task.done()) and not self._closing:
                task = asyncio.create_task(work(), name=f"{self.conversation} {name}")
                task.add_done_callback(_report)
                self._tasks[name] = task

    # Messages and edits.

    async def _ship_all(self) -> None:
        while self._rows and not self._closing:
            rows = await self._next()
            try:
                if rows[0].act in _PINS:
                    await self._pin(rows[0])
                else:
                    await self._ship(Shipment.of(rows))
            except Exception as error:
                # A mistake of ours: the rows behind must not wait for a restart.
                log.exception("rows %s cannot be shown", [row.id for row in rows])
                await self._bury(rows, f"{type(error).__name__}: {error}")

    async def _next(self) -> list[Outgoing]:
        """The next row, or the receipts that had to wait together."""
        first, pace = self._rows[0], self._tools.pace
        if first.not_before is not None:
            pace.hold(self._chat, (first.not_before - datetime.now(UTC)).total_seconds())
        crowded = pace.crowded(self._chat)
        await (pace.message if first.act is Act.SEND else pace.other)(self._chat)
        rows = [self._rows.popleft()]
        # Rows that a crash left in the middle of a call belonged to one call: so they do again.
        together = first.state is Delivery.SENDING or crowded
        while (
            together
            and _mergeable(first)
            and len(rows) < _MERGE_MAX
            and self._rows
            and _mergeable(self._rows[0])
            and self._rows[0].state is first.state
        ):
            rows.append(self._rows.popleft())
        return rows

    async def _ship(self, shipment: Shipment) -> None:
        rows = shipment.rows
        if not shipment.content.parts:
            await self._record(rows, shipment.done, last=True)
            return
        if rows[0].act is Act.SEND and not shipment.done:
            shipment.placeholder = await self._tools.claim(rows[0].job)
        while len(shipment.done) < len(shipment.content.parts):
            try:
                await self._send_part(shipment)
            except ApiError as error:
                if not await self._survive(error, shipment):
                    return

    async def _send_part(self, shipment: Shipment) -> None:
        rows, number = shipment.rows, len(shipment.done)
        if number or shipment.attempt:  # the first turn was waited for already
            await self._tools.pace.message(self._chat)
        await self._mark(rows)
        crash_point("outbox.sending")
        self._calling += 1
        try:
            shipment.done.append(await self._show(shipment, number))
        finally:
            self._calling -= 1
        crash_point("outbox.called")
        shipment.doubtful = False
        shipment.attempt = 0
        last = len(shipment.done) == len(shipment.content.parts)
        self._recording = self._record(rows, shipment.done, last=last)
        if not last:
            await self._recording

    async def _show(self, shipment: Shipment, number: int) -> str:
        """Show one part; returns the id of its message."""
        calls, row = self._tools.calls, shipment.rows[0]
        part = shipment.content.parts[number]
        last = number == len(shipment.content.parts) - 1
        buttons = shipment.content.buttons if last else ()
        data = await self._enclosed(shipment) if number == 0 else None
        if number == 0 and data is None:
            earlier = row.target if row.act is Act.EDIT else shipment.placeholder
            if earlier and await calls.edit(self.conversation, earlier, part, buttons):
                return earlier
            if row.reply.update:
                return earlier  # the owner has deleted it, and does not want it back
        if shipment.doubtful:
            part = part.repeated()
        answers = row.target if number == 0 and row.act is Act.SEND else ""
        if len(shipment.rows) > 1:
            answers = ""
        enclosure = shipment.content.enclosure
        if data is not None and enclosure is not None:
            upload, photo = Upload(enclosure.name, data), enclosure.kind == "photo"
            return await calls.send_file(
                self.conversation, upload, part, photo=photo, answers=answers, buttons=buttons
            )
        silent = all(each.reply.silent for each in shipment.rows)
        return await calls.send(
            self.conversation, part, answers=answers, buttons=buttons, silent=silent
        )

    async def _enclosed(self, shipment: Shipment) -> bytes | None:
        """The file that goes with the first part; None where there is none (any more)."""
        enclosure = shipment.content.enclosure
        return await self._tools.outbox.enclosed(enclosure) if enclosure else None

    async def _mark(self, rows: Sequence[Outgoing]) -> None:
        """Record that a call is about to be made, after what was recorded of the last one."""
        marking = self._durably(partial(self._tools.outbox.sending, rows))
        if self._recording is None:
            await marking
            return
        # Handed in before, so both share a commit, and never do two rows count as on their way.
        recording, self._recording = self._recording, None
        await asyncio.gather(recording, marking)

    async def _survive(self, error: ApiError, shipment: Shipment) -> bool:
        """Wait as the refusal asks for; False when these rows are given up."""
        rows, fault = shipment.rows, error.fault
        shipment.attempt += 1
        if fault in {Fault.FORBIDDEN, Fault.REFUSED}:
            log.warning("not delivered to %s: %s", self.conversation, error)
            await self._bury(rows, str(error))
            return False
        if fault is Fault.BROKEN:
            # Perhaps it is there. The rows stay as they are, so that a crash knows it too.
            shipment.doubtful = True
            await asyncio.sleep(backoff(shipment.attempt, _FIRST, _CAP))
            return True
        wait = await self._pause(error, shipment.attempt)
        not_before = datetime.now(UTC) + timedelta(seconds=wait)
        for row in rows:
            await self._durably(partial(self._tools.outbox.delay, row, not_before, str(error)))
        if fault is not Fault.WAIT:
            await asyncio.sleep(wait)
        return True

    async def _pause(self, error: ApiError, attempt: int) -> float:
        """Seconds until the next attempt; a hold is told to everybody who uses this chat."""
        if error.fault is Fault.WAIT:
            log.info("told to wait %s s before writing to %s", error.retry_after, self.conversation)
            self._tools.pace.hold(self._chat, error.retry_after)
            return error.retry_after
        if error.fault in {Fault.TOKEN, Fault.CONFLICT}:
            return _TOKEN_WAIT
        return backoff(attempt, _FIRST, _CAP)

    # What stays at the top of the chat.

    async def _pin(self, row: Outgoing) -> None:
        """Pin what the row's job has shown, or let go of a message: once more does no harm."""
        if self._recording is not None:
            await self._recording  # only then does the outbox know the message
        message_id = row.target or await self._tools.outbox.message_of(row.job)
        attempt = 0
        while message_id.isdecimal():
            try:
                await self._tools.calls.pin(self.conversation, message_id, on=row.act is Act.PIN)
            except ApiError as error:
                attempt += 1
                if error.fault in {Fault.FORBIDDEN, Fault.REFUSED}:
                    log.info("not %sned in %s: %s", row.act, self.conversation, error)
                    break  # an ornament: the message itself is there
                wait = await self._pause(error, attempt)
                await asyncio.sleep(0.0 if error.fault is Fault.WAIT else wait)
                await self._tools.pace.other(self._chat)
            else:
                break
        await self._record([row], [], last=True)

    # Reactions.

    async def _react_all(self) -> None:
        while self._reactions and not self._closing:
            row = self._reactions.popleft()
            replaced = any(later.target == row.target for later in self._reactions)
            if replaced or not self._tools.use_reactions:
                await self._record([row], [], last=True)
            else:
                await self._react(row)

    async def _react(self, row: Outgoing) -> None:
        emoji = nearest(row.reply.reaction, failed=row.reply.failed)
        attempt = 0
        while True:
            await self._tools.pace.other(self._chat)
            attempt += 1
            try:
                await self._tools.calls.react(self.conversation, row.target, emoji)
            except ApiError as error:
                if error.fault in {Fault.FORBIDDEN, Fault.REFUSED}:
                    await self._unreacted(row, error)
                    return
                wait = await self._pause(error, attempt)
                await asyncio.sleep(0.0 if error.fault is Fault.WAIT else wait)
            else:
                await self._record([row], [], last=True)
                return

    async def _unreacted(self, row: Outgoing, error: ApiError) -> None:
        """The reaction was refused for good: say it in words where it was all there is to say."""
        words = _in_words(row)
        if error.fault is Fault.FORBIDDEN:
            await self._bury([row], str(error))
        elif words is None:
            log.debug("no reaction in %s: %s", self.conversation, error)
            await self._record([row], [], last=True)
        else:
            self._rows.append(words)
            self._go_on()

    # The outbox.

    def _record(
        self, rows: Sequence[Outgoing], ids: Sequence[str], *, last: bool
    ) -> asyncio.Future[Any]:
        """Hand in that these rows are shown; done when it is on disk."""
        sent = self._tools.outbox.sent
        writes = (partial(sent, row, tuple(ids), last=last) for row in rows)
        return asyncio.gather(*(asyncio.create_task(self._recorded(write)) for write in writes))

    async def _recorded(self, write: Write) -> None:
        await self._durably(write)
        crash_point("outbox.sent")

    async def _bury(self, rows: Sequence[Outgoing], error: str) -> None:
        for row in rows:
            await self._durably(partial(self._tools.outbox.bury, row, error))

    async def _durably(self, write: Write) -> None:
        """Repeat a write until it is on disk: what was shown must not be forgotten meanwhile."""
        attempt = 0
        while True:
            try:
                await write()
            except Exception:
                attempt += 1
                log.exception("the outbox cannot be written, attempt %d", attempt)
                await asyncio.sleep(backoff(attempt, _FIRST, _CAP))
            else:
                return


def _mergeable(row: Outgoing) -> bool:
    reply = row.reply
    plain = reply.receipt and not reply.markdown and not reply.replaces
    return row.act is Act.SEND and plain and bool(reply.text.strip()) and not row.parts


def _in_words(row: Outgoing) -> Outgoing | None:
    """A text instead of a reaction, where the reaction is the whole outcome; else None."""
    reply = row.reply
    if reply.text or reply.reaction == _SEEN:
        return None
    said = replace(reply, text=reply.reaction, markdown=False, receipt=True)
    return replace(row, act=Act.SEND, reply=said)


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("%s stopped", task.get_name(), exc_info=error)
