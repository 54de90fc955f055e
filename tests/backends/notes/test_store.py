"""As the rest of the program asks: hints in, answers out, listeners told, nobody held up."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octopus.backends.notes import NotesSettings, SqliteNotes, keeper, schema
from octopus.errors import VaultError, VaultUnavailable
from tests.backends.notes.compare import from_files, from_tables

NEVER_SOON = NotesSettings(debounce=3600.0)
AT_ONCE = NotesSettings(debounce=0.0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/A.md").write_text("- [ ] lamp [[B]]\n")
    return tmp_path / "vault"


@pytest.fixture
async def notes(root: Path, tmp_path: Path) -> AsyncIterator[SqliteNotes]:
    found = SqliteNotes(root, tmp_path / "notes.db", NEVER_SOON)
    await found.open()
    yield found
    await found.close()


async def texts(notes: SqliteNotes) -> list[str]:
    return [todo.text for todo in await notes.todos()]


async def test_who_asks_at_once_waits_until_it_is_known(notes: SqliteNotes) -> None:
    assert await texts(notes) == ["lamp [[B]]"]


async def test_what_was_hinted_at_is_known_once_it_is_settled(
    notes: SqliteNotes, root: Path
) -> None:
    await notes.settle()
    (root / "B.md").write_text("- [ ] bulb\n")
    notes.hint("B.md")
    await notes.settle()
    assert await texts(notes) == ["lamp [[B]]", "bulb"]
    assert [each.source for each in await notes.backlinks("B.md")] == ["A.md"]
    assert [todo.text for todo in await notes.todos({"B.md", "none.md"})] == ["bulb"]
    assert await notes.todos(()) == []
    (root / "A.md").unlink()
    notes.hint("A.md")
    await notes.settle()
    assert await texts(notes) == ["bulb"]


async def test_a_hint_is_followed_without_anybody_asking(root: Path, tmp_path: Path) -> None:
    notes = SqliteNotes(root, tmp_path / "notes.db", AT_ONCE)
    told: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    notes.subscribe(told.put_nowait)
    await notes.open()
    assert await told.get() == {"A.md"}  # what changed since the last run: here, all
    (root / "B.md").write_text("x")
    await asyncio.to_thread(notes.hint, "B.md")
    assert await told.get() == {"B.md"}
    (root / "B.md").rename(root / "C.md")
    notes.hint("")  # as a watcher that lost count
    assert await told.get() == {"B.md", "C.md"}
    await notes.close()


async def test_a_batch_is_told_once_and_only_what_changed(notes: SqliteNotes, root: Path) -> None:
    await notes.settle()
    told: list[frozenset[str]] = []
    notes.subscribe(told.append)
    for name in ("B.md", "C.md"):
        (root / name).write_text("x")
        notes.hint(name)
    notes.hint("A.md")
    notes.hint("none.md")
    await notes.settle()
    assert told == [{"B.md", "C.md"}]
    await notes.settle()
    assert len(told) == 1


async def test_thousands_of_hints_are_one_look_at_everything(
    notes: SqliteNotes, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notes.settle()
    monkeypatch.setattr("octopus.backends.notes.hints.MOST_HINTS", 10)
    for number in range(30):
        (root / f"N{number}.md").write_text(f"- [ ] {number}")
        notes.hint(f"N{number}.md")
    (root / "unnamed.md").write_text("- [ ] found all the same")
    await notes.settle()
    assert len(await notes.todos()) == 32


async def test_without_a_vault_nothing_is_believed(tmp_path: Path) -> None:
    notes = SqliteNotes(tmp_path / "none", tmp_path / "notes.db", NEVER_SOON)
    await notes.open()
    with pytest.raises(VaultUnavailable, match="none"):
        await notes.todos()
    with pytest.raises(VaultUnavailable):
        await notes.settle()
    (tmp_path / "none").mkdir()
    (tmp_path / "none/A.md").write_text("- [ ] lamp")
    notes.hint("")
    await notes._follow()
    assert await texts(notes) == ["lamp"]
    await notes.close()


async def test_beside_another_process_it_reads_what_that_one_wrote(
    notes: SqliteNotes, root: Path, tmp_path: Path
) -> None:
    await notes.settle()
    beside = SqliteNotes(root, tmp_path / "notes.db", NEVER_SOON)
    await beside.open(read_only=True)
    (root / "B.md").write_text("- [ ] bulb")
    assert await texts(beside) == ["lamp [[B]]"]  # it does not look itself
    notes.hint("B.md")
    await notes.settle()
    assert await texts(beside) == ["lamp [[B]]", "bulb"]
    await beside.close()


async def test_beside_another_process_without_tables_the_files_are_read(
    root: Path, tmp_path: Path
) -> None:
    beside = SqliteNotes(root, tmp_path / "notes.db", NEVER_SOON)
    await beside.open(read_only=True)
    assert await texts(beside) == ["lamp [[B]]"]
    assert (await beside.stats()).notes == 1
    assert not (tmp_path / "notes.db").exists()
    await beside.close()


async def test_damage_while_it_runs_is_mended(
    notes: SqliteNotes, root: Path, tmp_path: Path
) -> None:
    for number in range(60):
        (root / f"N{number}.md").write_text(f"- [ ] {number} [[N{number + 1}]]\n" + "word " * 200)
    notes.hint("")
    await notes.settle()
    await notes.todos()
    data = (tmp_path / "notes.db").read_bytes()
    with (tmp_path / "notes.db").open("r+b") as file:
        file.write(b"\xaa" * len(data))
    (tmp_path / "notes.db-wal").write_bytes(b"")
    assert len(await notes.todos()) == 61
    assert (await notes.stats()).notes == 61


async def test_a_disk_that_refuses_holds_nothing_up_and_is_tried_again(
    notes: SqliteNotes, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notes.settle()
    monkeypatch.setattr("octopus.backends.notes.store.RETRY", 0.0)
    follow, refusals = keeper.Keeper._read, [1, 1]

    def full(*args: object) -> None:
        if refusals:
            refusals.pop()
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        follow(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(keeper.Keeper, "_read", full)
    (root / "B.md").write_text("- [ ] bulb")
    notes.hint("B.md")
    await notes.settle()
    assert await texts(notes) == ["lamp [[B]]"]  # what was known is still answered
    while await texts(notes) != ["lamp [[B]]", "bulb"]:
        await notes.settle()


async def test_tables_that_cannot_be_made_are_an_error_with_a_reason(
    root: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.db").mkdir()
    notes = SqliteNotes(root, tmp_path / "notes.db", NEVER_SOON)
    await notes.open()
    with pytest.raises(VaultError, match="kept track of"):
        await notes.todos()
    await notes.close()


async def test_closed_in_the_middle_it_goes_on_later(root: Path, tmp_path: Path) -> None:
    for number in range(300):
        (root / f"N{number}.md").write_text(f"- [ ] {number}")
    notes = SqliteNotes(root, tmp_path / "notes.db", NEVER_SOON)
    await notes.open()
    await asyncio.sleep(0)
    await notes.close()
    notes = SqliteNotes(root, tmp_path / "notes.db", NEVER_SOON)
    await notes.open(once=True)
    assert len(await notes.todos()) == 301
    await notes.close()


KILLED = """
import sys
from pathlib import Path
from octopus.backends.notes.keeper import Keeper
found = Keeper(Path(sys.argv[1]), Path(sys.argv[2]))
found.open()
while True:
    found.follow({""})
"""


@pytest.mark.process
def test_killed_while_it_writes_it_is_whole_again_afterwards(root: Path, tmp_path: Path) -> None:
    """At the commit of what notes say, and at moments that nobody chose."""
    database = tmp_path / "notes.db"
    for attempt in range(6):
        for number in range(200):
            text = f"[[N{number + attempt}]] #t{attempt}\n- [ ] {number} {attempt}"
            (root / f"N{number}.md").write_text(text)
        environment = os.environ | ({"OCTOPUS_CRASH_AT": "notes.commit"} if attempt % 2 else {})
        command = [sys.executable, "-c", KILLED, str(root), str(database)]
        process = asyncio.run(_killed(command, environment, own=bool(attempt % 2)))
        assert process == -signal.SIGKILL
        if database.exists():
            db = sqlite3.connect(database)
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            db.close()
    found = keeper.Keeper(root, database)
    found.open()
    found.follow({""})
    assert from_tables(found.connection) == from_files(root)
    found.close()


async def _killed(command: list[str], environment: dict[str, str], *, own: bool) -> int:
    """The exit code of a process that kills itself, or that we kill once it has begun."""
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stderr=asyncio.subprocess.PIPE
    )
    if not own:
        assert process.stderr is not None
        await process.stderr.readline()  # its first word: it has begun to read
        process.kill()
    await process.communicate()
    return process.returncode or 0


def test_the_schema_names_every_table_it_checks_for(tmp_path: Path) -> None:
    made = schema.create(tmp_path / "x.db", "vault")
    made.close()
    schema.open_existing(tmp_path / "x.db", "vault").close()
    with pytest.raises(schema.Unusable, match="another vault"):
        schema.open_existing(tmp_path / "x.db", "elsewhere")


async def test_notes_that_seek_a_name_are_known_without_any_hint(
    notes: SqliteNotes, root: Path
) -> None:
    await notes.settle()
    (root / "sub").mkdir()
    (root / "sub/C.md").write_text("[[b|x]] and [y](../B.md#z)")
    (root / "D.md").write_text("[[sub/B]] but not Bee")
    (root / "E.md").write_text("[[Bee]] `[[B]]`")
    assert await notes.seeking(["B.md"]) == ["A.md", "D.md", "sub/C.md"]
    assert await notes.seeking(["x/Bee.md", "none.md"]) == ["E.md"]
    assert await notes.seeking([]) == []
