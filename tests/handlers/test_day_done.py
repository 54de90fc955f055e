""" "What did I do today": the to-dos that are done, and what the daily note says."""

from __future__ import annotations

import pytest

from tests.fakes.desk import Desk, reply_of

DIARY = b"---\nmood: good\n---\n# Friday\n- 09:10 ran 10k\n- [x] pay rent\n\nCalled mum.\n"
TASKS = "- [x] plumber ✅ 2026-11-20\n- [x] old ✅ 2026-11-19\n- [ ] shop\n".encode()
ASKED = {
    "en": "what did I do today",
    "de": "was habe ich heute gemacht",
    "es": "qué hice hoy",
    "fr": "qu'est-ce que j'ai fait aujourd'hui",
    "it": "cosa ho fatto oggi",
    "pt": "o que fiz hoje",
    "ru": "что я сегодня делал",
    "uk": "що я сьогодні зробив",
    "zh": "我今天做了什么",
}


@pytest.mark.parametrize("said", ASKED.values(), ids=ASKED)
async def test_what_was_done_and_what_was_written(said: str) -> None:
    desk = Desk({"Tasks.md": TASKS, "2026-11-20.md": DIARY})
    async with desk.open():
        text = reply_of(await desk.say(said)).text
    assert "☑ plumber" in text
    assert "- 09:10 ran 10k\nCalled mum." in text
    assert not [word for word in ("old", "shop", "pay rent", "# Friday", "mood") if word in text]


async def test_a_day_with_a_diary_and_nothing_ticked() -> None:
    desk = Desk({"2026-11-19.md": b"walked to the lake\n"})
    async with desk.open():
        text = reply_of(await desk.say("what did I do yesterday?")).text
        today = reply_of(await desk.say("what did I do today?")).text
    assert text.endswith("In the daily note:\nwalked to the lake")
    assert "daily note" not in today


async def test_a_long_diary_is_cut() -> None:
    rows = "".join(f"row {number}\n" for number in range(30))
    desk = Desk({"2026-11-20.md": rows.encode()})
    async with desk.open():
        text = reply_of(await desk.say("was habe ich heute gemacht")).text
    assert text.endswith("row 9\n…")


async def test_what_is_open_and_longer_times_have_no_diary() -> None:
    desk = Desk({"Tasks.md": TASKS, "2026-11-20.md": DIARY})
    async with desk.open():
        for said in ("what did I do this week", "what is on my list"):
            assert "ran 10k" not in reply_of(await desk.say(said)).text


async def test_a_daily_note_that_cannot_be_found_is_no_error() -> None:
    settings = b'{"folder": "..", "format": "YYYY-MM-DD"}'
    desk = Desk({"Tasks.md": TASKS, ".obsidian/daily-notes.json": settings})
    async with desk.open():
        reply = reply_of(await desk.say("what did I do today"))
    assert "☑ plumber" in reply.text
    assert not reply.failed
