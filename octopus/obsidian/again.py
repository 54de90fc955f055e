"""For a change that an editor saved an older text over: whether it stands, and making it again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

from octopus.errors import Refused
from octopus.obsidian.merge import hunks, merge3

# A box, and the words after it up to the first sign of the Tasks plugin or of Dataview.
_TASK = re.compile(r"(?:>[ ]?|[ \t])*(?:[-*+]|\d+[.)])[ ]+\[.\][ ]+(?P<words>.*)")
# What stands before the words of any other line.
_LEAD = re.compile(r"(?:>[ ]?|[ \t])*(?:(?:[-*+]|\d+[.)])[ ]+)?(?:\[.\][ ]+)?")
_SIGN = re.compile(r"[🆔⛔🔺⏫🔼🔽⏬🔁🏁➕🛫⏳⌛📅📆🗓❌✅⏰]|[\[(]\w+::")

#: How like one another the words of a line are before and after somebody has edited it, of 1:
#: where the signs after them are the same, and where there are none to go by.
LIKE = 0.4
LIKE_ALONE = 2 / 3


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


def edited(
    before: bytes, after: bytes, now: bytes, others: Iterable[tuple[bytes, bytes]] = ()
) -> bool:
    """Whether ``now`` comes from ``after``, and a line that the change brought in says something
    else there: whoever wrote that knew the change.

    It stands where ours stood, is like ours, and more like it than like any line of ``before``
    that is not there any more. What ``others`` of our changes, from and to, brought in is not
    the owner's.
    """
    old, new, here = _lines(before), _lines(after), _lines(now)
    theirs = set(here - old - new)
    for earlier, later in others:
        theirs -= set(_lines(later) - _lines(earlier))
    if not theirs or not new - old:
        return False
    gone = [_letters(line) for line in old - here]
    was, is_ = (list(map(bytes.strip, text.split(b"\n"))) for text in (after, now))
    return any(
        _is_edit(_letters(line), _letters(other), gone)
        for hunk in hunks(was, is_)
        for line in set(was[hunk.start : hunk.end]) & (new - old).keys()
        for other in theirs & set(hunk.lines)
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


def _is_edit(ours: str, theirs: str, gone: list[str]) -> bool:
    """Whether a line was made of ours, and of none of those that are gone."""
    (words, signs), (others, same) = _parts(ours), _parts(theirs)
    # Nobody types the same dates and signs by chance; without any, the words have to tell.
    needed = LIKE if signs and signs == same else LIKE_ALONE
    if _likeness(words, others) < needed:
        return False
    likeness = _likeness(ours, theirs)
    return all(_likeness(line, theirs) < likeness for line in gone)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _parts(line: str) -> tuple[str, str]:
    """The words of a line, and its signs."""
    text = _LEAD.sub("", line, count=1)
    sign = _SIGN.search(text)
    end = sign.start() if sign else len(text)
    return text[:end].strip(), text[end:].strip()


def _letters(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


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
    task = _TASK.match(_letters(line))
    return _SIGN.split(task["words"], maxsplit=1)[0].strip() if task else ""
