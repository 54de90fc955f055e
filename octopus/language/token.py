"""Cuts a message into words that can be compared, remembering where each one stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"\d+|[{_HAN}]|[^\W\d_{_HAN}]+|\S")
_SAME = {
    "'": "‘’ʼ`´′‛",
    '"': "“”„‟«»「」『』〝〞〟＂",
    "-": "‐‑‒–—―−－",
    ".": "。．…",
    " ": "\u00a0\u1680\u202f\u205f\u3000\t\r\x0b\x0c",
    "е": "ё",
    "o": "ø",
    "l": "ł",
    "d": "đ",
}


def _folding() -> dict[int, str]:
    """A table that keeps the length: one character in, one out."""
    table: dict[int, str] = {}
    for code in range(0xC0, 0x180):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            table[code] = chr(int(parts[0], 16)).lower()
    for code in range(0xFF01, 0xFF5F):  # full-width forms of ASCII
        table[code] = chr(code - 0xFEE0).lower()
    table[ord("、")] = ","
    hidden = [*range(0x00, 0x0A), *range(0x0E, 0x20), *range(0x7F, 0xA0)]
    hidden += [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
    table |= dict.fromkeys(hidden, " ")
    for plain, others in _SAME.items():
        table |= dict.fromkeys(map(ord, others), plain)
    return table


_FOLDING = _folding()


def fold(text: str) -> str:
    """The text in small letters without accents and fancy punctuation, at the same length."""
    if text.isascii() and text.isprintable():
        return text.lower()
    small = text.lower()
    if len(small) != len(text):  # "İ" grows when it is made small
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return small.translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, Han character or sign; ``start`` and ``end`` count in the folded text."""

    text: str
    start: int
    end: int


class Text:
    """A message, its folded form, and the way back from the one to the other."""

    __slots__ = ("_back", "norm", "raw", "tokens")

    def __init__(self, raw: str, norm: str | None = None, back: list[int] | None = None) -> None:
        self.raw = raw
        self._back = back
        if norm is None:
            if raw.isascii() or unicodedata.is_normalized("NFC", raw):
                norm = fold(raw)
            else:
                norm, self._back = _composed(raw)
        self.norm = norm
        self.tokens = tuple(Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(norm))

    def place(self, at: int) -> int:
        """Where this position of the folded text is in the message."""
        return at if self._back is None else self._back[at]

    def cut(self, start: int, end: int) -> str:
        """The message's own characters between two positions of the folded text."""
        return self.raw[self.place(start) : self.place(end)]

    def replaced(self, changes: dict[int, str]) -> Text:
        """The same message with other words compared: token number to its right spelling."""
        if not changes:
            return self
        pieces: list[str] = []
        back: list[int] = []
        last = 0
        for number, word in sorted(changes.items()):
            token = self.tokens[number]
            pieces += [self.norm[last : token.start], word]
            back += [self.place(at) for at in range(last, token.start)]
            back += [self.place(min(token.start + at, token.end - 1)) for at in range(len(word))]
            last = token.end
        pieces.append(self.norm[last:])
        back += [self.place(at) for at in range(last, len(self.norm) + 1)]
        return Text(self.raw, "".join(pieces), back)


def _composed(raw: str) -> tuple[str, list[int]]:
    """The folded text of a message with combining accents, and the way back."""
    clusters: list[str] = []
    back: list[int] = []
    for at, char in enumerate(raw):
        if clusters and unicodedata.combining(char) and len(clusters[-1]) < 8:
            clusters[-1] += char
        else:
            clusters.append(char)
            back.append(at)
    norm = "".join(fold(unicodedata.normalize("NFC", cluster)[0]) for cluster in clusters)
    return norm, [*back, len(raw)]


@lru_cache(maxsize=4096)
def words(phrase: str) -> tuple[str, ...]:
    """A phrase of a language's data, cut like a message."""
    folded = fold(phrase)
    if folded.isalpha() and folded < "\u3400":
        return (folded,)
    return tuple(_TOKEN.findall(folded))
