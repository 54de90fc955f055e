"""Sees every file that this process opens, makes, moves or removes, and tells what is outside."""

# pathlib would look things up in ways of its own.
# ruff: noqa: PTH115, PTH117, PTH118

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import current_thread
from typing import Any

#: Audit events by the places of (path, descriptor of its folder) among their arguments.
_EVENTS: dict[str, list[tuple[int, int | None]]] = {
    "open": [(0, None)],
    "os.listdir": [(0, None)],
    "os.scandir": [(0, None)],
    "os.mkdir": [(0, 2)],
    "os.remove": [(0, 1)],
    "os.rmdir": [(0, 1)],
    "os.rename": [(0, 2), (1, 3)],
    "os.link": [(0, 2), (1, 3)],
    "os.symlink": [(1, 2)],
    "os.truncate": [(0, None)],
    "os.chmod": [(0, 2)],
    "os.chown": [(0, 3)],
    "os.utime": [(0, 3)],
}


class Guard:
    """From :meth:`watch` on; ``outside`` are the accesses that must not have been."""

    def __init__(self, inside: Path, *others: Path) -> None:
        self.inside = inside.resolve()
        # What Python itself and our own state need; none of it is asked for by a path of others.
        self.others = tuple({path.resolve() for path in others})
        self.outside: list[str] = []
        self.seen = 0
        self.except_for = ""  # the name of a thread that plays somebody else
        self._on = False

    def watch(self) -> None:
        """An audit hook cannot be taken away: this is for a process of its own."""
        self._on = True
        sys.addaudithook(self._audit)
        os.open = self._opened(os.open)

    def stop(self) -> None:
        """Look no more."""
        self._on = False

    def go_on(self) -> None:
        """Look again."""
        self._on = True

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if not self._on or event not in _EVENTS or current_thread().name == self.except_for:
            return
        for place, folder in _EVENTS[event]:
            path = args[place]
            if isinstance(path, int) or path is None:
                continue
            descriptor = args[folder] if folder is not None else -1
            if event == "open" and not os.path.isabs(os.fsdecode(path)):
                continue  # relative to a descriptor that the event does not tell: looked at below
            self._judge(event, os.fsdecode(path), descriptor)

    def _opened(self, real: Callable[..., int]) -> Callable[..., int]:
        """The audit event of ``os.open`` leaves out the folder's descriptor: ask the kernel."""

        def opened(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            descriptor = real(path, flags, mode, dir_fd=dir_fd)
            if self._on:
                self._found("os.open", os.readlink(f"/proc/self/fd/{descriptor}"))
            return descriptor

        return opened

    def _judge(self, event: str, path: str, descriptor: int) -> None:
        if descriptor >= 0 and not os.path.isabs(path):
            path = os.path.join(os.readlink(f"/proc/self/fd/{descriptor}"), path)
        if path.startswith("/proc/self/fd/"):
            return  # our own descriptors, opened before
        parent, name = os.path.split(path)
        where = os.path.join(os.path.realpath(parent), name)
        self._found(event, os.path.realpath(path) if event == "open" else where)

    def _found(self, event: str, where: str) -> None:
        self.seen += 1
        path = Path(where.removesuffix(" (deleted)"))
        if path == self.inside or self.inside in path.parents:
            return
        if not any(path == other or other in path.parents for other in self.others):
            self.outside.append(f"{event} {where}")
