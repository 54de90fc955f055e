"""What nobody should send, through the whole house: a clear sentence, and the text is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from octopus.core.job import Job, State
from octopus.core.message import Kind
from tests.fakes.desk import Desk, reply_of
from tests.language.test_bad_input import IMPOSSIBLE


def calm(job: Job) -> str:
    """The sentence of a job that ended as it should; no class of an exception is in it."""
    assert job.state is State.DONE, (job.message.text[:60], job.error)
    text = reply_of(job).text
    assert "Error" not in text
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize(("text", "language"), IMPOSSIBLE)
async def test_an_impossible_time_is_asked_about_and_a_press_keeps_the_text(
    text: str, language: str
) -> None:
    async with Desk().open() as house:
        job = await house.say(text)
        assert calm(job)
        assert house.notes() == {}
        labels = [button.intent for button in reply_of(job).buttons]
        kept = await house.press(job, labels.index("note.add"))
        calm(kept)
    assert list(house.notes().values()) == [text]


ODD = [
    "pay the bill on 1 January 10000",
    "remind me on 1 January 10000 at 9 to pay",
    "remind me every 0 days to pay",
    "every 0 days water the plants",
    "every 99999999999 days water the plants",
    "remind me every second of every day for ever to breathe",
    "every minute of every hour remind me to blink",
    "remind me in 99999999999999 minutes to blink",
    "remind me at 25:61 on 99.99.9999 to vote",
    "call Ann on 29 February 2027",
    "move the dentist to 31 February",
    "done " + "x" * 3000,
    "todo: " + "x" * 4000,
    "remind me tomorrow at 9 " + "x" * 4000,
    "no, on 31 February",
    "no, every 0 days",
    "no, in the year 10000",
    "not , ,",
    "log: " + "\u202e\u0000\u0007" + "odd",
    "https://" + "x" * 3000,
    "https://user:pw@[::1]:99999/?a=[[b]]",
    "rename the note Boat to ../../etc/passwd",
    "add x to my note ../../etc/passwd",
    "delete the note *",
    "/undo 99999999999999999999999",
    "/undo -1",
    "/daily 31 February",
    "/todo " + ", ".join(["x"] * 700),
    "/agenda 31 February",
    "/timezone Atlantis/Nowhere",
    "#" * 4000,
    "- [ ] " * 900,
    "\ud800 half a pair",
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_odd_texts_end_in_a_clear_outcome(text: str) -> None:
    async with Desk({"Boat.md": b"# Boat\n- [ ] see the dentist\n"}).open() as house:
        job = await house.say(text)
        calm(job)
        reply = reply_of(job)
        assert reply.text or reply.reaction
    assert house.vault.files["Boat.md"] == b"# Boat\n- [ ] see the dentist\n"
    assert all(not path.startswith(("/", "..")) for path in house.vault.files)


async def test_five_hundred_items_are_kept_whole() -> None:
    text = "shopping: " + ", ".join(f"thing {number}" for number in range(500))
    lines = "shopping:\n" + "\n".join(f"- thing {number}" for number in range(500))
    for each in (text, lines):
        async with Desk().open() as house:
            calm(await house.say(each))
        kept = "\n".join(house.notes().values())
        assert kept.count("thing ") == 500
        assert "thing 499" in kept


ARGUMENTS: list[tuple[str, dict[str, Any]]] = [
    ("todo.add", {"text": "x", "due": "2026-02-31"}),
    ("todo.add", {"text": "x", "due": "10000-01-01"}),
    ("todo.add", {"text": "x", "due": "soon"}),
    ("todo.add", {"text": "x", "at": "2026-11-21T25:00:00+01:00"}),
    ("todo.add", {"text": "x", "repeat": "every 0 days"}),
    ("todo.add", {"text": "x", "priority": "enormous"}),
    ("todo.add", {"text": ""}),
    ("todo.add_many", {"items": []}),
    ("todo.add_many", {"items": ["x"] * 500}),
    ("todo.reschedule", {"query": "dentist", "due": "2026-02-31"}),
    ("todo.complete", {"query": ""}),
    ("reminder.add", {"text": "x", "at": "2026-02-31T09:00:00+01:00"}),
    ("reminder.add", {"text": "x", "at": "never"}),
    ("reminder.add", {"text": "x", "at": "9999-12-31T23:59:59+00:00"}),
    ("reminder.add", {"text": "x", "at": "2026-11-21T09:00:00+01:00", "repeat": "every 0 days"}),
    ("reminder.add", {"text": "x", "at": "2026-11-21T09:00:00+01:00", "repeat": "now and then"}),
    ("daily.append", {"text": "x", "date": "2026-02-31"}),
    ("agenda", {"date": "2026-02-31"}),
    ("link.save", {"url": "not a link"}),
    ("link.save", {"url": "https://a.example", "note": "../../x"}),
    ("capture", {"route": "no such route", "text": "x"}),
    ("correct", {"job": 99, "intent": "todo.add", "args": {}}),
    ("correct", {"change": ""}),
    ("undo", {"effect": 12345}),
]


@pytest.mark.parametrize(("intent", "args"), ARGUMENTS, ids=range(len(ARGUMENTS)))
async def test_bad_arguments_of_a_program_end_in_a_sentence(
    intent: str, args: dict[str, Any]
) -> None:
    async with Desk({"Boat.md": b"- [ ] see the dentist\n"}).open() as house:
        wanted = json.dumps({"intent": intent, "args": args})
        job = await house.say("", "cli:act", kind=Kind.ACT, press=wanted)
        calm(job)
        assert reply_of(job).text or reply_of(job).reaction
    assert house.vault.files["Boat.md"] == b"- [ ] see the dentist\n"
