"""How well a few words name a thing: word order, a slip of one letter and endings left aside."""

from __future__ import annotations

from collections.abc import Sequence

from octopus.language.lexicon import languages, load
from octopus.language.token import Text, fold
from octopus.language.typo import one_edit

#: From here on, what was said names the thing.
GOOD = 0.6

#: Things whose likeness differs by less are equally meant.
CLOSE = 0.12

_ENDING = 3  # letters in which two forms of one word may differ at most
_STEM = 3  # letters that they have to share at least
_SLIP = 4  # letters from which on one of them may be wrong


def likeness(query: str, text: str, language: str = "en") -> float:
    """From 0 to 1 how well ``query`` names ``text``: 1 for the same words in any order.

    Every word that counts has to be found again; of four or more one may be missing.
    """
    small = _small(language)
    return _likeness(_words(query, small), text, small)


def _likeness(wanted: Sequence[str], text: str, small: frozenset[str]) -> float:
    there = _words(text, small)
    if not wanted or not there:
        return 0.0
    left = list(there)
    found, size, missing = 0.0, 0, 0
    for word in wanted:
        best = max(left, key=lambda other: _alike(word, other), default="")
        worth = _alike(word, best) if best else 0.0
        size += len(word)
        found += worth * len(word)
        if worth:
            left.remove(best)
        else:
            missing += 1
    if missing > len(wanted) // 4:
        return 0.0
    # The rest of the thing's own words tells equally good ones apart, and no more than that.
    covered = 1 - sum(map(len, left)) / sum(map(len, there))
    return min(1.0, found / size * (0.75 + 0.25 * covered))


def _words(text: str, small: frozenset[str]) -> list[str]:
    """The words that count: small ones only where there is nothing else."""
    every = [token.text for token in Text(text).tokens if token.text[0].isalnum()]
    return [word for word in every if word not in small] or every


def _small(language: str) -> frozenset[str]:
    code = language if language in languages() else "en"
    return load(code).common | load(code).words("articles")


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if not one.isalpha() or not other.isalpha():
        return 0.0
    shared = next(
        (at for at in range(len(short)) if short[at] != long[at]),
        len(short),
    )
    if shared >= max(_STEM, len(long) - _ENDING) or (shared >= _STEM and shared == len(one)):
        return 0.9  # another form of it, or its beginning
    if len(short) >= _SLIP and one[0] == other[0] and one_edit(one, other):
        return 0.85
    if len(one) >= _SLIP and one in other:
        return 0.7  # a part of a compound
    return 0.0


def best(query: str, names: Sequence[str], language: str = "en") -> list[int]:
    """Which of the names are meant, as places in them: one, several as likely ones, or none."""
    small = _small(language)
    wanted = _words(query, small)
    parts = [part for word in wanted for part in _halves(word)]
    scores = [
        _likeness(wanted, name, small) if any(part in folded for part in parts) else 0.0
        for name, folded in zip(names, map(fold, names), strict=True)
    ]
    top = max(scores, default=0.0)
    if top < GOOD:
        return []
    close = CLOSE if top < 1.0 else 0.0  # who says its very words means that one
    near = [place for place, score in enumerate(scores) if score >= top - close]
    return sorted(near, key=lambda place: -scores[place])


def _halves(word: str) -> tuple[str, ...]:
    """What is left of a word, its ending aside, wherever one letter of it is wrong."""
    half = len(word) // 2
    return (word[:half], word[half + 1 :]) if len(word) >= _SLIP else (word,)
