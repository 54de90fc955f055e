"""How the parts of the house are, each in one line that can be said in every language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from octopus.core.reminder import Reminder
from octopus.core.search import IndexStatus
from octopus.errors import Sentence


def both(first: Sentence, second: Sentence) -> Sentence:
    """Two lines as one."""
    return Sentence("{first}, {second}", "status.both", first=first, second=second)


def jobs(running: int, waiting: int) -> Sentence:
    """What is being done, and what is to be done."""
    return Sentence(
        "{running} running, {waiting} waiting", "status.work", running=running, waiting=waiting
    )


def notes(index: IndexStatus) -> Sentence:
    """What can be searched."""
    line = Sentence(
        "{indexed} of {notes} can be searched",
        "status.searched",
        indexed=index.indexed,
        notes=index.notes,
    )
    if index.rebuilding is not None:
        share = f"{index.rebuilding:.0%}"
        line = both(line, Sentence("index {share} built", "status.rebuilding", share=share))
    if index.copies:
        copies = Sentence(
            "{count} conflict copies (/conflicts)", "status.copies", count=index.copies
        )
        line = both(line, copies)
    return line


def reminders(armed: Sequence[Reminder], zone: tzinfo | None) -> Sentence:
    """How many will ring, and when the first does."""
    if not armed or armed[0].due is None:
        return Sentence("none armed", "status.unarmed")
    here = armed[0].due.astimezone(zone)
    return Sentence(
        "{count} armed, the next on {day} at {clock}",
        "status.armed",
        count=len(armed),
        day=f"{here:%Y-%m-%d}",
        clock=f"{here:%H:%M}",
    )
