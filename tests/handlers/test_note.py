"""Every text is kept, byte for byte, in exactly one new file; names suit every device."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octopus.core.job import State
from octopus.handlers.note import encode, free_names, note_name
from tests.fakes.desk import Desk, died_everywhere, reply_of
from tests.fakes.ports import NOON

#: Texts that people and machines send.
BAD = {
    "long": "word " * 819,
    "one long word": "x" * 4096,
    "emoji": "🎉👨‍👩‍👧‍👦🇩🇪",
    "control": "a\x01\x02\x1b[31m\x7fb",
    "only control": "\x01\x02\x1f",
    "bidi": "\u202eevil\u202c \u2066x\u2069",
    "only bidi": "\u202e\u200f\u2066",
    "zero width": "\u200b\u200b",
    "nul": "a\x00b",
    "only nul": "\x00",
    "broken markdown": "```\n**a _b [c](d ![[e\n| x |\n---",
    "properties": "---\na: b\n---\ntext",
    "a file name": "Inbox/2026-11-20 lamp.md",
    "traversal": "../../x",
    "absolute": "/etc/passwd",
    "windows": "C:\\Windows\\system32",
    "device": "CON",
    "device with ending": "nul.txt",
    "right to left": "שלום עולם",
    "many accents": "e" + "\u0301" * 300,
    "dots": "...",
    "spaces around": "  two  \n\n ",
    "forbidden": '* " \\ / < > : | ? # ^ [ ] %%',
    "trailing dot": "name.",
    "hidden": ".hidden",
    "newlines": "\n\n\nlate\r\nlines\rand\u2028more",
    "half a character": "a\ud83db",
    "a link": "https://example.org/?q=a&b=%2e%2e%2f",
    "html": "<script>alert(1)</script>",
    "template": "{{date}} <% tp.file.title %>",
}

FORBIDDEN = re.compile(r'[\\/:*?"<>|#^\[\]\x00-\x1f\x7f]|%%')
DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")


def fits_every_device(name: str) -> bool:
    """Windows, Android, iOS and Obsidian accept it, and ext4 with a suffix to spare."""
    return (
        not FORBIDDEN.search(name)
        and not DEVICE.match(name)
        and not name.startswith((".", " "))
        and not name.removesuffix(".md").endswith((".", " "))
        and len(name.encode()) <= 240
        and name == unicodedata.normalize("NFC", name)
        and not any(unicodedata.category(c) in {"Cc", "Cs"} for c in name)
        and not set(name) & set("\u202e\u202c\u2066\u2069\u200b\u200f")
    )


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
async def test_any_text_is_kept_in_one_new_file_of_the_inbox(text: str) -> None:
    desk = Desk({"Other.md": b"the owner's"})
    async with desk.open():
        job = await desk.act("note.add", text=text)
    (path,) = set(desk.vault.files) - {"Other.md"}
    folder, _, name = path.rpartition("/")
    assert folder == "Inbox"
    assert fits_every_device(name)
    assert name.startswith("2026-11-20 ")
    assert desk.vault.files[path] == text.replace("\ud83d", "\ufffd").encode()
    assert job.state is State.DONE
    assert path in reply_of(job).text
    assert [button.intent for button in reply_of(job).buttons] == ["undo"]
    assert desk.vault.files["Other.md"] == b"the owner's"


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n"])
async def test_nothing_is_not_kept_and_said(text: str) -> None:
    desk = Desk()
    async with desk.open():
        job = await desk.act("note.add", text=text)
        command = await desk.say(f"/note {text}")
    assert desk.vault.files == {}
    assert "nothing to save" in reply_of(job).text
    assert "nothing to save" in reply_of(command).text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("buy a lamp", "2026-11-20 buy a lamp"),
        ("one two three four five six seven eight nine", None),
        ("# Heading\nbody", "2026-11-20 Heading"),
        ("\n\n  first words\nmore", "2026-11-20 first words"),
        ("🎉🎉", "2026-11-20 🎉🎉"),
        ("***", "2026-11-20 120000"),
        ("\u200b", "2026-11-20 120000"),
        ("Untitled", "2026-11-20 120000"),
        ("../../x", None),
        ("CON", "2026-11-20 _CON"),
        ("x" * 4096, "2026-11-20 " + "x" * 80),
    ],
)
def test_names_are_the_date_and_the_first_words(text: str, name: str | None) -> None:
    made = note_name(text, NOON)
    assert fits_every_device(f"{made}.md")
    assert name is None or made == name
    if text.startswith("one"):
        assert made == "2026-11-20 one two three four five six seven eight"


@settings(max_examples=500, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.text(max_size=300))
def test_any_name_suits_every_device(text: str) -> None:
    made = note_name(text, NOON)
    assert fits_every_device(f"{made}.md")
    assert fits_every_device(next(iter(free_names("", f"{made} 12345"))))


@given(st.text(max_size=100))
def test_text_that_can_be_written_is_written_as_it_is(text: str) -> None:
    assert encode(text) == text.encode()


def test_what_no_file_can_hold_is_replaced() -> None:
    assert encode("a\ud83d\ude00b\ud83d") == "a😀b\ufffd".encode()


def test_names_are_numbered_as_obsidian_does() -> None:
    names = free_names("Inbox", "a")
    assert [next(names) for _ in range(3)] == ["Inbox/a.md", "Inbox/a 1.md", "Inbox/a 2.md"]
    assert next(free_names("", "a", ".png")) == "a.png"


async def test_the_same_words_twice_are_two_notes() -> None:
    desk = Desk()
    async with desk.open():
        for text in ("note: Lamp", "note: Lamp", "note: LAMP"):
            await desk.say(text)
    assert desk.notes() == {
        "Inbox/2026-11-20 Lamp.md": "Lamp",
        "Inbox/2026-11-20 Lamp 1.md": "Lamp",
        "Inbox/2026-11-20 LAMP 2.md": "LAMP",
    }


async def test_a_death_at_any_moment_gives_one_note() -> None:
    async def run(desk: Desk) -> None:
        await desk.say("note: buy a lamp")

    async for where, desk in died_everywhere(Desk, run):
        assert desk.notes() == {"Inbox/2026-11-20 buy a lamp.md": "buy a lamp"}, where
        assert len(desk.effects.rows) == 1, where
        assert {reply_of(job).text for job in desk.journal.settled} == {
            "Saved: Inbox/2026-11-20 buy a lamp.md"
        }, where


# More words for a note that is there.


async def test_an_answer_to_a_receipt_goes_into_its_note() -> None:
    desk = Desk()
    async with desk.open():
        first = await desk.say("note: packing list for the hills")
        desk.journal.shown["telegram:42", "bot-1"] = first.id
        more = await desk.say("two warm pullovers and a torch, please", reply_to="bot-1")
    path = "Inbox/2026-11-20 packing list for the hills.md"
    assert path in reply_of(more).text
    assert reply_of(more).about == path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"more\n"),
        (b"a\n", b"a\nmore\n"),
        (b"a", b"a\nmore"),
        (b"a\r\n", b"a\r\nmore\r\n"),
        (b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfa\nmore\n"),
        (b"---\nx: [\n---\na\n", b"---\nx: [\n---\na\nmore\n"),
        (b"latin \xe9\n", b"latin \xe9\nmore\n"),
    ],
)
async def test_appending_changes_nothing_else(before: bytes, after: bytes) -> None:
    desk = Desk({"Lists/Lamp.md": before})
    async with desk.open():
        job = await desk.act("note.append", note="lamp", text="more")
    assert not reply_of(job).failed
    assert desk.vault.files == {"Lists/Lamp.md": after}


async def test_appending_below_a_heading() -> None:
    desk = Desk({"Lamp.md": b"# A\none\n\n## B\ntwo\n\n# C\nthree\n"})
    async with desk.open():
        await desk.act("note.append", note="Lamp", text="more", heading="B")
        missing = await desk.act("note.append", note="Lamp", text="more", heading="Z")
    assert desk.vault.files["Lamp.md"] == b"# A\none\n\n## B\ntwo\nmore\n\n# C\nthree\n"
    assert reply_of(missing).failed
    assert "“Z”" in reply_of(missing).text


async def test_a_name_that_means_several_notes_is_asked_about() -> None:
    desk = Desk({"a/Lamp.md": b"a\n", "b/Lamp.md": b"b\n"})
    async with desk.open():
        job = await desk.act("note.append", note="Lamp", text="more")
        assert desk.vault.files == {"a/Lamp.md": b"a\n", "b/Lamp.md": b"b\n"}
        (button,) = [b for b in reply_of(job).buttons if b.label == "b/Lamp.md"]
        await desk.act(button.intent, **button.args)
    assert desk.vault.files == {"a/Lamp.md": b"a\n", "b/Lamp.md": b"b\nmore\n"}


@pytest.mark.parametrize("name", ["b/Lamp", "b/Lamp.md"])
async def test_a_path_means_one_note(name: str) -> None:
    desk = Desk({"a/Lamp.md": b"", "b/Lamp.md": b""})
    async with desk.open():
        await desk.act("note.append", note=name, text="more")
    assert desk.vault.files == {"a/Lamp.md": b"", "b/Lamp.md": b"more\n"}


@pytest.mark.parametrize("name", ["Lamp", "../secret", "/etc/passwd", "\x00", "", "x" * 5000])
async def test_a_note_that_is_not_there_is_said(name: str) -> None:
    desk = Desk({"Other.md": b"x"})
    async with desk.open():
        job = await desk.act("note.append", note=name, text="more")
        empty = await desk.act("note.append", note="Other", text=" ")
    assert reply_of(job).failed
    assert "nothing to save" in reply_of(empty).text
    assert desk.vault.files == {"Other.md": b"x"}


@pytest.mark.parametrize("text", ["more", "more\n", "- a\n- b", "\n\nlate", "a\r\nb"])
@pytest.mark.parametrize("before", [b"", b"one\n", b"one", b"one\r\ntwo\r\n", b"more\n"])
async def test_a_death_at_any_moment_appends_once(before: bytes, text: str) -> None:
    async def run(desk: Desk) -> None:
        await desk.act("note.append", note="Lamp", text=text)

    results = {}
    async for where, desk in died_everywhere(lambda: Desk({"Lamp.md": before}), run):
        results[where] = desk.vault.files["Lamp.md"]
    assert set(results.values()) == {results["nowhere"]}


@pytest.mark.parametrize("text", ["more", "a", "- x\n- y"])
@pytest.mark.parametrize("before", [b"one\n", b"one\r\ntwo\r\n"])
async def test_an_owner_who_edits_after_the_death_loses_nothing_and_gets_it_once(
    before: bytes, text: str
) -> None:
    def meddling(desk: Desk, at: int, after: bool) -> None:
        real: Any = desk.vault.write
        calls = 0

        async def write(path: str, data: bytes, expect: str | None) -> None:
            nonlocal calls
            calls += 1
            if calls == 1:
                if after:
                    await real(path, data, expect)
                desk.vault.files[path] = b"an apple a day\n" + desk.vault.files[path]
                raise OSError("the process died here")
            await real(path, data, expect)

        desk.vault.write = write  # type: ignore[method-assign]

    for after in (False, True):
        desk = Desk({"Lamp.md": before})
        meddling(desk, 0, after)
        async with desk.open():
            await desk.act("note.append", note="Lamp", text=text)
        newline = "\r\n" if b"\r" in before else "\n"
        added = (text.replace("\n", newline) + newline).encode()
        assert desk.vault.files["Lamp.md"] == b"an apple a day\n" + before + added


async def test_a_title_of_its_own() -> None:
    desk = Desk({"Inbox/Lamp.md": b"the owner's"})
    async with desk.open():
        await desk.act("note.new", title="Lamp", text="hello")
        await desk.act("note.new", title="../..")
        await desk.act("note.new", title="a/b:c", text="\n")
    assert desk.notes() == {
        "Inbox/Lamp.md": "the owner's",
        "Inbox/Lamp 1.md": "hello",
        "Inbox/Untitled.md": "# ../..",
        "Inbox/a b c.md": "# a/b:c",
    }
