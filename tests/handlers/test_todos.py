"""Lists of to-dos and the message of the day."""

from __future__ import annotations

import pytest

from octopus.core.view import ViewKind
from tests.fakes.desk import Desk, reply_of
from tests.handlers.scene import labels

NOTES = {
    "Tasks.md": "- [ ] late 📅 2026-11-18\n- [ ] now 📅 2026-11-20\n- [x] did ✅ 2026-11-20\n",
    "Plan.md": "- [ ] sunday #work/plan 📅 2026-11-22\n- [ ] later 📅 2026-11-23\n- [ ] some day\n",
}


def desk() -> Desk:
    return Desk({path: text.encode() for path, text in NOTES.items()})


@pytest.mark.parametrize(
    ("said", "found", "head"),
    [
        ("/todo", ["late", "now", "sunday #work/plan", "later", "some day"], "To do"),
        ("my tasks", ["late", "now", "sunday #work/plan", "later", "some day"], "To do"),
        ("what are my tasks for today?", ["late", "now"], "To do today"),
        ("/todo today", ["late", "now"], "To do today"),
        ("/todo Overdue", ["late"], "Overdue"),
        ("what's overdue?", ["late"], "Overdue"),
        ("what's due this week", ["late", "now", "sunday #work/plan"], "To do this week"),
        ("/todo next week", ["later"], "To do next week"),
        ("/todo #work", ["sunday #work/plan"], "To do: #work"),
        ("/todo 2026-11-22", ["sunday #work/plan"], "To do on Sun 22 Nov"),
        ("/todo [[Plan.md]]", ["sunday #work/plan", "later", "some day"], "To do in Plan.md"),
    ],
)
async def test_what_is_asked_for(said: str, found: list[str], head: str) -> None:
    async with desk().open() as there:
        reply = reply_of(await there.say(said))
        assert reply.text.splitlines()[0] == head
        assert labels(reply) == [f"☐ {n}. {words}" for n, words in enumerate(found, 1)]
        assert there.vault.writes == 0


async def test_a_note_by_its_name() -> None:
    async with desk().open() as there:
        reply = reply_of(await there.act("todo.list", when="plan"))
        assert reply.text.splitlines()[0] == "To do in Plan.md"


async def test_nothing_is_said_and_so_is_what_means_nothing() -> None:
    async with Desk().open() as there:
        assert reply_of(await there.say("/todo today")).text == "To do today: nothing."
        reply = reply_of(await there.act("todo.list", when="2026-02-30"))
        assert "I do not know which to-dos “2026-02-30” are" in reply.text
        assert reply.failed


async def test_pages_turn_in_the_same_message() -> None:
    text = "".join(f"- [ ] t{number}\n" for number in range(25))
    async with Desk({"Tasks.md": text.encode()}).open() as there:
        first = await there.say("/todo")
        assert labels(reply_of(first))[-1] == "More"
        assert reply_of(first).text.splitlines()[-1] == "10. ☐ t9"
        second = await there.press(first, 10)
        assert reply_of(second).text.splitlines()[3] == "11. ☐ t10"
        assert labels(reply_of(second))[-2:] == ["Back", "More"]
        third = await there.press(second, 11)
        assert len(labels(reply_of(third))) == 6
        assert reply_of(third).replaces == there.shown(first)
        there.vault.files["Tasks.md"] = b"- [ ] t0\n"
        back = await there.press(third, 5)
        assert reply_of(back).text.splitlines()[-1] == "1. ☐ t0"


async def test_the_day_is_pinned_and_turned_over_by_the_next() -> None:
    async with desk().open() as there:
        reply = reply_of(await there.say("/today"))
        assert reply.pin
        assert reply.view is not None
        assert reply.view.kind is ViewKind.TODAY
        assert reply.text.splitlines()[0] == "Today, Fri 20 Nov"
        assert labels(reply) == ["☐ 1. late", "☐ 2. now"]
        there.clock.pass_(days=3)
        assert reply_of(await there.say("/today")).text.splitlines()[0] == "Today, Mon 23 Nov"


async def test_a_tick_in_the_message_of_the_day_moves_it_to_what_is_done() -> None:
    async with desk().open() as there:
        first = await there.say("/today")
        second = await there.press(first, 1)
        assert labels(reply_of(second)) == ["☐ 1. late", "Undo"]
        assert reply_of(second).text.splitlines()[-3:] == ["Done today (2):", "☑ now", "☑ did"]
        assert not reply_of(second).pin  # it is pinned already
        third = await there.press(second, 1)
        assert labels(reply_of(third)) == ["☐ 1. late", "☐ 2. now"]


async def test_the_language_of_the_message_is_that_of_the_buttons() -> None:
    async with desk().open() as there:
        first = await there.say("zeige meine Aufgaben")
        reply = reply_of(first)
        assert reply.view is not None
        assert reply.view.language == "de"
        assert "Di" in reply.text or "Mi 18. Nov." in reply.text
        second = reply_of(await there.press(first, 0))
        assert second.view is not None
        assert second.view.language == "de"
        assert "So 22. Nov." in second.text


@pytest.mark.parametrize("said", ["show my shopping list", "open Shopping", "show [[Shopping]]"])
async def test_a_note_that_is_a_list_is_shown_with_its_buttons(said: str) -> None:
    note = b"# To buy\n\n- [ ] milk\n- [x] tea\n- [ ] eggs\n"
    async with Desk({"Shopping.md": note}).open() as there:
        first = await there.say(said)
        assert labels(reply_of(first)) == ["☐ 1. milk", "☐ 2. eggs", "Show it"]
        second = await there.press(first, 0)
        assert "- [x] milk" in there.notes()["Shopping.md"]
        assert labels(reply_of(second))[:2] == ["☑ 1. milk", "☐ 2. eggs"]
        whole = await there.press(first, 2)
        assert "# To buy" in reply_of(whole).text


@pytest.mark.parametrize(
    "note",
    [b"words\n- [ ] milk\n", b"- [x] milk\n", b"- milk\n", b"", b"- [ ] a\n\tmore of it\n"],
)
async def test_any_other_note_is_shown_as_it_is(note: bytes) -> None:
    async with Desk({"Shopping.md": note}).open() as there:
        reply = reply_of(await there.act("note.open", note="Shopping"))
        assert reply.view is None
