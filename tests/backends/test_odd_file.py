"""A pipe or a socket among the notes is left alone: whoever opens it may wait for ever, or let go
somebody who waits at its other end."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from octopus.backends.embedding import Keeper, MeaningSettings
from octopus.backends.files import content, content_hash
from octopus.backends.notes.reading import read_file, text_of
from octopus.backends.notes.tree import NEVER
from octopus.backends.pdf import PdfTexts
from octopus.backends.setting import read_setting
from octopus.backends.vault import VaultFiles
from octopus.errors import PathError, VaultError

ODD = ("pipe", "socket")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A vault in which nothing but plain files stands, but for these."""
    folder = tmp_path / "vault"
    folder.mkdir()
    monkeypatch.chdir(folder)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        for ending in ("md", "pdf", "canvas", "json", "png"):
            os.mkfifo(f"pipe.{ending}")
        listening.bind("socket.md")
        for ending in ("pdf", "canvas", "json", "png"):
            Path(f"socket.{ending}").hardlink_to("socket.md")
        yield folder


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is opened."""
    found: list[str] = []
    real = os.open

    def watched(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        found.append(Path(os.fsdecode(path)).name)
        return real(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", watched)
    return found


@pytest.mark.parametrize("odd", ODD)
async def test_the_vault_refuses_it_unopened(root: Path, names: list[str], odd: str) -> None:
    notes = VaultFiles(root)
    try:
        path = f"{odd}.md"
        with pytest.raises(PathError):
            await notes.read(path)
        with pytest.raises(PathError):
            await notes.write(path, b"text", "0" * 64)
        with pytest.raises(PathError):
            await notes.move(path, "Elsewhere.md", "0" * 64)
        assert await notes.read_all([path]) == [None]
        assert await notes.exists(path)
        assert await notes.notes() == await notes.paths() == []
    finally:
        notes.close()
    assert path not in names
    assert not (root / "Elsewhere.md").exists()


@pytest.mark.parametrize("odd", ODD)
def test_the_tables_of_the_notes_leave_it_out(root: Path, names: list[str], odd: str) -> None:
    """Even where it took the place of a note that had just been seen."""
    assert read_file(root, f"{odd}.md", b"", NEVER) is None
    assert text_of(root, f"{odd}.md") is None
    assert f"{odd}.md" not in names


@pytest.mark.parametrize("odd", ODD)
def test_the_texts_of_attachments_leave_it_out(
    root: Path, tmp_path: Path, names: list[str], odd: str
) -> None:
    texts = PdfTexts(root, tmp_path / "pdf.db")
    texts.open()
    texts.read(f"{odd}.pdf")
    texts.close()
    assert f"{odd}.pdf" not in names
    assert texts._known == {}


@pytest.mark.parametrize("odd", ODD)
def test_the_vectors_leave_it_out(root: Path, tmp_path: Path, names: list[str], odd: str) -> None:
    async def embed(*_: Any, **__: Any) -> list[list[float]]:
        raise AssertionError("there is no text")

    keeper = Keeper(root, tmp_path / "vectors.db", MeaningSettings(model="any"), embed)
    assert keeper._read(f"{odd}.md") is None
    assert f"{odd}.md" not in names


@pytest.mark.parametrize("odd", ODD)
def test_it_is_no_setting(root: Path, names: list[str], odd: str) -> None:
    with pytest.raises(VaultError, match="not a file"):
        read_setting(root, f"{odd}.json")
    assert f"{odd}.json" not in names


@pytest.mark.parametrize("reader", [content, content_hash])
def test_one_that_comes_in_the_last_moment_is_opened_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Callable[[int, str], Any]
) -> None:
    (tmp_path / "Note.md").write_bytes(b"text")
    folder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    real = os.open

    def late(name: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        (tmp_path / "Note.md").unlink()
        os.mkfifo(tmp_path / "Note.md")
        assert flags & os.O_NONBLOCK
        return real(name, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", late)
    try:
        with pytest.raises(PathError):
            reader(folder, "Note.md")
    finally:
        os.close(folder)
