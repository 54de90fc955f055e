"""To-dos added: one, a list, or what a text says; where they go, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from octopus.core.effect import EffectState
from octopus.core.job import State
from octopus.core.message import Reply
from tests.fakes.desk import Desk, Trip, died_everywhere, reply_of
from tests.handlers.scene import labels

SETTINGS = ".obsidian/plugins/obsidian-tasks-plugin/data.json"


async def answer(desk: Desk, text: str, **more: Any) -> Reply:
    return reply_of(await desk.say(text, **more))


@pytest.mark.parametrize(
    ("text", "line", "first"),
    [
        ("buy a lamp", "- [ ] buy a lamp", "☐ buy a lamp"),
        (
            "call mom on Tuesday",
            "- [ ] call mom 📅 2026-11-24",
            "☐ call mom · Tue 24 Nov",
        ),
        (
            "buy a lamp tomorrow !!",
            "- [ ] buy a lamp ⏫ 📅 2026-11-21",
            "☐ buy a lamp · tomorrow, Sat 21 Nov · high",
        ),
        (
            "take out the trash every sunday",
            "- [ ] take out the trash 🔁 every week on Sunday 📅 2026-11-22",
            "☐ take out the trash · Sun 22 Nov · every week on Sunday",
        ),
        (
            "call mom every Sunday at 9 !!",
            "- [ ] call mom ⏰ 2026-11-22 09:00 ⏫ 🔁 every week on Sunday 📅 2026-11-22",
            "☐ call mom · Sun 22 Nov 09:00 · high · every week on Sunday",
        ),
    ],
)
async def test_as_the_plugin_writes_it_and_with_the_day_that_was_understood(
    text: str, line: str, first: str
) -> None:
    async with Desk().open() as desk:
        reply = await answer(desk, text)
        assert desk.notes() == {"Tasks.md": f"{line}\n"}
        assert reply.text == f"{first}\nAdded to Tasks.md"
        assert labels(reply) == ["Done", "Tomorrow", "Undo"]
        assert reply.receipt


async def test_it_follows_the_owners_settings_of_the_plugin() -> None:
    settings = b'{"globalFilter": "#task", "setCreatedDate": true, "taskFormat": "dataview"}'
    async with Desk({SETTINGS: settings}).open() as desk:
        reply = await answer(desk, "call mom on Tuesday")
        assert desk.notes()["Tasks.md"] == (
            "- [ ] #task call mom  [created:: 2026-11-20]  [due:: 2026-11-24]\n"
        )
        assert reply.text.startswith("☐ call mom · Tue 24 Nov\n")


async def test_it_is_appended_to_what_is_there() -> None:
    async with Desk({"Tasks.md": b"# Mine\r\n\r\n- [ ] old"}).open() as desk:
        await answer(desk, "buy a lamp")
        assert desk.vault.files["Tasks.md"] == b"# Mine\r\n\r\n- [ ] old\r\n- [ ] buy a lamp"


async def test_the_alarm_is_on_the_owners_wall_clock() -> None:
    async with Desk().open() as desk:
        await desk.act("todo.add", text="x", at="2026-11-21T09:00:00-05:00")
        assert desk.notes()["Tasks.md"] == "- [ ] x ⏰ 2026-11-21 14:00 📅 2026-11-21\n"


@pytest.mark.parametrize(
    ("fields", "line", "said"),
    [
        ({"due": "2026-02-30"}, "- [ ] x", "the day “2026-02-30”"),
        ({"due": "10000-01-01"}, "- [ ] x", "the day “10000-01-01”"),
        ({"due": "soon"}, "- [ ] x", "the day “soon”"),
        ({"at": "2026-11-21T25:00"}, "- [ ] x", "the time “2026-11-21T25:00”"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "- [ ] x", "the time"),
        ({"repeat": "every 0 days"}, "- [ ] x", "how often “every 0 days”"),
        ({"repeat": "every 💩"}, "- [ ] x", "how often"),
        ({"priority": "urgent"}, "- [ ] x", "the priority “urgent”"),
        ({"due": "9999-12-31"}, "- [ ] x 📅 9999-12-31", "Fri 31 Dec 9999"),
        (
            {"due": "2026-11-31", "repeat": "every day", "priority": "low"},
            "- [ ] x 🔽 🔁 every day",
            "the day “2026-11-31”",
        ),
    ],
)
async def test_what_makes_no_sense_is_said_and_the_text_is_kept(
    fields: dict[str, str], line: str, said: str
) -> None:
    async with Desk().open() as desk:
        reply = reply_of(await desk.act("todo.add", text="x", **fields))
        assert desk.notes()["Tasks.md"] == f"{line}\n"
        assert said in reply.text


@pytest.mark.parametrize(
    "text", ["every 0 days water the plants", "call mom on 31 February", "call mom on 30.2."]
)
async def test_a_day_that_is_none_is_asked_about_and_kept_without_one(text: str) -> None:
    async with Desk().open() as desk:
        job = await desk.say(text)
        assert desk.notes() == {}
        assert "no such day" in reply_of(job).text
        kept = await desk.press(job, 0)
        assert len(desk.notes()) == 1
        (line,) = desk.notes()["Tasks.md"].splitlines()
        assert line.startswith("- [ ] ")
        assert "☐" in reply_of(kept).text


async def test_a_text_without_words_is_asked_about() -> None:
    async with Desk().open() as desk:
        assert "What is to be done" in reply_of(await desk.act("todo.add", text=" \n")).text
        assert "What is to be done" in reply_of(await desk.act("todo.add_many", items=[" "])).text
        assert desk.notes() == {}


async def test_the_same_again_is_written_and_said() -> None:
    async with Desk({"Tasks.md": "- [ ] Buy a lamp 📅 2026-12-01\n".encode()}).open() as desk:
        reply = await answer(desk, "buy a lamp")
        assert desk.notes()["Tasks.md"].count("lamp") == 2
        assert "where the same stands already" in reply.text


async def test_a_done_one_of_the_same_words_is_no_double() -> None:
    async with Desk({"Tasks.md": b"- [x] buy a lamp\n"}).open() as desk:
        assert "already" not in (await answer(desk, "buy a lamp")).text


# Lists.


async def test_the_items_of_a_list_go_to_its_note() -> None:
    async with Desk().open() as desk:
        reply = await answer(desk, "add milk and eggs to the shopping list")
        assert desk.notes() == {"Shopping.md": "- [ ] milk\n- [ ] eggs\n"}
        assert reply.text.splitlines() == ["Added 2 to Shopping.md:", "1. ☐ milk", "2. ☐ eggs"]
        assert labels(reply) == ["☐ 1. milk", "☐ 2. eggs", "Undo"]
        assert not reply.receipt


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"Lists/Shopping.md": b"x\n"}, "Lists/Shopping.md"),
        ({"shopping list.md": b"x\n"}, "shopping list.md"),
        ({"Tasks.md": b"# Tasks\n\n## Shopping\n\n## Later\n- [ ] z\n"}, "Tasks.md"),
        ({}, "Shopping.md"),
    ],
)
async def test_which_note_a_list_is(files: dict[str, bytes], path: str) -> None:
    async with Desk(files).open() as desk:
        await answer(desk, "shopping: milk, eggs")
        assert "- [ ] milk\n- [ ] eggs\n" in desk.notes()[path]
        assert len(desk.notes()) == max(1, len(files))


async def test_a_section_of_the_to_do_note_gets_it_at_its_end() -> None:
    note = b"# Tasks\n\n## Shopping\n- [ ] tea\n\n## Later\n- [ ] z\n"
    async with Desk({"Tasks.md": note}).open() as desk:
        await answer(desk, "shopping: milk, eggs")
        assert desk.notes()["Tasks.md"] == (
            "# Tasks\n\n## Shopping\n- [ ] tea\n- [ ] milk\n- [ ] eggs\n\n## Later\n- [ ] z\n"
        )


@pytest.mark.parametrize("name", ["../../etc", "a/b", "x#y|z", "...", "con", "🦑"])
async def test_the_name_of_a_list_leads_nowhere_else(name: str) -> None:
    async with Desk().open() as desk:
        job = await desk.act("todo.add_many", items=["a"], list=name)
        assert job.state is State.DONE
        (path,) = desk.notes()
        assert path.endswith(".md")
        assert "/" not in path
        assert ".." not in path


async def test_what_is_on_the_list_already_is_said_and_not_doubled() -> None:
    async with Desk({"Shopping.md": b"- [ ] Milk\n- [x] eggs\n"}).open() as desk:
        job = await desk.say("shopping: milk, eggs, bread")
        assert desk.notes()["Shopping.md"] == "- [ ] Milk\n- [x] eggs\n- [ ] eggs\n- [ ] bread\n"
        assert "On Shopping.md already: milk" in reply_of(job).text
        again = await desk.press(job, labels(reply_of(job)).index("Add all the same"))
        assert desk.notes()["Shopping.md"].endswith("- [ ] milk\n")
        assert reply_of(again).text.startswith("☐ milk")


async def test_a_list_with_nothing_new_changes_nothing() -> None:
    async with Desk({"Shopping.md": b"- [ ] milk\n- [ ] eggs\n"}).open() as desk:
        reply = await answer(desk, "shopping: milk, eggs")
        assert "Nothing was added" in reply.text
        assert desk.vault.writes == 0


async def test_five_hundred_items_are_one_write_and_a_short_answer() -> None:
    async with Desk().open() as desk:
        items = [f"thing {number}" for number in range(500)]
        job = await desk.act("todo.add_many", items=items)
        assert desk.notes()["Tasks.md"].splitlines() == [f"- [ ] {item}" for item in items]
        assert desk.vault.writes == 1
        assert len(reply_of(job).text) < 600
        assert "… and 490 more" in reply_of(job).text
        assert len(reply_of(job).buttons) <= 11


async def test_five_hundred_lines_from_a_phone_are_kept() -> None:
    text = "\n".join(f"- thing {number}" for number in range(500))
    async with Desk().open() as desk:
        job = await desk.say(text)
        kept = "\n".join(desk.notes().values())
        assert all(f"thing {number}" in kept for number in range(500))
        assert reply_of(job).text


async def test_equal_items_of_one_message_are_one() -> None:
    async with Desk().open() as desk:
        await desk.act("todo.add_many", items=["a", "b", " a "], list="x")
        assert desk.notes()["X.md"] == "- [ ] a\n- [ ] b\n"


# Learned by use.


async def test_what_stood_on_a_list_twice_goes_there_by_itself_and_says_why() -> None:
    note = "- [x] milk ✅ 2026-11-01\n- [x] milk ✅ 2026-11-08\n"
    async with Desk({"Shopping.md": note.encode()}).open() as desk:
        job = await desk.say("buy milk")
        assert desk.notes() == {"Shopping.md": f"{note}- [ ] milk\n"}
        assert "Added to Shopping.md, where it stood 2 times before" in reply_of(job).text
        await desk.press(job, 2)
        assert desk.notes() == {"Shopping.md": note}


async def test_once_is_no_habit() -> None:
    async with Desk({"Shopping.md": b"- [x] milk\n"}).open() as desk:
        await desk.say("buy milk")
        assert desk.notes()["Tasks.md"] == "- [ ] buy milk\n"


async def test_several_things_go_where_most_of_them_stood() -> None:
    note = b"- [x] milk\n- [x] milk\n- [x] eggs\n- [x] eggs\n"
    async with Desk({"Shopping.md": note}).open() as desk:
        await desk.say("milk, eggs, bread")
        assert desk.notes()["Shopping.md"].endswith("- [ ] milk\n- [ ] eggs\n- [ ] bread\n")
        await desk.say("nails, screws, hammer")
        assert desk.notes()["Tasks.md"] == "- [ ] nails\n- [ ] screws\n- [ ] hammer\n"


async def test_a_list_that_is_named_counts_more_than_any_habit() -> None:
    async with Desk({"Shopping.md": b"- [x] milk\n- [x] milk\n"}).open() as desk:
        await desk.act("todo.add", text="milk", list="Party")
        assert desk.notes()["Party.md"] == "- [ ] milk\n"


# By command, and after a kill.


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("call bob friday", "- [ ] call bob 📅 2026-11-27"),
        ("tomorrow at 9 call bob !!", "- [ ] call bob ⏰ 2026-11-21 09:00 ⏫ 📅 2026-11-21"),
        ("the lamp is broken", "- [ ] the lamp is broken"),
        ("find lamp", "- [ ] find lamp"),
    ],
)
async def test_a_text_after_the_command_is_always_a_to_do(text: str, line: str) -> None:
    async with Desk().open() as desk:
        await desk.say(f"/todo {text}")
        assert desk.notes() == {"Tasks.md": f"{line}\n"}


async def test_a_correction_of_it_changes_the_line() -> None:
    async with Desk().open() as desk:
        await desk.say("/todo call bob friday")
        await desk.say("no, I meant Wednesday")
        assert desk.notes() == {"Tasks.md": "- [ ] call bob 📅 2026-11-25\n"}


async def test_whatever_dies_it_is_written_once_and_answered_the_same() -> None:
    def make() -> Desk:
        return Desk({"Shopping.md": b"- [ ] tea\n"})

    async def run(desk: Desk) -> None:
        await desk.say("shopping: milk, tea, eggs")
        await desk.say("call mom on Tuesday")
        await desk.say("buy a lamp")

    async for where, desk in died_everywhere(make, run):
        assert desk.notes() == {
            "Shopping.md": "- [ ] tea\n- [ ] milk\n- [ ] eggs\n",
            "Tasks.md": "- [ ] call mom 📅 2026-11-24\n- [ ] buy a lamp\n",
        }, where
        texts = [reply_of(job).text for job in desk.journal.settled]
        assert "already: tea" in texts[0], where
        assert texts[1] == "☐ call mom · Tue 24 Nov\nAdded to Tasks.md", where
        made = [e for e in desk.effects.rows.values() if e.state is EffectState.DONE]
        assert len(made) == 3, where


async def test_the_trip_reaches_every_call() -> None:
    desk = Desk()
    trip = Trip(desk)
    async with desk.open():
        await desk.say("buy a lamp")
    assert trip.count >= 4


async def test_a_note_made_in_the_same_moment_is_appended_to() -> None:
    async with Desk().open() as desk:

        def faster(path: str) -> None:
            desk.vault.meddle = lambda path: None
            desk.vault.files[path] = b"- [ ] the owner's\n"

        desk.vault.meddle = faster
        await desk.say("buy a lamp")
        assert desk.notes()["Tasks.md"] == "- [ ] the owner's\n- [ ] buy a lamp\n"


async def test_undo_takes_a_list_back() -> None:
    async with Desk({"Shopping.md": b"- [ ] tea\n"}).open() as desk:
        job = await desk.say("shopping: milk, eggs")
        undone = await desk.press(job, 2)
        assert desk.notes() == {"Shopping.md": "- [ ] tea\n"}
        assert "Taken back" in reply_of(undone).text
