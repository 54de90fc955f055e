"""From what arrived to an intent: presses, edits and files by what they are, text by the rules."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from octopus.core.answer import about_reminder
from octopus.core.choose import chosen, open_question
from octopus.core.guard import Guard
from octopus.core.handler import Lane, Ports, Skill
from octopus.core.job import Job
from octopus.core.meaning import ANYTHING, REFUSED, Meaning
from octopus.core.message import Button, Kind, Message, Reply
from octopus.core.policy import Capability
from octopus.core.ports import Journal
from octopus.core.privacy import Privacy
from octopus.core.route import Route, routed
from octopus.errors import Refused

log = logging.getLogger(__name__)

#: The rules of ``octopus.language``: text, the moment, the text answered.
Understand = Callable[[str, datetime, str | None], Meaning]

#: The rules for corrections: what was done, the change, the message it stands in, the moment.
Amend = Callable[[Meaning, str, str, datetime], tuple[Meaning, ...]]

#: What an intent without a skill becomes: the text is kept.
FALLBACK = "note.add"

CORRECT = "correct"
CAPTURE = "capture"

#: How long a bare time, or "not milk, bread", is taken for an answer to what was done before.
ANSWER_WITHIN = timedelta(hours=1)

#: Replies after which a reminder is still meant by a mere "done".
NOTICED = 5

#: What "move it" and "drop it" ask of the reminder that was spoken of last.
_OF_IT = {"todo.reschedule", "todo.drop"}

#: Skills that leave something behind that can be corrected.
_DOES = {Capability.ADD, Capability.CHANGE}

#: How long "no, ..." is about what was done before, whatever its words.
REFUSED_WITHIN = timedelta(minutes=10)

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
        self._commands = {skill.command: skill for skill in skills.values() if skill.command}

    def understand(self, text: str, when: datetime, reply_to: str | None = None) -> Meaning:
        """What would be done with a text of the owner's, commands and missing skills resolved."""
        return self._by_rules(text, when, reply_to)[0]

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
        meaning, skill = self._by_rules(message.text, message.sent_at, message.reply_text or None)
        return bool(skill and skill.lane is Lane.MODEL and meaning.question is None)

    async def work(self, job: Job) -> Work:
        """What the job means. Raises Refused for a button that means nothing (any more)."""
        message, absorbs = await self._album(job)
        about, told = "", None
        if message.reply_to and (said := await self._journal.said(job.lane, message.reply_to)):
            about, told = said[1].about, said[1]
            message = replace(message, reply_text=message.reply_text or said[1].text)
        if message.kind is Kind.PRESS:
            meaning, skill = await self._pressed(job)
        elif message.kind is Kind.ACT:
            meaning = Meaning(**_readable(message.press), why=("asked for by name",))
            skill = self.skills.get(meaning.intent)
        elif message.kind is Kind.EDIT:
            why = ("an earlier message was edited",)
            meaning = Meaning("message.edited", language=self._spoken(message), why=why)
            skill = self.skills.get(meaning.intent)
        elif message.attachments or message.untrusted:
            why = ("files or a forward are kept as they came",)
            meaning = Meaning(CAPTURE, language=self._spoken(message), why=why)
            skill = self.skills.get(CAPTURE)
        else:
            meaning, skill = self._by_rules(
                message.text, message.sent_at, message.reply_text or None
            )
            button = await self._typed(job, meaning)
            if button is not None:
                why = (f"it answers the question: {button.label}",)
                language = meaning.language
                meaning = Meaning(button.intent, button.args, language=language, why=why)
                skill = self.skills.get(button.intent)
            elif meaning.answers is not None and await self._awaited(job, meaning.answers):
                why = ("it answers what was done just before",)
                meaning = replace(
                    meaning, intent=CORRECT, args={"change": message.text}, question=None, why=why
                )
                skill = self.skills[CORRECT]
            else:
                meaning, skill = await self._of_reminder(job, meaning, skill, told)
        if message.kind is Kind.MESSAGE and not about:
            place = routed(self._routes, message, meaning)
            if place is not None:
                meaning, skill = place, self.skills[CAPTURE]
        return Work(job, message, meaning, skill, about, absorbs)

    async def _of_reminder(
        self, job: Job, meaning: Meaning, skill: Skill | None, answered: Reply | None
    ) -> tuple[Meaning, Skill | None]:
        """What is said to a reminder: in answer, or "done" soon after it rang."""
        unnamed = answered is None and not job.message.reply_to and not meaning.args.get("query")
        if unnamed and meaning.intent == "todo.complete":
            answered = await self._told(job, rung=True)
            meaning = replace(meaning, args={"query": answered.text if answered else None})
        elif unnamed and meaning.intent in _OF_IT and skill is not None:
            answered = await self._told(job, rung=False)
        if answered is None or not answered.reminder:
            return meaning, skill
        meaning = about_reminder(meaning, answered.reminder, answered.text)
        return meaning, skill if meaning.question else self.skills.get(meaning.intent, skill)

    async def _told(self, job: Job, *, rung: bool) -> Reply | None:
        """The reminder that was told of within the hour, unless to-dos were spoken of since.

        ``rung``: only one that has rung counts, not one that was merely set.
        """
        for last in await self._journal.latest(job.lane, job.id, NOTICED):
            if last.reply is None or job.message.sent_at - last.message.sent_at > ANSWER_WITHIN:
                return None
            if last.reply.view is not None:
                return None
            if last.reply.reminder and (last.kind == Kind.ALARM or not rung):
                return last.reply
        return None

    async def _typed(self, job: Job, meaning: Meaning) -> Button | None:
        """The button of the question just asked that the message names in words."""
        if job.message.reply_to:
            return None
        for last in await self._journal.latest(job.lane, job.id):
            buttons = open_question(last, job.message.sent_at)
            return chosen(buttons, job.message.text, meaning)
        return None

    async def _awaited(self, job: Job, words: str) -> bool:
        """Whether what was done just before was a question, or holds these words."""
        if CORRECT not in self.skills:
            return False
        for last in await self._journal.latest(job.lane, job.id):
            recent = job.message.sent_at - last.message.sent_at < ANSWER_WITHIN
            held = json.dumps(dict(last.plan), ensure_ascii=False).casefold()
            if words == REFUSED:
                skill = self.skills.get(str(last.plan.get("intent")))
                did = skill is not None and skill.capability in _DOES
                fresh = job.message.sent_at - last.message.sent_at < REFUSED_WITHIN
                return fresh and (did or "options" in last.plan)
            if words == ANYTHING:
                return recent and any(f'"{name}"' in held for name in ("text", "query", "items"))
            if words:
                return recent and words.casefold() in held
            return recent and ("options" in last.plan or '"at"' in held)
        return False

    def _by_rules(
        self, text: str, when: datetime, reply_to: str | None
    ) -> tuple[Meaning, Skill | None]:
        try:
            meaning = self._understand(text, when, reply_to)
        except Exception:  # a text that the rules stumble over must not hold up all others
            log.exception("the rules failed; the text is kept as a note")
            why = ("the rules failed",)
            meaning = Meaning(FALLBACK, {"text": text}, why=why)
        if meaning.question is not None:
            return meaning, None
        if meaning.intent == "command":
            return self._command(meaning)
        skill = self.skills.get(meaning.intent)
        if skill is None:
            meaning = replace(meaning, intent=FALLBACK, args={"text": text})
            skill = self.skills[FALLBACK]
        return meaning, skill

    def _command(self, meaning: Meaning) -> tuple[Meaning, Skill | None]:
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
            raise Refused("This button is not valid any more.", "button.invalid")
        if button.confirm and not await self._journal.use(button.id, job):
            raise Refused("This was confirmed already.", "button.used")
        language, why = button.language or self._language, (f"button {button.label}",)
        meaning = Meaning(button.intent, button.args, language=language, why=why)
        return meaning, self.skills.get(button.intent)

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
        return self._by_rules(message.text, message.sent_at, None)[0].language

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
