"""Cut a note into paragraphs that say what they are about when they stand alone."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from octopus.obsidian.note import Heading
from octopus.obsidian.quote import without_comments
from octopus.obsidian.scan import scan

SHORT = 800  # characters; shorter neighbours under one heading are put together
LONG = 1600  # characters; about 400 tokens, which every embedding model takes
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_HEADING = re.compile(r"^#{1,6}[ \t].*$", re.MULTILINE)
_WORD = re.compile(r"\w\w")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of a note."""

    line: int  # 1-based, of its first line
    text: str  # with the note's title and the headings above it
    digest: bytes  # of the text: the same text has the same vector


def paragraphs(title: str, text: str) -> list[Paragraph]:
    """The paragraphs of a note in order, its properties and comments left out."""
    note = scan(text)
    shown = without_comments(text)
    lines = shown.split("\n")
    body = "\n".join(lines[note.body_line - 1 :])
    found = []
    for line, piece in _joined(_pieces(body, note.body_line), note.headings):
        context = " > ".join(dict.fromkeys([title, *_above(note.headings, line)]))
        whole = f"{context}\n{piece}"
        digest = hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=16).digest()
        found.append(Paragraph(line, whole, digest))
    return found


def _pieces(body: str, first: int) -> Iterator[tuple[int, str]]:
    """Each stretch between blank lines, cut where it is too long, with its line."""
    at = 0
    for blank in [*_BLANK.finditer(body), None]:
        end = blank.start() if blank else len(body)
        for start in range(at, end, LONG):
            piece = body[start : min(start + LONG, end)]
            lead = len(piece) - len(piece.lstrip())
            if _WORD.search(_HEADING.sub("", piece)):  # headings are said with what follows
                yield first + body.count("\n", 0, start + lead), piece.strip()
        at = blank.end() if blank else end


def _joined(
    pieces: Iterator[tuple[int, str]], headings: tuple[Heading, ...]
) -> Iterator[tuple[int, str]]:
    """Short pieces together with what follows them under the same heading."""
    starts = [heading.line for heading in headings]
    held: tuple[int, str] | None = None
    for line, piece in pieces:
        if held is not None:
            together = bisect_right(starts, line) == bisect_right(starts, held[0])
            if together and len(held[1]) + len(piece) <= SHORT:
                held = held[0], f"{held[1]}\n{piece}"
                continue
            yield held
        held = line, piece
    if held is not None:
        yield held


def _above(headings: tuple[Heading, ...], line: int) -> list[str]:
    """The headings that a line stands under, the highest first; its own is in its text."""
    path: list[Heading] = []
    for heading in headings:
        if heading.line > line:
            break
        while path and path[-1].level >= heading.level:
            path.pop()
        if heading.line < line:
            path.append(heading)
    return [heading.text for heading in path]
