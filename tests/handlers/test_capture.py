"""Files and forwards become one note with its attachments, each file once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from octopus.core.message import Attachment, Origin
from octopus.errors import DeliveryDelayed
from octopus.handlers.capture import source
from octopus.obsidian.note import Note
from octopus.obsidian.scan import scan
from tests.fakes.desk import Desk, died_everywhere, reply_of

JPEG = b"\xff\xd8\xff picture"
FILES = {"p1": JPEG, "p2": b"\xff\xd8 other", "p3": b"third", "v": b"OggS", "d": b"%PDF-1.7"}


def desk() -> Desk:
    return Desk(attachments=FILES)


def photo(ref: str = "p1", **more: Any) -> Attachment:
    return Attachment("photo", ref, f"u-{ref}", size=len(FILES.get(ref, b"")), **more)


def document(name: str, ref: str = "d", **more: Any) -> Attachment:
    return Attachment("document", ref, f"u-{ref}", name, **more)


def photo_name(ref: str = "p1") -> str:
    return f"Photo {hashlib.sha256(FILES[ref]).hexdigest()[:12]}.jpg"


def properties(text: str) -> dict[str, Any]:
    note: Note = scan(text)
    assert not note.properties_error
    return dict(note.properties)


async def test_a_photo_with_its_caption() -> None:
    async with desk().open() as house:
        job = await house.say("the old roof", attachments=(photo(),))
    name = photo_name()
    assert house.vault.files == {
        name: JPEG,
        "Inbox/2026-11-20 the old roof.md": f"the old roof\n\n![[{name}]]".encode(),
    }
    assert "Inbox/2026-11-20 the old roof.md" in reply_of(job).text
    assert [button.intent for button in reply_of(job).buttons] == ["undo"]


async def test_a_caption_commands_nothing() -> None:
    async with desk().open() as house:
        await house.say("/undo", attachments=(photo(),))
    assert house.notes()["Inbox/2026-11-20 undo.md"].startswith("/undo\n")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (Attachment("voice", "v", mime="audio/ogg"), r"Voice "),
        (Attachment("audio", "v", name="song.oga"), "song.ogg"),
        (Attachment("audio", "v", name="memo.OPUS"), "memo.ogg"),
        (Attachment("video_note", "v"), "Video note "),
        (Attachment("document", "v", mime="application/pdf"), "Document "),
    ],
)
async def test_endings_that_obsidian_can_show(file: Attachment, expected: str) -> None:
    async with desk().open() as house:
        await house.say(attachments=(file,))
    (name,) = [path for path in house.vault.files if not path.endswith(".md")]
    ending = {"Voice ": ".ogg", "Video note ": ".mp4", "Document ": ".pdf"}.get(expected, ".ogg")
    assert name.startswith(expected)
    assert name.endswith(ending)
    (text,) = house.notes().values()
    assert text == f"![[{name}]]"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "..",
        ".",
        ".bashrc",
        "CON.txt",
        "a/b\\c:d*.pdf",
        "x" * 400 + ".pdf",
        "x." + "y" * 400,
        "evil\u202efdp.exe",
        "nul\x00.pdf",
        "[[link]] #tag ^block.pdf",
        "no ending",
        "tab\tnew\nline.pdf",
        " .pdf",
        "🎉.pdf",
        "report.pdf.exe",
        "..md",
        "%%comment%%.pdf",
        "half \ud83d.pdf",
    ],
)
async def test_hostile_file_names_become_plain_ones(name: str) -> None:
    async with desk().open() as house:
        job = await house.say("a paper", attachments=(document(name),))
    files = set(house.vault.files) - {"Inbox/2026-11-20 a paper.md"}
    assert len(files) == 1
    (path,) = files
    assert house.vault.files[path] == FILES["d"]
    assert "/" not in path
    assert "\\" not in path
    assert not path.startswith(".")
    assert len(path.encode()) < 200
    assert not set(path) & set('\x00\u202e[]#^|:*?"<>\n\t')
    assert house.notes()["Inbox/2026-11-20 a paper.md"] == f"a paper\n\n![[{path}]]"
    assert not reply_of(job).failed


async def test_the_same_photo_twice_is_stored_once() -> None:
    async with desk().open() as house:
        for minute in range(3):
            await house.say(f"number {minute}", attachments=(photo(),))
            house.clock.pass_(hours=30)
    pictures = [path for path in house.vault.files if not path.endswith(".md")]
    assert pictures == [photo_name()]
    assert all(text.endswith(f"![[{photo_name()}]]") for text in house.notes().values())
    assert len(house.notes()) == 3


async def test_a_thousand_photos_of_which_three_hundred_are_repeats() -> None:
    files = {str(n): b"picture %d" % n for n in range(70)}
    house = Desk(attachments=files)
    async with house.open():
        for n in range(100):  # the shape of it: 70 different ones, 30 sent again
            await house.say(attachments=(Attachment("photo", str(n % 70)),))
    pictures = [data for path, data in house.vault.files.items() if path.endswith(".jpg")]
    assert sorted(pictures) == sorted(files.values())


async def test_another_file_of_the_same_name_gets_a_number() -> None:
    house = Desk({"report.pdf": b"the owner's"}, FILES)
    async with house.open():
        await house.say("one", attachments=(document("report.pdf"),))
        await house.say("two", attachments=(document("report.pdf", "p1"),))
        await house.say("three", attachments=(document("Report.PDF", "p1"),))
    assert house.vault.files["report.pdf"] == b"the owner's"
    assert house.vault.files["report 1.pdf"] == FILES["d"]
    assert house.vault.files["report 2.pdf"] == JPEG
    assert len(house.vault.files) == 3 + 3 + 1 - (0 if "Report 3.pdf" in house.vault.files else 1)


async def test_attachments_go_where_obsidian_puts_them() -> None:
    settings = b'{"attachmentFolderPath": "./files"}'
    house = Desk({".obsidian/app.json": settings}, FILES)
    async with house.open():
        await house.say("roof", attachments=(photo(),))
    assert f"Inbox/files/{photo_name()}" in house.vault.files
    assert f"![[Inbox/files/{photo_name()}]]" in house.notes()["Inbox/2026-11-20 roof.md"]


# Albums.


async def test_an_album_is_one_note() -> None:
    async with desk().open() as house:
        await house.send(
            house.message(attachments=(photo("p1"),), album="a"),
            house.message("the roof", attachments=(photo("p2"),), album="a"),
            house.message(attachments=(photo("p3"),), album="a"),
        )
    embeds = "\n".join(f"![[{photo_name(ref)}]]" for ref in ("p1", "p2", "p3"))
    assert house.notes() == {"Inbox/2026-11-20 the roof.md": f"the roof\n\n{embeds}"}
    assert len(house.journal.settled) == 1


async def test_a_late_picture_joins_its_album_with_its_caption() -> None:
    async with desk().open() as house:
        await house.say("the roof", attachments=(photo("p1"),), album="a")
        late = await house.say("its gutter", attachments=(photo("p2"),), album="a")
        await house.say(attachments=(photo("p3"),), album="a")
    assert house.notes() == {
        "Inbox/2026-11-20 the roof.md": (
            f"the roof\n\n![[{photo_name('p1')}]]\nits gutter\n\n![[{photo_name('p2')}]]"
            f"\n![[{photo_name('p3')}]]"
        )
    }
    assert reply_of(late).about == "Inbox/2026-11-20 the roof.md"


async def test_an_album_with_a_document_that_is_a_note_itself() -> None:
    async with desk().open() as house:
        await house.say("papers", attachments=(document("one.md"),), album="a")
        await house.say(attachments=(document("two.pdf", "p1"),), album="a")
    assert house.vault.files["one.md"] == FILES["d"]
    assert house.notes()["Inbox/2026-11-20 papers.md"] == "papers\n\n![[one.md]]\n![[two.pdf]]"


async def test_a_late_picture_of_an_album_whose_note_is_gone() -> None:
    async with desk().open() as house:
        await house.say("the roof", attachments=(photo("p1"),), album="a")
        del house.vault.files["Inbox/2026-11-20 the roof.md"]
        await house.say("late", attachments=(photo("p2"),), album="a")
    assert house.notes() == {"Inbox/2026-11-20 late.md": f"late\n\n![[{photo_name('p2')}]]"}


# Forwards.

ORIGIN = Origin("channel", "News", datetime(2026, 11, 19, 8, 30, tzinfo=UTC), "https://t.me/n/7")


async def test_a_forward_keeps_who_wrote_it_when_and_where() -> None:
    async with desk().open() as house:
        await house.say("delete all notes", origin=ORIGIN, attachments=(photo(),))
    (text,) = house.notes().values()
    assert properties(text) == {
        "source": "channel News",
        "url": "https://t.me/n/7",
        "date": "2026-11-19T08:30:00",
    }
    assert text.endswith(f"---\ndelete all notes\n\n![[{photo_name()}]]")


async def test_a_forward_without_words_is_named_after_its_writer() -> None:
    async with desk().open() as house:
        await house.say("", origin=Origin("hidden_user", "Ann / Bo", ORIGIN.date))
    assert list(house.notes()) == ["Inbox/2026-11-20 Ann Bo.md"]


@pytest.mark.parametrize(
    "name",
    [
        'a"b\\c',
        "line\nbreak: x",
        "---\nevil: true\n---",
        "\x00\x1b\x7f\x85\u2028\u2029x",
        "🐙 \U000e0001 Ünï",
        "half \ud83d",
        "# no comment",
        "{{x}}: [y]",
    ],
)
def test_names_of_strangers_stay_in_their_property(name: str) -> None:
    text = source(Origin("user", name, ORIGIN.date)) + "body"
    found = properties(text)
    assert set(found) == {"source", "date"}
    assert found["source"] == f"user {name}".replace("\ud83d", "\ufffd")
    assert text[scan(text).body :] == "body"


async def test_a_forward_is_never_obeyed() -> None:
    house = Desk({"Lamp.md": b"mine"}, FILES)
    async with house.open():
        for text in ("/undo", "append to Lamp: evil", "search lamp", "/stop", "note: evil"):
            await house.say(text, origin=ORIGIN)
    assert house.vault.files["Lamp.md"] == b"mine"
    assert len(house.notes()) == 1 + 5
    assert {job.intent for job in house.journal.settled} == {"capture"}


# What cannot be had.


async def test_a_file_that_is_too_big_is_refused_with_words_and_its_caption_kept() -> None:
    big = Attachment("video", "p1", name="holiday.mp4", size=21 * 1024 * 1024)
    async with desk().open() as house:
        job = await house.say("the sea", attachments=(big, photo("p2")))
        alone = await house.say(attachments=(big,))
    assert house.notes() == {"Inbox/2026-11-20 the sea.md": f"the sea\n\n![[{photo_name('p2')}]]"}
    assert "holiday.mp4 is larger than 20 MB" in reply_of(job).text
    assert "Saved: Inbox/2026-11-20 the sea.md" in reply_of(job).text
    assert not reply_of(job).receipt
    assert reply_of(alone).failed
    assert "20 MB" in reply_of(alone).text
    assert len(house.vault.files) == 2


async def test_a_file_that_lied_about_its_size() -> None:
    house = Desk(attachments={"liar": b"x" * (20 * 1024 * 1024 + 1)})
    async with house.open():
        job = await house.say(attachments=(Attachment("video", "liar", size=10),))
    assert reply_of(job).failed
    assert house.vault.files == {}


async def test_a_file_that_is_gone_is_said_and_the_others_are_kept() -> None:
    async with desk().open() as house:
        job = await house.say("two", attachments=(photo("gone"), photo("p1")))
    assert house.notes() == {"Inbox/2026-11-20 two.md": f"two\n\n![[{photo_name()}]]"}
    assert "cannot be had" in reply_of(job).text


async def test_a_file_that_comes_later_is_waited_for() -> None:
    house = desk()
    real, tries = house.files.fetch, 0

    async def fetch(conversation: str, attachment: Attachment) -> bytes:
        nonlocal tries
        tries += 1
        if tries < 5:
            raise DeliveryDelayed(0.0001)
        return await real(conversation, attachment)

    house.files.fetch = fetch  # type: ignore[method-assign]
    async with house.open():
        job = await house.say("roof", attachments=(photo(),))
    assert (tries, job.attempt) == (5, 1)
    assert len(house.vault.files) == 2


async def test_a_file_that_was_stored_before_the_death_is_not_fetched_again() -> None:
    house = desk()
    real, fetched = house.files.fetch, list[str]()

    async def fetch(conversation: str, attachment: Attachment) -> bytes:
        fetched.append(attachment.ref)
        if fetched == ["p1", "p2"]:
            raise OSError("the network is gone")
        return await real(conversation, attachment)

    house.files.fetch = fetch  # type: ignore[method-assign]
    async with house.open():
        await house.say("roofs", attachments=(photo("p1"), photo("p2")))
    assert fetched == ["p1", "p2", "p2"]
    assert len(house.vault.files) == 3


# Death.


@pytest.mark.parametrize("forward", [False, True])
async def test_a_death_at_any_moment_gives_one_note_and_each_file_once(forward: bool) -> None:
    async def run(house: Desk) -> None:
        await house.say(
            "roofs",
            attachments=(photo("p1"), document("paper.pdf"), photo("gone")),
            origin=ORIGIN if forward else None,
        )

    results = {}
    async for where, house in died_everywhere(desk, run):
        results[where] = dict(house.vault.files)
        assert len(house.effects.rows) == 3, where
    assert len(results) > 15
    assert all(files == results["nowhere"] for files in results.values())
    assert len(results["nowhere"]) == 3


async def test_a_death_at_any_moment_adds_a_late_picture_once() -> None:
    async def run(house: Desk) -> None:
        await house.say("roof", attachments=(photo("p1"),), album="a")
        await house.say(attachments=(photo("p2"),), album="a")

    results = {}
    async for where, house in died_everywhere(desk, run):
        results[where] = dict(house.vault.files)
    assert all(files == results["nowhere"] for files in results.values())


async def test_a_strangers_name_links_to_nothing() -> None:
    origin = Origin("hidden_user", "Bob ]] [[Secret plan]]\n# H", ORIGIN.date)
    async with desk().open() as house:
        await house.say("look at this", origin=origin)
    (text,) = house.notes().values()
    properties = text.split("---")[1]
    assert "[[" not in properties
    assert "]]" not in properties
    assert "Secret plan" in properties
