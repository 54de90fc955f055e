"""Many files in one go are as safe as each by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from octopus.backends import files, many
from octopus.backends.files import TEMPORARY
from octopus.backends.vault import VaultFiles
from octopus.core.effect import Write, digest
from octopus.errors import Conflict, PathError, Refused, VaultError, VaultUnavailable

OLD, NEW = b"old\n", b"new\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    vault = tmp_path / "vault"
    for number in range(30):
        file = vault / f"f{number % 3}" / f"n{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(OLD)
    return vault


@pytest.fixture
def notes(root: Path) -> Iterator[VaultFiles]:
    opened = VaultFiles(root)
    yield opened
    opened.close()


def writes(paths: list[str]) -> list[Write]:
    return [Write(path, NEW, digest(OLD)) for path in paths]


def temporaries(root: Path) -> list[Path]:
    return list(root.rglob(f"{TEMPORARY}*"))


async def test_reading_in_any_order_gives_that_order(notes: VaultFiles, root: Path) -> None:
    (root / "f1" / "n1.md").write_bytes(b"one")
    (root / "f2" / "n2.md").write_bytes(b"two")
    found = await notes.read_all(["f2/n2.md", "f1/n1.md", "f0/none.md", "no/x.md", "f0/n0.md"])
    assert found == [b"two", b"one", None, None, OLD]


async def test_a_link_and_a_giant_are_no_notes(
    notes: VaultFiles, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.md").write_bytes(b"secret")
    (root / "link.md").symlink_to(tmp_path / "secret")
    (root / "way").symlink_to(tmp_path / "out")
    monkeypatch.setattr(files, "MAX_FILE", 10)
    (root / "big.md").write_bytes(b"x" * 11)
    assert await notes.read_all(["link.md", "way/x.md", "big.md", "f0/n0.md"]) == [
        None,
        None,
        None,
        OLD,
    ]
    failed = await notes.write_all(writes(["way/x.md", "link.md"]))
    assert all(isinstance(error, PathError) for error in failed)
    assert (tmp_path / "out" / "x.md").read_bytes() == b"secret"
    with pytest.raises(PathError):
        await notes.read_all(["../secret"])
    with pytest.raises(PathError):
        await notes.write_all(writes(["f0/../../secret"]))


async def test_each_file_is_replaced_or_says_why_not(notes: VaultFiles, root: Path) -> None:
    (root / "f0" / "n0.md").write_bytes(b"the owner's")
    (root / "f1" / "n1.md").chmod(0o444)
    (root / "f2" / "n2.md").unlink()
    paths = [f"f{number % 3}/n{number}.md" for number in range(30)]
    failed = await notes.write_all(writes(paths))
    assert [type(error) for error in failed[:4]] == [Conflict, Refused, Conflict, type(None)]
    assert failed[3:] == [None] * 27
    assert all((root / path).read_bytes() == NEW for path in paths[3:])
    assert (root / "f0" / "n0.md").read_bytes() == b"the owner's"
    assert (root / "f1" / "n1.md").read_bytes() == OLD
    assert not (root / "f2" / "n2.md").exists()
    assert temporaries(root) == []


async def test_a_folder_that_is_gone_fails_alone(notes: VaultFiles) -> None:
    failed = await notes.write_all(writes(["f0/n0.md", "none/x.md", "f1/n1.md"]))
    assert [isinstance(error, VaultError) for error in failed] == [False, True, False]


async def test_a_disk_that_cannot_be_synced_is_no_success(
    notes: VaultFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(many, "sync", broken)
    failed = await notes.write_all(writes(["f0/n0.md"]))
    assert isinstance(failed[0], VaultUnavailable)


async def test_an_unmounted_vault_is_not_believed(root: Path) -> None:
    empty = root.parent / "empty"
    empty.mkdir()
    notes = VaultFiles(empty, had_notes=True)
    with pytest.raises(VaultUnavailable):
        await notes.read_all(["f0/n0.md"])
    failed = await notes.write_all(writes(["f0/n0.md"]))
    assert isinstance(failed[0], VaultUnavailable)
    notes.close()


async def test_a_read_only_vault_is_not_written(root: Path) -> None:
    notes = VaultFiles(root, read_only=True)
    with pytest.raises(Refused):
        await notes.write_all(writes(["f0/n0.md"]))
    assert (root / "f0" / "n0.md").read_bytes() == OLD
    notes.close()


async def test_the_owner_who_is_faster_wins(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def owner(point: str) -> None:
        if point == "vault.written":
            (root / "f0" / "n0.md").write_bytes(b"the owner's")

    monkeypatch.setattr(files, "crash_point", owner)
    failed = await notes.write_all(writes(["f0/n0.md"]))
    assert isinstance(failed[0], Conflict)
    assert (root / "f0" / "n0.md").read_bytes() == b"the owner's"
    assert temporaries(root) == []


CHILD = """
import asyncio, sys
from pathlib import Path
from octopus.backends.vault import VaultFiles
from octopus.core.effect import Write, digest
async def main():
    notes = VaultFiles(Path(sys.argv[1]))
    paths = await notes.notes()
    await notes.write_all([Write(path, b"new\\n", digest(b"old\\n")) for path in paths])
asyncio.run(main())
"""


@pytest.mark.parametrize("point", ["vault.written", "vault.replaced"])
async def test_a_killed_process_leaves_each_file_old_or_new(
    root: Path, notes: VaultFiles, point: str
) -> None:
    environment = {**os.environ, "OCTOPUS_CRASH_AT": point}
    ended = subprocess.run([sys.executable, "-c", CHILD, str(root)], env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    found = await notes.read_all(await notes.notes())
    assert set(found) <= {OLD, NEW}
    assert len(found) == 30
    assert found.count(NEW) == (10 if point == "vault.replaced" else found.count(NEW))
    await notes.sweep()
    assert temporaries(root) == []
