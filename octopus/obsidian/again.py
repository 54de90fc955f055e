"""For a change that an editor saved an older text over: whether it stands, and making it again."""

from __future__ import annotations

import re
from collections import Counter

from octopus.errors import Refused
from octopus.obsidian.merge import merge3

# A box, and the words after it up to the first sign of the Tasks plugin or of Dataview.
_TASK = re.compile(r"(?:>[ ]?|[ \t])*(?:[-*+]|\d+[.)])[ ]+\[.\][ ]+(?P<words>.*)")
_SIGN = re.compile(r"[🆔⛔🔺⏫🔼🔽⏬🔁🏁➕🛫⏳⌛📅📆🗓❌✅⏰]|[\[(]\w+::")


def stands(before: bytes, after: bytes, now: bytes) -> bool:
    """Whether the change from ``before`` to ``after``, or a part of it, can be seen in ``now``.

    Seen are its new lines, wherever they are, and with words put to them: the owner has gone on
    writing there. A task is seen whatever became of its box, its dates and its repetition: it was
    ticked, moved to another day, or has come again. A change that only took lines out stands
    where one of them is missing.
    """
    old, new, here = _lines(before), _lines(after), _lines(now)
    added, removed = new - old, old - new
    if not added:
        return not removed or any(here[line] < old[line] for line in removed)
    if any(here[line] > old[line] for line in added):
        return True
    theirs = here - old
    return _same_tasks(old, new, here) or any(
        _continued(ours, line) for line in theirs for ours in added
    )


def make_again(before: bytes, after: bytes, now: bytes) -> bytes:
    """``now`` with the change made in it. Raises Refused where those very lines are others now."""
    merged = merge3(before, now, after, both=True)
    if not merged.conflict:
        return merged.data
    old, new = (text.split(b"\n") for text in (before, after))
    if len(old) == len(new):  # lines in place of others, as ticks are: each may be found by itself
        wanted = {one: other for one, other in zip(old, new, strict=True) if one != other}
        here = now.split(b"\n")
        if all(here.count(line) == old.count(line) == 1 for line in wanted):
            return b"\n".join(wanted.get(line, line) for line in here)
    raise Refused("The lines that were to be changed are others now.", "error.moved_on")


def _lines(text: bytes) -> Counter[bytes]:
    """How often each line stands there, however it ends; blank ones tell nothing."""
    return Counter(line for line in (raw.strip() for raw in text.split(b"\n")) if line)


def _continued(ours: bytes, theirs: bytes) -> bool:
    """Whether words were put to a line, or taken from its end. Other likeness proves nothing:
    two lines of ours can be more like each other than a line before and after a correction."""
    return ours.startswith(theirs + b" ") or theirs.startswith(ours + b" ")


def _same_tasks(old: Counter[bytes], new: Counter[bytes], here: Counter[bytes]) -> bool:
    """Whether one of our tasks is there, whatever was done to it since."""
    before, after, now = _tasks(old), _tasks(new), _tasks(here)
    changed = _tasks(here - old)
    return any(
        now[words] > before[words] if after[words] > before[words] else words in changed
        for words in _tasks(new - old)
    )


def _tasks(lines: Counter[bytes]) -> Counter[str]:
    """How many tasks are about the same."""
    found: Counter[str] = Counter()
    for line, count in lines.items():
        if words := _words(line):
            found[words] += count
    return found


def _words(line: bytes) -> str:
    """What a task is about, in the letters that it is written in; "" for any other line."""
    task = _TASK.match(line.decode("utf-8", "surrogateescape"))
    return _SIGN.split(task["words"], maxsplit=1)[0].strip() if task else ""
