"""How a skill is written: a plain async function with a marker, found by the composition root."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import Any, TypeVar

from octopus.core.job import Job
from octopus.core.meaning import Meaning
from octopus.core.message import Attachment, Message, Reply
from octopus.core.policy import Capability
from octopus.core.ports import (
    Calendars,
    Clock,
    Control,
    Conversations,
    EffectJournal,
    Index,
    Journal,
    Model,
    Notes,
    Pages,
    Pictures,
    Reminders,
    Vault,
    Views,
)
from octopus.core.privacy import Privacy
from octopus.core.route import Route
from octopus.core.wording import Say, english
from octopus.core.writer import Effects
from octopus.errors import OctopusError

Run = Callable[..., Awaitable[Reply]]
F = TypeVar("F", bound=Run)
_MARK = "__octopus_skills__"


class Lane(StrEnum):
    """Where a skill waits for its turn."""

    URGENT = "urgent"  # at once, beside everything that runs
    CONVERSATION = "conversation"  # in order with everything else of the conversation
    MODEL = "model"  # one at a time for the whole house; holds nothing else up


@dataclass(frozen=True, slots=True)
class Skill:
    """What is known of a handler without running it; menu, help and schemas come from here."""

    intent: str
    run: Run
    summary: str  # the docstring's first line
    capability: Capability
    command: str = ""  # "/note" without the slash; "" for none
    lane: Lane = Lane.CONVERSATION
    deadline: float = 60.0  # seconds

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        """The arguments of the intent that it takes, the context left out."""
        found = dict(inspect.signature(self.run).parameters)
        found.pop(next(iter(found)))
        return found

    def arguments(self, args: Mapping[str, Any]) -> dict[str, Any] | None:
        """Those of an intent's arguments that it takes; None where one that it needs is missing."""
        named = {name + "_" * keyword.iskeyword(name): value for name, value in args.items()}
        taken = {name: named[name] for name in self.parameters if named.get(name) is not None}
        needed = {n for n, p in self.parameters.items() if p.default is inspect.Parameter.empty}
        return taken if needed <= set(taken) else None


@dataclass(frozen=True, slots=True)
class House:
    """The owner's choices that skills go by; a part of the configuration."""

    inbox: str = "Inbox"
    todo_note: str = "Tasks.md"
    template: str = ""  # of new notes with a title; "" for none
    language: str = "en"
    say: Say = english  # how the house says something, in the language of the message
    vault_name: str = "vault"
    context_tokens: int = 8192
    routes: tuple[Route, ...] = ()  # which message goes to which note, first match first
    link_note: str = ""  # where links are kept; "" for a note each in the inbox
    daily_heading: str = ""  # what is written to the daily note goes under it; "" for the end
    daily_time: str = "HH:mm"  # in the letters of moment.js
    daily_line: str = "- {time} {text}"
    zone: str = "UTC"  # the owner's zone at home, by the settings
    date_order: str = "dmy"
    home: str = "console"  # where reminders are told that were not asked for in a chat
    home_user: str = "owner"
    privacy: Privacy = field(default_factory=Privacy)
    attachment_limit: int = 20 * 1024 * 1024  # bytes; what the Bot API lets a bot download


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside that a skill may use."""

    vault: Vault
    index: Index
    model: Model
    journal: Journal
    effects: EffectJournal
    conversations: Conversations
    clock: Clock
    notes: Notes
    reminders: Reminders
    calendars: Calendars
    views: Views
    pictures: Pictures
    pages: Pages | None = None  # None: the owner has not allowed it

    def hint(self, path: str) -> None:
        """Something happened to this file: whatever is derived from it has to look again."""
        self.index.hint(path)
        self.notes.hint(path)


@dataclass(frozen=True, slots=True)
class Context:
    """What a skill is given beside the arguments of its intent."""

    job: Job
    message: Message
    meaning: Meaning
    now: datetime  # aware, in the owner's zone, when the message was sent
    house: House
    ports: Ports
    effects: Effects  # the only way to write to the vault
    control: Control
    skills: Mapping[str, Skill]
    #: What another text would mean: the text, when it was written (else now), what it answers.
    understand: Callable[..., Meaning]
    fetch: Callable[[Attachment], Awaitable[bytes]]
    partial: Callable[[str], None]  # shows the reply as far as it is known; may be dropped
    notice: Callable[[str], None]  # one short line while it takes long; may be dropped
    about: str = ""  # the note that the message answered was about
    #: What "no, Wednesday" makes of what was done: that, the change, the message it stands in.
    amend: Callable[[Meaning, str, str], tuple[Meaning, ...]] = lambda *_: ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def usage(say: Say, language: str, skill: Skill) -> Reply:
    """What to write where an argument that the skill needs is missing."""
    summary = say(language, f"help.{skill.intent}", skill.summary)
    return Reply(text=f"/{skill.command or skill.intent}: {summary}", reaction="🤔")


def handler(
    intent: str,
    *,
    capability: Capability,
    command: str = "",
    lane: Lane = Lane.CONVERSATION,
    deadline: float = 60.0,
) -> Callable[[F], F]:
    """Mark a function as the skill for an intent. Nothing happens at import but this note."""

    def mark(function: F) -> F:
        summary = (inspect.getdoc(function) or "").split("\n", 1)[0]
        skill = Skill(intent, function, summary, capability, command, lane, deadline)
        function.__dict__.setdefault(_MARK, []).append(skill)
        return function

    return mark


def collect(modules: Iterable[ModuleType]) -> dict[str, Skill]:
    """The skills of these modules by intent.

    Raises OctopusError, naming the file, for a module without a marked function, a skill
    without a docstring and an intent or command that two skills claim.
    """
    found: dict[str, Skill] = {}
    commands: dict[str, Skill] = {}
    for module in modules:
        skills = [
            skill
            for function in vars(module).values()
            if inspect.isfunction(function) and function.__module__ == module.__name__
            for skill in function.__dict__.get(_MARK, ())
        ]
        if not skills:
            raise OctopusError(f"{module.__file__}: no function is marked with @handler")
        for skill in skills:
            if not skill.summary:
                raise OctopusError(f"{module.__file__}: {skill.intent} has no docstring")
            if skill.intent in found or (skill.command and skill.command in commands):
                raise OctopusError(f"{module.__file__}: {skill.intent} is claimed twice")
            found[skill.intent] = skill
            if skill.command:
                commands[skill.command] = skill
    return found
