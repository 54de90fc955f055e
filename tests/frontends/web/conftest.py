"""A listener on a free port, over doubles of everything behind it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from octopus.config import Http
from octopus.core.effect import Effect, EffectState
from octopus.core.event import Bus, Event
from octopus.core.job import State
from octopus.core.message import Button, Message, Reply
from octopus.core.outcome import Outcome
from octopus.frontends.web import TOKEN_FILE, Backstage, Web
from tests.fakes.notes import FakeNotes
from tests.fakes.ports import NOON, FakeClock, FakeIndex, FakeJournal, FakeReminders, FakeVault
from tests.patience import PATIENCE


class KeptEvents:
    """Events in a list, published as they are kept."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.rows: list[Event] = []

    async def after(self, event_id: int, limit: int = 500) -> list[Event]:
        return [event for event in self.rows if event.id > event_id][:limit]

    def keep(self, type_: str, *, publish: bool = True, **data: Any) -> Event:
        event = Event(type_, NOON, data, len(self.rows) + 1)
        self.rows.append(event)
        if publish:
            self.bus.publish(event)
        return event


@dataclass
class House:
    """What stands behind the listener."""

    bus: Bus = field(default_factory=Bus)
    journal: FakeJournal = field(default_factory=FakeJournal)
    vault: FakeVault = field(default_factory=FakeVault)
    reminders: FakeReminders = field(default_factory=FakeReminders)
    asked: list[tuple[str, str]] = field(default_factory=list)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    fail: Exception | None = None

    def __post_init__(self) -> None:
        self.events = KeptEvents(self.bus)

    async def ask(self, text: str, conversation: str) -> Outcome:
        """Journal, run and settle, as the supervisor does; ``hold`` keeps a text running."""
        if self.fail is not None:
            raise self.fail
        self.asked.append((text, conversation))
        key = f"{conversation}:{len(self.asked)}"
        (job,) = await self.journal.accept([Message(key, conversation, "owner", text, NOON)])
        names: dict[str, Any] = {"job": job.id, "conversation": conversation}
        self.events.keep("job.accepted", **names)
        self.bus.publish(Event("reply.partial", NOON, {**names, "text": text[:3]}))
        if text in self.hold:
            await self.hold[text].wait()
        reply = Reply(f"did {text}", (Button("Undo", "undo"),))
        job = await self.journal.settle(replace(job, intent="note.add"), State.DONE, reply)
        self.events.keep("job.done", **names)
        effect = Effect(
            7, job.id, 1, conversation, "create", "Inbox/a.md", EffectState.DONE, None, "00"
        )
        return Outcome.of(job, [effect], 1.5)

    async def status(self) -> dict[str, Any]:
        return {"Jobs": "0 running"}

    def backstage(self) -> Backstage:
        return Backstage(
            ask=self.ask,
            search=FakeIndex(self.vault),
            journal=self.journal,
            events=self.events,
            bus=self.bus,
            status=self.status,
            notes=FakeNotes(self.vault),
            clock=FakeClock(),
            reminders=self.reminders,
        )


@dataclass
class Running:
    """A listener that runs, and a client that may speak to it."""

    web: Web
    house: House
    token: str
    client: httpx.AsyncClient

    @property
    def port(self) -> int:
        return self.web.port


Start = Callable[..., contextlib.AbstractAsyncContextManager[Running]]


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def start(house: House, tmp_path: Path) -> Start:
    @asynccontextmanager
    async def begin(**settings: Any) -> AsyncIterator[Running]:
        web = Web(Http(**{"port": 0} | settings), tmp_path, house.backstage())
        await web.start()
        token = (tmp_path / TOKEN_FILE).read_text().strip()
        base = f"http://127.0.0.1:{web.port}"
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=PATIENCE) as client:
            try:
                yield Running(web, house, token, client)
            finally:
                await web.close()

    return begin


@pytest.fixture
async def running(start: Start) -> AsyncIterator[Running]:
    async with start() as running:
        yield running


@dataclass(frozen=True)
class Sent:
    """One server-sent event as a browser would read it."""

    type: str
    data: dict[str, Any]
    id: int | None


class Listener:
    """Reads a stream of server-sent events."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> Sent:
        """The next event; comments are passed over. Raises StopAsyncIteration at the end."""
        found: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    found[name] = value
                elif found:
                    event_id = int(found["id"]) if "id" in found else None
                    return Sent(found["event"], json.loads(found["data"]), event_id)
        raise StopAsyncIteration

    async def begin(self) -> None:
        """Return when the first line is there: from then on nothing is missed."""
        async with asyncio.timeout(PATIENCE):
            await anext(self._lines)

    async def rest(self) -> list[Sent]:
        """All events up to the end of the stream."""
        found = []
        with contextlib.suppress(StopAsyncIteration):
            while True:
                found.append(await self.next())
        return found


@asynccontextmanager
async def listening(
    client: httpx.AsyncClient, url: str, method: str = "GET", **more: Any
) -> AsyncIterator[Listener]:
    async with client.stream(method, url, **more) as response:
        yield Listener(response)
