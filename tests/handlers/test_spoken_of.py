""" "It" is what was spoken of last, and "no, ..." never makes a second thing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.desk import Desk, reply_of

MANY = "".join(f"- [ ] chore {number}\n" for number in range(8)).encode()


async def test_it_is_the_todo_of_the_last_receipt_not_the_list_shown_before() -> None:
    desk = Desk({"Tasks.md": MANY})
    async with desk.open():
        listed = await desk.say("show all my to-dos")
        await desk.say("call Zoe on Friday")
        # Keeping the list true makes it the newest of the views, as in the journal's table.
        desk.journal.settled.append(desk.journal.rows[listed.id])
        moved = await desk.say("move it to Monday")
    assert "Which" not in reply_of(moved).text
    assert "call Zoe 📅 2026-11-23" in desk.notes()["Tasks.md"]


async def test_a_list_that_was_asked_for_since_is_what_it_could_be() -> None:
    desk = Desk({"Tasks.md": MANY})
    async with desk.open():
        await desk.say("call Zoe on Friday")
        await desk.say("show all my to-dos")
        asked = await desk.say("move it to Monday")
    assert len(reply_of(asked).buttons) > 1
    assert "2026-11-23" not in desk.notes()["Tasks.md"]


@pytest.mark.parametrize(
    ("said", "moved"),
    [
        ("erinnere mich morgen um 8 an Milch", "verschieb das auf morgen um 9"),
        ("remind me tomorrow at 8 to buy milk", "move it to tomorrow at 9"),
    ],
)
async def test_it_is_the_reminder_that_was_just_set(said: str, moved: str) -> None:
    desk = Desk({"Tasks.md": MANY})
    async with desk.open():
        await desk.say(said)
        await desk.say(moved)
    (kept,) = desk.reminders.rows.values()
    assert kept.local.hour == 9
    assert desk.notes()["Tasks.md"] == MANY.decode()


async def test_done_after_setting_a_reminder_does_not_end_it() -> None:
    desk = Desk()
    async with desk.open():
        await desk.say("remind me tomorrow at 8 to buy milk")
        await desk.say("done")
    (kept,) = desk.reminders.rows.values()
    assert kept.due is not None


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("make it weekly", "call Zoe 🔁 every week 📅 2026-11-27"),
        ("make it every Monday", "call Zoe 🔁 every week on Monday 📅 2026-11-23"),
    ],
)
async def test_make_it_weekly_keeps_the_day_unless_it_names_one(change: str, line: str) -> None:
    desk = Desk()
    async with desk.open():
        await desk.say("call Zoe on Friday")
        await desk.say(change)
    assert desk.notes()["Tasks.md"] == f"- [ ] {line}\n"


async def test_a_no_with_several_words_asks_which_change_is_meant() -> None:
    desk = Desk()
    async with desk.open():
        await desk.say("add milk, eggs to the shopping list")
        await desk.say("not milk, bread")
        asked = await desk.say("no, bread and butter")
        assert desk.notes() == {"Shopping.md": "- [ ] bread\n- [ ] eggs\n"}
        await desk.press(asked)
    assert desk.notes() == {"Shopping.md": "- [ ] bread and butter\n- [ ] eggs\n"}


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("call Bob tomorrow", "no, call the doctor"),
        ("Bob morgen anrufen", "nein, Brot und Butter"),
        ("buy milk", "no, bread and butter"),
    ],
)
async def test_a_no_after_one_todo_never_makes_another(said: str, change: str) -> None:
    desk = Desk()
    async with desk.open():
        await desk.say(said)
        await desk.say(change)
    (text,) = desk.notes().values()
    assert text.count("- [ ]") == 1
    assert "no" not in text.split()


async def test_a_no_after_a_reminder_changes_its_words() -> None:
    desk = Desk()
    async with desk.open():
        await desk.say("remind me tomorrow at 8 to call Bob")
        changed = await desk.say("no, to call the doctor")
    assert "call the doctor" in reply_of(changed).text
    assert desk.notes() == {}


@pytest.mark.parametrize("minutes", [None, 11])
async def test_a_no_with_nothing_done_just_before_is_kept(minutes: int | None) -> None:
    desk = Desk()
    async with desk.open():
        if minutes is not None:
            await desk.say("buy milk")
            later = desk.clock.now() + timedelta(minutes=minutes)
            await desk.say("no, I will not go there", sent_at=later)
        else:
            await desk.say("no, I will not go there")
    assert any("I will not go there" in text for text in desk.notes().values())
    assert "- [ ] buy milk" in desk.notes().get("Tasks.md", "- [ ] buy milk")


async def test_a_no_that_cannot_be_applied_is_one_question() -> None:
    desk = Desk({"Tasks.md": b"- [ ] call Zoe\n"})
    async with desk.open():
        listed = await desk.say("show all my to-dos")
        await desk.press(listed)
        before = desk.notes()
        asked = await desk.say("no, bread and butter")
    assert reply_of(asked).buttons
    assert desk.notes() == before


async def test_the_question_which_one_takes_another_day() -> None:
    desk = Desk()
    async with desk.open():
        await desk.say("call Ann tomorrow")
        await desk.say("call Zoe on Friday")
        await desk.say("move call to Monday")
        again = await desk.say("no, I meant Wednesday")
        await desk.press(again, 1)
    assert (
        desk.notes()["Tasks.md"] == "- [ ] call Ann 📅 2026-11-21\n- [ ] call Zoe 📅 2026-11-25\n"
    )


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ("rappelle-moi demain", ("non, jeudi à 14h",)),
        ("remind me tomorrow", ("no, Thursday at 2 pm",)),
        ("remind me tomorrow", ("no, Friday", "no, Thursday at 2 pm")),
    ],
)
async def test_a_reminder_without_words_is_still_asked_for_at_another_time(
    said: str, changes: tuple[str, ...]
) -> None:
    desk = Desk()
    async with desk.open():
        first = await desk.say(said)
        for change in changes:
            again = await desk.say(change)
            assert reply_of(again).text == reply_of(first).text
        assert "14:00" in reply_of(again).buttons[0].label
    assert desk.reminders.rows == {}
    assert desk.notes() == {}
