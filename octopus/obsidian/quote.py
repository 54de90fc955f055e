"""For showing a note to people: without its comments, and quoted only in its own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from octopus.obsidian.scan import scan, shadow

#: Letters and digits that a quote needs before it can prove anything.
SHORTEST = 6

_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,}).*$")
_MARKS = frozenset("*_`~=[]\\|>#")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that stand in a note, as they stand there."""

    text: str
    line: int  # 1-based


def without_comments(text: str) -> str:
    """The text with every comment cut out; lines keep their numbers, newlines become "\\n"."""
    shown = shadow(text)
    parts, end = [], 0
    for span in scan(text).comments:
        parts += [shown[end : span.offset], "\n" * shown.count("\n", span.offset, span.end)]
        end = max(end, span.end)
    return "".join([*parts, shown[end:]])


def find_quote(text: str, words: str) -> Quote | None:
    """Where the words stand in the text, letter for letter; spacing and emphasis do not count.

    None when they do not, or are too few to prove anything.
    """
    wanted = _plain(words.strip(" \t\n\"'“”„«»….-"))[0].strip()
    if sum(character.isalnum() for character in wanted) < SHORTEST:
        return None
    plain, places = _plain(text)
    at = plain.find(wanted)
    if at < 0:
        return None
    start, end = places[at], places[at + len(wanted) - 1] + 1
    return Quote(" ".join(text[start:end].split()), text.count("\n", 0, start) + 1)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text without marks and with single spaces, and where each character came from."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character in _MARKS:
            continue
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            character = " "  # noqa: PLW2901 - any white space is one space
        characters.append(character)
        places.append(place)
    return "".join(characters), places


def page(text: str, start: int, length: int) -> tuple[str, int]:
    """A part of a text that can be shown alone, and where the next one begins.

    Cut between lines where there are any; a block of code that goes on is closed and opened
    again. ``len(text)`` stands for the end.
    """
    if len(text) - start <= length:
        part, end = text[start:], len(text)
    else:
        newline = text.rfind("\n", start + length // 2, start + length)
        end = newline + 1 if newline >= 0 else start + length
        part = text[start:end]
    before, after = _open_fence(text[:start]), _open_fence(text[:end])
    part = f"{before}\n{part}" if before else part
    mark = _FENCE.match(after)
    return (f"{part.rstrip()}\n{mark[1]}" if mark else part), end


def _open_fence(text: str) -> str:
    """The line that opened the block of code in which the text ends; "" outside of one."""
    opened = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if found and not opened:
            opened = line
        elif found and line.strip() == found[1] and _closes(opened, found[1]):
            opened = ""
    return opened


def _closes(opened: str, mark: str) -> bool:
    fence = _FENCE.match(opened)
    return fence is not None and mark.startswith(fence[1])
