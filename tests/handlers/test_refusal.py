""" "No, ..." where there is nothing to correct writes nothing, in any language."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from tests.fakes.desk import Desk, reply_of
from tests.language.test_refusal import LOW, MORE


@pytest.mark.parametrize("language", languages())
async def test_nothing_is_written_where_nothing_was_said_before(language: str) -> None:
    desk = Desk()
    async with desk.open():
        reply = reply_of(await desk.say(LOW[language]))
    assert reply.text
    assert desk.notes() == {}


@pytest.mark.parametrize("language", languages())
async def test_of_the_to_dos_that_there_are_it_asks_which(language: str) -> None:
    tasks = "- [ ] plumber\n- [ ] shop\n"
    desk = Desk({"Tasks.md": tasks.encode()})
    async with desk.open():
        asked = await desk.say(LOW[language])
        assert desk.notes() == {"Tasks.md": tasks}
        await desk.press(asked, 1)
    assert [button.label for button in reply_of(asked).buttons] == ["plumber", "shop"]
    assert desk.notes() == {"Tasks.md": "- [ ] plumber\n- [ ] shop 🔽\n"}


async def test_it_is_about_what_was_added_just_before() -> None:
    desk = Desk()
    async with desk.open():
        await desk.say("call Bob tomorrow")
        await desk.say("no, low priority")
    assert desk.notes() == {"Tasks.md": "- [ ] call Bob 🔽 📅 2026-11-21\n"}


async def test_things_after_a_no_are_asked_about_or_put_in_place_of_what_was_said() -> None:
    desk = Desk()
    async with desk.open():
        asked = reply_of(await desk.say(MORE["en"]))
        assert desk.notes() == {}
        await desk.say("todo buy milk")
        await desk.say(MORE["en"])
    assert "no" not in desk.notes()["Tasks.md"].split()
    assert asked.buttons
