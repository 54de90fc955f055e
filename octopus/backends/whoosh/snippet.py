"""Show where a note answers: the line, the heading above it, and the text around the match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from octopus.backends.whoosh.analysis import Analyzer, fold
from octopus.backends.whoosh.texts import Source
from octopus.obsidian.note import Note

WIDTH = 160  # characters

_TEXT = re.compile(r"\S")
_INLINE_COMMENT = re.compile(r"%%.*?(?:%%|$)|<!--.*?(?:-->|$)")
_LINK = re.compile(r"!?\[\[(?:[^\]|\n]*\|)?([^\]\n]*)\]\]|!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKS = re.compile(
    r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+(?:\[.\][ \t]+)?|^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?)"
    r"|\*\*|__|==|~~|`",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a note."""

    line: int = 1  # 1-based
    heading: str = ""
    snippet: str = ""


def find_spot(
    source: Source,
    terms: frozenset[str],
    analyzer: Analyzer,
    parts: frozenset[str] = frozenset(),
) -> Spot:
    """The place where most of the terms stand together; the beginning when none does.

    Where no term stands as a word, ``parts``, as they are compared, are looked for by letters.
    What stands in comments is found, but never quoted.
    """
    text, note = source.text, source.note
    hits = list(_hits(text, terms, analyzer)) or sorted(_within(text, parts))
    if source.paged:
        return _on_page(text, hits)
    open_hits = [hit for hit in hits if not _hidden(note, hit[0])] if note.comments else hits
    below = [hit for hit in open_hits if hit[0] >= note.body]
    shown = below or open_hits
    if shown:
        place = _densest(text, shown)
        return _spot(text, note, place, _around(_visible(text, note), place))
    beginning = _beginning(text, note)
    return _spot(text, note, hits[0][0], beginning) if hits else Spot(1, "", beginning)


def spot_at(source: Source, line: int) -> Spot:
    """What stands at a line, whatever its words."""
    text, note = source.text, source.note
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    place = starts[min(max(line, 1), len(starts)) - 1]
    return replace(_spot(text, note, place, _around(_visible(text, note), place)), line=line)


def _on_page(text: str, hits: list[tuple[int, str]]) -> Spot:
    """The page is what a reader looks for; lines are an accident of the file."""
    place = _densest(text, hits) if hits else 0
    page = text.count("\f", 0, place) + 1
    return Spot(1, f"page {page}", _around(text.replace("\f", "\n"), place))


def _spot(text: str, note: Note, place: int, snippet: str) -> Spot:
    line = text.count("\n", 0, place) + 1
    heading = ""
    for candidate in note.headings:
        if candidate.offset > place:
            break
        heading = candidate.text
    if note.comments:
        heading = " ".join(_INLINE_COMMENT.sub("", heading).split())
    return Spot(line, heading, snippet)


def _hits(text: str, terms: frozenset[str], analyzer: Analyzer) -> Iterator[tuple[int, str]]:
    """Where the terms stand, in order."""
    if not terms:
        return
    if text.isascii():
        low = text.lower()
        yield from sorted(hit for term in terms for hit in _places(low, term))
        return
    for start, _, words in analyzer.spans(text):
        for word in words:
            if word in terms:
                yield start, word


def _places(text: str, term: str) -> Iterator[tuple[int, str]]:
    at = text.find(term)
    while at >= 0:
        end = at + len(term)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            yield at, term
        at = text.find(term, end)


def _within(text: str, parts: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Where the parts stand, whatever is around them; to the line where folding moves letters."""
    begin = 0
    for line in text.splitlines(keepends=True):
        low = fold(line)
        for part in parts:
            at = low.find(part) if part else -1
            while at >= 0:
                yield begin + (at if len(low) == len(line) else 0), part
                at = low.find(part, at + len(part))
        begin += len(line)


def _densest(text: str, hits: list[tuple[int, str]]) -> int:
    best, best_count = hits[0][0], 0
    for at, (place, _) in enumerate(hits):
        seen: set[str] = set()
        for other, term in hits[at : at + 20]:
            if other - place > WIDTH or "\n\n" in text[place:other]:
                break
            seen.add(term)
        if len(seen) > best_count:
            best, best_count = place, len(seen)
    return best


def _hidden(note: Note, place: int) -> bool:
    return any(span.offset <= place < span.end for span in note.comments)


def _visible(text: str, note: Note) -> str:
    """The text with comments blanked out, every character else in its place."""
    for span in note.comments:
        hidden = re.sub(r"[^\n]", " ", text[span.offset : span.end])
        text = text[: span.offset] + hidden + text[span.end :]
    return text


def _beginning(text: str, note: Note) -> str:
    """What a note begins with, after its properties and a first heading if there is more."""
    text = _visible(text, note)
    first = _TEXT.search(text, note.body)
    if first is None:
        return ""
    for heading in note.headings[:1]:
        if heading.offset <= first.start() < heading.end:
            first = _TEXT.search(text, heading.end) or first
    return _around(text, first.start())


def _around(text: str, place: int) -> str:
    line = text.rfind("\n", 0, place) + 1
    begin = line if place - line < WIDTH // 2 else text.rfind(" ", line, place - WIDTH // 4) + 1
    begin = max(begin, line, place - WIDTH // 2)
    end = min(len(text), begin + WIDTH * 2)
    piece = _LINK.sub(lambda match: match.group(1) or match.group(2) or "", text[begin:end])
    piece = " ".join(_MARKS.sub("", piece).split())
    more = end < len(text.rstrip())
    if len(piece) > WIDTH:
        piece, more = piece[:WIDTH].rsplit(" ", 1)[0], True
    return ("…" if begin > line else "") + piece + ("…" if more and piece else "")
