"""For changing words in the running text of a note, wherever they stand there."""

from __future__ import annotations

import re

from octopus.errors import NotFound
from octopus.obsidian.edit import Source, open_source
from octopus.obsidian.note import Span

#: Words on both sides of a place that are enough to know it by.
_AROUND = 40


def find_text(source: Source, text: str) -> list[Span]:
    """Where ``text`` stands in the body; properties have edits of their own.

    What was spelled so comes before what differs in case, and whole words before parts of
    words: "tea" in "a cup of tea" hides the one in "team". A newline means any newline.
    """
    wanted = r"(?:\r\n|\n|\r)".join(map(re.escape, text.replace("\r\n", "\n").split("\n")))
    if not text.strip():
        return []
    before = r"(?<!\w)" if re.match(r"\w", text) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", text) else ""
    body = source.note.body
    for pattern, flags in (
        (before + wanted + after, 0),
        (before + wanted + after, re.IGNORECASE),
        (wanted, 0),
        (wanted, re.IGNORECASE),
    ):
        matches = re.compile(pattern, flags).finditer(source.text, body)
        if found := [Span(*match.span()) for match in matches]:
            return found
    return []


def replace_text(data: bytes, old: str, new: str, *, every: bool = False) -> bytes:
    """The note with ``new`` where ``old`` stands first, or everywhere.

    Raises NotFound where it does not stand, Undecodable for a note that must not be edited.
    """
    source = open_source(data)
    found = find_text(source, old)
    if not found:
        raise NotFound("“{text}” does not stand in this note.", "error.no_text", text=old)
    put = source.clean(new)
    parts, at = [], 0
    for span in found if every else found[:1]:
        parts += [source.text[at : span.offset], put]
        at = span.end
    return source.encoding.encode("".join([*parts, source.text[at:]]))


def around(source: Source, span: Span) -> str:
    """A place in the words of its line, to show it by."""
    start = source.text.rfind("\n", 0, span.offset) + 1
    end = source.text.find("\n", span.end)
    line = source.text[
        max(start, span.offset - _AROUND) : min(
            end if end >= 0 else len(source.text), span.end + _AROUND
        )
    ]
    return line.strip()
