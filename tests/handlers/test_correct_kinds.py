"""Whatever was done: "no, ..." changes it, in any language, and never makes a second thing."""

from __future__ import annotations

import pytest

from octopus.core.message import Attachment, Kind, Origin
from tests.fakes.desk import Desk, died_everywhere, reply_of
from tests.fakes.ports import NOON

FILES = {
    "Tasks.md": b"- [ ] see the dentist\n- [ ] see the optician\n",
    "Travel.md": b"# Travel\n",
    "Work.md": b"# Work\n",
    "Garden.md": b"# Garden\n",
    "Anna.md": b"# Anna\n",
    "Shopping.md": b"- [ ] soap\n",
    "Hardware.md": b"- [ ] nails\n",
    "Links.md": b"[[Work|mine]]\n",
}
INBOX = "Inbox/2026-11-20 "
TODAY, YESTERDAY = "2026-11-20.md", "2026-11-19.md"


def todo(*lines: str) -> bytes:
    return FILES["Tasks.md"] + "".join(f"- [ ] {line}\n" for line in lines).encode()


def new(house: Desk) -> dict[str, bytes]:
    """What is another than before, but for the trash."""
    files = {path: data for path, data in house.vault.files.items() if path[0] != "."}
    gone = {path: b"" for path in FILES if path not in files}
    return gone | {path: data for path, data in files.items() if FILES.get(path) != data}


RENAMED = {"Work.md": b"", "Chores.md": b"# Work\n", "Links.md": b"[[Chores|mine]]\n"}
IN_GARDEN = {"Garden.md": b"# Garden\nfridge is BX-200\n"}
MOVED = {
    "Tasks.md": "- [ ] see the dentist\n- [ ] see the optician 📅 2026-11-26\n".encode(),
}
PAGE, OTHER = "https://a.example/x", "https://b.example/y"

TABLE = [
    # what was said, the correction, what stands at the end
    ("note: fridge is BX-200", "no, BX-210", {f"{INBOX}fridge is BX-200.md": b"fridge is BX-210"}),
    ("note: fridge is BX-200", "no, I meant the note Garden", IN_GARDEN),
    ("note: fridge is BX-200", "no, in the note Garden", IN_GARDEN),
    (
        'add "renew passport" to my Travel note',
        "no, Work",
        {"Work.md": b"# Work\nrenew passport\n"},
    ),
    (
        'add "renew passport" to my Travel note',
        "no, to Work",
        {"Work.md": b"# Work\nrenew passport\n"},
    ),
    (
        'add "renew passport" to my Travel note',
        "no, I meant renew visa",
        {"Travel.md": b"# Travel\nrenew visa\n"},
    ),
    ("today I planted roses", "no, yesterday", {YESTERDAY: b"- yesterday I planted roses\n"}),
    (
        "today I planted roses",
        "no, not roses, peas",
        {TODAY: b"- 12:00 today I planted peas\n"},
    ),
    ("call Hanna on Tuesday", "no, Wednesday", {"Tasks.md": todo("call Hanna 📅 2026-11-25")}),
    ("call Hanna on Tuesday", "no, Anna", {"Tasks.md": todo("call Anna 📅 2026-11-24")}),
    ("buy a lamp", "no, to the list Hardware", {"Hardware.md": b"- [ ] nails\n- [ ] buy a lamp\n"}),
    ("move the dentist to Thursday", "no, the optician", MOVED),
    ("move the optician to Monday", "no, Thursday", MOVED),
    (
        "done with the dentist",
        "no, optician",
        {
            "Tasks.md": "- [ ] see the dentist\n- [x] see the optician ✅ 2026-11-20\n".encode(),
        },
    ),
    ("rename the note Work to Office", "no, Chores", RENAMED),
    ("rename the note Work to Office", "no, I meant Chores", RENAMED),
    ("rename the note Work to Office", "no, to Chores", RENAMED),
    ("rename the note Work to Office", "no, not Office, Chores", RENAMED),
    (
        "rename the note Work to Office",
        "no, I meant Monday plans 2026",
        {
            "Work.md": b"",
            "Monday plans 2026.md": b"# Work\n",
            "Links.md": b"[[Monday plans 2026|mine]]\n",
        },
    ),
    (
        "rename the note Work to Office",
        "no, To do",
        {"Work.md": b"", "To do.md": b"# Work\n", "Links.md": b"[[To do|mine]]\n"},
    ),
    (
        "shopping: milk, eggs",
        "no, Hardware",
        {"Hardware.md": b"- [ ] nails\n- [ ] milk\n- [ ] eggs\n"},
    ),
    (
        "shopping: milk, eggs",
        "no, not eggs, butter",
        {"Shopping.md": b"- [ ] soap\n- [ ] milk\n- [ ] butter\n"},
    ),
    (PAGE, f"no, I meant {OTHER}", {f"{INBOX}https a.example x.md": OTHER.encode()}),
    (f"{PAGE} good read", f"no, {OTHER}", {f"{INBOX}good read.md": f"{OTHER} good read".encode()}),
    (
        f"{PAGE} good read",
        "no, I meant great read",
        {f"{INBOX}good read.md": f"{PAGE} great read".encode()},
    ),
    (
        f"{PAGE} good read",
        "no, in the note Garden",
        {"Garden.md": f"# Garden\n- {PAGE} good read\n".encode()},
    ),
]


@pytest.mark.parametrize(("said", "change", "files"), TABLE)
async def test_it_is_changed_and_undone_as_one_thing(
    said: str, change: str, files: dict[str, bytes]
) -> None:
    async with Desk(FILES).open() as house:
        first = await house.say(said)
        between = new(house)
        changed = await house.say(change)
        assert changed.intent == "correct"
        assert not reply_of(changed).failed
        assert new(house) == files
        await house.say("undo")
        assert new(house) == between
        await house.say("undo")
        assert new(house) == {}
    assert reply_of(first).text


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("note: fridge is BX-200", "no, Garden"),  # another word of it, or another place for it?
        (f"{PAGE} good read", "no, Garden"),
        ("buy a lamp", "no, Hardware"),
    ],
)
async def test_a_name_that_may_be_a_word_is_asked_about(said: str, change: str) -> None:
    name = change.rpartition(" ")[2]
    async with Desk(FILES).open() as house:
        await house.say(said)
        before = new(house)
        asked = await house.say(change)
        assert new(house) == before
        assert reply_of(asked).buttons[0].label == f"→ {name}"
        await house.press(asked)
        assert set(new(house)) == {f"{name}.md"}


async def test_a_person_with_a_note_is_no_list() -> None:
    async with Desk(FILES).open() as house:
        await house.say("call mom on Tuesday")
        asked = await house.say("no, Anna")
    assert [button.label for button in reply_of(asked).buttons] == [
        "call mom → call Anna",
        "call mom → Anna",
    ]


async def test_another_note_for_a_rename_is_asked_about_and_nothing_is_renamed_back() -> None:
    async with Desk(FILES).open() as house:
        await house.say("rename the note Work to Office")
        job = await house.say("no, not Work, Travel")
    assert reply_of(job).buttons
    assert set(new(house)) == {"Work.md", "Office.md", "Links.md"}


async def test_a_name_that_is_taken_is_asked_about() -> None:
    async with Desk(FILES).open() as house:
        await house.say("rename the note Work to Office")
        asked = await house.say("no, Travel")
        assert house.vault.files["Travel.md"] == b"# Travel\n"
        assert house.vault.files["Office.md"] == b"# Work\n"
        await house.press(asked)
        assert house.vault.files["Travel 1.md"] == b"# Work\n"
    assert "Office.md" not in house.vault.files


async def test_corrected_twice_it_has_the_last_name() -> None:
    async with Desk(FILES).open() as house:
        await house.say("rename the note Work to Office")
        await house.say("no, Studio")
        await house.say("no, Chores")
        assert new(house) == RENAMED
        for _ in range(3):
            await house.say("undo")
    assert new(house) == {}


async def test_what_came_with_a_picture_is_not_followed_by_a_note_of_the_no() -> None:
    """What was forwarded is kept as it came: it is asked what is meant."""
    files = (Attachment("photo", "p"),)
    async with Desk(FILES, {"p": b"jpg"}).open() as house:
        await house.say("look", attachments=files, origin=Origin("user", "Ann", NOON))
        before = dict(house.vault.files)
        job = await house.say("no, Garden")
    assert house.vault.files == before
    assert reply_of(job).buttons


async def test_an_hour_later_a_no_is_words_like_any_others() -> None:
    async with Desk(FILES).open() as house:
        await house.say("rename the note Work to Office")
        house.clock.pass_(hours=2)
        job = await house.say("no, Chores")
    assert job.intent == "note.add"
    assert "Office.md" in house.vault.files


LANGUAGES = [
    ("en", "rename the note Work to Office", "no, Chores"),
    ("de", "benenne die Notiz Work in Office um", "nein, Chores"),
    ("de", "benenne die Notiz Work in Office um", "nein, ich meinte Chores"),
    ("es", "renombra la nota Work a Office", "no, Chores"),
    ("es", "renombra la nota Work a Office", "no, quise decir Chores"),
    ("fr", "renomme la note Work en Office", "non, Chores"),
    ("fr", "renomme la note Work en Office", "non, je voulais dire Chores"),
    ("it", "rinomina la nota Work in Office", "no, Chores"),
    ("it", "rinomina la nota Work in Office", "no, intendevo Chores"),
    ("pt", "renomeia a nota Work para Office", "não, Chores"),
    ("pt", "renomeia a nota Work para Office", "não, quis dizer Chores"),
    ("ru", "переименуй заметку Work в Office", "нет, Chores"),
    ("ru", "переименуй заметку Work в Office", "нет, я имел в виду Chores"),
    ("uk", "перейменуй нотатку Work на Office", "ні, Chores"),
    ("uk", "перейменуй нотатку Work на Office", "ні, я мав на увазі Chores"),
    ("zh", "把笔记Work改名为Office", "不，Chores"),
    ("zh", "把笔记Work改名为Office", "不，我是说Chores"),
]


@pytest.mark.parametrize(("language", "said", "change"), LANGUAGES)
async def test_in_every_language(language: str, said: str, change: str) -> None:
    async with Desk(FILES).open() as house:
        first = await house.say(said)
        assert first.intent == "note.rename", language
        await house.say(change)
    assert new(house) == RENAMED


PLACES = [
    ("nein, in die Notiz Garden", "Notiz: Kühlschrank BX-200"),
    ("no, en la nota Garden", "nota: nevera BX-200"),
    ("non, dans la note Garden", "note : frigo BX-200"),
    ("no, nella nota Garden", "nota: frigo BX-200"),
    ("não, na nota Garden", "nota: geladeira BX-200"),
    ("нет, в заметку Garden", "заметка: холодильник BX-200"),
    ("ні, у нотатку Garden", "нотатка: холодильник BX-200"),
    ("不，放到笔记Garden", "笔记：冰箱BX-200"),
]


@pytest.mark.parametrize(("change", "said"), PLACES)
async def test_into_another_note_in_every_language(change: str, said: str) -> None:
    async with Desk(FILES).open() as house:
        await house.say(said)
        await house.say(change)
    assert set(new(house)) == {"Garden.md"}
    assert "BX-200" in house.notes()["Garden.md"]


async def test_a_death_at_any_moment_gives_it_the_name_once() -> None:
    async def run(house: Desk) -> None:
        await house.say("rename the note Work to Office")
        await house.say("no, Chores")

    async for where, house in died_everywhere(lambda: Desk(FILES), run):
        assert new(house) == RENAMED, where


async def test_an_edited_message_gives_the_note_its_last_name() -> None:
    async with Desk(FILES).open() as house:
        first = await house.say("rename the note Work to Office")
        edited = await house.edit(first, "rename the note Work to Chores")
    assert edited.kind == Kind.EDIT
    assert new(house) == RENAMED
