"""Something that the owner wants to be told at a moment, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from octopus.core.message import Reply

#: Later than this counts as late, and is said: the store is looked at every minute anyway.
LATE = timedelta(seconds=90)

#: Minutes between two nags: at least one, at most a day.
NAG_LEAST, NAG_MOST = 1, 1440


class ReminderState(StrEnum):
    """The closed set of states of a reminder."""

    ARMED = "armed"  # it rings at ``at``
    TOLD = "told"  # it rang for the last time; it rings again only at ``again``
    DONE = "done"  # the owner did it
    DROPPED = "dropped"  # the owner does not want it any more


@dataclass(frozen=True, slots=True)
class Reminder:
    """One alarm. The table of reminders is the truth, but for alarms that stand in notes."""

    id: int  # 0 until it is kept
    text: str
    local: datetime  # naive: the wall clock that the owner meant
    zone: str  # IANA name of the zone in which the wall clock was meant
    at: datetime  # aware: the instant of it
    conversation: str  # where it is told, "telegram:17"
    repeat: str | None = None  # in the Tasks plugin's words, or "every 10 minutes"
    nag: int = 0  # minutes after which it is told again until it is answered; 0 for never
    path: str | None = None  # the note whose to-do it stands in; None for one standing alone
    todo: str = ""  # of such a to-do the words as written, to find it again
    line: int = 0  # where it stood last
    user: str = ""  # who may press its buttons
    language: str = "en"  # in which it is told
    state: ReminderState = ReminderState.ARMED
    again: datetime | None = None  # aware: rings beside its rule: put off, or told again
    told: int = 0  # how often it rang by its rule

    @property
    def due(self) -> datetime | None:
        """When it rings next; None when it will not."""
        if self.state is ReminderState.ARMED:
            return min(self.at, self.again) if self.again is not None else self.at
        return self.again if self.state is ReminderState.TOLD else None

    @property
    def shown_at(self) -> datetime:
        """When it rings next, or rang last, on the clock of its zone."""
        return (self.due or self.at).astimezone(ZoneInfo(self.zone))

    def as_json(self) -> dict[str, Any]:
        """``{"id","text","at","repeat","path"}``."""
        at = self.shown_at.isoformat(timespec="seconds")
        return {
            "id": self.id,
            "text": self.text,
            "at": at,
            "repeat": self.repeat,
            "path": self.path,
        }

    def image(self) -> bytes:
        """As it is kept for taking a change back."""
        return json.dumps(asdict(self), default=datetime.isoformat, ensure_ascii=False).encode()

    @classmethod
    def from_image(cls, data: bytes) -> Reminder:
        """The inverse of :meth:`image`."""
        values = json.loads(data)
        for name in ("local", "at", "again"):
            if values[name] is not None:
                values[name] = datetime.fromisoformat(values[name])
        return cls(**{**values, "state": ReminderState(values["state"])})


@dataclass(frozen=True, slots=True)
class Ring:
    """A reminder that has come due."""

    reminder: Reminder  # as it was
    at: datetime  # aware: when it should have been told
    late: bool = False
    missed: int = 0  # times that it came due since and that are not told one by one

    @property
    def key(self) -> str:
        """The same for the same ring, however often the store is looked at."""
        return f"reminder:{self.reminder.id}:{self.at.isoformat(timespec='microseconds')}"


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nothing makes a sound. May go over midnight; equal ends mean never."""

    begin: time = time(22)
    end: time = time(7)

    def holds(self, moment: datetime) -> bool:
        """Whether it is quiet at this moment of the owner's clock."""
        clock = moment.time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end

    def over(self, moment: datetime) -> datetime:
        """This moment, or the end of the quiet hours that it falls into."""
        if not self.holds(moment):
            return moment
        day = moment if moment.time() < self.end else moment + timedelta(days=1)
        return day.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)


class Teller(Protocol):
    """Words for what rings."""

    @property
    def quiet(self) -> Quiet:
        """The hours in which nothing makes a sound, and nothing nags."""

    def reply(self, rings: Sequence[Ring], now: datetime) -> Reply:
        """What is shown for these: one reminder, or a digest of many."""


def stopped(reminder: Reminder, state: ReminderState) -> Reminder:
    """The reminder when it is not to be told any more."""
    return replace(reminder, state=state, again=None)
