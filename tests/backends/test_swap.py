"""The moment in which a note gets its new text: whatever an editor does then is kept."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from octopus.backends import files, kernel, swap, vault
from octopus.backends.kernel import Lease, exchange, lease, take_name
from octopus.backends.swap import temporary_name
from octopus.backends.vault import VaultFiles
from octopus.core.effect import digest
from octopus.errors import Conflict
from octopus.obsidian.conflict import conflict_of

OLD, OURS, THEIRS = b"# Note\n- a\n", b"# Note\n- a\n- ours\n", b"# Note\n- a\n- the owner's\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "note.md").write_bytes(OLD)
    return folder


@pytest.fixture
async def notes(root: Path) -> AsyncIterator[VaultFiles]:
    found = VaultFiles(root)
    yield found
    found.close()


@pytest.fixture
def no_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of somebody else's, or a disk on another machine: nothing tells who writes."""

    @contextmanager
    def none(descriptor: int) -> Iterator[Lease]:
        yield Lease(descriptor, held=False)

    monkeypatch.setattr(swap, "lease", none)
    monkeypatch.setattr(files, "lease", none)


def in_place(path: Path) -> None:
    path.write_bytes(THEIRS)


def atomically(path: Path) -> None:
    other = path.with_name("other.tmp")
    other.write_bytes(THEIRS)
    other.rename(path)


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def before_swap(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], object]) -> None:
    """Act after the last comparison, right before the names change: the first time, the next."""
    waiting = list(acts)

    def late(folder: int, one: str, other: str) -> bool:
        if waiting:
            waiting.pop(0)()
        return exchange(folder, one, other)

    monkeypatch.setattr(swap, "exchange", late)


@pytest.mark.parametrize("act", [atomically, in_place])
async def test_a_save_between_the_last_look_and_the_swap_is_kept(
    notes: VaultFiles,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_leases: None,
    act: Callable[[Path], None],
) -> None:
    before_swap(monkeypatch, lambda: act(root / "note.md"))
    with pytest.raises(Conflict):
        await notes.write("note.md", OURS, digest(OLD))
    assert (root / "note.md").read_bytes() == THEIRS
    assert names(root) == ["note.md"]


async def test_compare_and_rename_loses_the_same_save(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why the names are exchanged: this is what is left where the system cannot."""

    def cannot(folder: int, one: str, other: str) -> bool:
        atomically(root / "note.md")
        return False

    monkeypatch.setattr(swap, "exchange", cannot)
    await notes.write("note.md", OURS, digest(OLD))
    assert (root / "note.md").read_bytes() == OURS


async def test_a_note_deleted_in_that_moment_stays_deleted(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_swap(monkeypatch, (root / "note.md").unlink)
    with pytest.raises(Conflict, match="not there any more"):
        await notes.write("note.md", OURS, digest(OLD))
    assert names(root) == []


async def test_what_is_saved_over_ours_before_the_names_change_back_is_kept_too(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = b"# Note\n- a\n- the owner's\n- and more\n"

    def again() -> None:
        (root / "other.tmp").write_bytes(later)
        (root / "other.tmp").rename(root / "note.md")

    before_swap(monkeypatch, lambda: atomically(root / "note.md"), again)
    with pytest.raises(Conflict):
        await notes.write("note.md", OURS, digest(OLD))
    assert {path.read_bytes() for path in root.iterdir()} == {THEIRS, later}
    (copy,) = [name for name in names(root) if name != "note.md"]
    assert conflict_of(copy) == ("note.md", "Syncthing")


async def test_ours_deleted_before_the_names_change_back_brings_theirs_back(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "note.md"
    before_swap(monkeypatch, lambda: atomically(path), path.unlink)
    with pytest.raises(Conflict):
        await notes.write("note.md", OURS, digest(OLD))
    assert path.read_bytes() == THEIRS
    assert names(root) == ["note.md"]


# Editors that write in place.


async def read_while(
    notes: VaultFiles, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]
) -> tuple[bytes | None, int]:
    """What is read of a note that is finished while it is waited for, and how many times it was."""
    waits = 0

    async def pause(seconds: float) -> None:
        nonlocal waits
        waits += 1
        work()

    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "sleep", pause)
        return await notes.read("note.md"), waits


async def test_a_file_that_is_open_for_writing_is_waited_for(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "note.md"
    with path.open("wb") as file:
        file.write(THEIRS[:8])
        file.flush()
        with pytest.raises(Conflict, match="being written"):
            await notes.write("note.md", OURS, digest(THEIRS[:8]))

        def finish() -> None:
            file.write(THEIRS[8:])
            file.close()

        assert await read_while(notes, monkeypatch, finish) == (THEIRS, 1)
    await notes.write("note.md", OURS, digest(THEIRS))
    assert path.read_bytes() == OURS


async def test_who_never_closes_a_file_does_not_stop_readers(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "PATIENCE", (0.0,))
    with (root / "note.md").open("ab"):
        assert await notes.read("note.md") == OLD
        with pytest.raises(Conflict):
            await notes.write("note.md", OURS, digest(OLD))
    assert (root / "note.md").read_bytes() == OLD


async def test_without_leases_a_text_counts_once_it_rests(
    notes: VaultFiles, root: Path, no_leases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "note.md"

    def finish() -> None:
        path.write_bytes(THEIRS)
        os.utime(path, (1, 1))

    with monkeypatch.context() as patched:
        patched.setattr(files, "SETTLED", 3600)  # so that it does not rest by itself
        path.write_bytes(THEIRS[:8])
        assert await read_while(notes, monkeypatch, finish) == (THEIRS, 1)
    await notes.write("note.md", OURS, digest(THEIRS))
    # What we wrote ourselves is whole at once.
    assert notes._read(("note.md",)) == OURS


async def test_who_opens_the_file_while_the_names_change_gets_it_back(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor has found the old file and waits for our lease: its name must come back."""
    path = root / "note.md"
    descriptor = os.open(path, os.O_RDONLY)
    writer = threading.Thread(target=in_place, args=[Path(f"/proc/self/fd/{descriptor}")])
    real = swap._is
    looks: list[Lease] = []

    @contextmanager
    def watched(old: int) -> Iterator[Lease]:
        with lease(old) as found:
            looks.append(found)
            yield found

    def look(folder: int, name: str, old: swap.Version) -> bool:
        if name != "note.md":  # the look after the swap
            writer.start()
            while not looks[0].wanted:
                pass
        return real(folder, name, old)

    monkeypatch.setattr(swap, "_is", look)
    monkeypatch.setattr(swap, "lease", watched)
    try:
        with pytest.raises(Conflict):
            await notes.write("note.md", OURS, digest(OLD))
        writer.join()
    finally:
        os.close(descriptor)
    assert path.read_bytes() == THEIRS
    assert names(root) == ["note.md"]


@pytest.mark.parametrize(
    ("since", "expected"),
    [(OURS, b"# Note\n- a\n- ours\n- the owner's\n"), (OLD, THEIRS)],
)
async def test_what_is_written_into_a_replaced_file_is_brought_back(
    notes: VaultFiles, root: Path, no_leases: None, since: bytes, expected: bytes
) -> None:
    path = root / "note.md"
    with path.open("r+b") as editor:
        await notes.write("note.md", OURS, digest(OLD))
        assert await notes.rescue() == 0
        path.write_bytes(since)
        os.utime(path, (1, 1))
        editor.write(THEIRS)
    assert path.read_bytes() == since
    os.utime(path, (1, 1))
    for watched in notes._watched._files:
        os.utime(watched.version.descriptor, (1, 1))
    assert await notes.rescue() == 1
    assert path.read_bytes() == expected
    assert await notes.rescue() == 0


async def test_what_is_written_right_after_the_last_look_is_brought_back(
    notes: VaultFiles, root: Path, no_leases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = swap._is
    path = root / "note.md"
    with path.open("r+b", buffering=0) as editor:

        def look(folder: int, name: str, old: swap.Version) -> bool:
            seen = real(folder, name, old)
            if name != "note.md":  # the look after the swap
                editor.write(THEIRS)
            return seen

        monkeypatch.setattr(swap, "_is", look)
        await notes.write("note.md", OURS, digest(OLD))
        monkeypatch.setattr(swap, "_is", real)
    monkeypatch.setattr(files, "_just_now", lambda _: False)
    assert await notes.rescue() == 1
    assert path.read_bytes() == b"# Note\n- a\n- ours\n- the owner's\n"


async def test_two_saves_at_one_tick_of_the_clock_are_told_apart_at_the_end(
    notes: VaultFiles, root: Path, no_leases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "note.md"
    with path.open("r+b", buffering=0) as editor:
        await notes.write("note.md", OURS, digest(OLD))
        (watched,) = notes._watched._files
        editor.write(OLD.replace(b"a", b"b"))
        found = watched.version.found
        os.utime(watched.version.descriptor, ns=(found.st_atime_ns, found.st_mtime_ns))
    monkeypatch.setattr(files, "_just_now", lambda _: False)
    assert await notes.rescue() == 0
    monkeypatch.setattr(time, "monotonic", lambda: watched.until + 1)
    assert await notes.rescue() == 1


async def test_a_save_that_goes_on_after_a_pause_is_brought_back_to_its_end(
    notes: VaultFiles, root: Path, no_leases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_just_now", lambda _: False)
    path = root / "note.md"
    with path.open("r+b", buffering=0) as editor:
        await notes.write("note.md", OURS, digest(OLD))
        editor.write(OLD + b"- the ow")
        assert await notes.rescue() == 1
        editor.write(b"ner's\n")
        assert await notes.rescue() == 1
    assert await notes.rescue() == 0
    assert b"- the owner's\n" in path.read_bytes()
    assert path.read_bytes().count(b"- ours\n") == 1


async def test_what_is_written_in_the_last_moment_is_brought_back(
    root: Path, no_leases: None
) -> None:
    path = root / "note.md"
    path.write_bytes(OLD)
    os.utime(path, (1, 1))
    notes = VaultFiles(root)
    with path.open("r+b", buffering=0) as editor:
        await notes.write("note.md", OURS, digest(OLD))
        editor.write(THEIRS)
        notes.close()
    assert path.read_bytes() == b"# Note\n- a\n- ours\n- the owner's\n"


async def test_of_many_replaced_files_one_that_was_written_into_is_kept(
    notes: VaultFiles, root: Path, no_leases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_just_now", lambda _: False)
    text, path = OLD, root / "note.md"
    with path.open("r+b", buffering=0) as editor:
        await notes.write("note.md", OURS, digest(OLD))
        editor.write(THEIRS)
        text = OURS
        for number in range(swap.WATCHED + 5):
            more = text + b"%d\n" % number
            await notes.write("note.md", more, digest(text))
            text = more
    assert await notes.rescue() == 1
    assert b"- the owner's\n" in path.read_bytes()


async def test_what_cannot_be_merged_is_kept_beside(
    notes: VaultFiles, root: Path, no_leases: None
) -> None:
    path = root / "note.md"
    with path.open("r+b") as editor:
        await notes.write("note.md", OURS, digest(OLD))
        path.write_bytes(b"# Another title\n- a\n")
        os.utime(path, (1, 1))
        editor.write(b"# My own title\n- b\n")
    for watched in notes._watched._files:
        os.utime(watched.version.descriptor, (1, 1))
    assert await notes.rescue() == 1
    assert path.read_bytes() == b"# Another title\n- a\n"
    (copy,) = [each for each in root.iterdir() if each != path]
    assert copy.read_bytes() == b"# My own title\n- b\n"
    assert conflict_of(copy.name) is not None


async def test_a_replaced_file_is_let_go_after_a_while(
    notes: VaultFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def files_open() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = files_open()
    text = OLD
    for number in range(swap.WATCHED + 5):
        await notes.write("note.md", text + b"%d\n" % number, digest(text))
        text += b"%d\n" % number
    assert files_open() - before == swap.WATCHED
    moment = time.monotonic() + swap.WATCHED_FOR + 1
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    assert await notes.rescue() == 0
    assert files_open() == before


# After a crash.


@pytest.mark.parametrize("swapped_out", [OLD, OURS])
async def test_what_a_crash_left_of_a_swap_is_cleared(
    notes: VaultFiles, root: Path, swapped_out: bytes
) -> None:
    (root / temporary_name("note.md", OLD, OURS)).write_bytes(swapped_out)
    assert await notes.sweep() == 1
    assert names(root) == ["note.md"]
    assert (root / "note.md").read_bytes() == OLD


@pytest.mark.parametrize("can_exchange", [True, False])
async def test_a_crash_with_the_owners_text_swapped_out_gives_it_its_name_back(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    (root / "note.md").write_bytes(OURS)
    (root / temporary_name("note.md", OLD, OURS)).write_bytes(THEIRS)
    if not can_exchange:
        monkeypatch.setattr(swap, "exchange", lambda *_: False)
    await notes.sweep()
    assert names(root) == ["note.md"]
    assert (root / "note.md").read_bytes() == THEIRS


@pytest.mark.parametrize("now", [b"saved since\n", None])
async def test_and_where_the_name_has_moved_on_it_is_kept_beside(
    notes: VaultFiles, root: Path, now: bytes | None
) -> None:
    (root / "note.md").unlink()
    if now is not None:
        (root / "note.md").write_bytes(now)
    (root / temporary_name("note.md", OLD, OURS)).write_bytes(THEIRS)
    await notes.sweep()
    texts = {path.name: path.read_bytes() for path in root.iterdir()}
    if now is not None:
        assert texts.pop("note.md") == now
    ((copy, text),) = texts.items()
    assert text == THEIRS
    assert conflict_of(copy) is not None


# What the system offers.


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP])
async def test_systems_that_cannot_exchange_names_are_written_too(
    notes: VaultFiles, root: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refused(*_: object) -> int:
        ctypes.set_errno(code)
        return -1

    monkeypatch.setattr(kernel, "_renameat2", refused)
    await notes.write("note.md", OURS, digest(OLD))
    await notes.move("note.md", "there/note.md", str(digest(OURS)))
    assert (root / "there/note.md").read_bytes() == OURS
    monkeypatch.setattr(kernel, "_renameat2", None)
    await notes.write("there/note.md", OLD, digest(OURS))
    assert (root / "there/note.md").read_bytes() == OLD


def test_names_change_places_and_are_never_taken(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        assert exchange(folder, "a", "b")
        assert (tmp_path / "a").read_bytes() == b"2"
        with pytest.raises(FileNotFoundError):
            exchange(folder, "a", "none")
        with pytest.raises(FileExistsError):
            take_name(folder, "a", folder, "b")
        assert take_name(folder, "a", folder, "c")
    finally:
        os.close(folder)
    assert names(tmp_path) == ["b", "c"]


def test_a_lease_keeps_other_processes_waiting_and_knows_of_them(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_bytes(OLD)
    code = "import sys; open(sys.argv[1], 'wb').write(b'theirs')"
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with lease(descriptor) as held:
            other = subprocess.Popen([sys.executable, "-c", code, str(path)])
            while not held.wanted:
                pass
            assert path.read_bytes() == OLD
        assert other.wait() == 0
        assert path.read_bytes() == b"theirs"
        with path.open("ab"), pytest.raises(BlockingIOError):
            lease(descriptor).__enter__()
    finally:
        os.close(descriptor)


def test_where_there_are_no_leases_nothing_is_held(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)  # a folder has none, as files on many disks
    try:
        with lease(descriptor) as found:
            assert (found.held, found.wanted) == (False, False)
    finally:
        os.close(descriptor)
