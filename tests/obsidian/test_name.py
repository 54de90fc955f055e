"""Names that every device accepts, whatever the title."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.insert import new_note
from octopus.obsidian.link import new_path
from octopus.obsidian.name import (
    MAX_BYTES,
    MAX_CHARACTERS,
    free_path,
    numbered,
    numbered_path,
    safe_name,
    trash_path,
)
from octopus.obsidian.settings import App
from tests.obsidian.nasty import scaled

FORBIDDEN = re.compile(r'[\\/:*?"<>|#^\[\]\x00-\x1f\x7f]|%%')
DEVICES = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), "lpt1"}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('Q4: plan / "draft" #1?', "Q4 plan draft 1"),
        ("Plan", "Plan"),
        ("  a   b  ", "a b"),
        ("...hidden", "hidden"),
        ("end. . ", "end"),
        ("", "Untitled"),
        ("???", "Untitled"),
        ("100%% sure", "100 sure"),
        ("50 % off", "50 % off"),
        ("[[Link|text]]", "Link text"),
        ("a\tb\nc", "a b c"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1 .md", "_com1 .md"),
        ("Console", "Console"),
        ("Проекты № 1", "Проекты № 1"),
        ("e\u0301te\u0301", "été"),
        ("日本語：メモ", "日本語：メモ"),
        ("👨‍👩‍👧 family", "👨‍👩‍👧 family"),
        ("zero\u200bwidth\u202e", "zerowidth"),
        ("a\u2028b\u00a0c", "a b c"),
        ("\ud800x", "x"),
        ("%\u200b%", "Untitled"),
    ],
)
def test_titles_become_portable_names(title: str, name: str) -> None:
    assert safe_name(title) == name


def test_a_name_is_cut_at_characters_and_at_bytes() -> None:
    assert len(safe_name("a" * 500)) == MAX_CHARACTERS
    long = safe_name("日" * 500)
    assert len(long.encode()) <= MAX_BYTES
    assert set(long) == {"日"}


def test_a_cut_never_separates_a_letter_from_its_accent() -> None:
    name = safe_name("x" * (MAX_CHARACTERS - 1) + "q\u0323\u0307")
    assert name == "x" * (MAX_CHARACTERS - 1)


@scaled(80, 2000)
@given(
    st.text(max_size=300) | st.text(alphabet='.:/\\ %#^[]|"<>*?aé日👍\u0301\u200d', max_size=200)
)
def test_any_title_gives_a_valid_name(title: str) -> None:
    name = safe_name(title)
    assert name
    assert not FORBIDDEN.search(name)
    assert name == name.strip(". ")
    assert name == unicodedata.normalize("NFC", name)
    assert len(name) <= MAX_CHARACTERS
    assert len(name.encode()) <= MAX_BYTES
    assert name.split(".")[0].strip().lower() not in DEVICES
    assert safe_name(name) == name


def test_numbers_follow_when_a_name_is_taken() -> None:
    names = numbered("Plan")
    assert [next(names) for _ in range(3)] == ["Plan", "Plan 1", "Plan 2"]


def test_a_number_fits_into_the_limit() -> None:
    names = numbered("日" * 66)
    next(names)
    assert len(next(names).encode()) <= MAX_BYTES


def test_a_free_path_is_the_first_that_is_not_taken() -> None:
    taken = {"Inbox/Plan.md", "Inbox/Plan 1.md"}
    assert free_path("Plan", "/Inbox/", taken=taken.__contains__) == "Inbox/Plan 2.md"
    assert free_path("a/b", taken=taken.__contains__) == "a b.md"
    assert free_path("Board", taken=taken.__contains__, extension=".canvas") == "Board.canvas"


def test_numbers_when_a_path_is_taken() -> None:
    assert numbered_path("a/b.md", {"a/b.md", "a/b 1.md"}.__contains__) == "a/b 2.md"
    assert numbered_path("a/b.c.png", {"a/b.c.png"}.__contains__) == "a/b.c 1.png"
    assert numbered_path("a.md", set[str]().__contains__) == "a.md"


def test_what_is_deleted_keeps_its_place_in_the_trash() -> None:
    assert trash_path("a/b.md", set[str]().__contains__) == ".trash/a/b.md"
    assert trash_path("a/b.md", {".trash/a/b.md"}.__contains__) == ".trash/a/b 1.md"


@pytest.mark.parametrize(
    ("title", "text", "name", "content"),
    [
        ("Plan", "", "Plan", b""),
        ("Plan", "x\r\ny\n", "Plan", b"x\ny\n"),
        ('Q4: plan / "draft" #1?', "", "Q4 plan draft 1", b'# Q4: plan / "draft" #1?\n'),
        ("a:b", "text", "a b", b"# a:b\n\ntext\n"),
        (" two\nlines ", "x", "two lines", b"x\n"),
        ("", "x", "Untitled", b"x\n"),
    ],
)
def test_a_new_note_keeps_its_title(title: str, text: str, name: str, content: bytes) -> None:
    """E45."""
    assert new_note(title, text) == (name, content)


@pytest.mark.parametrize(
    ("target", "app", "path"),
    [
        ("New", App(), "New.md"),
        ("New.md", App(), "New.md"),
        ("a/New", App("folder", "Inbox"), "a/New.md"),
        ("New", App("folder", "Inbox"), "Inbox/New.md"),
        ("New", App("current"), "x/y/New.md"),
        ("https://e.com", App(), "https/e.com.md"),
        ("../../etc/x", App(), "etc/x.md"),
        ("v1.2", App(), "v1.2.md"),
        ("", App(), "Untitled.md"),
    ],
)
def test_where_an_unresolved_link_makes_its_note(target: str, app: App, path: str) -> None:
    assert new_path(target, "x/y/Source.md", app) == path
