"""The words of one language, read from its data file and made ready to be looked up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from octopus.language.template import Template
from octopus.language.token import fold, words

_TELLING = (
    *("capture", "search", "daily", "list", "todo", "remind", "smalltalk", "verbs"),
    *("undo", "correct", "question", "mine", "buy", "statement", "done_reply"),
)
_SHORTEST_TYPO = 5  # letters; shorter words have too many neighbours


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase can be: its kind (``weekday``, ``unit``) and its value (``2``, ``hour``)."""

    rest: tuple[str, ...]  # the words after the first
    kind: str
    value: Any


@dataclass(frozen=True, eq=False)
class Language:
    """One language: its phrases by their first word, its sentences, and a few habits."""

    code: str
    script: str
    phrases: Mapping[str, tuple[Entry, ...]]
    templates: tuple[Template, ...]
    common: frozenset[str]  # small words that tell this language from the others
    near: Mapping[str, str]  # a key word with a letter missing, to the key word
    known: frozenset[str]  # every word that needs no correction
    calendar: frozenset[str]  # names of days, months and the like
    data: Mapping[str, Any] = field(repr=False)

    @property
    def rank(self) -> int:
        """Where nothing else decides, the language with the lower number is taken."""
        return int(self.data.get("order", 99))

    @property
    def telling(self) -> frozenset[str]:
        """First words of commands and imperatives: they speak for this language, too."""
        return frozenset(w for key in _TELLING for phrase in self.starts(key) for w in phrase[:1])

    def starts(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of phrases of the data file, cut into words."""
        return _cut(self, key)

    def words(self, key: str) -> frozenset[str]:
        """A plain list of words of the data file, folded."""
        return _folded(self, key)

    def longest(self, key: str, said: Sequence[str]) -> int:
        """How many words of what is said are the longest phrase of a list; 0 for none."""
        if not said:
            return 0
        for phrase in _index(self, key).get(said[0], ()):
            if tuple(said[: len(phrase)]) == phrase:
                return len(phrase)
        return 0

    def corrected(self, word: str) -> str | None:
        """The key word that this is, but for one letter; None when it is something else."""
        if len(word) < _SHORTEST_TYPO or word in self.known:
            return None
        found = self.near.get(word)
        if found is None:
            for shorter in _shorter(word):
                found = self.near.get(shorter)
                if found is not None:
                    break
        if found is None or found[0] != word[0] or not _one_edit(word, found):
            return None
        ending = found[:-1] in (word, word[:-1]) or found == word[:-1]
        if ending and found not in self.calendar:  # another form of the word, not a slip
            return None
        return found


@cache
def _cut(language: Language, key: str) -> tuple[tuple[str, ...], ...]:
    return tuple(cut for cut in map(words, _split(language.data.get(key, ""))) if cut)


@cache
def _index(language: Language, key: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in _cut(language, key):
        found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(sorted(some, key=len, reverse=True)) for first, some in found.items()}


@cache
def _folded(language: Language, key: str) -> frozenset[str]:
    found = language.data.get(key, ())
    return frozenset(fold(word) for word in _split(found))


def _split(found: Any) -> Iterator[str]:
    """Words as the data gives them: a list, or one string with ``|`` or spaces between."""
    if isinstance(found, str):
        yield from (word.strip() for word in (found.split("|") if "|" in found else found.split()))
    else:
        yield from found


def _shorter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _one_edit(one: str, other: str) -> bool:
    """True for one letter changed, missing, doubled, or swapped with its neighbour."""
    if abs(len(one) - len(other)) > 1:
        return False
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


_DATA = resources.files("octopus.language") / "data"


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages that have a data file."""
    names = (entry.name for entry in _DATA.iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".json")))


@cache
def load(code: str) -> Language:
    """The language of this code (``de``). Raises KeyError for one that has no data file."""
    if code not in languages():
        raise KeyError(code)
    data = json.loads((_DATA / f"{code}.json").read_text(encoding="utf-8"))
    phrases: dict[str, list[Entry]] = {}
    for kind, value, phrase in _entries(data["phrases"]):
        first, *rest = words(phrase)
        phrases.setdefault(first, []).append(Entry(tuple(rest), kind, value))
    templates = tuple(
        Template(intent, said, args)
        for intent, said, args in ((*rule, {})[:3] for rule in data["rules"])
    )
    keys = _key_words(phrases, templates, data)
    near = {shorter: key for key in keys for shorter in (key, *_shorter(key))}
    common = frozenset(fold(word) for word in data["common"].split())
    everything = json.dumps([data["rules"], data["phrases"], *data.values()], ensure_ascii=False)
    known = common | frozenset(words(everything))
    calendar = frozenset(
        word for word, some in phrases.items() if any(entry.kind in _CALENDAR for entry in some)
    )
    return Language(
        code=data["code"],
        script=data["script"],
        phrases={first: tuple(entries) for first, entries in phrases.items()},
        templates=templates,
        common=common,
        near=near,
        known=known,
        calendar=calendar,
        data=data,
    )


def _entries(phrases: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Kind, value and phrase of everything under ``phrases``."""
    for kind, found in phrases.items():
        if isinstance(found, dict):
            pairs = [(json.loads(v) if v.lstrip("-").isdigit() else v, f) for v, f in found.items()]
        elif isinstance(found, list):
            pairs = list(enumerate(found))
        else:
            pairs = [(True, found)]
        for value, said in pairs:
            for phrase in said.split("|"):
                if words(phrase):
                    yield kind, value, phrase.strip()


_FIRM = {"note.delete", "note.rename", "note.edit"}  # never guessed from a misspelt word


def _key_words(
    phrases: Mapping[str, list[Entry]], templates: tuple[Template, ...], data: Mapping[str, Any]
) -> frozenset[str]:
    """Words whose misspelling is worth correcting."""
    found = {word for word, entries in phrases.items() if any(e.kind in _WORTH for e in entries)}
    found |= {entry.rest[-1] for some in phrases.values() for entry in some if entry.rest}
    for key in ("remind", "todo", "search", "undo", "smalltalk", "question", "list"):
        found |= {word for phrase in _split(data.get(key, "")) for word in words(phrase)}
    for template in templates:
        if template.intent not in _FIRM:
            found |= template.needs
    found -= set(map(fold, data["not_typos"].split()))
    return frozenset(word for word in found if len(word) >= _SHORTEST_TYPO and word.isalpha())


_WORTH = {"weekday", "weekdays", "month", "day", "unit", "part", "daypart", "workday", "weekend"}
_CALENDAR = frozenset({"weekday", "month", "day"})
_WORTH |= {"every", "rate", "number", "ordinal", "next", "remind", "todo", "duration", "noon"}
