"""The listener over the real supervisor and the real store, and over a restart of both."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from octopus.backends.sqlite import (
    Database,
    SqliteConversations,
    SqliteEffects,
    SqliteEvents,
    SqliteJournal,
)
from octopus.config import Http
from octopus.core.event import Bus
from octopus.core.handler import Context, House, Ports, Skill
from octopus.core.interpret import Interpreter
from octopus.core.meaning import Meaning
from octopus.core.message import Message, Reply
from octopus.core.outcome import Outcome
from octopus.core.policy import Capability
from octopus.core.supervisor import Pace, Supervisor
from octopus.errors import UserError
from octopus.frontends.web import Backstage, Web, read_token
from tests.fakes.notes import FakeNotes
from tests.fakes.ports import (
    FakeCalendars,
    FakeFiles,
    FakeIndex,
    FakeJournal,
    FakeModel,
    FakePictures,
    FakeReminders,
    FakeVault,
    FakeViews,
)
from tests.frontends.web.conftest import listening
from tests.patience import PATIENCE


class Wall:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


async def answer(ctx: Context, text: str = "") -> Reply:
    """Answers a word at a time."""
    words = text.split()
    for count in range(1, len(words) + 1):
        ctx.partial(" ".join(words[:count]))
        await asyncio.sleep(0)
    if text == "fail":
        raise UserError("This cannot be done.")
    return Reply(text=f"heard {text}")


def understand(text: str, when: datetime, reply_to: str | None) -> Meaning:
    return Meaning("note.add", {"text": text})


@asynccontextmanager
async def octopus(state: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Everything between the socket and the disk."""
    bus, database = Bus(), Database(state / "octopus.db")
    boot = secrets.token_hex(4)
    await database.open()
    ports = Ports(
        vault=FakeVault(),
        index=FakeIndex(),
        model=FakeModel(),
        journal=SqliteJournal(database, bus, boot),
        effects=SqliteEffects(database, bus),
        conversations=SqliteConversations(database),
        clock=Wall(),
        notes=FakeNotes(FakeVault()),
        reminders=FakeReminders(),
        calendars=FakeCalendars(),
        views=FakeViews(FakeJournal()),
        pictures=FakePictures(),
    )
    skill = Skill("note.add", answer, "answers", Capability.ADD)
    interpreter = Interpreter(ports.journal, understand, {"note.add": skill})
    pace = Pace(workers=4, retry_first=0.001, grace=1.0)
    supervisor = Supervisor(ports, interpreter, House(), bus, FakeFiles(), pace, boot)

    async def ask(text: str, conversation: str) -> Outcome:
        key = f"{conversation}:{secrets.token_hex(8)}"
        message = Message(key, conversation, "owner", text, ports.clock.now(), message_id=key)
        return Outcome.of(await supervisor.ask(message), [], 1.0)

    backstage = Backstage(
        ask,
        ports.index,
        ports.journal,
        SqliteEvents(database),
        bus,
        supervisor.status,
        ports.notes,
        ports.clock,
        ports.reminders,
    )
    web = Web(Http(port=0), state, backstage)
    await supervisor.start()
    await web.start()
    headers = {"Authorization": f"Bearer {read_token(state)}"}
    base = f"http://127.0.0.1:{web.port}"
    try:
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=PATIENCE) as client:
            yield client
    finally:
        await web.close()
        await supervisor.close()
        await database.close()


STREAM = {"Accept": "text/event-stream"}


async def test_message_to_outcome(tmp_path: Path) -> None:
    async with octopus(tmp_path) as client:
        found = (await client.post("/api/messages", json={"text": "buy a lamp"})).json()
        jobs = (await client.get("/api/jobs")).json()["jobs"]
    assert (found["job"], found["intent"], found["reply"]) == (1, "note.add", "heard buy a lamp")
    assert [(job["id"], job["state"], job["attempt"]) for job in jobs] == [(1, "done", 1)]


async def test_stages_come_in_order(tmp_path: Path) -> None:
    body = {"text": "one two three", "conversation": "desk"}
    async with (
        octopus(tmp_path) as client,
        listening(client, "/api/messages", "POST", json=body, headers=STREAM) as listener,
    ):
        found = await listener.rest()
    types = [event.type for event in found]
    assert types[0] == "job.accepted"
    assert types[-1] == "outcome"
    assert "job.done" in types
    partial = [event.data["text"] for event in found if event.type == "reply.partial"]
    assert partial == ["one", "one two", "one two three"]


async def test_many_streams_of_one_conversation_do_not_mix(tmp_path: Path) -> None:
    async with octopus(tmp_path) as client:

        async def one(number: int) -> None:
            text = f"text {number}"
            body = {"text": text, "conversation": "desk"}
            async with listening(
                client, "/api/messages", "POST", json=body, headers=STREAM
            ) as listener:
                found = await listener.rest()
            assert found[-1].data["reply"] == f"heard {text}"
            assert len({event.data["job"] for event in found}) == 1
            assert {event.data["text"] for event in found if event.type == "reply.partial"} == {
                "text", text,
            }  # fmt: skip

        await asyncio.gather(*map(one, range(20)))


async def test_events_of_an_earlier_run_are_replayed(tmp_path: Path) -> None:
    async with octopus(tmp_path) as client:
        for text in ("a", "b"):
            await client.post("/api/messages", json={"text": text})
    async with (
        octopus(tmp_path) as client,
        listening(client, "/api/events?after=0&types=job.accepted,job.done") as listener,
    ):
        before = [await listener.next() for _ in range(4)]
        await client.post("/api/messages", json={"text": "c"})
        after = [await listener.next() for _ in range(2)]
    assert [event.type for event in before + after] == ["job.accepted", "job.done"] * 3
    ids = [event.id or 0 for event in before + after]
    assert ids == sorted(set(ids))
    assert [event.data["job"] for event in before + after] == [1, 1, 2, 2, 3, 3]


async def test_a_failure_is_an_outcome_too(tmp_path: Path) -> None:
    async with octopus(tmp_path) as client:
        answered = await client.post("/api/messages", json={"text": "fail"})
        status = (await client.get("/status")).json()
    assert answered.status_code == 200
    assert "This cannot be done." in answered.json()["reply"]
    assert status["parts"]["Jobs"] == "0 running, 0 waiting"
