"""The owner's files: whole or not at all, never another's, never outside the vault."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from octopus.backends import files, vault
from octopus.backends.files import TEMPORARY
from octopus.backends.vault import VaultFiles
from octopus.core.effect import digest
from octopus.errors import Conflict, PathError, Refused, TooLarge, VaultError, VaultUnavailable


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


@pytest.fixture
async def notes(root: Path) -> AsyncIterator[VaultFiles]:
    found = VaultFiles(root)
    yield found
    found.close()


def at_point(monkeypatch: pytest.MonkeyPatch, point: str, act: Callable[[], object]) -> None:
    """Let somebody act at the moment at which the process is at ``point``, once."""
    acts = iter([act])

    def reached(name: str) -> None:
        if name == point:
            next(acts, lambda: None)()

    monkeypatch.setattr(vault, "crash_point", reached)
    monkeypatch.setattr(files, "crash_point", reached)


def temporaries(root: Path) -> list[Path]:
    return [path for path in root.rglob(f"{TEMPORARY}*")]


# Reading and writing.


async def test_bytes_come_back_as_they_went(notes: VaultFiles, root: Path) -> None:
    data = bytes(range(256)) * 3
    await notes.write("a/b/Ü.md", data, None)
    assert await notes.read("a/b/Ü.md") == data
    assert (root / "a/b/Ü.md").read_bytes() == data
    await notes.write("a/b/Ü.md", b"", digest(data))
    assert await notes.read("a/b/Ü.md") == b""
    assert temporaries(root) == []


async def test_what_is_not_there_is_none(notes: VaultFiles, root: Path) -> None:
    (root / "note.md").write_bytes(b"x")
    assert await notes.read("gone.md") is None
    assert await notes.read("no/folder/gone.md") is None
    assert await notes.read("note.md/gone.md") is None


@pytest.mark.parametrize("expect", [None, digest(b"something else"), ""])
async def test_a_file_that_is_not_as_expected_is_left_alone(
    notes: VaultFiles, root: Path, expect: str | None
) -> None:
    (root / "note.md").write_bytes(b"the owner's")
    with pytest.raises(Conflict):
        await notes.write("note.md", b"ours", expect)
    assert (root / "note.md").read_bytes() == b"the owner's"
    assert temporaries(root) == []


async def test_a_file_that_should_be_there_and_is_not_makes_nothing(
    notes: VaultFiles, root: Path
) -> None:
    with pytest.raises((Conflict, VaultError)):
        await notes.write("new/note.md", b"ours", digest(b"theirs"))
    assert list(root.iterdir()) == []


def torn_reads(path: Path, whole: set[bytes], write: Callable[[bytes], None]) -> int:
    """How often a reader beside 200 writes sees something that was never written."""
    torn, done = 0, threading.Event()

    def read() -> None:
        nonlocal torn
        while not done.is_set():
            torn += path.read_bytes() not in whole

    reader = threading.Thread(target=read)
    reader.start()
    for _, data in zip(range(200), itertools.cycle(sorted(whole)), strict=False):
        write(data)
    done.set()
    reader.join()
    return torn


async def test_a_reader_never_sees_half_a_file(notes: VaultFiles, root: Path) -> None:
    path = root / "note.md"
    whole = {b"a" * 300_000, b"b" * 200_000}
    path.write_bytes(b"a" * 300_000)

    def write(data: bytes) -> None:
        notes._write(("note.md",), data, digest(path.read_bytes()))

    assert torn_reads(path, whole, write) == 0


def test_a_naive_writer_fails_the_same_test(root: Path) -> None:
    path = root / "note.md"
    whole = {b"a" * 300_000, b"b" * 200_000}
    path.write_bytes(b"a" * 300_000)

    def write(data: bytes) -> None:
        with path.open("wb") as file:
            for start in range(0, len(data), 10_000):
                file.write(data[start : start + 10_000])
                file.flush()

    assert torn_reads(path, whole, write) > 0


# The owner writes at the same time.


def rewrite_with_old_times(path: Path) -> None:
    """The same size and times, other bytes: what a coarse clock makes of two quick writes."""
    found = path.stat()
    path.write_bytes(b"THE OWNER'S")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def replace(path: Path) -> None:
    other = path.with_name("other.tmp")
    other.write_bytes(b"saved by an editor")
    other.rename(path)


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b" and more")


@pytest.mark.parametrize("act", [rewrite_with_old_times, replace, append, Path.unlink])
async def test_the_owner_who_writes_meanwhile_wins(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None]
) -> None:
    path = root / "note.md"
    path.write_bytes(b"the owner's")
    at_point(monkeypatch, "vault.written", lambda: act(path))
    with pytest.raises(Conflict):
        await notes.write("note.md", b"ours", digest(b"the owner's"))
    now = path.read_bytes() if path.exists() else None
    assert now in {b"THE OWNER'S", b"saved by an editor", b"the owner's and more", None}
    assert temporaries(root) == []


async def test_a_thousand_edits_beside_an_owner_lose_nothing_of_either(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, dice, lines = root / "note.md", random.Random(7), itertools.count()
    path.write_bytes(b"")
    theirs: list[bytes] = []

    def owner(point: str) -> None:
        if point == "vault.written" and dice.random() < 0.3:
            theirs.append(b"owner %d\n" % next(lines))
            path.write_bytes(path.read_bytes() + theirs[-1])

    monkeypatch.setattr(files, "crash_point", owner)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # a thousand are slow, and no matter
    ours = [b"ours %d\n" % number for number in range(1000)]
    for line in ours:
        while True:
            old = await notes.read("note.md") or b""
            try:
                await notes.write("note.md", old + line, digest(old))
            except Conflict:
                continue
            break
    now = path.read_bytes().splitlines(keepends=True)
    assert len(theirs) > 200
    assert sorted(now) == sorted(ours + theirs)


async def test_a_name_that_is_taken_in_the_last_moment_is_left_alone(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "note.md"
    at_point(monkeypatch, "vault.written", lambda: path.write_bytes(b"the owner's"))
    with pytest.raises(Conflict):
        await notes.write("note.md", b"ours", None)
    assert path.read_bytes() == b"the owner's"


@pytest.mark.parametrize("links", [True, False])
async def test_creating_takes_no_name_even_after_the_check(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """With hard links the file system itself refuses; without, the last look does."""
    path, real = root / "note.md", os.link

    def late(*args: Any, **more: Any) -> None:
        path.write_bytes(b"the owner's")
        if not links:
            raise OSError(errno.EPERM, "no links here")
        real(*args, **more)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(Conflict):
        await notes.write("note.md", b"ours", None)
    assert path.read_bytes() == b"the owner's"
    assert temporaries(root) == []


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS])
async def test_disks_without_hard_links_work(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refused(*args: Any, **more: Any) -> None:
        raise OSError(code, "no links here")

    monkeypatch.setattr(os, "link", refused)
    await notes.write("note.md", b"ours", None)
    await notes.move("note.md", "there/note.md", str(digest(b"ours")))
    assert [path.name for path in root.rglob("*")] == ["there", "note.md"]
    assert (root / "there/note.md").read_bytes() == b"ours"


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EOPNOTSUPP])
async def test_disks_that_cannot_sync_a_folder_work(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    real = os.fsync

    def sync(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(code, "not for folders")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    await notes.write("a/note.md", b"ours", None)
    assert (root / "a/note.md").read_bytes() == b"ours"


# Moving.


async def test_moving_keeps_every_byte_and_makes_the_folder(notes: VaultFiles, root: Path) -> None:
    (root / "old.md").write_bytes(b"text")
    await notes.move("old.md", ".trash/Inbox/old.md", str(digest(b"text")))
    assert not (root / "old.md").exists()
    assert (root / ".trash/Inbox/old.md").read_bytes() == b"text"
    assert await notes.exists(".trash/Inbox/old.md")


async def test_the_trash_is_read_to_bring_back_what_is_in_it(notes: VaultFiles, root: Path) -> None:
    (root / "a").mkdir()
    (root / "a/old.md").write_bytes(b"text")
    hash_ = str(digest(b"text"))
    await notes.move("a/old.md", ".trash/a/old.md", hash_)
    assert await notes.read(".trash/a/old.md") == b"text"
    assert await notes.read(".trash/none.md") is None
    await notes.move(".trash/a/old.md", "a/old.md", hash_)
    assert (root / "a/old.md").read_bytes() == b"text"
    for path in (".trash/../x.md", ".trash/.git/x", ".trash/", ".trash", ".trashed/x.md"):
        with pytest.raises(PathError):
            await notes.read(path)
    with pytest.raises(PathError):
        await notes.write(".trash/new.md", b"x", None)


@pytest.mark.parametrize("expect", ["", digest(b"other")])
async def test_what_changed_is_not_moved(notes: VaultFiles, root: Path, expect: str) -> None:
    (root / "old.md").write_bytes(b"text")
    with pytest.raises(Conflict):
        await notes.move("old.md", "new.md", expect)
    assert (root / "old.md").read_bytes() == b"text"
    assert not (root / "new.md").exists()


@pytest.mark.parametrize("late", [False, True])
async def test_moving_never_takes_a_name(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    (root / "old.md").write_bytes(b"text")
    if late:  # the file appears right after the check
        seen, path = files.identity, root / "new.md"

        def check(folder: int, name: str) -> Any:
            found = seen(folder, name)
            path.write_bytes(b"the owner's")
            return found

        monkeypatch.setattr(files, "identity", check)
    else:
        (root / "new.md").write_bytes(b"the owner's")
    with pytest.raises(Conflict):
        await notes.move("old.md", "new.md", str(digest(b"text")))
    assert (root / "new.md").read_bytes() == b"the owner's"
    assert (root / "old.md").read_bytes() == b"text"


async def test_a_move_that_died_half_way_is_finished(notes: VaultFiles, root: Path) -> None:
    (root / "old.md").write_bytes(b"text")
    os.link(root / "old.md", root / "new.md")
    await notes.move("old.md", "new.md", str(digest(b"text")))
    assert [path.name for path in root.iterdir()] == ["new.md"]
    assert (root / "new.md").read_bytes() == b"text"


async def test_only_empty_folders_are_tidied_away(notes: VaultFiles, root: Path) -> None:
    for name in ("made/deep", "kept/empty", "outside"):
        (root / name).mkdir(parents=True)
    (root / "kept/note.md").write_bytes(b"text")
    (root / "link").symlink_to(root / "outside")
    await notes.tidy(["made", "made/deep", "kept", "gone/x", "link", "kept/note.md"])
    left = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
    assert left == ["kept", "kept/empty", "kept/note.md", "link", "outside"]
    for path in ("../x", "/etc", ""):
        with pytest.raises(PathError):
            await notes.tidy([path])


# Killed.

SCRIPT = """
import asyncio, sys
from pathlib import Path
from octopus.backends.vault import VaultFiles
from octopus.core.effect import digest

async def main():
    vault = VaultFiles(Path(sys.argv[1]))
    old = Path(sys.argv[1], "note.md").read_bytes() if sys.argv[2] == "edit" else None
    await vault.write("note.md", b"new" * 100_000, digest(old))

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("what", "point"),
    [
        ("create", "vault.written"),
        ("create", "vault.replaced"),
        ("edit", "vault.written"),
        ("edit", "vault.swapped"),
        ("edit", "vault.replaced"),
    ],
)
async def test_a_kill_leaves_the_old_or_the_new_file(root: Path, point: str, what: str) -> None:
    old, new = b"old" * 100_000, b"new" * 100_000
    if what == "edit":
        (root / "note.md").write_bytes(old)
    command = [sys.executable, "-c", SCRIPT, str(root), what]
    ended = subprocess.run(command, env=os.environ | {"OCTOPUS_CRASH_AT": point}, check=False)
    assert ended.returncode == -signal.SIGKILL
    left = (root / "note.md").read_bytes() if (root / "note.md").exists() else None
    assert left == (new if point != "vault.written" else old if what == "edit" else None)
    notes = VaultFiles(root)
    try:
        assert await notes.notes() == (["note.md"] if left else [])
        # A file has no name before it is whole, so there is nothing to sweep but the old one.
        left_over = int(point == "vault.swapped")
        assert len(temporaries(root)) == left_over
        assert await notes.sweep() == left_over
        assert temporaries(root) == []
        if left is not new:
            await notes.write("note.md", new, digest(left))
    finally:
        notes.close()
    assert (root / "note.md").read_bytes() == new


async def test_sweeping_takes_only_what_is_ours(notes: VaultFiles, root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (root / "sub").mkdir()
    (root / "link").symlink_to(outside)
    ours = [root / f"{TEMPORARY}0.tmp", root / "sub" / f"{TEMPORARY}1.tmp"]
    others = [
        root / "octopus-1.tmp",
        root / "sub" / f"{TEMPORARY}note.md",
        outside / f"{TEMPORARY}2.tmp",
    ]
    for path in (*ours, *others):
        path.write_bytes(b"x")
    assert await notes.sweep() == 2
    assert not any(path.exists() for path in ours)
    assert all(path.exists() for path in others)


async def test_a_disk_that_cannot_be_written_can_still_be_swept_and_read(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / f"{TEMPORARY}0.tmp").write_bytes(b"x")
    (root / "note.md").write_bytes(b"text")

    def refused(*args: Any, **more: Any) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(os, "unlink", refused)
    assert await notes.sweep() == 0
    assert await notes.read("note.md") == b"text"


# Nothing outside.


def payloads() -> Iterator[str]:
    """Paths that lead out of a vault, or try to."""
    ups = ["..", "../..", "a/..", "a/../..", "./..", ".", "", "...", "..%2f..", "..\\..", "~"]
    ends = ["secret.md", "etc/passwd", "..", "", "secret.md/", "secret.md\0.md", "link/secret.md"]
    heads = ["", "/", "//", "a/", "link/", "link/../", "folder/", "\0", ".obsidian/", "C:/", "./"]
    for head, up, end in itertools.product(heads, ups, ends):
        yield f"{head}{up}/{end}"
        yield f"{head}{end}/{up}"
        yield f"{head}{up}{end}"
    yield from ("/etc/passwd", "/proc/self/cwd/etc/passwd", "a" * 300, "é" * 128, "x/" * 3000)
    yield from ("\ud800.md", "a\udc80.md", ".hidden.md", ".git/config", "a/.b/c.md", "link")
    yield from ("linked.md", "dangling.md", "pipe.md", "folder")


async def test_no_path_opens_anything_outside(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = root.parent / "secret.md"
    outside.write_bytes(b"SECRET")
    (root / "link").symlink_to(root.parent)
    (root / "linked.md").symlink_to(outside)
    (root / "dangling.md").symlink_to(root.parent / "made.md")
    (root / "folder").mkdir()
    (root / "a").mkdir()
    os.mkfifo(root / "pipe.md")
    opened: list[Path] = []
    real = os.open

    def watched(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        descriptor = real(path, flags, mode, dir_fd=dir_fd)
        opened.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        return descriptor

    monkeypatch.setattr(os, "open", watched)
    before = sorted(root.parent.iterdir())
    tried = 0
    for path in payloads():
        for attempt in (
            notes.read(path),
            notes.write(path, b"evil", None),
            notes.move(path, "stolen.md", str(digest(b"SECRET"))),
            notes.move("a.md", path, str(digest(b"x"))),
            notes.exists(path),
        ):
            tried += 1
            try:
                found = await attempt
            except VaultError:
                continue
            assert found in {None, True, False, b"evil"}
    assert tried > 5000
    assert all(path == root or root in path.parents for path in opened)
    assert outside.read_bytes() == b"SECRET"
    assert sorted(root.parent.iterdir()) == before
    assert (root / "linked.md").is_symlink()


async def test_a_folder_that_becomes_a_link_leads_nowhere(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder is swapped for a link to another place all the time while we read and write."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "note.md").write_bytes(b"SECRET")
    (root / "real").mkdir()
    (root / "real" / "note.md").write_bytes(b"mine")
    (root / "swap").symlink_to(outside)
    done, swaps, writes = threading.Event(), 0, 0

    def swap() -> None:
        nonlocal swaps
        while not done.is_set():
            (root / "swap").rename(root / "away")
            (root / "real").rename(root / "swap")
            (root / "swap").rename(root / "real")
            (root / "away").rename(root / "swap")
            swaps += 1

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(1500):
            try:
                assert await notes.read("swap/note.md") in {None, b"mine"}
                await notes.write("swap/note.md", b"mine", digest(b"mine"))
                writes += 1
            except VaultError:
                continue
    finally:
        done.set()
        thread.join()
    assert swaps > 100
    assert writes > 10
    assert [path.name for path in outside.iterdir()] == ["note.md"]
    assert (outside / "note.md").read_bytes() == b"SECRET"


def test_a_naive_writer_follows_the_link(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (root / "swap").symlink_to(outside)
    (root / "swap" / "note.md").write_bytes(b"ours")
    assert (outside / "note.md").exists()


async def test_names_that_are_too_long_are_refused_with_words(notes: VaultFiles) -> None:
    with pytest.raises(PathError, match="too long"):
        await notes.write("x" * 253 + ".md", b"", None)
    await notes.write("x" * 252 + ".md", b"", None)
    deep = "/".join(["folder" * 20] * 60) + "/note.md"
    await notes.write(deep, b"deep", None)
    assert await notes.read(deep) == b"deep"


async def test_a_folder_a_pipe_and_a_device_are_no_notes(notes: VaultFiles, root: Path) -> None:
    (root / "folder.md").mkdir()
    os.mkfifo(root / "pipe.md")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for name in ("folder.md", "pipe.md"):
        with pytest.raises(PathError):
            await notes.read(name)
        assert await notes.exists(name)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


# What stays as it is.


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o755])
async def test_modes_are_kept(notes: VaultFiles, root: Path, mode: int) -> None:
    path = root / "note.md"
    path.write_bytes(b"a")
    path.chmod(mode)
    await notes.write("note.md", b"b", digest(b"a"))
    assert path.stat().st_mode & 0o777 == mode


async def test_a_write_protected_note_is_left_as_it_is(notes: VaultFiles, root: Path) -> None:
    path = root / "note.md"
    path.write_bytes(b"a")
    path.chmod(0o444)
    with pytest.raises(Refused, match="write-protected"):
        await notes.write("note.md", b"b", digest(b"a"))
    assert path.read_bytes() == b"a"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
async def test_in_a_container_the_owner_keeps_what_root_writes(
    notes: VaultFiles, root: Path
) -> None:
    os.chown(root, 1234, 2345)
    await notes.write("Inbox/note.md", b"a", None)
    await notes.write("Inbox/note.md", b"b", digest(b"a"))
    for path in (root / "Inbox", root / "Inbox/note.md"):
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


async def test_a_vault_set_to_read_only_is_never_written(root: Path) -> None:
    (root / "note.md").write_bytes(b"a")
    notes = VaultFiles(root, read_only=True)
    try:
        with pytest.raises(Refused, match="read_only"):
            await notes.write("note.md", b"b", digest(b"a"))
        with pytest.raises(Refused, match="read_only"):
            await notes.move("note.md", "b.md", str(digest(b"a")))
        assert await notes.read("note.md") == b"a"
    finally:
        notes.close()
    assert [path.name for path in root.iterdir()] == ["note.md"]


# Disks.


@pytest.mark.parametrize(
    "code",
    [errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EIO, errno.ESTALE],
)
async def test_a_disk_that_refuses_is_said_and_nothing_is_changed(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    path = root / "note.md"
    path.write_bytes(b"a")

    def refused(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refused)
        with pytest.raises(VaultUnavailable):
            await notes.write("note.md", b"b", digest(b"a"))
    assert path.read_bytes() == b"a"
    assert temporaries(root) == []
    await notes.write("note.md", b"b", digest(b"a"))
    assert path.read_bytes() == b"b"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small disk")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_a_really_full_disk(small_disk: Path) -> None:
    notes = VaultFiles(small_disk)
    try:
        await notes.write("note.md", b"a" * 1000, None)
        with pytest.raises(VaultUnavailable, match="full"):
            await notes.write("note.md", b"b" * 200_000, digest(b"a" * 1000))
        assert (small_disk / "note.md").read_bytes() == b"a" * 1000
        assert temporaries(small_disk) == []
        await notes.write("note.md", b"c" * 1000, digest(b"a" * 1000))
    finally:
        notes.close()
    assert (small_disk / "note.md").read_bytes() == b"c" * 1000


async def test_an_unmounted_vault_is_neither_empty_nor_written(root: Path) -> None:
    notes = VaultFiles(root, had_notes=True)
    try:
        assert not await notes.available()
        for attempt in (
            notes.notes(),
            notes.read("note.md"),
            notes.write("note.md", b"a", None),
            notes.move("note.md", "b.md", ""),
        ):
            with pytest.raises(VaultUnavailable, match="mounted"):
                await attempt
        assert list(root.iterdir()) == []
        (root / "note.md").write_bytes(b"it is back")
        assert await notes.available()
        assert await notes.notes() == ["note.md"]
    finally:
        notes.close()


async def test_a_vault_that_was_unmounted_while_we_run(notes: VaultFiles, root: Path) -> None:
    assert await notes.available()  # a new vault may be empty
    await notes.write("Inbox/note.md", b"a", None)
    shutil.move(root / "Inbox", root.parent / "elsewhere")
    with pytest.raises(VaultUnavailable):
        await notes.write("Inbox/other.md", b"b", None)
    assert list(root.iterdir()) == []


async def test_a_vault_that_is_not_there(tmp_path: Path) -> None:
    notes = VaultFiles(tmp_path / "gone")
    try:
        assert not await notes.available()
        with pytest.raises(VaultUnavailable, match="not there"):
            await notes.write("note.md", b"a", None)
    finally:
        notes.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_huge_file_is_neither_read_nor_in_the_way(notes: VaultFiles, root: Path) -> None:
    with (root / "huge.md").open("wb") as file:
        file.truncate(1_000_000_000)
    (root / "large.md").write_bytes(b"x" * files.MAX_FILE)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match=r"huge.md has more than 32 MB"):
            await notes.read("huge.md")
        with pytest.raises(TooLarge):
            await notes.write("huge.md", b"x", "")
        assert await notes.exists("huge.md")
        assert await notes.notes() == ["huge.md", "large.md"]
        with (root / "large.md").open("rb") as file:
            expect = hashlib.file_digest(file, "sha256").hexdigest()
        await notes.move("large.md", "moved.md", expect)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert (root / "huge.md").stat().st_size == 1_000_000_000
    assert len(await notes.read("moved.md") or b"") == files.MAX_FILE


# What is there.


async def test_notes_are_the_visible_markdown_files(notes: VaultFiles, root: Path) -> None:
    for name in ("b.md", "a/Ä.MD", "a/b/c.md", "pic.png", ".hidden.md", ".trash/x.md", "a/.b/c.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")
    (root / "folder.md").mkdir()
    (root / "folder.md" / "in.md").write_bytes(b"")
    (root / "link.md").symlink_to(root / "b.md")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.md")
    Path(os.fsdecode(bytes(root) + b"/latin\xe9.md")).write_bytes(b"")
    assert await notes.notes() == ["a/b/c.md", "a/Ä.MD", "b.md", "folder.md/in.md"]
    assert await notes.paths() == sorted([*await notes.notes(), "pic.png"])


async def test_a_folder_that_goes_while_we_look_hides_no_other(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a/1.md", "b/2.md"):
        (root / name).parent.mkdir()
        (root / name).write_bytes(b"")
    real = vault._kind

    def kind(entry: os.DirEntry[str]) -> int:
        found = real(entry)
        if entry.name == "b" and (root / "a").exists():
            shutil.rmtree(root / "a")
        return found

    monkeypatch.setattr(vault, "_kind", kind)
    assert await notes.notes() in (["b/2.md"], ["a/1.md", "b/2.md"])
    assert await notes.notes() == ["b/2.md"]


@pytest.mark.parametrize("taken", ["Lamp.md", "lamp.md", "LAMP.MD"])
async def test_names_that_other_devices_take_for_one_are_one(
    notes: VaultFiles, root: Path, taken: str
) -> None:
    (root / taken).write_bytes(b"")
    assert await notes.exists("Lamp.md")
    assert not await notes.exists("Lamps.md")


async def test_accents_made_of_two_characters_are_the_same_name(
    notes: VaultFiles, root: Path
) -> None:
    (root / "Cafe\u0301.md").write_bytes(b"")
    assert await notes.exists("Caf\u00e9.md")
    assert not await notes.exists("no/folder/Caf\u00e9.md")


async def test_settings_are_read_from_their_folder_only(root: Path) -> None:
    (root / ".obsidian").mkdir()
    (root / ".obsidian" / "app.json").write_bytes(b'{"x": 1}')
    (root / "secret.json").write_bytes(b"{}")
    notes = VaultFiles(root)
    try:
        assert await notes.text_of("app.json") == '{"x": 1}'
        assert await notes.text_of("none.json") is None
        with pytest.raises(PathError):
            await notes.text_of("../secret.json")
    finally:
        notes.close()
