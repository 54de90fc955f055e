""" "Plumber is urgent" changes the to-do of that name; else it is a note, and no word is lost."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from tests.fakes.desk import Desk, reply_of
from tests.language.test_urgent import SAID


@pytest.mark.parametrize("language", languages())
async def test_the_to_do_of_that_name_is_urgent(language: str) -> None:
    name, said = SAID[language]
    desk = Desk({"Tasks.md": f"- [ ] {name}\n- [ ] shop\n".encode()})
    async with desk.open():
        await desk.say(said)
    assert desk.notes() == {"Tasks.md": f"- [ ] {name} ⏫\n- [ ] shop\n"}


@pytest.mark.parametrize("language", languages())
async def test_where_there_is_none_it_is_a_note(language: str) -> None:
    desk = Desk({"Tasks.md": b"- [ ] shop\n- [x] plumber\n"})
    async with desk.open():
        await desk.say(SAID[language][1])
    notes = desk.notes()
    assert notes.pop("Tasks.md") == "- [ ] shop\n- [x] plumber\n"
    assert [text.strip() for text in notes.values()] == [SAID[language][1]]


async def test_the_words_can_be_kept_as_well_and_the_change_taken_back() -> None:
    desk = Desk({"Tasks.md": b"- [ ] call the plumber\n"})
    async with desk.open():
        said = await desk.say("the plumber is urgent")
        assert desk.notes() == {"Tasks.md": "- [ ] call the plumber ⏫\n"}
        labels = [button.label for button in reply_of(said).buttons]
        await desk.press(said, labels.index("Save as note"))
        await desk.say("undo")
        await desk.say("undo")
    assert desk.notes()["Tasks.md"] == "- [ ] call the plumber\n"


@pytest.mark.parametrize(
    "tasks", ["- [ ] call the plumber\n- [ ] pay the plumber\n", "- [ ] plumbing course\n"]
)
async def test_of_several_or_of_something_alike_nothing_is_changed(tasks: str) -> None:
    desk = Desk({"Tasks.md": tasks.encode()})
    async with desk.open():
        await desk.say("plumber is urgent")
    assert desk.notes()["Tasks.md"] == tasks
    assert len(desk.notes()) == 2


async def test_no_becomes_low_again() -> None:
    desk = Desk({"Tasks.md": b"- [ ] plumber\n"})
    async with desk.open():
        await desk.say("plumber is urgent")
        await desk.say("no, low priority")
    assert desk.notes() == {"Tasks.md": "- [ ] plumber 🔽\n"}
