"""Two wishes in one message change the same line, in one step."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from tests.fakes.desk import Desk, reply_of
from tests.language.test_wishes import NAMED, OF_IT


@pytest.mark.parametrize("language", languages())
async def test_the_line_has_both_and_no_line_is_new(language: str) -> None:
    name, said = NAMED[language]
    desk = Desk({"Tasks.md": f"- [ ] {name}\n- [ ] shop\n".encode()})
    async with desk.open():
        await desk.say(said)
    assert desk.notes() == {"Tasks.md": f"- [ ] {name} ⏫ 📅 2026-11-27\n- [ ] shop\n"}


@pytest.mark.parametrize("language", languages())
async def test_it_is_what_was_added_just_before(language: str) -> None:
    desk = Desk()
    async with desk.open():
        await desk.say("call Bob tomorrow")
        await desk.say(OF_IT[language])
        changed = desk.notes()
        await desk.say("undo")
    assert changed == {"Tasks.md": "- [ ] call Bob ⏫ 📅 2026-11-23\n"}
    assert desk.notes() == {"Tasks.md": "- [ ] call Bob 📅 2026-11-21\n"}


async def test_of_several_the_one_chosen_gets_both() -> None:
    tasks = "- [ ] call the plumber\n- [ ] pay the plumber\n"
    desk = Desk({"Tasks.md": tasks.encode()})
    async with desk.open():
        asked = await desk.say(NAMED["en"][1])
        assert desk.notes() == {"Tasks.md": tasks}
        assert len(reply_of(asked).buttons) == 2
        await desk.press(asked, 0)
    assert desk.notes()["Tasks.md"].count("⏫ 📅 2026-11-27") == 1


async def test_where_it_asks_nothing_is_written_until_a_button_is_pressed() -> None:
    desk = Desk({"Tasks.md": b"- [ ] plumber\n"})
    async with desk.open():
        asked = await desk.say("move plumber to Friday and make it blue")
        assert desk.notes() == {"Tasks.md": "- [ ] plumber\n"}
        await desk.press(asked, 0)
    assert desk.notes() == {"Tasks.md": "- [ ] plumber 📅 2026-11-27\n"}
