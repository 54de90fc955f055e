"""Takes "keep reminding me every 10 minutes until it is done" out of a message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from octopus.language.said import Said
from octopus.language.scan import Found, Grammar, Scan
from octopus.language.when import read

USUAL: Final = 10  # minutes from one time to the next, where the words do not say
_MINUTES: Final = {"minute": 1, "hour": 60}
_EVERY: Final = ("every number unit", "every unit", "every duration", "number unit other_after")
_JOINTS: Final = frozenset({"and", "comma"})
_SIGNS: Final = frozenset(",;:.!-")
_EDGES: Final = " ,;.:，。："

WISHES: Final = Grammar(
    [
        ("verb", "nag"),
        ("joined", "nag_joined"),
        ("until", "nag_until"),
        ("said", "nag|nag_more comma? nag_until"),
        ("clause", "nag|nag_more comma? nag_until_i"),
        *(
            (name, pattern.format(every))
            for every in _EVERY
            for name, pattern in (
                ("said", "nag|nag_more comma? {} comma? nag_until?"),
                ("said", "nag|nag_more comma? nag_until comma? {}"),
                ("clause", "nag|nag_more comma? {} comma? nag_until_i"),
                ("said", "{} nag comma? nag_until?"),
                ("clause", "{} nag|nag_more comma? nag_until_i"),
                ("interval", "{} nag_more? comma? nag_until"),
                ("interval", "nag_until comma? {}"),
                ("every", "{} nag_more?"),
            )
        ),
    ]
)
#: What may end the message, apart from the wish: "nag me to call Ann every hour until it's done".
ENDS: Final = Grammar(
    [
        ("until", "nag_until"),
        *(("interval", f"{every} comma? nag_until?") for every in _EVERY),
        *(("interval", f"nag_until comma? {every}") for every in _EVERY),
    ]
)


@dataclass(frozen=True, slots=True)
class Nagging:
    """A message without its words for nagging."""

    text: str
    minutes: int
    said: str  # the words
    forced: str  # the message as a command to remind; "" where the words do not bid it
    at_once: bool  # whether it begins by itself where no time is said


def nagging(said: Said) -> Nagging | None:
    """The message without the wish to be told again until it is done; None without that wish."""
    for code in said.languages:
        scan = said.scan(code)
        for at, found in _wishes(scan):
            wish = _nagging(said, code, at, found)
            if wish is not None:
                return wish
    return None


def _wishes(scan: Scan) -> Iterator[tuple[int, Found]]:
    """Every place where a wish may begin, and the longest that does."""
    if not any(edge.kind.startswith("nag") for edges in scan.edges for edge in edges):
        return
    for at in range(len(scan.tokens)):
        found = WISHES.best(scan, at, _counted)
        if found is not None and scan.before(at, ("nag_not",)) is None:
            yield at, found


def _counted(_: Scan, found: Found) -> bool:
    return found.get("every") is None or _minutes(found) is not None


def _minutes(found: Found) -> int | None:
    """From one time to the next; None where it is no number of minutes or hours."""
    duration = found.get("duration")
    number, unit = found.get("number"), found.get("unit")
    if duration is not None:
        number, unit = int(str(duration).split()[0]), str(duration).split()[1]
    elif unit is None:
        return USUAL
    number = 1 if number is None else number
    return number * _MINUTES[unit] if unit in _MINUTES and number > 0 else None


def _nagging(said: Said, code: str, at: int, found: Found) -> Nagging | None:
    scan = said.scan(code)
    end = _end(scan, found)
    if found.name == "joined" and not _closes(scan, found.end):
        return None  # "and insist on it"
    place = _Place.of(said, code, at)
    if not _meant(found, place, end):
        return None
    joint = "" if scan.language.script == "han" else " "
    before = scan.text.cut(0, scan.tokens[place.start - 1].end) if place.start else ""
    after = _after(said, code, found, end, place.asked or bool(before and not place.lone))
    rest = joint.join(piece for piece in (before, after) if piece)
    command, forced = str(scan.language.data["nag_as"]), ""
    verb = any(found.get(kind) for kind in ("nag", "nag_more"))
    if verb and place.lone and not place.asked:
        forced = joint.join(piece for piece in (before, command, after) if piece)
    elif verb and place.joined and not place.asked:
        forced = joint.join((command, rest))
    minutes = _minutes(end[1] if end and end[1].get("every") else found)
    words = scan.text.cut(scan.tokens[at].start, scan.tokens[found.end - 1].end)
    by_itself = place.lone or found.name in ("interval", "every")
    return Nagging(rest, minutes or USUAL, words, forced, by_itself)


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands before the words of the wish."""

    start: int  # where they begin, with the "and" before them
    joined: bool  # whether there is one, or a comma
    asked: bool  # "remind me" stands before
    lone: bool  # nothing but a time, or "please"
    next_to: bool  # a time or "remind me" right before

    @classmethod
    def of(cls, said: Said, code: str, at: int) -> _Place:
        """What stands before this word."""
        scan, words, begin = said.scan(code), said.words(code), said.begin(code)
        times = read(scan, 0, at).spans
        gone = {n for first, end in times for n in range(first, end)}
        reminds = [n + scan.language.longest("remind", words[n:at]) for n in range(begin, at)]
        start = at
        while start > begin:
            before = scan.before(start, _JOINTS)
            if before is None and words[start - 1] not in _SIGNS:
                break
            start = start - 1 if before is None else before
        ends = {*reminds, *(end for _, end in times)}
        return cls(
            start if start > begin else 0,
            joined=start < at,
            asked=any(end > n for n, end in enumerate(reminds, begin)),
            lone=all(n in gone or words[n] in _SIGNS for n in range(begin, at)),
            next_to=bool(ends & {at, start}),
        )


def _meant(found: Found, place: _Place, end: tuple[int, Found] | None) -> bool:
    """False for "keep the oven on until it is done" and "my children nag me"."""
    if found.name == "until":
        return place.asked and place.next_to
    if found.name == "every":
        return end is not None and end[1].get("nag_until") is not None
    if found.name == "verb":
        return place.joined or place.asked or place.lone
    if found.name == "joined":
        return place.joined
    until = found.name == "clause" or any(
        each.get("nag_until") for each in (found, end and end[1]) if each
    )
    return until or found.get("nag") is not None or place.joined or place.asked


def _end(scan: Scan, found: Found) -> tuple[int, Found] | None:
    """Where the message says until when, or how often, apart from the wish."""
    if found.name == "until" or (found.get("every") and found.get("nag_until")):
        return None
    for at in range(found.end, len(scan.tokens)):
        last = ENDS.best(scan, at, _counted)
        wanted = last is not None and not (found.get("every") and last.get("every"))
        if last is not None and wanted and _closes(scan, last.end):
            return at, last
    return None


def _closes(scan: Scan, at: int) -> bool:
    return at >= len(scan.tokens) or scan.tokens[at].text in _SIGNS


def _after(said: Said, code: str, found: Found, end: tuple[int, Found] | None, told: bool) -> str:
    """What the message says behind the wish, without its end."""
    scan = said.scan(code)
    if found.end >= len(scan.tokens):
        return ""
    if found.name == "clause" and told:
        return _past_clause(said, code, found.end)
    if end is None:
        return said.rest(code, found.end).lstrip(_EDGES)
    first, last = scan.tokens[found.end].start, scan.tokens[end[0] - 1].end
    middle = scan.text.cut(first, last).strip(_EDGES) if last > first else ""
    tail = said.rest(code, end[1].end) if end[1].end < len(scan.tokens) else ""
    return middle + tail


def _past_clause(said: Said, code: str, at: int) -> str:
    """What follows "until I have taken them"; all of it where the clause says a time."""
    scan = said.scan(code)
    if at >= len(scan.tokens):
        return ""
    end = next((n for n in range(at, len(scan.tokens)) if scan.tokens[n].text in ",;.!"), None)
    stop = len(scan.tokens) if end is None else end
    if read(scan, at, stop):
        return said.rest(code, at)
    return "" if end is None or end + 1 >= len(scan.tokens) else said.rest(code, end + 1)
