"""Other spellings of a word that the vault has: inflections, misspellings, beginnings.

Nothing but the words themselves is indexed. Which of the vault's words share a stem with the one
asked for is found out when somebody asks, among the words that begin alike; that takes a
millisecond or two, halves the index against a second field of stems, and lets every language of
the owner apply to every note.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from whoosh.lang.snowball import classes as snowball_classes

from octopus.backends.whoosh.schema import TEXT_FIELD
from octopus.backends.whoosh.store import Snapshot
from octopus.backends.whoosh.view import SegmentView

STEMMED = 0.8  # what another form of the word counts, against the word itself
PREFIX = 0.5
TYPO = 0.4
MOST_FORMS = 16


class Expander:
    """Knows the words of a snapshot."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._languages = languages
        self._lexicons: dict[str, Lexicon] = {}
        self._snapshot = Snapshot()

    def use(self, snapshot: Snapshot) -> None:
        """Answer from the words of this snapshot from now on."""
        if snapshot is self._snapshot:
            return
        known = self._lexicons
        self._lexicons = {
            part.view.id: known.get(part.view.id) or Lexicon(part.view) for part in snapshot.parts
        }
        self._snapshot = snapshot

    def warm(self) -> None:
        """Have all words at hand."""
        for lexicon in self._lexicons.values():
            lexicon.text  # noqa: B018 - read once, then kept

    def exact(self, term: str, prefix: bool) -> dict[str, float]:
        """The word itself, or what begins with it where that was asked for."""
        if not prefix:
            return {term: 1.0}
        return {term: 1.0} | dict.fromkeys(self._beginning(term), PREFIX)

    def stemmed(self, term: str, prefix: bool) -> dict[str, float]:
        """The word and its other forms."""
        forms = self.exact(term, prefix)
        for form in self._inflected(term):
            forms.setdefault(form, STEMMED)
        return forms

    def fuzzy(self, term: str, prefix: bool) -> dict[str, float]:
        """The word, its forms, what begins with it, and what it may be a misspelling of."""
        forms = self.stemmed(term, prefix)
        if len(term) >= 3:
            for form in self._beginning(term):
                forms.setdefault(form, PREFIX)
        if len(term) >= 4:
            near: set[str] = set()
            for lexicon in self._lexicons.values():
                near.update(lexicon.near(term, 1 if len(term) < 8 else 2))
            for form in self._frequent(near):
                forms.setdefault(form, TYPO)
        return forms

    def _beginning(self, term: str) -> list[str]:
        found: set[str] = set()
        for lexicon in self._lexicons.values():
            found.update(lexicon.beginning(term))
        return self._frequent(found)

    def _frequent(self, terms: set[str]) -> list[str]:
        if len(terms) <= MOST_FORMS:
            return sorted(terms)
        return sorted(terms, key=self._frequency, reverse=True)[:MOST_FORMS]

    def _frequency(self, term: str) -> int:
        key = term.encode()
        return sum(p.view.frequency(TEXT_FIELD, key) for p in self._snapshot.parts)

    def _inflected(self, term: str) -> list[str]:
        stems = {language: stem(language, term) for language in self._languages if term.isalpha()}
        found: set[str] = set()
        for language, root in stems.items():
            begin = root if len(root) < 5 else root[:-1]
            if len(begin) < 2:
                continue
            for lexicon in self._lexicons.values():
                for other in lexicon.beginning(begin):
                    if len(other) - len(term) < 6 and stem(language, other) == root:
                        found.add(other)
        return self._frequent(found)


class Lexicon:
    """The words of one segment as one string, which is searched faster than a list."""

    def __init__(self, view: SegmentView) -> None:
        self._view = view
        self._text: bytes | None = None

    @property
    def text(self) -> bytes:
        """Every word, each between line feeds, in order."""
        if self._text is None:
            self._text = b"\n" + b"\n".join(self._view.lexicon(TEXT_FIELD)) + b"\n"
        return self._text

    def beginning(self, prefix: str) -> list[str]:
        """The words that begin like this."""
        text = self.text
        key = b"\n" + prefix.encode()
        found = []
        at = text.find(key)
        while at >= 0:
            end = text.index(b"\n", at + 1)
            found.append(text[at + 1 : end].decode())
            at = end if text.startswith(key, end) else -1
        return found

    def near(self, term: str, distance: int) -> Iterator[str]:
        """The words that are at most this many slips away.

        Cut into one piece more than there are slips, a word keeps one of the pieces whole.
        """
        size = len(term) // (distance + 1)
        pieces = [term[i * size : (i + 1) * size] for i in range(distance)] + [
            term[distance * size :]
        ]
        seen: set[bytes] = set()
        for index, piece in enumerate(pieces):
            head = b"\n" if index == 0 else b""
            tail = b"\n" if index == distance else b""
            seen.update(self._containing(head + piece.encode() + tail))
        for word in seen:
            other = word.decode()
            if abs(len(other) - len(term)) <= distance and slips(term, other, distance) <= distance:
                yield other

    def _containing(self, key: bytes) -> Iterator[bytes]:
        text = self.text
        at = text.find(key)
        while at >= 0:
            begin = at + 1 if key.startswith(b"\n") else text.rindex(b"\n", 0, at + 1) + 1
            end = text.index(b"\n", begin)
            yield text[begin:end]
            at = text.find(key, end)


def slips(one: str, other: str, most: int) -> int:
    """How many letters were added, left out, changed or swapped; more than ``most`` is rounded."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before_last, last = last, row
    return last[-1]


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Any:
    found = snowball_classes.get(language)
    return found() if found else None


@lru_cache(maxsize=200_000)
def stem(language: str, term: str) -> str:
    """What is left of a word without its ending, in one language; the word where none fits."""
    stemmer = _stemmer(language)
    return str(stemmer.stem(term)) if stemmer else term
