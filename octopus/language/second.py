"""Finds what is said of time next to what was read, so that nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Iterator

from octopus.language.scan import Edge, Scan
from octopus.language.when import Pieces, piece_at

_JOINTS = frozenset({"and", "on", "on_date", "at", "in", "by_in", "since", "dayno", "until", "or"})
_MOST_JOINTS = 3
_FROM = frozenset({"since", "before_time", "after_time"})
_PARTS = frozenset({"part", "in_part"})
_LASTS = frozenset({"day", "week", "month", "year", "workday"})
_DAYS = {"second": 0, "minute": 0, "hour": 0, "day": 1, "workday": 1, "week": 7}
_DAYS |= {"month": 30, "year": 365}
_LAST_HOUR = 24
_WITHIN = frozenset({"second", "minute", "hour", "day", "workday"})


def look(scan: Scan, pieces: Pieces, start: int, end: int) -> None:
    """Marks in the pieces what they do not say: a second date or time, an end, a distance."""
    if not pieces:
        return
    pieces.open |= _ends(scan, pieces) or any(
        _distance(scan, at, start) or _beyond(scan, at, stop) or _parts(scan, stop, pieces)
        for at, stop in pieces.spans
    )
    gone = {at for begin, stop in pieces.spans for at in range(begin, stop)}
    for _, stop in pieces.spans:
        for at in _after(scan, stop, end):
            piece = None if at in gone else piece_at(scan, at, Pieces())
            if piece is None or piece.what == "part" or piece.end > end:
                continue
            if piece.what == "clock" and scan.before(at, ("lasting",)) is not None:
                continue  # "for two hours"
            if not gone & set(range(at, piece.end)) and not _owned(scan, piece.end):
                pieces.second = piece
                return


def _after(scan: Scan, at: int, end: int) -> list[int]:
    """The places right after this one, and those behind the small words that join."""
    places, latest = [at], [at]
    for _ in range(_MOST_JOINTS):
        latest = [e.end for p in latest for e in scan.edges[p] if e.kind in _JOINTS and e.end < end]
        places += latest
    return [place for place in dict.fromkeys(places) if place < end]


def _owned(scan: Scan, at: int) -> bool:
    """True before "'s": "Friday's meeting" names a meeting."""
    return at < len(scan.tokens) and scan.tokens[at].text == "'"


def _ends(scan: Scan, pieces: Pieces) -> bool:
    """True for "every day until Friday", "daily for a week": a recurrence with an end."""
    if pieces.repeat is None:
        return False
    if pieces.day is not None:
        lead = next(begin for begin, stop in pieces.spans if stop >= pieces.day.end > begin)
        lead = scan.before(lead, ("until",), 2) or lead
        if any(e.kind == "until" for at in range(lead, pieces.day.end) for e in scan.edges[at]):
            return True
        if any(_joined(scan, stop, lead) for _, stop in pieces.spans):
            return True  # "every Monday and on the 5th"
    if pieces.hours is not None and getattr(pieces.repeat.value, "unit", None) in _WITHIN:
        return True  # "every hour from 9am to 5pm"
    if any(edge.kind == "until_any" for _, stop in pieces.spans for edge in scan.edges[stop]):
        return True
    return _within(scan) or _times(scan, pieces) or _lasts(scan, pieces)


def _lasts(scan: Scan, pieces: Pieces) -> bool:
    """True for "daily for a week", "every 6 hours ... for 5 days": longer than one time lasts."""
    unit = getattr(pieces.repeat and pieces.repeat.value, "unit", "year")
    stops = {stop for _, stop in pieces.spans}
    return any(
        each.kind == "unit"
        and each.value in _LASTS
        and (at in stops or _DAYS[each.value] * number.value > _DAYS.get(unit, 1))
        for at, edges in enumerate(scan.edges)
        for lasting in edges
        if lasting.kind == "lasting"
        for number in scan.edges[lasting.end]
        if number.kind == "number"
        for each in scan.edges[number.end]
    )


def _within(scan: Scan) -> bool:
    """True for "from 9 to 5": a recurrence that rings at some hours only."""
    return any(
        to.kind in ("or", "until", "until_any")
        and any(e.kind == "number" for e in scan.edges[to.end])
        for edges in scan.edges
        for since in edges
        if since.kind == "since"
        for number in scan.edges[since.end]
        if number.kind == "number" and number.value <= _LAST_HOUR
        for to in scan.edges[number.end]
    )


def _times(scan: Scan, pieces: Pieces) -> bool:
    """True for "every day ... twice": said beside the time, or beside "remind me"."""
    begins = {begin for begin, _ in pieces.spans}
    ends = {stop for _, stop in pieces.spans}
    words = [token.text for token in scan.tokens]
    reminds = ((at, scan.language.longest("remind", words[at:])) for at in range(len(words)))
    ends |= {at + width for at, width in reminds if width}
    return any(
        at in ends or stop in begins
        for at, edges in enumerate(scan.edges)
        for edge in edges
        for stop in _often(scan, edge)
    )


def _often(scan: Scan, edge: Edge) -> Iterator[int]:
    """Where "twice" or "three times" ends."""
    if edge.kind == "twice":
        yield edge.end
    elif edge.kind == "number":
        yield from (each.end for each in scan.edges[edge.end] if each.kind == "times")


def _joined(scan: Scan, at: int, end: int) -> bool:
    """True where nothing but "and" stands between these places."""
    return any(edge.kind == "and" and edge.end == end for edge in scan.edges[at])


def _distance(scan: Scan, at: int, start: int) -> bool:
    """True for "three days before" in front of a date, where the date alone was read."""
    if not any(edge.kind in _FROM for edge in scan.edges[at]):
        word = scan.before(at, _FROM)
        if word is None:
            return False
        at = word
    begin = scan.before(at, ("unit", "duration"))
    return begin is not None and begin >= start


def _beyond(scan: Scan, at: int, end: int) -> bool:
    """True for "Friday after next", "übernächsten Freitag": not the day that was read."""
    after = any(edge.kind == "beyond" for edge in scan.edges[end])
    return after or scan.before(at, ("beyond_before",)) is not None


def _parts(scan: Scan, at: int, pieces: Pieces) -> bool:
    """True for "morning and evening", where one of the two was read."""
    if pieces.part is None:
        return False
    joints = [edge.end for edge in scan.edges[at] if edge.kind in ("and", "or")]
    other = [e.value for place in joints for e in scan.edges[place] if e.kind in _PARTS]
    return any(value != pieces.part for value in other)
