"""What a message means after what was said just before it: an answer, a correction, "done"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from octopus.core.answer import about_reminder
from octopus.core.choose import chosen, open_question
from octopus.core.handler import Skill
from octopus.core.job import Job
from octopus.core.meaning import ANYTHING, REFUSED, Meaning
from octopus.core.message import Button, Kind, Reply
from octopus.core.policy import Capability
from octopus.core.ports import Journal

CORRECT = "correct"

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


class Recall:
    """Looks at the last jobs of the same conversation."""

    def __init__(self, journal: Journal, skills: Mapping[str, Skill]) -> None:
        self._journal = journal
        self._skills = skills

    async def meant(self, job: Job, meaning: Meaning, answered: Reply | None) -> Meaning:
        """What the rules understood, or what it is as an answer to what was said before.

        ``answered``: the reply that the message answers by its place, if it does.
        """
        last = next(iter(await self._journal.latest(job.lane, job.id)), None)
        button = self._named(last, job, meaning) if last is not None else None
        if button is not None:
            why = (f"it answers the question: {button.label}",)
            return Meaning(button.intent, button.args, language=meaning.language, why=why)
        if last is not None and self._awaited(last, job, meaning.answers):
            why = ("it answers what was done just before",)
            args = {"change": job.message.text}
            return replace(meaning, intent=CORRECT, args=args, question=None, why=why)
        return await self._of_reminder(job, meaning, answered)

    @staticmethod
    def _named(last: Job, job: Job, meaning: Meaning) -> Button | None:
        """The button of the question just asked that the message names in words."""
        if job.message.reply_to:
            return None
        return chosen(open_question(last, job.message.sent_at), job.message.text, meaning)

    def _awaited(self, last: Job, job: Job, words: str | None) -> bool:
        """Whether what was done just before was a question, or holds the words corrected."""
        if words is None or CORRECT not in self._skills:
            return False
        age = job.message.sent_at - last.message.sent_at
        asked = "options" in last.plan
        skill = self._skills.get(str(last.plan.get("intent")))
        did = skill is not None and skill.capability in _DOES and age < REFUSED_WITHIN
        if words == REFUSED:
            return did or (asked and age < REFUSED_WITHIN)
        held = json.dumps(dict(last.plan), ensure_ascii=False).casefold()
        if words == ANYTHING:
            holds = did or any(f'"{name}"' in held for name in ("text", "query", "items"))
        elif words:
            holds = words.casefold() in held
        else:
            holds = asked or '"at"' in held
        return age < ANSWER_WITHIN and holds

    async def _of_reminder(self, job: Job, meaning: Meaning, answered: Reply | None) -> Meaning:
        """What is said to a reminder: in answer, or "done" soon after it rang."""
        unnamed = answered is None and not job.message.reply_to and not meaning.args.get("query")
        if unnamed and meaning.intent == "todo.complete":
            answered = await self._told(job, rung=True)
            meaning = replace(meaning, args={"query": answered.text if answered else None})
        elif unnamed and meaning.intent in _OF_IT and meaning.question is None:
            answered = await self._told(job, rung=False)
        if answered is None or not answered.reminder:
            return meaning
        return about_reminder(meaning, answered.reminder, answered.text)

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
