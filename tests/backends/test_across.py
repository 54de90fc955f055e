"""A move to another disk loses nothing, whatever comes in between."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from octopus.backends import across, files
from octopus.backends.across import carry
from octopus.backends.vault import VaultFiles
from octopus.core.effect import digest
from octopus.errors import Conflict, VaultUnavailable

TEXT = b"text\n" * 10_000


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A vault with a folder ``disk`` on a small disk of its own."""
    folder = tmp_path / "vault"
    (folder / "disk").mkdir(parents=True)
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a disk")
    command = [mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder / "disk")]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    (folder / "note.md").write_bytes(TEXT)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder / "disk")], check=True)


@pytest.fixture
async def notes(root: Path) -> AsyncIterator[VaultFiles]:
    found = VaultFiles(root)
    yield found
    found.close()


def names(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


async def test_there_and_back(notes: VaultFiles, root: Path) -> None:
    (root / "note.md").chmod(0o640)
    os.utime(root / "note.md", (5, 5))
    await notes.move("note.md", "disk/deep/note.md", str(digest(TEXT)))
    moved = root / "disk/deep/note.md"
    assert names(root) == ["disk/deep/note.md"]
    assert moved.read_bytes() == TEXT
    assert (moved.stat().st_mode & 0o777, moved.stat().st_mtime) == (0o640, 5.0)
    await notes.move("disk/deep/note.md", "note.md", str(digest(TEXT)))
    assert names(root) == ["note.md"]


async def test_a_name_that_is_taken_there_stays_with_its_file(
    notes: VaultFiles, root: Path
) -> None:
    (root / "disk/note.md").write_bytes(b"another")
    with pytest.raises(Conflict):
        await notes.move("note.md", "disk/note.md", str(digest(TEXT)))
    assert (root / "disk/note.md").read_bytes() == b"another"
    assert (root / "note.md").read_bytes() == TEXT


async def test_no_room_there_leaves_all_here(notes: VaultFiles, root: Path) -> None:
    large = b"x" * 400_000
    (root / "large.bin").write_bytes(large)
    with pytest.raises(VaultUnavailable, match="full"):
        await notes.move("large.bin", "disk/large.bin", str(digest(large)))
    assert names(root) == ["large.bin", "note.md"]


async def test_after_a_crash_between_copy_and_removal_it_is_finished(
    notes: VaultFiles, root: Path
) -> None:
    (root / "disk/note.md").write_bytes(TEXT)
    await notes.move("note.md", "disk/note.md", str(digest(TEXT)))
    assert names(root) == ["disk/note.md"]


@pytest.mark.parametrize("late", [False, True])
async def test_a_save_while_it_is_copied_is_kept(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    """Before the last look at the original, and between that look and its removal."""
    path = root / "note.md"

    def save() -> None:
        other = root / "other"
        other.write_bytes(b"saved meanwhile")
        other.rename(path)

    real, looks = files.identity, 0

    def look(folder: int, name: str) -> tuple[int, ...] | None:
        nonlocal looks
        if name != "note.md" or not os.path.sameopenfile(folder, here):
            return real(folder, name)
        looks += 1
        if not late:
            save()
        found = real(folder, name)
        if late:
            save()
        return found

    here = os.open(root, os.O_RDONLY)
    monkeypatch.setattr(across, "identity", look)
    try:
        with pytest.raises(Conflict):
            await notes.move("note.md", "disk/note.md", str(digest(TEXT)))
    finally:
        os.close(here)
    assert looks == 1
    assert path.read_bytes() == b"saved meanwhile"
    assert [name for name in names(root) if name.startswith(".")] == []


def test_a_copy_is_never_made_over_another_file(tmp_path: Path) -> None:
    for name, text in (("a", b"1"), ("b", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "note.md").write_bytes(text)
    source, target = (os.open(tmp_path / name, os.O_RDONLY) for name in "ab")
    try:
        with pytest.raises(Conflict):
            carry(source, "note.md", target, "note.md")
        carry(source, "note.md", target, "other.md")
    finally:
        os.close(source)
        os.close(target)
    assert names(tmp_path) == ["b/note.md", "b/other.md"]
