"""Corrects key words that are one letter off: "tomorow", "Mittwohc"."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from octopus.language.template import Template
from octopus.language.token import fold, words

_SHORTEST = 5  # letters; shorter words have too many neighbours
_FIRM = {"note.delete", "note.rename", "note.edit"}  # never guessed from a misspelt word
_CALENDAR = {"weekday", "month", "day"}
_WORTH = _CALENDAR | {"weekdays", "unit", "part", "daypart", "workday", "weekend", "every", "rate"}
_WORTH |= {"number", "ordinal", "next", "duration", "noon"}
_COMMANDS = ("remind", "todo", "search", "undo", "smalltalk", "question", "list")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase can be: its kind (``weekday``, ``unit``) and its value (``2``, ``hour``)."""

    rest: tuple[str, ...]  # the words after the first
    kind: str
    value: Any


class Typos:
    """The key words of one language, found again with a letter changed, missing or doubled."""

    def __init__(
        self,
        phrases: Mapping[str, tuple[Entry, ...]],
        templates: Iterable[Template],
        data: Mapping[str, Any],
    ) -> None:
        keys = _key_words(phrases, templates, data)
        self._near: dict[str, list[str]] = {}
        for key in sorted(keys):
            for shorter in (key, *_shorter(key)):
                self._near.setdefault(shorter, []).append(key)
        self._known = frozenset(words(fold(json.dumps(data, ensure_ascii=False))))
        self._calendar = frozenset(
            word for word, some in phrases.items() if any(e.kind in _CALENDAR for e in some)
        )

    def corrected(self, word: str) -> str | None:
        """The key word that this is, but for one letter; None when it is something else."""
        if len(word) < _SHORTEST or word in self._known:
            return None
        near = (key for one in (word, *_shorter(word)) for key in self._near.get(one, ()))
        return next((key for key in near if self._meant(word, key)), None)

    def _meant(self, word: str, found: str) -> bool:
        if found[0] != word[0] or not one_edit(word, found):
            return False
        ending = found[:-1] in (word, word[:-1]) or found == word[:-1]
        return not ending or found in self._calendar  # else another form of it, not a slip


def split(found: Any) -> Iterator[str]:
    """Words as the data gives them: a list, or one string with ``|`` or spaces between."""
    if isinstance(found, str):
        yield from (word.strip() for word in (found.split("|") if "|" in found else found.split()))
    else:
        yield from found


def _key_words(
    phrases: Mapping[str, tuple[Entry, ...]],
    templates: Iterable[Template],
    data: Mapping[str, Any],
) -> frozenset[str]:
    """Words whose misspelling is worth correcting."""
    found = {word for word, some in phrases.items() if any(e.kind in _WORTH for e in some)}
    found |= {entry.rest[-1] for some in phrases.values() for entry in some if entry.rest}
    firm: set[str] = set()
    for key in _COMMANDS:
        found |= {word for phrase in split(data.get(key, "")) for word in words(phrase)}
    for template in templates:
        if template.intent not in _FIRM:
            found |= template.needs
        else:
            firm |= template.needs
    found -= set(words(data["not_typos"])) | firm
    return frozenset(word for word in found if len(word) >= _SHORTEST and word.isalpha())


def _shorter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def one_edit(one: str, other: str) -> bool:
    """True for one letter changed, missing, doubled, or swapped with its neighbour."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    tail, rest = one[start:], other[start:]
    return (
        tail[1:] == rest[1:]
        or tail[1:] == rest
        or tail == rest[1:]
        or (tail[:2] == rest[:2][::-1] and tail[2:] == rest[2:])
    )
