"""Reads days, clock times, durations and recurrences out of a message."""

from __future__ import annotations

from dataclasses import dataclass, field

from octopus.language.clock import HOURS, minutes_before, minutes_beside
from octopus.language.compose import composed
from octopus.language.grammar import CLOCKS, DAYS, PARTS
from octopus.language.hours import hours_at
from octopus.language.repeat import REPEATS, fits, repeat_of
from octopus.language.scan import Found, Piece, Scan


@dataclass(slots=True)
class Pieces:
    """What a message says of time; each at most once, the first mention counts."""

    day: Piece | None = None
    clock: Piece | None = None
    repeat: Piece | None = None
    part: str | None = None
    times: list[Piece] = field(default_factory=list)  # every clock time, where they are several
    second: Piece | None = None  # said next to them, of a kind that was read before
    open: bool = False  # they do not say it all: "until Friday", "three days before"
    spans: list[tuple[int, int]] = field(default_factory=list)
    hours: tuple[int, int] | None = None  # one of the spans: says an end, too, so the text keeps it

    @property
    def size(self) -> int:
        """How many words say when."""
        return sum(end - begin for begin, end in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)


_LEAD_DAY = ("on", "on_date", "by_in", "dayno", "at", "the")
_NO_ON = {"day", "daypart", "next_week", "next_unit", "part", "offset"}  # "turn it on today"
_LEAD_CLOCK = ("at", "on")


def read(scan: Scan, start: int = 0, end: int | None = None) -> Pieces:
    """Everything said of time between two tokens."""
    pieces = Pieces()
    last = len(scan.tokens) if end is None else end
    quoted = _quoted(scan)
    at = start
    while at < last:
        if not quoted[at] and (end := _hours(scan, at, pieces)) and end <= last:
            at = end
            continue
        piece = None if quoted[at] else piece_at(scan, at, pieces)
        if piece is None or piece.end > last or not _take(scan, pieces, piece, start):
            at += 1
        else:
            at = max(piece.end, pieces.spans[-1][1])
            if piece.what == "clock":
                at = _more_times(scan, pieces, piece, last)
            at = _bare_part(scan, at, pieces)
    return pieces


def _hours(scan: Scan, at: int, pieces: Pieces) -> int | None:
    """Takes "3-4pm" for the clock time with which it begins; returns where it ends."""
    hours = None if pieces.clock is not None else hours_at(scan, at, _clock_at)
    if hours is None:
        return None
    pieces.clock, end = hours
    pieces.hours = (at, end)
    pieces.spans.append(pieces.hours)
    return end


def _clock_at(scan: Scan, at: int) -> Found | None:
    found = CLOCKS.best(scan, at, _two) if at < len(scan.tokens) else None
    return found if found is not None and _plausible(scan, "clock", found, at) else None


def _more_times(scan: Scan, pieces: Pieces, first: Piece, last: int) -> int:
    """The "and 21" of "at 9 and 21" and of "at 9 and at 21"; returns where they end."""
    times, end = [first], pieces.spans[-1][1]
    while True:
        joints = [edge.end for edge in scan.edges[end] if edge.kind in _LISTS]
        found = [each for at in joints if at < last and (each := _further(scan, at)) is not None]
        if not found or found[0].end > last:
            break
        pieces.spans.append((end, found[0].end))
        end = found[0].end
        times.append(found[0])
        pieces.open |= _minutes_too(scan, found[0])
    pieces.times = times if len(times) > 1 else []
    return end


def _minutes_too(scan: Scan, piece: Piece) -> bool:
    """True for "a las 9 y 10", which may be ten minutes past nine."""
    assert piece.found is not None
    added = bool(scan.language.data["phrases"].get("hour_plus"))  # minutes are said behind the hour
    bare = [kind for kind, _ in piece.found.values] == ["number"]
    return added and bare and piece.found.get("number") % 5 == 0


_LISTS = ("and", "comma")


def _further(scan: Scan, at: int) -> Piece | None:
    """A clock time that follows another: a bare number is one where nothing is counted."""
    found = _clock_at(scan, at)
    if found is not None:
        return Piece("clock", at, found.end, found)
    for edge in scan.edges[at]:
        if edge.kind == "number" and edge.value <= _LAST_HOUR and not _counts(scan, edge.end):
            return Piece("clock", at, edge.end, Found("hour", edge.end, (("number", edge.value),)))
    return None


_LAST_HOUR = 24
_LAST_MINUTE = 59
_QUARTERS = (10, 15, 20)  # minutes that are hours of the day, too
_SHORT = 3  # letters of a word that is no verb, whatever its ending
_NOT_COUNTED = {"day", "daypart", "in_part", "weekday", "every", "rate", "day_mark", "on_date"}


def _counts(scan: Scan, at: int) -> bool:
    """True where a word follows that can be what is counted: "and 2 lemons"."""
    if at >= len(scan.tokens) or not scan.tokens[at].text[0].isalnum():
        return False
    kinds, word = {edge.kind for edge in scan.edges[at]}, scan.tokens[at].text
    language = scan.language
    if kinds & _NOT_COUNTED or word in language.words("verbs"):
        return False
    endings = tuple(language.data.get("imperative", {}).get("first", ()))
    acts = len(word) > _SHORT and word.endswith(endings)
    return not (acts or language.longest("filler_start", [word]))


def _quoted(scan: Scan) -> list[bool]:
    """For each token whether it stands between quotation marks."""
    marks = [at for at, token in enumerate(scan.tokens) if token.text == '"']
    inside = [False] * len(scan.tokens)
    for begin, end in zip(marks[::2], marks[1::2], strict=False):
        inside[begin:end] = [True] * (end - begin)
    return inside


def piece_at(scan: Scan, at: int, pieces: Pieces) -> Piece | None:
    """The longest thing said of time that begins at this token and is still wanted."""
    best: Piece | None = None
    for what, grammar, had in (
        ("repeat", REPEATS, pieces.repeat),
        ("day", DAYS, pieces.day),
        ("clock", CLOCKS, pieces.clock),
        ("part", PARTS, pieces.part),
    ):
        if had is not None:
            continue
        found = grammar.best(scan, at, _ACCEPT.get(what))
        if (
            found is not None
            and _plausible(scan, what, found, at)
            and (best is None or found.end > best.end)
        ):
            best = Piece(what, at, found.end, found)
    if best is not None and best.what == "repeat":
        assert best.found is not None
        return repeat_of(scan, best)
    return best


def _two(scan: Scan, found: Found) -> bool:
    """ "Ten fifteen" is a time, "nine an" is not; an hour counts back from midnight or noon."""
    if found.name == "before_part":
        return minutes_before(found) is not None
    if found.name == "part_plus":
        return minutes_beside(found) is not None
    if found.name not in ("two_numbers", "minutes_and"):
        return True
    hour, minute = [value for kind, value in found.values if kind in HOURS]
    if found.name == "minutes_and":
        return hour <= _LAST_HOUR and _said_minutes(scan, found, minute)
    return bool(hour <= _LAST_HOUR and 10 <= minute <= 59)


def _said_minutes(scan: Scan, found: Found, minute: int) -> bool:
    """True for "alle 18 e 30" and "alle 9 e 15 dentista", which are no two times of the day."""
    follows = {edge.kind for edge in scan.edges[found.end]}
    added = scan.language.data["phrases"].get("hour_plus")  # minutes are said behind the hour
    if not added or minute > _LAST_MINUTE or follows & {"measure", "unit"}:
        return False
    sure = minute > _LAST_HOUR or found.get("minute_word") is not None
    return sure or (minute in _QUARTERS and _counts(scan, found.end))


_ACCEPT = {"repeat": fits, "clock": _two, "day": composed}
_BARE = {"number", "digits", "dm_bare", "dm_slash", "dm_dot", "decimal"}
_NEEDS_LEAD = {"dm_bare", "dm_slash"}


def _plausible(scan: Scan, what: str, found: Found, at: int) -> bool:
    """False for numbers that only look like a time: prices, measures, versions."""
    follows = scan.edges[found.end]
    kinds = {edge.kind for edge in follows}
    if "measure" in kinds and found.values[-1][0] in _BARE:
        return False
    if what == "clock":
        return _good_clock(scan, found, at, kinds)
    if found.name == "day_in" and found.get("since") is not None:
        return scan.before(at, ("lasting",)) is None  # "for two weeks from Friday"
    if found.name in _NEEDS_LEAD:
        lead = scan.before(at, ("on", "on_date", "dayno", "at"))
        edge_of_text = at == 0 or found.end == len(scan.tokens)
        if found.name == "dm_bare":
            return lead is not None and not kinds & {"unit", "oclock", "ampm"}
        return lead is not None or edge_of_text
    if found.name == "d" and _longer(scan, found, at):
        return False
    if found.name == "d" and found.values[0][0] == "ordinal":
        lone = found.end < len(scan.tokens) and scan.tokens[found.end].text.isalpha()
        return (scan.before(at, ("on", "on_date", "dayno")) is not None) and not (
            lone and "unit" in kinds
        )
    if found.name == "d":
        return not kinds & {"unit", "oclock", "ampm", "month"}
    lone_second = found.name == "offset" and found.get("number") is None
    return not (lone_second and found.get("unit") == "second")


def _longer(scan: Scan, found: Found, at: int) -> bool:
    """True when a longer date begins inside this one: "by the 1" of "by the 1 of May"."""
    inner = (
        grammar.best(scan, place, fits if grammar is REPEATS else None)
        for place in range(at + 1, found.end)
        for grammar in (DAYS, REPEATS)
    )
    return any(other is not None and other.end > found.end for other in inner)


def _good_clock(scan: Scan, found: Found, at: int, kinds: set[str]) -> bool:
    """False for counts ("at 5 shops") and for times that only describe ("the 8pm show")."""
    if scan.before(at, ("article",), 1) is not None and found.end < len(scan.tokens):
        return not scan.tokens[found.end].text.isalpha()
    hour = next((v for k, v in found.values if k in HOURS), None) if found.name == "hour" else 0
    if found.name == "hour" and found.values[-1][0] == "number" and kinds & {"unit", "month", "%"}:
        return False
    if found.name == "hour" and _slash(scan, found.end):
        return False
    if found.name == "dot_by_day":  # "8.30 tomorrow"
        first = at == 0 and _beside_day(scan, at, found.end)
        return len(found.get("dm_bare")[1]) == 2 and (first or _after_day(scan, at))
    if found.name == "figures" and found.get("ampm") is None:
        year = found.get("oclock") is None and "in_month" in scan.kinds(at)  # "в 1941"
        return len("".join(found.get("figures"))) == _FIGURES and not year
    if found.get("deadline") is not None and not _beside_day(scan, at, found.end):
        return False  # "by 5" may be a day, "before 5" anything
    if found.name == "hour" and found.get("oclock") and found.get("at") is None:
        if scan.before(at, ("in", "lasting")) is not None and _span(scan, at):
            return False
        after = scan.edges[found.end]
        if _span(scan, at) and at and scan.tokens[at - 1].text == "-":
            return False  # "7-8 hours"
        if _span(scan, at) and any(edge.kind in ("later", "ago") for edge in after):
            return False
    if found.name == "past" and found.get("minute_word") is None:
        led = "range_from" in scan.kinds(at) or scan.before(at, ("range_from",)) is not None
        if led and found.get("past") < 0:
            return False  # "з 15 до 16"
        return found.get("number") in (5, 10, 15, 20, 25)  # "at 9 to one more thing"
    return hour is not None and hour <= 24


_FIGURES = 4  # of "at 1900"
_DAY_KINDS = frozenset({"day", "daypart", "weekday"})


def _beside_day(scan: Scan, at: int, end: int) -> bool:
    """True where a day is named right before or after: "today by 5", "before 5 on Friday"."""
    joints = [edge.end for edge in scan.edges[end] if edge.kind in ("on", "on_date")]
    after = {edge.kind for place in (end, *joints) for edge in scan.edges[place]}
    return bool(_DAY_KINDS & after) or _after_day(scan, at)


def _after_day(scan: Scan, at: int) -> bool:
    return scan.before(at, _DAY_KINDS) is not None


def _span(scan: Scan, at: int) -> bool:
    """True for "2 hours", which can be a time of the day as well."""
    numbers = (edge.end for edge in scan.edges[at] if edge.kind == "number")
    return any(edge.kind == "unit" for end in numbers for edge in scan.edges[end])


def _slash(scan: Scan, at: int) -> bool:
    """True within "5/6", which is a date."""
    return any(edge.kind in ("dm_slash", "dmy") for edge in scan.edges[max(0, at - 1)])


def _take(scan: Scan, pieces: Pieces, piece: Piece, start: int) -> bool:
    """Adds a piece, with the small words before it that belong to it."""
    found = piece.found
    if piece.what == "part" and found is not None:
        pieces.part = found.get("in_part")
    elif piece.what == "day":
        pieces.day = piece
        if found is not None and pieces.part is None:
            pieces.part = found.get("part")
            if found.name == "daypart":
                pieces.part = str(found.get("daypart")).split()[1]
    elif piece.what == "clock":
        pieces.clock = piece
    else:
        pieces.repeat = piece
        if piece.value is not None and piece.value.part is not None:
            pieces.part = piece.value.part
    lead = piece.start
    while True:
        kinds: tuple[str, ...] = _LEAD_CLOCK if piece.what == "clock" else _LEAD_DAY
        if found is not None and found.name in _NO_ON:
            kinds = tuple(kind for kind in kinds if kind != "on_date")
        before = scan.before(lead, kinds)
        if (
            before is None
            or before < start
            or any(s < lead and e > before for s, e in pieces.spans)
        ):
            break
        lead = before
    end = piece.end
    if piece.what != "part":
        end = max([end, *(edge.end for edge in scan.edges[end] if edge.kind == "by_after")])
    pieces.spans.append((lead, end))
    return True


def _bare_part(scan: Scan, at: int, pieces: Pieces) -> int:
    """ "Monday evening": a part of the day right after a day needs no preposition."""
    if pieces.part is None and pieces.spans and at < len(scan.tokens):
        for edge in scan.edges[at]:
            if edge.kind == "part":
                pieces.part = edge.value
                pieces.spans.append((at, edge.end))
                return edge.end
    return at
