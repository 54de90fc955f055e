"""From what arrived to an intent: presses, edits and files by what they are, text by the rules."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from octopus.core.handler import Lane, Skill
from octopus.core.job import Job
from octopus.core.meaning import Meaning
from octopus.core.message import Kind, Message
from octopus.core.ports import Journal
from octopus.errors import Refused

log = logging.getLogger(__name__)

#: The rules of ``octopus.language``: text, the moment, the text answered.
Understand = Callable[[str, datetime, str | None], Meaning]

#: What an intent without a skill becomes: the text is kept.
FALLBACK = "note.add"

#: What a note would be no substitute for: the owner is told that it was not done.
ASKED_FOR = (
    "reminder.",
    "agenda",
    "todo.list",
    "todo.complete",
    "todo.reschedule",
    "todo.drop",
    "correct",
)
UNABLE = "unable"


@dataclass(frozen=True, slots=True)
class Work:
    """A job with everything that is known before it runs."""

    job: Job
    message: Message  # of an album: one message with the files of all
    meaning: Meaning
    skill: Skill | None  # None where a question has to be asked first
    about: str = ""
    absorbs: tuple[Job, ...] = ()  # jobs that are settled together with this one


class Interpreter:
    """Finds out what a job means and which skill does it."""

    def __init__(
        self, journal: Journal, understand: Understand, skills: Mapping[str, Skill]
    ) -> None:
        self._journal = journal
        self._understand = understand
        self.skills = skills
        self._commands = {skill.command: skill for skill in skills.values() if skill.command}

    def understand(self, text: str, when: datetime) -> Meaning:
        """What the rules make of a text."""
        return self._understand(text, when, None)

    def lane(self, message: Message) -> Lane:
        """Where a message waits at first: only an urgent command does not wait for its turn.

        What needs the model is handed over when its turn has come.
        """
        if message.kind is not Kind.MESSAGE or message.untrusted or message.text[:1] != "/":
            return Lane.CONVERSATION
        words = message.text[1:].split(maxsplit=1)
        skill = self._commands.get(words[0].partition("@")[0]) if words else None
        urgent = skill is not None and skill.lane is Lane.URGENT
        return Lane.URGENT if urgent else Lane.CONVERSATION

    def needs_model(self, message: Message) -> bool:
        """Whether the text alone shows that the model has to answer."""
        if message.kind is not Kind.MESSAGE or message.attachments or message.untrusted:
            return False
        meaning, skill = self._by_rules(message)
        return bool(skill and skill.lane is Lane.MODEL and meaning.question is None)

    async def work(self, job: Job) -> Work:
        """What the job means. Raises Refused for a button that means nothing (any more)."""
        message, absorbs = await self._album(job)
        about = ""
        if message.reply_to and (said := await self._journal.said(job.lane, message.reply_to)):
            about = said[1].about
            message = replace(message, reply_text=message.reply_text or said[1].text)
        if message.kind is Kind.PRESS:
            meaning, skill = await self._pressed(job)
        elif message.kind is Kind.ACT:
            meaning = Meaning(**json.loads(message.press), why=("asked for by name",))
            skill = self.skills.get(meaning.intent)
        elif message.kind is Kind.EDIT:
            meaning = Meaning("message.edited", why=("an earlier message was edited",))
            skill = self.skills.get(meaning.intent)
        elif message.attachments or message.untrusted:
            meaning = Meaning("capture", why=("files or a forward are kept as they came",))
            skill = self.skills.get(meaning.intent)
        else:
            meaning, skill = self._by_rules(message)
        return Work(job, message, meaning, skill, about, absorbs)

    def _by_rules(self, message: Message) -> tuple[Meaning, Skill | None]:
        try:
            meaning = self._understand(message.text, message.sent_at, message.reply_text or None)
        except Exception:  # a text that the rules stumble over must not hold up all others
            log.exception("the rules failed; the text is kept as a note")
            why = ("the rules failed",)
            meaning = Meaning(FALLBACK, {"text": message.text}, why=why)
        if meaning.question is not None:
            return meaning, None
        if meaning.intent == "command":
            return self._command(meaning, message)
        skill = self.skills.get(meaning.intent)
        if skill is None:
            name = UNABLE if meaning.intent.startswith(ASKED_FOR) else FALLBACK
            meaning = replace(meaning, intent=name, args={"text": message.text})
            skill = self.skills[name]
        return meaning, skill

    def _command(self, meaning: Meaning, message: Message) -> tuple[Meaning, Skill | None]:
        name, rest = str(meaning.args.get("name")), str(meaning.args.get("args") or "")
        skill = self._commands.get(name)
        if skill is None:
            return replace(meaning, intent="help", args={"unknown": name}), self.skills["help"]
        first = next(iter(skill.parameters), None)
        args = {first: rest} if first and rest else {}
        return replace(meaning, intent=skill.intent, args=args), skill

    async def _pressed(self, job: Job) -> tuple[Meaning, Skill | None]:
        button = await self._journal.button(job.message.press, job.message)
        if button is None:
            raise Refused("This button is not valid any more.")
        if button.confirm and not await self._journal.use(button.id, job):
            raise Refused("This was confirmed already.")
        meaning = Meaning(button.intent, button.args, why=(f"button {button.label}",))
        return meaning, self.skills.get(button.intent)

    async def _album(self, job: Job) -> tuple[Message, tuple[Job, ...]]:
        message = job.message
        if not message.album or message.kind is not Kind.MESSAGE:
            return message, ()
        family = await self._journal.album(job.lane, message.album)
        rest = tuple(
            other
            for other in family
            if other.id > job.id and not other.state.settled and other.kind == Kind.MESSAGE
        )
        files = (*message.attachments, *(a for other in rest for a in other.message.attachments))
        texts = [m.text for m in (message, *(other.message for other in rest)) if m.text]
        return replace(message, attachments=files, text="\n".join(texts)), rest
