"""For a change that an editor saved an older text over: whether it stands, and making it again."""

from __future__ import annotations

from collections import Counter

from octopus.errors import Refused
from octopus.obsidian.merge import merge3


def stands(before: bytes, after: bytes, now: bytes) -> bool:
    """Whether the change from ``before`` to ``after``, or a part of it, can be seen in ``now``.

    Seen are its new lines, wherever they are, and with words put to them: the owner has gone on
    writing there. A change that only took lines out stands where one of them is missing.
    """
    old, new, here = _lines(before), _lines(after), _lines(now)
    added, removed = new - old, old - new
    if not added:
        return not removed or any(here[line] < old[line] for line in removed)
    if any(here[line] > old[line] for line in added):
        return True
    return any(_continued(line, theirs) for theirs in here - old for line in added)


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
    raise Refused("The lines that were to be changed are others now.")


def _lines(text: bytes) -> Counter[bytes]:
    """How often each line stands there, however it ends; blank ones tell nothing."""
    return Counter(line for line in (raw.strip() for raw in text.split(b"\n")) if line)


def _continued(ours: bytes, theirs: bytes) -> bool:
    """Whether words were put to a line, or taken from its end. Other likeness proves nothing:
    two lines of ours can be more like each other than a line before and after a correction."""
    return ours.startswith(theirs + b" ") or theirs.startswith(ours + b" ")
