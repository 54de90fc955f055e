"""From what arrived to an intent: presses, edits and files by what they are, text by the rules."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from octopus.core.guard import Guard
from octopus.core.handler import Lane, Ports, Skill
from octopus.core.job import Job
from octopus.core.meaning import Meaning
from octopus.core.message import Kind, Message, Reply
from octopus.core.ports import Journal
from octopus.core.privacy import Privacy
from octopus.core.recall import Recall
from octopus.core.route import Route, routed
from octopus.errors import Refused

log = logging.getLogger(__name__)

#: The rules of ``octopus.language``: text, the moment, the text answered.
Understand = Callable[[str, datetime, str | None], Meaning]

#: The rules for corrections: what was done, the change, the message it stands in, the moment.
Amend = Callable[[Meaning, str, str, datetime], tuple[Meaning, ...]]

#: What an intent without a skill becomes: the text is kept.
FALLBACK = "note.add"

CAPTURE = "capture"

#: Characters; what was done with a longer text is not kept a second time.
LONGEST_PLAN = 20_000


@dataclass(frozen=True, slots=True)
class Work:
    """A job with everything that is known before it runs."""

    job: Job
    message: Message  # of an album: one message with the files of all
    meaning: Meaning
    skill: Skill | None  # None where a question has to be asked first
    about: str = ""
    absorbs: tuple[Job, ...] = ()  # jobs that are settled together with this one
    guard: Guard | None = None  # where something is private

    async def guarded(self, privacy: Privacy, ports: Ports) -> Work:
        """With a guard where the owner keeps something private."""
        if not privacy.active:
            return self
        guard = Guard.of(privacy, ports, self.message.conversation, self.skill)
        about = "" if guard.hides and await guard.private(self.about) else self.about
        return replace(self, guard=guard, about=about)


class Interpreter:
    """Finds out what a job means and which skill does it."""

    def __init__(
        self,
        journal: Journal,
        understand: Understand,
        skills: Mapping[str, Skill],
        amend: Amend = lambda *_: (),
        routes: Sequence[Route] = (),
        language: str = "en",
    ) -> None:
        self._journal = journal
        self._understand = understand
        self.amend = amend
        self._routes = routes
        self._language = language  # the owner's, where no words tell which it is
        self.skills = skills
        self._recall = Recall(journal, skills)
        self._commands = {skill.command: skill for skill in skills.values() if skill.command}

    def understand(self, text: str, when: datetime, reply_to: str | None = None) -> Meaning:
        """What would be done with a text of the owner's, commands and missing skills resolved."""
        try:
            meaning = self._understand(text, when, reply_to)
        except Exception:  # a text that the rules stumble over must not hold up all others
            log.exception("the rules failed; the text is kept as a note")
            meaning = Meaning(FALLBACK, {"text": text}, why=("the rules failed",))
        if meaning.question is not None:
            return meaning
        if meaning.intent == "command":
            return self._command(meaning)
        if meaning.intent not in self.skills:
            return replace(meaning, intent=FALLBACK, args={"text": text})
        return meaning

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
        meaning = self.understand(message.text, message.sent_at, message.reply_text or None)
        skill = self._skill(meaning)
        return skill is not None and skill.lane is Lane.MODEL

    async def work(self, job: Job) -> Work:
        """What the job means. Raises Refused for a button that means nothing (any more)."""
        message, absorbs = await self._album(job)
        answered: Reply | None = None
        if message.reply_to and (said := await self._journal.said(job.lane, message.reply_to)):
            answered = said[1]
            message = replace(message, reply_text=message.reply_text or answered.text)
        about = answered.about if answered is not None else ""
        meaning = await self._meaning(job, message, answered)
        if message.kind is Kind.MESSAGE and not about:
            meaning = routed(self._routes, message, meaning) or meaning
        return Work(job, message, meaning, self._skill(meaning), about, absorbs)

    async def _meaning(self, job: Job, message: Message, answered: Reply | None) -> Meaning:
        """By what it is; text by the rules, and by what was said before it."""
        if message.kind is Kind.PRESS:
            return await self._pressed(job)
        if message.kind is Kind.ACT:
            return Meaning(**_readable(message.press), why=("asked for by name",))
        if message.kind is Kind.EDIT:
            why = ("an earlier message was edited",)
            return Meaning("message.edited", language=self._spoken(message), why=why)
        if message.attachments or message.untrusted:
            why = ("files or a forward are kept as they came",)
            return Meaning(CAPTURE, language=self._spoken(message), why=why)
        meaning = self.understand(message.text, message.sent_at, message.reply_text or None)
        return await self._recall.meant(job, meaning, answered)

    def _skill(self, meaning: Meaning) -> Skill | None:
        """What does it; nothing where a question has to be asked first."""
        return None if meaning.question is not None else self.skills.get(meaning.intent)

    def _command(self, meaning: Meaning) -> Meaning:
        name, rest = str(meaning.args.get("name")), str(meaning.args.get("args") or "")
        skill = self._commands.get(name)
        if skill is None:
            return replace(meaning, intent="help", args={"unknown": name})
        first = next(iter(skill.parameters), None)
        given = first and rest and skill.intent != "help"  # its parameter is no word of the owner's
        args = {first: rest} if first and given else {}
        return replace(meaning, intent=skill.intent, args=args)

    async def _pressed(self, job: Job) -> Meaning:
        button = await self._journal.button(job.message.press, job.message)
        if button is None:
            raise Refused("This button is not valid any more.", "button.invalid")
        if button.confirm and not await self._journal.use(button.id, job):
            raise Refused("This was confirmed already.", "button.used")
        language, why = button.language or self._language, (f"button {button.label}",)
        return Meaning(button.intent, button.args, language=language, why=why)

    async def spoken(self, job: Job) -> str:
        """The language in which a job is spoken of that was not understood, or not to its end."""
        if job.message.kind is Kind.ACT:
            return str(_readable(job.message.press).get("language", Meaning("").language))
        if job.message.kind is not Kind.PRESS:
            return self._spoken(job.message)
        button = await self._journal.button(job.message.press, job.message)
        return button.language if button and button.language else self._language

    def _spoken(self, message: Message) -> str:
        """The language of the owner's own words with a file, or in an edited message."""
        if not message.text or message.untrusted:
            return self._language
        return self.understand(message.text, message.sent_at).language

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


def plan_of(work: Work, reply: Reply) -> Mapping[str, Any]:
    """What a correction has to know of the job: what was done, or what was asked."""
    if reply.did:
        return reply.did
    meaning = work.meaning
    if meaning.question is not None:
        options = [{"intent": o.intent, "args": dict(o.args)} for o in meaning.options]
        return {"intent": meaning.intent, "options": options}
    if reply.failed or work.skill is None or len(work.message.text) > LONGEST_PLAN:
        return {}
    return {"intent": meaning.intent, "args": dict(meaning.args)}


def _readable(press: str) -> Any:
    """What was asked for by name. A file name from a command line can have bytes that are no
    text; in JSON they are lone surrogates, which nothing behind this could write down."""
    text = json.dumps(json.loads(press), ensure_ascii=False)
    return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
