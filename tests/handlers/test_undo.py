"""What was written is taken back as a whole, newest first, and the owner's own changes stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octopus.core.effect import EffectState
from octopus.core.message import Attachment, Origin
from tests.fakes.desk import Desk, died_everywhere, reply_of
from tests.fakes.ports import NOON

LAMP = "Inbox/2026-11-20 lamp.md"
PICTURE = "paper.pdf"


def desk(**files: bytes) -> Desk:
    return Desk({f"{name}.md": data for name, data in files.items()}, {"d": b"%PDF", "p": b"jpg"})


def visible(house: Desk) -> dict[str, bytes]:
    return {path: data for path, data in house.vault.files.items() if path[0] != "."}


async def test_a_new_note_goes_to_the_trash() -> None:
    async with desk().open() as house:
        await house.say("note: lamp")
        job = await house.say("/undo")
    assert house.vault.files == {f".trash/{LAMP}": b"lamp"}
    assert LAMP in reply_of(job).text
    assert not reply_of(job).failed


async def test_the_trash_keeps_what_is_in_it() -> None:
    house = desk()
    house.vault.files[f".trash/{LAMP}"] = b"older"
    async with house.open():
        await house.say("note: lamp")
        await house.say("/undo")
    assert house.vault.files == {
        f".trash/{LAMP}": b"older",
        ".trash/Inbox/2026-11-20 lamp 1.md": b"lamp",
    }


async def test_newest_first_and_then_the_one_before() -> None:
    async with desk(List=b"- a\n").open() as house:
        await house.say("note: lamp")
        await house.act("note.append", note="List", text="- b")
        await house.act("note.append", note="List", text="- c")
        seen: list[object] = []
        for _ in range(4):
            seen.append(reply_of(await house.act("undo")).failed)
            seen.append(house.vault.files["List.md"].decode().count("-"))
    assert seen == [False, 2, False, 1, False, 1, True, 1]
    assert visible(house) == {"List.md": b"- a\n"}


async def test_undo_in_answer_to_a_receipt_means_that_note() -> None:
    async with desk().open() as house:
        first = await house.say("note: lamp")
        await house.say("note: shelf")
        for _ in range(2):  # the second time there is nothing left to take back of it
            job = await house.say("undo", reply_to=first.message.message_id)
    assert visible(house) == {"Inbox/2026-11-20 shelf.md": b"shelf"}
    assert reply_of(job).failed


async def test_a_conversation_takes_back_its_own() -> None:
    async with desk().open() as house:
        await house.say("note: lamp")
        await house.say("note: other", conversation="telegram:7")
        await house.say("/undo")
        assert list(visible(house)) == ["Inbox/2026-11-20 other.md"]
        nothing = await house.say("/undo")
        assert reply_of(nothing).failed
        await house.act("undo")  # who sits at the machine means the last of all
    assert visible(house) == {}


async def test_all_of_one_message() -> None:
    files = (Attachment("document", "d", name=PICTURE), Attachment("photo", "p"))
    origin = Origin("user", "Ann", NOON)
    async with desk().open() as house:
        await house.say("note: lamp")
        await house.say("look", attachments=files, origin=origin)
        assert len(visible(house)) == 4
        job = await house.say("/undo")
        assert visible(house) == {LAMP: b"lamp"}
        assert len(reply_of(job).text.splitlines()) == 3
        await house.say("/undo")
    assert visible(house) == {}


async def test_a_picture_that_another_note_shows_stays() -> None:
    file = (Attachment("photo", "p"),)
    async with desk().open() as house:
        await house.say("one", attachments=file)
        two = await house.say("two", attachments=file)
        (picture,) = [path for path in visible(house) if not path.endswith(".md")]
        await house.act("undo", effect=1)
        assert picture in visible(house)
        assert [path for path in visible(house) if path.endswith(".md")] == [reply_of(two).about]
        again = await house.act("undo", effect=1)
        assert reply_of(again).failed


async def test_the_button_under_a_receipt_pressed_twice() -> None:
    async with desk().open() as house:
        note = await house.say("note: lamp")
        await house.say("note: other")
        first = await house.press(note)
        second = await house.press(note)
    assert list(visible(house)) == ["Inbox/2026-11-20 other.md"]
    assert not reply_of(first).failed
    assert reply_of(first).replaces == first.message.message_id
    assert reply_of(second).failed
    assert "already" in reply_of(second).text


# What is said of it.


TOLD = [
    ("call plumber", "Taken back: “call plumber” (Tasks.md)"),
    ("note: call the plumber about the tap", "Taken back: “call the plumber about the tap”."),
    ("shopping: milk, eggs, bread", "Taken back: “milk, eggs, bread” (Shopping.md)"),
    ("done with the ferns", "As before: “water the ferns” (Tasks.md)"),
    ("move the ferns to Thursday", "As before: “water the ferns” (Tasks.md)"),
    ("set status to done in the note Work", "Taken back: “status: done” (Work.md)"),
    ('add "renew passport" to my Work note', "Taken back: “renew passport” (Work.md)"),
    ("rename the note Work to Office", "Taken back: Work.md again instead of Office.md"),
]
VAULT = {
    "Tasks": b"- [ ] water the ferns\n",
    "Work": b"# Work\nwords\n",
    "Shopping": b"- [ ] soap\n",
    "Links": b"[[Work]]\n",
}


@pytest.mark.parametrize(("said", "told"), TOLD)
async def test_what_was_taken_back_is_said_in_one_line(said: str, told: str) -> None:
    async with desk(**VAULT).open() as house:
        before = dict(house.vault.files)
        await house.say(said)
        assert house.vault.files != before, said
        job = await house.say("undo")
        assert visible(house) == before
    assert reply_of(job).text.splitlines()[0].startswith(told)
    links = ["Links restored in 1 file."] if "rename" in said else []
    assert reply_of(job).text.splitlines()[1:] == links


LANGUAGES = [
    ("mach rückgängig", "Zurückgenommen: „renew passport“ (Work.md)"),
    ("deshazlo", "Deshecho: «renew passport» (Work.md)"),
    ("annule", "Annulé : « renew passport » (Work.md)"),
    ("annulla", "Annullato: “renew passport” (Work.md)"),
    ("desfaz", "Desfeito: “renew passport” (Work.md)"),
    ("отмени", "Отменено: «renew passport» (Work.md)"),
    ("скасуй", "Скасовано: «renew passport» (Work.md)"),
    ("撤销", "已撤销：“renew passport”（Work.md）"),
]


@pytest.mark.parametrize(("undo", "told"), LANGUAGES)
async def test_it_is_said_in_the_language_of_who_asks(undo: str, told: str) -> None:
    async with desk(**VAULT).open() as house:
        await house.say('add "renew passport" to my Work note')
        assert reply_of(await house.say(undo)).text == told


async def test_the_one_before_says_its_own_words() -> None:
    async with desk(**VAULT).open() as house:
        await house.say("call plumber")
        await house.say("note: buy a lamp")
        told = [reply_of(await house.say("undo")).text for _ in range(2)]
    assert "“buy a lamp”" in told[0]
    assert told[1] == "Taken back: “call plumber” (Tasks.md)"


async def test_a_change_that_was_corrected_is_said_once_with_its_last_words() -> None:
    async with desk(**VAULT).open() as house:
        first = await house.say("call plumber on Tuesday")
        await house.say("no, Wednesday")
        await house.say("no, Thursday")
        whole = await house.say("undo", reply_to=first.message.message_id)
    assert reply_of(whole).text == "Taken back: “call plumber 📅 2026-11-26” (Tasks.md)"


async def test_of_a_long_text_the_beginning_is_said() -> None:
    async with desk(**VAULT).open() as house:
        await house.act("note.append", note="Work", text="word " * 100)
        job = await house.act("undo")
    assert len(reply_of(job).text) < 120
    assert "…” (Work.md)" in reply_of(job).text


async def test_lines_without_words_leave_the_place() -> None:
    async with desk(**VAULT).open() as house:
        await house.act("note.append", note="Work", text="---")
        job = await house.act("undo")
    assert reply_of(job).text == "Taken back in Work.md"


# The owner has been there since.


async def test_the_owners_lines_stay() -> None:
    async with desk(List=b"- a\n- z\n").open() as house:
        await house.act("note.append", note="List", text="- b")
        house.vault.files["List.md"] = b"# Mine\n- a, really\n- z\n- b\n"
        job = await house.act("undo")
    assert not reply_of(job).failed
    assert house.vault.files["List.md"] == b"# Mine\n- a, really\n- z\n"


async def test_a_change_at_the_same_place_is_left_and_said() -> None:
    async with desk(List=b"- a\n").open() as house:
        await house.act("note.append", note="List", text="- b")
        house.vault.files["List.md"] = b"- a\n- b, twice\n"
        job = await house.act("undo")
    assert reply_of(job).failed
    assert "Nothing was touched" in reply_of(job).text
    assert reply_of(job).text.endswith(
        "\n\nWhat I wrote:\n- b\n\nWhat stands there now:\n- b, twice"
    )
    assert house.vault.files["List.md"] == b"- a\n- b, twice\n"
    assert house.effects.rows[1].state is EffectState.UNDONE


async def test_what_cannot_be_taken_back_is_said_once_and_then_the_one_before() -> None:
    async with desk(Tasks=b"").open() as house:
        await house.say("todo: buy ants")
        await house.say("todo: buy bees")
        by_hand = house.vault.files["Tasks.md"].replace(b"bees", b"sweet bees")
        house.vault.files["Tasks.md"] = by_hand
        refused = await house.say("undo")
        assert house.vault.files["Tasks.md"] == by_hand
        before = await house.say("undo")
        nothing = await house.say("undo")
    assert "buy bees" in reply_of(refused).text
    assert "buy sweet bees" in reply_of(refused).text
    assert reply_of(before).text == "Taken back: “buy ants” (Tasks.md)"
    assert reply_of(nothing).text == "There is nothing to take back."
    assert house.vault.files["Tasks.md"] == b"- [ ] buy sweet bees\n"


async def test_what_came_after_a_refusal_is_taken_back_first() -> None:
    async with desk(Tasks=b"").open() as house:
        await house.say("todo: buy ants")
        await house.say("todo: buy bees")
        text = house.vault.files["Tasks.md"]
        house.vault.files["Tasks.md"] = text.replace(b"bees", b"sweet bees")
        await house.say("undo")
        await house.say("todo: buy oats")
        said = [reply_of(await house.say("undo")).text for _ in range(2)]
    assert [text.split("“")[1].split("”")[0] for text in said] == ["buy oats", "buy ants"]


async def test_a_refused_button_is_refused_again_until_its_place_is_as_it_was() -> None:
    async with desk(List=b"- a\n").open() as house:
        made = await house.act("note.append", note="List", text="- b")
        ours = house.vault.files["List.md"]
        house.vault.files["List.md"] = b"- a\n- b, twice\n"
        effect = house.effects.rows[1].id
        refused = [await house.act("undo", effect=effect) for _ in range(2)]
        house.vault.files["List.md"] = ours
        taken = await house.act("undo", effect=effect)
    assert not reply_of(made).failed
    assert [reply_of(job).failed for job in refused] == [True, True]
    assert not reply_of(taken).failed
    assert house.vault.files["List.md"] == b"- a\n"


async def test_what_the_owner_took_out_is_said_to_be_gone() -> None:
    async with desk(Tasks=b"- [ ] buy ants\n").open() as house:
        await house.say("todo: buy oats")
        house.vault.files["Tasks.md"] = b"# Mine\n- [ ] buy ants\n"
        job = await house.say("undo")
        nothing = await house.say("undo")
    assert reply_of(job).text == (
        "Gone already: “buy oats” (Tasks.md). There was nothing to take back."
    )
    assert not reply_of(job).failed
    assert reply_of(nothing).text == "There is nothing to take back."
    assert house.vault.files["Tasks.md"] == b"# Mine\n- [ ] buy ants\n"


async def test_a_box_that_the_owner_unticked_is_as_before() -> None:
    async with desk(Tasks=b"- [ ] buy ants\n").open() as house:
        await house.say("done ants")
        house.vault.files["Tasks.md"] = b"- [ ] buy ants\n"
        job = await house.say("undo")
    assert reply_of(job).text == "As before: “buy ants” (Tasks.md)"


async def test_what_was_made_again_is_not_newer_than_what_came_since() -> None:
    async with desk(Tasks=b"").open() as house:
        bees = await house.say("todo: buy bees")
        await house.say("todo: buy ants")
        first = house.effects.rows[1]
        image = house.effects.images_kept[1]
        await house.effects.finish(replace(first, state=EffectState.UNDONE))
        again = replace(first, id=0, step=first.step + 1_000_000, kind="again")
        made = await house.effects.intend(again, image)
        await house.effects.finish(replace(made, state=EffectState.DONE))
        said = [reply_of(await house.say("undo")).text for _ in range(2)]
    assert made.job == bees.id
    assert [text.split("“")[1].split("”")[0] for text in said] == ["buy ants", "buy bees"]


async def test_of_a_long_place_only_the_beginning_is_shown() -> None:
    async with desk(List=b"- a\n").open() as house:
        await house.act("note.append", note="List", text="- b")
        house.vault.files["List.md"] = b"- a\n" + b"".join(b"- %d\n" % n for n in range(99))
        job = await house.act("undo")
    assert "What I wrote:\n- b\n" in reply_of(job).text
    assert reply_of(job).text.endswith("- 4\n- 5\n…")


async def test_a_note_that_the_owner_wrote_in_is_asked_about_first() -> None:
    async with desk().open() as house:
        await house.say("note: lamp")
        house.vault.files[LAMP] = b"lamp and a shade"
        question = await house.say("/undo")
        assert house.vault.files == {LAMP: b"lamp and a shade"}
        (button,) = reply_of(question).buttons
        assert button.confirm
        await house.press(question)
    assert house.vault.files == {f".trash/{LAMP}": b"lamp and a shade"}


async def test_a_note_that_the_owner_deleted_is_not_in_the_way() -> None:
    async with desk().open() as house:
        await house.say("note: first")
        await house.say("note: lamp")
        del house.vault.files[LAMP]
        gone = await house.say("/undo")
        before = await house.say("/undo")
    assert "not there any more" in reply_of(gone).text
    assert "first" in reply_of(before).text
    assert visible(house) == {}


async def test_a_note_that_the_owner_moved_is_left_where_it_is() -> None:
    async with desk().open() as house:
        await house.say("note: lamp")
        house.vault.files["Home/Lamp.md"] = house.vault.files.pop(LAMP)
        await house.say("/undo")
    assert house.vault.files == {"Home/Lamp.md": b"lamp"}


async def test_an_edit_whose_text_is_not_kept_any_more() -> None:
    async with desk(List=b"- a\n").open() as house:
        await house.act("note.append", note="List", text="- b")
        house.effects.images_kept.clear()
        job = await house.act("undo")
    assert reply_of(job).failed
    assert "too long ago" in reply_of(job).text
    assert house.vault.files["List.md"] == b"- a\n- b\n"


async def test_the_file_of_an_edit_is_gone() -> None:
    async with desk(List=b"- a\n").open() as house:
        await house.act("note.append", note="List", text="- b")
        house.vault.files.clear()
        job = await house.act("undo")
    assert reply_of(job).failed
    assert house.vault.files == {}


@pytest.mark.parametrize("typed", ["99", "x", "-1", "²", "9" * 400, "1 2"])
async def test_a_change_that_nobody_knows(typed: str) -> None:
    async with desk().open() as house:
        await house.say("note: lamp")
        job = await house.say(f"/undo {typed}")
    assert reply_of(job).failed
    assert visible(house) == {LAMP: b"lamp"}


async def test_a_number_after_the_command() -> None:
    async with desk().open() as house:
        await house.say("note: lamp")
        await house.say("note: other")
        await house.say("/undo 1")
    assert list(visible(house)) == ["Inbox/2026-11-20 other.md"]


# Death.


async def test_a_death_at_any_moment_takes_back_once() -> None:
    files = (Attachment("document", "d", name=PICTURE), Attachment("photo", "p"))

    async def run(house: Desk) -> None:
        await house.say("note: lamp")
        await house.say("look", attachments=files)
        await house.say("/undo")

    async for where, house in died_everywhere(desk, run):
        assert visible(house) == {LAMP: b"lamp"}, where
        assert len(house.vault.files) == 4, where


async def test_a_death_at_any_moment_of_taking_an_edit_back() -> None:
    async def run(house: Desk) -> None:
        await house.act("note.append", note="List", text="- b")
        await house.act("note.append", note="List", text="- c")
        await house.act("undo")

    async for where, house in died_everywhere(lambda: desk(List=b"- a\n"), run):
        assert house.vault.files == {"List.md": b"- a\n- b\n"}, where
