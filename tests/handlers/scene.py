"""A skill's surroundings in memory, and a record of what it showed while it worked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from octopus.core.handler import Context, House, Ports
from octopus.core.job import Job
from octopus.core.meaning import Meaning
from octopus.core.message import Attachment, Kind, Message, Reply
from octopus.core.ports import Answer, Turn
from octopus.core.search import Hit, Hits
from octopus.core.writer import Effects
from octopus.errors import DeliveryRefused, ModelError, ModelUnavailable
from tests.fakes.notes import FakeNotes
from tests.fakes.ports import (
    NOON,
    FakeCalendars,
    FakeClock,
    FakeConversations,
    FakeEffects,
    FakeIndex,
    FakeJournal,
    FakeModel,
    FakePictures,
    FakeReminders,
    FakeVault,
    FakeViews,
)


class ScriptedModel(FakeModel):
    """Streams what it was given, waits first when told to, or fails."""

    def __init__(self, *answers: str | Answer | ModelError, loads: bool = False) -> None:
        super().__init__()
        self.script = list(answers)
        self.loads = loads
        self.schemas: list[Mapping[str, Any] | None] = []

    async def chat(
        self,
        turns: Sequence[Turn],
        *,
        on_text: Callable[[str], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Answer:
        self.asked.append(turns)
        self.schemas.append(schema)
        if not self.script:
            raise ModelUnavailable
        said = self.script.pop(0)
        if isinstance(said, ModelError):
            raise said
        if self.loads and on_wait is not None:
            on_wait("Loading.")
        answer = Answer(said, "fake") if isinstance(said, str) else said
        if on_text is not None:
            for end in range(4, len(answer.text) + 4, 4):
                on_text(answer.text[:end])
        return answer


class SetIndex(FakeIndex):
    """Finds what it was told to find, page by page."""

    def __init__(self, *hits: Hit, note: str = "", suggestion: str = "") -> None:
        super().__init__()
        self.found = Hits(len(hits), 1.0, "exact", hits, note, suggestion)
        self.queries: list[tuple[str, int, int]] = []

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        self.queries.append((query, limit, offset))
        return replace(self.found, hits=self.found.hits[offset : offset + limit])


class NoControl:
    """Nothing runs."""

    async def stop(self, conversation: str) -> int:
        return 0

    async def status(self) -> Mapping[str, str]:
        return {}

    async def retry(self, job_id: int) -> Job | None:
        return None


@dataclass(slots=True)
class Scene:
    """Everything around a skill. ``ctx()`` makes the context of one message."""

    files: dict[str, bytes] = field(default_factory=dict)
    model: FakeModel = field(default_factory=ScriptedModel)
    index: FakeIndex = field(default_factory=SetIndex)
    house: House = field(default_factory=House)
    conversations: FakeConversations = field(default_factory=FakeConversations)
    partials: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    jobs: int = 0

    def ctx(self, *, language: str = "en", press: str = "", about: str = "") -> Context:
        """The surroundings of the next message."""
        self.jobs += 1
        kind = Kind.PRESS if press else Kind.MESSAGE
        message = Message(
            f"k{self.jobs}", "console", "owner", "", NOON, kind, message_id="m7", press=press
        )
        job, vault = Job(self.jobs, message, NOON), FakeVault(self.files)
        effects = FakeEffects()
        return Context(
            job=job,
            message=message,
            meaning=Meaning("test", language=language),
            now=NOON,
            house=self.house,
            ports=Ports(
                vault=vault,
                index=self.index,
                model=self.model,
                journal=FakeJournal(),
                effects=effects,
                conversations=self.conversations,
                clock=FakeClock(),
                notes=FakeNotes(vault),
                reminders=FakeReminders(),
                calendars=FakeCalendars(),
                views=FakeViews(FakeJournal()),
                pictures=FakePictures(),
            ),
            effects=Effects(job, effects, vault, lambda path: None),
            control=NoControl(),
            skills={},
            understand=Meaning,
            fetch=_nothing,
            partial=self.partials.append,
            notice=self.notices.append,
            about=about,
        )


async def _nothing(attachment: Attachment) -> bytes:
    raise DeliveryRefused


def labels(reply: Reply) -> list[str]:
    """What stands on the buttons."""
    return [button.label for button in reply.buttons]


def hit(path: str, line: int = 1, snippet: str = "…", heading: str = "") -> Hit:
    """A hit in a note."""
    return Hit(path, path.rsplit("/", 1)[-1].removesuffix(".md"), heading, line, 1.0, snippet)
