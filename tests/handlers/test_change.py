"""Edits inside a note: by name from the command line, and with questions where much goes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.desk import Desk, died_everywhere, reply_of

PLAN = (
    b"---\nstatus: open  # mine\ntags: [a]\n---\r\n# Plan\r\ntea and Tea\r\n\r\n"
    b"## Ideas\r\n- one ^id1\r\n\r\n## Rest\r\nend  "
)


def desk(**more: bytes) -> Desk:
    return Desk({"Plan.md": PLAN, "x/Other.md": b"other"} | {f"{n}.md": d for n, d in more.items()})


def after(old: bytes, new: bytes) -> bytes:
    assert PLAN.count(old) == 1
    return PLAN.replace(old, new)


EDITS: list[tuple[str, dict[str, Any], bytes]] = [
    ("note.prepend", {"text": "first"}, after(b"# Plan", b"first\r\n# Plan")),
    (
        "note.insert",
        {"text": "- two", "heading": "ideas"},
        after(b"^id1\r\n", b"^id1\r\n- two\r\n"),
    ),
    ("note.insert", {"text": "- two", "block": "^id1"}, after(b"^id1\r\n", b"^id1\r\n- two\r\n")),
    (
        "note.insert",
        {"text": "x", "heading": "New", "create": True},
        PLAN + b"\r\n\r\n## New\r\nx",
    ),
    (
        "note.replace",
        {"text": "- none", "heading": "Ideas", "agreed": True},
        after(b"- one ^id1", b"- none"),
    ),
    (
        "note.replace",
        {"text": "- none", "block": "id1", "agreed": True},
        after(b"- one ^id1", b"- none ^id1"),
    ),
    (
        "note.replace",
        {"text": "milk", "old": "tea", "agreed": True},
        after(b"tea and Tea", b"milk and Tea"),
    ),
    (
        "note.replace",
        {"text": "mint tea", "old": "TEA", "every": True},
        after(b"tea and Tea", b"mint tea and mint tea"),
    ),
    ("note.replace", {"text": "stop", "old": "end"}, after(b"end  ", b"stop  ")),
    ("note.property", {"name": "Status", "value": "done"}, after(b"open  #", b"done  #")),
    (
        "note.property",
        {"name": "count", "value": "3"},
        after(b"tags: [a]\n", b"tags: [a]\ncount: 3\r\n"),
    ),
    (
        "note.property",
        {"name": "tags", "value": "#b", "action": "add"},
        after(b"[a]", b"[a, b]"),
    ),
    ("note.property", {"name": "tags", "value": "A", "action": "take"}, after(b"[a]", b"[]")),
    ("note.property", {"name": "tags", "action": "drop"}, after(b"tags: [a]\n", b"")),
    ("note.append", {"text": "last"}, PLAN + b"\r\nlast"),
]


@pytest.mark.parametrize(("intent", "args", "wanted"), EDITS)
async def test_each_edit_changes_what_it_names_and_one_undo_takes_it_back(
    intent: str, args: dict[str, Any], wanted: bytes
) -> None:
    async with desk().open() as house:
        job = await house.act(intent, note="plan", **args)
        assert house.vault.files["Plan.md"] == wanted
        assert not reply_of(job).failed
        assert reply_of(job).about == "Plan.md"
        await house.act("undo")
    assert house.vault.files["Plan.md"] == PLAN


@pytest.mark.parametrize(("intent", "args", "wanted"), EDITS)
async def test_a_death_at_any_moment_changes_it_once(
    intent: str, args: dict[str, Any], wanted: bytes
) -> None:
    async def run(house: Desk) -> None:
        await house.act(intent, note="Plan", **args)

    async for where, house in died_everywhere(desk, run):
        assert house.vault.files["Plan.md"] == wanted, where


async def test_the_change_is_shown() -> None:
    async with desk().open() as house:
        job = await house.act("note.property", note="Plan", name="status", value="done")
    assert reply_of(job).text.splitlines()[1:] == [
        "− status: open  # mine",
        "+ status: done  # mine",
    ]


async def test_what_is_so_already_is_not_written() -> None:
    async with desk().open() as house:
        job = await house.act("note.property", note="Plan", name="status", value="open")
        assert "already" in reply_of(job).text
    assert house.vault.writes == 0
    assert house.effects.rows == {}


# What asks first.


async def test_a_section_is_replaced_after_its_owner_has_seen_it() -> None:
    async with desk().open() as house:
        asked = await house.act("note.replace", note="Plan", heading="Ideas", text="- none")
        assert house.vault.files["Plan.md"] == PLAN
        assert "− - one ^id1\n+ - none" in reply_of(asked).text
        (button,) = reply_of(asked).buttons
        assert button.confirm
        await house.press(asked)
    assert house.vault.files["Plan.md"] == after(b"- one ^id1", b"- none")


async def test_a_section_that_changed_since_it_was_shown_is_shown_again() -> None:
    async with desk().open() as house:
        asked = await house.act("note.replace", note="Plan", heading="Ideas", text="- none")
        house.vault.files["Plan.md"] = after(b"- one", b"- precious")
        again = await house.press(asked)
        assert "precious" in reply_of(again).text
        assert b"precious" in house.vault.files["Plan.md"]
        await house.press(again)
    assert b"precious" not in house.vault.files["Plan.md"]


async def test_an_edit_elsewhere_in_the_note_does_not_ask_again() -> None:
    async with desk().open() as house:
        asked = await house.act("note.replace", note="Plan", heading="Ideas", text="- none")
        house.vault.files["Plan.md"] += b" more"
        await house.press(asked)
    assert house.vault.files["Plan.md"] == after(b"- one ^id1", b"- none") + b" more"


async def test_words_that_go_are_shown_first() -> None:
    async with desk().open() as house:
        asked = await house.act("note.replace", note="Plan", old=" and Tea")
        assert house.vault.files["Plan.md"] == PLAN
        await house.press(asked)
    assert house.vault.files["Plan.md"] == after(b" and Tea", b"")


@pytest.mark.parametrize(("button", "count"), [(0, 2), (1, 1)])
async def test_of_several_places_one_or_all(button: int, count: int) -> None:
    async with desk(Twice=b"tea, tea and teapot").open() as house:
        asked = await house.act("note.replace", note="Twice", old="tea", text="milk")
        assert reply_of(asked).buttons[0].label == "All 2"
        await house.press(asked, button)
    assert house.vault.files["Twice.md"].count(b"milk") == count
    assert b"teapot" in house.vault.files["Twice.md"]


async def test_of_several_notes_one_is_chosen_and_nothing_is_forgotten() -> None:
    async with Desk({"a/Plan.md": b"---\n---\n", "b/Plan.md": b"---\n---\n"}).open() as house:
        asked = await house.act("note.property", note="plan", name="count", value="1")
        labels = [button.label for button in reply_of(asked).buttons]
        await house.press(asked, labels.index("b/Plan.md"))
    assert house.vault.files == {"a/Plan.md": b"---\n---\n", "b/Plan.md": b"---\ncount: 1\n---\n"}


# What cannot be.


@pytest.mark.parametrize(
    ("intent", "args"),
    [
        ("note.insert", {"text": "x", "heading": "None such"}),
        ("note.insert", {"text": "x", "block": "none"}),
        ("note.replace", {"text": "x", "heading": "None such"}),
        ("note.replace", {"text": "x", "old": "none such"}),
        ("note.replace", {"text": "x"}),
        ("note.property", {"name": "tags", "value": "x", "action": "multiply"}),
    ],
)
async def test_what_is_not_there_is_said(intent: str, args: dict[str, Any]) -> None:
    async with desk().open() as house:
        job = await house.act(intent, note="Plan", **args)
    assert reply_of(job).failed
    assert reply_of(job).text
    assert house.vault.files["Plan.md"] == PLAN
    assert house.effects.rows == {}


BROKEN = {
    "Latin": b"caf\xe9\n# H\ntext ^b\n- [ ] t\n",
    "Torn": b"---\na: [1\n---\n# H\ntext ^b\n- [ ] t\n",
    "Wide": "text\n# H\n".encode("utf-32"),
}
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("note.prepend", {"text": "x"}),
    ("note.replace", {"text": "x", "heading": "H"}),
    ("note.replace", {"text": "x", "heading": "H", "agreed": True}),
    ("note.replace", {"text": "x", "block": "b", "agreed": True}),
    ("note.replace", {"text": "x", "old": "text"}),
    ("note.property", {"name": "a", "value": "1"}),
    ("note.property", {"name": "a", "action": "drop"}),
    ("note.template", {"template": "T"}),
    ("note.edit", {"change": "replace text with x"}),
    ("note.edit", {"change": "add tag #home"}),
    ("note.edit", {"change": "who knows"}),
    ("note.task", {"line": 5}),
    ("note.merge", {"into": "T", "agreed": True}),
    ("note.task.move", {"line": 7, "to": "T"}),
]


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize(("intent", "args"), REFUSED)
async def test_a_note_that_cannot_be_edited_is_left_alone_and_its_owner_told(
    name: str, intent: str, args: dict[str, Any]
) -> None:
    async with desk(**BROKEN, T=b"template").open() as house:
        job = await house.act(intent, note=name, **args)
        assert house.vault.files[f"{name}.md"] == BROKEN[name]
        assert house.vault.files["T.md"] == b"template"
    reply = reply_of(job)
    assert reply.failed
    assert f"{name}.md" in reply.text
    assert "only add to its end" in reply.text
    assert job.attempt == 1  # a second try would not help


@pytest.mark.parametrize("name", ["Latin", "Torn"])
async def test_what_was_to_be_added_can_go_to_the_end(name: str) -> None:
    async with desk(**BROKEN).open() as house:
        refused = await house.act("note.prepend", note=name, text="- new")
        await house.press(refused)
        assert house.vault.files[f"{name}.md"] == BROKEN[name] + b"- new\n"
        await house.act("undo")
    assert house.vault.files[f"{name}.md"] == BROKEN[name]


async def test_a_section_of_a_note_that_cannot_be_decoded_is_not_added_to() -> None:
    async with desk(**BROKEN).open() as house:
        refused = await house.act("note.append", note="Latin", text="- new", heading="H")
        assert house.vault.files["Latin.md"] == BROKEN["Latin"]
        assert "only add to its end" in reply_of(refused).text
        await house.press(refused)
    assert house.vault.files["Latin.md"] == BROKEN["Latin"] + b"- new\n"
