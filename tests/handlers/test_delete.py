"""A note goes to the trash once the owner has agreed, and comes back from there."""

from __future__ import annotations

import pytest

from octopus.core.effect import EffectState
from tests.fakes.desk import Desk, died_everywhere, reply_of

FILES = {
    "Home/Old plan.md": b"plan",
    "A.md": b"[[Old plan]] and [[old plan|again]]",
    "B.md": b"[x](Home/Old%20plan.md)",
    "C.md": b"the Old plan \\ 100 %",
    "D.md": b"\xff\xfe[\0",
}
TRASHED = {path: data for path, data in FILES.items() if not path.startswith("Home")}
TRASHED[".trash/Home/Old plan.md"] = b"plan"


async def test_it_is_asked_first_and_done_once() -> None:
    async with Desk(FILES).open() as house:
        asked = await house.say("delete the note Old plan")
        assert house.vault.files == FILES
        (button,) = reply_of(asked).buttons
        assert button.confirm
        assert "Old plan" in reply_of(asked).text
        assert "2 notes link to it" in reply_of(asked).text
        done = await house.press(asked)
        assert house.vault.files == TRASHED
        assert "Home/Old plan.md" in reply_of(done).text
        again = await house.press(asked)
        assert reply_of(again).failed
        await house.press(done)
    assert house.vault.files == FILES
    assert house.effects.rows[1].kind == "trash"
    assert house.effects.rows[1].state is EffectState.UNDONE


async def test_a_note_without_links_is_asked_about_without_them() -> None:
    async with Desk({"Lamp.md": b"[[Lamp]]"}).open() as house:
        asked = await house.act("note.delete", note="[[Lamp]]")
    assert reply_of(asked).text == "Move “Lamp” (Lamp.md) to the trash?"


async def test_of_several_one_is_chosen_and_still_asked_about() -> None:
    async with Desk({"a/Plan.md": b"a", "b/Plan.md": b"b"}).open() as house:
        which = await house.say("delete the note Plan")
        assert not any(button.confirm for button in reply_of(which).buttons)
        asked = await house.press(which, 1)
        assert len(house.vault.files) == 2
        await house.press(asked)
    assert house.vault.files == {"a/Plan.md": b"a", ".trash/b/Plan.md": b"b"}


async def test_what_was_agreed_to_is_this_note_and_no_other_of_its_name() -> None:
    async with Desk({"Plan.md": b"a"}).open() as house:
        asked = await house.act("note.delete", note="Plan")
        house.vault.files["b/Plan.md"] = house.vault.files.pop("Plan.md")
        gone = await house.press(asked)
        assert reply_of(gone).failed
        assert reply_of(await house.act("note.delete", note="plan", force=True)).failed
    assert house.vault.files == {"b/Plan.md": b"a"}


@pytest.mark.parametrize("note", ["None such", "", "../A", ".obsidian/app.json"])
async def test_a_note_that_is_not_there(note: str) -> None:
    async with Desk(FILES | {".obsidian/app.json": b"{}"}).open() as house:
        for force in (False, True):
            assert reply_of(await house.act("note.delete", note=note, force=force)).failed
        assert house.vault.files == FILES | {".obsidian/app.json": b"{}"}


async def test_the_trash_keeps_what_is_in_it() -> None:
    files = {"A.md": b"new", ".trash/A.md": b"older"}
    async with Desk(files).open() as house:
        await house.act("note.delete", note="A", force=True)
        assert house.vault.files == {".trash/A.md": b"older", ".trash/A 1.md": b"new"}
        await house.act("undo")
    assert house.vault.files == files


async def test_it_does_not_come_back_over_another_note() -> None:
    async with Desk({"A.md": b"old"}).open() as house:
        await house.act("note.delete", note="A", force=True)
        house.vault.files["a.md"] = b"the owner's new one"
        back = await house.act("undo")
        assert reply_of(back).failed
        assert "A.md" in reply_of(back).text
        assert house.vault.files == {".trash/A.md": b"old", "a.md": b"the owner's new one"}


async def test_what_has_left_the_trash_cannot_come_back() -> None:
    async with Desk({"A.md": b"old"}).open() as house:
        await house.act("note.delete", note="A", force=True)
        del house.vault.files[".trash/A.md"]
        emptied = await house.act("undo")
    assert reply_of(emptied).failed
    assert "not there any more" in reply_of(emptied).text


async def test_a_death_at_any_moment_deletes_once() -> None:
    async def run(house: Desk) -> None:
        asked = await house.say("delete the note Old plan")
        await house.press(asked)

    async for where, house in died_everywhere(lambda: Desk(FILES), run):
        assert house.vault.files == TRASHED, where


async def test_a_death_at_any_moment_of_bringing_it_back() -> None:
    async def run(house: Desk) -> None:
        await house.act("note.delete", note="Home/Old plan", force=True)
        await house.act("undo")

    async for where, house in died_everywhere(lambda: Desk(FILES), run):
        assert house.vault.files == FILES, where
