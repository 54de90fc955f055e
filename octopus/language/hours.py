"""Reads "3-4pm" and "from 15:00 to 16:00": a beginning, which is the time, and an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from octopus.language.scan import Found, Piece, Scan

_LAST_HOUR = 24
_OTHER = {"am": "pm", "pm": "am"}

ClockAt = Callable[[Scan, int], Found | None]


def hours_at(scan: Scan, at: int, clock_at: ClockAt) -> tuple[Piece, int] | None:
    """The clock time with which hours begin here, and where they end; None for no such hours.

    ``clock_at`` is the clock time that is said at a token.
    """
    begins = [edge.end for edge in scan.edges[at] if edge.kind == "range_from"]
    for place in (at, *begins):
        for first in _firsts(scan, place, clock_at):
            for joint in _joints(scan, first.end, led=bool(begins)):
                second = clock_at(scan, joint)
                if second is not None:
                    found = _begun(first, second)
                    return Piece("clock", place, first.end, found), second.end
    return None


def _firsts(scan: Scan, at: int, clock_at: ClockAt) -> Iterator[Found]:
    """What hours can begin with: a clock time, or a bare number."""
    clock = clock_at(scan, at)
    if clock is not None and clock.name != "past":
        yield clock
    for edge in scan.edges[at]:
        if edge.kind == "digits" and edge.value <= _LAST_HOUR:
            yield Found("hour", edge.end, (("number", edge.value),))


def _joints(scan: Scan, at: int, *, led: bool) -> Iterator[int]:
    """Where the end is said; "to" joins hours only behind "from", else it may count minutes."""
    if at < len(scan.tokens) and scan.tokens[at].text == "-":
        yield at + 1
    if led:
        yield from (edge.end for edge in scan.edges[at] if edge.kind == "range_to")


def _begun(first: Found, second: Found) -> Found:
    """The beginning in the half of the day that is said at the end: "11-1pm" begins at 11am."""
    half = second.get("ampm")
    begin, end = _hour(first), _hour(second)
    bare = first.get("ampm") is None and first.get("ampm_before") is None
    if half is None or begin is None or end is None or not bare:
        return first
    if begin % 12 >= end % 12:
        half = _OTHER.get(half)
    return first if half is None else first._replace(values=(*first.values, ("ampm", half)))


def _hour(found: Found) -> int | None:
    literal = found.get("clock") or found.get("dm_bare") or found.get("figures")
    number = literal[0] if literal else found.get("number")
    return None if number is None else int(number)
