"""Lists by their names: what stands on them, what there is to buy, what is put onto them."""

from __future__ import annotations

import pytest

from tests.fakes.desk import Desk, reply_of
from tests.handlers.scene import labels

GROCERIES = b"- [ ] milk\n- [ ] eggs\n- [x] tea\n"
PACKING = b"- [ ] tent\n"


def desk(**files: bytes) -> Desk:
    return Desk({f"{name}.md": data for name, data in files.items()})


@pytest.mark.parametrize(
    "said",
    [
        "what do I need to buy",
        "what should I buy",
        "shopping list",
        "what's on my shopping list?",
        "show groceries",
        "show my groceries list",
        "open groceries",
        "was muss ich einkaufen",
        "qué tengo que comprar",
        "montre-moi la liste de courses",
        "cosa devo comprare",
        "o que preciso comprar",
        "что нужно купить",
        "що треба купити",
        "要买什么",
    ],
)
async def test_what_there_is_to_buy_has_buttons(said: str) -> None:
    async with desk(Groceries=GROCERIES, Packing=PACKING).open() as there:
        reply = await there.say(said)
        assert labels(reply_of(reply))[:2] == ["☐ 1. milk", "☐ 2. eggs"]
        await there.press(reply, 0)
        assert "- [x] milk" in there.notes()["Groceries.md"]


async def test_what_is_to_be_bought_by_the_to_do_note_stands_with_it() -> None:
    tasks = b"- [ ] buy a lamp\n- [ ] call Ann\n- [x] buy soap\n"
    async with desk(Groceries=GROCERIES, Tasks=tasks).open() as there:
        reply = reply_of(await there.say("what do I need to buy"))
        assert reply.text.splitlines()[0] == "To buy"
        assert labels(reply) == ["☐ 1. milk", "☐ 2. eggs", "☐ 3. buy a lamp"]


async def test_without_a_list_what_is_to_be_bought_is_shown_all_the_same() -> None:
    many = "".join(f"- [ ] buy thing {n}\n" for n in range(12)).encode()
    async with desk(Tasks=many).open() as there:
        reply = reply_of(await there.say("shopping list"))
        assert len(labels(reply)) == 10
        assert reply.text.splitlines()[-1] == "… and 2 more"


async def test_a_section_of_the_to_do_note_is_a_list_too() -> None:
    async with desk(Tasks=b"# Einkauf\n\n- [ ] Milch\n\n# Other\n\n- [ ] rest\n").open() as there:
        reply = reply_of(await there.say("shopping list"))
        assert labels(reply) == ["☐ 1. Milch"]


@pytest.mark.parametrize(
    "said", ["show the packing list", "what's on the packing list", "show me the pakcing list"]
)
async def test_a_list_by_its_name(said: str) -> None:
    async with desk(Groceries=GROCERIES, Packing=PACKING).open() as there:
        reply = reply_of(await there.say(said))
        assert labels(reply)[0] == "☐ 1. tent"


async def test_an_unknown_list_is_said_with_those_that_there_are() -> None:
    async with desk(Groceries=GROCERIES, Packing=PACKING).open() as there:
        reply = await there.say("show the guest list")
        assert reply_of(reply).text == "There is no list “guest”. These are your lists:"
        assert labels(reply_of(reply)) == ["Groceries", "Packing"]
        assert labels(reply_of(await there.press(reply, 1)))[0] == "☐ 1. tent"
    async with desk().open() as there:
        reply = await there.say("shopping list")
        assert "There is no list “shopping list” yet." in reply_of(reply).text
        assert there.notes() == {}


async def test_a_note_of_that_name_that_is_no_list_is_shown() -> None:
    async with desk(Guests=b"Ann\nBob\n").open() as there:
        assert "Ann" in reply_of(await there.act("list.show", list="guests")).text


async def test_a_list_among_other_words_has_buttons() -> None:
    async with desk(Trip=b"What we take:\n\n- [ ] tent\n").open() as there:
        assert labels(reply_of(await there.say("show the trip list"))) == ["☐ 1. tent"]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("add torch to packing", "- [ ] torch"),
        ("put torch on the packing list", "- [ ] torch"),
        ("add cheese to groceries", None),
        ("add torch to packing tomorrow", "- [ ] torch 📅 2026-11-21"),
    ],
)
async def test_what_is_added_to_a_list_is_an_item_of_it(said: str, line: str | None) -> None:
    async with desk(Groceries=GROCERIES, Packing=PACKING).open() as there:
        await there.say(said)
        notes = there.notes()
        assert set(notes) == {"Groceries.md", "Packing.md"}
        if line is None:
            assert notes["Groceries.md"].endswith("- [ ] cheese\n")
        else:
            assert notes["Packing.md"].splitlines()[-1].startswith(line)


async def test_several_things_are_several_items_and_one_undo() -> None:
    async with desk(Packing=PACKING).open() as there:
        await there.say("add gloves and hats to packing")
        assert there.notes()["Packing.md"] == "- [ ] tent\n- [ ] gloves\n- [ ] hats\n"
        await there.say("undo")
        assert there.notes()["Packing.md"] == "- [ ] tent\n"


@pytest.mark.parametrize("said", ["add salt to the soup", "add Anna to contacts"])
async def test_what_is_no_list_is_none(said: str) -> None:
    async with desk(Soup=b"Leeks and water.\n", Packing=PACKING).open() as there:
        await there.say(said)
        assert there.notes()["Soup.md"] == "Leeks and water.\n"
        assert "Tasks.md" in there.notes()


async def test_the_shopping_list_is_one_list_in_every_language() -> None:
    async with desk(Groceries=GROCERIES).open() as there:
        await there.say("setz käse auf die einkaufsliste")
        assert set(there.notes()) == {"Groceries.md"}
        assert there.notes()["Groceries.md"].endswith("- [ ] käse\n")
