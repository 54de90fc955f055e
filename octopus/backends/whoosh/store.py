"""The index on disk: which generation is current, what it holds, how a change becomes part of it.

The folder has one sub-folder for each generation and a file ``current.json`` that names the one in
use. A rebuild fills a new generation beside it and is swapped in by replacing that file. Nothing
is synced to disk: an index that a power cut has spoilt is noticed by its sizes and checksums and
built again.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import struct
import zlib
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, clean_files

from octopus.backends.whoosh.pool import Pool
from octopus.backends.whoosh.schema import VERSION, make_schema
from octopus.backends.whoosh.segment import Progress, segment_files, write_segment
from octopus.backends.whoosh.view import Damaged, SegmentView
from octopus.core.crash import crash_point

_NAME = "MAIN"
_POINTER = "current.json"
_TRAILER = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class Part:
    """One segment as it is seen at one moment."""

    view: SegmentView
    deleted: frozenset[int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole index at one moment; it never changes, so any thread may read it."""

    parts: tuple[Part, ...] = ()
    generation: int = 0

    @property
    def average_length(self) -> float:
        """Words in a document on average, deleted ones included, as the library counts."""
        total = sum(part.view.total_length for part in self.parts)
        return total / (self.count or 1) or 1.0

    @property
    def count(self) -> int:
        """Documents, deleted ones included."""
        return sum(part.view.count for part in self.parts)


class Written(NamedTuple):
    """A segment that is on disk and not part of the index yet."""

    part: Part
    segment: W3Segment


class Generation:
    """One directory with an index in it. One thread commits; others may prepare segments."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.number = number
        self._storage = FileStorage(str(folder))
        self._segments: dict[str, W3Segment] = {}
        self._toc = 0
        self.preparing = False  # there may be files of a segment that is not part of the index yet
        self.snapshot = Snapshot((), number)

    @classmethod
    def create(cls, folder: Path, number: int) -> Generation:
        """Make an empty one."""
        folder.mkdir(parents=True)
        generation = cls(folder, number)
        generation._write_contents([])
        return generation

    def load(self) -> None:
        """Read what is there.

        Raises:
            Damaged: it cannot be read, or is not what was written.
        """
        try:
            toc = self._read_contents()
            kept = {part.view.id: part.view for part in self.snapshot.parts}
            parts = []
            for segment in toc.segments:
                self._check_sizes(segment)
                view = kept.get(segment.segment_id()) or SegmentView(self.folder, segment)
                parts.append(Part(view, frozenset(segment.deleted_docs())))
        except (Damaged, OSError) as error:
            raise Damaged(str(error)) from error
        except Exception as error:  # unpickling spoilt bytes raises anything
            raise Damaged(f"{type(error).__name__}: {error}") from error
        self._segments = {segment.segment_id(): segment for segment in toc.segments}
        self._toc = toc.generation
        self.snapshot = Snapshot(tuple(parts), self.number)

    def _check_sizes(self, segment: W3Segment) -> None:
        for name, size in getattr(segment, "sizes", {"": -1}).items():
            if not name or self._storage.file_length(name) != size:
                raise Damaged(f"{name or 'a segment'} is not as it was written")

    def verify(self) -> None:
        """Compare every file with its checksum.

        Raises:
            Damaged: one of them differs.
        """
        for segment in list(self._segments.values()):
            for name, checksum in segment.checksums.items():
                try:
                    data = (self.folder / name).read_bytes()
                except OSError as error:
                    raise Damaged(str(error)) from error
                if zlib.crc32(data) != checksum:
                    raise Damaged(f"{name} is not as it was written")

    def write(self, pool: Pool, breathe: Progress | None = None) -> Part:
        """Write a segment; it becomes part of the index with the next :meth:`commit`."""
        return self.take(self.prepare(pool, breathe))

    def prepare(self, pool: Pool, breathe: Progress | None = None) -> Written:
        """Write a segment, in any thread; ``preparing`` is set meanwhile."""
        segment = write_segment(self._storage, pool, breathe)
        segment.checksums = {
            name: zlib.crc32((self.folder / name).read_bytes()) for name in segment_files(segment)
        }
        return Written(Part(SegmentView(self.folder, segment), frozenset()), segment)

    def take(self, written: Written) -> Part:
        """Make ready for the next :meth:`commit` what was prepared."""
        self._segments[written.part.view.id] = written.segment
        return written.part

    def commit(self, parts: list[Part]) -> None:
        """Make these parts the index, in one step."""
        parts = [part for part in parts if len(part.deleted) < part.view.count]
        segments = []
        for part in parts:
            segment = self._segments[part.view.id]
            segment._deleted = set(part.deleted) or None
            segments.append(segment)
        crash_point("index.commit")
        self._toc += 1
        self._write_contents(segments)
        if not self.preparing:
            clean_files(self._storage, _NAME, self._toc, segments)
        self._segments = {segment.segment_id(): segment for segment in segments}
        self.snapshot = replace(self.snapshot, parts=tuple(parts))

    def _read_contents(self) -> TOC:
        name = TOC._filename(_NAME, self.latest())
        data = (self.folder / name).read_bytes()
        body, trailer = data[: -_TRAILER.size], data[-_TRAILER.size :]
        if _TRAILER.unpack(trailer) != (zlib.crc32(body),):
            raise Damaged(f"{name} is not as it was written")
        with closing(_Opened(str(self.folder))) as storage:
            return TOC.read(storage, _NAME)

    def _write_contents(self, segments: list[W3Segment]) -> None:
        """The library's table of contents, with a checksum behind it that it does not read."""
        memory = RamStorage()
        TOC(make_schema(), segments, self._toc).write(memory, _NAME)
        name = TOC._filename(_NAME, self._toc)
        body = bytes(memory.files[name])
        temporary = self.folder / f".{name}.new"
        temporary.write_bytes(body + _TRAILER.pack(zlib.crc32(body)))
        temporary.replace(self.folder / name)

    def latest(self) -> int:
        """The number of the last commit on disk, made by whatever process."""
        return int(TOC._latest_generation(self._storage, _NAME))

    @property
    def stale(self) -> bool:
        """True when another process has committed since."""
        return self.latest() != self._toc


class _Opened(FileStorage):  # type: ignore[misc]  # it has no types
    """Closes what the library opens and, where it stumbles, leaves open."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        file = super().open_file(name, **options)
        self._opened.append(file)
        return file

    def close(self) -> None:
        for file in self._opened:
            if not file.is_closed:
                file.close()


class Store:
    """The folder of the index of one vault."""

    def __init__(self, folder: Path, vault: Path) -> None:
        self.folder = folder
        self._vault = str(vault)
        self._lock: int | None = None

    def acquire(self) -> bool:
        """Become the only writer. False when another process is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def release(self) -> None:
        """Stop being the writer."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def current(self) -> Generation:
        """Open the generation in use.

        Raises:
            Damaged: there is none for this vault and this version that can be read.
        """
        pointer = self._pointer()
        if pointer.get("version") != VERSION:
            raise Damaged("it was written by another version" if pointer else "there is none yet")
        if pointer.get("vault") != self._vault:
            raise Damaged("it belongs to another vault")
        number = pointer.get("generation")
        if not isinstance(number, int):
            raise Damaged("its description is spoilt")
        generation = Generation(self._directory(number), number)
        generation.load()
        return generation

    def is_current(self, generation: Generation) -> bool:
        """True while no other generation has been swapped in."""
        return self._number() == generation.number

    def begin(self) -> Generation:
        """Start a new generation beside the one in use."""
        taken = [int(p.name[4:]) for p in self.folder.glob("gen-*") if p.name[4:].isdigit()]
        number = max([*taken, self._number()]) + 1
        return Generation.create(self._directory(number), number)

    def swap(self, generation: Generation) -> None:
        """Make this generation the one in use and remove the others."""
        pointer = {"version": VERSION, "vault": self._vault, "generation": generation.number}
        temporary = self.folder / (_POINTER + ".new")
        temporary.write_text(json.dumps(pointer), "utf-8")
        if (self.folder / _POINTER).is_dir():  # whoever made it, no search can go on with it
            shutil.rmtree(self.folder / _POINTER)
        temporary.replace(self.folder / _POINTER)
        self.tidy(generation.number)

    def tidy(self, keep: int) -> None:
        """Remove generations that are not in use, and what a killed rebuild has left."""
        for path in self.folder.glob("gen-*"):
            if path != self._directory(keep):
                shutil.rmtree(path, ignore_errors=True)

    def _directory(self, number: int) -> Path:
        return self.folder / f"gen-{number}"

    def _pointer(self) -> dict[str, Any]:
        try:
            data = json.loads((self.folder / _POINTER).read_bytes())
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}

    def _number(self) -> int:
        number = self._pointer().get("generation")
        return number if isinstance(number, int) else 0
