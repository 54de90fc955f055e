"""Links are kept at once, with the title of their page where it may be asked for."""

from __future__ import annotations

import pytest

from octopus.core.handler import House
from octopus.core.message import Origin
from octopus.obsidian.scan import scan
from tests.fakes.desk import Desk, died_everywhere, reply_of
from tests.fakes.ports import NOON

URL = "https://example.org/boats?a=1"


class Pages:
    """Says the same of every page, and counts who asks."""

    def __init__(self, title: str = "") -> None:
        self.said = title
        self.asked: list[str] = []

    async def title(self, url: str) -> str:
        self.asked.append(url)
        return self.said


def desk(title: str | None = None, note: str = "", **files: bytes) -> Desk:
    pages = None if title is None else Pages(title)
    known = {f"{name}.md": data for name, data in files.items()}
    return Desk(known, house=House(link_note=note), pages=pages)


@pytest.mark.parametrize("text", [URL, f"{URL} for the boat", f"for the boat {URL}"])
async def test_nobody_is_asked_and_the_words_stay_as_they_came(text: str) -> None:
    async with desk().open() as house:
        job = await house.say(text)
    assert job.intent == "link.save"
    assert list(house.notes().values()) == [text]
    assert "Link kept" in reply_of(job).text


async def test_with_its_title_it_is_a_note_of_that_name() -> None:
    async with desk("All about boats").open() as house:
        await house.say(f"{URL} for Ann")
    assert house.notes() == {
        "Inbox/2026-11-20 All about boats.md": f"[All about boats]({URL})\n\nfor Ann"
    }


async def test_in_a_note_for_links_it_is_a_line() -> None:
    async with desk("Boats", note="Read later.md").open() as house:
        await house.say(URL)
        await house.say(f"{URL} for Ann")
        await house.say("undo")
    assert house.notes() == {"Read later.md": f"- [Boats]({URL})\n"}


async def test_a_note_that_was_named_is_used_or_made() -> None:
    async with desk(note="Links.md", Garden=b"# Garden\n").open() as house:
        await house.act("link.save", url=URL, note="Garden")
        await house.act("link.save", url=URL, note="Shed")
    assert house.notes() == {
        "Garden.md": f"# Garden\n- {URL}\n",
        "Inbox/Shed.md": f"- {URL}\n",
    }


async def test_two_notes_of_that_name_are_asked_about() -> None:
    house = desk()
    house.vault.files |= {"a/Garden.md": b"", "b/Garden.md": b""}
    async with house.open():
        asked = await house.act("link.save", url=URL, note="Garden")
        assert [button.label for button in reply_of(asked).buttons] == [
            "a/Garden.md",
            "b/Garden.md",
        ]
        await house.press(asked, 1)
    assert URL.encode() in house.vault.files["b/Garden.md"]


async def test_a_link_that_others_wrote_is_never_asked_for() -> None:
    pages = Pages("x")
    async with Desk(pages=pages).open() as house:
        await house.say(URL, origin=Origin("user", "Ann", NOON))
    assert pages.asked == []
    assert "source:" in next(iter(house.notes().values()))


@pytest.mark.parametrize(
    "title",
    [
        "[[Secret]] ![[Key]] [a](http://evil.example)",
        "#tag #other/tag",
        "a\n- [ ] do it\n# Heading",
        "---\nsource: me\n---",
        "key:: value",
        "`code` **bold** ==mark== %%hidden%% $x$ <b>html</b> ^block",
        "\u202etxt.exe\u200b\x00\x1b[31m",
        "](javascript:alert(1)) x",
        "x" * 5000,
    ],
)
async def test_a_title_is_words_and_nothing_else(title: str) -> None:
    async with desk(title, note="Links.md").open() as house:
        await house.say(URL)
    text = house.notes()["Links.md"]
    note = scan(text)
    assert text.count("\n") == 1
    assert len(text) < 1000
    assert not note.links
    assert not note.tags
    assert not note.tasks
    assert not note.headings
    assert "::" not in text
    assert text.isprintable() or text[:-1].isprintable()
    assert text.endswith(f"]({URL})\n")


async def test_a_correction_moves_it_and_does_not_make_two() -> None:
    async with desk("Boats", note="Links.md", Garden=b"# Garden\n").open() as house:
        await house.say(f"{URL} for Ann")
        await house.say("no, in the note Garden")
    where = [path for path, text in house.notes().items() if URL in text]
    assert where == ["Garden.md"]


async def test_wherever_it_dies_it_is_kept_once() -> None:
    async def run(house: Desk) -> None:
        await house.say(URL)
        await house.say("https://example.org/second")

    async for where, house in died_everywhere(lambda: desk("Boats", note="Links.md"), run):
        assert house.notes()["Links.md"].count(URL) == 1, where
        assert house.notes()["Links.md"].count("second") == 1, where
