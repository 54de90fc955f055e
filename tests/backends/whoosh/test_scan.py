"""Which files belong to the vault."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from octopus.backends.whoosh.scan import Stamp, belongs, is_note, is_text, look, refusal, walk

from .conftest import NOTES, write


@pytest.mark.parametrize(
    "path",
    [
        "Note.md",
        "a/b c/Ünï.md",
        "photo.jpg",
        "plan.canvas",
        "a.b/c.md",
        "tilde~in.md",
        "temperature.md",
        "part.md",
    ],
)
def test_belongs(path: str) -> None:
    assert belongs(path)
    assert refusal(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        ".hidden.md",
        ".obsidian/app.json",
        "a/.git/config",
        ".trash/Old.md",
        "a/.syncthing.Note.md.tmp",
        "~syncthing~Note.md.tmp",
        "Note.md.tmp",
        "Note.md~",
        "~$Word.docx",
        "Note.md.swp",
        "video.mp4.crdownload",
        "Note.md.icloud",
        "../Note.md",
        "a/../Note.md",
        "/Note.md",
        "a//Note.md",
        "",
    ],
)
def test_does_not_belong(path: str) -> None:
    assert not belongs(path)


@pytest.mark.parametrize(
    "name",
    [
        "Note.sync-conflict-20261120-093000-ABCDEFG.md",
        "Note.sync-conflict-20261120-093000.md",
        "Note (Conflicted copy Pixel 202611200930).md",
        "Note (Jan's conflicted copy 2026-11-20).md",
        "Note (conflicted copy 2026-11-20 093000).md",
    ],
)
def test_conflict_copies_are_refused(name: str) -> None:
    assert "conflict" in refusal(name)
    assert "conflict" in refusal(f"folder/{name}")


@pytest.mark.parametrize(
    "name", ["On conflicted copy.md", "sync-conflict.md", "Note (copy).md", "A (conflict) in B.md"]
)
def test_notes_about_conflicts_are_notes(name: str) -> None:
    assert refusal(name) == ""


def test_name_that_is_not_utf8_is_refused() -> None:
    assert "UTF-8" in refusal(os.fsdecode(b"caf\xe9.md"))


def test_walk_finds_everything_with_its_stamp(vault: Path) -> None:
    found = walk(vault)
    assert found.present
    assert sorted(found.files) == sorted(NOTES)
    for path, stamp in found.files.items():
        assert stamp == look(vault, path)
        assert stamp.size == len(NOTES[path].encode())


def test_walk_does_not_follow_links(vault: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    write(secret, "passwords.md", "x")
    (vault / "loop").symlink_to(vault)
    (vault / "out").symlink_to(secret)
    (vault / "link.md").symlink_to(secret / "passwords.md")
    found = walk(vault)
    assert sorted(found.files) == sorted(NOTES)
    assert set(found.skipped) == {"loop", "out", "link.md"}
    assert look(vault, "link.md") is None


def test_walk_of_nothing(tmp_path: Path) -> None:
    assert not walk(tmp_path / "missing").present
    empty = walk(tmp_path)
    assert empty.present
    assert not empty.files


def test_special_files_are_no_files(vault: Path) -> None:
    os.mkfifo(vault / "pipe.md")
    assert "pipe.md" not in walk(vault).files
    assert look(vault, "pipe.md") is None


@pytest.mark.parametrize("path", ["missing.md", "Garden", "nul\0.md", "x" * 5000])
def test_look_at_what_is_not_there(vault: Path, path: str) -> None:
    assert look(vault, path) is None


def test_names_that_differ_in_case_are_two_files(vault: Path) -> None:
    write(vault, "ideas.md", "small")
    assert {"Ideas.md", "ideas.md"} <= walk(vault).files.keys()


def test_kinds() -> None:
    assert is_note("a/B.MD")
    assert not is_note("a.canvas")
    assert is_text("a.canvas")
    assert not is_text("a.pdf")
    assert Stamp(1, 2) == Stamp(1, 2) != Stamp(1, 3)
