"""Find the words of a segment that hold a part of a word.

Obsidian finds a word within other words, so a search has to know which words of the vault hold it.
Looking through all of them as one string takes half a millisecond for sixty thousand words, which
is more than the whole of a usual search: three bytes that follow one another lead to the few words
that have them (Zobel and Moffat, "Inverted files for text search engines", 2006, section 6.2). It
takes about four bytes of memory for each byte of the words, and a tenth of a second to prepare.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from octopus.backends.whoosh.analysis import LONGEST_TERM

_GRAM = 3  # bytes


class Vocabulary:
    """The words of one segment, the commonest first, so that few of them cover most documents."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self._text = b"\n" + b"\n".join(words) + b"\n"
        self._starts = array("I", accumulate((len(word) + 1 for word in words), initial=0))

    def warm(self) -> None:
        """Prepare for the first question."""
        self._grams.get(b"")

    @cached_property
    def _grams(self) -> dict[bytes, array[int]]:
        """Three bytes, and the numbers of the words that have them."""
        found: dict[bytes, list[int]] = defaultdict(list)
        text, starts = self._text, self._starts
        for number, start in enumerate(starts[:-1]):
            word = text[start : starts[number + 1] + 1]
            for gram in {word[at : at + _GRAM] for at in range(len(word) - 2)}:
                found[gram].append(number)
        return {gram: array("I", numbers) for gram, numbers in found.items()}

    def holding(self, part: str) -> Iterator[bytes]:
        """The words that have this in them; a line's end in it is the word's beginning or end."""
        key = part.encode()
        if len(key) < _GRAM:
            yield from self._scanned(key)
            return
        lists = [self._grams.get(key[at : at + _GRAM]) for at in range(len(key) - 2)]
        if None in lists:
            return
        text, starts = self._text, self._starts
        for number in min((each for each in lists if each is not None), key=len):
            start, end = starts[number], starts[number + 1]
            if text.find(key, start, end + 1) >= 0:
                yield text[start + 1 : end]

    def _scanned(self, key: bytes) -> Iterator[bytes]:
        text = self._text
        at = text.find(key)
        while at >= 0:
            begin = at + 1 if key[:1] == b"\n" else text.rindex(b"\n", 0, at + 1) + 1
            end = text.index(b"\n", begin)
            yield text[begin:end]
            at = text.find(key, end)

    @cached_property
    def longest(self) -> tuple[bytes, ...]:
        """The words that are as long as one can be: the word of the text may go on in the next."""
        starts = self._starts
        words = (
            self._text[start + 1 : starts[number + 1]]
            for number, start in enumerate(starts[:-1])
            if starts[number + 1] - start > LONGEST_TERM
        )
        return tuple(word for word in words if len(word.decode()) >= LONGEST_TERM)
