"""Keep the text of the vault's PDF files, each read once.

The texts are in an SQLite file of their own that can be thrown away at any time.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from loguru import logger

from octopus.backends.files import opened
from octopus.core.search import Extract
from octopus.errors import PathError

VERSION = 1
#: What stands between two pages.
PAGE = "\n\f\n"

ABSENT = "the text of PDF files is not read; to have it: pip install 'octopus[pdf]'"
_SCHEMA = """
CREATE TABLE pdf (
    path TEXT PRIMARY KEY, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL,
    text TEXT NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID
"""

Stamp = tuple[int, int]  # time of the last change in ns, size in bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take."""

    size: int = 64 * 1024 * 1024  # bytes of the file
    pages: int = 1000
    characters: int = 2_000_000
    cpu_seconds: int = 30
    seconds: float = 90.0  # on a machine that is busy
    memory: int = 768 * 1024 * 1024  # bytes of address space


class PdfTexts:
    """Texts by path and stamp. One thread reads files; any thread may ask for what was read."""

    def __init__(self, root: Path, file: Path, limits: Limits = Limits()) -> None:
        self._root = root
        self._file = file
        self._limits = limits
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._known: dict[str, tuple[Stamp, str]] = {}  # the stamp, and the reason if any
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self.missing = "" if importlib.util.find_spec("pypdf") else ABSENT

    def open(self) -> None:
        """Take up what was read before; nothing where the file is spoilt."""
        with self._lock:
            try:
                self._open()
            except (sqlite3.Error, OSError) as error:
                logger.info("The texts of PDF files are read anew: {}", error)
                self._throw_away()

    def _open(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA synchronous = OFF")  # what a power cut spoils is read anew
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version not in {0, VERSION}:
            raise sqlite3.DatabaseError("they were written by another version")
        if not version:
            self._database.execute(_SCHEMA)
            self._database.execute(f"PRAGMA user_version = {VERSION}")
        rows = self._database.execute("SELECT path, mtime_ns, size, reason FROM pdf")
        self._known = {path: ((mtime, size), reason) for path, mtime, size, reason in rows}

    def _throw_away(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
        self._known = {}
        try:
            self._file.unlink(missing_ok=True)
            self._open()
        except (sqlite3.Error, OSError) as error:
            logger.warning("The texts of PDF files cannot be kept in {}: {}", self._file, error)
            self._database = None

    def stop(self) -> None:
        """Stop reading, from any thread."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """Let go of the file."""
        self.stop()
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def handles(self, path: str) -> bool:
        """True for the files whose text is kept here."""
        return path[-4:].lower() == ".pdf"

    def wants(self, path: str, stamp: Stamp) -> bool:
        """True for a file that could be read and was not."""
        return not self.missing and self._known.get(path, (None,))[0] != stamp

    def get(self, path: str, stamp: Stamp) -> Extract | None:
        """What was read of this version of a file; None when it was not read yet."""
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            return None
        with self._lock:
            row = None
            if self._database is not None:
                found = self._database.execute("SELECT text FROM pdf WHERE path = ?", (path,))
                row = found.fetchone()
        return Extract(row[0] if row else "", known[1])

    def read(self, path: str) -> None:
        """Read the file as it is now, unless it is known. Blocks; never raises."""
        try:
            with opened(None, f"{self._root}/{path}") as (descriptor, _):
                before = _stamp(descriptor)
                if not self.wants(path, before):
                    return
                extract = self._extracted(descriptor, before[1])
                if self._stopped or _stamp(descriptor) != before:
                    return  # it is looked at again with the next hint
        except (OSError, PathError) as error:
            logger.debug("{} is not read: {}", path, error)
            return
        self._keep(path, before, extract)

    def forgive(self) -> None:
        """Forget what could not be read: another try may do better."""
        with self._lock:
            if self._database is not None:
                self._database.execute("DELETE FROM pdf WHERE reason <> ''")
            self._known = {path: known for path, known in self._known.items() if not known[1]}

    def forget(self, present: set[str]) -> None:
        """Let go of the texts of files that are not ``present`` any more."""
        gone = [(path,) for path in self._known if path not in present]
        with self._lock:
            if self._database is not None and gone:
                self._database.executemany("DELETE FROM pdf WHERE path = ?", gone)
        for (path,) in gone:
            self._known.pop(path, None)

    def _keep(self, path: str, stamp: Stamp, extract: Extract) -> None:
        row = (path, *stamp, extract.text, extract.reason)
        with self._lock:
            if self._database is None:
                return
            try:
                self._database.execute("INSERT OR REPLACE INTO pdf VALUES (?,?,?,?,?)", row)
            except sqlite3.Error as error:  # a full disk: the text is read again another time
                logger.warning("The text of {} cannot be kept: {}", path, error)
                return
        self._known[path] = (stamp, extract.reason)

    def _extracted(self, descriptor: int, size: int) -> Extract:
        if size > self._limits.size:
            return Extract("", f"it is larger than {self._limits.size >> 20} MB")
        command = [sys.executable, "-m", "octopus.backends.pdf.child"]
        self._process = process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            [*command, json.dumps(asdict(self._limits))],
            stdin=descriptor,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ.get("PATH", "")},
        )
        ended = ""
        try:
            output, _ = process.communicate(timeout=self._limits.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            ended = "reading it took too long"
        finally:
            self._process = None
        return _understood(output, ended or _cause(process.returncode))


def _stamp(descriptor: int) -> Stamp:
    info = os.fstat(descriptor)
    return info.st_mtime_ns, info.st_size


def _understood(output: bytes, cause: str) -> Extract:
    """The pages that were read, and why there are no more."""
    pages, reason = [], cause
    for line in output.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            break  # it was ended in the middle of a line
        if "page" in told:
            pages.append(told["page"].replace("\f", " ").replace("\0", " "))
        else:
            reason = told["end"]
    text = PAGE.join(pages).encode("utf-8", "replace").decode()
    if not reason and not text.strip():
        reason = "it has no text, only pictures"
    return Extract(text, reason)


def _cause(code: int) -> str:
    """Why a process ended that said nothing about it."""
    if code in {-24, -9}:  # SIGXCPU, then SIGKILL
        return "reading it took too long"
    return f"reading it failed ({code})"
