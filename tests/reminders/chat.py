"""A chat with the whole of Octopus, under a clock that moves when told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from octopus.app.build import Octopus
from octopus.config import Config
from octopus.core.message import Kind, Message, Reply
from octopus.core.outgoing import Act, Outgoing

CHAT = "telegram:7"
BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 11, 20, 9, 30, tzinfo=BERLIN)


class Clock:
    """Fills the ``Clock`` port for the owner who moves about."""

    def __init__(self, moment: datetime = FRIDAY) -> None:
        self.moment = moment.astimezone(UTC)
        self.zone = moment.tzinfo

    def now(self) -> datetime:
        return self.moment.astimezone(self.zone)

    def monotonic(self) -> float:
        return self.moment.timestamp()


class Chat:
    """The owner's side."""

    def __init__(self, octopus: Octopus, clock: Clock) -> None:
        self.octopus = octopus
        self.clock = clock
        self.shown: dict[str, Outgoing] = {}
        self._numbers = 0

    async def say(self, text: str, *, to: str = "", conversation: str = CHAT) -> Reply:
        """Write something, in answer to a message perhaps."""
        return await self._send(conversation, text=text, reply_to=to)

    async def press(self, label: str, on: str = "") -> Reply:
        """Press a button of the newest message that has it, or of this one."""
        for number, row in reversed(self.shown.items()):
            for button in row.reply.buttons:
                if button.label == label and on in {"", number}:
                    return await self._send(
                        CHAT, kind=Kind.PRESS, press=button.id, message_id=number
                    )
        raise LookupError(label)

    async def wait(self, **time: float) -> list[Outgoing]:
        """Let time go by; what rings then."""
        self.clock.moment += timedelta(**time)
        await self.octopus.alarms.look()
        return await self.receive()

    async def receive(self) -> list[Outgoing]:
        """What is new in the chat."""
        rows = await self.octopus.outbox.due("telegram:", 5_000)
        for row in rows:
            number = row.target if row.act is Act.EDIT else f"{9000 + row.id}"
            await self.octopus.outbox.sending([row])
            await self.octopus.outbox.sent(row, [number] if row.act is not Act.REACT else [])
            if row.act in {Act.SEND, Act.EDIT}:
                self.shown[number] = row
        return [row for row in rows if row.act is not Act.REACT]

    @property
    def last(self) -> str:
        """The newest message."""
        return next(reversed(self.shown))

    async def settled(self) -> None:
        """Everything that stands in the notes is known, and their alarms are copied."""
        await self.octopus.notes.settle()
        await self.octopus.alarms.copy()

    def note(self, path: str = "Tasks.md") -> str:
        return (self.octopus.vault_path / path).read_text(encoding="utf-8")

    def write(self, text: str, path: str = "Tasks.md") -> None:
        """The owner edits a note in Obsidian."""
        (self.octopus.vault_path / path).write_text(text, encoding="utf-8")
        self.octopus.hint(path)

    async def armed(self) -> list[str]:
        """What will ring: time and text."""
        found = await self.octopus.reminders.armed()
        return [f"{each.shown_at:%d %H:%M} {each.text}" for each in found]

    async def _send(self, conversation: str, **values: object) -> Reply:
        self._numbers += 1
        wanted = {"text": "", "message_id": str(self._numbers)} | values
        user = "7" if conversation == CHAT else "owner"
        message = Message(
            key=f"{conversation}:{self._numbers}",
            conversation=conversation,
            user=user,
            sent_at=self.clock.now(),
            **wanted,  # type: ignore[arg-type]
        )
        job = await self.octopus.supervisor.ask(message)
        await self.receive()
        assert job.reply is not None
        return job.reply


@asynccontextmanager
async def chatting(folder: Path, **sections: dict[str, object]) -> AsyncIterator[Chat]:
    """Octopus with an empty vault and a clock of its own; the folder may hold an earlier state."""
    (folder / "vault").mkdir(exist_ok=True)
    config = Config.model_validate(
        {
            "owner": {"timezone": "Europe/Berlin"},
            "vault": {"path": str(folder / "vault")},
            "state": {"path": str(folder / "state")},
            "telegram": {"token": "1:x", "allowed_users": [7]},
            "http": {"enabled": False},
            "ollama": {"url": "http://127.0.0.1:9"},
        }
        | sections
    )
    clock = Clock()
    octopus = Octopus(config, config.state.path, clock=clock)
    async with octopus.opened():
        yield Chat(octopus, clock)
