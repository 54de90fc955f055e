"""The parts of Octopus, built from the configuration and put together."""

from __future__ import annotations

import importlib
import pkgutil
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from loguru import logger

from octopus import handlers
from octopus.app.alarms import Alarms
from octopus.app.brief import Briefs, Habits
from octopus.app.index import derived, make_index, notes_settings
from octopus.app.owner import house, owner, privacy, routes
from octopus.backends.calendar import CalendarFiles
from octopus.backends.lock import hold_soon
from octopus.backends.notes import SqliteNotes
from octopus.backends.ollama import OllamaModel, OllamaSettings
from octopus.backends.pictures import PictureFiles
from octopus.backends.sqlite import (
    Database,
    SqliteConversations,
    SqliteEffects,
    SqliteEvents,
    SqliteJournal,
    SqliteOutbox,
    SqliteReminders,
    SqliteViews,
)
from octopus.backends.vault import VaultFiles
from octopus.config import Config
from octopus.core.event import Bus
from octopus.core.guard import Guard
from octopus.core.guarded import MaskedNotes
from octopus.core.handler import Ports, Skill, collect
from octopus.core.interpret import Interpreter
from octopus.core.job import Job
from octopus.core.meaning import Meaning
from octopus.core.message import Attachment, Kind, Message, Reply
from octopus.core.outcome import Outcome
from octopus.core.ports import Clock, Files, Notes, Pages
from octopus.core.reminder import Quiet, Reminder
from octopus.core.supervisor import Pace, Supervisor
from octopus.errors import DeliveryRefused, NotFound, Sentence
from octopus.language.amend import amend
from octopus.language.catalogue import say
from octopus.language.reminding import Wording
from octopus.language.understand import understand
from octopus.obsidian.settings import FILES, read_settings


def skills(deadlines: Mapping[str, float], language: str = "en") -> dict[str, Skill]:
    """Every skill of ``octopus.handlers``, one file each. Raises OctopusError naming the file.

    ``deadlines`` are the owner's seconds for single intents; what a skill does is told in
    ``language``.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(handlers.__path__))
    found = collect(importlib.import_module(f"{handlers.__name__}.{name}") for name in names)
    return {
        intent: replace(
            skill,
            deadline=deadlines.get(intent, skill.deadline),
            summary=say(language, f"help.{intent}", "") or skill.summary,
        )
        for intent, skill in found.items()
    }


def had_notes(vault: Path) -> str:
    """Under which name we remember that a vault had notes: empty, it is then not mounted."""
    return f"had_notes:{vault}"


class OwnerClock(Clock, Protocol):
    """A clock that the owner takes along to other zones."""

    zone: tzinfo | None


class SystemClock:
    """Fills the ``Clock`` port. The owner may go to another ``zone``."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.zone = zone

    def now(self) -> datetime:
        """The time of day in the owner's zone."""
        return datetime.now(self.zone)

    def monotonic(self) -> float:
        """Seconds that only move forward."""
        return time.monotonic()


class FrontEndFiles:
    """Fills the ``Files`` port: each front end fetches what came through it."""

    def __init__(self) -> None:
        self.by_front_end: dict[str, Files] = {}

    async def fetch(self, conversation: str, attachment: Attachment) -> bytes:
        """The bytes of an attachment."""
        files = self.by_front_end.get(conversation.partition(":")[0])
        if files is None:
            raise DeliveryRefused("Files cannot be fetched from here.", "file.nowhere")
        return await files.fetch(conversation, attachment)


class Octopus:
    """All parts, built from the configuration; opened by :meth:`opened`."""

    def __init__(self, config: Config, state: Path, clock: OwnerClock | None = None) -> None:
        self.config = config
        self.state = state
        self.boot = secrets.token_hex(8)
        self.bus = Bus()
        self.owner = owner(config)
        self.clock: OwnerClock = clock or SystemClock(config.owner.zone)
        self.database = Database(state / "octopus.db")
        self.journal = SqliteJournal(self.database, self.bus, self.boot)
        self.pictures = PictureFiles(derived(state) / "pictures")
        self.outbox = SqliteOutbox(self.database, self.pictures)
        self.effects = SqliteEffects(self.database, self.bus)
        self.events = SqliteEvents(self.database)
        self.conversations = SqliteConversations(self.database)
        self.reminders = SqliteReminders(self.database, self.bus, self.move_owner)
        self.views = SqliteViews(self.database, self.bus)
        self.vault_path = config.vault.path.absolute()
        self.vault = VaultFiles(
            self.vault_path,
            config_dir=config.vault.config_dir,
            read_only=config.vault.read_only,
        )
        self.notes = SqliteNotes(
            self.vault_path,
            derived(state) / "notes.db",
            notes_settings(config),
            expected=lambda: self.vault.had_notes,
        )
        self.model = OllamaModel(ollama_settings(config))
        self.index, self.meaning = make_index(config, state, self.model.embed)
        self.calendars = CalendarFiles(config.agenda.calendars)
        self.pages = _pages() if config.capture.fetch_titles else None
        self.files = FrontEndFiles()
        self.skills = skills(config.jobs.deadlines, config.owner.language)
        self.privacy = privacy(config)
        self.ports = self._ports()
        self.supervisor = self._supervisor()
        self.alarms = self._alarms()
        self.briefs = Briefs(
            self.supervisor.accept, self.journal, self.clock, Habits.of(self.config)
        )
        if config.search.semantic:
            self.supervisor.parts[Sentence("Meaning", "status.meaning")] = self.meaning

    def understand(self, text: str, now: datetime, reply_to: str | None = None) -> Meaning:
        """What the rules make of a text."""
        return understand(text, now=now, owner=self.owner, reply_to=reply_to)

    def amend(self, done: Meaning, change: str, whole: str, now: datetime) -> tuple[Meaning, ...]:
        """What the rules make of a correction."""
        return amend(done, change, now=now, owner=self.owner, whole=whole)

    @asynccontextmanager
    async def opened(self, *, index: bool = True) -> AsyncIterator[Octopus]:
        """Everything that works without front ends, opened in order and closed in reverse.

        Without ``index`` the caller opens what is derived from the notes later; who asks for it
        waits until then. Raises
        BusyError when another process holds the state directory.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(hold_soon(self.state))
            await self.database.open()
            stack.push_async_callback(self.database.close)
            await self._recall_vault()
            stack.callback(self.vault.close)
            stack.push_async_callback(self._remember_vault)
            stack.push_async_callback(self.model.close)
            # Closed after the supervisor, whoever opens it: jobs that end in their grace search it.
            stack.push_async_callback(self.index.close)
            stack.push_async_callback(self.notes.close)
            if index:
                await self.open_derived()
            await self._recall_zone()
            left = await self.supervisor.start()
            stack.push_async_callback(self.supervisor.close)
            if left:
                logger.info("{} jobs of an earlier run go on", left)
            yield self

    async def open_derived(self) -> None:
        """Take up what is derived from the notes; what changed since is caught up with."""
        await self.index.open()
        await self.notes.open()

    def hint(self, path: str) -> None:
        """Something happened to this file of the vault; "": to any. From any thread."""
        self.index.hint(path)
        self.notes.hint(path)

    async def look(self) -> datetime | None:
        """Tell what is due, asked for or not; returns when the next is."""
        alarm = await self.alarms.look()
        return min(filter(None, (alarm, await self.briefs.look())), default=None)

    def move_owner(self, zone: str) -> None:
        """Understand the owner by the clocks of ``zone`` from now on; "": as the settings say."""
        self.owner = replace(self.owner, zone=ZoneInfo(zone) if zone else self.config.owner.zone)
        self.clock.zone = self.owner.zone

    def home(self) -> tuple[str, str]:
        """The conversation in which reminders are told that were asked elsewhere, and its user."""
        telegram = self.config.telegram
        if telegram.token.get_secret_value() and telegram.allowed_users:
            return f"telegram:{telegram.allowed_users[0]}", str(telegram.allowed_users[0])
        return "console", "owner"

    # What front ends and commands ask for.

    async def ask(self, text: str, conversation: str, *, kind: Kind = Kind.MESSAGE) -> Outcome:
        """Have one message answered; a press or an act carries its content as ``text``."""
        began = self.clock.monotonic()
        name = secrets.token_hex(8)
        message = Message(
            key=f"{conversation}:{name}",
            conversation=conversation,
            user="owner",
            text=text if kind is Kind.MESSAGE else "",
            sent_at=self.clock.now(),
            kind=kind,
            message_id=name,
            press=text if kind is not Kind.MESSAGE else "",
        )
        job = await self.supervisor.ask(message)
        effects = await self.effects.of_job(job.id)
        return Outcome.of(job, effects, (self.clock.monotonic() - began) * 1000)

    async def press(self, job_id: int, button_id: str, conversation: str) -> Outcome:
        """Press a button of an earlier reply. Raises NotFound."""
        job = await self.journal.job(job_id)
        buttons = job.reply.buttons if job and job.reply else ()
        if not any(button.id == button_id for button in buttons):
            raise NotFound(f"Job {job_id} has no button {button_id}.")
        return await self.ask(button_id, conversation, kind=Kind.PRESS)

    async def prune(self) -> None:
        """Forget settled jobs, old images and old events."""
        gone = await self.events.prune(self.clock.now())
        logger.info("{} old rows removed", gone)

    async def alive(self) -> bool:
        """True when the loop, the workers and the store answer; the service watchdog asks."""
        await self.database.read(lambda connection: connection.execute("SELECT 1").fetchone())
        return self.supervisor.alive()

    async def status(self) -> Mapping[str, Any]:
        """What ``/status`` and the dashboard show."""
        return await self.supervisor.status()

    def seen_from(self, conversation: str) -> Ports:
        """The ports as what is said there may know of them: elsewhere, without private notes."""
        if not self.privacy.elsewhere(conversation):
            return self.ports
        return Guard.of(self.privacy, self.ports, conversation, None).ports()

    async def tell(self, job: Job, reply: Reply) -> None:
        """Say something more about a job, with nothing private in it where it goes elsewhere."""
        if self.privacy.active:
            guard = Guard.of(self.privacy, self.ports, job.lane, None)
            reply = await guard.clean(reply, "", self.config.owner.language)
        await self.journal.tell(job, reply)

    # How the parts are put together.

    def _alarms(self) -> Alarms:
        quiet = Quiet(self.config.reminders.quiet_from, self.config.reminders.quiet_until)
        wording = Wording(quiet, self.config.owner.date_order)

        def home() -> Reminder:
            now, (where, user) = self.clock.now(), self.home()
            zone, language = str(self.clock.zone), self.config.owner.language
            local = now.replace(tzinfo=None)
            return Reminder(0, "", local, zone, now, where, user=user, language=language)

        notes: Notes = self.notes
        if self.privacy.elsewhere(self.home()[0]):
            guard = Guard.of(self.privacy, self.ports, self.home()[0], None)
            notes = MaskedNotes(guard, self.notes, self.privacy.words.name(home().language))
        return Alarms(self.reminders, notes, self.clock, wording, home)

    def _ports(self) -> Ports:
        return Ports(
            vault=self.vault,
            index=self.index,
            model=self.model,
            journal=self.journal,
            effects=self.effects,
            conversations=self.conversations,
            clock=self.clock,
            notes=self.notes,
            reminders=self.reminders,
            calendars=self.calendars,
            pages=self.pages,
            views=self.views,
            pictures=self.pictures,
        )

    def _supervisor(self) -> Supervisor:
        config = self.config
        interpreter = Interpreter(
            self.journal,
            self.understand,
            self.skills,
            self.amend,
            routes(config),
            config.owner.language,
        )
        pace = Pace(
            workers=config.jobs.workers,
            attempts=config.jobs.max_attempts,
            grace=config.jobs.stop_timeout,
        )
        return Supervisor(
            self.ports,
            interpreter,
            house(config, self.home()),
            self.bus,
            self.files,
            pace,
            self.boot,
        )

    async def _recall_zone(self) -> None:
        """Take up the zone that the owner was in last; alarms follow one that was set anew."""
        now, zone = self.clock.now(), await self.reminders.zone()
        await self.reminders.move_owner(zone, self.config.owner.zone.key, now)

    async def _recall_vault(self) -> None:
        """Know an empty folder for an unmounted vault, and clear what a crash left in it."""
        known = await self.database.remembered(had_notes(self.vault_path))
        self.vault.had_notes = known == "yes"
        if await self.vault.available():
            await self.vault.sweep()
            if not self.vault.had_notes and await self.vault.notes():
                self.vault.had_notes = True
            await self._remember_vault()
            texts = {name: await self.vault.text_of(name) for name in FILES}
            for warning in read_settings(texts).warnings:
                logger.warning("{}/{}", self.config.vault.config_dir, warning)

    async def _remember_vault(self) -> None:
        if self.vault.had_notes:
            await self.database.remember(had_notes(self.vault_path), "yes")


def _pages() -> Pages:
    """What asks the web; nothing of it is imported where the owner has not allowed it."""
    door = importlib.import_module("octopus.backends.web")
    pages: Pages = door.WebPages()
    return pages


def ollama_settings(config: Config) -> OllamaSettings:
    """The section of the model."""
    return OllamaSettings(
        url=config.ollama.url,
        model=config.ollama.model,
        num_ctx=config.ollama.num_ctx,
        request_timeout=config.ollama.request_timeout,
        first_token_timeout=config.ollama.first_token_timeout,
        allow_cloud=config.ollama.allow_cloud,
    )
