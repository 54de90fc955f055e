"""What answers a query by its letters, and not by whole words: found without going through all.

Where whole words were looked for before, only documents are left in which some word or phrase of
the query begins or ends within a word. The words that it may begin or end in are rarer than those
that are asked for, so there is little to look at.
"""

from __future__ import annotations

from octopus.backends.whoosh.analysis import fold, pieces
from octopus.backends.whoosh.document import title_of
from octopus.backends.whoosh.letters import Letters
from octopus.backends.whoosh.match import Expand, Matcher, Reads
from octopus.backends.whoosh.rank import Ranking, texts_in
from octopus.backends.whoosh.store import Part
from octopus.obsidian.query_node import And, Case, Node, Or, Phrase, Scope, Word

WORTH = 0.1  # less than any whole word
NAMED = 1.0  # what a title adds that holds all that is looked for


class InsideMatcher(Matcher):
    """Finds at least what letters find and :attr:`Reads.WORDS` does not, and nothing wrong."""

    def __init__(self, letters: Letters, expand: Expand) -> None:
        super().__init__(letters, expand, Reads.LETTERS)
        self._whole = Matcher(letters, expand)
        self._cut: dict[tuple[str, str], set[int]] = {}

    def match(
        self, node: Node, part: Part, within: set[int] | None = None, content: bool = False
    ) -> set[int]:
        """The documents, out of ``within``, in which a word of the query is cut."""
        match node:
            case Word(text) | Phrase(text):
                found = self._beyond(text, part)
            case And(parts):
                found = set()
                for each in parts:
                    cut = self.match(each, part) - found
                    for other in parts:
                        if cut and other is not each:
                            cut = self._with(other, part, cut)
                    found |= cut
            case Or(parts):
                found = set().union(*(self.match(each, part) for each in parts))
            case Case("ignore-case", inner):
                found = self.match(inner, part)
            case Scope("content", _):
                found = self._by_letters.match(node, part, None, content)
            case _:  # read by letters in either way
                found = set()
        return found if within is None else found & within

    def _beyond(self, text: str, part: Part) -> set[int]:
        key = text, part.view.id
        if key not in self._cut:
            self._cut[key] = self._letters.beyond(text, part)
        return self._cut[key]

    def _with(self, node: Node, part: Part, within: set[int]) -> set[int]:
        """Those of the documents that hold another part of the query, within words or not."""
        if isinstance(node, Word | Phrase) and pieces(fold(node.text)).certain:
            return self._whole.match(node, part, within) | (self._beyond(node.text, part) & within)
        return self._by_letters.match(node, part, within)


class InsideRanking(Ranking):
    """Names first, then what is known beforehand: how often a word is cut says nothing."""

    def _worth(
        self, root: Node, part: Part, numbers: set[int], words: list[tuple[str, bool]]
    ) -> dict[int, float]:
        rows, wanted = part.view.rows, set(texts_in(root))
        scores = dict.fromkeys(numbers, WORTH)
        for number in numbers:
            title = fold(title_of(rows[number].path))
            if all(text in title for text in wanted):
                scores[number] += NAMED
        return scores
