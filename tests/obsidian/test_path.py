"""Paths stay inside the vault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.errors import PathError
from octopus.obsidian import path
from tests.obsidian.nasty import scaled


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("a/b.md", "a/b.md"),
        ("/a//b.md", "a/b.md"),
        ("./a/./b", "a/b"),
        ("a/b/", "a/b"),
        ("...", "..."),
        ("a/..b/c..", "a/..b/c.."),
        ("Ünïcode/日本.md", "Ünïcode/日本.md"),
        ("%2e%2e/x", "%2e%2e/x"),
        ("Q: plan.md", "Q: plan.md"),
    ],
)
def test_normal_paths(given: str, normal: str) -> None:
    assert path.normal(given) == normal


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "/",
        " ",
        ".",
        "./.",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "a/ /b",
        "./ ",
        "a/../b",
        "//server/share",
        "C:/Windows",
        "c:",
        "/C:/x",
        "./C:/x",
        "a\\..\\b",
        "..\\x",
        "a\0b",
        "a\nb",
        "x" * 256,
        "日" * 90,
        "/".join(["abc"] * 2000),
        "\ud800",
    ],
)
def test_hostile_paths_are_refused(hostile: str) -> None:
    with pytest.raises(PathError):
        path.normal(hostile)


@scaled(80, 2000)
@given(st.text(alphabet="./\\a:\0 é", max_size=30))
def test_nothing_normal_leads_out(text: str) -> None:
    try:
        found = path.normal(text)
    except PathError:
        return
    assert not found.startswith("/")
    assert ".." not in found.split("/")
    assert path.normal(found) == found


def test_note_paths_get_their_extension_once() -> None:
    assert path.note_path("a/Note") == "a/Note.md"
    assert path.note_path("a/Note.md") == "a/Note.md"
    assert path.note_path("a/Note.MD") == "a/Note.MD"
    assert path.note_path("v1.2") == "v1.2.md"


def test_parts_of_a_path() -> None:
    assert path.stem("a/b.c.md") == "b.c"
    assert path.stem("a/pic.PNG") == "pic.PNG"
    assert path.folder("a/b/c.md") == "a/b"
    assert path.folder("c.md") == ""
    assert path.suffix("a.b/Pic.PNG") == ".png"
    assert path.join("", "/a/", "b.md") == "a/b.md"


def test_keys_ignore_case_and_composition() -> None:
    assert path.key("Cafe\u0301.MD") == path.key("café.md")
    assert path.key("STRASSE") == path.key("straße")
    assert path.key("a") != path.key("b")


def test_voice_messages_have_a_format_that_obsidian_plays() -> None:
    assert ".ogg" in path.FORMATS
    assert ".oga" not in path.FORMATS
    assert ".opus" not in path.FORMATS
