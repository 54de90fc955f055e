"""A note gets a new name or place, and every link to it and in it means what it meant."""

from __future__ import annotations

import json
import unicodedata

import pytest

from octopus.core.writer import BATCH
from octopus.errors import Refused
from octopus.handlers.rename import place
from octopus.obsidian.path import key
from octopus.obsidian.rename import may_link
from octopus.obsidian.text import read
from tests.fakes.desk import Desk, died_everywhere, reply_of

FILES = {
    "Old.md": b"# Old\nto [[Leaf]], to itself [[Old#Old]]\r\n",
    "Leaf.md": b"---\nup: '[[Old]]'  # why\n---\n[[old|the old one]] ![[Old#Part]]  \n",
    "deep/Far.md": b'[there](../Old.md#Part "x") and `[[Old]]` [[Leaf]]',
    "board.canvas": b'{"nodes": [{"id":"1","type":"file","file":"Old.md","x":1}], "mine": 7}',
    "table.base": b"filters:\n  - file.hasLink('Old.md')\n",
    "Other.md": b"about Old, 100% of it \\ no link",
    "pic.png": b"\x89PNG [[Old]]",
}


def desk(**more: bytes) -> Desk:
    named = {name.replace("__", "/") + ".md": data for name, data in more.items()}
    return Desk({**FILES, **named})


RENAMED = {
    "New Name.md": b"# Old\nto [[Leaf]], to itself [[New Name#Old]]\r\n",
    "Leaf.md": b"---\nup: '[[New Name]]'  # why\n---\n"
    b"[[New Name|the old one]] ![[New Name#Part]]  \n",
    "deep/Far.md": b'[there](New%20Name.md#Part "x") and `[[Old]]` [[Leaf]]',
    "board.canvas": b'{"nodes": [{"id":"1","type":"file","file":"New Name.md","x":1}], "mine": 7}',
    "table.base": b"filters:\n  - file.hasLink('New Name.md')\n",
    "Other.md": FILES["Other.md"],
    "pic.png": FILES["pic.png"],
}


async def test_every_kind_of_link_goes_along_and_nothing_else_changes() -> None:
    async with desk().open() as house:
        job = await house.say("rename the note Old to New Name")
        assert house.vault.files == RENAMED
        reply = reply_of(job)
        assert "New Name.md" in reply.text
        assert "5 files" in reply.text
        assert reply.about == "New Name.md"
        back = await house.say("/undo")
    assert house.vault.files == FILES
    assert not reply_of(back).failed


async def test_the_button_under_the_receipt_takes_all_back() -> None:
    async with desk().open() as house:
        job = await house.act("note.rename", **{"from": "Old", "to": "New Name"})
        await house.press(job)
    assert house.vault.files == FILES


async def test_a_move_keeps_links_inside_the_note_right() -> None:
    files = {"a/Note.md": b"[x](Side.md) [[./Side]] [[Top]]", "a/Side.md": b"", "Top.md": b""}
    async with Desk(files).open() as house:
        await house.act("note.rename", **{"from": "a/Note", "to": "b/c/"})
        assert house.vault.files == {
            "b/c/Note.md": b"[x](Side.md) [[Side]] [[Top]]",
            "a/Side.md": b"",
            "Top.md": b"",
        }
        await house.act("undo")
    assert house.vault.files == files


@pytest.mark.parametrize(
    ("form", "link"),
    [("shortest", b"[[New]]"), ("absolute", b"[[x/New]]"), ("relative", b"[[../x/New]]")],
)
async def test_links_are_written_as_the_owner_writes_them(form: str, link: bytes) -> None:
    settings = json.dumps({"newLinkFormat": form}).encode()
    files = {"x/Old.md": b"", "y/Link.md": b"[[Old]]", ".obsidian/app.json": settings}
    async with Desk(files).open() as house:
        await house.act("note.rename", **{"from": "Old", "to": "New"})
    assert house.vault.files["y/Link.md"] == link
    assert house.vault.files[".obsidian/app.json"] == settings


# What is asked first.


async def test_a_name_that_is_taken_is_asked_about() -> None:
    async with desk(New=b"the owner's").open() as house:
        before = dict(house.vault.files)
        asked = await house.act("note.rename", **{"from": "Old", "to": "new"})
        assert house.vault.files == before
        assert [button.label for button in reply_of(asked).buttons] == [
            "Call it “new 1”",
            "Show it",
        ]
        assert "New.md" in reply_of(asked).text
        shown = await house.press(asked, 1)
        assert "the owner's" in reply_of(shown).text
        await house.press(asked, 0)
    assert house.vault.files["new 1.md"] == RENAMED["New Name.md"].replace(b"New Name", b"new 1")
    assert house.vault.files["New.md"] == b"the owner's"


async def test_of_several_notes_one_is_chosen() -> None:
    async with desk(a__Plan=b"a", b__Plan=b"b").open() as house:
        asked = await house.act("note.rename", **{"from": "plan", "to": "Map"})
        labels = [button.label for button in reply_of(asked).buttons]
        assert sorted(labels) == ["a/Plan.md", "b/Plan.md"]
        await house.press(asked, labels.index("b/Plan.md"))
    assert house.vault.files["b/Map.md"] == b"b"
    assert house.vault.files["a/Plan.md"] == b"a"


@pytest.mark.parametrize(
    ("old", "new"),
    [("None such", "x"), ("Old", "Old"), ("Old", "../Out"), ("Old", "C:/x"), ("Old", "???")],
)
async def test_what_cannot_be_is_said_and_nothing_is_done(old: str, new: str) -> None:
    async with desk().open() as house:
        job = await house.act("note.rename", **{"from": old, "to": new})
    assert reply_of(job).failed
    assert reply_of(job).text
    assert house.vault.files == FILES
    assert house.effects.rows == {}


async def test_another_case_is_another_name() -> None:
    async with desk().open() as house:
        await house.act("note.rename", **{"from": "Old", "to": "OLD"})
    assert house.vault.files["OLD.md"] == FILES["Old.md"]  # its links mean it in any case
    assert house.vault.files["Leaf.md"] == FILES["Leaf.md"]


# Notes that cannot be edited.


async def test_broken_notes_are_reported_and_not_damaged() -> None:
    broken = {
        "Torn": b"---\nup: [x\n---\n[[Old]]",
        "Latin": b"caf\xe9 [[Old]]",
        "Apart": b"caf\xe9 [[Leaf]]",
    }
    async with desk(**broken).open() as house:
        house.vault.files["apart.canvas"] = b'{"nodes": ["100 %'
        house.vault.files["torn.canvas"] = b'{"nodes": [{"type":"file","file":"Old.md"}'
        job = await house.act("note.rename", **{"from": "Old", "to": "New Name"})
        text = reply_of(job).text
        after = dict(house.vault.files)
        await house.act("undo")
    assert all(name in text for name in ("Torn.md", "Latin.md", "torn.canvas"))
    assert "apart" not in text.lower()
    assert all(after[f"{name}.md"] == data for name, data in broken.items())
    assert {name: after[name] for name in RENAMED} == RENAMED
    assert {name: house.vault.files[name] for name in FILES} == FILES


async def test_a_write_protected_note_is_reported() -> None:
    async with desk().open() as house:

        def protect(path: str) -> None:
            if path == "Leaf.md":
                raise Refused

        house.vault.meddle = protect
        job = await house.act("note.rename", **{"from": "Old", "to": "New Name"})
        house.vault.meddle = lambda path: None
        assert "Leaf.md" in reply_of(job).text
        assert house.vault.files == RENAMED | {"Leaf.md": FILES["Leaf.md"]}
        await house.act("undo")
    assert house.vault.files == FILES


async def test_the_owner_who_writes_meanwhile_keeps_every_word() -> None:
    async with desk().open() as house:

        def meddle(path: str) -> None:
            house.vault.meddle = lambda path: None
            house.vault.files[path] += b" and more"

        house.vault.meddle = meddle
        await house.act("note.rename", **{"from": "Old", "to": "New Name"})
    first = min(path for path in RENAMED if path in FILES and RENAMED[path] != FILES[path])
    assert house.vault.files == RENAMED | {first: RENAMED[first] + b" and more"}


async def test_a_thousand_links_are_one_change_and_one_short_answer() -> None:
    files = {f"n/{number}.md": b"[[Old]]\n" for number in range(300)}
    async with Desk({**FILES, **files}).open() as house:
        await house.act("note.rename", **{"from": "Old", "to": "New Name"})
        assert all(house.vault.files[path] == b"[[New Name]]\n" for path in files)
        back = await house.act("undo")
    assert house.vault.files == {**FILES, **files}
    lines = reply_of(back).text.splitlines()
    assert lines == [
        "Taken back: Old.md again instead of New Name.md",
        "Links restored in 305 files.",
    ]


async def test_more_than_one_batch_with_a_protected_note_among_them() -> None:
    files = {f"n/{number}.md": b"[[Old]]\n" for number in range(BATCH + 40)}
    locked = ["n/3.md", f"n/{BATCH + 3}.md"]
    async with Desk({**FILES, **files}).open() as house:

        def protect(path: str) -> None:
            if path in locked:
                raise Refused

        house.vault.meddle = protect
        job = await house.act("note.rename", **{"from": "Old", "to": "New Name"})
        house.vault.meddle = lambda path: None
        now = house.vault.files
        assert [path for path in files if now[path] != b"[[New Name]]\n"] == locked
        assert ", ".join(sorted(locked)) in reply_of(job).text
        house.vault.files["n/5.md"] += b"the owner's\n"
        await house.act("undo")
    assert house.vault.files == {**FILES, **files, "n/5.md": b"[[Old]]\nthe owner's\n"}


async def test_one_file_that_cannot_be_taken_back_keeps_all_as_they_are() -> None:
    files = {f"n/{number}.md": b"[[Old]]\n" for number in range(50)}
    async with Desk({**FILES, **files}).open() as house:
        await house.act("note.rename", **{"from": "Old", "to": "New Name"})
        house.vault.files["n/7.md"] = b"[[New Name|mine]] now\n"
        before = dict(house.vault.files)
        job = await house.act("undo")
    assert reply_of(job).failed
    assert "n/7.md" in reply_of(job).text
    assert house.vault.files == before


@pytest.mark.parametrize("name", ["Old", "Été", "Old 100%", "İstanbul"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_first_look_misses_no_spelling(name: str, encoding: str) -> None:
    for spelled in (name, name.upper(), name.lower(), unicodedata.normalize("NFD", name)):
        for text in (f"words\n[[{spelled}]]", f"[[{spelled}]] é"):
            data = text.encode(encoding)
            assert may_link(data, [key(name)]) or key(name) not in key(read(data))
    assert not may_link("[[Other]] plain".encode(encoding), [key(name)])


COPIES = (
    "Leaf.sync-conflict-20261120-093000-ABCDEFG.md",
    "deep/Leaf (Conflicted copy Phone 202611201030).md",
    "Leaf (Ann's conflicted copy 2026-11-20).md",
)


@pytest.mark.parametrize("copy", COPIES)
async def test_a_conflict_copy_brings_no_old_link_back_when_it_is_taken_over(copy: str) -> None:
    files = FILES | {copy: b"---\nup: '[[Old]]'\n---\nmine: [[Old|it]] and `[[Old]]`\r\n"}
    async with Desk(files).open() as house:
        job = await house.say("rename the note Old to New Name")
        assert house.vault.files == RENAMED | {
            copy: b"---\nup: '[[New Name]]'\n---\nmine: [[New Name|it]] and `[[Old]]`\r\n"
        }
        assert "6 files" in reply_of(job).text
        await house.say("/undo")
    assert house.vault.files == files


async def test_a_conflict_copy_without_such_links_stays_as_it_is() -> None:
    plain = b"Old, but no link; [[Leaf]] \xff\xfe"
    async with Desk(FILES | {COPIES[0]: plain}).open() as house:
        await house.say("rename the note Old to New Name")
    assert house.vault.files == RENAMED | {COPIES[0]: plain}


# Death.


async def test_a_death_at_any_moment_renames_once() -> None:
    async def run(house: Desk) -> None:
        await house.act("note.rename", **{"from": "Old", "to": "New Name"})

    async for where, house in died_everywhere(desk, run):
        assert house.vault.files == RENAMED, where


async def test_a_death_at_any_moment_of_taking_it_back() -> None:
    async def run(house: Desk) -> None:
        await house.act("note.rename", **{"from": "Old", "to": "New Name"})
        await house.act("undo")

    async for where, house in died_everywhere(desk, run):
        assert house.vault.files == FILES, where


# Where the note goes.


@pytest.mark.parametrize(
    ("old", "to", "new"),
    [
        ("a/Old.md", "New", "a/New.md"),
        ("a/Old.md", "New.md", "a/New.md"),
        ("a/Old.md", "/New", "New.md"),
        ("a/Old.md", "/", "Old.md"),
        ("a/Old.md", "b/New", "b/New.md"),
        ("a/Old.md", "b/", "b/Old.md"),
        ("a/Old.md", "C# NOTES/x", "C# notes/x.md"),
        ("a/Old.md", "new: folder/x?", "new folder/x.md"),
        ("a/What?.md", "b/What?", "b/What?.md"),
        ("a/What?.md", "What now?", "a/What now.md"),
        ("Old.md", "v1.2", "v1.2.md"),
        ("Old.MD", "b/", "b/Old.MD"),
    ],
)
def test_where_it_goes(old: str, to: str, new: str) -> None:
    assert place(old, to, ["a/Old.md", "C# notes/deep/x.md"]) == new
