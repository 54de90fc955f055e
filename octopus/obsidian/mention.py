"""For finding a note's name in running text where nobody made a link of it: unlinked mentions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from octopus.obsidian.note import Note, Span

# Scripts without spaces between words: there, a name is found inside longer runs, too.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_CODE = re.compile(r"`+[^`\n]+`+|https?://\S+")


def mention_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for a note's name and aliases, longest first; None where there is nothing to find.

    Case does not matter, and words are whole words except in scripts that put no spaces between.
    """
    parts: list[str] = []
    for name in sorted({unicodedata.normalize("NFC", each).strip() for each in names}, key=len):
        if not name:
            continue
        before = r"(?<!\w)" if _bounded(name[0]) else ""
        after = r"(?!\w)" if _bounded(name[-1]) else ""
        parts.insert(0, before + r"\s+".join(map(re.escape, name.split())) + after)
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def may_mention(text: str, name: str) -> bool:
    """Whether ``name`` stands in ``text`` as words of its own; both are in one spelling.

    A quick look before the pattern is tried, which takes a hundred times longer.
    """
    at = text.find(name) if name else -1
    first, last = (_bounded(name[0]), _bounded(name[-1])) if name else (False, False)
    while at >= 0:
        end = at + len(name)
        if not (first and _word(text[at - 1 : at])) and not (last and _word(text[end : end + 1])):
            return True
        at = text.find(name, at + 1)
    return False


def _word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _bounded(char: str) -> bool:
    return char.isalnum() and not _UNSPACED.match(char)


def mentions(text: str, note: Note, pattern: re.Pattern[str]) -> list[Span]:
    """Where ``text`` mentions the names of ``pattern`` outside links, code, tags and properties."""
    found = [match.span() for match in pattern.finditer(text, note.body)]
    if not found:
        return []
    taken = [*note.code, *(Span(each.offset, each.end) for each in note.links if each.offset >= 0)]
    taken += [Span(tag.offset, tag.offset + 1 + len(tag.name)) for tag in note.body_tags]
    taken += [Span(*match.span()) for match in _CODE.finditer(text, note.body)]
    return [Span(*span) for span in _outside(found, sorted(taken))]


def _outside(found: list[tuple[int, int]], taken: list[Span]) -> Iterator[tuple[int, int]]:
    """Those of ``found`` that touch none of the spans; both are in order."""
    index = reach = 0
    for start, end in found:
        while index < len(taken) and taken[index].offset < end:
            reach = max(reach, taken[index].end)
            index += 1
        if reach <= start:
            yield start, end
