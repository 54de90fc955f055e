"""Showing a note: which one is meant, and what of it is shown."""

from __future__ import annotations

import pytest

from octopus.handlers.show import LENGTH, matching, show
from tests.handlers.scene import Scene, SetIndex, hit, labels

FILES = {
    "Home/Lamp.md": b"# Lamp\n\nIn the hall.\n",
    "Work/Plan.md": b"work",
    "Home/Plan.md": b"home",
    "Empty.md": b"---\ntags: [a]\n---\n\n",
    "Secret.md": b"Shown %%hidden%% text\n\n%%\nmore hidden\n%%\n\nThe end <!-- no -->.\n",
    "Bytes.md": b"\xff\xfe\x00broken \x80 text",
    "Cafe\u0301.md": b"decomposed",
}


def scene(**more: bytes) -> Scene:
    return Scene(files={**FILES, **more})


@pytest.mark.parametrize(
    "name",
    [
        "Home/Lamp.md",
        "Home/Lamp",
        "home/lamp",
        "Lamp",
        "LAMP.md",
        " Lamp ",
        "[[Lamp]]",
        "[[Lamp#In the hall|the lamp]]",
    ],
)
async def test_a_note_by_any_of_its_names(name: str) -> None:
    reply = await show(scene().ctx(), name)
    assert reply.text == "`Home/Lamp.md`\n\n# Lamp\n\nIn the hall."
    assert reply.markdown
    assert reply.about == "Home/Lamp.md"
    assert reply.buttons == ()


async def test_composed_and_decomposed_names_are_one() -> None:
    assert "decomposed" in (await show(scene().ctx(), "café")).text


async def test_two_notes_of_one_name_are_asked_about() -> None:
    reply = await show(scene().ctx(), "plan")
    assert labels(reply) == ["Home/Plan.md", "Work/Plan.md"]
    chosen = await show(scene().ctx(press="b"), **reply.buttons[1].args)
    assert "work" in chosen.text


async def test_the_exact_path_wins() -> None:
    assert matching(["Plan.md", "Home/Plan.md"], "Plan") == ["Plan.md"]
    assert matching(["plan.md", "Plan.md"], "Plan") == ["Plan.md"]
    assert matching([], "Plan") == []


async def test_the_note_that_was_answered_is_meant() -> None:
    assert "In the hall" in (await show(scene().ctx(about="Home/Lamp.md"))).text


async def test_no_name_at_all() -> None:
    assert "Which note?" in (await show(scene().ctx())).text


async def test_an_unknown_name_is_searched_for() -> None:
    here = Scene(files=FILES, index=SetIndex(hit("Home/Lamp.md", 3, "In the hall")))
    reply = await show(here.ctx(), "the light in the hall")
    assert "There is no note called “the light in the hall”. These come close:" in reply.text
    assert reply.buttons[0].args == {"note": "Home/Lamp.md"}
    assert not reply.failed


async def test_and_nothing_is_close() -> None:
    reply = await show(scene().ctx(), "xyzzy")
    assert reply.text == "There is no note called “xyzzy”."
    assert reply.failed


async def test_comments_are_the_owners_alone() -> None:
    text = (await show(scene().ctx(), "Secret")).text
    assert "hidden" not in text
    assert "no" not in text.split()
    assert "Shown" in text
    assert "The end" in text


async def test_properties_are_left_out_and_an_empty_note_said_to_be_empty() -> None:
    assert (await show(scene().ctx(), "Empty")).text == "Empty.md is empty."
    here = scene(**{"P.md": b"---\na: 1\n---\nbody"})
    assert (await show(here.ctx(), "P")).text == "`P.md`\n\nbody"


async def test_bytes_that_are_no_text_are_shown_as_far_as_they_are() -> None:
    assert (await show(scene().ctx(), "Bytes")).text


async def test_a_long_note_comes_in_pages_that_miss_nothing() -> None:
    lines = [f"line {number} with some words" for number in range(600)]
    here = scene(**{"Long.md": "\n".join(lines).encode()})
    reply, seen = await show(here.ctx(), "Long"), ""
    pages = 1
    while reply.buttons:
        assert len(reply.text) < LENGTH + 200
        assert reply.text.splitlines()[-1].startswith("… ")
        seen += "\n".join(reply.text.split("\n")[2:-2]) + "\n"
        assert labels(reply) == ["More"]
        reply = await show(here.ctx(press="b"), **reply.buttons[0].args)
        pages += 1
    seen += "\n".join(reply.text.split("\n")[2:])
    assert seen.splitlines() == lines
    assert pages > 3


async def test_an_offset_behind_the_end_is_harmless() -> None:
    assert (await show(scene().ctx(), "Lamp", offset=10_000)).text.startswith("`Home/Lamp.md`")
    assert "In the hall" in (await show(scene().ctx(), "Lamp", offset=-5)).text
