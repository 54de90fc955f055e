"""One writer, whole transactions, migrations that cannot be half applied."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octopus.backends.sqlite import Database
from octopus.backends.sqlite import database as module
from octopus.errors import OctopusError, SchemaError
from tests.patience import PATIENCE


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    found = Database(tmp_path / "octopus.db")
    await found.open()
    yield found
    await found.close()


def put(key: str, value: str = "x") -> module.Work[None]:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO meta VALUES (?, ?)", (key, value))

    return work


async def keys(database: Database) -> set[str]:
    return await database.read(lambda c: {row[0] for row in c.execute("SELECT key FROM meta")})


async def test_what_is_written_is_durable_and_readable(database: Database) -> None:
    await database.write(put("a"))
    assert await keys(database) == {"a"}
    mode = await database.read(lambda c: c.execute("PRAGMA journal_mode").fetchone()[0])
    assert mode == "wal"
    full = await database.write(lambda c: c.execute("PRAGMA synchronous").fetchone()[0])
    assert full == 2


async def test_a_failing_transaction_leaves_nothing_and_spoils_no_other(
    database: Database,
) -> None:
    def half(connection: sqlite3.Connection) -> None:
        put("half")(connection)
        raise RuntimeError("stop here")

    results = await asyncio.gather(
        database.write(put("a")),
        database.write(half),
        database.write(put("b")),
        return_exceptions=True,
    )
    assert isinstance(results[1], RuntimeError)
    assert await keys(database) == {"a", "b"}


async def test_transactions_that_wait_together_share_a_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    real = module._transact

    def counting(
        connection: sqlite3.Connection, works: list[module.Work[object]], synced: bool
    ) -> list[object]:
        batches.append(len(works))
        return real(connection, works, synced)

    monkeypatch.setattr(module, "_transact", counting)
    await asyncio.gather(*(database.write(put(str(number))) for number in range(100)))
    assert sum(batches) == 100
    assert len(batches) <= 3
    assert len(await keys(database)) == 100


async def test_random_interleavings_and_cancellations_are_all_or_nothing(
    database: Database,
) -> None:
    """Each transaction writes a pair; never is there one half without the other."""
    choose = random.Random(7)

    def pair(number: int, fails: bool) -> module.Work[None]:
        def work(connection: sqlite3.Connection) -> None:
            put(f"{number}-1")(connection)
            if fails:
                raise RuntimeError("half way")
            put(f"{number}-2")(connection)

        return work

    async def one(number: int) -> None:
        await asyncio.sleep(0)
        await database.write(pair(number, choose.random() < 0.3))

    tasks = [asyncio.create_task(one(number)) for number in range(2_000)]
    for task in choose.sample(tasks, 400):
        if choose.random() < 0.5:
            await asyncio.sleep(0)
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await database.write(lambda c: None)
    found = await keys(database)
    halves = {key.split("-")[0] for key in found}
    assert halves
    assert all({f"{half}-1", f"{half}-2"} <= found for half in halves)


async def test_the_naive_way_mixes_transactions(tmp_path: Path) -> None:
    """Two coroutines on one plain connection: what one rolls back, the other commits."""
    connection = sqlite3.connect(tmp_path / "naive.db", isolation_level=None)
    connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")

    async def first() -> None:
        connection.execute("BEGIN")
        put("rolled back")(connection)
        await asyncio.sleep(0)  # and the other one commits
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    async def second() -> None:
        if not connection.in_transaction:
            connection.execute("BEGIN")
        put("kept")(connection)
        connection.execute("COMMIT")

    await asyncio.gather(first(), second())
    rows = {row[0] for row in connection.execute("SELECT key FROM meta")}
    connection.close()
    assert "rolled back" in rows


async def test_a_cancelled_writer_does_not_cancel_its_transaction(database: Database) -> None:
    task = asyncio.create_task(database.write(put("a")))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.write(put("b"))
    assert await keys(database) == {"a", "b"}


async def test_a_full_disk_fails_the_writer_and_keeps_what_was_there(database: Database) -> None:
    await database.write(put("a"))
    pages = await database.read(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await database.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchall())
    with pytest.raises(sqlite3.OperationalError, match="full"):
        await database.write(put("big", "x" * 5_000_000))
    await database.write(lambda c: c.execute("PRAGMA max_page_count = 1000000").fetchall())
    await database.write(put("b"))
    assert await keys(database) == {"a", "b"}


async def test_closing_finishes_what_was_handed_in(tmp_path: Path) -> None:
    database = Database(tmp_path / "octopus.db")
    await database.open()
    tasks = [asyncio.create_task(database.write(put(str(number)))) for number in range(50)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*tasks) == [None] * 50
    await database.open()
    assert len(await keys(database)) == 50
    await database.close()


async def test_the_log_stays_small_however_much_is_written(database: Database) -> None:
    for number in range(40):
        await database.write(put(str(number), "x" * 500_000))
    log = database.path.with_name("octopus.db-wal")
    assert log.stat().st_size <= 16 * 1024 * 1024


async def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "octopus.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(SchemaError, match="version 999"):
        await Database(path).open()
    beside = Database(path)
    with pytest.raises(SchemaError, match="version 999"):
        await beside.open_for_reading()
    await beside.close()
    after = sqlite3.connect(path)
    assert after.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    after.close()
    assert len(path.read_bytes()) == len(before)


async def test_a_file_that_is_no_database_is_refused_with_words(tmp_path: Path) -> None:
    path = tmp_path / "octopus.db"
    path.write_bytes(b"this is no database at all, only text that is long enough" * 20)
    before = path.read_bytes()
    with pytest.raises(OctopusError, match="Move it aside"):
        await Database(path).open()
    assert path.read_bytes() == before


async def test_reading_without_a_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OctopusError, match="first message"):
        await Database(tmp_path / "none.db").open_for_reading()


def test_a_migration_that_fails_leaves_the_version_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    good = "CREATE TABLE a (x);"
    bad = "CREATE TABLE b (x);\nINSERT INTO nowhere VALUES (1);"
    monkeypatch.setattr(module, "migrations", lambda: [(1, good), (2, bad)])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        module.migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert names == {"a"}
    monkeypatch.setattr(module, "migrations", lambda: [(1, good), (2, "CREATE TABLE b (x);")])
    module.migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


def test_executescript_would_leave_half_a_migration() -> None:
    """Why each statement is run by itself: this is what the shorter way does."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError):
        connection.executescript("CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);")
    if connection.in_transaction:
        connection.execute("ROLLBACK")
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert names == {"b"}


def test_migrations_are_numbered_each_once() -> None:
    numbers = [number for number, _ in module.migrations()]
    assert numbers[0] == 1
    assert numbers == sorted(set(numbers))


async def test_what_need_not_be_synced_is_synced_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def sync(path: Path) -> None:
        synced.append(path)
        loop.call_soon_threadsafe(done.set)

    monkeypatch.setattr("octopus.backends.sqlite.database._sync", sync)
    monkeypatch.setattr("octopus.backends.sqlite.database.SYNC_WITHIN", 0.01)
    database = Database(tmp_path / "o.db")
    await database.open()
    modes: list[int] = []

    def work(connection: sqlite3.Connection) -> None:
        modes.append(connection.execute("PRAGMA synchronous").fetchone()[0])
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('a', 'b')")

    await database.write(work)
    assert not synced, "the commit itself waited for the disk"
    await database.write(work, synced=False)
    await asyncio.wait_for(done.wait(), PATIENCE)
    await asyncio.gather(database.write(work, synced=False), database.write(work))
    await database.close()
    assert modes == [2, 1, 2, 2], "one that has to be synced syncs its whole group"
    assert synced == [tmp_path / "o.db-wal"]


async def test_only_its_owner_may_read_the_file(database: Database) -> None:
    await database.write(put("a"))
    for name in ("octopus.db", "octopus.db-wal", "octopus.db-shm"):
        assert database.path.with_name(name).stat().st_mode & 0o077 == 0, name
