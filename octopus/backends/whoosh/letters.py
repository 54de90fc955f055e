"""The documents that hold a text letter for letter, wherever its words begin and end.

This is what a word or a phrase of a query means (Obsidian help, "Search": a search finds parts of
words). The words of the vault say which documents may hold it; where they leave that open, as for
what stands between two words, the document is read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from octopus.backends.whoosh.analysis import Analyzer, fold, pieces
from octopus.backends.whoosh.attachment import Attachments
from octopus.backends.whoosh.bounded import BoundedCheck
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.order import in_order
from octopus.backends.whoosh.schema import TEXT_FIELD
from octopus.backends.whoosh.store import Part
from octopus.backends.whoosh.texts import Sources, place_of

TIME_LIMIT = 0.6  # seconds for one query; then what was found so far has to do
MOST_READ = 4  # documents that are read sooner than the positions of their words
MOST_WORDS = 64  # whose positions are read
LONGEST_IN_ORDER = 64  # terms; what has more of them is looked for in the files themselves
FEW = 24  # documents that are read sooner than the words that they may have are gone through


@dataclass(slots=True)
class Budget:
    """How long files and places may be read for one query."""

    seconds: float = TIME_LIMIT
    started: float = field(default_factory=time.monotonic)
    exhausted: bool = False

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.started + self.seconds - time.monotonic()

    def spare(self, work: Callable[[], object]) -> None:
        """Do what has to be done once, and is not taken off the time of the query."""
        began = time.monotonic()
        work()
        self.started += time.monotonic() - began

    def spent(self) -> bool:
        """True when there is no time left, which is then known."""
        self.exhausted |= self.left < 0
        return self.exhausted


class Reading:
    """What reading files takes: where they are, what was read, the process for expressions."""

    def __init__(
        self, root: Path, analyzer: Analyzer, attachments: Attachments | None = None
    ) -> None:
        self.root = root
        self.analyzer = analyzer
        self.sources = Sources(root, attachments)
        self.bounded = BoundedCheck()


class Letters:
    """Looks for letters on behalf of one query."""

    def __init__(self, reading: Reading, expander: Expander, budget: Budget) -> None:
        self.reading = reading
        self.budget = budget
        self._expander = expander

    def documents(
        self, text: str, part: Part, within: set[int] | None, content: bool = False
    ) -> set[int]:
        """The documents, out of ``within``, that hold ``text``; deleted ones may be there.

        With ``content`` it has to be in the file's text, not in its name.
        """
        wanted = fold(text)
        if not wanted:  # nothing but signs that readers leave out
            return set(range(part.view.count)) if within is None else within
        if within is not None and len(within) <= FEW:
            return self._read(wanted, part, within, content)
        parts, certain = pieces(wanted)
        if not certain:
            return self._read(wanted, part, self._having_all(parts, part, within), content)
        found, open_ones = self._having(parts[0], part, within)
        if content:
            named = {n for n in found if wanted in fold(place_of(part.view.rows[n].path))}
            found, open_ones = found - named, open_ones | named
        return found | self._read(wanted, part, open_ones, content)

    def candidates(self, text: str, part: Part) -> set[int]:
        """At least the documents that hold ``text``."""
        return self._having_all(pieces(fold(text)).parts, part, None)

    def _having_all(self, parts: Iterable[str], part: Part, within: set[int] | None) -> set[int]:
        """The documents that have a word for each of the parts, and perhaps some others."""
        found = within
        for each in sorted(dict.fromkeys(parts), key=len, reverse=True):
            if found is not None and len(found) <= FEW:
                break
            having, open_ones = self._having(each, part, found)
            having |= open_ones
            found = having if found is None else found & having
        return set(range(part.view.count)) if found is None else found

    def beyond(self, text: str, part: Part) -> set[int]:
        """The documents that hold ``text`` beginning or ending within a word.

        Those with whole words where it begins and ends are found by their words, in order.
        """
        wanted = fold(text)
        parts, certain = pieces(wanted)
        if len(parts) > LONGEST_IN_ORDER:
            return self.documents(text, part, None)
        if parts and "/" in wanted:  # from a folder to the name in it: their words are not in order
            return self.documents(text, part, None)
        edges = [each for each in parts if not _is_whole(each)]
        if not edges:
            return set()
        several = {each: self._having(each, part, None, longer=True) for each in edges}
        if certain:
            found, open_ones = several[edges[0]]
            return found | self._read(wanted, part, open_ones, False)
        longer = {each: found | open_ones for each, (found, open_ones) in several.items()}
        open_ones = set().union(*(self._with_all(parts, at, longer, part) for at in edges))
        if len(open_ones) > MOST_READ:
            open_ones = self._following(parts, part, open_ones)
        return self._read(wanted, part, open_ones, False)

    def _with_all(
        self, parts: Sequence[str], edge: str, longer: Mapping[str, Set[int]], part: Part
    ) -> set[int]:
        """The documents with a longer word at the edge, and a word for each of the other parts."""
        found = set(longer[edge])
        for each in parts:
            if found and each != edge:
                term = part.view.term(TEXT_FIELD, each.strip("\n").encode())
                whole = term.among(sorted(found)).ids if term is not None else ()
                found = found.intersection(whole) | (found & longer.get(each, frozenset()))
        return found

    def _following(self, parts: Sequence[str], part: Part, found: set[int]) -> set[int]:
        """Those of the documents that may have words with the parts one after the other."""
        view, words = part.view, self._expander.vocabulary(part)
        several = []
        for each in parts:
            numbers = [] if _is_whole(each) else list(islice(words.holding(each), MOST_WORDS))
            if len(numbers) == MOST_WORDS:
                return found
            terms = dict.fromkeys((each.strip("\n"), *map(words.word, numbers)))
            lists = (view.term(TEXT_FIELD, term.encode()) for term in terms)
            several.append([each for each in lists if each is not None])
        cut = found & self._expander.in_pieces(part)
        return cut | in_order(sorted(found - cut), several, False)

    def _having(
        self, each: str, part: Part, within: set[int] | None, *, longer: bool = False
    ) -> tuple[set[int], Set[int]]:
        """The documents with a word that has this part, and those of which it is not known.

        With ``longer`` the word has to have more than the part.
        """
        view, whole = part.view, each.strip("\n")
        if _is_whole(each):
            postings = view.postings(TEXT_FIELD, whole.encode())
            return set(postings.ids if postings else ()), set()
        words = self._expander.vocabulary(part)
        found: set[int] = set()
        look = FEW
        for count, number in enumerate(words.holding(each) if each else ()):
            if count == look:
                look *= 2
                rest = view.count - len(found) if within is None else len(within - found)
                # To read a document takes as long as to look up the lists of four words.
                if rest <= max(FEW, count // 4) or self.budget.spent():
                    every = set(range(view.count)) if within is None else within
                    return found, every - found
            if not longer or words.word(number) != whole:
                found.update(view.documents(words.places[number]))
        return found, set() if each[:1] == "\n" else self._expander.in_pieces(part) - found

    def _read(self, wanted: str, part: Part, numbers: Set[int], content: bool) -> set[int]:
        found: set[int] = set()
        if not numbers:
            return found
        rows, sources = part.view.rows, self.reading.sources
        for number in sorted(numbers - part.deleted):
            path = rows[number].path
            if not content and wanted in fold(place_of(path)):
                found.add(number)
            elif self.budget.spent():
                break
            else:
                source = sources.get(path)
                if source is not None and wanted in source.folded:
                    found.add(number)
        return found


def _is_whole(part: str) -> bool:
    """True for a part that is a word by itself."""
    return part[:1] == part[-1:] == "\n"
