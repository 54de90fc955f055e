"""The morning's brief and the evening's review: what is in them, and when they stay away."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from octopus.core.job import Job
from octopus.core.message import Kind
from octopus.errors import VaultUnavailable
from tests.fakes.desk import CHAT, Desk, reply_of
from tests.fakes.ports import NOON
from tests.handlers.test_agenda import meeting, reminder

TASKS = """- [ ] buy milk 📅 2026-11-20
- [ ] pay the rent ⏫ 📅 2026-11-16
- [x] water the plants ✅ 2026-11-20
- [x] long ago ✅ 2026-11-19
- [-] dropped ❌ 2026-11-20
- [ ] write the report 📅 2026-11-27
- [ ] some day
"""


async def told(desk: Desk, intent: str, *, language: str = "en", until: str = "") -> Job:
    """As it is asked for by the clock."""
    wanted = {"intent": intent, "args": {"until": until}, "language": language}
    return await desk.say(kind=Kind.ACT, press=json.dumps(wanted), message_id="")


async def test_the_morning() -> None:
    desk = Desk({"Tasks.md": TASKS.encode()})
    desk.calendars.appointments = (meeting("Dentist", 14),)
    desk.reminders.rows[1] = reminder("take pills", NOON + timedelta(hours=1))
    async with desk.open():
        reply = reply_of(await told(desk, "brief"))
    assert reply.text == (
        "Good morning. Today:\n\n"
        "Today, Fri 20 Nov\n"
        "13:00 ⏰ take pills\n"
        "14:00–14:45 Dentist\n"
        "1. ☐ buy milk\n\n"
        "Overdue\n"
        "2. ☐ pay the rent · Mon 16 Nov · high"
    )
    assert reply.silent
    assert [button.label for button in reply.buttons] == ["☐ 1. buy milk", "☐ 2. pay the rent"]


async def test_the_evening() -> None:
    desk = Desk({"Tasks.md": TASKS.encode()})
    async with desk.open():
        reply = reply_of(await told(desk, "review"))
    assert reply.text == (
        "Still open today:\n"
        "1. ☐ pay the rent · Mon 16 Nov · high\n"
        "2. ☐ buy milk · today, Fri 20 Nov\n\n"
        "Done today:\n"
        "☑ water the plants\n\n"
        "✓ done · → tomorrow · ✕ drop"
    )
    assert reply.silent
    labels = [button.label for button in reply.buttons]
    assert labels == ["✓ 1", "→ 1", "✕ 1", "✓ 2", "→ 2", "✕ 2"]


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (0, "- [x] pay the rent ⏫ 📅 2026-11-16 ✅ 2026-11-20"),
        (1, "- [ ] pay the rent ⏫ 📅 2026-11-21"),
        (2, "- [-] pay the rent ⏫ 📅 2026-11-16 ❌ 2026-11-20"),
    ],
)
async def test_its_buttons(number: int, line: str) -> None:
    desk = Desk({"Tasks.md": TASKS.encode()})
    async with desk.open():
        job = await told(desk, "review")
        await desk.press(job, number)
        assert desk.notes()["Tasks.md"].splitlines()[1] == line
        await desk.say("undo")
    assert desk.notes()["Tasks.md"] == TASKS


@pytest.mark.parametrize("intent", ["brief", "review"])
@pytest.mark.parametrize(
    "files",
    [
        {},
        {"Tasks.md": b"- [ ] some day\n- [x] before \xe2\x9c\x85 2026-11-19\n"},
        {"2026-11-20.md": b"# 2026-11-20\n## Plan\n## Log\n"},  # as its template made it
    ],
)
async def test_where_there_is_nothing_nothing_is_told(intent: str, files: dict[str, bytes]) -> None:
    desk = Desk(files)
    async with desk.open():
        reply = reply_of(await told(desk, intent))
    assert (reply.text, reply.reaction, reply.buttons) == ("", "", ())


@pytest.mark.parametrize("intent", ["brief", "review"])
async def test_too_late_is_not_told(intent: str) -> None:
    for minutes, said in ((0, True), (1, False)):
        desk = Desk({"Tasks.md": TASKS.encode()})
        desk.clock.pass_(minutes=minutes)
        async with desk.open():
            reply = reply_of(await told(desk, intent, until=NOON.isoformat()))
        assert bool(reply.text) is said


@pytest.mark.parametrize("intent", ["brief", "review"])
async def test_a_vault_that_is_away_needs_no_excuse(
    intent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise VaultUnavailable

    desk = Desk({"Tasks.md": TASKS.encode()})
    monkeypatch.setattr("tests.fakes.notes.FakeNotes.todos", away)
    async with desk.open():
        assert reply_of(await told(desk, intent)).text == ""


async def test_only_what_was_done() -> None:
    desk = Desk({"Tasks.md": "- [x] plants ✅ 2026-11-20\n".encode()})
    async with desk.open():
        reply = reply_of(await told(desk, "review"))
    assert reply.text == "Done today:\n☑ plants"
    assert reply.buttons == ()


async def test_very_many_stay_one_message() -> None:
    lines = [f"- [ ] task {n} 📅 2026-11-20\n" for n in range(60)]
    lines += [f"- [x] old {n} ✅ 2026-11-20\n" for n in range(60)]
    desk = Desk({"Tasks.md": "".join(lines).encode()})
    async with desk.open():
        for intent in ("brief", "review"):
            reply = reply_of(await told(desk, intent))
            assert len(reply.text) < 4096
            assert len(reply.buttons) <= 24
            assert "more" in reply.text


async def test_an_address_in_a_calendar_is_no_link() -> None:
    desk = Desk()
    desk.calendars.appointments = (meeting("see evil.example"),)
    async with desk.open():
        reply = reply_of(await told(desk, "brief"))
    assert reply.markdown
    assert "`evil.example`" in reply.text


async def test_where_it_is_told() -> None:
    desk = Desk({"Tasks.md": TASKS.encode()})
    async with desk.open():
        job = await told(desk, "brief")
    assert job.message.conversation == CHAT
    assert job.intent == "brief"
