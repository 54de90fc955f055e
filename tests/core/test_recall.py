"""What a message means depends on what was said just before it, and on how long ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from octopus.core.handler import Context, Skill
from octopus.core.job import Job, State
from octopus.core.meaning import ANYTHING, REFUSED, Meaning
from octopus.core.message import Button, Kind, Message, Reply
from octopus.core.policy import Capability
from octopus.core.recall import Recall
from octopus.core.view import View, ViewKind
from tests.fakes.ports import NOON, FakeJournal

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RANG = Reply("⏰ call Ann", reminder=7)


async def _nothing(_: Context) -> Reply:
    return Reply("")


def skill(intent: str, capability: Capability) -> Skill:
    return Skill(intent, _nothing, "", capability)


SKILLS = {
    "note.add": skill("note.add", Capability.ADD),
    "note.rename": skill("note.rename", Capability.CHANGE),
    "search": skill("search", Capability.READ),
    "correct": skill("correct", Capability.CHANGE),
}


async def meant(
    text: str,
    meaning: Meaning,
    before: Reply,
    plan: Mapping[str, Any] | None = None,
    *,
    ago: timedelta = MINUTE,
    kind: Kind = Kind.MESSAGE,
    skills: Mapping[str, Skill] = SKILLS,
    **more: Any,
) -> Meaning:
    """What ``text``, understood by the rules as ``meaning``, is after ``before`` was said."""
    journal = FakeJournal()
    first = Message("1", "telegram:42", "42", "before", NOON - ago, kind=kind)
    [job] = await journal.accept([first])
    journal.rows[job.id] = replace(job, state=State.DONE, reply=before, plan=plan or {})
    message = Message("2", "telegram:42", "42", text, NOON, **more)
    return await Recall(journal, skills).meant(Job(2, message, NOON), meaning, None)


QUESTION = Reply(
    "Which one?",
    buttons=(
        Button("Call Ann", "todo.complete", {"query": "Call Ann"}),
        Button("Call Bob", "todo.complete", {"query": "Call Bob"}),
    ),
    reaction="🤔",
)
ASIDE = Meaning("note.add", {"text": "call bob"}, language="de")


async def test_the_label_of_a_button_presses_it() -> None:
    found = await meant("call bob", ASIDE, QUESTION)
    assert (found.intent, found.args) == ("todo.complete", {"query": "Call Bob"})
    assert found.language == "de"
    assert found.why == ("it answers the question: Call Bob",)


@pytest.mark.parametrize(
    "more",
    [{"ago": 11 * MINUTE}, {"reply_to": "9"}],
    ids=["an old question", "an answer to something else"],
)
async def test_a_label_without_its_question_is_a_text(more: dict[str, Any]) -> None:
    assert await meant("call bob", ASIDE, QUESTION, **more) == ASIDE


SAVED = {"intent": "note.add", "args": {"text": "Milk and bread"}}
TIMED = {"intent": "note.add", "args": {"at": "2026-11-21T09:00"}}
ASKED = {"intent": "clarify", "options": []}
FOUND = {"intent": "search", "args": {"query": "milk"}}


@pytest.mark.parametrize(
    ("answers", "plan", "ago", "corrects"),
    [
        ("milk", SAVED, MINUTE, True),
        ("MILK", SAVED, MINUTE, True),
        ("lamp", SAVED, MINUTE, False),
        ("milk", SAVED, HOUR, False),
        ("", TIMED, MINUTE, True),
        ("", ASKED, MINUTE, True),
        ("", SAVED, MINUTE, False),
        (ANYTHING, SAVED, MINUTE, True),
        (ANYTHING, FOUND, MINUTE, True),
        (ANYTHING, {"intent": "note.rename", "args": {"to": "Work"}}, MINUTE, True),
        (ANYTHING, {"intent": "note.rename", "args": {"to": "Work"}}, 11 * MINUTE, False),
        (ANYTHING, {"intent": "agenda", "args": {"at": "x"}}, MINUTE, False),
        (REFUSED, SAVED, MINUTE, True),
        (REFUSED, ASKED, MINUTE, True),
        (REFUSED, FOUND, MINUTE, False),  # nothing was left behind that could be taken back
        (REFUSED, SAVED, 11 * MINUTE, False),
        (None, SAVED, MINUTE, False),
    ],
)
async def test_words_correct_what_holds_them(
    answers: str | None, plan: dict[str, Any], ago: timedelta, corrects: bool
) -> None:
    said = Meaning("note.add", {"text": "no, bread"}, answers=answers, question="?")
    found = await meant("no, bread", said, Reply("Saved"), plan, ago=ago)
    if corrects:
        assert (found.intent, found.args) == ("correct", {"change": "no, bread"})
        assert found.question is None
    else:
        assert found == said


async def test_nothing_is_corrected_where_nothing_can() -> None:
    said = Meaning("note.add", {"text": "no, bread"}, answers="milk")
    few = {"note.add": SKILLS["note.add"]}
    assert await meant("no, bread", said, Reply("Saved"), SAVED, skills=few) == said


DONE = Meaning("todo.complete", {"query": None})
MOVE = Meaning("todo.reschedule", {"query": None, "due": "2026-11-22", "at": None})


async def test_done_soon_after_a_reminder_rang_is_about_it() -> None:
    found = await meant("done", DONE, RANG, kind=Kind.ALARM)
    assert (found.intent, found.args) == ("reminder.done", {"id": 7})


@pytest.mark.parametrize(
    ("before", "kind", "ago"),
    [
        (RANG, Kind.MESSAGE, MINUTE),  # set, but it has not rung
        (RANG, Kind.ALARM, HOUR + MINUTE),
        (Reply("1. call Ann", view=View(ViewKind.LIST)), Kind.MESSAGE, MINUTE),
    ],
    ids=["merely set", "long ago", "to-dos spoken of since"],
)
async def test_done_is_about_to_dos_otherwise(before: Reply, kind: Kind, ago: timedelta) -> None:
    found = await meant("done", DONE, before, kind=kind, ago=ago)
    assert (found.intent, found.args) == ("todo.complete", {"query": None})


async def test_a_reminder_that_was_merely_set_can_be_moved() -> None:
    found = await meant("move it to tomorrow", MOVE, RANG)
    assert found.intent == "reminder.move"
    assert found.args["id"] == 7


async def test_a_to_do_that_is_named_is_no_reminder() -> None:
    named = replace(DONE, args={"query": "buy milk"})
    assert await meant("done: buy milk", named, RANG, kind=Kind.ALARM) == named
