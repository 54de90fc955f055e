"""An edited message changes the note that was made from it, and nothing of the owner's."""

from __future__ import annotations

import asyncio

import pytest

from octopus.core.job import State
from octopus.core.message import Attachment, Kind
from octopus.errors import VaultUnavailable
from tests.fakes.desk import Desk, died_everywhere, reply_of

LAMP = "Inbox/2026-11-20 buy a lamp.md"


def desk() -> Desk:
    return Desk({"List.md": b"- milk\n"}, {"p1": b"one", "p2": b"two"})


async def test_the_note_changes_and_no_second_one_is_made() -> None:
    async with desk().open() as house:
        note = await house.say("note: buy a lamp")
        job = await house.edit(note, "note: buy two lamps")
    assert house.notes() == {LAMP: "buy two lamps", "List.md": "- milk\n"}
    assert "Changed" in reply_of(job).text
    assert LAMP in reply_of(job).text


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("note: lamp", "note: lamps and shades", "lamps and shades"),
        ("note: lamp", "Note: lamps", "lamps"),
        ("note: lamp", "just lamps", "just lamps"),
        ("note: two\nlines", "note: three\nlines\nnow", "three\nlines\nnow"),
        ("/note lamp", "/note lamps", "lamps"),
        ("# A heading\nand text", "# A heading\nand more text", "# A heading\nand more text"),
    ],
)
async def test_the_new_text_stands_in_the_form_of_the_old(
    first: str, second: str, result: str
) -> None:
    async with Desk().open() as house:
        await house.edit(await house.say(first), second)
    assert list(house.notes().values()) == [result]


async def test_an_edit_of_an_edit_of_an_edit() -> None:
    async with Desk().open() as house:
        note = await house.say("note: buy a lamp")
        for text in ("note: buy two lamps", "note: buy no lamp", "note: lamp"):
            await house.edit(note, text)
    assert house.notes() == {LAMP: "lamp"}


async def test_an_edit_that_shows_nothing_new_does_nothing() -> None:
    async with Desk().open() as house:
        note = await house.say("note: buy a lamp")
        job = await house.edit(note, "note: buy a lamp")
    assert reply_of(job).text == ""
    assert reply_of(job).reaction == ""
    assert len(house.effects.rows) == 1


async def test_a_caption_changes_in_its_note() -> None:
    async with desk().open() as house:
        note = await house.say("roof", attachments=(Attachment("photo", "p1", "u1"),))
        before = dict(house.notes())
        await house.edit(note, "the old roof")
    (path,) = set(before) - {"List.md"}
    assert house.notes()[path] == before[path].replace("roof", "the old roof", 1)


async def test_another_picture_in_place_of_the_first_is_kept_too() -> None:
    async with desk().open() as house:
        note = await house.say("roof", attachments=(Attachment("photo", "p1", "u1"),))
        await house.edit(note, "roof", attachments=(Attachment("photo", "p2", "u2"),))
    assert {b"one", b"two"} <= set(house.vault.files.values())


# The owner's own text.


async def test_the_same_words_of_the_owner_are_not_touched() -> None:
    async with desk().open() as house:
        note = await house.say("append to List: milk")
        assert house.vault.files["List.md"] == b"- milk\n\nmilk\n"
        house.vault.files["List.md"] = b"Why milk?\n" + house.vault.files["List.md"]
        await house.edit(note, "append to List: oat milk")
    assert house.vault.files["List.md"] == b"Why milk?\n- milk\n\noat milk\n"


async def test_what_the_owner_added_to_the_note_stays() -> None:
    async with Desk().open() as house:
        note = await house.say("note: buy a lamp\nfor the hall")
        (path,) = house.notes()
        house.vault.files[path] = b"# Lamps\nbuy a lamp\nfor the hall\n- [ ] measure\n"
        await house.edit(note, "note: buy a lamp\nfor the cellar")
    assert house.notes()[path] == "# Lamps\nbuy a lamp\nfor the cellar\n- [ ] measure\n"


@pytest.mark.parametrize("what", ["changed", "deleted", "moved", "undone"])
async def test_a_note_that_moved_on_is_left_and_the_new_text_can_be_kept(what: str) -> None:
    async with Desk().open() as house:
        note = await house.say("note: buy a lamp")
        if what == "changed":
            house.vault.files[LAMP] = b"buy a torch"
        elif what == "deleted":
            del house.vault.files[LAMP]
        elif what == "moved":
            house.vault.files["Home.md"] = house.vault.files.pop(LAMP)
        else:
            await house.say("/undo")
        before = dict(house.vault.files)
        job = await house.edit(note, "note: buy two lamps")
        assert house.vault.files == before
        assert reply_of(job).failed
        assert LAMP in reply_of(job).text
        assert [button.intent for button in reply_of(job).buttons] == ["note.add"]
        await house.press(job)
    (new,) = set(house.vault.files) - set(before)
    assert house.vault.files[new].endswith(b"buy two lamps")


# What is no note.


async def test_an_edited_search_is_answered_anew() -> None:
    house = Desk({"Lamp.md": b"a lamp", "Shade.md": b"a shade"})
    async with house.open():
        search = await house.say("search lamp")
        job = await house.edit(search, "search shade")
    assert "Shade" in reply_of(job).text
    assert not house.effects.rows


async def test_an_edited_chat_asks_before_it_thinks_again() -> None:
    async with Desk().open() as house:
        chat = await house.say("what is a lamp?")
        asked = len(house.model.asked)
        job = await house.edit(chat, "what is a shade?")
        assert len(house.model.asked) == asked
        assert [button.intent for button in reply_of(job).buttons] == ["message.again", "note.add"]
        assert house.notes() == {}
        kept = await house.press(job, 1)
    assert "Saved" in reply_of(kept).text


# Orders of arrival.


async def test_an_edit_of_a_message_that_never_came_is_kept_once() -> None:
    async with Desk().open() as house:
        first = await house.say("note: buy a lamp", kind=Kind.EDIT, message_id="77")
        await house.edit(first, "note: buy two lamps")
        await house.edit(first, "note: buy three lamps")
    assert [text for text in house.notes().values()] == ["buy three lamps"]


async def test_an_edit_waits_for_the_first_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("octopus.handlers.edited.LOOK_AGAIN", 0.001)
    monkeypatch.setattr("octopus.core.supervisor.WAIT_FOR_VAULT", 0.005)
    house = Desk()
    real, refused = house.vault.write, 0

    async def write(path: str, data: bytes, expect: str | None) -> None:
        nonlocal refused
        if refused < 3:
            refused += 1
            raise VaultUnavailable("The disk is full.")
        await real(path, data, expect)

    house.vault.write = write  # type: ignore[method-assign]
    async with house.open():
        (original,) = await house.supervisor.accept([house.message("note: buy a lamp")])
        while not house.journal.told:
            await asyncio.sleep(0)
        edit = await house.edit(original, "note: buy two lamps")
        await house.settled(original)
    assert edit.state is State.DONE
    assert house.notes() == {LAMP: "buy two lamps"}


async def test_only_the_last_of_two_edits_counts_when_they_come_the_wrong_way_round() -> None:
    async with Desk().open() as house:
        note = await house.say("note: buy a lamp")
        more = {"kind": Kind.EDIT, "message_id": note.message.message_id}
        older, newer = await house.send(
            house.message("note: buy two lamps", **more),
            house.message("note: buy three lamps", **more),
        )
    assert house.notes() == {LAMP: "buy three lamps"}
    assert reply_of(older).text == ""
    assert "Changed" in reply_of(newer).text


async def test_an_edit_of_a_cancelled_message_asks() -> None:
    async with Desk().open() as house:
        (job,) = await house.journal.accept([house.message("note: lamp")])
        await house.journal.settle(job, State.CANCELLED, reply_of(await house.say("hello")))
        edit = await house.edit(job, "note: lamps")
    assert reply_of(edit).buttons


# Death.


async def test_a_death_at_any_moment_changes_it_once() -> None:
    async def run(house: Desk) -> None:
        note = await house.say("append to List: milk")
        await house.edit(note, "append to List: milk and more milk")

    async for where, house in died_everywhere(desk, run):
        assert house.notes() == {"List.md": "- milk\n\nmilk and more milk\n"}, where


# One message, one outcome, one button.


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("note: lamp", "note: a red lamp"),
        ("call mom on Tuesday", "call mom on Wednesday"),
        ("remember the milk", "call mom on Wednesday"),
        ("search lamp", "search shelf"),
        ("remind me about the report", "remind me about the report tomorrow at 9"),
    ],
)
async def test_the_new_answer_takes_the_place_of_the_old(first: str, second: str) -> None:
    async with desk().open() as house:
        job = await house.say(first)
        edited = await house.edit(job, second)
        assert reply_of(edited).replaces == house.shown(job)
        third = await house.edit(job, f"{second} sharp")
    assert reply_of(third).replaces == reply_of(edited).replaces


async def test_a_caption_takes_the_place_of_its_receipt() -> None:
    async with desk().open() as house:
        job = await house.say("look", attachments=(Attachment("photo", "p1"),))
        edited = await house.edit(job, "look at this")
        assert reply_of(edited).replaces == house.shown(job)


async def test_what_stands_keeps_its_answer_and_its_button() -> None:
    """It was edited into something that is asked about, or that cannot be done."""
    async with desk().open() as house:
        job = await house.say("call mom on Tuesday")
        house.vault.files["Tasks.md"] = b"- [ ] call mom and dad\n"
        moved_on = await house.edit(job, "call mom on Wednesday")
        chat = await house.say("what do you think of lamps?")
        asked = await house.edit(chat, "what do you think of red lamps?")
    assert reply_of(moved_on).failed
    assert not reply_of(moved_on).replaces
    assert reply_of(asked).buttons
    assert not reply_of(asked).replaces


async def test_an_answer_that_is_not_on_the_phone_yet_is_followed_by_the_next() -> None:
    async with desk().open() as house:
        job = await house.say("note: lamp")
        house.journal.unsent.add(job.id)
        edited = await house.edit(job, "note: a red lamp")
        assert not reply_of(edited).replaces


async def test_undo_under_an_edited_message_goes_back_step_by_step_in_the_same_place() -> None:
    async with desk().open() as house:
        job = await house.say("call mom on Tuesday")
        edited = await house.edit(job, "call mom on Wednesday")
        back = await house.press(edited)
        tuesday = house.notes()["Tasks.md"]
        assert reply_of(back).replaces == house.shown(job)
        assert reply_of(back).buttons[0].label == "Undo"
        gone = await house.press(back)
    assert "2026-11-24" in tuesday
    assert "Tasks.md" not in house.notes()
    assert reply_of(gone).replaces == house.shown(job)
    assert "Undo" not in [button.label for button in reply_of(gone).buttons]
