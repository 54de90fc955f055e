"""The picture of a note, as the chat gets it."""

from __future__ import annotations

import pytest

from octopus.errors import NotFound
from octopus.handlers.graph import MOST, graph
from tests.fakes.ports import FakePictures
from tests.handlers.scene import Scene, labels

FILES = {
    "Home.md": b"[[Lamp]] [[Nowhere]] ![[pic.png]]\n",
    "Rooms/Lamp.md": b"[[Bulb]]\n",
    "Bulb.md": b"",
    "Alone.md": b"",
    "pic.png": b"",
}


async def test_a_picture_goes_out_with_words_under_it() -> None:
    ctx = Scene(FILES).ctx()
    reply = await graph(ctx, "home")
    assert reply.text == "Home.md and 4 notes around it"
    assert reply.enclosure is not None
    assert reply.enclosure.name == "Home.png"
    pictures = ctx.ports.pictures
    assert isinstance(pictures, FakePictures)
    shown = [label.text for label in pictures.drawn[reply.enclosure.ref].labels]
    assert sorted(shown) == ["Bulb", "Home", "Lamp", "Nowhere", "pic.png"]
    assert labels(reply) == ["Lamp"]
    assert reply.buttons[0].args == {"note": "Rooms/Lamp.md"}
    assert reply.about == "Home.md"


async def test_a_note_without_links_has_no_picture() -> None:
    reply = await graph(Scene(FILES).ctx(), "Alone")
    assert reply.enclosure is None
    assert "no links" in reply.text


async def test_too_many_neighbours_are_counted() -> None:
    files = {f"n{number}.md": b"[[Hub]]" for number in range(MOST + 9)} | {"Hub.md": b""}
    reply = await graph(Scene(files).ctx(), "Hub")
    assert "10 more did not fit." in reply.text
    assert len(reply.buttons) == 5


async def test_the_note_answered_or_a_question() -> None:
    assert (await graph(Scene(FILES).ctx(about="Home.md"))).enclosure is not None
    assert "/graph" in (await graph(Scene(FILES).ctx())).text
    files = FILES | {"Cellar/Lamp.md": b""}
    assert labels(await graph(Scene(files).ctx(), "Lamp")) == ["Cellar/Lamp.md", "Rooms/Lamp.md"]
    with pytest.raises(NotFound):
        await graph(Scene(FILES).ctx(), "none such")
