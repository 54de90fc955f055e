"""Hand-written doubles of what the Telegram front end is built against."""

from __future__ import annotations

import asyncio
import inspect
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from octopus.core.event import Bus, Event
from octopus.core.handler import Skill
from octopus.core.message import Enclosure, Message, Reply
from octopus.core.outgoing import Act, Delivery, Outgoing
from octopus.frontends.telegram import Telegram, TelegramSettings
from octopus.frontends.telegram.api import ApiError, Fault
from tests.fakes.telegram import OWNER, FakeTelegram
from tests.patience import PATIENCE

HERE = f"telegram:{OWNER}"
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class FakeOutbox:
    """The outbox in memory; ``log`` tells what was recorded, in order."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}  # what goes out with replies
        self.rows: dict[int, Outgoing] = {}
        self.log: list[tuple[str, tuple[int, ...]]] = []
        self.shown: defaultdict[str, list[int]] = defaultdict(list)
        self.failures = 0  # writes still to fail
        self._changed = asyncio.Event()

    def put(
        self, reply: Reply, *, act: Act = Act.SEND, target: str = "", to: str = HERE, **more: Any
    ) -> Outgoing:
        """Add a row, as settling a job does."""
        number = len(self.rows) + 1
        row = Outgoing(number, more.pop("job", number), to, act, target, reply, **more)
        self.rows[number] = row
        return row

    async def due(
        self, conversation_prefix: str, limit: int = 100, after: int = 0
    ) -> list[Outgoing]:
        self.log.append(("due", (after,)))
        return [
            row
            for row in self.rows.values()
            if row.id > after
            and row.state in {Delivery.PENDING, Delivery.SENDING}
            and row.conversation.startswith(conversation_prefix)
        ][:limit]

    async def sending(self, rows: Sequence[Outgoing]) -> None:
        self._write("sending", *rows)
        for row in rows:
            self._set(row, state=Delivery.SENDING)

    async def sent(self, row: Outgoing, parts: Sequence[str], *, last: bool = True) -> None:
        self._write("sent", row)
        for part in parts:
            self.shown[part].append(row.id)
        state = Delivery.SENT if last else Delivery.PENDING
        self._set(row, state=state, parts=tuple(parts))

    async def delay(self, row: Outgoing, not_before: datetime, error: str) -> None:
        self._write("delay", row)
        self._set(row, state=Delivery.PENDING, not_before=not_before, error=error)

    async def enclosed(self, enclosure: Enclosure) -> bytes | None:
        return self.files.get(enclosure.ref)

    async def bury(self, row: Outgoing, error: str) -> None:
        self._write("bury", row)
        self._set(row, state=Delivery.DEAD, error=error)

    async def message_of(self, job: int) -> str:
        found = [row for row in self.rows.values() if row.job == job and row.parts]
        return found[-1].parts[0] if found else ""

    def states(self) -> list[str]:
        """The states of all rows, in order."""
        return [row.state.value for row in self.rows.values()]

    async def until(self, predicate: Callable[[], object], timeout: float = PATIENCE) -> None:
        """Wait for something that a recorded change makes true."""
        async with asyncio.timeout(timeout):
            while not predicate():
                self._changed.clear()
                await self._changed.wait()

    async def until_done(self) -> None:
        """Wait until every row is sent or dead."""
        await self.until(lambda: set(self.states()) <= {"sent", "dead"})

    def _write(self, what: str, *rows: Outgoing) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("no space left on device")
        self.log.append((what, tuple(row.id for row in rows)))

    def _set(self, row: Outgoing, **changes: Any) -> None:
        self.rows[row.id] = replace(self.rows[row.id], **changes)
        self._changed.set()


Answer = Any | ApiError | Callable[[dict[str, Any]], Any]


class FakeApi:
    """The Bot API as a list of answers for each method; the last one is repeated."""

    def __init__(self, **answers: Sequence[Answer]) -> None:
        self.bot_id = 7000
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers = {name: list(queue) for name, queue in answers.items()}
        self.files: dict[str, bytes | ApiError] = {}
        self.closed = False
        self.gate: asyncio.Event | None = None  # when set: calls wait for it
        self._ids = iter(range(100, 10_000))

    async def call(self, method: str, /, *, patience: float = 30.0, **params: Any) -> Any:
        self.calls.append((method, params))
        await asyncio.sleep(0)  # a call always lets others run
        if self.gate is not None:
            await self.gate.wait()
        queue = self.answers.get(method)
        if not queue:
            return {"message_id": next(self._ids)} if method == "SendMessage" else True
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(answer, Exception):
            raise answer
        result = answer(params) if callable(answer) else answer
        return await result if inspect.isawaitable(result) else result

    async def download(self, path: str, /, *, patience: float = 120.0) -> bytes:
        self.calls.append(("download", {"path": path}))
        found = self.files[path]
        if isinstance(found, ApiError):
            raise found
        return found

    async def close(self) -> None:
        self.closed = True

    def called(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of a method."""
        return [params for name, params in self.calls if name == method]

    def names(self) -> list[str]:
        """The methods called, in order."""
        return [name for name, _ in self.calls]


def refused(description: str, code: int = 400) -> ApiError:
    """A refusal as the Bot API words it."""
    return ApiError(Fault.REFUSED, f"Bad Request: {description}", code=code)


class FakeTime:
    """Time that passes only by sleeping; sleeps are recorded and take no time."""

    def __init__(self) -> None:
        self.moment = START
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class FakeMemory:
    """Small facts in a dict."""

    def __init__(self, **facts: str) -> None:
        self.facts = dict(facts)
        self.failures = 0

    async def remembered(self, key: str) -> str | None:
        return self.facts.get(key)

    async def remember(self, key: str, value: str) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("no space left on device")
        self.facts[key] = value


Handler = Callable[[Message], Sequence[tuple[Act, Reply]]]


def echo(message: Message) -> Sequence[tuple[Act, Reply]]:
    """Answer with the same words."""
    return [(Act.SEND, Reply(f"echo: {message.text}"))]


class House:
    """The Telegram front end on a fake Bot API, with a stand-in for everything behind it.

    Accepted messages are kept by key as a journal does, and answered at once by ``handler``.
    """

    def __init__(self, fake: FakeTelegram, handler: Handler = echo, **settings: Any) -> None:
        self.fake = fake
        self.handler = handler
        self.outbox = FakeOutbox()
        self.bus = Bus()
        self.memory = FakeMemory()
        self.journal: dict[str, Message] = {}
        self.batches: list[int] = []
        self.refusals = 0  # accepts still to fail
        self.skills: Mapping[str, Skill] = {}
        defaults: dict[str, Any] = {
            "token": fake.token,
            "allowed_users": frozenset({OWNER}),
            "api_base": fake.url,
            "poll_timeout": 2.0,
            "chat_interval": 0.0,
            "total_rate": 0.0,
        }
        self.settings = TelegramSettings(**(defaults | settings))

    def telegram(self) -> Telegram:
        """A new front end, as after a restart."""
        return Telegram(
            self.settings,
            accept=self.accept,
            outbox=self.outbox,
            bus=self.bus,
            skills=self.skills,
            memory=self.memory,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Telegram]:
        """The front end, started and stopped."""
        telegram = self.telegram()
        await telegram.start()
        try:
            yield telegram
        finally:
            await telegram.close(grace=1.0)

    async def accept(self, messages: Sequence[Message]) -> None:
        """The journal: all or nothing, known keys left out."""
        if self.refusals:
            self.refusals -= 1
            raise OSError("disk full")
        self.batches.append(len(messages))
        for message in messages:
            if message.key not in self.journal:
                self.journal[message.key] = message
                job = len(self.journal)
                for act, reply in self.handler(message):
                    self.outbox.put(
                        reply,
                        act=act,
                        target=message.message_id,
                        to=message.conversation,
                        job=job,
                    )
                self.tell("job.done", job, message.conversation)

    def tell(self, type_: str, job: int, conversation: str = HERE, **data: Any) -> None:
        """Publish an event of a job."""
        data = {"job": job, "conversation": conversation, **data}
        self.bus.publish(Event(type_, datetime.now(UTC), data))

    @property
    def texts(self) -> list[str]:
        """The texts of everything that was accepted."""
        return [message.text for message in self.journal.values()]


async def eventually(predicate: Callable[[], object], timeout: float = PATIENCE) -> None:
    """Let everything else run until this holds; for states that no event announces."""
    async with asyncio.timeout(timeout):
        while not predicate():
            await asyncio.sleep(0.001)
