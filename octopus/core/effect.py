"""A write to the vault as a value: what is wanted, what it replaces, how to find it again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class EffectState(StrEnum):
    """The closed set of states of an effect."""

    INTENDED = "intended"  # written down, perhaps made: after a crash the file tells
    DONE = "done"  # made, and on disk
    UNDONE = "undone"  # taken back, or made again, by another effect; or gone from the file


@dataclass(frozen=True, slots=True)
class Effect:
    """One recorded write. Hashes are hex SHA-256 of whole files; None stands for no file."""

    id: int
    job: int
    step: int  # counts the writes of a job; together with it, the key that makes a retry safe
    conversation: str
    kind: str  # create, edit, move, trash, undo, again
    path: str
    state: EffectState
    before: str | None
    after: str | None
    to: str = ""  # where a move went
    mark: str = ""  # what the change needs to be found again
    undoes: int = 0  # the effect that this one takes back
    at: datetime | None = None  # when it was written down; the journal says


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes before and after an effect, kept for taking it back."""

    before: bytes | None
    after: bytes | None


class Write(NamedTuple):
    """A file to be replaced as a whole, if its content has the hash ``expect``."""

    path: str
    data: bytes
    expect: str | None


def digest(data: bytes | None) -> str | None:
    """The hash that stands for a file's content."""
    return None if data is None else hashlib.sha256(data).hexdigest()


class Change(Protocol):
    """What a skill wants changed in one file. Applying it twice to one text gives one result."""

    @property
    def kind(self) -> str:
        """As recorded in the effect."""

    @property
    def path(self) -> str:
        """The file, relative to the vault."""

    @property
    def undoes(self) -> int:
        """The effect that is taken back; 0 for none."""

    def apply(self, old: bytes | None) -> bytes:
        """The new content. Raises UserError or VaultError when it cannot be made."""

    def mark(self, old: bytes | None) -> str:
        """What has to be remembered of the old content to recognise the change later."""

    def is_in(self, now: bytes | None, mark: str) -> bool:
        """Whether the change stands in a text that is neither the old nor the new one."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the bytes of one file, made by a pure function of ``octopus.obsidian``."""

    path: str
    transform: Callable[[bytes | None], bytes]
    added: bytes = b""  # exact lines that the change brings in; b"" where it brings none
    kind: str = "edit"
    undoes: int = 0  # the effect that this one takes back

    def apply(self, old: bytes | None) -> bytes:
        """The transformed content."""
        return self.transform(old)

    def mark(self, old: bytes | None) -> str:
        """How often the added lines stood in the file before."""
        return str(_runs(old or b"", self.added)) if self.added.strip(b"\r\n") else ""

    def is_in(self, now: bytes | None, mark: str) -> bool:
        """True when the added lines stand in the file more often than before."""
        return bool(mark) and now is not None and _runs(now, self.added) > int(mark)


def _runs(data: bytes, lines: bytes) -> int:
    """How often whole lines stand in a file one after the other, however it ends its lines.

    Parts of lines do not count: an "a" that the owner writes meanwhile is not the line "a".
    """
    wanted = re.escape(lines.replace(b"\r\n", b"\n").strip(b"\r\n"))
    text = b"\n" + data.replace(b"\r\n", b"\n") + b"\n"
    return len(re.findall(b"(?=\n" + wanted + b"\n)", text))
