"""Two notes become one: nothing of either is lost, every link means what it meant."""

from __future__ import annotations

import pytest

from octopus.core.message import Reply
from tests.fakes.desk import Desk, died_everywhere, reply_of

FILES = {
    "Tea.md": b"---\ntags: [drink]\nup: x\n---\n# Tea\nsee [[#Tea]], [[Drinks]] and [[Log]]\n",
    "x/Drinks.md": b"---\ntags: [all]\n---\nfirst [[Tea|my tea]], [[Drinks]]\n",
    "Log.md": b"---\nsee: '[[Tea]]'\n---\n![[Tea#Tea]] [t](Tea.md) `[[Tea]]`\r\n",
    "map.canvas": b'{"nodes":[{"type":"file","file":"Tea.md"}]}',
    "Other.md": b"nothing",
}
MERGED = {
    "x/Drinks.md": b"---\ntags: [all, drink]\nup: x\n---\nfirst [[Drinks|my tea]], [[Drinks]]\n\n"
    b"# Tea\nsee [[#Tea]], [[Drinks]] and [[Log]]\n",
    "Log.md": b"---\nsee: '[[Drinks]]'\n---\n![[Drinks#Tea]] [t](Drinks.md) `[[Tea]]`\r\n",
    "map.canvas": b'{"nodes":[{"type":"file","file":"x/Drinks.md"}]}',
    "Other.md": b"nothing",
    ".trash/Tea.md": FILES["Tea.md"],
}


def desk() -> Desk:
    return Desk(FILES)


async def test_it_is_shown_and_asked_first_and_one_undo_takes_all_back() -> None:
    async with desk().open() as house:
        asked = await house.say("merge the note Tea into Drinks")
        assert house.vault.files == FILES
        text = reply_of(asked).text
        assert "+ # Tea" in text
        assert "4 links" in text
        (button,) = reply_of(asked).buttons
        assert button.confirm
        done = await house.press(asked)
        assert house.vault.files == MERGED
        assert reply_of(done).about == "x/Drinks.md"
        await house.press(done)  # undo
        assert house.vault.files == FILES
        again = await house.press(asked)
    assert reply_of(again).failed  # a yes counts once


async def test_the_command_line_merges_at_once() -> None:
    async with desk().open() as house:
        await house.act("note.merge", note="Tea", into="Drinks", agreed=True)
        assert house.vault.files == MERGED
        await house.act("undo")
    assert house.vault.files == FILES


async def test_a_text_that_changed_since_is_shown_again() -> None:
    async with desk().open() as house:
        asked = await house.act("note.merge", note="Tea", into="Drinks")
        house.vault.files["Tea.md"] += b"and more\n"
        again = await house.press(asked)
        assert "and more" in reply_of(again).text
        assert "x/Drinks.md" in house.vault.files
        assert house.vault.files["x/Drinks.md"] == FILES["x/Drinks.md"]
        await house.press(again)
    assert house.vault.files["x/Drinks.md"].endswith(b"and more\n")


async def test_of_several_notes_each_is_asked_for() -> None:
    files = {"a/T.md": b"1", "b/T.md": b"2", "a/D.md": b"3", "b/D.md": b"4"}
    async with Desk(files).open() as house:
        job = await house.act("note.merge", note="T", into="D", agreed=True)
        job = await house.press(job, pick(reply_of(job), "b/T.md"))
        await house.press(job, pick(reply_of(job), "a/D.md"))
    assert house.vault.files == {"a/T.md": b"1", ".trash/b/T.md": b"2", "b/D.md": b"4"} | {
        "a/D.md": b"3\n\n2"
    }


def pick(reply: Reply, label: str) -> int:
    return [button.label for button in reply.buttons].index(label)


@pytest.mark.parametrize(("note", "into"), [("Tea", "tea"), ("Tea", "None"), ("None", "Tea")])
async def test_what_cannot_be(note: str, into: str) -> None:
    async with desk().open() as house:
        job = await house.act("note.merge", note=note, into=into, agreed=True)
    assert reply_of(job).failed
    assert house.vault.files == FILES


async def test_a_board_is_not_merged() -> None:
    board = b"---\nkanban-plugin: basic\n---\n## A\n- [ ] x\n"
    async with Desk({"Board.md": board, "N.md": b"n"}).open() as house:
        job = await house.act("note.merge", note="N", into="Board", agreed=True)
    assert reply_of(job).failed
    assert house.vault.files == {"Board.md": board, "N.md": b"n"}


# Headings that both have: both stay, in their order, and links find the one they found before.

PLANS = b"# Plans\n## Notes\nof the plans, see [[#Notes]] and [[Plans#Notes|there]]\n## Costs\n"
LIST = b"# List\n## Notes\nof the list: [[#Notes]], [[Plans#Notes]]\n"
LINKS = (
    b"---\nup: '[[Plans#Notes]]'\n---\n[[Plans#Notes]] ![[Plans#Notes|n]] [m](Plans.md#Notes) "
    b'[t](<Plans.md#Plans#Notes> "x")\n| a |\n|-|\n| [[Plans#Notes\\|n]] |\n'
    b"[[List#Notes]] [[Plans#Costs]] [[Plans#Gone]] [[Plans]]\n"
)


async def test_links_to_a_heading_that_both_have_find_the_one_they_found_before() -> None:
    files = {"Plans.md": PLANS, "List.md": LIST, "Links.md": LINKS}
    async with Desk(files).open() as house:
        asked = await house.act("note.merge", note="Plans", into="List")
        assert "heading" not in reply_of(asked).text
        await house.press(asked)
        assert house.vault.files["List.md"] == (
            b"# List\n## Notes\nof the list: [[#Notes]], [[List#Plans#Notes]]\n\n"
            b"# Plans\n## Notes\n"
            b"of the plans, see [[#Plans#Notes]] and [[List#Plans#Notes|there]]\n"
            b"## Costs\n"
        )
        assert house.vault.files["Links.md"] == (
            b"---\nup: '[[List#Plans#Notes]]'\n---\n[[List#Plans#Notes]] ![[List#Plans#Notes|n]] "
            b'[m](List.md#Plans#Notes) [t](<List.md#Plans#Notes> "x")\n| a |\n|-|\n'
            b"| [[List#Plans#Notes\\|n]] |\n"
            b"[[List#Notes]] [[List#Costs]] [[List#Gone]] [[List]]\n"
        )
        await house.say("undo", conversation="cli:act")
    assert {name: house.vault.files[name] for name in files} == files


@pytest.mark.parametrize("agreed", ["", True])
async def test_where_nothing_tells_two_headings_apart_it_is_said(agreed: str | bool) -> None:
    files = {
        "A.md": b"## Notes\nof a\n## Unlinked\n",
        "B.md": b"## Notes\nof b\n## Unlinked\n",
        "L.md": b"[[A#Notes]] [[B#Notes]]\n",
    }
    async with Desk(files).open() as house:
        job = await house.act("note.merge", note="A", into="B", agreed=agreed)
    assert "Both notes have the heading Notes:" in reply_of(job).text
    if agreed:
        assert house.vault.files["B.md"].count(b"## Notes") == 2
        assert house.vault.files["L.md"] == b"[[B#Notes]] [[B#Notes]]\n"


async def test_headings_behind_an_open_fence_are_none() -> None:
    files = {"A.md": b"## Notes\n", "B.md": b"## Notes\n```\nopen\n", "L.md": b"[[A#Notes]]\n"}
    async with Desk(files).open() as house:
        job = await house.act("note.merge", note="A", into="B", agreed=True)
    assert not reply_of(job).failed
    assert house.vault.files["L.md"] == b"[[B#Notes]]\n"


async def test_a_death_at_any_moment_leaves_the_headings_right() -> None:
    files = {"Plans.md": PLANS, "List.md": LIST, "Links.md": LINKS}

    async def run(house: Desk) -> None:
        await house.act("note.merge", note="Plans", into="List", agreed=True)

    found = []
    async for where, house in died_everywhere(lambda: Desk(files), run):
        found.append(dict(house.vault.files))
        assert found[-1] == found[0], where
    assert b"[[List#Plans#Notes]]" in found[0]["Links.md"]


async def test_a_death_at_any_moment_merges_once() -> None:
    async def run(house: Desk) -> None:
        await house.act("note.merge", note="Tea", into="Drinks", agreed=True)

    async for where, house in died_everywhere(desk, run):
        assert house.vault.files == MERGED, where


async def test_a_death_at_any_moment_of_taking_it_back() -> None:
    async def run(house: Desk) -> None:
        await house.act("note.merge", note="Tea", into="Drinks", agreed=True)
        await house.act("undo")

    async for where, house in died_everywhere(desk, run):
        assert house.vault.files == FILES, where


async def test_the_owner_who_writes_meanwhile_keeps_every_word() -> None:
    async with desk().open() as house:

        def meddle(path: str) -> None:
            house.vault.meddle = lambda path: None
            house.vault.files["x/Drinks.md"] = b"mine\n" + house.vault.files["x/Drinks.md"][24:]

        house.vault.meddle = meddle
        await house.act("note.merge", note="Tea", into="Drinks", agreed=True)
    text = house.vault.files["x/Drinks.md"]
    assert b"mine\n" in text
    assert b"# Tea\n" in text


@pytest.mark.parametrize("agreed", ["", True])
async def test_blocks_with_the_same_id_are_not_mixed_up(agreed: str | bool) -> None:
    files = {"A.md": b"one ^Q\n", "B.md": b"two ^q\n", "L.md": b"[[A#^Q]] [[B#^q]]\n"}
    async with Desk(files).open() as house:
        job = await house.act("note.merge", note="A", into="B", agreed=agreed)
        assert reply_of(job).failed
        assert "^Q" in reply_of(job).text
        assert house.vault.files == files
        house.vault.files["B.md"] = b"two ^r\n"
        await house.act("note.merge", note="A", into="B", agreed=True)
        assert house.vault.files["L.md"].startswith(b"[[B#^Q]]")
