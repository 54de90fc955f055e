"""Reminders in a chat: set, looked at, moved, put off, done, dropped, taken back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from octopus.core.message import Kind, Message, Reply
from octopus.core.outgoing import Act
from octopus.core.reminder import ReminderState
from tests.reminders.chat import CHAT, FRIDAY, Chat, chatting


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    async with chatting(tmp_path) as found:
        yield found


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


RING = ["Done", "+10 min", "+1 h", "Tomorrow"]


# Set.


async def test_the_confirmation_says_weekday_date_and_time(chat: Chat) -> None:
    reply = await chat.say("remind me tomorrow at 9 to call the dentist")
    assert reply.text == "⏰ Sat 21.11.2026 09:00 · call the dentist"
    assert reply.reaction == "✍"
    assert labels(reply) == ["Undo"]
    unix = int((FRIDAY.replace(hour=9, minute=0) + timedelta(days=1)).timestamp())
    assert reply.times == (("Sat 21.11.2026 09:00", unix),)
    assert await chat.armed() == ["21 09:00 call the dentist"]
    assert list(chat.octopus.vault_path.rglob("*.md")) == []  # it stands in no note


async def test_two_times_of_the_day_are_two_reminders_and_one_undo(chat: Chat) -> None:
    reply = await chat.say("remind me every day at 9 and 21 to take pills")
    assert reply.text.splitlines() == [
        "⏰ Fri 20.11.2026 21:00 · take pills",
        "Repeats: every day",
        "⏰ Sat 21.11.2026 09:00 · take pills",
        "Repeats: every day",
    ]
    assert len(reply.times) == 2
    assert await chat.armed() == ["20 21:00 take pills", "21 09:00 take pills"]
    await chat.say("undo")
    assert await chat.armed() == []


@pytest.mark.parametrize(
    ("text", "armed", "said"),
    [
        ("in 20 min take the cake out", "20 09:50 take the cake out", None),
        (
            "remind me every day at 8 to take pills",
            "21 08:00 take pills",
            "Repeats: every day",
        ),
        (
            "nag me every 5 minutes until it is done to take out the trash",
            "20 09:35 take out the trash",
            "Told again every 5 minutes until it is done.",
        ),
        (
            "remind me at 8pm to call and keep reminding me every 1 minute",
            "20 20:00 call",
            "Told again every minute until it is done.",
        ),
    ],
)
async def test_what_can_be_asked_for(chat: Chat, text: str, armed: str, said: str | None) -> None:
    reply = await chat.say(text)
    assert await chat.armed() == [armed]
    assert reply.text.splitlines()[1:] == ([said] if said else [])


async def test_bad_input_is_a_sentence_with_the_words_kept(chat: Chat) -> None:
    past = await chat.say("remind me yesterday at 5 to call Ann")
    assert past.text == "Thu 19.11.2026 17:00 is past already. When instead?"
    assert labels(past) == ["Fri 20.11.2026 17:00", "Sat 21.11.2026 09:00", "Save as note"]
    never = await chat.say("remind me every 0 days to call Ann")
    assert labels(never)[-1] == "Keep as a note"
    far = await chat.say("remind me on 1.1.10000 to call Ann")
    assert far.buttons
    for repeat in ("every 0 days", "every blue moon", "every 0 minutes"):
        reply = await act(chat, text="x", at="2026-11-21T09:00:00+01:00", repeat=repeat)
        assert reply.text.startswith(f"I cannot repeat something “{repeat}”.")
        assert labels(reply) == ["Once, Sat 21.11.2026 09:00", "Save as note"]
    for at in ("9999-12-31T23:59:59+00:00", "10000-01-01T00:00:00+00:00", "soon", ""):
        reply = await act(chat, text="x", at=at)
        assert labels(reply) == ["Save as note"], at
    assert (await act(chat, text="  ", at="2026-11-21T09:00:00+01:00")).buttons == ()
    assert await chat.armed() == []


async def act(chat: Chat, **args: str) -> Reply:
    """The skill with arguments that no rule would give."""
    wanted = json.dumps({"intent": "reminder.add", "args": args})
    return await chat._send(CHAT, kind=Kind.ACT, press=wanted)


async def test_a_choice_under_the_question_sets_it(chat: Chat) -> None:
    await chat.say("remind me yesterday at 5 to call Ann")
    await chat.press("Fri 20.11.2026 17:00")
    assert await chat.armed() == ["20 17:00 call Ann"]


async def test_what_waited_in_the_journal_still_counts_from_when_it_was_sent(chat: Chat) -> None:
    message = Message("k", CHAT, "7", "remind me in 5 minutes to call Ann", chat.clock.now())
    chat.clock.moment += timedelta(hours=1)  # the machine was off
    await chat.octopus.supervisor.ask(message)
    (row,) = [row for row in await chat.wait(minutes=0) if row.reply.buttons[0].label == "Done"]
    assert row.reply.text == "⏰ call Ann\nLate: this was for Fri 20.11.2026 09:35."


async def test_one_that_is_asked_for_at_the_machine_is_told_on_the_phone(chat: Chat) -> None:
    await chat.say("remind me in 5 minutes to call Ann", conversation="cli:ask")
    (row,) = await chat.wait(minutes=5)
    assert row.conversation == CHAT
    assert (await chat.press("Done")).text == "✓ call Ann"


# Told, and acted on.


async def test_it_rings_with_buttons_and_done_takes_them_away(chat: Chat) -> None:
    await chat.say("remind me in 20 min to call Ann")
    (row,) = await chat.wait(minutes=20)
    assert row.reply.text == "⏰ call Ann"
    assert labels(row.reply) == RING
    done = await chat.press("Done")
    assert (done.text, labels(done)) == ("✓ call Ann", ["Undo"])
    assert chat.shown[chat.last].act is Act.EDIT  # in the place of the message that rang
    again = await chat.say("done", to=chat.last)
    assert again.text == "That is done already: call Ann"


@pytest.mark.parametrize(
    ("button", "armed"),
    [
        ("+10 min", "20 10:00 call Ann"),
        ("+1 h", "20 10:50 call Ann"),
        ("Tomorrow", "21 09:50 call Ann"),
    ],
)
async def test_put_off_by_a_button(chat: Chat, button: str, armed: str) -> None:
    await chat.say("remind me in 20 min to call Ann")
    await chat.wait(minutes=20)
    reply = await chat.press(button)
    assert await chat.armed() == [armed]
    assert reply.text.startswith("⏰ Fri 20.11.2026 09:50 → ")
    await chat.press("Undo")
    assert await chat.armed() == []  # its time has passed: it stays silent
    (ring,) = await chat.octopus.reminders._many("1")
    assert ring.state is ReminderState.TOLD


@pytest.mark.parametrize(
    ("words", "armed"),
    [
        ("in 3 hours", "20 12:50 call Ann"),
        ("tomorrow 9", "21 09:00 call Ann"),
        ("tomorrow", "21 09:50 call Ann"),
        ("Monday at 14:30", "23 14:30 call Ann"),
        ("snooze 15 minutes", "20 10:05 call Ann"),
    ],
)
async def test_put_off_in_words(chat: Chat, words: str, armed: str) -> None:
    await chat.say("remind me in 20 min to call Ann")
    await chat.wait(minutes=20)
    await chat.say(words, to=chat.last)
    assert await chat.armed() == [armed]


async def test_a_time_that_may_be_two_is_asked_and_moves_the_same_one(chat: Chat) -> None:
    await chat.say("remind me in 20 min to call Ann")
    await chat.wait(minutes=20)
    reply = await chat.say("at 8", to=chat.last)
    assert {button.intent for button in reply.buttons} == {"reminder.move"}
    await chat.press(reply.buttons[0].label)
    assert len(await chat.armed()) == 1


async def test_done_in_answer_and_done_without_one(chat: Chat) -> None:
    for number in range(3):
        await chat.say(f"remind me in {5 + number} min to call {number}")
    rung = [row for _ in range(7) for row in await chat.wait(minutes=1)]
    assert [row.reply.text for row in rung] == ["⏰ call 0", "⏰ call 1", "⏰ call 2"]
    first = next(number for number, row in chat.shown.items() if row.reply.text == "⏰ call 0")
    assert (await chat.say("done", to=first)).text == "✓ call 0"
    await chat.say("remind me in 3 min to call Bob")
    await chat.wait(minutes=3)
    assert (await chat.say("done")).text == "✓ call Bob"  # the one that rang last
    await chat.wait(hours=3)
    assert (await chat.say("done")).text != "✓ call Bob"  # too long ago to be meant


async def test_named_by_its_words_where_no_to_do_is_called_so(chat: Chat) -> None:
    await chat.say("remind me tomorrow at 9 to call the dentist")
    moved = await chat.say("move dentist to Thursday 14:00")
    assert moved.text == ("⏰ Sat 21.11.2026 09:00 → Thu 26.11.2026 14:00 · call the dentist")
    assert (await chat.say("cancel the reminder about the dentist")).text.startswith("Dropped")
    assert await chat.armed() == []
    assert (await chat.say("done dentist")).failed


async def test_several_that_are_called_so_are_asked_about(chat: Chat) -> None:
    await chat.say("remind me tomorrow at 9 to call Ann")
    await chat.say("remind me tomorrow at 10 to call Bob")
    reply = await chat.say("cancel the reminder to call")
    assert reply.text == "Which reminder do you mean?"
    await chat.press(reply.buttons[0].label)
    assert len(await chat.armed()) == 1


async def test_a_to_do_of_that_name_comes_before_a_reminder(chat: Chat) -> None:
    chat.write("- [ ] call the dentist\n")
    await chat.settled()
    await chat.say("remind me tomorrow at 9 to call the dentist")
    await chat.say("done dentist")
    assert "[x] call the dentist" in chat.note()
    assert await chat.armed() == ["21 09:00 call the dentist"]


async def test_moving_into_the_past_moves_nothing(chat: Chat) -> None:
    await chat.say("remind me in 20 min to call Ann")
    reply = await chat.say("yesterday at 5", to=chat.last)
    assert await chat.armed() == ["20 09:50 call Ann"]
    assert reply.failed or reply.buttons


async def test_the_receipt_can_be_answered_before_it_rings(chat: Chat) -> None:
    await chat.say("remind me tomorrow at 9 to call Ann")
    await chat.say("in 2 hours", to=chat.last)
    assert await chat.armed() == ["20 11:30 call Ann"]
    await chat.say("undo")
    assert await chat.armed() == ["21 09:00 call Ann"]


async def test_a_repeating_one_goes_on_after_done_and_after_put_off(chat: Chat) -> None:
    await chat.say("remind me every day at 10 to take pills")
    await chat.wait(minutes=30)
    assert (await chat.press("Done")).text == "✓ take pills\nNext time: Sat 21.11.2026 10:00"
    assert await chat.armed() == ["21 10:00 take pills"]
    await chat.wait(days=1)
    await chat.press("+1 h")
    assert await chat.armed() == ["21 11:00 take pills"]
    (row,) = await chat.wait(hours=1)
    assert row.reply.text == "⏰ take pills"
    assert await chat.armed() == ["22 10:00 take pills"]


async def test_by_a_rule_with_when_done_the_next_time_is_counted_from_then(chat: Chat) -> None:
    await act(chat, text="water", at="2026-11-20T10:00:00+01:00", repeat="every 3 days when done")
    await chat.wait(minutes=30)
    assert await chat.armed() == []
    await chat.wait(days=2)
    assert "Next time: Wed 25.11.2026 10:00" in (await chat.press("Done")).text
    assert await chat.armed() == ["25 10:00 water"]


async def test_nagging_ends_with_done(chat: Chat) -> None:
    await chat.say("nag me every 5 minutes until it is done to take out the trash")
    assert len(await chat.wait(minutes=5)) == 1
    assert len(await chat.wait(minutes=5)) == 1
    await chat.press("Done")
    assert await chat.wait(minutes=60) == []


# Looked at, dropped, taken back.


async def test_the_list_and_what_can_be_done_from_it(chat: Chat) -> None:
    assert (await chat.say("/reminders")).text == "No reminders are set."
    await chat.say("remind me tomorrow at 9 to call Ann")
    await chat.say("remind me every day at 8 to take pills")
    reply = await chat.say("what are my reminders")
    assert reply.text.splitlines() == [
        "2 reminders:",
        "1. Sat 21.11.2026 08:00 · take pills 🔁 every day",
        "2. Sat 21.11.2026 09:00 · call Ann",
    ]
    assert [words for words, _ in reply.times] == ["Sat 21.11.2026 08:00", "Sat 21.11.2026 09:00"]
    one = await chat.press("2. call Ann")
    assert labels(one) == [*RING, "Drop"]
    assert (await chat.press("Drop")).text == "Dropped: call Ann"
    assert await chat.armed() == ["21 08:00 take pills"]
    await chat.press("Undo")
    assert len(await chat.armed()) == 2


async def test_a_long_list_says_how_many_more_there_are(chat: Chat) -> None:
    for number in range(33):
        await chat.say(f"remind me in {number + 5} hours to call {number}")
    reply = await chat.say("/reminders")
    assert reply.text.splitlines()[-1] == "… and 3 more"
    assert len(reply.buttons) == 8


async def test_undo_takes_the_reminder_back_and_the_one_before(chat: Chat) -> None:
    await chat.say("remind me tomorrow at 9 to call Ann")
    await chat.say("remind me tomorrow at 10 to call Bob")
    assert (await chat.say("undo")).text == "The reminder is taken back: call Bob"
    assert (await chat.say("undo")).text == "The reminder is taken back: call Ann"
    assert await chat.armed() == []
    assert (await chat.say("undo")).text == "There is nothing to take back."


async def test_a_correction_makes_no_second_reminder(chat: Chat) -> None:
    await chat.say("remind me tomorrow at 9 to call Ann")
    await chat.say("no, I meant Wednesday")
    assert await chat.armed() == ["25 09:00 call Ann"]
    await chat.say("undo")
    assert len(await chat.armed()) <= 1


async def test_after_undoing_a_correction_it_is_said_what_stands_now(chat: Chat) -> None:
    await chat.say("remind me tomorrow at 10 to call Bob")
    await chat.say("no, at 11")
    await chat.say("no, Monday")
    said = [(await chat.say("undo")).text for _ in range(3)]
    assert said == [
        "Taken back: ⏰ Sat 21.11.2026 11:00 · call Bob",
        "Taken back: ⏰ Sat 21.11.2026 10:00 · call Bob",
        "The reminder is taken back: call Bob",
    ]
    assert await chat.armed() == []


async def test_buttons_of_a_reminder_that_is_not_known_any_more(chat: Chat) -> None:
    await chat.say("remind me in 20 min to call Ann")
    await chat.wait(minutes=20)
    await chat.octopus.database.write(lambda db: db.execute("DELETE FROM reminders").rowcount)
    assert (await chat.press("Done")).text == "I do not know that reminder any more."


# To-dos with an alarm in a note.

LINE = "- [ ] water the ferns ⏰ 2026-11-20 10:00 📅 2026-11-20\n"


async def test_an_alarm_written_in_obsidian_rings_and_done_ticks_the_line(chat: Chat) -> None:
    chat.write(f"# Today\n{LINE}")
    await chat.settled()
    assert await chat.armed() == ["20 10:00 water the ferns"]
    (row,) = await chat.wait(minutes=30)
    assert (row.reply.text, row.reply.about) == ("⏰ water the ferns", "Tasks.md")
    await chat.press("Done")
    assert chat.note() == f"# Today\n{LINE.replace('[ ]', '[x]').rstrip()} ✅ 2026-11-20\n"
    await chat.settled()
    assert await chat.armed() == []
    await chat.say("undo")
    assert chat.note() == f"# Today\n{LINE}"


async def test_a_repeating_to_do_is_ticked_as_the_plugin_does_it(chat: Chat) -> None:
    chat.write("- [ ] pills ⏰ 2026-11-20 10:00 🔁 every day 📅 2026-11-20\n")
    await chat.settled()
    await chat.wait(minutes=30)
    await chat.say("done", to=chat.last)
    assert chat.note().splitlines() == [
        "- [ ] pills ⏰ 2026-11-21 10:00 🔁 every day 📅 2026-11-21",
        "- [x] pills ⏰ 2026-11-20 10:00 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
    ]
    await chat.settled()
    assert await chat.armed() == ["21 10:00 pills"]


async def test_put_off_in_words_it_is_moved_in_its_note(chat: Chat) -> None:
    chat.write(LINE)
    await chat.settled()
    await chat.wait(minutes=30)
    reply = await chat.say("tomorrow 9", to=chat.last)
    assert reply.text.startswith("⏰ Fri 20.11.2026 10:00 → Sat 21.11.2026 09:00")
    assert "⏰ 2026-11-21 09:00 📅" in chat.note()
    await chat.settled()
    assert await chat.armed() == ["21 09:00 water the ferns"]


async def test_put_off_by_minutes_the_note_stays_as_it_is(chat: Chat) -> None:
    chat.write(LINE)
    await chat.settled()
    await chat.wait(minutes=30)
    await chat.press("+10 min")
    assert chat.note() == LINE
    assert await chat.armed() == ["20 10:10 water the ferns"]
    (row,) = await chat.wait(minutes=10)
    assert row.reply.text == "⏰ water the ferns"


async def test_dropped_the_to_do_stays_without_its_alarm(chat: Chat) -> None:
    chat.write(LINE)
    await chat.settled()
    await chat.say("/reminders")
    await chat.press("1. water the ferns")
    await chat.press("Drop")
    assert chat.note() == "- [ ] water the ferns 📅 2026-11-20\n"


async def test_a_date_moved_in_obsidian_moves_the_alarm(chat: Chat) -> None:
    chat.write(LINE)
    await chat.settled()
    chat.write(LINE.replace("10:00", "11:15"))
    await chat.settled()
    assert await chat.armed() == ["20 11:15 water the ferns"]
    (chat.octopus.vault_path / "Garden").mkdir()
    chat.write("")
    chat.write(f"words\n\n{LINE.replace('10:00', '11:15')}", "Garden/Ferns.md")
    await chat.settled()
    assert await chat.armed() == ["20 11:15 water the ferns"]


async def test_a_line_that_is_gone_is_said(chat: Chat) -> None:
    chat.write(LINE)
    await chat.settled()
    await chat.wait(minutes=30)
    chat.write("nothing\n")
    assert (await chat.press("Done")).failed


# Kept over a restart.


async def test_after_a_restart_all_is_as_it_was(tmp_path: Path) -> None:
    async with chatting(tmp_path) as chat:
        await chat.say("remind me in 20 min to call Ann")
        await chat.say("timezone Asia/Tokyo")
    async with chatting(tmp_path) as chat:
        assert str(chat.clock.zone) == "Asia/Tokyo"
        chat.clock.moment += timedelta(days=3)
        (row,) = await chat.wait()
    assert row.reply.text == "⏰ call Ann\nLate: this was for Fri 20.11.2026 17:50."
