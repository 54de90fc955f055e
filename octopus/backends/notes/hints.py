"""Paths to look at, collected from any thread."""

from __future__ import annotations

import threading

EVERYTHING = ""  # the hint that anything may have changed
MOST_HINTS = 2000  # files; with more of them a look at the whole vault is cheaper


class Hints:
    """Each path once; more than MOST_HINTS of them are everything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paths: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._paths)

    def add(self, path: str) -> bool:
        """Note a path; true when it is the first one."""
        with self._lock:
            first = not self._paths
            if path == EVERYTHING or len(self._paths) >= MOST_HINTS:
                self._paths = {EVERYTHING}
            elif EVERYTHING not in self._paths:
                self._paths.add(path)
            return first

    def take(self) -> set[str]:
        """The paths so far, to be looked at now."""
        with self._lock:
            paths, self._paths = self._paths, set()
            return paths
