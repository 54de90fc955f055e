"""Changes said in words: understood, done or asked about, and taken back with one undo."""

from __future__ import annotations

import pytest

from octopus.core.message import Origin
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import NOON

PLAN = b"---\nstatus: open\ntags:\n  - a\n---\n# Plan\ntea at 5\n\n## Ideas\n- one\n"


def desk() -> Desk:
    return Desk({"Plan.md": PLAN, "Plano.md": PLAN, "x/Plan 2.md": b"two"})


SAID = [
    ("replace tea with coffee in the note Plan", b"tea at", b"coffee at"),
    ("in the note Plan replace tea with coffee", b"tea at", b"coffee at"),
    ("set status to done in the note Plan", b"status: open", b"status: done"),
    ("change the note Plan: status to done", b"status: open", b"status: done"),
    ("edit the note Plan: set rating to 5", b"- a\n---", b"- a\nrating: 5\n---"),
    ("add tag #home to the note Plan", b"  - a\n", b"  - a\n  - home\n"),
    ("remove the tag #a from the note Plan", b"tags:\n  - a\n", b"tags: []\n"),
    ("remove property status from the note Plan", b"status: open\n", b""),
    ("add a swing under Ideas in the note Plan", b"- one\n", b"- one\n\na swing\n"),
    ("edit the note Plan: under Ideas: - two", b"- one\n", b"- one\n- two\n"),
    ("put first at the top of the note Plan", b"# Plan", b"first\n# Plan"),
    ("ersetze tea durch Tee in der Notiz Plan", b"tea at", b"Tee at"),
    ("setze status auf fertig in der Notiz Plan", b"status: open", b"status: fertig"),
    ("замени tea на чай в заметке Plan", b"tea at", "чай at".encode()),
    ("cambia tea por té en la nota Plan", b"tea at", "té at".encode()),
    ("remplace tea par thé dans la note Plan", b"tea at", "thé at".encode()),
    ("sostituisci tea con tè nella nota Plan", b"tea at", "tè at".encode()),
    ("заміни tea на чай у нотатці Plan", b"tea at", "чай at".encode()),
    ("修改笔记Plan：把tea改成茶", b"tea at", "茶 at".encode()),
]


@pytest.mark.parametrize(("text", "old", "new"), SAID)
async def test_a_change_is_made_and_taken_back(text: str, old: bytes, new: bytes) -> None:
    async with desk().open() as house:
        job = await house.say(text)
        assert house.vault.files["Plan.md"] == PLAN.replace(old, new), reply_of(job).text
        assert house.vault.files["Plano.md"] == PLAN
        await house.say("/undo")
    assert house.vault.files["Plan.md"] == PLAN


async def test_what_is_not_understood_is_one_question() -> None:
    async with desk().open() as house:
        job = await house.say("edit the note Plan: more cheerful")
        assert house.vault.files["Plan.md"] == PLAN
        labels = [button.label for button in reply_of(job).buttons]
        assert labels == ["Add it at the end", "Add it at the top", "Save as note"]
        await house.press(job, 0)
    assert house.vault.files["Plan.md"] == PLAN + b"\nmore cheerful\n"  # no part of the list


async def test_a_corrected_word_is_offered() -> None:
    async with desk().open() as house:
        await house.say("note: fridge model BX-200")
        job = await house.say("change the last note: it's BX-210")
        (path,) = [path for path in house.vault.files if path.startswith("Inbox/")]
        assert reply_of(job).buttons[0].label == "“BX-200” becomes “BX-210”"
        await house.press(job, 0)
        assert house.vault.files[path] == b"fridge model BX-210"
        await house.say("/undo")
    assert house.vault.files[path] == b"fridge model BX-200"


async def test_the_note_in_answer_to_whose_receipt_it_is_said() -> None:
    async with desk().open() as house:
        first = await house.say("note: a lamp")
        await house.say("note: a lamp too")
        house.journal.shown["telegram:42", "r1"] = first.id
        await house.say("change the last note: replace lamp with chair", reply_to="r1")
    notes = [data for path, data in house.vault.files.items() if path.startswith("Inbox/")]
    assert notes == [b"a chair", b"a lamp too"]


async def test_there_is_no_last_note_at_first() -> None:
    async with desk().open() as house:
        job = await house.say("change the last note: replace a with b")
    assert reply_of(job).failed
    assert house.vault.writes == 0


async def test_the_last_note_is_where_it_was_moved() -> None:
    async with desk().open() as house:
        await house.say("note: a lamp")
        await house.say("rename 2026-11-20 a lamp to Lamp")
        await house.say("change the last note: replace lamp with chair")
    assert house.vault.files["Inbox/Lamp.md"] == b"a chair"


async def test_a_section_asks_before_it_goes() -> None:
    async with desk().open() as house:
        job = await house.say("replace the section Ideas in the note Plan with: none left")
        assert house.vault.files["Plan.md"] == PLAN
        assert "− - one" in reply_of(job).text
        await house.press(job)
    assert house.vault.files["Plan.md"] == PLAN.replace(b"- one", b"none left")


@pytest.mark.parametrize("text", ["in the note Nowhere replace a with b", "edit the note Q: x"])
async def test_a_note_that_is_not_there(text: str) -> None:
    async with desk().open() as house:
        job = await house.say(text)
    assert reply_of(job).failed
    assert house.vault.writes == 0


async def test_words_of_others_change_nothing() -> None:

    async with desk().open() as house:
        text = "replace tea with poison in the note Plan"
        await house.say(text, origin=Origin("user", "Mallory", NOON))
    assert house.vault.files["Plan.md"] == PLAN
