"""Notes from the owner's template, and templates put into notes."""

from __future__ import annotations

import pytest

from octopus.core.handler import House
from tests.fakes.desk import Desk, reply_of

TEMPLATES = {
    "Templates/Note.md": b"---\ncreated: {{date}}\ntags: [new]\n---\n# {{title}}\n\n{{time}}\n",
    "Templates/Live.md": b"<% tp.date.now() %>",
    ".obsidian/templates.json": b'{"folder": "Templates", "dateFormat": "DD.MM.YYYY"}',
}
FILLED = b"---\ncreated: 20.11.2026\ntags: [new]\n---\n# Roof\n\n12:00\n"


def desk(template: str = "") -> Desk:
    return Desk(TEMPLATES, house=House(template=template))


def made(house: Desk) -> dict[str, bytes]:
    return {path: data for path, data in house.vault.files.items() if path not in TEMPLATES}


@pytest.mark.parametrize("template", ["Templates/Note.md", "Templates/Note", "Note"])
async def test_a_new_note_is_made_from_the_owners_template(template: str) -> None:
    async with desk(template).open() as house:
        await house.act("note.new", title="Roof")
        assert made(house) == {"Inbox/Roof.md": FILLED}
        await house.act("note.new", title="Roof", text="- slate")
        assert made(house)["Inbox/Roof 1.md"] == FILLED + b"- slate\n"
        await house.act("undo")
    assert "Inbox/Roof 1.md" not in house.vault.files


async def test_what_is_sent_is_kept_as_it_came() -> None:
    async with desk("Note").open() as house:
        await house.say("note: the roof leaks")
    assert made(house) == {"Inbox/2026-11-20 the roof leaks.md": b"the roof leaks"}


async def test_a_template_asked_for_in_words() -> None:
    async with desk().open() as house:
        await house.say("create a note Roof from the template Note")
        assert made(house) == {"Inbox/Roof.md": FILLED}
        lost = await house.say("create a note Roof from the template Lost")
        assert reply_of(lost).failed
        assert "Lost" in reply_of(lost).text
    assert list(made(house)) == ["Inbox/Roof.md"]


@pytest.mark.parametrize(("template", "why"), [("Lost", "Lost"), ("Live", "Templater")])
async def test_without_a_usable_template_the_note_is_plain_and_its_owner_told(
    template: str, why: str
) -> None:
    async with desk(template).open() as house:
        job = await house.act("note.new", title="Roof", text="slate")
    assert made(house) == {"Inbox/Roof.md": b"slate"}
    assert why in reply_of(job).text
    assert reply_of(job).buttons


async def test_a_title_that_no_file_can_have_is_kept_in_the_note() -> None:
    async with desk().open() as house:
        await house.act("note.new", title='Q4: plan / "draft" #1?', text="x")
    assert made(house) == {"Inbox/Q4 plan draft 1.md": b'# Q4: plan / "draft" #1?\n\nx'}


async def test_a_template_is_added_to_a_note_and_taken_back() -> None:
    note = b"---\ntags: [old]\n---\ntext\n"
    async with Desk({**TEMPLATES, "Roof.md": note}).open() as house:
        await house.act("note.template", note="Roof", template="Note")
        assert house.vault.files["Roof.md"] == (
            b"---\ntags: [old, new]\ncreated: 20.11.2026\n---\ntext\n# Roof\n\n12:00\n"
        )
        await house.act("undo")
        assert house.vault.files["Roof.md"] == note
        job = await house.act("note.template", note="Roof", template="Live")
    assert reply_of(job).failed
    assert house.vault.files["Roof.md"] == note
