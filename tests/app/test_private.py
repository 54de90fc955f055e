"""What is private leaves by no way: canaries in text, properties, tags and names of private notes.

Every skill is called from Telegram with everything that could bring one of them out, every button
is pressed, and the same is asked of the model; then the requests that the fake servers got are
searched. Without the setting the same questions bring canaries out, so the search can find them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from octopus.app.build import Octopus
from octopus.app.daemon import _conflicts, _telegram
from octopus.config import Config
from octopus.core.handler import Lane, Skill
from octopus.core.job import State
from octopus.core.message import Kind, Message, Reply
from tests.fakes.ollama import FakeOllama
from tests.fakes.telegram import OWNER, FakeTelegram

CANARY = "kestrel"
PRIVATE = ["Journal/", "#private"]
NOTES = {
    # Found by a plain name, by a word and by links; each of its parts has a canary.
    "Journal/day.md": """---
secret: kestrelproperty
aliases: [hall lamp, kestrelalias]
tags: [kestreltag]
---
# kestrelheading
The key of the hall is under the kestrelstone in the garden, near the old lamp.
- [ ] call the kestreldoctor about the hall 📅 2026-11-20
- [ ] feed the kestrel ⏰ 2026-11-20 12:00
[[Lamp]] [[kestrelmissing]] [[Hall]]
""",
    "Journal/kestrelname hall.md": "lamp in the hall, see [[Hall]] and [[day]]\n",
    "Rooms/Kestrelroom hall.md": """#private/rooms lamp hall kestrelcellar [[Lamp]]
- [ ] kestrelpaint
""",
    "Rooms/Hall.md": "# Hall\nThe lamp hangs here. [[Lamp]] [[day]]\n- [ ] oil the door\n",
    "Lamp.md": "A lamp for the hall. day\n- [ ] buy a bulb 📅 2026-11-20\n",
    "Journal/pic.sync-conflict-20261120-093000-KESTREL.md": "kestrelcopy",
}
SAID = [
    *("search hall", "search lamp", "search kestral", "search kestrelston", "find tag:private"),
    *("/ask where is the key of the hall?", "/links day", "/links Lamp", "/links Hall"),
    *("open day", "open Lamp", "/todo", "/today", "what's on today?", "done doctor", "done call"),
    *(
        "add “more” to my day note",
        "delete the note day",
        'rename "day" to "night"',
        "undo",
        "undo",
    ),
    *("/similar day", "/similar Lamp", "/index", "/status", "/help", "tell me about the hall"),
    *(
        "what did I write about the hall?",
        "move call to Friday",
        "summarise my notes",
        "/graph Lamp",
    ),
]
#: What is tried for the arguments of skills.
VALUES: dict[str, list[Any]] = {
    "note": ["day", "Journal/day.md", "Rooms/Kestrelroom hall", "Lamp"],
    "query": ["hall", "doctor", "kestral", "path:Journal", "lamp"],
    "question": ["where is the key of the hall?"],
    "text": ["the hall lamp"],
    "path": ["Journal/day.md"],
    "from": ["day"],
    "to": ["night"],
    "when": ["all", "today", "[[day]]", "Journal/day.md", "day", "#kestreltag"],
    "heading": [""],
    "change": ["replace lamp with candle"],
}


def configured(tmp_path: Path, private: list[str], telegram: str, ollama: str) -> Config:
    for name, text in NOTES.items():
        path = tmp_path / "vault" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Config.model_validate(
        {
            "owner": {"timezone": "Europe/Berlin"},
            "telegram": {
                "token": "7000:TEST",
                "allowed_users": [OWNER],
                "api_base": telegram,
                "chat_interval": 0,
                "total_rate": 0,
                "poll_timeout": 1,
            },
            "vault": {"path": str(tmp_path / "vault"), "private": private},
            "state": {"path": str(tmp_path / "state")},
            "http": {"enabled": False},
            "jobs": {"max_attempts": 2},
            "ollama": {"url": ollama},
        }
    )


@asynccontextmanager
async def house(
    tmp_path: Path, private: list[str]
) -> AsyncIterator[tuple[Octopus, FakeTelegram, FakeOllama]]:
    async with FakeTelegram(token="7000:TEST") as telegram, FakeOllama() as ollama:
        config = configured(tmp_path, private, telegram.url, ollama.url)
        octopus = Octopus(config, config.state.path)
        front = _telegram(octopus)
        assert front is not None
        async with octopus.opened():
            await front.start()
            try:
                yield octopus, telegram, ollama
            finally:
                await front.close()


NUMBERS = count(1)


async def ask(octopus: Octopus, text: str, kind: Kind = Kind.MESSAGE) -> Reply:
    """One message from Telegram, as the poller hands it on."""
    number = str(next(NUMBERS))
    message = Message(
        key=f"private:{number}",
        conversation=f"telegram:{OWNER}",
        user=str(OWNER),
        text=text if kind is Kind.MESSAGE else "",
        sent_at=octopus.clock.now(),
        kind=kind,
        message_id=number,
        press=text if kind is not Kind.MESSAGE else "",
    )
    return (await octopus.supervisor.ask(message)).reply or Reply()


async def everything(octopus: Octopus, telegram: FakeTelegram) -> None:
    """Every skill with every value, then every button that came of it."""
    for text in SAID:
        await ask(octopus, text)
    for skill in octopus.skills.values():
        for args in _arguments(skill):
            wanted = json.dumps({"intent": skill.intent, "args": args})
            await ask(octopus, wanted, Kind.ACT)
    await delivered(octopus, telegram, "endofquestions")
    for message in telegram.shown():
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                telegram.forge_press(message, button["callback_data"])
    await telegram.wait_for(lambda: not telegram.pending)
    await delivered(octopus, telegram, "endofeverything")


def _arguments(skill: Skill) -> list[dict[str, Any]]:
    names = [name.rstrip("_") for name in skill.parameters]
    known = [name for name in names if name in VALUES]
    usual = {name: VALUES[name][0] for name in known}
    found = [usual | {name: value} for name in known for value in VALUES[name]]
    return found or [{}]


async def delivered(octopus: Octopus, telegram: FakeTelegram, last: str = "theend") -> None:
    """All that was said has been sent: what is said last is shown last."""
    while await octopus.journal.jobs(State.QUEUED) or await octopus.journal.jobs(State.RUNNING):
        await asyncio.sleep(0.01)
    await ask(octopus, f"search {last}")
    await telegram.wait_for(lambda: [text for text in telegram.texts() if last in text])


def leaks(telegram: FakeTelegram, ollama: FakeOllama) -> list[str]:
    sent = [repr((call.method, call.params)) for call in telegram.calls]
    sent += [repr(asked.body) for asked in ollama.asked]
    return [text for text in sent if CANARY in text.casefold()]


def _untyped(leak: str) -> str:
    """What a request says beside the words that the owner wrote there himself."""
    for word in ("kestrelston”", "Kestrelroom hall”", "#kestreltag"):
        leak = leak.replace(word, "")
    return leak.casefold()


async def test_nothing_private_leaves_whatever_is_asked(tmp_path: Path) -> None:
    async with house(tmp_path, PRIVATE) as (octopus, telegram, ollama):
        await everything(octopus, telegram)
        # Words that the owner typed in Telegram were there before.
        found = [leak for leak in leaks(telegram, ollama) if CANARY in _untyped(leak)]
        assert found == []
        assert any("left out here" in text for text in telegram.texts())
        assert ollama.asked  # the model was asked, with what may be said


async def test_without_the_setting_the_same_questions_bring_it_out(tmp_path: Path) -> None:
    async with house(tmp_path, []) as (octopus, telegram, ollama):
        for text in (
            "search hall",
            "open day",
            "/ask where is the key of the hall?",
            "/links Lamp",
        ):
            await ask(octopus, text)
        await delivered(octopus, telegram)
        found = "".join(leaks(telegram, ollama)).casefold()
        for canary in ("kestrelstone", "kestrelname", "kestrelroom"):
            assert canary in found
        assert any(CANARY in repr(asked.body) for asked in ollama.asked)


async def test_at_home_it_is_found_and_opened_but_never_given_to_the_model(tmp_path: Path) -> None:
    async with house(tmp_path, PRIVATE) as (octopus, telegram, ollama):
        for text in ("search hall", "open day", "/links Lamp"):
            outcome = await octopus.ask(text, "console")
            assert CANARY in outcome.reply.text.casefold()
        await octopus.ask("/ask where is the key of the hall?", "console")
        await octopus.ask("tell me about the hall", "console")
        assert ollama.asked
        assert leaks(telegram, ollama) == []


async def test_a_private_note_can_be_added_to_from_afar_without_being_shown(tmp_path: Path) -> None:
    async with house(tmp_path, PRIVATE) as (octopus, telegram, ollama):
        reply = await ask(octopus, 'add "a wren was here" to my day note')
        assert "a wren was here" in (tmp_path / "vault/Journal/day.md").read_text()
        assert "a private note" in reply.text
        await ask(octopus, "undo")
        assert "a wren was here" not in (tmp_path / "vault/Journal/day.md").read_text()
        wanted = json.dumps({"intent": "note.rename", "args": {"from": "Lamp", "to": "Light"}})
        await ask(octopus, wanted, Kind.ACT)
        assert "[[Light]]" in (tmp_path / "vault/Journal/day.md").read_text()
        await delivered(octopus, telegram)
        assert leaks(telegram, ollama) == []


async def test_a_picture_shows_no_private_note(tmp_path: Path) -> None:
    async with house(tmp_path, PRIVATE) as (octopus, telegram, _):
        reply = await ask(octopus, "/graph Lamp")
        assert reply.enclosure is not None
        await delivered(octopus, telegram)
        (call,) = telegram.called("sendPhoto")
        name, data = call.params["photo"]
        assert (name, data[:4]) == ("Lamp.png", b"\x89PNG")
        assert "Lamp.md" in call.params["caption"]
        found = await octopus.seen_from("telegram:1").notes.neighbourhood("Lamp.md")
        assert [each.path for each in found.nodes] == ["Lamp.md", "Rooms/Hall.md"]
        assert len((await octopus.notes.neighbourhood("Lamp.md")).nodes) > 3


async def test_alarms_and_notices_name_no_private_note(tmp_path: Path) -> None:
    """What is told without being asked for."""
    async with house(tmp_path, PRIVATE) as (octopus, telegram, ollama):
        copy = tmp_path / "vault/Lamp.sync-conflict-20261120-093000-ABCDEFG.md"
        copy.write_text("an older lamp")
        tomorrow = octopus.clock.now() + timedelta(days=1)
        journal = tmp_path / "vault/Journal/day.md"
        journal.write_text(f"- [ ] kestrelring ⏰ {tomorrow:%Y-%m-%d %H:%M}\n")
        octopus.hint("")
        await octopus.notes.settle()
        await octopus.alarms.copy()
        assert [each.text for each in await octopus.reminders.armed()] == ["a private note"]
        await octopus.reminders.fire(tomorrow + timedelta(minutes=1), octopus.alarms._teller)
        assert await _conflicts(octopus).look() == 2
        assert await _conflicts(octopus).look() == 0
        await delivered(octopus, telegram)
        told = "\n".join(telegram.texts())
        assert "a private note" in told  # that it rings is no secret
        assert "Lamp.sync-conflict" in told
        assert "1 private note is left out here" in told
        assert leaks(telegram, ollama) == []


async def test_a_note_that_becomes_private_is_so_at_once(tmp_path: Path) -> None:
    """Before the index and the tables know of it: the file itself is looked at."""
    async with house(tmp_path, PRIVATE) as (octopus, telegram, ollama):
        assert "hangs here" in (await ask(octopus, "open Hall")).text
        hall = tmp_path / "vault/Rooms/Hall.md"
        hall.write_text("#private kestrelhall\n" + hall.read_text())
        for text in ("open Hall", "search hangs", "/ask where hangs the lamp?"):
            await ask(octopus, text)
        await delivered(octopus, telegram)
        assert leaks(telegram, ollama) == []


def test_every_skill_that_thinks_is_in_the_lane_that_is_kept_clean(tmp_path: Path) -> None:
    """The guard tells by the lane whether a skill asks the model."""
    for path in Path("octopus/handlers").glob("*.py"):
        if "model.chat(" in path.read_text():
            assert f"lane=Lane.{Lane.MODEL.name}" in path.read_text(), path
