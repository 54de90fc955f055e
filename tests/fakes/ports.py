"""Doubles of the ports that keep everything in memory; faults can be ordered."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from octopus.core.agenda import Appointment, Schedule
from octopus.core.drawing import Drawing
from octopus.core.effect import Effect, EffectState, Image, Write, digest
from octopus.core.event import Event
from octopus.core.job import Job, State
from octopus.core.message import Attachment, Button, Enclosure, Message, Reply
from octopus.core.outgoing import Act, Delivery, Outgoing
from octopus.core.ports import Answer, Standing, Turn
from octopus.core.reminder import Reminder
from octopus.core.search import Explanation, Hit, Hits, IndexStatus
from octopus.core.view import View, ViewKind
from octopus.errors import Conflict, DeliveryRefused, ModelUnavailable, UserError, VaultError

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class FakeClock:
    """A clock that moves when told."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def pass_(self, **time: float) -> None:
        """Let time go by: ``pass_(minutes=5)``."""
        self.moment += timedelta(**time)


class FakeJournal:
    """Jobs in a dictionary; ``told`` and ``settled`` in the order in which they came."""

    def __init__(self, boot: str = "boot-1") -> None:
        self.boot = boot
        self.rows: dict[int, Job] = {}
        self.keys: set[str] = set()
        self.told: list[tuple[int, Reply]] = []
        self.settled: list[Job] = []
        self.shown: dict[tuple[str, str], int] = {}
        self.unsent: set[int] = set()  # jobs whose reply is not on the phone yet
        self.used: dict[str, int] = {}
        self.fail: Counter[str] = Counter()  # how often the next calls of a method fail

    def _may_fail(self, method: str) -> None:
        if self.fail[method] > 0:
            self.fail[method] -= 1
            raise OSError(f"{method} was told to fail")

    async def accept(self, messages: Sequence[Message]) -> list[Job]:
        self._may_fail("accept")
        jobs = []
        for message in messages:
            if message.key not in self.keys:
                self.keys.add(message.key)
                job = Job(len(self.rows) + 1, message, NOON)
                self.rows[job.id] = job
                jobs.append(job)
        return jobs

    async def recover(self, boot: str) -> list[Job]:
        for job in self.rows.values():
            if job.state is State.RUNNING and job.boot != boot:
                self.rows[job.id] = replace(job, state=State.QUEUED)
        return [job for job in self.rows.values() if not job.state.settled]

    async def start(self, job: Job) -> Job:
        self._may_fail("start")
        resumed = bool(self.rows[job.id].boot)
        started = replace(job, state=State.RUNNING, attempt=job.attempt + 1, boot=self.boot)
        return self._put(replace(started, resumed=resumed))

    async def settle(
        self, job: Job, state: State, reply: Reply, absorbs: Sequence[Job] = ()
    ) -> Job:
        self._may_fail("settle")
        buttons = tuple(
            replace(button, id=f"{job.id}-{number}") for number, button in enumerate(reply.buttons)
        )
        settled = self._put(replace(job, state=state, reply=replace(reply, buttons=buttons)))
        for other in absorbs:
            self._put(replace(other, state=state, intent=job.intent))
        self.settled.append(settled)
        return settled

    async def tell(self, job: Job, reply: Reply) -> None:
        self.told.append((job.id, reply))

    async def postpone(
        self, job: Job, run_after: datetime | None, error: str = "", *, refund: bool = False
    ) -> Job:
        attempt = job.attempt - 1 if refund else job.attempt
        return self._put(
            replace(job, state=State.QUEUED, attempt=attempt, run_after=run_after, error=error)
        )

    async def job(self, job_id: int) -> Job | None:
        return self.rows.get(job_id)

    async def jobs(self, state: State | None = None, limit: int = 50) -> list[Job]:
        found = [job for job in self.rows.values() if state is None or job.state is state]
        return found[::-1][:limit]

    async def revive(self, job_id: int) -> Job | None:
        job = self.rows.get(job_id)
        if job is None or job.state not in {State.DEAD, State.CANCELLED}:
            return None
        return self._put(replace(job, state=State.QUEUED, attempt=0, error="", reply=None))

    async def versions(self, conversation: str, message_id: str) -> list[Job]:
        return [
            job
            for job in self.rows.values()
            if (job.message.conversation, job.message.message_id) == (conversation, message_id)
            and job.kind != "press"
        ]

    async def said(self, conversation: str, message_id: str) -> tuple[Job, Reply] | None:
        job = self.rows.get(self.shown.get((conversation, message_id), 0))
        return (job, job.reply) if job and job.reply else None

    async def shown_in(self, job: int) -> str:
        reply = self.rows[job].reply
        if reply is None or not reply.text or job in self.unsent:
            return ""
        return reply.replaces or f"of-{job}"

    async def album(self, conversation: str, album: str) -> list[Job]:
        return [
            job
            for job in self.rows.values()
            if (job.message.conversation, job.message.album) == (conversation, album)
        ]

    async def button(self, button_id: str, message: Message) -> Button | None:
        replies = [job.reply for job in self.rows.values() if job.reply]
        buttons = (replace(b, language=r.language) for r in replies for b in r.buttons)
        return next((button for button in buttons if button.id == button_id), None)

    async def use(self, button_id: str, job: Job) -> bool:
        return self.used.setdefault(button_id, job.id) == job.id

    async def latest(self, conversation: str, before: int, limit: int = 1) -> list[Job]:
        found = [job for job in self.rows.values() if job.lane == conversation and job.id < before]
        return found[::-1][:limit]

    def _put(self, job: Job) -> Job:
        self.rows[job.id] = job
        return job


class FakeEffects:
    """Effects in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[int, Effect] = {}
        self.images_kept: dict[int, Image] = {}
        self.now: Callable[[], datetime] = lambda: NOON

    async def step(self, job: int, step: int) -> Effect | None:
        return next((e for e in self.rows.values() if (e.job, e.step) == (job, step)), None)

    async def intend(self, effect: Effect, image: Image) -> Effect:
        known = await self.step(effect.job, effect.step)
        for other in self.rows.values():
            about_to = other.kind == effect.kind == "create" and other.path == effect.path
            if about_to and other.state is EffectState.INTENDED and other is not known:
                raise Conflict
        effect = replace(effect, id=known.id if known else len(self.rows) + 1, at=self.now())
        self.rows[effect.id] = effect
        self.images_kept[effect.id] = image
        return effect

    async def finish(self, effect: Effect) -> Effect:
        self.rows[effect.id] = effect
        if effect.undoes and effect.state is EffectState.DONE:
            undone = self.rows[effect.undoes]
            self.rows[undone.id] = replace(undone, state=EffectState.UNDONE)
            if undone.undoes:  # what it had taken back stands again
                before = self.rows[undone.undoes]
                self.rows[before.id] = replace(before, state=EffectState.DONE)
        return effect

    async def intend_all(self, writes: Sequence[tuple[Effect, Image]]) -> list[Effect]:
        return [await FakeEffects.intend(self, effect, image) for effect, image in writes]

    async def finish_all(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            await FakeEffects.finish(self, effect)

    async def effect(self, effect_id: int) -> Effect | None:
        return self.rows.get(effect_id)

    async def image(self, effect_id: int) -> Image | None:
        return self.images_kept.get(effect_id)

    async def images(self, effect_ids: Sequence[int]) -> dict[int, Image]:
        return {each: self.images_kept[each] for each in effect_ids if each in self.images_kept}

    async def of_job(self, job: int) -> list[Effect]:
        return sorted((e for e in self.rows.values() if e.job == job), key=lambda e: e.step)

    async def newest(self, conversation: str | None, limit: int = 1) -> list[Effect]:
        found = [
            e
            for e in self.rows.values()
            if e.state is EffectState.DONE
            and not e.undoes
            and conversation in {None, e.conversation}
        ]
        return sorted(found, key=self._begun, reverse=True)[:limit]

    def _begun(self, effect: Effect) -> tuple[int, int]:
        """What was made again is as old as it was the first time."""
        first = [e.id for e in self.rows.values() if e.job == effect.job and e.kind != "again"]
        return (max(first, default=0) if effect.kind == "again" else effect.id, effect.id)

    async def recent(self, since: datetime) -> list[Effect]:
        done = [e for e in self.rows.values() if e.state is EffectState.DONE]
        return [e for e in done if e.at is not None and e.at >= since]


class FakeVault:
    """Files in a dictionary; ``meddle`` is called before each write, as a faster owner."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.meddle: Callable[[str], None] = lambda path: None
        self.writes = 0

    async def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        self.meddle(path)
        if digest(self.files.get(path)) != expect:
            raise Conflict
        self.files[path] = data
        self.writes += 1

    async def read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        return [self.files.get(path) for path in paths]

    async def write_all(self, writes: Sequence[Write]) -> list[VaultError | UserError | None]:
        failed: list[VaultError | UserError | None] = []
        for write in writes:
            try:
                await self.write(*write)
            except (VaultError, UserError) as error:
                failed.append(error)
            else:
                failed.append(None)
        return failed

    async def move(self, old: str, new: str, expect: str) -> None:
        if digest(self.files.get(old)) != expect or new in self.files:
            raise Conflict
        self.files[new] = self.files.pop(old)

    async def tidy(self, folders: Sequence[str]) -> None:
        """There are no folders here."""

    async def exists(self, path: str) -> bool:
        return path.casefold() in map(str.casefold, self.files)

    async def notes(self) -> list[str]:
        return sorted(path for path in self.files if path.endswith(".md") and path[0] != ".")

    async def paths(self) -> list[str]:
        return sorted(path for path in self.files if path[0] != ".")

    async def text_of(self, name: str) -> str | None:
        data = self.files.get(f".obsidian/{name}")
        return data.decode() if data is not None else None


class FakeIndex:
    """Finds a query as it stands in the files of a vault."""

    def __init__(self, vault: FakeVault | None = None) -> None:
        self.vault = vault or FakeVault()
        self.hints: list[str] = []

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        found = [
            Hit(path, path.rsplit("/", 1)[-1][:-3], "", 1, 1.0, data.decode()[:80])
            for path, data in sorted(self.vault.files.items())
            if query.casefold() in data.decode().casefold()
        ]
        return Hits(len(found), 0.1, "exact", tuple(found[offset : offset + limit]))

    async def explain(self, query: str, note: str) -> Explanation:
        found = await self.search(query)
        return Explanation(note, any(hit.path == note for hit in found.hits))

    async def similar(self, note: str, *, limit: int = 10) -> Hits:
        """Notes that share a word with it."""
        words = set(self.vault.files[note].decode().casefold().split())
        found = [
            Hit(path, path.rsplit("/", 1)[-1][:-3], "", 1, 1.0, data.decode()[:80])
            for path, data in sorted(self.vault.files.items())
            if path != note and words & set(data.decode().casefold().split())
        ]
        return Hits(len(found), 0.1, "similar", tuple(found[:limit]))

    async def status(self) -> IndexStatus:
        return IndexStatus(len(self.vault.files), len(self.vault.files), (), 0.0, 1)

    async def rebuild(self, progress: Callable[[float], None] | None = None) -> None:
        if progress is not None:
            progress(1.0)

    def hint(self, path: str) -> None:
        self.hints.append(path)

    async def settle(self) -> None:
        """Everything is found at once."""


class FakeModel:
    """Answers with what it was given, or is not there."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[Sequence[Turn]] = []

    async def chat(
        self,
        turns: Sequence[Turn],
        *,
        on_text: Callable[[str], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Answer:
        self.asked.append(turns)
        if not self.answers:
            raise ModelUnavailable
        text = self.answers.pop(0)
        if on_text is not None:
            on_text(text)
        return Answer(text, "fake")

    async def status(self) -> str:
        return "fake" if self.answers else "no model"


class FakeCalendars:
    """Appointments as given; ``asked`` remembers for which days."""

    def __init__(self, *appointments: Appointment, faults: tuple[str, ...] = ()) -> None:
        self.appointments = appointments
        self.faults = faults
        self.asked: list[tuple[date, date]] = []

    async def between(self, first: date, last: date, zone: tzinfo) -> Schedule:
        self.asked.append((first, last))
        found = (a for a in self.appointments if a.first <= last and a.last >= first)
        return Schedule(tuple(found), self.faults)


class FakeReminders:
    """Reminders in a dictionary by id; each step of a job is done once."""

    def __init__(self) -> None:
        self.rows: dict[int, Reminder] = {}
        self.steps: dict[tuple[int, int], int] = {}
        self.owner = ""

    async def armed(self) -> list[Reminder]:
        armed = [each for each in self.rows.values() if each.due is not None]
        return sorted(armed, key=lambda each: (each.due or each.at, each.id))

    async def reminder(self, reminder_id: int) -> Reminder | None:
        return self.rows.get(reminder_id)

    async def add(self, reminder: Reminder, *, job: int, step: int) -> Reminder:
        number = self.steps.setdefault((job, step), len(self.rows) + 1)
        return self.rows.setdefault(number, replace(reminder, id=number))

    async def change(
        self, reminder: Reminder, *, job: int, step: int, conversation: str = "", undoes: int = 0
    ) -> Reminder:
        if (job, step) not in self.steps:
            self.steps[job, step] = reminder.id
            self.rows[reminder.id] = reminder
        return self.rows[reminder.id]

    async def zone(self) -> str:
        return self.owner

    async def move_owner(self, zone: str, usual: str, now: datetime) -> int:
        self.owner = zone
        return len(self.rows)


class FakeViews:
    """The views of the replies in a journal; ``changed`` are those put out since."""

    def __init__(self, journal: FakeJournal) -> None:
        self.journal = journal
        self.changed: list[tuple[str, Reply]] = []

    async def at(self, conversation: str, message_id: str) -> View | None:
        said = await self.journal.said(conversation, message_id)
        return said[1].view if said else None

    async def latest(self, conversation: str, kind: ViewKind | None = None) -> View | None:
        for job in reversed(self.journal.settled):
            view = job.reply.view if job.reply is not None and job.lane == conversation else None
            if view is not None and kind in {None, view.kind}:
                return view
        return None

    async def standing(self, prefix: str, since: datetime, limit: int) -> list[Standing]:
        found = []
        for (conversation, message_id), number in self.journal.shown.items():
            reply = self.journal.rows[number].reply
            if reply is not None and reply.view is not None and conversation.startswith(prefix):
                found.append(Standing(number, number, conversation, message_id, reply))
        return found[::-1][:limit]

    async def change(self, standing: Standing, reply: Reply) -> bool:
        self.changed.append((standing.message_id, reply))
        job = self.journal.rows[standing.job]
        number = len(self.changed)
        buttons = [
            replace(each, id=f"{job.id}-{number}-{place}")
            for place, each in enumerate(reply.buttons)
        ]
        reply = replace(reply, buttons=tuple(buttons))
        self.journal.rows[standing.job] = replace(job, reply=reply)
        return True

    async def keep(self, seen: Sequence[tuple[Standing, View]]) -> None:
        for standing, view in seen:
            job = self.journal.rows[standing.job]
            reply = replace(standing.reply, view=view)
            self.journal.rows[standing.job] = replace(job, reply=reply)


class FakeConversations:
    """Turns in a list for each conversation."""

    def __init__(self) -> None:
        self.turns: dict[str, dict[int, Sequence[Turn]]] = {}

    async def window(self, conversation: str, budget: int) -> list[Turn]:
        return [turn for turns in self.turns.get(conversation, {}).values() for turn in turns]

    async def add(self, conversation: str, job: int, turns: Sequence[Turn]) -> None:
        self.turns.setdefault(conversation, {})[job] = turns


class FakeFiles:
    """Files by reference."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = dict(files or {})

    async def fetch(self, conversation: str, attachment: Attachment) -> bytes:
        if attachment.ref not in self.files:
            raise DeliveryRefused("This file cannot be had.")
        return self.files[attachment.ref]


class FakeOutbox:
    """Outgoing rows in a list; ``say`` adds one."""

    def __init__(self) -> None:
        self.rows: dict[int, Outgoing] = {}
        self._ids = itertools.count(1)

    def say(self, conversation: str, reply: Reply, act: Act = Act.SEND, target: str = "") -> int:
        """Put a row out, as a settled job does."""
        number = next(self._ids)
        self.rows[number] = Outgoing(number, number, conversation, act, target, reply)
        return number

    async def due(self, conversation_prefix: str, limit: int = 100) -> list[Outgoing]:
        open_ = {Delivery.PENDING, Delivery.SENDING}
        return [
            row
            for row in self.rows.values()
            if row.state in open_ and row.conversation.startswith(conversation_prefix)
        ][:limit]

    async def sending(self, rows: Sequence[Outgoing]) -> None:
        for row in rows:
            now = self.rows[row.id]
            self._put(replace(now, state=Delivery.SENDING, attempt=now.attempt + 1))

    async def sent(self, row: Outgoing, parts: Sequence[str], *, last: bool = True) -> None:
        state = Delivery.SENT if last else Delivery.PENDING
        self._put(replace(self.rows[row.id], state=state, parts=tuple(parts)))

    async def delay(self, row: Outgoing, not_before: datetime, error: str) -> None:
        self._put(
            replace(self.rows[row.id], state=Delivery.PENDING, not_before=not_before, error=error)
        )

    async def bury(self, row: Outgoing, error: str) -> None:
        self._put(replace(self.rows[row.id], state=Delivery.DEAD, error=error))

    async def message_of(self, job: int) -> str:
        found = [row for row in self.rows.values() if row.job == job and row.parts]
        return found[-1].parts[0] if found else ""

    def _put(self, row: Outgoing) -> None:
        self.rows[row.id] = row


class FakeEvents:
    """Kept events in a list."""

    def __init__(self) -> None:
        self.kept: list[Event] = []

    async def after(self, event_id: int, limit: int = 500) -> list[Event]:
        return [event for event in self.kept if event.id > event_id][:limit]


class FakePictures:
    """Remembers what it was to draw; nothing is painted."""

    def __init__(self) -> None:
        self.drawn: dict[str, Drawing] = {}

    async def draw(self, drawing: Drawing, name: str) -> Enclosure:
        ref = f"{len(self.drawn)}.png"
        self.drawn[ref] = drawing
        return Enclosure("photo", f"{name}.png", "image/png", ref)

    async def read(self, ref: str) -> bytes | None:
        return b"PNG" if ref in self.drawn else None
