"""One SQLite file with one writer, short transactions and a bounded write-ahead log."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from octopus.errors import OctopusError, SchemaError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

#: Seconds within which a commit that did not wait for the disk is on it all the same.
SYNC_WITHIN = 0.1

#: Transactions that may share one commit, and so one wait for the disk.
GROUP = 200

_WRITER_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # what was accepted survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA wal_autocheckpoint = 1000",
    f"PRAGMA journal_size_limit = {16 * 1024 * 1024}",
)


@dataclass(slots=True)
class _Order:
    """One transaction that waits for its commit."""

    work: Work[Any]
    synced: bool = True
    result: asyncio.Future[Any] = field(default_factory=asyncio.Future)


class Database:
    """Runs functions on the connection, each as one transaction: all of it or nothing.

    A function runs in the connection's own thread from first to last statement, so no two
    transactions mix and no cursor outlives one. Transactions that wait at the same moment are
    committed together. Cancelling the caller does not cancel a transaction once it is handed in.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._orders: asyncio.Queue[_Order] = asyncio.Queue()
        self._writer: aiosqlite.Connection | None = None
        self._reader: aiosqlite.Connection | None = None
        self._committer: asyncio.Task[None] | None = None
        self._behind: float | None = None  # since when there are commits that are not synced

    async def open(self) -> None:
        """Open or create the file and bring its schema up to date.

        Raises SchemaError for a file of a newer Octopus and OctopusError for one that SQLite
        cannot read; neither is touched.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.touch(mode=0o600)
        self.path.chmod(0o600)  # its log and its index get the same mode
        try:
            self._writer = await aiosqlite.connect(self.path, isolation_level=None)
            await _run(self._writer, self._prepare)
            self._reader = await aiosqlite.connect(
                f"{self.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
            )
        except sqlite3.DatabaseError as error:
            await self.close()
            raise OctopusError(
                f"{self.path} cannot be opened ({error}). Move it aside or restore a backup."
            ) from error
        except BaseException:
            await self.close()
            raise
        self._committer = asyncio.create_task(self._commit_forever(), name="sqlite-committer")

    async def open_for_reading(self) -> None:
        """Open an existing file beside a daemon that may be running; writing is impossible.

        Raises OctopusError when there is no such file, SchemaError for one of a newer Octopus.
        """
        if not self.path.exists():
            raise OctopusError(f"There is no state at {self.path} yet. Send a first message.")
        self._reader = await aiosqlite.connect(
            f"{self.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
        )
        await _run(self._reader, _refuse_newer)

    async def close(self) -> None:
        """Finish what was handed in, fold the log into the file, let go of it."""
        if self._committer is not None:
            last = _Order(lambda connection: None)
            self._orders.put_nowait(last)
            await asyncio.wait([last.result])
            self._committer.cancel()
            await asyncio.gather(self._committer, return_exceptions=True)
            self._committer = None
        for connection in (self._reader, self._writer):
            if connection is not None:
                await connection.close()
        self._reader = self._writer = None

    async def write(self, work: Work[T], *, synced: bool = True) -> T:
        """Run ``work`` in a transaction; it is on disk when this returns.

        Without ``synced`` it survives the death of the process when this returns, and a power
        cut SYNC_WITHIN seconds later: for records of which the loss costs a repetition at most.
        Raises what ``work`` raises (nothing is written then) and sqlite3.Error when the commit
        fails, a full disk for example (nothing is written then either).
        """
        order = _Order(work, synced)
        self._orders.put_nowait(order)
        result: T = await asyncio.shield(order.result)
        return result

    def post(self, work: Work[T], then: Callable[[T], None]) -> None:
        """Hand a transaction in without waiting; those handed in later come after it on disk.

        ``then`` is called with its result. Nobody is told when it fails, so it must be one
        that a later start finds out about by itself.
        """

        def done(future: asyncio.Future[T]) -> None:
            if not future.cancelled() and future.exception() is None:
                then(future.result())

        order = _Order(work, synced=False)
        order.result.add_done_callback(done)
        self._orders.put_nowait(order)

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` on the reading connection, beside the writer."""
        if self._reader is None:
            raise OctopusError("the database is not open")
        return await _run(self._reader, work)

    async def remembered(self, key: str) -> str | None:
        """A small fact kept from one run to the next."""

        def work(connection: sqlite3.Connection) -> str | None:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
            return row[0] if row else None

        return await self.read(work)

    async def remember(self, key: str, value: str) -> None:
        """Keep a small fact."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

        await self.write(work)

    async def _commit_forever(self) -> None:
        assert self._writer is not None
        while True:
            batch = [await self._next()]
            while len(batch) < GROUP and not self._orders.empty():
                batch.append(self._orders.get_nowait())
            synced = self._sync_now() or any(order.synced for order in batch)
            works = [order.work for order in batch]
            try:
                outcomes = await _run(self._writer, _transact, works, synced)
            except Exception as error:  # noqa: BLE001 - handed to every caller of write()
                outcomes = [_Failed(error)] * len(batch)
            if synced:
                self._behind = None
            elif self._behind is None:
                self._behind = asyncio.get_running_loop().time()
            for order, outcome in zip(batch, outcomes, strict=True):
                if isinstance(outcome, _Failed):
                    order.result.set_exception(outcome.error)
                else:
                    order.result.set_result(outcome)
                # A caller that was cancelled does not look; nothing is lost by that.
                order.result.add_done_callback(_seen)

    def _sync_now(self) -> bool:
        """True when the oldest commit that is not synced has waited long enough."""
        now = asyncio.get_running_loop().time()
        return self._behind is not None and now - self._behind > SYNC_WITHIN

    async def _next(self) -> _Order:
        """The next order; while none comes, what was not synced is brought to the disk."""
        while self._behind is not None:
            try:
                async with asyncio.timeout(SYNC_WITHIN):
                    return await self._orders.get()
            except TimeoutError:
                # SQLite syncs nothing for a transaction that changes nothing.
                await asyncio.to_thread(_sync, Path(f"{self.path}-wal"))
                self._behind = None
        return await self._orders.get()

    @staticmethod
    def _prepare(connection: sqlite3.Connection) -> None:
        for pragma in _WRITER_PRAGMAS:
            connection.execute(pragma).fetchall()
        migrate(connection)


@dataclass(frozen=True, slots=True)
class _Failed:
    """Stands for the result of a transaction that raised."""

    error: Exception


def _seen(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


def _sync(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError), path.open("rb") as log:
        os.fsync(log.fileno())


async def _run(connection: aiosqlite.Connection, work: Callable[..., T], *args: Any) -> T:
    """One visit to the connection's thread.

    aiosqlite offers only one statement a visit; each costs more than the statement itself.
    ``_execute`` and ``_conn`` are what its own methods are made of; the version is bounded.
    """
    visit: Callable[..., Awaitable[T]] = connection._execute
    result: T = await visit(work, connection._conn, *args)
    return result


def _transact(connection: sqlite3.Connection, works: list[Work[Any]], synced: bool) -> list[Any]:
    outcomes: list[Any] = []
    connection.execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for work in works:
            connection.execute("SAVEPOINT work")
            try:
                outcomes.append(work(connection))
            except Exception as error:
                if not connection.in_transaction:
                    raise  # a full disk ends the whole transaction, and so the whole group
                connection.execute("ROLLBACK TO work")
                outcomes.append(_Failed(error))
            connection.execute("RELEASE work")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcomes


def _refuse_newer(connection: sqlite3.Connection) -> int:
    """The version of the file. Raises SchemaError when this program does not know it."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    newest = migrations()[-1][0]
    if version > newest:
        raise SchemaError(
            f"The state has version {version}, this Octopus knows {newest}. "
            "Install the newer Octopus again, or restore a backup made before."
        )
    return int(version)


def migrations() -> list[tuple[int, str]]:
    """The numbered migrations in order: (version, SQL)."""
    folder = resources.files("octopus.backends.sqlite") / "migrations"
    files = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text("utf-8")) for name in files]


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what is missing, each migration in a transaction of its own.

    Raises SchemaError when the file is newer than this program.
    """
    steps = migrations()
    version = _refuse_newer(connection)
    for number, script in steps:
        if number <= version:
            continue
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _statements(script: str) -> list[str]:
    """Single statements: ``executescript`` would commit behind our back."""
    found: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found
