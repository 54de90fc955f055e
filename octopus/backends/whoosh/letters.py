"""The documents that hold a text letter for letter, wherever its words begin and end.

This is what a word or a phrase of a query means (Obsidian help, "Search": a search finds parts of
words). The words of the vault say which documents may hold it; where they leave that open, as for
what stands between two words, the document is read.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from octopus.backends.whoosh.analysis import Analyzer, fold, pieces
from octopus.backends.whoosh.attachment import Attachments
from octopus.backends.whoosh.bounded import BoundedCheck
from octopus.backends.whoosh.expand import Expander
from octopus.backends.whoosh.schema import TEXT_FIELD
from octopus.backends.whoosh.store import Part
from octopus.backends.whoosh.texts import Sources, place_of

TIME_LIMIT = 0.6  # seconds for one query; then what was found so far has to do
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
        for each in sorted(parts, key=len, reverse=True):
            if found is not None and len(found) <= FEW:
                break
            having, open_ones = self._having(each, part, found)
            having |= open_ones
            found = having if found is None else found & having
        return set(range(part.view.count)) if found is None else found

    def _having(self, each: str, part: Part, within: set[int] | None) -> tuple[set[int], set[int]]:
        """The documents with a word that has this part, and those of which it is not known."""
        view, words = part.view, self._expander.vocabulary(part)
        if each[:1] == each[-1:] == "\n":
            return set(view.documents(TEXT_FIELD, each.strip("\n").encode())), set()
        found: set[int] = set()
        look = FEW
        for count, word in enumerate(words.holding(each) if each else ()):
            if count == look:
                look *= 2
                rest = view.count - len(found) if within is None else len(within - found)
                if rest <= FEW or self.budget.spent():
                    return found, (within or set(range(view.count))) - found
            found.update(view.documents(TEXT_FIELD, word))
        if each[:1] == "\n":
            return found, set()
        cut = {n for word in words.longest for n in view.documents(TEXT_FIELD, word)}
        return found, cut - found

    def _read(self, wanted: str, part: Part, numbers: set[int], content: bool) -> set[int]:
        rows, sources = part.view.rows, self.reading.sources
        found: set[int] = set()
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
