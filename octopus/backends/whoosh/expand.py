"""Other spellings of a word that the vault has: inflections, misspellings, beginnings.

Nothing but the words themselves is indexed. Which of the vault's words share a stem with the one
asked for is found out when somebody asks, among the words that begin alike; that takes a
millisecond or two, halves the index against a second field of stems, and lets every language of
the owner apply to every note.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from typing import Any

from whoosh.lang.snowball import classes as snowball_classes

from octopus.backends.whoosh.analysis import is_lone, is_paired
from octopus.backends.whoosh.schema import TEXT_FIELD
from octopus.backends.whoosh.store import Part, Snapshot
from octopus.backends.whoosh.vocabulary import Vocabulary

STEMMED = 0.8  # what another form of the word counts, against the word itself
PREFIX = 0.5
TYPO = 0.4
MOST_FORMS = 16
SHORTEST_PREFIX = 3  # letters; fewer begin too many words of a text, though not of names
STRIDE = 64
_CYRILLIC = {"ru"}


class Expander:
    """Knows the words of a snapshot."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._languages = tuple(dict.fromkeys((*languages, "en")))  # everybody has English words
        self._texts: dict[str, Lexicon] = {}
        self._names: dict[str, Lexicon] = {}
        self._vocabularies: dict[str, Vocabulary] = {}
        self._in_pieces: dict[str, frozenset[int]] = {}
        self._snapshot = Snapshot()

    def use(self, snapshot: Snapshot) -> None:
        """Answer from the words of this snapshot from now on."""
        if snapshot is self._snapshot:
            return
        self._snapshot = snapshot
        present = {part.view.id for part in snapshot.parts}
        for several in self._kept:
            for gone in several.keys() - present:
                del several[gone]

    @property
    def _kept(self) -> tuple[dict[str, Any], ...]:
        """What is kept of each segment."""
        return self._texts, self._names, self._vocabularies, self._in_pieces

    def adopt(self, other: Expander) -> None:
        """Have at hand what another one of the same snapshot has made ready, in its own thread."""
        for mine, theirs in zip(self._kept, other._kept, strict=True):
            for segment, words in theirs.items():
                mine.setdefault(segment, words)
        self._vocabularies.update(other._vocabularies)  # a search makes its own, without the lists

    def warm(self) -> None:
        """Have all words at hand."""
        for lexicon in (*self._lexicons(TEXT_FIELD), *self._lexicons("name")):
            lexicon.warm()
        for part in self._snapshot.parts:
            self.vocabulary(part).warm()
            self.in_pieces(part)

    def vocabulary(self, part: Part) -> Vocabulary:
        """The words of one segment, to be looked into."""
        kept = self._vocabularies.get(part.view.id)
        if kept is None:
            kept = Vocabulary(*part.view.common_first(TEXT_FIELD))
            self._vocabularies[part.view.id] = kept
        return kept

    def in_pieces(self, part: Part) -> frozenset[int]:
        """The documents with words that are too long for a term and were cut."""
        kept = self._in_pieces.get(part.view.id)
        if kept is None:
            words = self.vocabulary(part)
            lists = (part.view.documents(words.places[number]) for number in words.longest)
            kept = self._in_pieces[part.view.id] = frozenset(chain.from_iterable(lists))
        return kept

    def _lexicons(self, field: str) -> Iterator[Lexicon]:
        kept = self._texts if field == TEXT_FIELD else self._names
        for part in self._snapshot.parts:
            if part.view.id not in kept:
                kept[part.view.id] = Lexicon(part.view.lexicon(field))
            yield kept[part.view.id]

    def exact(self, term: str, prefix: bool) -> dict[str, float]:
        """The word itself, or what begins with it where that was asked for."""
        if is_lone(term):
            return {term: 1.0} | dict.fromkeys(self._holding(term), 1.0)
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
        for form in self._beginning(term):
            forms.setdefault(form, PREFIX)
        if len(term) >= 4 and not is_paired(term) and not self._frequency(term):
            for form in self._near(term):
                forms.setdefault(form, TYPO)
        return forms

    def telling(self, counts: Mapping[str, int], most: int) -> list[str]:
        """The words that tell this text from the others: often here, seldom elsewhere."""
        total = self._snapshot.count
        scores = {
            term: (1 + math.log(count)) * math.log(total / frequency)
            for term, count in counts.items()
            if 1 < (frequency := self._frequency(term)) <= max(total / 4, 2)
        }
        return heapq.nlargest(most, scores, key=scores.__getitem__)

    def correction(self, term: str) -> str:
        """What a word that nobody wrote was probably meant to be; "" when there is no telling."""
        if len(term) < 4 or is_paired(term) or self._frequency(term) or self._inflected(term):
            return ""
        return max(self._near(term), key=self._frequency, default="")

    def _near(self, term: str) -> list[str]:
        for distance in (1, 2) if len(term) >= 8 else (1,):
            found: set[str] = set()
            for lexicon in self._lexicons(TEXT_FIELD):
                found.update(lexicon.near(term, distance))
            if found:
                return self._frequent(found)
        return []

    def _beginning(self, term: str) -> list[str]:
        """Words that begin with the term: those in names first, and only those for a short one."""
        found: list[str] = []
        for field in ("name", TEXT_FIELD) if len(term) >= SHORTEST_PREFIX else ("name",):
            words: set[str] = set()
            for lexicon in self._lexicons(field):
                words.update(lexicon.beginning(term))
            found += self._frequent(words.difference(found))[: MOST_FORMS - len(found)]
        return found

    def _holding(self, term: str) -> list[str]:
        """The pairs that a character stands in, in text and names."""
        lexicons = (*self._lexicons(TEXT_FIELD), *self._lexicons("name"))
        return sorted({word for lexicon in lexicons for word in lexicon.holding(term)})

    def _frequent(self, terms: set[str]) -> list[str]:
        if len(terms) <= MOST_FORMS:
            return sorted(terms)
        return sorted(terms, key=self._frequency, reverse=True)[:MOST_FORMS]

    def _frequency(self, term: str) -> int:
        key = term.encode()
        return sum(p.view.frequency(TEXT_FIELD, key) for p in self._snapshot.parts)

    def _inflected(self, term: str) -> list[str]:
        stems = {
            language: stem(language, term)
            for language in self._languages
            if term.isalpha() and _fits(language, term)
        }
        found: set[str] = set()
        for language, root in stems.items():
            begin = root if len(root) < 5 else root[:-1]
            if len(begin) < 2:
                continue
            longest = len(term) + (6 if len(begin) >= 4 else 3)
            for lexicon in self._lexicons(TEXT_FIELD):
                for other in lexicon.beginning(begin):
                    if len(other) <= longest and stem(language, other) == root:
                        found.add(other)
        return self._frequent(found)


class Lexicon:
    """The words of one segment as one string, which is searched faster than a list."""

    def __init__(self, words: list[bytes]) -> None:
        self._text = b"\n" + b"\n".join(words) + b"\n"
        # Every so many words, where they begin: between two of those a word is looked for.
        self._samples = words[::STRIDE]
        starts = list(accumulate((len(word) + 1 for word in words), initial=0))
        self._starts = [*starts[::STRIDE], len(self._text)]

    @cached_property
    def _by_length(self) -> dict[int, bytes]:
        """The words of each number of letters, in the same form."""
        shelves: dict[int, list[str]] = {}
        for word in self._text.decode().split():
            shelves.setdefault(len(word), []).append(word)
        return {size: f"\n{chr(10).join(words)}\n".encode() for size, words in shelves.items()}

    def warm(self) -> None:
        """Prepare for misspellings."""
        self._by_length.get(0)

    def beginning(self, prefix: str) -> list[str]:
        """The words that begin like this, in order."""
        if not prefix:
            return []
        text, key = self._text, b"\n" + prefix.encode()
        sample = max(bisect_left(self._samples, key[1:]) - 1, 0)
        end_of_search = self._starts[min(sample + 2, len(self._starts) - 1)] + len(key)
        at = text.find(key, self._starts[sample], end_of_search)
        if at < 0:
            return []
        # Words in order: those with the prefix end where its last byte, raised by one, would be.
        after = max(bisect_left(self._samples, key[1:] + b"\xff"), 1)
        stop = text.rfind(key, at, self._starts[min(after, len(self._starts) - 1)] + len(key))
        return text[at + 1 : text.index(b"\n", stop + 1)].decode().split("\n")

    def holding(self, part: str) -> Iterator[str]:
        """The words that have this in them."""
        return (word.decode() for word in _containing(self._text, part.encode()))

    def near(self, term: str, distance: int) -> Iterator[str]:
        """The words that are at most this many slips away.

        Cut into one piece more than there are slips, a word keeps one of the pieces whole.
        """
        size = len(term) // (distance + 1)
        pieces = [term[i * size : (i + 1) * size] for i in range(distance)]
        keys = [piece.encode() for piece in (*pieces, term[distance * size :])]
        keys[0] = b"\n" + keys[0]
        keys[-1] += b"\n"
        for length in range(len(term) - distance, len(term) + distance + 1):
            text = self._by_length.get(length, b"")
            seen = {word for key in keys for word in _containing(text, key)}
            for word in seen:
                other = word.decode()
                if within(term, other, distance):
                    yield other
        # Letters swapped where it was cut break two pieces at once.
        for cut in range(size, size * distance + 1, size):
            swapped = term[: cut - 1] + term[cut] + term[cut - 1] + term[cut + 1 :]
            for other in self.near(swapped, distance - 1):
                if within(term, other, distance):
                    yield other


def _fits(language: str, term: str) -> bool:
    """True when the language is written in the letters of the term."""
    return ("\u0400" <= term[0] <= "\u04ff") == (language in _CYRILLIC) and term[0] < "\u0530"


def _containing(text: bytes, key: bytes) -> Iterator[bytes]:
    at = text.find(key)
    while at >= 0:
        begin = at + 1 if key[:1] == b"\n" else text.rindex(b"\n", 0, at + 1) + 1
        end = text.index(b"\n", begin)
        yield text[begin:end]
        at = text.find(key, end)


def within(one: str, other: str, most: int) -> bool:
    """True when adding, leaving out, changing or swapping ``most`` letters makes them equal."""
    if one == other:
        return True
    if most == 0 or abs(len(one) - len(other)) > most:
        return False
    same = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        same += 1
    one, other = one[same:], other[same:]
    return (
        within(one[1:], other[1:], most - 1)
        or within(one[1:], other, most - 1)
        or within(one, other[1:], most - 1)
        or (one[:2] == other[1::-1] and within(one[2:], other[2:], most - 1))
    )


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Any:
    found = snowball_classes.get(language)
    return found() if found else None


@lru_cache(maxsize=50_000)
def stem(language: str, term: str) -> str:
    """What is left of a word without its ending, in one language; the word where none fits."""
    stemmer = _stemmer(language)
    return str(stemmer.stem(term)) if stemmer else term
