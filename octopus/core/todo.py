"""A to-do as it stands in a note, known without reading the note again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Todo:
    """A task line of the vault. The note is the truth; this is what was read in it last."""

    path: str  # vault-relative, with "/"
    line: int  # 1-based
    status: str  # the character in the box
    open: bool  # False when it is done, cancelled or no task at all in the owner's settings
    text: str  # what stands after the box, as written
    description: str  # of this the words, without dates, priority and the like; tags stay
    due: date | None = None
    scheduled: date | None = None
    start: date | None = None
    done: date | None = None
    priority: str | None = None  # highest, high, medium, low, lowest
    repeat: str | None = None  # in the Tasks plugin's words
    remind_at: datetime | None = None  # naive: the owner's wall clock, wherever the owner is
    tags: tuple[str, ...] = ()  # with "#"
    heading: str = ""  # raw text of the heading above it
