"""Check files against a query with regular expressions in a process that can be stopped.

An expression such as ``(a+)+$`` takes longer than the universe has, cannot be interrupted, and
holds the interpreter meanwhile. So it runs elsewhere, and whoever runs it too long is killed.
"""

from __future__ import annotations

import os
import pickle
import resource
import select
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from octopus.backends.whoosh.analysis import Analyzer
from octopus.backends.whoosh.check import FormsOf, holds
from octopus.backends.whoosh.texts import Source, Sources
from octopus.backends.whoosh.where import find_place
from octopus.obsidian.query_node import Node

IDLE = 60.0  # seconds after which the process ends by itself
_SIZE = struct.Struct("!I")
_RESULT = struct.Struct("!I")
_END = 0xFFFFFFFF
_READY = 0xFFFFFFFE  # said once, before the first request
_START_SECONDS = 5.0  # for an interpreter and its imports, on a machine that is slow or busy
_CPU_SECONDS = 3  # for one request, should nobody be left to stop it


@dataclass(frozen=True, slots=True)
class Request:
    """Which of these files answer the query, or where in them is it answered?"""

    root: str
    node: Node
    # What counts for each word of the query; None when it is read by letters.
    forms: dict[tuple[str, bool], tuple[str, ...]] | None
    paths: Sequence[str]
    where: bool = False


class BoundedCheck:
    """The other process, started when it is first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, request: Request, seconds: float) -> tuple[list[int], bool]:
        """The places of the paths that answer, and whether all of them were looked at.

        ``seconds`` are for the answer; what ``start`` takes comes before.
        """
        for _ in range(2):
            process = self.start()
            deadline = time.monotonic() + seconds
            try:
                _send(process.stdin, pickle.dumps(request))
            except OSError:
                self.close()  # it had gone to rest
                continue
            found, complete = _receive(process, deadline)
            if not complete:
                self.close()
            return found, complete
        return [], False

    def places(self, request: Request, seconds: float) -> dict[str, int]:
        """The place in each file's text, as far as they are found in time."""
        told, _ = self.run(replace(request, where=True), seconds)
        pairs = zip(told[::2], told[1::2], strict=False)  # the last may have been cut
        return {request.paths[number]: place for number, place in pairs}

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def start(self) -> subprocess.Popen[bytes]:
        """The process, ready to answer, if it was not yet."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ.get("PATH", "")},
            )
            assert self._process.stdout is not None
            select.select([self._process.stdout], [], [], _START_SECONDS)
        return self._process


def _send(stream: IO[bytes] | None, data: bytes) -> None:
    assert stream is not None
    stream.write(_SIZE.pack(len(data)) + data)
    stream.flush()


def _receive(process: subprocess.Popen[bytes], deadline: float) -> tuple[list[int], bool]:
    assert process.stdout is not None
    descriptor = process.stdout.fileno()
    found: list[int] = []
    rest = b""
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([descriptor], [], [], left)[0]:
            break
        data = os.read(descriptor, 1 << 16)
        if not data:
            break
        rest += data
        whole = len(rest) // _RESULT.size * _RESULT.size
        numbers = (number for (number,) in _RESULT.iter_unpack(rest[:whole]))
        found += (number for number in numbers if number != _READY)
        rest = rest[whole:]
        if found and found[-1] == _END:
            return found[:-1], True
    return found, False


def serve(requests: IO[bytes], results: IO[bytes]) -> None:
    """Answer requests until there are no more, or none for a while."""
    analyzer = Analyzer()
    sources: dict[str, Sources] = {}
    results.write(_RESULT.pack(_READY))
    results.flush()
    while select.select([requests], [], [], IDLE)[0]:
        header = requests.read(_SIZE.size)
        if len(header) < _SIZE.size:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        request: Request = pickle.loads(requests.read(*_SIZE.unpack(header)))  # noqa: S301 - ours
        known = sources.setdefault(request.root, Sources(Path(request.root)))
        for number, path in enumerate(request.paths):
            source = known.get(path)
            if source is not None:
                results.writelines(map(_RESULT.pack, _answer(request, number, source, analyzer)))
                results.flush()
        results.write(_RESULT.pack(_END))
        results.flush()


def _answer(request: Request, number: int, source: Source, analyzer: Analyzer) -> tuple[int, ...]:
    """The file's number if it answers, and where."""
    if request.where:
        place = find_place(source, request.node, request.forms or {}, analyzer)
        return () if place is None else (number, place)
    return (number,) if holds(request.node, source, _forms(request), analyzer) else ()


def _forms(request: Request) -> FormsOf | None:
    forms = request.forms
    if forms is None:
        return None
    return lambda term, prefix: forms.get((term, prefix), (term,))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
