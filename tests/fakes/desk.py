"""The middle of the house with the real skills and rules, over doubles of everything outside."""

from __future__ import annotations

import asyncio
import importlib
import json
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from octopus import handlers
from octopus.core.event import Bus
from octopus.core.handler import House, Ports, Skill, collect
from octopus.core.interpret import Interpreter
from octopus.core.job import Job
from octopus.core.message import Kind, Message, Reply
from octopus.core.ports import Pages
from octopus.core.supervisor import Pace, Supervisor
from octopus.language.amend import amend
from octopus.language.owner import Owner
from octopus.language.understand import understand
from tests.fakes.notes import FakeNotes
from tests.fakes.ports import (
    NOON,
    FakeCalendars,
    FakeClock,
    FakeConversations,
    FakeEffects,
    FakeFiles,
    FakeIndex,
    FakeJournal,
    FakeModel,
    FakePictures,
    FakeReminders,
    FakeVault,
    FakeViews,
)
from tests.patience import PATIENCE

PACE = Pace(workers=3, retry_first=0.0001, album_wait=0.01, grace=0.2)
CHAT = "telegram:42"


class Desk:
    """Send it messages as a front end does; look at ``vault.files`` for what came of them."""

    def __init__(
        self,
        files: Mapping[str, bytes] | None = None,
        attachments: Mapping[str, bytes] | None = None,
        pace: Pace = PACE,
        house: House | None = None,
        pages: Pages | None = None,
        model: FakeModel | None = None,
    ) -> None:
        self.journal = FakeJournal()
        self.views = FakeViews(self.journal)
        self.effects = FakeEffects()
        self.vault = FakeVault(files)
        self.index = FakeIndex(self.vault)
        self.clock = FakeClock()
        self.files = FakeFiles(attachments)
        self.model = model or FakeModel()
        self.bus = Bus()
        self.reminders = FakeReminders()
        self.calendars = FakeCalendars()
        self.skills: dict[str, Skill] = collect(
            importlib.import_module(f"{handlers.__name__}.{module.name}")
            for module in pkgutil.iter_modules(handlers.__path__)
        )
        self._numbers = 0
        ports = Ports(
            vault=self.vault,
            index=self.index,
            model=self.model,
            journal=self.journal,
            effects=self.effects,
            conversations=FakeConversations(),
            clock=self.clock,
            notes=FakeNotes(self.vault),
            reminders=self.reminders,
            calendars=self.calendars,
            views=self.views,
            pictures=FakePictures(),
            pages=pages,
        )
        owner = Owner(zone=NOON.tzinfo)
        house = house or House()
        self.supervisor = Supervisor(
            ports,
            Interpreter(
                self.journal,
                lambda text, now, reply_to: understand(
                    text, now=now, owner=owner, reply_to=reply_to
                ),
                self.skills,
                lambda done, change, whole, now: amend(
                    done, change, now=now, owner=owner, whole=whole
                ),
                house.routes,
                language=house.language,
            ),
            house,
            self.bus,
            self.files,
            pace,
            self.journal.boot,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Desk]:
        """With running workers."""
        await self.supervisor.start()
        try:
            yield self
        finally:
            await self.supervisor.close()

    def message(self, text: str = "", conversation: str = CHAT, **more: Any) -> Message:
        """The next message of the owner."""
        self._numbers += 1
        values: dict[str, Any] = {"message_id": str(self._numbers), "sent_at": self.clock.now()}
        return Message(
            f"{conversation}:{self._numbers}",
            conversation,
            "42",
            text,
            **(values | more),
        )

    async def send(self, *messages: Message) -> list[Job]:
        """Have messages that came together answered; returns their jobs as settled."""
        jobs = await self.supervisor.accept(messages)
        return [await self.settled(job) for job in jobs]

    async def settled(self, job: Job) -> Job:
        """The job once it is settled."""
        async with asyncio.timeout(PATIENCE):
            while not self.journal.rows[job.id].state.settled:
                await asyncio.sleep(0)
        return self.journal.rows[job.id]

    async def say(self, text: str = "", conversation: str = CHAT, **more: Any) -> Job:
        """Send one message and wait for its outcome."""
        (job,) = await self.send(self.message(text, conversation, **more))
        return job

    async def edit(self, job: Job, text: str, **more: Any) -> Job:
        """Edit an earlier message."""
        values: dict[str, Any] = {"message_id": job.message.message_id, "kind": Kind.EDIT}
        values |= {"attachments": job.message.attachments}
        return await self.say(text, job.message.conversation, **(values | more))

    async def press(self, job: Job, number: int = 0) -> Job:
        """Press a button of a reply, in the message that shows it."""
        button = reply_of(job).buttons[number]
        where, shown = job.message.conversation, self.shown(job)
        return await self.say("", where, kind=Kind.PRESS, press=button.id, message_id=shown)

    def shown(self, job: Job) -> str:
        """The message in which the reply to a job is shown; one that took its place stays it."""
        message_id = reply_of(job).replaces or f"of-{job.id}"
        self.journal.shown[job.message.conversation, message_id] = job.id
        return message_id

    async def act(self, intent: str, **args: Any) -> Job:
        """Ask for an intent by name, as the command line does."""
        wanted = json.dumps({"intent": intent, "args": args})
        return await self.say("", "cli:act", kind=Kind.ACT, press=wanted)

    def notes(self) -> dict[str, str]:
        """The notes by their path, as text."""
        return {
            path: data.decode()
            for path, data in self.vault.files.items()
            if path.endswith(".md") and not path.startswith(".")
        }


def reply_of(job: Job) -> Reply:
    """What was answered."""
    assert job.reply is not None
    return job.reply


class Trip:
    """Lets the n-th call to the world outside fail, before or after it took effect.

    Stands for the process dying there: the supervisor runs the job again, and what the call did
    stays done.
    """

    CALLS = (
        ("vault", "write"),
        ("vault", "move"),
        ("effects", "intend"),
        ("effects", "finish"),
        ("effects", "intend_all"),
        ("effects", "finish_all"),
        ("journal", "settle"),
        ("files", "fetch"),
    )

    def __init__(self, desk: Desk, at: int = -1, *, after: bool = False) -> None:
        self.count = 0
        self._at, self._after = at, after
        for part, method in self.CALLS:
            target = getattr(desk, part)
            setattr(target, method, self._wrapped(getattr(target, method)))

    def _wrapped(self, real: Any) -> Any:
        async def call(*args: Any, **more: Any) -> Any:
            number, self.count = self.count, self.count + 1
            if number == self._at and not self._after:
                raise OSError("the process died here")
            result = await real(*args, **more)
            if number == self._at:
                raise OSError("the process died here")
            return result

        return call


async def died_everywhere(
    make: Callable[[], Desk], run: Callable[[Desk], Awaitable[object]]
) -> AsyncIterator[tuple[str, Desk]]:
    """The desk after ``run`` for a death before and after every call to the outside."""
    quiet = make()
    trip = Trip(quiet)
    async with quiet.open():
        await run(quiet)
    yield "nowhere", quiet
    for number in range(trip.count):
        for after in (False, True):
            desk = make()
            Trip(desk, number, after=after)
            async with desk.open():
                await run(desk)
            yield f"{'after' if after else 'before'} call {number}", desk
