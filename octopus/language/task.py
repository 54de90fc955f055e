"""Splits "every Monday at 9 water the ferns, urgent" into what, when and how important."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from octopus.language.moment import Moment
from octopus.language.said import Said
from octopus.language.scan import Scan
from octopus.language.second import look
from octopus.language.when import Pieces, read

_PRIORITIES = ("highest", "high", "medium", "low", "lowest")
_CLEAR = 5  # characters
_SIGNS = {"🔺": "highest", "⏫": "high", "🔼": "medium", "🔽": "low", "⏬": "lowest"}


@dataclass(slots=True)
class Task:
    """What is to be done, without command words and dates."""

    text: str
    moment: Moment
    pieces: Pieces
    priority: str | None = None
    note: str | None = None  # where it shall stand
    code: str = "en"
    spans: list[tuple[int, int]] = field(default_factory=list)  # words that are not its text
    why: list[str] = field(default_factory=list)

    @property
    def timed(self) -> bool:
        """True when anything was said of time."""
        return bool(self.pieces)


def task_of(
    said: Said,
    code: str,
    start: int,
    cut: tuple[tuple[int, int], ...] = (),
    part: str | None = None,
    *,
    noted: bool = False,
) -> Task:
    """The task in the words from ``start`` on; the words of ``cut`` belong to the command.

    ``part`` is the part of the day that a clock time belongs to, where none is said; ``noted``
    looks for the note that it shall stand in.
    """
    codes = [code, *(other for other in said.languages if other != code)]
    pieces = Pieces()
    read_in = code
    for candidate in codes:
        if pieces and candidate not in said.close:
            break
        other = read(said.scan(candidate), start)
        if other.size > pieces.size and (candidate in said.close or clear(other, said.scan(code))):
            pieces, read_in = other, candidate
    if pieces.clock is not None and pieces.part is None:
        pieces.part = part
    scan = said.scan(code)
    spans = [*pieces.spans, *cut]
    if pieces.repeat is not None and pieces.repeat.value is not None:
        spans += _when_done(scan, pieces)
    note = _note(scan, start, spans) if noted else None
    spans += [note[1]] if note else []
    priority = None
    if not scan.language.data.get("no_priority"):
        priority, found = _priority(scan, start, spans)
        spans += found
    look(said.scan(read_in), pieces, start, len(scan.tokens))
    moment = said.reader(read_in).moment(pieces)
    text = remaining(scan, start, list(cut) if moment.unsure else spans)
    if text and pieces.hours is not None:  # the end is the owner's to keep
        text = remaining(scan, start, [span for span in spans if span != pieces.hours])
    why = [f"time ({read_in}): {_quote(scan, span)}" for span in pieces.spans]
    return Task(text, moment, pieces, priority, note and note[0], code, spans, why)


def clear(pieces: Pieces, scan: Scan) -> bool:
    """True for times that are long enough not to be a word of another language ("mon", "mar")."""
    return any(
        scan.tokens[end - 1].end - scan.tokens[begin].start >= _CLEAR for begin, end in pieces.spans
    )


def _when_done(scan: Scan, pieces: Pieces) -> list[tuple[int, int]]:
    """Marks a recurrence that counts from the day of completion; returns the words for it."""
    assert pieces.repeat is not None
    for at in range(len(scan.tokens)):
        for edge in scan.edges[at]:
            if edge.kind == "when_done":
                counted = replace(pieces.repeat.value, when_done=True)
                pieces.repeat = replace(pieces.repeat, value=counted)
                return [(at, edge.end)]
    return []


def _quote(scan: Scan, span: tuple[int, int]) -> str:
    return scan.text.cut(scan.tokens[span[0]].start, scan.tokens[span[1] - 1].end)


def _priority(
    scan: Scan, start: int, taken: list[tuple[int, int]]
) -> tuple[str | None, list[tuple[int, int]]]:
    """A priority that is said at either end of the text, or between commas."""
    last = words_end(scan, start, taken)
    for at in range(start, len(scan.tokens)):
        if at == start and [t.text for t in scan.tokens[at : at + 2]] == ["!", "!"]:
            return "high", [(at, at + 2)]
        if scan.tokens[at].text in _SIGNS:
            return _SIGNS[scan.tokens[at].text], [(at, at + 1)]
        for edge in scan.edges[at]:
            name = edge.kind.removeprefix("priority_")
            if edge.kind == name or name not in _PRIORITIES:
                continue
            marked = at > start and scan.tokens[at - 1].text in ",;:.-!("
            ahead = edge.end < len(scan.tokens) and scan.tokens[edge.end].text in ",:;.-!"
            long = edge.end - at > 1
            if (
                (at == start and (ahead or long))
                or (edge.end >= last and at > start)
                or (marked and ahead)
            ):
                return name, [(at, edge.end)]
    return None, []


def _note(
    scan: Scan, start: int, taken: list[tuple[int, int]]
) -> tuple[str, tuple[int, int]] | None:
    """The note that is named after the words for it, up to the next time, tag or sign."""
    words = [token.text for token in scan.tokens]
    stops = {begin for begin, _ in taken}
    for at in range(start + 1, len(words)):
        begin = at + scan.language.longest("in_note", words[at : at + 6])
        end = begin
        while end < len(words) and end not in stops and words[end] not in "#,;:!(":
            if begin < end and any(e.kind.startswith("priority_") for e in scan.edges[end]):
                break
            end += 1
        if at < begin < end:
            name = scan.text.cut(scan.tokens[begin].start, scan.tokens[end - 1].end)
            return name.strip('"“”„«»[]. '), (at, end)
    return None


def words_end(scan: Scan, start: int, taken: list[tuple[int, int]]) -> int:
    """Where the words end that no time, no tag and no sign follows, in whatever order these are."""
    last = len(scan.tokens)
    while True:
        before = last
        if last > start and scan.tokens[last - 1].text in ".!,":
            last -= 1
        last = next((begin for begin, end in taken if begin < end == last), last)
        last = _tag_start(scan, start, last)
        if last == before:
            return last


def _tag_start(scan: Scan, start: int, end: int) -> int:
    """Where the tag begins that ends just before this token; ``end`` where there is none."""
    at = end - 1
    while at > start and scan.tokens[at - 1].end == scan.tokens[at].start:
        at -= 1
    return at if at >= start and at < end - 1 and scan.tokens[at].text == "#" else end


def remaining(scan: Scan, start: int, spans: list[tuple[int, int]]) -> str:
    """What is left of the text, as it was written, without the small words around the gaps."""
    gone = [False] * len(scan.tokens)
    for begin, end in spans:
        gone[begin:end] = [True] * (end - begin)
    runs: list[tuple[int, int]] = []
    at = start
    while at < len(scan.tokens):
        if gone[at]:
            at += 1
            continue
        end = at
        while end < len(scan.tokens) and not gone[end]:
            end += 1
        runs.append((at, end))
        at = end
    pieces: list[str] = []
    for begin, end in runs:
        first, last = trimmed(scan, begin, end)
        if first < last:
            tail = len(scan.tokens) == last and len(scan.text.tokens) > last
            stop = len(scan.text.norm) if tail else scan.tokens[last - 1].end
            pieces.append(scan.text.cut(scan.tokens[first].start, stop).strip())
    han, text = scan.language.script == "han", ""
    for piece in filter(None, pieces):
        tagged = piece.startswith("#") or text.rsplit(" ", maxsplit=1)[-1].startswith("#")
        text += piece if not text or (han and not tagged) else f" {piece}"
    return text.strip().strip(",;:-–—、，；： ").rstrip(".。").strip() if text else ""


def trimmed(scan: Scan, begin: int, end: int) -> tuple[int, int]:
    """The tokens without the small words at their start, and at their end before a gap."""
    language = scan.language
    said = [token.text for token in scan.tokens[begin:end]]
    first, last = 0, len(said)
    while first < last:
        step = language.longest("filler_start", said[first:last])
        if said[first] in ",;:-.!":
            step = 1
        if not step:
            break
        first += step
    ends_in_gap = end < len(scan.tokens)
    while last > first:
        word = said[last - 1 : last]
        small = ends_in_gap and language.longest("filler_end", word)
        if not (small or word[0] in ",;:-.!" or language.longest("please_end", word)):
            break
        last -= 1
    return begin + first, begin + last
