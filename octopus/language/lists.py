"""Finds the items of a list in a message: by commas and "and", or one a line."""

from __future__ import annotations

import re

from octopus.language.lexicon import languages, load
from octopus.language.scan import Scan
from octopus.language.token import Text

_BULLET = re.compile(r"^\s*(?:[-*+•–]\s+(?:\[.\]\s*)?|\d{1,3}[.)]\s+|☐\s*|▢\s*)")
_SEPARATORS = ",;、"
MOST_ITEMS = 200  # more than anybody types on a phone: such a text is kept as a note


def lines(text: str) -> list[str]:
    """The lines that hold something, without their bullets."""
    return [_BULLET.sub("", line).strip() for line in text.splitlines() if line.strip()]


def bulleted(text: str) -> bool:
    """True when every line is a list item."""
    some = [line for line in text.splitlines() if line.strip()]
    return len(some) > 1 and all(_BULLET.match(line) for line in some)


def items(scan: Scan, start: int) -> list[str]:
    """The items from this word on: at commas, line ends, and the last "and" after a comma."""
    tokens = scan.tokens
    if start >= len(tokens):
        return []
    whole = scan.text.cut(tokens[start].start, len(scan.text.norm))
    if "\n" in whole.strip():
        return [line for line in lines(whole) if line]
    cuts: list[tuple[int, int]] = []
    commas = 0
    for at in range(start, len(tokens)):
        if tokens[at].text in _SEPARATORS and not _decimal(scan, at):
            cuts.append((at, at + 1))
            commas += 1
    for at in range(start, len(tokens)):
        width = scan.language.longest("filler_list", [t.text for t in tokens[at : at + 3]])
        if width and at > start and at + width < len(tokens):
            cuts.append((at, at + width))
    return _between(scan, start, sorted(cuts))


def _decimal(scan: Scan, at: int) -> bool:
    """True for the comma of 1,5."""
    norm, token = scan.text.norm, scan.tokens[at]
    return (
        norm[token.start - 1 : token.start].isdigit() and norm[token.end : token.end + 1].isdigit()
    )


def _between(scan: Scan, start: int, cuts: list[tuple[int, int]]) -> list[str]:
    found: list[str] = []
    begin = start
    for stop, after in [*cuts, (len(scan.tokens), len(scan.tokens))]:
        if stop > begin:
            first, last = scan.tokens[begin], scan.tokens[stop - 1]
            found.append(scan.text.cut(first.start, last.end).strip(" .!\n\t"))
        begin = max(begin, after)
    return [item for item in found if item]


def looks_like_list(scan: Scan, found: list[str]) -> bool:
    """True for short things side by side ("milk, eggs and bread"), false for a sentence."""
    han = scan.language.script == "han"
    most = 12 if han else 4  # characters, or words, of one thing
    statement = scan.language.words("statement")
    verbs = scan.language.words("verbs")
    polite = {" ".join(phrase) for phrase in scan.language.starts("please")}
    if any(item.lower() in polite for item in found):
        return False
    acts = 0
    for item in found:
        said = item.lower().split()
        size = len(item) if han else len(said)
        if size > most or not any(char.isalpha() for char in item):
            return False
        if any(word in statement for word in said):
            return False
        acts += len(said) > 1 and said[0] in verbs
    return len(found) >= 3 and acts in (0, len(found))


def parted(text: str, language: str) -> list[str]:
    """The things in a text, at commas and at every "and"."""
    return items(Scan(Text(text), load(language if language in languages() else "en")), 0)


def numbers(text: str, language: str) -> list[int]:
    """The numbers of a text that is nothing but numbers: "2", "1, 3 and 4"; else none."""
    found = [part for piece in parted(text, language) for part in piece.split()]
    bare = [part.strip("#.") for part in found]
    if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in bare):
        return []
    return [int(part) for part in bare]
