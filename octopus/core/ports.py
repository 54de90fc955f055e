"""What the middle needs of the outside, as protocols. Backends fill them, fakes in tests too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, Protocol

from octopus.core.agenda import Schedule
from octopus.core.drawing import Drawing
from octopus.core.effect import Effect, Image, Write
from octopus.core.event import Event
from octopus.core.graph import (
    ConflictCopy,
    Mention,
    Neighbourhood,
    OutlineEntry,
    Reference,
    Stats,
    TagNode,
)
from octopus.core.job import Job, State
from octopus.core.message import Attachment, Button, Enclosure, Message, Reply
from octopus.core.outgoing import Outgoing
from octopus.core.reminder import Reminder
from octopus.core.search import Explanation, Hits, IndexStatus
from octopus.core.todo import Todo
from octopus.core.view import View, ViewKind
from octopus.errors import UserError, VaultError


class Clock(Protocol):
    """The time of day in the owner's zone, and the time that only moves forward."""

    def now(self) -> datetime:
        """Aware wall-clock time in the owner's zone."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""


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


class Vault(Protocol):
    """The files of the vault. Paths are relative to its root, with "/"."""

    async def read(self, path: str) -> bytes | None:
        """The whole file, one in the trash too; None when there is none.

        Raises PathError, VaultError.
        """

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        """Replace the file as a whole if its content has the hash ``expect`` (None: no file).

        Raises Conflict when it has not, VaultError when the vault cannot be written.
        """

    async def read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """As :meth:`read` for many; None also for what is too large or behind a link."""

    async def write_all(self, writes: Sequence[Write]) -> list[VaultError | UserError | None]:
        """Replace many files, each whole or not at all, in no order; what failed has its error.

        All that succeeded is on disk when it returns.
        """

    async def move(self, old: str, new: str, expect: str) -> None:
        """Rename; never over another file. Raises Conflict."""

    async def tidy(self, folders: Sequence[str]) -> None:
        """Remove those of the folders that are empty."""

    async def exists(self, path: str) -> bool:
        """Whether there is a file, in the trash too."""

    async def notes(self) -> list[str]:
        """The paths of all notes, sorted."""

    async def paths(self) -> list[str]:
        """The paths of all visible files, sorted: notes, attachments, canvases, bases."""

    async def text_of(self, name: str) -> str | None:
        """A settings file below the vault's configuration folder, None when there is none."""


class Control(Protocol):
    """What the owner may ask of the machine itself."""

    async def stop(self, conversation: str) -> int:
        """End what runs, and what waits for the model; returns how many jobs that were."""

    async def status(self) -> Mapping[str, str]:
        """One line for each part of the house."""

    async def retry(self, job_id: int) -> Job | None:
        """Run a dead or cancelled job again; None if it is neither."""


class Index(Protocol):
    """Full-text search over the vault."""

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        """The best notes first. Never raises for an odd query."""

    async def explain(self, query: str, note: str) -> Explanation:
        """Why the note of this path or title is or is not among the answers."""

    async def similar(self, note: str, *, limit: int = 10) -> Hits:
        """Notes about the same as the one of this path or title. Raises NotFound."""

    async def status(self) -> IndexStatus:
        """How well the index covers the vault."""

    async def rebuild(self, progress: Callable[[float], None] | None = None) -> None:
        """Make the index anew; searches go on with the old one meanwhile."""

    def hint(self, path: str) -> None:
        """Something happened to this file. Cheap, from any thread."""

    async def settle(self) -> None:
        """Return when every hint given so far can be searched."""


#: Told on the loop which notes came, went or changed, after each batch of changes.
Listener = Callable[[frozenset[str]], None]


class Notes(Protocol):
    """What is known of the notes without reading them: derived tables, rebuilt from the files.

    Conflict copies of sync tools are no notes. Everything raises VaultUnavailable where there is
    no vault to know anything of.
    """

    async def todos(self, paths: Collection[str] | None = None) -> list[Todo]:
        """Every task line of the vault that the owner's settings take for one, done ones too.

        By path and line; of these notes only where ``paths`` are given.
        """

    async def files(self) -> list[str]:
        """The paths of all files, sorted: notes, attachments, canvases, bases."""

    async def unread(self) -> Mapping[str, str]:
        """The notes of which nothing but the name is known, and why: too large, no permission."""

    async def find(self, path: str) -> str | None:
        """The path as the vault has it, where ".md" may be left out; None where there is none."""

    async def links(self, path: str) -> list[Reference]:
        """The links in a note, in their order; those to a place in the note itself left out."""

    async def backlinks(self, path: str) -> list[Reference]:
        """The links of other notes to this file, by path."""

    async def seeking(self, paths: Sequence[str]) -> list[str]:
        """The notes with a link by the name of one of these files, whatever it means now.

        They are known as they are at this moment: the whole vault is looked at first.
        """

    async def unresolved(self) -> Mapping[str, tuple[Reference, ...]]:
        """The links that no file answers, by what they call it, in the spelling found first."""

    async def orphans(self) -> list[str]:
        """The notes that no other note links to."""

    async def deadends(self) -> list[str]:
        """The notes that link to no other file."""

    async def tags(self, without: Collection[str] = ()) -> tuple[TagNode, ...]:
        """The tags of all notes but those ``without`` as a tree, by name."""

    async def outline(self, path: str) -> list[OutlineEntry]:
        """The headings of a note, in their order."""

    async def stats(self) -> Stats:
        """The numbers of the vault."""

    async def mentions(self, path: str, limit: int = 200) -> list[Mention]:
        """Where other notes have the name or an alias of this one in their text, not as a link.

        Excluded notes are left out. By path and line.
        """

    async def neighbourhood(
        self, path: str, depth: int = 2, most: int = 200, without: Collection[str] = ()
    ) -> Neighbourhood:
        """The note, and what is up to ``depth`` links around it in either direction.

        Not more than ``most`` nodes: the nearest, and of these the ones with the most links.
        No way leads through the files ``without``.
        """

    async def private(self) -> frozenset[str]:
        """The paths of the files that the owner has called private, now or until they went."""

    async def conflicts(self) -> list[ConflictCopy]:
        """The copies that sync tools left; at last those that only look like one."""

    def hint(self, path: str) -> None:
        """Something happened to this file; "": to any. Cheap, from any thread."""

    def subscribe(self, listener: Listener) -> None:
        """Call ``listener`` after each batch of changes. It must be quick and not raise."""

    async def settle(self) -> None:
        """Return when every change is known that was made by us, or noticed, before the call."""


class Calendars(Protocol):
    """The owner's calendars, read only."""

    async def between(self, first: date, last: date, zone: tzinfo) -> Schedule:
        """What happens on these days of the owner's ``zone``, both included, the earliest first.

        Never raises for a calendar that cannot be read: that is told in the schedule's faults.
        """


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


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation with the model."""

    role: str  # system, user, assistant
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said."""

    text: str
    model: str
    complete: bool = True  # False when it was cut short; the owner is told
    details: Mapping[str, Any] = field(default_factory=dict)


class Model(Protocol):
    """A local language model."""

    async def chat(
        self,
        turns: Sequence[Turn],
        *,
        on_text: Callable[[str], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Answer the last turn. ``on_text`` gets the whole text so far, as it grows;
        ``on_wait`` a sentence for the owner when it takes long (the model is being loaded).

        Raises ModelUnavailable, ModelFailed; the message is for the owner.
        """

    async def status(self) -> str:
        """One line: which model, loaded or not, or why there is none."""


class Conversations(Protocol):
    """What was said, kept whole."""

    async def window(self, conversation: str, budget: int) -> list[Turn]:
        """The newest turns that fit into ``budget`` tokens, oldest first."""

    async def add(self, conversation: str, job: int, turns: Sequence[Turn]) -> None:
        """Keep turns; a second call for the same job replaces the first."""


class Files(Protocol):
    """Fetches what came with a message."""

    async def fetch(self, conversation: str, attachment: Attachment) -> bytes:
        """The bytes. Raises DeliveryRefused when they cannot be had, DeliveryDelayed later."""


class Pages(Protocol):
    """What the web says of an address, asked only where the owner allows it."""

    async def title(self, url: str) -> str:
        """The title that a page gives itself, as it came; "" where there is none to be had.

        Never raises and never takes longer than a few seconds.
        """


class Pictures(Protocol):
    """Draws, and keeps what it drew until it is sent."""

    async def draw(self, drawing: Drawing, name: str) -> Enclosure:
        """The drawing as a file to go out with a reply; ``name`` is without an ending."""

    async def read(self, ref: str) -> bytes | None:
        """The bytes of one that was drawn; None when it is not kept any more."""


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
