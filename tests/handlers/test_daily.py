"""The daily note: where it is, how a line gets into it, how it is made, shown and taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.handler import House, Run
from octopus.core.job import State
from octopus.core.message import Reply
from octopus.errors import NotFound
from octopus.handlers import daily
from octopus.obsidian.daily import entry, standing
from octopus.obsidian.moment import format_date
from tests.fakes.desk import Desk, died_everywhere, reply_of
from tests.fakes.ports import FakeVault
from tests.handlers.scene import Scene, labels

DAILY = ".obsidian/daily-notes.json"
PERIODIC = ".obsidian/plugins/periodic-notes/data.json"
SETTINGS = {DAILY: b'{"folder": "Diary", "format": "YYYY-MM-DD", "template": "Templates/Day"}'}
TEMPLATE = "# {{date}}\n\n## Log\n\n## Later\n\nwritten {{time}} after {{yesterday}}\n"


def scene(**files: str) -> Scene:
    return Scene(files=SETTINGS | {path: text.encode() for path, text in files.items()})


async def done(at: Scene, skill: Run, *words: str, press: str = "", **args: Any) -> Reply:
    """What the skill answers; what it wrote stands in ``at.files``."""
    ctx = at.ctx(press=press)
    reply = await skill(ctx, *words, **args)
    assert isinstance(ctx.ports.vault, FakeVault)
    at.files = ctx.ports.vault.files
    return reply


async def written(at: Scene, text: str, **args: str) -> dict[str, str]:
    await done(at, daily.append, text, **args)
    return {path: data.decode() for path, data in at.files.items() if path.endswith(".md")}


# A line.


@pytest.mark.parametrize(
    ("form", "time", "line"),
    [
        ("- {time} {text}", "09:30", "- 09:30 had tea"),
        ("- {time} {text}", "", "- had tea"),
        ("**{time}**: {text}", "9h", "**9h**: had tea"),
        ("**{time}**: {text}", "", "had tea"),
        ("* {text} ({time})", "9:30 am", "* had tea (9:30 am)"),
        ("* {text} ({time})", "", "* had tea"),
        ("- [ ] {time} - {text}", "", "- [ ] had tea"),
        ("{text}", "09:30", "had tea"),
        ("{text} {text}", "", "had tea "),
        ("- {braces} {time} {text}", "1", "- {braces} 1 had tea"),
    ],
)
def test_a_line_in_the_owners_form(form: str, time: str, line: str) -> None:
    assert entry("had tea", form, time) == line


def test_what_looks_like_a_slot_in_the_text_stays() -> None:
    assert entry("{time} {text}", "- {time} {text}", "9") == "- 9 {time} {text}"


def test_further_lines_belong_to_the_list_item() -> None:
    assert entry("a\n\n  b\r\nc\n", "- {text}", "") == "- a\n\n    b\n  c"
    assert entry("a\nb", "{text}", "") == "a\nb"
    assert entry("a\nb", "  1. {text}", "") == "  1. a\n    b"


@given(st.text(min_size=1), st.sampled_from(["- {time} {text}", "{text}", "> {time} {text}"]))
def test_no_word_of_the_text_is_lost(text: str, form: str) -> None:
    assert entry(text, form, "09:30").split() == form.format(time="09:30", text=text).split()


def test_the_spelling_of_the_vault_wins() -> None:
    assert standing("Diary/März 1.md", ["diary/ma\u0308rz 1.md"]) == "diary/ma\u0308rz 1.md"
    assert standing("a.md", ["A.md", "a.md"]) == "a.md"
    assert standing("a.md", []) == "a.md"


# Where it goes.


async def test_a_new_note_is_made_from_the_template() -> None:
    at = scene(**{"Templates/Day.md": TEMPLATE})
    found = await written(at, "had tea")
    assert found["Diary/2026-11-20.md"] == (
        "# 2026-11-20\n\n## Log\n\n## Later\n\nwritten 12:00 after 2026-11-19\n- 12:00 had tea\n"
    )


async def test_under_the_owners_heading() -> None:
    at = scene(**{"Templates/Day.md": TEMPLATE})
    at.house = House(daily_heading="Log", daily_time="h:mm a", daily_line="* {time} | {text}")
    found = await written(at, "had tea")
    assert "## Log\n* 12:00 pm | had tea\n\n## Later" in found["Diary/2026-11-20.md"]
    found = await written(at, "and cake")
    assert "* 12:00 pm | had tea\n* 12:00 pm | and cake\n\n## L" in found["Diary/2026-11-20.md"]


async def test_a_missing_heading_is_made() -> None:
    at = scene(**{"Diary/2026-11-20.md": "text"})
    at.house = House(daily_heading="### Log")
    found = await written(at, "had tea")
    assert found["Diary/2026-11-20.md"] == "text\n\n### Log\n- 12:00 had tea"


async def test_only_the_new_line_changes() -> None:
    old = "\ufeffa\r\n## Log\r\n\r\ntext  \r\n\r\n## Next\r\nno end"
    at = scene(**{"Diary/2026-11-20.md": old})
    at.house = House(daily_heading="Log")
    found = await written(at, "had tea")
    assert found["Diary/2026-11-20.md"] == old.replace("text  ", "text  \r\n- 12:00 had tea")


async def test_a_note_that_is_no_text_gets_its_line_at_the_end() -> None:
    at = Scene(files=SETTINGS | {"Diary/2026-11-20.md": b"## Log\ncaf\xe9\n"})
    at.house = House(daily_heading="Log")
    await done(at, daily.append, "had tea")
    assert at.files["Diary/2026-11-20.md"] == b"## Log\ncaf\xe9\n- 12:00 had tea\n"


async def test_another_day_gets_no_made_up_time() -> None:
    found = await written(scene(), "I ran", date="2026-11-19")
    assert found == {"Diary/2026-11-19.md": "- I ran\n"}


async def test_week_and_month() -> None:
    plan = {
        "weekly": {"enabled": True, "folder": "Weeks", "format": "", "template": "W"},
        "monthly": {"enabled": True, "folder": "/", "format": "YYYY/MM-MMMM"},
    }
    at = Scene(files={PERIODIC: json.dumps(plan).encode(), "W.md": b"week of {{date:D. M.}}\n"})
    found = await written(at, "plan the trip", period="weekly")
    assert found["Weeks/2026-W47.md"] == "week of 20. 11.\n- plan the trip\n"
    found = await written(at, "pay the rent", period="monthly")
    assert found["2026/11-November.md"] == "- pay the rent\n"


async def test_without_settings_notes_are_at_the_root() -> None:
    assert await written(Scene(), "a", period="weekly") == {"2026-W47.md": "- a\n"}


@pytest.mark.parametrize("there", ["diary/2026-11-20.md", "DIARY/2026-11-20.md"])
async def test_no_second_note_in_another_spelling(there: str) -> None:
    at = scene(**{there: "text\n"})
    await done(at, daily.append, "had tea")
    assert {path: data for path, data in at.files.items() if not path.startswith(".")} == {
        there: b"text\n- 12:00 had tea\n"
    }


@pytest.mark.parametrize(
    ("template", "word"), [("<% tp.date.now() %>\n", "Templater"), (None, "could not be read")]
)
async def test_a_template_that_cannot_be_used_is_told(template: str | None, word: str) -> None:
    at = scene(**({"Templates/Day.md": template} if template else {}))
    reply = await done(at, daily.append, "had tea")
    assert word in reply.text
    assert not reply.receipt
    assert at.files["Diary/2026-11-20.md"] == b"- 12:00 had tea\n"


async def test_a_template_that_is_no_text_is_told() -> None:
    at = scene()
    at.files["Templates/Day.md"] = b"\xff\x00\xd8"
    reply = await done(at, daily.append, "had tea")
    assert "could not be read" in reply.text
    assert at.files["Diary/2026-11-20.md"] == b"- 12:00 had tea\n"


async def test_nothing_to_write() -> None:
    at = scene()
    assert (await done(at, daily.append, " \n")).text.startswith("What shall I write")
    assert "Diary/2026-11-20.md" not in at.files


@pytest.mark.parametrize("args", [{"date": "2026-02-30"}, {"date": "soon"}, {"period": "hourly"}])
async def test_a_day_that_is_none(args: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        await daily.append(scene().ctx(), "a", **args)


async def test_the_language_of_obsidian_names_the_days() -> None:
    at = Scene(files={DAILY: b'{"format": "dddd D MMMM"}'})
    at.house = House(language="de")
    assert await written(at, "a", date="2026-03-01") == {"Sonntag 1 März.md": "- a\n"}


# Shown.


async def test_show_todays_note() -> None:
    reply = await daily.open_(scene(**{"Diary/2026-11-20.md": "tea\n"}).ctx())
    assert reply.text == "`Diary/2026-11-20.md`\n\ntea"
    assert reply.about == "Diary/2026-11-20.md"


async def test_a_missing_note_can_be_made() -> None:
    at = scene(**{"Templates/Day.md": "# {{title}}\n"})
    reply = await done(at, daily.open_, date="2026-11-21")
    assert "Diary/2026-11-21.md" in reply.text
    (button,) = reply.buttons
    assert (button.label, button.intent) == ("Make it", "daily.create")
    made = await done(at, daily.create, press="b", **button.args)
    assert made.text == "Saved: Diary/2026-11-21.md"
    assert at.files["Diary/2026-11-21.md"] == b"# 2026-11-21\n"
    again = await done(at, daily.create, press="b", **button.args)
    assert again.text.startswith("`Diary/2026-11-21.md`")


async def test_the_command_shows_or_writes() -> None:
    at = scene(**{"Diary/2026-11-20.md": "tea\n"})
    assert (
        "tea"
        in (
            await done(
                at,
                daily.daily,
            )
        ).text
    )
    reply = await done(at, daily.daily, "slept well")
    assert reply.text == "Added to Diary/2026-11-20.md"
    assert labels(reply) == ["Undo"]
    assert at.files["Diary/2026-11-20.md"] == b"tea\n- 12:00 slept well\n"


# Through the whole house.


@pytest.mark.parametrize(
    ("said", "path", "line"),
    [
        ("journal: had tea", "2026-11-20.md", "- 12:00 had tea"),
        ("yesterday I ran 5k", "2026-11-19.md", "- yesterday I ran 5k"),
        ("Tagebuch: gut geschlafen", "2026-11-20.md", "- 12:00 gut geschlafen"),
        ("дневник: хороший день", "2026-11-20.md", "- 12:00 хороший день"),
        ("apunta en el diario que hoy dormí mal", "2026-11-20.md", "- 12:00 hoy dormí mal"),
    ],
)
async def test_a_message_ends_in_the_daily_note_and_can_be_taken_back(
    said: str, path: str, line: str
) -> None:
    desk = Desk({"Other.md": b"the owner's"})
    async with desk.open():
        job = await desk.say(said)
        assert desk.notes() == {"Other.md": "the owner's", path: f"{line}\n"}
        assert job.intent == "daily.append"
        await desk.press(job)
    assert desk.notes() == {"Other.md": "the owner's"}


async def test_taken_back_out_of_a_note_that_was_there() -> None:
    desk = Desk({"2026-11-20.md": b"a\n"})
    async with desk.open():
        first, second = await desk.say("log: one"), await desk.say("log: two")
        await desk.press(first)
        assert desk.notes() == {"2026-11-20.md": "a\n- 12:00 two\n"}
        await desk.press(second)
    assert desk.notes() == {"2026-11-20.md": "a\n"}


async def test_written_once_whatever_dies() -> None:
    async def run(desk: Desk) -> None:
        await desk.say("log: had tea")

    for there in ({}, {"2026-11-20.md": b"a\n"}):
        want = {"2026-11-20.md": ("a\n" if there else "") + "- 12:00 had tea\n"}
        async for where, desk in died_everywhere(lambda there=there: Desk(there), run):  # type: ignore[misc]
            assert desk.notes() == want, where
            (job,) = desk.journal.rows.values()
            assert job.state is State.DONE, where


async def test_corrected_in_its_place() -> None:
    desk = Desk({"2026-11-20.md": b"a\n"})
    async with desk.open():
        job = await desk.say("journal: tea")
        await desk.edit(job, "journal: coffee")
        assert desk.notes() == {"2026-11-20.md": "a\n- 12:00 coffee\n"}
        await desk.say("no, I meant yesterday")
        assert desk.notes() == {"2026-11-20.md": "a\n", "2026-11-19.md": "- coffee\n"}
        await desk.say("undo")
    assert desk.notes() == {"2026-11-20.md": "a\n- 12:00 coffee\n"}


async def test_two_days_in_one_burst() -> None:
    desk = Desk()
    async with desk.open():
        jobs = await desk.send(*[desk.message(f"log: {n}") for n in range(20)])
    lines = desk.notes()["2026-11-20.md"].splitlines()
    assert lines == [f"- 12:00 {n}" for n in range(20)]
    assert {reply_of(job).text for job in jobs} == {"Added to 2026-11-20.md"}


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
async def test_any_day_has_one_note(day: date) -> None:
    at = Scene(files={DAILY: b'{"folder": "D", "format": "YYYY/MM MMMM/Do dddd"}'})
    at.house = replace(at.house, daily_line="{text}")
    for text in ("a", "b"):
        await done(at, daily.append, text, date=day.isoformat())
    at.files.pop(DAILY)
    path = f"D/{format_date(day, 'YYYY/MM MMMM/Do dddd')}.md"
    assert at.files == {path: b"a\nb\n"}
