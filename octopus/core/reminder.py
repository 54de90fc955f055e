"""Something that the owner wants to be told at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """One armed alarm. The table of reminders is the truth, but for alarms that stand in notes."""

    id: int  # 0 until it is kept
    text: str
    local: datetime  # naive: the wall clock that the owner meant
    zone: str  # IANA name of the zone in which the wall clock was meant
    at: datetime  # aware: the instant of it
    conversation: str  # where it is told, "telegram:17"
    repeat: str | None = None  # in the Tasks plugin's words
    nag: bool = False  # told again until it is answered
    path: str | None = None  # the note whose to-do it stands in; None for one standing alone
    todo: str = ""  # of such a to-do the words as written, to find it again
