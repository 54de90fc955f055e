"""Whole conversations: several skills one after the other, in many languages, and back again."""

from __future__ import annotations

import pytest

from octopus.core.handler import House
from octopus.core.route import Route
from tests.fakes.desk import Desk, died_everywhere, reply_of

TASKS = "Tasks.md"
MONDAY = "2026-11-23"  # NOON of the doubles is a Friday


def seen(house: Desk) -> dict[str, str]:
    """The notes as they stand."""
    return {path: text for path, text in house.notes().items() if not path.startswith(".")}


# To-do, correction, done, and back step by step.


@pytest.mark.parametrize(
    ("said", "change", "done", "undo", "words"),
    [
        ("buy bread tomorrow", "no, on Monday", "done bread", "undo", "buy bread"),
        ("morgen Brot kaufen", "nein, am Montag", "erledigt Brot", "rückgängig", "Brot kaufen"),
        ("acheter du pain demain", "non, lundi", "fait pain", "annuler", "acheter du pain"),
        ("comprar pan mañana", "no, el lunes", "hecho pan", "deshacer", "comprar pan"),
        ("comprar pão amanhã", "não, segunda-feira", "feito pão", "desfazer", "comprar pão"),
        ("comprare il pane domani", "no, lunedì", "fatto pane", "annulla", "comprare il pane"),
        ("завтра купить хлеб", "нет, в понедельник", "сделано хлеб", "отмена", "купить хлеб"),
        ("купити хліб завтра", "ні, в понеділок", "зроблено хліб", "скасувати", "купити хліб"),
        ("明天买牛奶", "不,我是说周一", "完成 买牛奶", "撤销", "买牛奶"),
    ],
)
async def test_a_todo_from_first_word_to_last_undo(
    said: str, change: str, done: str, undo: str, words: str
) -> None:
    tomorrow, monday = f"- [ ] {words} 📅 2026-11-21\n", f"- [ ] {words} 📅 {MONDAY}\n"
    ticked = f"- [x] {words} 📅 {MONDAY} ✅ 2026-11-20\n"
    states = []
    async with Desk().open() as house:
        for text in (said, change, done, undo, undo, undo):
            await house.say(text)
            states.append(seen(house).get(TASKS))
        last = reply_of(await house.say(undo))
    assert states == [tomorrow, monday, ticked, monday, tomorrow, None]
    assert last.failed
    assert seen(house) == {}


async def test_the_list_may_have_another_name_in_the_middle_of_it() -> None:
    async with Desk({"A.md": b"[[Tasks]]\n"}).open() as house:
        await house.say("buy milk tomorrow")
        await house.say("rename the note Tasks to Chores")
        await house.say("done milk")
        assert "[x] buy milk" in seen(house)["Chores.md"]
        assert seen(house)["A.md"] == "[[Chores]]\n"
        await house.say("undo")
        assert "[ ] buy milk" in seen(house)["Chores.md"]
        await house.say("undo")
        assert seen(house) == {"A.md": "[[Tasks]]\n", TASKS: "- [ ] buy milk 📅 2026-11-21\n"}
        await house.say("undo")
    assert seen(house) == {"A.md": "[[Tasks]]\n"}


async def test_what_is_chosen_from_a_question_is_one_step() -> None:
    names = "- [ ] call Ann\n- [ ] call Bob\n"
    async with Desk({"T.md": names.encode()}).open() as house:
        asked = await house.say("done call")
        assert seen(house) == {"T.md": names}
        await house.press(asked, 1)
        assert seen(house)["T.md"] == "- [ ] call Ann\n- [x] call Bob ✅ 2026-11-20\n"
        await house.say("log: rang Bob")
        await house.say("undo")
        await house.say("undo")
    assert seen(house) == {"T.md": names}


async def test_only_a_line_of_a_list_can_be_done() -> None:
    async with Desk({"Boat.md": b"# Boat\n"}).open() as house:
        await house.say("add call Ann to my note Boat")
        unknown = reply_of(await house.say("done call Ann"))
        assert "call Ann" in unknown.text
        assert [button.intent for button in unknown.buttons] == ["todo.say"]
        await house.say("todo: call Ann")
        await house.say("done call Ann")
    assert seen(house) == {
        "Boat.md": "# Boat\ncall Ann\n",
        TASKS: "- [x] call Ann ✅ 2026-11-20\n",
    }


# The diary.


@pytest.mark.parametrize(
    ("said", "change", "line"),
    [
        ("log: dentist at 9:15", "no, at 10:45", "dentist at 10:45"),
        ("log: lunch on Monday", "no, on Tuesday", "lunch on Tuesday"),
    ],
)
async def test_a_time_in_the_diary_is_corrected_where_it_stands(
    said: str, change: str, line: str
) -> None:
    async with Desk().open() as house:
        await house.say(said)
        before = seen(house)
        await house.say(change)
        assert seen(house) == {"2026-11-20.md": f"- 12:00 {line}\n"}
        await house.say("undo")
    assert seen(house) == before


async def test_a_line_of_another_day_goes_to_its_note_and_back() -> None:
    async with Desk({"2026-11-19.md": b"# Thursday\n"}).open() as house:
        await house.say("log: slept well")
        await house.say("no, yesterday")
        assert seen(house) == {"2026-11-19.md": "# Thursday\n- slept well\n"}
        await house.say("undo")
    assert seen(house) == {
        "2026-11-19.md": "# Thursday\n",
        "2026-11-20.md": "- 12:00 slept well\n",
    }


# Edited on the phone.


async def test_a_note_edited_into_a_todo_goes_to_the_list_and_not_into_the_note() -> None:
    async with Desk().open() as house:
        first = await house.say("note: first line")
        await house.edit(first, "note: second line")
        states = [seen(house)]
        job = await house.edit(first, "buy milk")
        assert seen(house) == {TASKS: "- [ ] buy milk\n"}
        assert TASKS in reply_of(job).text
        await house.say("undo")
        states.append(seen(house))
    assert states == [{"Inbox/2026-11-20 first line.md": "second line"}] * 2


async def test_a_first_todo_edited_into_a_link_makes_a_note_and_not_the_list() -> None:
    async with Desk().open() as house:
        first = await house.say("buy milk")
        await house.edit(first, "https://example.org/a tea shop")
    assert seen(house) == {"Inbox/2026-11-20 tea shop.md": "https://example.org/a tea shop"}


async def test_a_first_todo_meant_for_another_list_is_there() -> None:
    async with Desk().open() as house:
        await house.say("shopping: milk, eggs")
        await house.say("no, to the list Party")
        (path,) = seen(house)
    assert path == "Party.md"


# The owner's routes.


async def test_a_routed_line_edited_and_taken_back() -> None:
    idea = Route("ideas", "Ideas", "- {{text}}", True, "New", prefix="idea:")
    async with Desk({"Ideas.md": b"# Mine\n"}, house=House(routes=(idea,))).open() as house:
        first = await house.say("idea: a boat")
        await house.say("buy rope")
        await house.edit(first, "idea: a red boat")
        lines = [line for line in seen(house)["Ideas.md"].split("\n") if line]
        assert lines == ["# Mine", "## New", "- a red boat"]
        for _ in range(3):
            await house.say("undo")
    assert seen(house) == {"Ideas.md": "# Mine\n"}


# Death.


async def test_a_death_at_any_moment_of_a_conversation_changes_nothing_of_its_end() -> None:
    async def run(house: Desk) -> None:
        first = await house.say("note: first line")
        await house.say("log: slept well")
        await house.edit(first, "buy milk")
        await house.say("done milk")
        await house.say("undo")

    async for where, house in died_everywhere(Desk, run):
        assert seen(house) == {
            "2026-11-20.md": "- 12:00 slept well\n",
            TASKS: "- [ ] buy milk\n",
        }, where
