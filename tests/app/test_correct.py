"""Corrections and undo of reminders, over the real store."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from octopus.app.build import Octopus
from octopus.config import Config
from octopus.core.message import Kind, Message

HERE = "console"


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Octopus]:
    (folder / "vault").mkdir(exist_ok=True)
    config = Config.model_validate(
        {
            "owner": {"timezone": "Europe/Berlin"},
            "vault": {"path": str(folder / "vault")},
            "state": {"path": str(folder / "state")},
            "ollama": {"url": "http://127.0.0.1:9"},
        }
    )
    octopus = Octopus(config, config.state.path)
    async with octopus.opened():
        yield octopus


async def armed(octopus: Octopus) -> list[tuple[str, str]]:
    """Text and clock of what will ring."""
    found = await octopus.reminders.armed()
    return [(each.text, f"{each.local:%H:%M}") for each in found]


async def test_a_corrected_reminder_rings_once_and_every_undo_goes_one_step(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as octopus:
        await octopus.ask("remind me tomorrow at 9:15 to call the dentist", HERE)
        assert await armed(octopus) == [("call the dentist", "09:15")]
        told = await octopus.ask("no, at 10:45", HERE)
        assert await armed(octopus) == [("call the dentist", "10:45")]
        assert "09:15 → " in told.reply.text
        await octopus.ask("no, not dentist, plumber", HERE)
        assert await armed(octopus) == [("call the plumber", "10:45")]
        seen = []
        for _ in range(4):
            await octopus.ask("undo", HERE)
            seen.append(await armed(octopus))
    assert seen == [
        [("call the dentist", "10:45")],
        [("call the dentist", "09:15")],
        [],
        [],
    ]


async def test_a_question_about_the_time_is_answered_and_corrected(tmp_path: Path) -> None:
    async with opened(tmp_path) as octopus:
        asked = await octopus.ask("remind me about the report", HERE)
        assert asked.reply.buttons
        await octopus.ask("tomorrow at 16:30", HERE)
        assert await armed(octopus) == [("the report", "16:30")]
        await octopus.ask("no, at 17:00", HERE)
        assert await armed(octopus) == [("the report", "17:00")]
        await octopus.ask("note: something else", HERE)
        await octopus.ask("undo that reminder", HERE)
        assert await armed(octopus) == [("the report", "16:30")]


async def test_a_reminder_turned_into_a_to_do_rings_no_more(tmp_path: Path) -> None:
    async with opened(tmp_path) as octopus:
        await octopus.ask("remind me tomorrow at 9:15 to call the dentist", HERE)
        first = (await octopus.journal.jobs())[0]
        button = {"job": first.id, "intent": "todo.add", "args": {"text": "call the dentist"}}
        job = await octopus.supervisor.ask(_act(octopus, "correct", button))
        assert await armed(octopus) == []
        assert "call the dentist" in (tmp_path / "vault" / "Tasks.md").read_text("utf-8")
        assert job.plan["corrects"] == first.id
        await octopus.ask("undo", HERE)
        assert await armed(octopus) == [("call the dentist", "09:15")]
        assert not (tmp_path / "vault" / "Tasks.md").exists()


def _act(octopus: Octopus, intent: str, args: dict[str, object]) -> Message:
    return Message(
        "k1",
        HERE,
        "owner",
        "",
        octopus.clock.now(),
        Kind.ACT,
        message_id="k1",
        press=json.dumps({"intent": intent, "args": args}),
    )


async def test_what_was_done_is_known_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as octopus:
        await octopus.ask("call mom on Tuesday", HERE)
    async with opened(tmp_path) as octopus:
        await octopus.ask("no, not mom, Hanna", HERE)
        lines = (tmp_path / "vault" / "Tasks.md").read_text("utf-8").splitlines()
        jobs = await octopus.journal.jobs()
    assert len(lines) == 1
    assert "call Hanna" in lines[0]
    assert [job.plan["intent"] for job in jobs] == ["todo.add", "todo.add"]
    assert jobs[0].plan["corrects"] == jobs[1].id
