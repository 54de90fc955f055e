"""Every file that is not searched, or not wholly, is named with the reason."""

from __future__ import annotations

import contextlib
import os
import random
import socket
from pathlib import Path

import pytest

from octopus.backends.whoosh.engine import Engine

from .conftest import Opener, found, write


def reasons(engine: Engine) -> dict[str, str]:
    return {each.path: each.reason for each in engine.status(0).skipped}


def make_odd(vault: Path) -> dict[str, str]:
    """One file of each kind, and what its reason says."""
    os.mkfifo(vault / "Pipe.md")
    os.mkfifo(vault / "pipe")
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(vault):
        made.bind("socket.md")  # a whole path may be longer than the address of a socket
    (vault / "Latin.md").write_bytes("latinnote caf\xe9 end".encode("latin-1"))
    (vault / "Bare.md").write_bytes("widenote".encode("utf-16-le"))
    (vault / "Broken.canvas").write_bytes(b'{"nodes": [')
    write(vault, "Books.base", "views: []")
    write(vault, "Big.md", "x" * 200)
    write(vault, "Archive/Old.md", "excluded")
    (vault / "Link.md").symlink_to(vault / "Ideas.md")
    return {
        "Pipe.md": "a pipe",
        "pipe": "a pipe",
        "socket.md": "a socket",
        "Latin.md": "not UTF-8",
        "Bare.md": "not UTF-8",
        "Broken.canvas": "as a canvas",
        "Books.base": "a base",
        "Big.md": "too large",
        "Archive/Old.md": "excluded",
        "Link.md": "symbolic link",
    }


@pytest.fixture
def odd(vault: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr("octopus.backends.whoosh.document.LARGEST_NOTE", 190)
    return make_odd(vault)


def agrees(told: dict[str, str], expected: dict[str, str]) -> None:
    assert told.keys() == expected.keys()
    for path, reason in expected.items():
        assert reason in told[path], path


def test_each_kind_of_file_has_its_reason(opened: Opener, odd: dict[str, str]) -> None:
    engine = opened(excluded=("Archive/",))
    agrees(reasons(engine), odd)
    status = engine.status(0)
    # Four of the vault, and Latin, Bare and Big; of those only the excluded one is not found.
    assert (status.notes, status.indexed) == (8, 7)
    assert found(engine, "latinnote end") == ["Latin.md"]
    assert found(engine, "big") == ["Big.md"]
    assert found(engine, "file:broken") == ["Broken.canvas"]


def test_the_reasons_are_known_after_a_restart_and_beside_the_writer(
    opened: Opener, odd: dict[str, str]
) -> None:
    first = opened(excluded=("Archive/",))
    agrees(reasons(opened(excluded=("Archive/",), read_only=True)), odd)
    first.stop()
    first.close()
    agrees(reasons(opened(excluded=("Archive/",))), odd)


def test_a_file_that_is_mended_or_gone_has_none(
    opened: Opener, vault: Path, odd: dict[str, str]
) -> None:
    engine = opened()
    odd.pop("Archive/Old.md")
    for path in sorted(odd):
        (vault / path).unlink()
        if odd[path] in {"not UTF-8", "as a canvas", "too large"}:
            write(vault, path, "{}")
        engine.follow({path})
        assert path not in reasons(engine) or odd[path] == "a base"
    assert reasons(engine) == {}
    assert engine.status(0).notes == engine.status(0).indexed == 8


def test_what_comes_later_is_told_too(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.backends.whoosh.document.LARGEST_NOTE", 190)
    engine = opened(excluded=("Archive/",))
    odd = make_odd(vault)
    engine.follow(set(odd))
    agrees(reasons(engine), odd)
    status = engine.status(0)
    assert (status.notes, status.indexed) == (8, 7)


def test_what_cannot_be_read_is_named_and_counted_once(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refusing(self: Path) -> bytes:
        if self.name == "Secret.md":
            raise PermissionError(13, "Permission denied")
        return read(self)

    write(vault, "Secret.md", "x")
    monkeypatch.setattr(Path, "read_bytes", refusing)
    engine = opened()
    for _ in range(3):
        engine.follow({"Secret.md"})
        engine.follow({""})
    status = engine.status(0)
    assert (status.notes, status.indexed) == (5, 4)
    assert reasons(engine) == {"Secret.md": "it cannot be read: Permission denied"}
    (vault / "Secret.md").unlink()
    engine.follow({"Secret.md"})
    assert engine.status(0).notes == 4
    assert reasons(engine) == {}


def test_a_file_that_cannot_even_be_looked_at_is_named(
    opened: Opener, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = os.scandir

    class Entry:
        name = path = "Odd.md"

        def is_dir(self, *, follow_symlinks: bool) -> bool:
            return False

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            raise OSError(5, "Input/output error")

    class Listed:
        def __init__(self, path: Path) -> None:
            self._entries = listing(path)

        def __enter__(self) -> list[object]:
            return [*self._entries, Entry()]

        def __exit__(self, *_: object) -> None:
            self._entries.close()

    engine = opened()
    monkeypatch.setattr(
        "os.scandir", lambda path: Listed(path) if Path(path) == vault else listing(path)
    )
    engine.follow({""})
    assert reasons(engine) == {"Odd.md": "it cannot be looked at: Input/output error"}


def test_counts_agree_with_the_disk_whatever_happens(opened: Opener, vault: Path) -> None:
    rnd = random.Random(4)
    engine = opened(excluded=("Archive/",))
    ends = (".md", ".base", ".sync-conflict-20261120-093000-ABCDEFG.md")
    names = [f"{folder}{n}{end}" for folder in ("", "Archive/") for n in range(4) for end in ends]
    for step in range(150):
        path = rnd.choice(names)
        target = vault / path
        if target.exists():
            target.unlink()
        elif rnd.random() < 0.2:
            target.parent.mkdir(exist_ok=True)
            os.mkfifo(target)
        else:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(rnd.choice([b"fine", b"caf\xe9"]))
        engine.follow({path})
        if step % 10 == 9:
            told, counts = reasons(engine), engine.status(0)
            engine.follow({""})
            assert told == reasons(engine)
            again = engine.status(0)
            assert (counts.notes, counts.indexed) == (again.notes, again.indexed)
            there = [p for p in vault.rglob("*.md") if p.is_file() and "conflict" not in p.name]
            assert counts.notes == len(there)
            excluded = [path for path, why in told.items() if why == "excluded in the settings"]
            notes = [path for path in excluded if path.endswith(".md")]
            assert counts.notes - counts.indexed == len(notes)
