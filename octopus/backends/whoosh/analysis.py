"""Turn text of any script into the terms that are indexed and searched.

Two spellings that a person would call the same become the same term: case, accents, ё and е,
ß and ss, composed and decomposed forms, full width, Arabic vowel signs and letter variants.
Scripts written without spaces become overlapping pairs of characters, in order, so that a query
of any length finds its text as a phrase of pairs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

# Han, kana, bopomofo, hangul; the iteration marks and the long vowel mark belong to words.
_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3031-\u3035\u303b\u3041-\u3096\u3099\u309a"
    "\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00016fe0-\U00018aff\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
# Thai, Lao, Myanmar, Khmer: letters, vowel signs and digits, without the punctuation.
_UNSPACED = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u17dc"
# Marks that \w leaves out although they are part of a word.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    "\u0900-\u0963\u0971-\u0dff\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84\u0f86-\u0fbc"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u200c\u200d"
)
# Symbols that people search for: arrows, signs, emoji. Each of them is a term.
_SYMBOLS = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_LETTER = f"[^\\W_{_CJK}{_UNSPACED}]"
_WORD = re.compile(
    f"{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*|[{_CJK}]+|[{_UNSPACED}]+|[{_SYMBOLS}]|[{_MARKS}]+"
)
_ASCII_BREAKS = str.maketrans(
    {code: " " for code in range(128) if not chr(code).isalnum()}
)  # what stands between words; much faster than an expression
_PAIRED = re.compile(f"[{_CJK}{_UNSPACED}]")
_RUN = re.compile(
    f"(?P<word>(?:{_LETTER}|[{_MARKS}])+)|(?P<paired>[{_CJK}]+|[{_UNSPACED}]+)|(?P<sign>[{_SYMBOLS}])"
)
_LEADING_MARKS = re.compile(f"^[{_MARKS}]+")
# Signs that readers leave out when they type: accents, Hebrew points, Arabic vowels, joiners.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u00ad\ufe00-\ufe0f]+"
)
# Letters that Unicode does not take apart; Arabic letters and quotes that are written either way.
_LETTERS = str.maketrans(
    {
        "ı": "i", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ى": "ي", "ة": "ه", "ٱ": "ا", "ک": "ك", "ی": "ي", "ѐ": "е",
        "‘": "'", "’": "'", "“": '"', "”": '"',
    }
)  # fmt: skip
_SHORT_I = "\u0438\u0306"  # и with breve is a letter of its own: й, not an accented и
LONGEST_TERM = 60  # characters; longer runs are data and are cut into pieces


def fold(text: str) -> str:
    """Return ``text`` as it is compared: folded, composed, of any length."""
    if text.isascii():
        return text.lower()
    # Taking letters apart may uncover some that casefold had not seen (full width, ligatures).
    return unicodedata.normalize("NFC", _plain(text.casefold()).casefold())


def fold_marks(text: str) -> str:
    """As :func:`fold`, with capital letters kept."""
    return text if text.isascii() else unicodedata.normalize("NFC", _plain(text))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).replace(_SHORT_I, "\ue000")
    text = text.replace(_SHORT_I.upper(), "\ue001")
    text = _DROPPED.sub("", text).replace("\ue000", _SHORT_I)
    return text.replace("\ue001", _SHORT_I.upper()).translate(_LETTERS)


def _terms(folded: str) -> tuple[str, ...]:
    if not _PAIRED.match(folded):
        return tuple(folded[at : at + LONGEST_TERM] for at in range(0, len(folded), LONGEST_TERM))
    if len(folded) == 1:
        return (folded,)
    return tuple(a + b for a, b in pairwise(folded))


class Analyzer:
    """Cuts text into terms and remembers what each spelling became."""

    def __init__(self, remembered: int = 100_000) -> None:
        self._memo = _Memo(remembered)

    def terms(self, text: str) -> list[str]:
        """The terms of ``text`` in order; their places in the list are their positions.

        They are cut out of the folded text, so that each of them is a part of it.
        """
        if text.isascii():
            words = text.lower().translate(_ASCII_BREAKS).split()
            if not words or len(max(words, key=len)) <= LONGEST_TERM:
                return words
        else:
            words = _WORD.findall(fold(text))
        return list(chain.from_iterable(map(self._memo.__getitem__, words)))

    def cased(self, text: str) -> list[str]:
        """As :meth:`terms`, with capital letters kept."""
        return [term for word in _WORD.findall(fold_marks(text)) for term in _terms(word)]

    def spans(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Each word of ``text`` as (start, end, its terms), for showing a match in place."""
        memo = self._memo
        return [(m.start(), m.end(), memo[m.group()]) for m in _WORD.finditer(text)]


class _Memo(dict[str, tuple[str, ...]]):
    def __init__(self, remembered: int) -> None:
        super().__init__()
        self._remembered = remembered

    def __missing__(self, token: str) -> tuple[str, ...]:
        if len(self) >= self._remembered:
            self.clear()
        terms = tuple(chain.from_iterable(map(_terms, _WORD.findall(fold(token)))))
        self[token] = terms
        return terms


def is_paired(term: str) -> bool:
    """True for a term of a script without spaces, which stands for a part of a word."""
    return bool(_PAIRED.match(term))


def is_lone(term: str) -> bool:
    """True for one character of such a script, which is looked for in every pair that has it."""
    return len(term) == 1 and is_paired(term)


class Pieces(NamedTuple):
    """What terms a text must have to hold another text, wherever that begins and ends."""

    #: Parts of terms, each of a term of its own; a line's end where the term begins or ends.
    #: An empty one stands for a term that is as long as a term can be.
    parts: tuple[str, ...]
    #: True when a text with a term for the only part does hold the text; else it may.
    certain: bool


@lru_cache(maxsize=1024)
def pieces(folded: str) -> Pieces:
    """Take a folded text apart for finding the texts that hold it."""
    parts: list[str] = []
    certain = False
    for run in _RUN.finditer(folded):
        before, after = "\n" * (run.start() > 0), "\n" * (run.end() < len(folded))
        text, kind = run.group(), run.lastgroup
        if kind == "sign":
            before = after = "\n"
        elif kind == "paired" and len(text) > 1:
            parts += (f"\n{a}{b}\n" for a, b in pairwise(text))
            certain = text == folded and len(text) == 2
            continue
        elif kind == "word" and not text[0].isalnum():
            # Marks are a term of their own where they begin a word, and a part of it elsewhere.
            text, before = _LEADING_MARKS.sub("", text), ""
        if kind == "word" and len(text) > LONGEST_TERM:
            text, after = text[:LONGEST_TERM] if before else "", before
        elif not text:
            continue
        certain = text == folded
        parts.append(before + text + after)
    return Pieces(tuple(parts), certain and len(parts) == 1)
