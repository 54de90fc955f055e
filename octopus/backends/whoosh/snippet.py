"""Show where a note answers: the line, the heading above it, and the text around the match."""

from __future__ import annotations

import re
from dataclasses import dataclass

from octopus.backends.whoosh.analysis import Analyzer

WIDTH = 160  # characters

_COMMENT = re.compile(r"%%.*?(?:%%|\Z)", re.DOTALL)
_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")
_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]|!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(
    r"^[\s>]*(?:[-*+]|\d+[.)])\s+(?:\[.\]\s+)?|^#{1,6}\s+|\*\*|__|==|~~|`", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a note."""

    line: int  # 1-based
    heading: str
    snippet: str


def find_spot(text: str, terms: set[str], analyzer: Analyzer) -> Spot:
    """The place where most of the terms stand together; the beginning when none does."""
    visible = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    front = _FRONT.match(visible)
    start = front.end() if front else 0
    hits = _hits(visible[start:], terms, analyzer, start) or _hits(
        visible[:start], terms, analyzer, 0
    )
    if not hits:
        return Spot(1, "", _around(visible[start:].lstrip(), 0))
    place = _densest(visible, hits)
    line = visible.count("\n", 0, place) + 1
    return Spot(line, _heading_above(visible, place), _around(visible, place))


def _hits(
    text: str, terms: set[str], analyzer: Analyzer, offset: int
) -> list[tuple[int, frozenset[str]]]:
    return [
        (start + offset, frozenset(own & terms))
        for start, _, words in analyzer.spans(text)
        if (own := set(words)) & terms
    ]


def _densest(text: str, hits: list[tuple[int, frozenset[str]]]) -> int:
    best, best_count = hits[0][0], 0
    for at, (place, _) in enumerate(hits):
        seen: set[str] = set()
        for other, terms in hits[at:]:
            if other - place > WIDTH or "\n\n" in text[place:other]:
                break
            seen |= terms
        if len(seen) > best_count:
            best, best_count = place, len(seen)
    return best


def _heading_above(text: str, place: int) -> str:
    end = text.find("\n", place)
    above = text[: end if end >= 0 else len(text)].split("\n")
    for line in reversed(above):
        match = _HEADING.match(line)
        if match:
            return match.group(1).rstrip().rstrip("#").rstrip()
    return ""


def _around(text: str, place: int) -> str:
    begin = max(text.rfind("\n", 0, place) + 1, place - WIDTH // 2)
    end = min(len(text), begin + WIDTH * 2)
    piece = _LINK.sub(lambda match: match.group(1) or match.group(2) or "", text[begin:end])
    piece = " ".join(_MARKS.sub("", piece).split())
    if len(piece) > WIDTH:
        piece = piece[:WIDTH].rsplit(" ", 1)[0] + "…"
    elif end < len(text.rstrip()):
        piece += "…"
    cut = begin > 0 and text[begin - 1] != "\n"
    return "…" + piece if cut and piece else piece
