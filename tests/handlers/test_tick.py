"""To-dos ticked, dropped and reopened: by name, by number, in answer, by button."""

from __future__ import annotations

from typing import Any

import pytest

from octopus.core.message import Kind, Reply
from tests.fakes.desk import CHAT, Desk, died_everywhere, reply_of
from tests.handlers.scene import labels

SETTINGS = ".obsidian/plugins/obsidian-tasks-plugin/data.json"
NOTE = """# Tasks

- [ ] call the dentist 📅 2026-11-19
- [ ] water the plants 🔁 every week 📅 2026-11-20 ^plants
\t- [ ] the ones in the hall
- [ ] call Ann
- [x] call Bob ✅ 2026-11-01
- [ ] pay the rent ⏫
"""


def desk(text: str = NOTE, **settings: object) -> Desk:
    return Desk({"Tasks.md": text.encode()})


async def answer(desk: Desk, text: str, **more: Any) -> Reply:
    return reply_of(await desk.say(text, **more))


def lines(desk: Desk, note: str = "Tasks.md") -> list[str]:
    return desk.notes()[note].splitlines()


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("done dentist", "- [x] call the dentist 📅 2026-11-19 ✅ 2026-11-20"),
        ("done dentst", "- [x] call the dentist 📅 2026-11-19 ✅ 2026-11-20"),
        ("mark ann call as done", "- [x] call Ann ✅ 2026-11-20"),
        ("I paid the rent", None),
        ("the rent is done", "- [x] pay the rent ⏫ ✅ 2026-11-20"),
    ],
)
async def test_by_name(said: str, line: str | None) -> None:
    async with desk().open() as there:
        reply = await answer(there, said)
        assert (line in lines(there)) if line else lines(there) == NOTE.splitlines()
        if line:
            assert reply.text.splitlines()[0].startswith("☑ ")
            assert labels(reply) == ["Undo"]
            assert len(lines(there)) == len(NOTE.splitlines())


async def test_a_repeating_one_comes_again_and_what_is_below_it_stays() -> None:
    async with desk().open() as there:
        reply = await answer(there, "done plants")
        assert lines(there)[3:6] == [
            "- [ ] water the plants 🔁 every week 📅 2026-11-27",
            "- [x] water the plants 🔁 every week 📅 2026-11-20 ✅ 2026-11-20 ^plants",
            "\t- [ ] the ones in the hall",
        ]
        assert reply.text.endswith("It comes again: Fri 27 Nov")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("- [ ] a 🔁 every month on the 31st of February 📅 2026-11-20", "Done."),
        ("- [ ] a 🔁 every February on the 31st 📅 2026-11-20", "has no further day"),
        ("- [ ] a 🔁 every year 📅 9999-12-31", "has no further day"),
        ("- [ ] a 🔁 every 0 days 📅 2026-11-20", "Done."),
        ("- [ ] a 🔁 every 99999999 days 📅 2026-11-20", "has no further day"),
        ("- [ ] a 🔁 every day", "It comes again: …"),
    ],
)
async def test_a_rule_that_has_no_further_day_is_said(line: str, said: str) -> None:
    async with desk(f"{line}\n").open() as there:
        reply = await answer(there, "done a")
        assert said in reply.text
        assert lines(there)[-1].startswith("- [x] a 🔁 every ")


async def test_delete_on_completion_takes_the_line_out() -> None:
    async with desk("- [ ] a\n- [ ] fetch the parcel 🏁 delete\n- [ ] c\n").open() as there:
        job = await there.say("done parcel")
        assert lines(there) == ["- [ ] a", "- [ ] c"]
        assert reply_of(job).text == "Done, and taken out of Tasks.md: fetch the parcel"
        await there.press(job, 0)
        assert lines(there) == ["- [ ] a", "- [ ] fetch the parcel 🏁 delete", "- [ ] c"]


async def test_several_as_likely_ones_are_offered_and_one_press_decides() -> None:
    async with desk().open() as there:
        job = await there.say("done call")
        assert there.vault.writes == 0
        assert labels(reply_of(job)) == ["call Ann", "call the dentist · Thu 19 Nov"]
        chosen = await there.press(job, 0)
        assert "- [x] call Ann ✅ 2026-11-20" in lines(there)
        assert reply_of(chosen).replaces  # the question is not asked any more
        assert reply_of(chosen).text.startswith("☑ call Ann")


async def test_none_is_said_and_offered_to_be_added() -> None:
    async with desk().open() as there:
        job = await there.say("done passport")
        assert "No open to-do is called “passport”" in reply_of(job).text
        await there.press(job, 0)
        assert lines(there)[-1] == "- [ ] passport"


async def test_two_in_one_message() -> None:
    async with desk().open() as there:
        reply = await answer(there, "done rent and dentist")
        assert sum(line.startswith("- [x]") for line in lines(there)) == 3
        assert reply.text.splitlines()[0] == "Changed to-dos: 2"
        assert there.vault.writes == 1


async def test_the_very_same_twice_in_a_note_is_no_question() -> None:
    async with desk("- [ ] milk\n- [ ] milk\n").open() as there:
        await there.say("done milk")
        assert lines(there) == ["- [x] milk ✅ 2026-11-20", "- [ ] milk"]


# In answer, by number, the latest.


async def test_done_in_answer_means_what_is_answered() -> None:
    async with Desk().open() as there:
        first = await there.say("buy a lamp")
        await there.say("buy a chair")
        await there.say("done", reply_to=there.shown(first))
        assert lines(there) == ["- [x] buy a lamp ✅ 2026-11-20", "- [ ] buy a chair"]


async def test_done_alone_means_the_latest() -> None:
    async with Desk().open() as there:
        await there.say("buy a lamp")
        await there.say("buy a chair")
        await there.say("done")
        assert lines(there) == ["- [ ] buy a lamp", "- [x] buy a chair ✅ 2026-11-20"]


async def test_done_alone_where_nothing_was_spoken_of_asks() -> None:
    async with desk().open() as there:
        job = await there.say("done")
        assert labels(reply_of(job)) == [
            "call the dentist · Thu 19 Nov",
            "water the plants · today, Fri 20 Nov",
        ]
        assert there.vault.writes == 0


async def test_done_alone_with_nothing_open() -> None:
    async with desk("- [x] a\n").open() as there:
        assert "There is no open to-do" in (await answer(there, "done")).text


async def test_an_answer_to_words_of_the_owners_means_what_they_name() -> None:
    async with desk().open() as there:
        await there.say("done", reply_to="77", reply_text="pay the rent")
        assert "- [x] pay the rent ⏫ ✅ 2026-11-20" in lines(there)


async def test_by_number_in_answer_to_a_list() -> None:
    async with desk().open() as there:
        job = await there.say("/todo")
        assert reply_of(job).text.splitlines()[2:5] == [
            "Overdue",
            "1. ☐ call the dentist · Thu 19 Nov",
            "",
        ]
        where = there.shown(job)
        await there.say("done 1", reply_to=where)
        await there.say("done 3 and 4", reply_to=where)  # the numbers stay what they were
        done = [line for line in lines(there) if "[x]" in line]
        assert len(done) == 4
        assert "- [ ] water the plants 🔁 every week 📅 2026-11-20 ^plants" in lines(there)


async def test_by_number_without_an_answer_means_the_last_list() -> None:
    async with desk().open() as there:
        await there.say("/todo")
        await there.say("buy a lamp")
        await there.say("done 1")
        assert "- [x] call the dentist 📅 2026-11-19 ✅ 2026-11-20" in lines(there)


async def test_a_number_that_no_list_has_is_a_name() -> None:
    async with desk("- [ ] room 12\n").open() as there:
        await there.say("/todo")
        await there.say("done 12")
        assert lines(there) == ["- [x] room 12 ✅ 2026-11-20"]
        assert "called “7”" in (await answer(there, "done 7")).text


# By button.


async def test_a_button_ticks_and_unticks_in_the_same_message() -> None:
    async with desk("- [ ] a\n- [ ] b\n").open() as there:
        first = await there.say("/todo")
        second = await there.press(first, 1)
        assert lines(there) == ["- [ ] a", "- [x] b ✅ 2026-11-20"]
        assert reply_of(second).replaces == there.shown(first)
        assert labels(reply_of(second)) == ["☐ 1. a", "☑ 2. b", "Undo"]
        third = await there.press(second, 1)
        assert lines(there) == ["- [ ] a", "- [ ] b"]
        assert labels(reply_of(third)) == ["☐ 1. a", "☐ 2. b", "Undo"]


async def test_a_button_pressed_twice_ticks_once() -> None:
    async with desk("- [ ] a 🔁 every day 📅 2026-11-20\n").open() as there:
        first = await there.say("/todo")
        await there.press(first, 0)
        again = await there.press(first, 0)
        assert lines(there) == [
            "- [ ] a 🔁 every day 📅 2026-11-21",
            "- [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
        ]
        assert there.vault.writes == 1
        assert "☑ a" in reply_of(again).text


async def test_a_button_finds_its_to_do_where_the_owner_put_it() -> None:
    async with desk("- [ ] a\n- [ ] b\n").open() as there:
        first = await there.say("/todo")
        there.vault.files["Tasks.md"] = (
            "# New\n\n- [ ] b 📅 2026-12-01\n- [ ] c\n- [ ] a\n".encode()
        )
        await there.press(first, 1)
        assert lines(there)[2:] == ["- [x] b 📅 2026-12-01 ✅ 2026-11-20", "- [ ] c", "- [ ] a"]


async def test_the_button_of_one_that_is_gone_says_so() -> None:
    async with desk("- [ ] a\n- [ ] b\n").open() as there:
        first = await there.say("/todo")
        there.vault.files["Tasks.md"] = b"- [ ] b\n"
        reply = reply_of(await there.press(first, 0))
        assert "1. not there any more: a" in reply.text
        assert there.vault.writes == 0


async def test_undo_in_a_list_shows_the_list_again() -> None:
    async with desk("- [ ] a\n- [ ] b\n").open() as there:
        first = await there.say("/todo")
        ticked = await there.press(first, 0)
        undone = await there.press(ticked, 2)
        assert lines(there) == ["- [ ] a", "- [ ] b"]
        assert labels(reply_of(undone)) == ["☐ 1. a", "☐ 2. b"]
        assert reply_of(undone).replaces == there.shown(first)


async def test_undo_that_cannot_be_done_says_why() -> None:
    async with desk("- [ ] a\n").open() as there:
        ticked = await there.press(await there.say("/todo"), 0)
        there.vault.files["Tasks.md"] = "- [x] a, really ✅ 2026-11-20\n".encode()
        reply = reply_of(await there.press(ticked, 1))
        assert "changed since" in reply.text
        assert lines(there) == ["- [x] a, really ✅ 2026-11-20"]


async def test_a_receipt_is_ticked_and_reopened_in_place() -> None:
    async with Desk().open() as there:
        added = await there.say("buy a lamp")
        done = await there.press(added, 0)
        assert reply_of(done).text.splitlines() == ["☑ buy a lamp", "Done."]
        assert reply_of(done).replaces == there.shown(added)
        undone = await there.press(done, 0)
        assert reply_of(undone).text.splitlines()[0] == "☐ buy a lamp"
        assert lines(there) == ["- [ ] buy a lamp"]


async def test_two_presses_of_two_buttons_at_once() -> None:
    async with desk("- [ ] a\n- [ ] b\n").open() as there:
        job = await there.say("/todo")
        where = there.shown(job)
        presses = [
            there.message("", CHAT, kind=Kind.PRESS, press=button.id, message_id=where)
            for button in reply_of(job).buttons
        ]
        await there.send(*presses)
        assert lines(there) == ["- [x] a ✅ 2026-11-20", "- [x] b ✅ 2026-11-20"]


# Dropped, bought.


async def test_dropped_ones_are_cancelled() -> None:
    async with desk().open() as there:
        job = await there.act("todo.drop", query="dentist")
        assert "- [-] call the dentist 📅 2026-11-19 ❌ 2026-11-20" in lines(there)
        assert reply_of(job).text.splitlines() == ["☒ call the dentist · Thu 19 Nov", "Dropped."]


@pytest.mark.parametrize(
    "text", ["cancel call mom", "drop call mom", "streich call mom", "отмени call mom"]
)
async def test_a_name_is_enough_to_drop_it(text: str) -> None:
    async with Desk({"Tasks.md": b"- [ ] call mom\n- [ ] lamp\n"}).open() as there:
        await there.say(text)
        assert lines(there) == ["- [-] call mom ❌ 2026-11-20", "- [ ] lamp"]
        await there.say("undo")
        assert lines(there) == ["- [ ] call mom", "- [ ] lamp"]


async def test_what_is_to_be_cancelled_elsewhere_becomes_a_to_do() -> None:
    async with Desk({"Tasks.md": b"- [ ] lamp\n"}).open() as there:
        job = await there.say("cancel my gym membership")
        assert "gym membership" in reply_of(job).text
        assert lines(there) == ["- [ ] lamp"]
        await there.press(job)
        assert lines(there)[1:] == ["- [ ] cancel my gym membership"]


async def test_what_was_bought_is_ticked_on_its_list() -> None:
    files = {"Shopping.md": b"- [ ] milk\n- [ ] oat milk\n", "Tasks.md": b"- [ ] polish shoes\n"}
    async with Desk(files).open() as there:
        reply = await answer(there, "bought oat milk")
        assert lines(there, "Shopping.md") == ["- [ ] milk", "- [x] oat milk ✅ 2026-11-20"]
        assert reply.text.startswith("☑ oat milk")
        await there.say("bought shoes")  # polishing them is something else
        assert lines(there) == ["- [ ] polish shoes"]
        assert any("bought shoes" in text for text in there.notes().values())


async def test_what_is_on_no_list_is_a_note_as_before() -> None:
    async with desk().open() as there:
        await there.say("bought a house")
        assert "bought a house" in "".join(there.notes().values())
        assert lines(there) == NOTE.splitlines()


async def test_owners_statuses_and_settings_count() -> None:
    settings = b'{"globalFilter": "#task", "recurrenceOnNextLine": true, "setDoneDate": false}'
    text = "- [ ] a box\n- [ ] #task water 🔁 every day 📅 2026-11-20\n"
    async with Desk({SETTINGS: settings, "Tasks.md": text.encode()}).open() as there:
        reply = await answer(there, "done water")
        assert lines(there) == [
            "- [ ] a box",
            "- [x] #task water 🔁 every day 📅 2026-11-20",
            "- [ ] #task water 🔁 every day 📅 2026-11-21",
        ]
        assert reply.text.startswith("☑ water ·")
        assert "called “box”" in (await answer(there, "done box")).text  # no task of the plugin


# After a kill.


async def test_whatever_dies_each_is_ticked_once() -> None:
    def make() -> Desk:
        return Desk({"Tasks.md": NOTE.encode(), "Other.md": b"- [ ] mend the roof\n"})

    async def run(there: Desk) -> None:
        await there.say("done plants")
        await there.say("done rent, roof and dentist")
        job = await there.act("todo.complete", query="Ann")
        await there.press(job, 0)

    async for where, there in died_everywhere(make, run):
        assert lines(there)[2:] == [
            "- [x] call the dentist 📅 2026-11-19 ✅ 2026-11-20",
            "- [ ] water the plants 🔁 every week 📅 2026-11-27",
            "- [x] water the plants 🔁 every week 📅 2026-11-20 ✅ 2026-11-20 ^plants",
            "\t- [ ] the ones in the hall",
            "- [ ] call Ann",
            "- [x] call Bob ✅ 2026-11-01",
            "- [x] pay the rent ⏫ ✅ 2026-11-20",
        ], where
        assert lines(there, "Other.md") == ["- [x] mend the roof ✅ 2026-11-20"], where
        texts = [reply_of(job).text for job in there.journal.settled]
        assert texts[0].endswith("It comes again: Fri 27 Nov"), where
        assert texts[1].startswith("Changed to-dos: 3"), where


async def test_the_owner_writes_at_the_same_time() -> None:
    async with desk("- [ ] a\n- [ ] b\n").open() as there:

        def faster(path: str) -> None:
            there.vault.meddle = lambda path: None
            there.vault.files[path] = b"- [ ] new\n- [ ] b\n- [ ] a\n"

        there.vault.meddle = faster
        await there.say("done a")
        assert lines(there) == ["- [ ] new", "- [ ] b", "- [x] a ✅ 2026-11-20"]


async def test_the_owner_takes_it_out_at_the_same_time() -> None:
    async with desk("- [ ] a\n- [ ] b\n").open() as there:

        def faster(path: str) -> None:
            there.vault.files[path] = b"- [ ] b\n"

        there.vault.meddle = faster
        reply = await answer(there, "done a")
        assert "not there any more" in reply.text
        assert lines(there) == ["- [ ] b"]


async def test_its_neighbour_is_not_taken_for_one_that_goes_at_the_same_time() -> None:
    async with desk("- [ ] mend the lamp 1\n- [ ] mend the lamp 2\n").open() as there:

        def faster(path: str) -> None:
            there.vault.files[path] = b"- [ ] mend the lamp 2\n"

        there.vault.meddle = faster
        reply = await answer(there, "done mend the lamp 1")
        assert "not there any more" in reply.text
        assert lines(there) == ["- [ ] mend the lamp 2"]


async def test_done_in_answer_to_receipts_that_became_one_message() -> None:
    merged = "1. ☐ pay the rent · high\n2. ☐ call Ann\n3. Saved: Inbox/x.md"
    async with desk().open() as there:
        job = await there.say("done", reply_to="77", reply_text=merged)
        assert sorted(labels(reply_of(job))) == ["call Ann", "pay the rent"]
        await there.press(job, labels(reply_of(job)).index("call Ann"))
        one = "1. Saved: Inbox/x.md\n2. ☐ pay the rent · high"
        await there.say("done", reply_to="78", reply_text=one)
        assert lines(there)[-3:] == [
            "- [x] call Ann ✅ 2026-11-20",
            "- [x] call Bob ✅ 2026-11-01",
            "- [x] pay the rent ⏫ ✅ 2026-11-20",
        ]
