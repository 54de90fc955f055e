"""What is kept: jobs, writes, what is shown, reminders, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from octopus.core.effect import Effect, Image
from octopus.core.event import Event
from octopus.core.job import Job, State
from octopus.core.message import Button, Enclosure, Message, Reply
from octopus.core.outgoing import Outgoing
from octopus.core.ports.model import Turn
from octopus.core.reminder import Reminder
from octopus.core.view import View, ViewKind


class Journal(Protocol):
    """The durable life of jobs. Every call is one transaction."""

    async def accept(self, messages: Sequence[Message]) -> list[Job]:
        """Write messages down; those whose key is known already are left out."""

    async def recover(self, boot: str) -> list[Job]:
        """Queue again what another process left running; return all that is not settled."""

    async def start(self, job: Job) -> Job:
        """Count an attempt and mark the job as running: a killed process cannot forget it."""

    async def settle(
        self, job: Job, state: State, reply: Reply, absorbs: Sequence[Job] = ()
    ) -> Job:
        """Record the outcome together with everything that has to be shown for it.

        ``absorbs`` are jobs that need no outcome of their own: the rest of an album.
        """

    async def tell(self, job: Job, reply: Reply) -> None:
        """Show something before the outcome is known."""

    async def postpone(
        self, job: Job, run_after: datetime | None, error: str = "", *, refund: bool = False
    ) -> Job:
        """Queue the job again; ``refund`` takes the counted attempt back."""

    async def job(self, job_id: int) -> Job | None:
        """One job."""

    async def jobs(self, state: State | None = None, limit: int = 50) -> list[Job]:
        """The newest jobs first."""

    async def revive(self, job_id: int) -> Job | None:
        """Queue a dead or cancelled job again with fresh attempts; None if it is neither."""

    async def versions(self, conversation: str, message_id: str) -> list[Job]:
        """The jobs that an incoming message and its later edits became, oldest first."""

    async def said(self, conversation: str, message_id: str) -> tuple[Job, Reply] | None:
        """The job and reply behind a message that we sent."""

    async def shown_in(self, job: int) -> str:
        """The message whose buttons are those of a job's reply; "" where there is none yet, or
        where it holds the receipts of other jobs, too."""

    async def album(self, conversation: str, album: str) -> list[Job]:
        """The jobs whose messages belong together, oldest first."""

    async def button(self, button_id: str, message: Message) -> Button | None:
        """What a pressed button stands for.

        None when it is unknown, was made for somebody else or belongs to another message.
        """

    async def use(self, button_id: str, job: Job) -> bool:
        """Consume a button that can be pressed once; False when another job was faster."""

    async def latest(self, conversation: str, before: int, limit: int = 1) -> list[Job]:
        """The jobs of a conversation settled before the given one, newest first."""


class EffectJournal(Protocol):
    """The durable record of every write to the vault."""

    async def step(self, job: int, step: int) -> Effect | None:
        """What was recorded for this step of this job."""

    async def intend(self, effect: Effect, image: Image) -> Effect:
        """Record a write before it is made, with what it replaces; gives it its id.

        Raises Conflict for a new file that another job is about to make under this name.
        """

    async def finish(self, effect: Effect) -> Effect:
        """Record that it was made or given up, on disk no later than the outcome of its job."""

    async def intend_all(self, writes: Sequence[tuple[Effect, Image]]) -> list[Effect]:
        """As :meth:`intend` for many, in one transaction; in the same order."""

    async def finish_all(self, effects: Sequence[Effect]) -> None:
        """As :meth:`finish` for many, in one transaction."""

    async def effect(self, effect_id: int) -> Effect | None:
        """One effect."""

    async def image(self, effect_id: int) -> Image | None:
        """The bytes before and after, while they are kept."""

    async def images(self, effect_ids: Sequence[int]) -> dict[int, Image]:
        """As :meth:`image` for many; those not kept are left out."""

    async def of_job(self, job: int) -> list[Effect]:
        """The effects of a job in the order in which they were made."""

    async def newest(self, conversation: str | None, limit: int = 1) -> list[Effect]:
        """What stands and can be taken back, newest first."""

    async def recent(self, since: datetime) -> list[Effect]:
        """What was written since then and stands as done, oldest first."""


class Outbox(Protocol):
    """What front ends deliver from. Every call is one transaction."""

    async def due(
        self, conversation_prefix: str, limit: int = 100, after: int = 0
    ) -> list[Outgoing]:
        """Rows not yet delivered whose conversation starts so, in order, with ids above ``after``.

        Ids become visible in their order: what was seen need not be asked for again.
        """

    async def sending(self, rows: Sequence[Outgoing]) -> None:
        """Record that calls for these rows are about to be made."""

    async def sent(self, row: Outgoing, parts: Sequence[str], *, last: bool = True) -> None:
        """Record the message ids that the other side gave; the row is done with the last."""

    async def delay(self, row: Outgoing, not_before: datetime, error: str) -> None:
        """Try again later."""

    async def bury(self, row: Outgoing, error: str) -> None:
        """Never try again."""

    async def enclosed(self, enclosure: Enclosure) -> bytes | None:
        """The bytes that go out with a reply; None when they are not kept any more."""

    async def message_of(self, job: int) -> str:
        """The message in which a job's reply is shown; "" while it is not."""


class Events(Protocol):
    """The kept events."""

    async def after(self, event_id: int, limit: int = 500) -> list[Event]:
        """Events newer than this one, oldest first."""


class Conversations(Protocol):
    """What was said, kept whole."""

    async def window(self, conversation: str, budget: int) -> list[Turn]:
        """The newest turns that fit into ``budget`` tokens, oldest first."""

    async def add(self, conversation: str, job: int, turns: Sequence[Turn]) -> None:
        """Keep turns; a second call for the same job replaces the first."""


class Reminders(Protocol):
    """What the owner wants to be told, and when. Every call is one transaction."""

    async def armed(self) -> list[Reminder]:
        """All that will still be told, the soonest first; those of to-dos in notes too."""

    async def reminder(self, reminder_id: int) -> Reminder | None:
        """One, whatever has become of it."""

    async def add(self, reminder: Reminder, *, job: int, step: int) -> Reminder:
        """Keep one and give it its id; it can be taken back as the effect ``step`` of the job.

        A second call for the same step of a job changes nothing.
        """

    async def change(
        self, reminder: Reminder, *, job: int, step: int, conversation: str = "", undoes: int = 0
    ) -> Reminder:
        """Put ``reminder`` in the place of what is kept under its id, as an effect of the job.

        A second call for the same step of a job changes nothing. ``undoes`` is the effect that
        is taken back by this one.
        """

    async def zone(self) -> str:
        """The zone that the owner has said to be in; "" where the settings hold."""

    async def move_owner(self, zone: str, usual: str, now: datetime) -> int:
        """The owner lives by the clocks of ``zone`` from now on; returns how many move along.

        What repeats keeps its wall clock, what rings once its moment. "" stands for ``usual``.
        """


@dataclass(frozen=True, slots=True)
class Standing:
    """A message of ours that shows to-dos and can be changed."""

    row: int  # of the outbox: what was last put out for it
    job: int
    conversation: str
    message_id: str
    reply: Reply  # as it was last put out


class Views(Protocol):
    """Which messages show which to-dos. Every call is one transaction."""

    async def at(self, conversation: str, message_id: str) -> View | None:
        """What this message shows; None for one that shows no to-dos, or something else too."""

    async def latest(self, conversation: str, kind: ViewKind | None = None) -> View | None:
        """What the newest message with to-dos shows, sent already or not."""

    async def standing(self, prefix: str, since: datetime, limit: int) -> list[Standing]:
        """The newest messages in conversations that start so, put out or changed since then."""

    async def change(self, standing: Standing, reply: Reply) -> bool:
        """Put out ``reply`` in place of what the message shows.

        False when the message shows something else by now; nothing is put out then.
        """

    async def keep(self, seen: Sequence[tuple[Standing, View]]) -> None:
        """Remember where the to-dos of messages stand now; nothing is put out, they look the same.

        A message that shows something else by now is left out.
        """
