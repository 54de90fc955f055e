"""Turns the pieces of a stream into text for people: no thoughts, no endless repetition."""

from __future__ import annotations

import re

#: Characters after which an answer is looked at again for repetition.
STRIDE = 100

#: A stretch this long that only repeats itself is not writing any more.
STUCK = 400

#: Shorter than this, what a whole answer repeats says nothing.
SENTENCE = 20

_LONGEST_PERIOD = 400
_REPEATS = 4
_THOUGHT = re.compile(r"<think>.*?(?:</think>\s*|\Z)", re.DOTALL | re.IGNORECASE)
_OPENED = re.compile(r"\A.*</think>\s*", re.DOTALL | re.IGNORECASE)
_TAG = "<think>"


def spoken(text: str) -> str:
    """The text without thoughts, whether they were closed, left open or never opened."""
    return _OPENED.sub("", _THOUGHT.sub("", text)).strip()


def visible(text: str) -> str:
    """The same while more is to come: what could become a tag at the end is held back."""
    for length in range(len(_TAG) - 1, 0, -1):
        if text[-length:].lower() == _TAG[:length]:
            text = text[:-length]
            break
    return spoken(text)


def repetition(text: str) -> tuple[int, int] | None:
    """Where the end of the text begins to repeat itself, and the end of the first round.

    None for a text that goes on.
    """
    for period in range(1, _LONGEST_PERIOD + 1):
        stretch = max(STUCK, _REPEATS * period)
        if stretch > len(text):
            break
        if text[-stretch:-period] == text[-stretch + period :]:
            start = len(text) - stretch
            while start > 0 and text[start - 1] == text[start - 1 + period]:
                start -= 1
            return start, start + period
    return None


class Text:
    """The answer as far as it has come."""

    def __init__(self) -> None:
        self.raw = ""
        self.pieces = 0
        self._looked = 0

    def add(self, piece: str) -> None:
        """One more piece of the stream, an empty one for a thought."""
        self.raw += piece
        self.pieces += 1

    def stuck(self) -> bool:
        """True when it only repeats itself; the repetition is cut off then."""
        if len(self.raw) - self._looked < STRIDE:
            return False
        self._looked = len(self.raw)
        found = repetition(self.raw)
        if found is None:
            return False
        start, end = found
        # A sentence said over and over is an answer once; a letter or a word is none at all.
        self.raw = self.raw[:end] if start or end >= SENTENCE else ""
        return True
