"""Keep a vector for each paragraph of the vault, in the background, and find the closest.

Whatever is missing here (the model, the file, numpy's memory) only costs search by meaning: the
full-text index never waits for it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from loguru import logger

from octopus.backends.embedding.matrix import Floats, Matrix, unit
from octopus.backends.embedding.paragraph import Paragraph, paragraphs
from octopus.backends.embedding.prompt import as_query, as_text
from octopus.backends.embedding.table import Place, Stamp, Table, spoilt
from octopus.backends.files import opened, read_all
from octopus.core.privacy import private
from octopus.core.search import Near
from octopus.errors import ModelError, ModelFailed, PathError
from octopus.obsidian.path import stem
from octopus.obsidian.scan import scan
from octopus.obsidian.text import read

T = TypeVar("T")

EVERYTHING = ""  # the hint that anything may have changed
LARGEST = 2 * 1024 * 1024  # bytes; more is a log or a dump, not something with a meaning
AT_ONCE = 64  # notes that are read before their paragraphs are embedded
REFUSALS = 3  # of one batch, before its texts are tried one by one
REMEMBERED = 64  # queries: turning a page asks the same again


class Embed(Protocol):
    """The model that makes vectors. Raises ModelError."""

    async def __call__(
        self, model: str, texts: Sequence[str], *, background: bool
    ) -> list[list[float]]:
        """One vector for each text; in the ``background`` after everybody else."""


#: The versions of these notes that can be searched, of all with None; others do not exist.
Stamps = Callable[[Iterable[str] | None], Awaitable[dict[str, Stamp]]]


@dataclass(frozen=True, slots=True)
class MeaningSettings:
    """What the owner can choose, then the limits behind it. Times are seconds."""

    model: str
    private: tuple[str, ...] = ()  # folders and #tags whose notes are never given to a model
    batch: int = 8  # paragraphs in a request: a chat that comes in between waits for them
    pause: float = 1.0  # after a hint, in which more of them may come
    retry: float = 30.0  # until a model that failed is asked again
    query_timeout: float = 0.8  # a search does not wait longer for the model
    least: float = 0.3  # cosine; below it two texts have nothing to do with each other
    most: int = 20  # notes that are found by meaning


@dataclass(frozen=True, slots=True)
class Prepared:
    """A note whose paragraphs are known and may still lack vectors."""

    path: str
    stamp: Stamp
    paragraphs: list[Paragraph]


class Keeper:
    """Follows the notes that ``stamps`` knows; one thread reads, stores and multiplies."""

    def __init__(self, root: Path, file: Path, settings: MeaningSettings, embed: Embed) -> None:
        self._root = root
        self._settings = settings
        self._embed = embed
        self._table = Table(file, settings.model)
        self._matrix = Matrix()
        self._thread = ThreadPoolExecutor(1, "meaning")
        self._known: dict[str, Stamp] = {}  # notes whose vectors are there
        self._todo: dict[str, None] = {}  # notes that wait, in order
        self._hints = _Hints()
        self._failures = 0
        self._problem = ""
        self._silent_until = 0.0
        self._queries: OrderedDict[str, Floats | None] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Floats | None]] = {}
        self._task: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._closed = False

    def open(self, stamps: Stamps) -> None:
        """Start following the notes."""
        self._hints.bind(asyncio.get_running_loop())
        self._task = asyncio.create_task(self._run(stamps))

    async def close(self) -> None:
        """Stop. What was computed is kept."""
        if self._closed:
            return
        self._closed = True
        tasks = [task for task in (self._task, *self._asking.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._do(self._table.close)
        self._thread.shutdown()

    def hint(self, path: str) -> None:
        """Something happened to a note; from any thread."""
        self._hints.add(path)

    async def settle(self) -> None:
        """Return when every note known so far has its vectors, or the model fails."""
        await self._idle.wait()

    def status(self) -> str:
        """One line: the model, how far it is, what is wrong."""
        every = len(self._known.keys() | self._todo.keys())
        line = (
            f"{self._settings.model}, {every - len(self._todo)} of {every} notes,"
            f" {len(self._matrix)} paragraphs, {self._matrix.size / 1e6:.1f} MB"
        )
        return f"{line}; {self._problem}" if self._problem else line

    # Finding

    async def nearest(self, query: str) -> list[Near]:
        """The notes closest in meaning; none where the model does not answer in time."""
        loop = asyncio.get_running_loop()
        if not len(self._matrix):
            return []
        if query not in self._queries:
            if loop.time() < self._silent_until:
                return []
            if not await self._asked(query):
                self._silent_until = loop.time() + self._settings.retry
                return []
        vector = self._queries[query]
        self._queries.move_to_end(query)
        if vector is None:
            return []
        most, least = self._settings.most, self._settings.least
        return await self._do(partial(self._matrix.nearest, vector, most, least))

    async def _asked(self, query: str) -> bool:
        """Have the query's vector made. Late is not lost: a model that is being loaded goes on."""
        task = self._asking.get(query)
        if task is None:
            task = self._asking[query] = asyncio.create_task(self._ask(query))
            task.add_done_callback(lambda _: self._asking.pop(query, None))
        try:
            async with asyncio.timeout(self._settings.query_timeout):
                self._queries[query] = await asyncio.shield(task)
        except TimeoutError:
            self._problem = "the model is too slow for queries just now"
            return False
        except ModelError as error:
            self._problem = str(error)
            return False
        if len(self._queries) > REMEMBERED:
            self._queries.popitem(last=False)
        return True

    async def _ask(self, query: str) -> Floats | None:
        text = as_query(self._settings.model, query)
        (value,) = await self._embed(self._settings.model, [text], background=False)
        self._silent_until = 0.0
        return unit(value)

    # Following

    async def _run(self, stamps: Stamps) -> None:
        while not await self._loaded():
            self._idle.set()
            await asyncio.sleep(self._settings.retry)
        self._idle.clear()
        self._hints.add(EVERYTHING)
        while True:
            try:
                whole = await self._compare(stamps)
                await self._work()
                if whole:
                    await self._do(self._table.tidy)
                self._problem = ""
            except ModelFailed as error:
                self._failures += 1
                self._problem = str(error)
            except (ModelError, OSError, sqlite3.Error) as error:
                self._problem = str(error)
                if spoilt(error):
                    await self._renew(error)
            self._idle.set()
            await self._hints.wait(self._settings.retry if self._todo else None)
            self._idle.clear()
            if not self._todo:
                await asyncio.sleep(self._settings.pause)

    async def _loaded(self) -> bool:
        """Take up the file; False while it is locked, or there is no room for it."""
        try:
            await self._do(self._load)
        except (OSError, sqlite3.Error) as error:
            if not self._problem:
                logger.warning("Search by meaning is off: {}", error)
            self._problem = f"its file cannot be used: {error}"
            return False
        return True

    def _load(self) -> None:
        self._table.open()
        try:
            self._fill()
        except sqlite3.DatabaseError as error:
            if not spoilt(error):
                raise
            self._table.renew(error)
            self._fill()

    def _fill(self) -> None:
        self._known = self._table.notes()
        self._matrix = Matrix()
        self._matrix.load(self._table.every())

    async def _renew(self, error: Exception) -> None:
        """Make everything again after a file that turned out to be spoilt."""
        try:
            await self._do(partial(self._table.renew, error))
            await self._do(self._fill)
        except (OSError, sqlite3.Error) as again:
            self._problem = str(again)
        self._hints.add(EVERYTHING)

    async def _compare(self, stamps: Stamps) -> bool:
        """Find out which notes changed. True when all were looked at."""
        hints = self._hints.take()
        if not hints:
            return False
        whole = EVERYTHING in hints
        there = await stamps(None if whole else hints)
        looked = there.keys() | self._known.keys() if whole else hints
        for path in sorted(looked):
            if path not in there:
                self._todo.pop(path, None)
                if path in self._known:
                    await self._do(partial(self._remove, path))
            elif self._known.get(path) != there[path]:
                self._todo[path] = None
        return whole

    async def _work(self) -> None:
        """Embed what waits; what was taken waits again where that fails."""
        while self._todo:
            taken = list(self._todo)[:AT_ONCE]
            notes, texts = await self._do(partial(self._prepare, taken))
            digests = list(texts)
            for at in range(0, len(digests), self._settings.batch):
                some = digests[at : at + self._settings.batch]
                values = await self._vectors([texts[digest] for digest in some])
                await self._do(partial(self._keep, some, values))
                self._failures = 0
            await self._do(partial(self._finish, taken, notes))

    async def _vectors(self, texts: list[str]) -> list[Floats | None]:
        """A vector for each text, None for one that the model refuses again and again."""
        model = self._settings.model
        if self._failures < REFUSALS:
            return [unit(value) for value in await self._embed(model, texts, background=True)]
        found: list[Floats | None] = []
        for text in texts:
            try:
                (value,) = await self._embed(model, [text], background=True)
            except ModelFailed as error:
                logger.info("A paragraph has no vector: {}", error)
                found.append(None)
            else:
                found.append(unit(value))
        return found

    # In the thread

    def _prepare(self, paths: list[str]) -> tuple[list[Prepared], dict[bytes, str]]:
        """Read notes; returns them and the texts of theirs that have no vector."""
        notes: list[Prepared] = []
        texts: dict[bytes, str] = {}
        for path in paths:
            note = self._read(path)
            if note is None:
                self._remove(path)
                continue
            notes.append(note)
            known = {each.digest: each.text for each in note.paragraphs}
            for digest in self._table.missing(known):
                texts[digest] = as_text(self._settings.model, known[digest])
        return notes, texts

    def _read(self, path: str) -> Prepared | None:
        """One note; None when it is gone. One that is private has no paragraphs."""
        try:
            with opened(None, f"{self._root}/{path}") as (descriptor, info):
                data = read_all(descriptor) if info.st_size <= LARGEST else b""
        except (OSError, PathError):
            return None
        text = read(data)
        hidden = private(path, scan(text).known_tags, self._settings.private)
        found = [] if hidden else paragraphs(stem(path), text)
        return Prepared(path, (info.st_mtime_ns, info.st_size), found)

    def _keep(self, digests: Sequence[bytes], values: Sequence[Floats | None]) -> None:
        sizes = {value.size for value in values if value is not None}
        if len(sizes) > 1 or len(values) != len(digests):
            raise ModelFailed("The model gave vectors that do not fit.")
        encoded = [b"" if value is None else value.tobytes() for value in values]
        self._table.add(digests, encoded, max(sizes, default=0))

    def _finish(self, taken: list[str], notes: list[Prepared]) -> None:
        for note in notes:
            places = [Place(each.line, each.digest) for each in note.paragraphs]
            self._matrix.put(note.path, self._table.put(note.path, note.stamp, places))
            self._known[note.path] = note.stamp
        for path in taken:
            self._todo.pop(path, None)

    def _remove(self, path: str) -> None:
        self._table.remove(path)
        self._matrix.remove(path)
        self._known.pop(path, None)

    async def _do(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)


class _Hints:
    """Paths to look at, from any thread, and a bell."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paths: set[str] = set()
        self._bell = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def add(self, path: str) -> None:
        with self._lock:
            self._paths.add(path)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._bell.set)

    def take(self) -> set[str]:
        with self._lock:
            paths, self._paths = self._paths, set()
        return paths

    async def wait(self, seconds: float | None) -> None:
        """Until there is a hint, or as long as this."""
        try:
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        except TimeoutError:
            return
        finally:
            self._bell.clear()
