"""Show where a note answers: the line, the heading above it, and the text around the match."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

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


def find_spot(source: Source, place: int | None) -> Spot:
    """What stands where a query is answered; the beginning where the text does not answer it.

    What stands in comments is found, but never quoted.
    """
    text, note = source.text, source.note
    if source.paged:
        return _on_page(text, place or 0)
    if place is None:
        return Spot(1, "", _beginning(text, note))
    hidden = any(span.offset <= place < span.end for span in note.comments)
    around = _beginning(text, note) if hidden else _around(_visible(text, note), place)
    return _spot(text, note, place, around)


def spot_at(source: Source, line: int) -> Spot:
    """What stands at a line, whatever its words."""
    text, note = source.text, source.note
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    place = starts[min(max(line, 1), len(starts)) - 1]
    return replace(_spot(text, note, place, _around(_visible(text, note), place)), line=line)


def _on_page(text: str, place: int) -> Spot:
    """The page is what a reader looks for; lines are an accident of the file."""
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
