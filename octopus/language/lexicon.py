"""The words of one language, read from its data file and made ready to be looked up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Any

from octopus.language.template import Template
from octopus.language.token import fold, words
from octopus.language.typo import Entry, Typos, split

_TELLING = (
    *("capture", "search", "daily", "list", "todo", "remind", "smalltalk", "verbs"),
    *("undo", "correct", "question", "mine", "buy", "statement", "done_reply"),
)


@dataclass(frozen=True, eq=False)
class Language:
    """One language: its phrases by their first word, its sentences, and a few habits."""

    code: str
    script: str
    phrases: Mapping[str, tuple[Entry, ...]]
    templates: tuple[Template, ...]
    common: frozenset[str]  # small words that tell this language from the others
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

    @cached_property
    def typos(self) -> Typos:
        """Corrects misspelt key words; made when it is first needed."""
        return Typos(self.phrases, self.templates, self.data)


@cache
def _cut(language: Language, key: str) -> tuple[tuple[str, ...], ...]:
    return tuple(cut for cut in map(words, split(language.data.get(key, ""))) if cut)


@cache
def _index(language: Language, key: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in _cut(language, key):
        found.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(sorted(some, key=len, reverse=True)) for first, some in found.items()}


@cache
def _folded(language: Language, key: str) -> frozenset[str]:
    found = language.data.get(key, ())
    return frozenset(fold(word) for word in split(found))


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
    return Language(
        code=data["code"],
        script=data["script"],
        phrases={first: tuple(entries) for first, entries in phrases.items()},
        templates=templates,
        common=frozenset(fold(word) for word in data["common"].split()),
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
