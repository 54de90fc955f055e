"""What the index needs to know of files whose text somebody else reads, such as PDF."""

from __future__ import annotations

from typing import Protocol

from octopus.core.search import Extract

PENDING = "its text is yet to be read; until then only its name is searched"


class Attachments(Protocol):
    """Texts of attachments by path and stamp: (time of the last change in ns, size)."""

    missing: str  # why no text can be read at all, "" when it can

    def open(self) -> None:
        """Take up what was read before."""

    def stop(self) -> None:
        """Stop reading, from any thread."""

    def close(self) -> None:
        """Let go of what is kept."""

    def handles(self, path: str) -> bool:
        """True for the files that this is about."""

    def wants(self, path: str, stamp: tuple[int, int]) -> bool:
        """True for a version that could be read and was not."""

    def get(self, path: str, stamp: tuple[int, int]) -> Extract | None:
        """What was read of this version; None when it was not read yet."""

    def read(self, path: str) -> None:
        """Read the file as it is now. Blocks, in a thread of its own; never raises."""

    def forgive(self) -> None:
        """Try again what could not be read."""

    def forget(self, present: set[str]) -> None:
        """Let go of the texts of files that are not there any more."""


class NoAttachments:
    """No file but notes has a text."""

    missing = ""

    def open(self) -> None:
        """Nothing is kept."""

    def stop(self) -> None:
        """Nothing is read."""

    def close(self) -> None:
        """Nothing is kept."""

    def handles(self, path: str) -> bool:
        """None is handled."""
        return False

    def wants(self, path: str, stamp: tuple[int, int]) -> bool:
        """None is wanted."""
        return False

    def get(self, path: str, stamp: tuple[int, int]) -> Extract | None:
        """None was read."""
        return None

    def read(self, path: str) -> None:
        """Nothing to do."""

    def forgive(self) -> None:
        """Nothing to do."""

    def forget(self, present: set[str]) -> None:
        """Nothing to do."""


class Unread:
    """The attachments whose text is missing, and why."""

    def __init__(self, texts: Attachments) -> None:
        self.texts = texts
        self._waiting: set[str] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def look(self, path: str, stamp: tuple[int, int]) -> str:
        """Have a file read if it was not. Returns why its text is not whole, "" when it is."""
        if self.texts.wants(path, stamp):
            self._waiting.add(path)
            return PENDING
        extract = self.texts.get(path, stamp)
        return extract.reason if extract else self.texts.missing

    def next(self) -> str | None:
        """A file to read now; called by the thread that reads them."""
        try:
            return self._waiting.pop()
        except KeyError:
            return None
