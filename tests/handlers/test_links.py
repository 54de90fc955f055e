"""What hangs together with a note, as the chat shows it."""

from __future__ import annotations

import pytest

from octopus.errors import NotFound
from octopus.handlers.links import BUTTONS, PLACES, links
from tests.handlers.scene import Scene, labels

FILES = {
    "Home.md": b"# Home\n[[Lamp]] is blue\n",
    "Rooms/Lamp.md": b"[[Bulb]] [[Shade]]\n",
    "Said.md": b"no\nThe lamp is on\n",
    "Up.md": b"---\nup: '[[Lamp]]'\n---\n",
    "pic.png": b"",
}


async def test_who_links_to_a_note_and_who_names_it() -> None:
    reply = await links(Scene(FILES).ctx(), "lamp")
    assert reply.text == (
        "Rooms/Lamp.md\nLinked from 2 places:\n• Home.md, line 2\n• Up.md\n\n"
        "Named without a link in 1 place:\n• Said.md, line 2\n  The lamp is on\n\n"
        "Not written yet: Bulb, Shade"
    )
    assert labels(reply) == ["Home", "Up", "Said", "Picture"]
    assert reply.buttons[0].args == {"note": "Home.md"}
    assert reply.buttons[-1].intent == "note.graph"
    assert reply.about == "Rooms/Lamp.md"


async def test_a_note_that_nobody_links_to() -> None:
    reply = await links(Scene(FILES).ctx(), "[[Said]]")
    assert reply.text == "Said.md\nNo other note links to it."
    assert labels(reply) == ["Picture"]


async def test_the_note_answered_is_meant_where_none_is_named() -> None:
    assert "Up.md" in (await links(Scene(FILES).ctx(about="Rooms/Lamp.md"))).text
    assert "/links" in (await links(Scene(FILES).ctx())).text


async def test_a_name_that_means_several_or_none() -> None:
    files = FILES | {"Cellar/Lamp.md": b""}
    reply = await links(Scene(files).ctx(), "Lamp")
    assert labels(reply) == ["Cellar/Lamp.md", "Rooms/Lamp.md"]
    assert {button.intent for button in reply.buttons} == {"note.links"}
    for name in ("none such", "pic.png", "../Home"):
        with pytest.raises(NotFound) as caught:
            await links(Scene(FILES).ctx(), name)
        assert caught.value.sentence.key == "note.unknown"


async def test_many_places_are_counted_and_not_all_named() -> None:
    files = {f"n{number:02}.md": b"[[Hub]]\nhub here\n" for number in range(30)} | {"Hub.md": b""}
    reply = await links(Scene(files).ctx(), "Hub")
    assert reply.text.count("line 1") == reply.text.count("line 2") == PLACES
    assert reply.text.count("and 22 more") == 2
    assert len(reply.buttons) == BUTTONS + 1
    assert len(reply.text) < 1000
