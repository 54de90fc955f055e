"""A correction changes what was done, in its place, and never makes a second thing."""

from __future__ import annotations

import pytest

from octopus.core.effect import Edit
from octopus.core.handler import Context, Skill
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.handlers.note import receipt
from octopus.obsidian import edit
from tests.fakes.desk import Desk, died_everywhere, reply_of

TASKS = "Tasks.md"
OLD = b"- [ ] water the ferns\n"


async def _todo(ctx: Context, text: str, due: str = "", priority: str = "") -> Reply:
    """Stands for any skill that adds lines to a note."""
    line = f"- [ ] {text}" + f" 🔼{priority}" * bool(priority) + f" 📅 {due}" * bool(due)
    effect = await ctx.effects.apply(Edit(TASKS, lambda old: edit.append(old, line)))
    return receipt(ctx, effect, "note.appended")


async def _move(ctx: Context, query: str = "", due: str = "") -> Reply:
    """Stands for any skill that changes a line which it finds in what is known of the notes."""
    (todo,) = [each for each in await ctx.ports.notes.todos() if query in each.text]

    def moved(old: bytes | None) -> bytes:
        lines = (old or b"").decode().split("\n")
        lines[todo.line - 1] = f"- [ ] {todo.description} 📅 {due}"
        return "\n".join(lines).encode()

    return receipt(ctx, await ctx.effects.apply(Edit(todo.path, moved)), "note.appended")


def desk(tasks: bytes = OLD) -> Desk:
    house = Desk({TASKS: tasks, "Travel.md": b"# Travel\n", "Work.md": b"# Work\n"})
    house.skills["todo.add"] = Skill("todo.add", _todo, "Add", Capability.ADD)
    house.skills["todo.reschedule"] = Skill("todo.reschedule", _move, "Move", Capability.CHANGE)
    return house


def tasks(house: Desk) -> list[str]:
    return house.vault.files[TASKS].decode().splitlines()[1:]


# NOON of the doubles is a Friday.


@pytest.mark.parametrize(
    ("said", "change", "line"),
    [
        ("call mom on Tuesday", "no, I meant Wednesday", "- [ ] call mom 📅 2026-11-25"),
        ("call mom on Tuesday", "no, tomorrow", "- [ ] call mom 📅 2026-11-21"),
        ("buy oat milk", "no, not milk, bread", "- [ ] buy oat bread"),
        ("buy oat milk", "not milk, bread", "- [ ] buy oat bread"),
        ("call Hanna", "no, I meant Anna", "- [ ] call Anna"),
        ("call Hanna tomorrow", "no, I meant call Tom", "- [ ] call Tom 📅 2026-11-21"),
        ("call Hanna", "I meant low priority", "- [ ] call Hanna 🔼low"),
        (
            "morgen Paket abholen",
            "nein, doch lieber am Mittwoch",
            "- [ ] Paket abholen 📅 2026-11-25",
        ),
        ("завтра купить хлеб", "нет, я имел в виду молоко", None),
        ("завтра купить хлеб", "нет, не хлеб, а молоко", "- [ ] купить молоко 📅 2026-11-21"),
        ("周六洗车", "不,我是说周日", "- [ ] 洗车 📅 2026-11-22"),
    ],
)
async def test_the_line_is_another_one_and_still_one(
    said: str, change: str, line: str | None
) -> None:
    async with desk().open() as house:
        await house.say(said)
        before = tasks(house)
        job = await house.say(change)
    if line is None:  # two readings: which of them is asked, and nothing is done
        assert tasks(house) == before
        assert len(reply_of(job).buttons) == 2
        return
    assert tasks(house) == [line]
    assert "→" in reply_of(job).text


async def test_what_is_chosen_takes_the_place() -> None:
    async with desk().open() as house:
        await house.say("завтра купить хлеб")
        asked = await house.say("нет, я имел в виду молоко")
        pressed = await house.press(asked, 0)
    assert tasks(house) == ["- [ ] купить молоко 📅 2026-11-21"]
    assert "хлеб → купить молоко" in reply_of(pressed).text.replace("купить хлеб", "хлеб")


async def test_the_reply_says_what_was_changed_and_where() -> None:
    async with desk().open() as house:
        await house.say("call mom on Tuesday")
        text = reply_of(await house.say("no, I meant Wednesday")).text
        await house.say("note: fridge is BX-200")
        note = reply_of(await house.say("no, it's BX-210"))
    assert "Tue 2026-11-24 → Wed 2026-11-25" in text
    assert TASKS in text
    assert "Inbox/2026-11-20 fridge is BX-200.md" in note.text
    assert "fridge is BX-200 → fridge is BX-210" in note.text


async def test_a_note_keeps_its_name_and_what_the_owner_wrote_into_it() -> None:
    path = "Inbox/2026-11-20 fridge is BX-200.md"
    async with desk().open() as house:
        await house.say("note: fridge is BX-200")
        house.vault.files[path] += b"\n\nbought in May\n"
        await house.say("no, it's BX-210")
        house.vault.files[path] += b"and paid\n"
        await house.say("no, it's BX-220")
    assert house.vault.files[path] == b"fridge is BX-220\n\nbought in May\nand paid\n"
    assert len(house.notes()) == 4


async def test_words_that_went_into_the_wrong_note_go_to_the_right_one() -> None:
    async with desk().open() as house:
        await house.say('add "renew passport" to my Travel note')
        await house.say("no, in the note Work")
        files = dict(house.vault.files)
        await house.say("undo")
    assert files["Travel.md"] == b"# Travel\n"
    assert b"renew passport" in files["Work.md"]
    assert b"renew passport" in house.vault.files["Travel.md"]
    assert house.vault.files["Work.md"] == b"# Work\n"


async def test_corrected_again_and_again_it_stays_one_thing_in_its_place() -> None:
    async with desk().open() as house:
        await house.say("call mom on Tuesday")
        house.vault.files[TASKS] += b"- [ ] from the desk\n"
        for change in ("no, I meant Wednesday", "no, Thursday", "no, not mom, Hanna"):
            await house.say(change)
    assert tasks(house) == ["- [ ] call Hanna 📅 2026-11-26", "- [ ] from the desk"]


async def test_undo_goes_back_step_by_step() -> None:
    async with desk().open() as house:
        await house.say("call mom on Tuesday")
        await house.say("no, I meant Wednesday")
        await house.say("no, Thursday")
        seen = []
        for _ in range(4):
            await house.say("undo")
            seen.append(tasks(house))
    assert seen == [
        ["- [ ] call mom 📅 2026-11-25"],
        ["- [ ] call mom 📅 2026-11-24"],
        [],
        [],
    ]


async def test_after_an_undone_correction_the_next_one_starts_from_what_stands() -> None:
    async with desk().open() as house:
        await house.say("call mom on Tuesday")
        await house.say("no, I meant Wednesday")
        undo = await house.say("undo")
        lost = await house.say("no, Friday")  # after an undo it is not clear what is meant
        here = await house.say("no, Friday", reply_to="1")
    assert not reply_of(undo).failed
    assert reply_of(lost).buttons
    assert "→" in reply_of(here).text
    assert tasks(house) == ["- [ ] call mom 📅 2026-11-27"]


async def test_undo_of_the_first_receipt_takes_its_corrections_along() -> None:
    async with desk().open() as house:
        first = await house.say("call mom on Tuesday")
        await house.say("no, I meant Wednesday")
        await house.say("note: between")
        await house.say("undo", reply_to=first.message.message_id)
        note = await house.say("note: fridge is BX-200")
        await house.say("no, it's BX-210")
        await house.press(note)
    assert tasks(house) == []
    assert list(house.notes()) == [TASKS, "Travel.md", "Work.md", "Inbox/2026-11-20 between.md"]


async def test_a_changed_line_is_found_in_the_state_before_it_was_changed() -> None:
    house = desk(OLD + b"- [ ] see the dentist\n- [ ] see the optician\n")
    async with house.open():
        await house.act("todo.reschedule", query="dentist", due="2026-11-26")
        house.vault.files[TASKS] += b"- [ ] last\n"
        await house.say("no, Friday", conversation="cli:act")
        moved = tasks(house)
        await house.say("no, I meant optician", conversation="cli:act")
    assert moved[0] == "- [ ] see the dentist 📅 2026-11-27"
    assert tasks(house) == [
        "- [ ] see the dentist",
        "- [ ] see the optician 📅 2026-11-27",
        "- [ ] last",
    ]


async def test_a_question_is_answered_by_a_time_alone() -> None:
    done: list[dict[str, object]] = []

    async def remind(ctx: Context, text: str, at: str, repeat: str = "") -> Reply:
        """Remember"""
        done.append({"text": text, "at": at})
        return Reply(text="ok")

    house = desk()
    house.skills["reminder.add"] = Skill("reminder.add", remind, "Remind", Capability.ADD)
    async with house.open():
        await house.say("remind me about the report")
        await house.say("tomorrow at 16:30")
        await house.say("remind me about the invoice")
        await house.say("at 5")
    assert [each["text"] for each in done] == ["the report", "the invoice"]
    assert [str(each["at"])[:16] for each in done] == ["2026-11-21T16:30", "2026-11-20T17:00"]


# What cannot be changed.


@pytest.mark.parametrize(
    "text", ["no, I meant Wednesday", "tomorrow at 9", "not sure, maybe tomorrow"]
)
async def test_nothing_to_correct_is_one_short_question(text: str) -> None:
    async with desk().open() as house:
        job = await house.say(text)
        assert not house.effects.rows
        kept = await house.press(job)
    assert "Saved" in reply_of(kept).text
    assert len(house.effects.rows) == 1


async def test_lines_that_the_owner_changed_since_are_left_alone() -> None:
    async with desk().open() as house:
        await house.say("call mom on Tuesday")
        house.vault.files[TASKS] = OLD + b"- [ ] call mom and dad\n"
        before = dict(house.vault.files)
        job = await house.say("no, I meant Wednesday")
    assert house.vault.files == before
    assert reply_of(job).failed
    assert [button.intent for button in reply_of(job).buttons] == ["note.add"]


async def test_a_correction_in_another_conversation_changes_nothing() -> None:
    async with desk().open() as house:
        await house.say("call mom on Tuesday")
        await house.say("no, I meant Wednesday", conversation="telegram:7")
    assert tasks(house) == ["- [ ] call mom 📅 2026-11-24"]


async def test_many_matches_are_asked_about_and_the_choice_is_still_a_correction() -> None:
    async with desk().open() as house:
        house.vault.files["a/Plan.md"] = house.vault.files["b/Plan.md"] = b"# Plan\n"
        await house.say('add "renew passport" to my Travel note')
        asked = await house.say("no, in the note Plan")
        assert b"renew" in house.vault.files["Travel.md"]
        await house.press(asked, 1)
    where = [path for path, text in house.notes().items() if "renew" in text]
    assert where == ["b/Plan.md"]


# Kills.


async def test_wherever_it_dies_there_is_one_thing_and_it_is_the_right_one() -> None:
    async def run(house: Desk) -> None:
        await house.say("call mom on Tuesday")
        await house.say("no, I meant Wednesday")

    count = 0
    async for where, house in died_everywhere(desk, run):
        assert tasks(house) == ["- [ ] call mom 📅 2026-11-25"], where
        count += 1
    assert count > 10


async def test_wherever_it_dies_the_words_are_in_one_note() -> None:
    async def run(house: Desk) -> None:
        await house.say('add "renew passport" to my Travel note')
        await house.say("no, in the note Work")
        await house.say("note: fridge is BX-200")

    async for where, house in died_everywhere(desk, run):
        held = [path for path, text in house.notes().items() if "renew" in text]
        assert held == ["Work.md"], where


async def test_wherever_an_edit_dies_that_makes_something_else_of_a_note() -> None:
    async def run(house: Desk) -> None:
        note = await house.say("note: call mom")
        await house.edit(note, "todo: call mom on Tuesday")

    async for where, house in died_everywhere(desk, run):
        assert tasks(house) == ["- [ ] call mom 📅 2026-11-24"], where
        assert len(house.notes()) == 3, where


# An edited message is a correction, too.


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("call mom on Tuesday", "call mom on Wednesday", "- [ ] call mom 📅 2026-11-25"),
        ("call mom on Tuesday", "call dad tomorrow", "- [ ] call dad 📅 2026-11-21"),
        ("Buy oat mlk", "Oat milk, two of them", "- [ ] Oat milk, two of them"),
    ],
)
async def test_an_edited_message_changes_its_line(first: str, second: str, line: str) -> None:
    async with desk().open() as house:
        told = await house.say(first)
        await house.say("note: between")
        await house.edit(told, second)
    assert tasks(house) == [line]


async def test_an_edited_correction_corrects_the_same_thing() -> None:
    async with desk().open() as house:
        await house.say("call mom on Tuesday")
        told = await house.say("no, I meant Wednesday")
        await house.edit(told, "no, I meant Thursday")
    assert tasks(house) == ["- [ ] call mom 📅 2026-11-26"]


async def test_tomorrow_in_an_edited_message_is_that_of_the_first_version() -> None:
    async with desk().open() as house:
        told = await house.say("call mum tomorrow")
        house.clock.pass_(days=2)
        await house.edit(told, "call mom tomorrow")
    assert tasks(house) == ["- [ ] call mom 📅 2026-11-21"]


async def test_a_note_edited_into_a_to_do_and_on_leaves_no_note() -> None:
    async with desk().open() as house:
        told = await house.say("note: call mom")
        await house.edit(told, "todo: call mom")
        await house.edit(told, "todo: call dad")
        assert tasks(house) == ["- [ ] call dad"]
        assert len(house.notes()) == 3
        for _ in range(2):
            await house.say("undo")
    assert tasks(house) == []
    assert house.notes()["Inbox/2026-11-20 call mom.md"] == "call mom"


# With the skills as they are.


async def test_a_day_of_small_changes_over_the_real_skills() -> None:
    house = Desk()
    async with house.open():
        for text in (
            "Buy oat milk",
            "no, not milk, bread",
            "call mom on Tuesday",
            "no, I meant Wednesday",
            "milk, eggs, bread and 2 lemons",
            "not eggs, ham",
            "move call mom to Thursday 14:00",
            "no, Friday",
            "log: ran 5k",
            "no, yesterday",
        ):
            job = await house.say(text)
            assert not reply_of(job).failed, text
        told = await house.say("done lemons")
        wrong = await house.say("no, ham")
    assert told.intent == "todo.complete"
    assert "lemons → ham" in reply_of(wrong).text
    assert house.notes()[TASKS].splitlines() == [
        "- [ ] Buy oat bread",
        "- [ ] call mom ⏰ 2026-11-27 14:00 📅 2026-11-27",
        "- [ ] milk",
        "- [x] ham ✅ 2026-11-20",
        "- [ ] bread",
        "- [ ] 2 lemons",
    ]
    assert house.notes()["2026-11-19.md"].strip().endswith("ran 5k")
    assert "2026-11-20.md" not in house.notes()


async def test_undone_to_the_beginning_nothing_is_left() -> None:
    house = Desk()
    texts = (
        "Buy oat milk",
        "no, not milk, bread",
        "call mom on Tuesday",
        "no, Wednesday",
        "no, ham",
    )
    async with house.open():
        for text in texts:
            await house.say(text)
        for _ in texts:
            await house.say("undo")
        last = await house.say("undo")
    assert reply_of(last).failed
    assert all(not text.strip() for text in house.notes().values())
