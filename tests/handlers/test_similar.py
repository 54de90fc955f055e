"""Notes about the same, from the chat."""

from __future__ import annotations

import pytest

from octopus.core.search import Hits
from octopus.core.wording import told
from octopus.errors import NotFound
from octopus.handlers.similar import similar
from octopus.language.catalogue import say
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import FakeIndex, FakeVault
from tests.handlers.scene import Scene, labels

FILES = {
    "Bread.md": b"flour and yeast",
    "Home/Plan.md": b"home",
    "Pizza.md": b"flour and cheese",
    "Work/Plan.md": b"work",
}


def scene() -> Scene:
    return Scene(files=dict(FILES), index=FakeIndex(FakeVault(FILES)))


@pytest.mark.parametrize("name", ["Bread", "bread.md", "[[Bread]]"])
async def test_a_named_note(name: str) -> None:
    reply = await similar(scene().ctx(), name)
    assert reply.text.startswith("Notes about the same as Bread.md:\n\n1. Pizza\n")
    assert [(b.intent, b.args) for b in reply.buttons] == [("note.open", {"note": "Pizza.md"})]
    assert reply.about == "Bread.md"


async def test_the_note_that_was_just_opened() -> None:
    assert "as Pizza.md" in (await similar(scene().ctx(about="Pizza.md"))).text


async def test_no_note_named() -> None:
    reply = await similar(scene().ctx(), "  ")
    assert "/similar" in reply.text
    assert reply.reaction == "🤔"


async def test_two_of_one_name_are_asked_about() -> None:
    reply = await similar(scene().ctx(), "plan")
    assert labels(reply) == ["Home/Plan.md", "Work/Plan.md"]
    chosen = await similar(scene().ctx(press="b"), **reply.buttons[1].args)
    assert chosen.text == "No other note is about the same as Work/Plan.md."


async def test_a_note_that_nobody_knows() -> None:
    with pytest.raises(NotFound) as caught:
        await similar(scene().ctx(), "Nobody")
    assert told(say, "en", caught.value) == "There is no note called “Nobody”."


async def test_a_note_that_the_index_leaves_out() -> None:
    class Without(FakeIndex):
        async def similar(self, note: str, *, limit: int = 10) -> Hits:
            raise NotFound(f"There is no note called {note} in the index.")

    reply = await similar(Scene(files=dict(FILES), index=Without()).ctx(), "Bread")
    assert reply.failed
    assert "Bread.md" in reply.text


async def test_as_a_command() -> None:
    async with Desk(FILES).open() as house:
        reply = reply_of(await house.say("/similar Bread"))
        unknown = reply_of(await house.say("/similar Nobody"))
    assert "1. Pizza" in reply.text
    assert unknown.failed
