"""Many notes at once: a rename through a whole vault, its undo, and edits on moved-on notes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.errors import Undecodable
from octopus.obsidian.edit import append
from octopus.obsidian.merge import merge3
from octopus.obsidian.path import key
from octopus.obsidian.region import Lines, block_span, item_span
from octopus.obsidian.rename import Moves, rewrite_links
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import plain_newlines, scan, shadow
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task_edit import change_task
from octopus.obsidian.text import (
    Encoding,
    decode,
    is_wide,
    line_starts,
    newline_of,
    read,
    with_newline,
)
from octopus.obsidian.tick import complete
from tests.obsidian.nasty import notes, scaled

FORMS = [
    "See [[Hub]].",
    "![[Hub#Part|p]] and [[hub]]",
    "[m](Hub.md) [n](Hub.md#Part)",
    '---\nup: "[[Hub]]"\n---\nbody',
    "|a|\n|-|\n|[[Hub\\|x]]|",
    "`[[Hub]]` only",
    "no link",
    "[[Hub 2]] [[other]]",
]


def vault(size: int) -> dict[str, bytes]:
    files = {
        f"d{index % 7}/n{index}.md": FORMS[index % len(FORMS)].encode() for index in range(size)
    }
    return files | {
        "Hub.md": b"# Hub\n## Part\n[[n1]] [[#Part]]\n",
        "x/Hub 2.md": b"",
        "other.md": b"",
    }


def renamed(files: dict[str, bytes], moved: dict[str, str], form: str) -> dict[str, bytes]:
    moves = Moves.plan(moved, Resolver(files), form)
    return {moved.get(path, path): rewrite_links(data, path, moves) for path, data in files.items()}


def graph(files: dict[str, bytes]) -> set[tuple[str, str | None, str, int]]:
    """Every link as (source, resolved, display, line)."""
    resolver = Resolver(files)
    return {
        (path, resolver.resolve(link.target, path), link.subpath, link.line or 0)
        for path, data in files.items()
        for link in scan(data.decode()).links
    }


@pytest.mark.parametrize("form", ["shortest", "relative", "absolute"])
@pytest.mark.parametrize("new", ["Center.md", "d1/Center.md", "deep/er/Hub.md", "n1.md"])
def test_a_rename_through_the_vault_keeps_the_graph(form: str, new: str) -> None:
    files = vault(160)
    after = renamed(files, {"Hub.md": new}, form)
    moved = {
        (new if source == "Hub.md" else source, new if to == "Hub.md" else to, sub, line)
        for source, to, sub, line in graph(files)
    }
    assert graph(after) == moved


@pytest.mark.parametrize("form", ["shortest", "relative"])
def test_renaming_there_and_back_gives_the_same_graph(form: str) -> None:
    files = vault(80)
    there = renamed(files, {"Hub.md": "d1/Center.md"}, form)
    back = renamed(there, {"d1/Center.md": "Hub.md"}, form)
    assert graph(back) == graph(files)
    assert set(back) == set(files)


def test_a_folder_moves_with_all_its_notes() -> None:
    files = {
        "a/x.md": b"[[y]] [[./y]] [t](y.md) [[b/z]]",
        "a/y.md": b"[[x]] [[a/x|shown]]",
        "b/z.md": b"[[a/x]] [[../a/y]]",
    }
    after = renamed(files, {"a/x.md": "c/d/x.md", "a/y.md": "c/d/y.md"}, "shortest")
    assert after == {
        "c/d/x.md": b"[[y]] [[./y]] [t](y.md) [[b/z]]",
        "c/d/y.md": b"[[x]] [[x|shown]]",
        "b/z.md": b"[[x]] [[y]]",
    }


def test_undo_of_a_rename_merges_with_what_the_owner_wrote_since() -> None:
    before = b"# T\n\nSee [[Hub]].\n\nEnd.\n"
    ours = rewrite_links(
        before, "n.md", Moves.plan({"Hub.md": "Center.md"}, Resolver(["Hub.md", "n.md"]))
    )
    owner = ours.replace(b"End.\n", b"End, and more.\n")
    undone = merge3(ours, owner, before)
    assert not undone.conflict
    assert undone.data == b"# T\n\nSee [[Hub]].\n\nEnd, and more.\n"


def test_undo_of_a_line_that_the_owner_has_changed_asks() -> None:
    before = b"a\n"
    ours = append(before, "- [ ] milk")
    owner = ours.replace(b"milk", b"oat milk")
    undone = merge3(ours, owner, before)
    assert undone.conflict
    assert undone.data == owner


@scaled(60, 3000)
@given(notes(), st.lists(st.sampled_from(["- one", "- two", "three"]), min_size=1, max_size=3))
def test_undo_of_appends_gives_the_note_back(data: bytes, lines: list[str]) -> None:
    after = data
    for line in lines:
        after = append(after, line)
    assert merge3(after, after, data).data == data


def test_an_edit_is_applied_again_to_a_text_that_moved_on() -> None:
    """E51: the owner wrote above and below in the meantime; both changes are there."""

    def tick(data: bytes) -> bytes:
        return change_task(
            data, 2, lambda line: complete(line, date(2026, 11, 20), Tasks()), text="call"
        )

    seen = b"# Day\n- [ ] call\n"
    meanwhile = b"# Day\nnew above\n- [ ] other\n- [ ] call\nnew below\n"
    assert tick(seen) == "# Day\n- [x] call ✅ 2026-11-20\n".encode()
    assert tick(meanwhile) == meanwhile.replace(b"- [ ] call", "- [x] call ✅ 2026-11-20".encode())


@pytest.mark.parametrize(
    ("text", "index", "span"),
    [
        ("- a\n- b", 0, (0, 1)),
        ("- a\n  - b\n    more\n- c", 0, (0, 3)),
        ("- a\n\n  - b\n\n- c", 0, (0, 3)),
        ("- a\nlazy\n\ntext", 0, (0, 2)),
        ("- a\n# H", 0, (0, 1)),
        ("- a\n\ttab\n\n\ttab 2\nx", 0, (0, 5)),
        ("- a\n\ttab\n\n\ttab 2\n\nx", 0, (0, 4)),
        ("> - a\n>   - b\n> - c", 0, (0, 2)),
        ("  - a\n  - b\n- c", 0, (0, 1)),
        ("- a", 0, (0, 1)),
    ],
)
def test_how_far_an_item_reaches(text: str, index: int, span: tuple[int, int]) -> None:
    assert item_span(Lines(text), index) == span


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("x\n\na\nb ^i\n\ny", "a\nb ^i\n"),
        ("# H\na ^i", "a ^i"),
        ("- a ^i\n  - b\n- c", "- a ^i\n  - b\n"),
        ("> q\n> r\n\n^i", "> q\n> r\n"),
        ("|a|\n|-|\n^i", "|a|\n|-|\n"),
        ("```\na\n\nb\n```\n\n^i", "```\na\n\nb\n```\n"),
        ("---\na: 1\n---\nx ^i", "x ^i"),
    ],
)
def test_how_far_a_block_reaches(text: str, content: str) -> None:
    note = scan(text)
    found, whole = block_span(text, note, note.blocks[0])
    assert text[found.offset : found.end] == content
    assert "^i" in text[whole.offset : whole.end]


def test_lines_know_their_ends() -> None:
    lines = Lines("a\r\n\tb\n\n> c")
    assert [lines.content(index) for index in range(len(lines))] == ["a", "\tb", "", "> c"]
    assert [lines.index(offset) for offset in (0, 2, 3, 6, 9)] == [0, 0, 1, 2, 3]
    assert [lines.blank(index) for index in range(4)] == [False, False, True, False]
    assert [lines.width(index) for index in range(4)] == [0, 4, 0, 2]


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", Encoding()),
        (b"a\nb", "a\nb", Encoding()),
        (b"a\r\nb", "a\r\nb", Encoding(newline="\r\n")),
        (b"a\rb", "a\rb", Encoding(newline="\r")),
        (b"a\r\nb\nc\n", "a\r\nb\nc\n", Encoding()),
        (b"\xef\xbb\xbfa", "a", Encoding(bom=b"\xef\xbb\xbf")),
        (b"\xef\xbb\xbf\xef\xbb\xbfa", "\ufeffa", Encoding(bom=b"\xef\xbb\xbf")),
        (b"\xff\xfea\0", "a", Encoding("utf-16-le", b"\xff\xfe")),
        (b"\xfe\xff\0a", "a", Encoding("utf-16-be", b"\xfe\xff")),
        (b"nul \0 inside the text", "nul \0 inside the text", Encoding()),
    ],
)
def test_decoding(data: bytes, text: str, encoding: Encoding) -> None:
    assert decode(data) == (text, encoding)
    assert encoding.encode(text) == data


@pytest.mark.parametrize(
    "data",
    [b"caf\xe9", b"\xff\xfea", b"\xff\xfe\0\xd8", b"a\0b\0c\0", b"\0a\0b\0c", b"\xed\xa0\x80"],
)
def test_what_is_not_text(data: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(data)
    assert isinstance(read(data), str)


def test_reading_what_cannot_be_edited() -> None:
    assert read(b"caf\xe9") == "caf\ufffd"
    assert read("a note".encode("utf-16-le")) == "a note"
    assert read("a note".encode("utf-16-be")) == "a note"
    assert is_wide("a note".encode("utf-32"))
    assert not is_wide(b"plain")


def test_newlines() -> None:
    assert newline_of("") == "\n"
    assert newline_of("a\r\nb\nc\r\n") == "\r\n"
    assert with_newline("a\r\nb\rc\n", "\r\n") == "a\r\nb\r\nc\r\n"
    assert line_starts("a\r\nb\rc\n") == [0, 3, 5, 7]
    assert plain_newlines("a\r\nb\rc") == "a\nb\nc"
    assert shadow("a\r\nb\rc") == "a \nb\nc"


@scaled(80, 2000)
@given(st.text(alphabet="a\r\n ", max_size=20))
def test_the_shadow_keeps_every_offset(text: str) -> None:
    flat = shadow(text)
    assert len(flat) == len(text)
    assert "\r" not in flat
    assert line_starts(flat) == line_starts(text)


@scaled(80, 2000)
@given(st.text(max_size=12))
def test_keys_are_stable(name: str) -> None:
    assert key(key(name)) == key(name)
