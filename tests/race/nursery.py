"""Starts processes in a few milliseconds: by forking one that has everything imported already."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import traceback
from base64 import b64decode, b64encode
from collections.abc import Callable
from types import TracebackType
from typing import Any

from tests.patience import PATIENCE


class Nursery:
    """The parent of all processes of a race, itself a process without threads."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.race.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, work: Callable[..., None], *args: object) -> int:
        """Run a function of a module in a new process; returns its id."""
        pickled = b64encode(pickle.dumps((work, args))).decode()
        return int(self._ask({"start": pickled}))

    def wait(self, pid: int) -> int:
        """Its exit code, negative for a signal, once it has ended."""
        return int(self._ask({"wait": pid}))

    def ended(self, pid: int) -> bool:
        """Whether it has ended; ``wait`` tells how."""
        return bool(self._ask({"ended": pid}))

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(PATIENCE)

    def _ask(self, what: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def _fork(pickled: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.close(0)
        os.dup2(2, 1)
        work, args = pickle.loads(b64decode(pickled))
        work(*args)
        code = 0
    except BaseException:  # noqa: BLE001 - the parent sees the exit code, a person the trace
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _serve() -> None:
    codes: dict[int, int] = {}
    children: set[int] = set()
    for line in sys.stdin:
        what = json.loads(line)
        answer: object = None
        if "start" in what:
            answer = _fork(what["start"])
            children.add(int(str(answer)))
        elif "wait" in what:
            pid = what["wait"]
            answer = codes.get(pid)
            if answer is None:
                answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            children.discard(pid)
        else:
            pid, status = os.waitpid(what["ended"], os.WNOHANG)
            if pid:
                codes[pid] = os.waitstatus_to_exitcode(status)
            answer = bool(pid)
        print(json.dumps(answer), flush=True)
    for pid in children:  # nobody waits for them any more
        if pid not in codes:
            os.kill(pid, 9)


if __name__ == "__main__":
    import tests.race.octopus
    import tests.race.owner  # noqa: F401 - imported once, for all the children

    _serve()
