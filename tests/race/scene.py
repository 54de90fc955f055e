"""The notes that everybody writes, and the marks by which every single edit is found again."""

from __future__ import annotations

import fcntl
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

END = b"%% end of the note %%\n"
MARK = re.compile(rb"\b(?:own|oct)-[0-9a-z]+-[0-9]+\b")
TASK = re.compile(rb"^- \[(?P<box>.)\] task (?P<name>[0-9]+-[0-9]+)\b", re.MULTILINE)


def name(note: int) -> str:
    """The path of a note in the vault."""
    return f"notes/note {note}.md"


def first_text(note: int, tasks: int) -> bytes:
    """A note before anybody has edited it."""
    lines = [f"# Note {note}", "", "## Log", "", "- the first line", "", "## Tasks", ""]
    lines += [f"- [ ] task {note}-{number}" for number in range(tasks)]
    return "\n".join(lines).encode() + b"\n\n" + END


def is_whole(text: bytes) -> bool:
    """False for a text of which somebody has read only a part."""
    return text.startswith(b"# Note ") and text.count(END) == 1 and text.endswith(END)


def marks(text: bytes) -> Counter[bytes]:
    """Every mark with how often it stands there."""
    return Counter(MARK.findall(text))


def boxes(text: bytes) -> dict[bytes, list[bytes]]:
    """The boxes of each task by its name; one, if all is well."""
    found: dict[bytes, list[bytes]] = {}
    for match in TASK.finditer(text):
        found.setdefault(match["name"], []).append(match["box"])
    return found


@contextmanager
def owners_turn(locks: Path, note: int) -> Iterator[None]:
    """One of the owner's own programs at a time: what they do to one another is not our matter.

    Octopus knows nothing of this lock.
    """
    descriptor = os.open(locks / str(note), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
