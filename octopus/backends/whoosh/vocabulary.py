"""Find the words of a segment that hold a part of a word.

Obsidian finds a word within other words, so a search has to know which words of the vault hold it.
Looking through all of them as one string takes about half a millisecond for sixty thousand words,
as long as a usual search: three bytes that follow one another lead to the few words that have them
(Zobel and Moffat, "Inverted files for text search engines", 2006, section 6.2). These lists take
about four bytes of memory for each byte of the words and some tenths of a second to prepare, so
they are made ahead by whoever goes on searching, and until then the string is looked through.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from octopus.backends.whoosh.analysis import LONGEST_TERM

_GRAM = 3  # bytes


class Vocabulary:
    """The words of one segment, by number, the commonest first: few of them cover most documents.

    ``places`` are where their lists of documents stand, for
    :meth:`octopus.backends.whoosh.view.SegmentView.documents`.
    """

    def __init__(self, words: Sequence[bytes], places: Sequence[int] = ()) -> None:
        self.places = array("Q", places)
        self._text = b"\n" + b"\n".join(words) + b"\n"
        self._starts = array("I", accumulate((len(word) + 1 for word in words), initial=0))
        self._grams: dict[bytes, array[int]] | None = None

    @property
    def is_warm(self) -> bool:
        """True when the lists are made."""
        return self._grams is not None

    def warm(self) -> None:
        """Make the lists of the words that have three bytes in them."""
        found: dict[bytes, list[int]] = defaultdict(list)
        for number, word in enumerate(self._text[1:-1].split(b"\n")):
            whole = b"\n%b\n" % word
            for gram in {whole[at : at + _GRAM] for at in range(len(word))}:
                found[gram].append(number)
        self._grams = {gram: array("I", numbers) for gram, numbers in found.items()}
        len(self.longest)

    def word(self, number: int) -> str:
        """The word with this number."""
        return self._text[self._starts[number] + 1 : self._starts[number + 1]].decode()

    def holding(self, part: str) -> Iterator[int]:
        """The words that have this in them; a line's end in it is the word's beginning or end."""
        key = part.encode()
        if self._grams is None or len(key) < _GRAM:
            yield from self._scanned(key)
            return
        lists = [self._grams.get(key[at : at + _GRAM], ()) for at in range(len(key) - 2)]
        lists.sort(key=len)
        numbers: Sequence[int] = lists[0]
        if len(lists) > 1 and numbers:
            numbers = sorted(set(numbers).intersection(lists[1]))
        text, starts = self._text, self._starts
        for number in numbers:
            if text.find(key, starts[number], starts[number + 1] + 1) >= 0:
                yield number

    def _scanned(self, key: bytes) -> Iterator[int]:
        text, starts = self._text, self._starts
        at, number = text.find(key), 0
        while at >= 0:
            number = bisect_right(starts, at, number) - 1
            yield number
            at = text.find(key, starts[number + 1])

    @cached_property
    def longest(self) -> tuple[int, ...]:
        """The words that are as long as one can be: the word of the text may go on in the next."""
        starts = self._starts
        return tuple(
            number
            for number, start in enumerate(starts[:-1])
            if starts[number + 1] - start > LONGEST_TERM and len(self.word(number)) >= LONGEST_TERM
        )
