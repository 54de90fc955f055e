"""To-dos changed in words: by name, in answer, by button; all other bytes stay as they are."""

from __future__ import annotations

from typing import Any

import pytest

from octopus.core.message import Reply
from tests.fakes.desk import Desk, died_everywhere, reply_of
from tests.handlers.scene import labels

NOTE = (
    "\ufeff---\r\ntags: [home]\r\n---\r\n# Tasks\t \r\n\r\n"
    "- [ ] call the plumber 📅 2026-11-24\r\n"
    "  more about the sink  \r\n"
    "\t* [ ] water the plants 🔁 every week 📅 2026-11-20 ^plants\r\n"
    "- [ ] pay the rent ⏫ #home   \r\n"
    "- [x] call Bob ✅ 2026-11-01\r\n"
    "- [ ] call Ann\r\n\r\nno newline at the end: ünïcödé 🦑"
)
PLUMBER = "- [ ] call the plumber 📅 2026-11-24"
PLANTS = "* [ ] water the plants 🔁 every week 📅 2026-11-20 ^plants"
RENT = "- [ ] pay the rent ⏫ #home   "


def desk(text: str = NOTE) -> Desk:
    return Desk({"Tasks.md": text.encode()})


async def answer(desk: Desk, text: str, **more: Any) -> Reply:
    return reply_of(await desk.say(text, **more))


def note(desk: Desk) -> str:
    return desk.vault.files["Tasks.md"].decode()


CHANGES = [
    ("make plumber low priority", PLUMBER, "- [ ] call the plumber 🔽 📅 2026-11-24"),
    ("plumber: high priority", PLUMBER, "- [ ] call the plumber ⏫ 📅 2026-11-24"),
    ("change the priority of rent to low", RENT, "- [ ] pay the rent 🔽 #home   "),
    ("remove the priority from rent", RENT, "- [ ] pay the rent #home   "),
    ("set the priority of rent to none", RENT, "- [ ] pay the rent #home   "),
    ("plumber: every month", PLUMBER, "- [ ] call the plumber 🔁 every month 📅 2026-11-24"),
    (
        "repeat rent every month",
        RENT,
        "- [ ] pay the rent ⏫ #home 🔁 every month 📅 2026-11-20   ",
    ),
    ("stop repeating plants", PLANTS, "* [ ] water the plants 📅 2026-11-20 ^plants"),
    ("remove the due date from plumber", PLUMBER, "- [ ] call the plumber"),
    ("tag plumber with #home", PLUMBER, "- [ ] call the plumber #home 📅 2026-11-24"),
    ("tag the plants as garden", PLANTS, PLANTS.replace(" 🔁", " #garden 🔁")),
    ("remove the tag home from rent", RENT, "- [ ] pay the rent ⏫   "),
    ("schedule plumber for Monday", PLUMBER, f"{PLUMBER[:-13]} ⏳ 2026-11-23 📅 2026-11-24"),
    ("change plumber to electrician", PLUMBER, PLUMBER.replace("plumber", "electrician")),
    (
        "rename the task plumber to call the plumber about the sink",
        PLUMBER,
        PLUMBER.replace("plumber", "plumber about the sink"),
    ),
    (
        "rename plumber to call the plumber about the sink",
        PLUMBER,
        PLUMBER.replace("plumber", "plumber about the sink"),
    ),
    ("change plumber to Friday", PLUMBER, "- [ ] call the plumber 📅 2026-11-27"),
    ("setze plumber auf niedrige Priorität", PLUMBER, PLUMBER.replace(" 📅", " 🔽 📅")),
    ("etiqueta plumber con #casa", PLUMBER, PLUMBER.replace(" 📅", " #casa 📅")),
    ("répète plumber chaque mois", PLUMBER, PLUMBER.replace(" 📅", " 🔁 every month 📅")),
    ("togli la scadenza da plumber", PLUMBER, "- [ ] call the plumber"),
    ("muda a prioridade de plumber para alta", PLUMBER, PLUMBER.replace(" 📅", " ⏫ 📅")),
    ("поставь высокий приоритет plumber", PLUMBER, PLUMBER.replace(" 📅", " ⏫ 📅")),
    ("додай тег дім до plumber", PLUMBER, PLUMBER.replace(" 📅", " #дім 📅")),
    ("把plumber的优先级改为低", PLUMBER, PLUMBER.replace(" 📅", " 🔽 📅")),
]


@pytest.mark.parametrize(("said", "old", "new"), CHANGES, ids=[said for said, _, _ in CHANGES])
async def test_only_the_task_s_line_changes_and_undo_brings_it_back(
    said: str, old: str, new: str
) -> None:
    async with desk().open() as there:
        job = await there.say(said)
        assert note(there) == NOTE.replace(old, new)
        assert there.vault.writes == 1
        assert "Undo" in labels(reply_of(job)) or len(labels(reply_of(job))) == 3
        await there.press(job, len(reply_of(job).buttons) - 1)
        assert note(there) == NOTE


async def test_several_as_likely_ones_are_offered_and_the_wish_goes_along() -> None:
    async with desk().open() as there:
        job = await there.say("make call low priority")
        assert there.vault.writes == 0
        assert labels(reply_of(job)) == ["call Ann", "call the plumber · Tue 24 Nov"]
        await there.press(job, 1)
        assert note(there) == NOTE.replace(PLUMBER, "- [ ] call the plumber 🔽 📅 2026-11-24")


async def test_a_planned_day_is_said() -> None:
    async with desk().open() as there:
        reply = await answer(there, "schedule plumber for Monday")
        assert "Scheduled for Mon 23 Nov" in reply.text


async def test_words_that_were_there_before_are_said() -> None:
    async with desk().open() as there:
        reply = await answer(there, "change plumber to electrician")
        assert reply.text.startswith("☐ call the electrician · Tue 24 Nov")
        assert "It was: call the plumber" in reply.text


async def test_a_date_that_goes_is_said() -> None:
    async with desk().open() as there:
        assert "it was: Tue 24 Nov" in (await answer(there, "remove the date from plumber")).text


# Where nothing is called so.


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("electrician: high priority", "- [ ] electrician ⏫"),
        ("make dinner high priority", "- [ ] make dinner ⏫"),
        ("gym: every Monday", "- [ ] gym 🔁 every week on Monday 📅 2026-11-23"),
        ("schedule holidays for Monday", "- [ ] schedule holidays 📅 2026-11-23"),
        ("change the tyres to winter tyres", "- [ ] change the tyres to winter tyres"),
        ("поменяй резину на зимнюю", "- [ ] поменяй резину на зимнюю"),
        ("把轮胎换成冬胎", "- [ ] 把轮胎换成冬胎"),
    ],
)
async def test_what_may_be_new_is_added_where_nothing_is_called_so(said: str, line: str) -> None:
    async with desk("- [ ] a\n").open() as there:
        job = await there.say(said)
        assert note(there) == f"- [ ] a\n{line}\n"
        await there.say("undo")
        assert note(there) == "- [ ] a\n"
        assert reply_of(job).text.startswith("☐ ")


async def test_a_wrong_guess_of_something_new_is_corrected_as_a_new_thing() -> None:
    async with desk("- [ ] a\n").open() as there:
        await there.say("electrician: high priority")
        await there.say("no, I meant the plumber")
        assert note(there) == "- [ ] a\n- [ ] the plumber ⏫\n"


@pytest.mark.parametrize(
    "said",
    [
        "change the priority of roof to low",
        "remove the due date from roof",
        "tag roof with #home",
        "rename the task roof to house",
    ],
)
async def test_a_firm_wish_for_what_is_not_there_writes_nothing_and_offers_it(said: str) -> None:
    async with desk().open() as there:
        job = await there.say(said)
        assert there.vault.writes == 0
        assert "No open to-do is called “roof”" in reply_of(job).text
        assert labels(reply_of(job)) == ["Add it"]


async def test_a_note_of_that_name_is_renamed_before_a_todo() -> None:
    files = {"Tasks.md": NOTE.encode(), "Plumber.md": b"0123"}
    async with Desk(files).open() as there:
        await there.say("rename plumber to electrician")
        assert there.notes()["electrician.md"] == "0123"
        assert note(there) == NOTE


async def test_rename_the_note_never_means_a_todo() -> None:
    async with desk().open() as there:
        await there.say("rename the note plumber to electrician")
        assert there.vault.writes == 0


# What was spoken of last.


@pytest.mark.parametrize(
    ("first", "line"),
    [
        ("move plumber to Friday", "- [ ] call the plumber 🔽 📅 2026-11-27"),
        ("make plumber high priority", "- [ ] call the plumber 🔽 📅 2026-11-24"),
        ("tag plumber with #home", "- [ ] call the plumber #home 🔽 📅 2026-11-24"),
    ],
)
@pytest.mark.parametrize(
    "then", ["make it low priority", "no, make it low", "I meant low priority"]
)
async def test_it_is_the_todo_of_the_message_before(first: str, line: str, then: str) -> None:
    async with desk().open() as there:
        await there.say(first)
        await there.say(then)
        assert note(there) == NOTE.replace(PLUMBER, line)


async def test_a_new_todo_is_made_urgent_and_repeating_afterwards() -> None:
    async with desk("").open() as there:
        await there.say("todo call the plumber")
        await there.say("make it low priority")
        await there.say("make it every week")
        await there.say("make it #home")
        assert note(there).strip() == "- [ ] call the plumber #home 🔽 🔁 every week 📅 2026-11-20"


async def test_in_answer_to_a_receipt() -> None:
    async with desk().open() as there:
        job = await there.say("move plumber to Friday")
        await there.say("move rent to Friday")
        shown = there.shown(job)
        await there.say("make it low priority", reply_to=shown)
        assert "- [ ] call the plumber 🔽 📅 2026-11-27" in note(there)
        assert "pay the rent ⏫" in note(there)


async def test_in_answer_to_a_list_it_is_asked_which() -> None:
    async with desk().open() as there:
        job = await there.say("tasks")
        asked = await there.say("make it low priority", reply_to=there.shown(job))
        assert there.vault.writes == 0
        assert len(reply_of(asked).buttons) == 4
        await there.press(asked, labels(reply_of(asked)).index("call Ann"))
        assert "- [ ] call Ann 🔽" in note(there)


async def test_no_i_meant_another_one() -> None:
    async with desk().open() as there:
        await there.say("make plumber low priority")
        await there.say("no, I meant the rent")
        assert note(there) == NOTE.replace("pay the rent ⏫", "pay the rent 🔽")


async def test_no_i_meant_other_words() -> None:
    async with desk().open() as there:
        await there.say("rename the task plumber to call the electrician")
        await there.say("no, I meant call the carpenter")
        assert note(there) == NOTE.replace("call the plumber", "call the carpenter")


async def test_no_i_meant_another_planned_day() -> None:
    async with desk().open() as there:
        await there.say("schedule plumber for Monday")
        await there.say("no, I meant Wednesday")
        assert "- [ ] call the plumber ⏳ 2026-11-25 📅 2026-11-24" in note(there)


async def test_the_answer_keeps_the_language_of_the_message() -> None:
    async with desk().open() as there:
        await there.say("verschiebe plumber auf Freitag")
        reply = await answer(there, "mach es wichtig")
        assert "- [ ] call the plumber ⏫ 📅 2026-11-27" in note(there)
        assert "Rückgängig" in labels(reply)


# Whatever happens.


@pytest.mark.parametrize("said", ["plumber: low priority", "electrician: low priority"])
async def test_whatever_dies_it_is_done_once(said: str) -> None:
    async def run(there: Desk) -> None:
        await there.say(said)

    text = "- [ ] call the plumber\n"
    wanted = {
        "plumber: low priority": "- [ ] call the plumber 🔽\n",
        "electrician: low priority": f"{text}- [ ] electrician 🔽\n",
    }
    async for where, there in died_everywhere(lambda: desk(text), run):
        assert note(there) == wanted[said], where


async def test_whatever_dies_a_todo_is_renamed_once() -> None:
    async def run(there: Desk) -> None:
        await there.say("rename plumber to plumber and painter")

    async for where, there in died_everywhere(lambda: desk("- [ ] plumber\n"), run):
        assert note(there) == "- [ ] plumber and painter\n", where


@pytest.mark.parametrize(
    "args",
    [
        {"repeat": "every other blue moon"},
        {"scheduled": "soon"},
        {"repeat": "every week", "first": "tomorrow"},
        {"priority": "very"},
        {},
    ],
)
async def test_what_nobody_understands_changes_nothing(args: dict[str, str]) -> None:
    async with desk().open() as there:
        reply = reply_of(await there.act("todo.edit", query="plumber", **args))
        assert note(there) == NOTE
        assert reply.text


async def test_what_is_so_already_is_no_change() -> None:
    async with desk().open() as there:
        await there.say("tag rent with #home")
        assert note(there) == NOTE
