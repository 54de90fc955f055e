"""Finds every phrase of a language in a message, so that grammars can be matched over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from octopus.language.lexicon import Language
from octopus.language.token import Text, Token

_FAR = 2000  # tokens; what comes later in a long text is not looked at
_FIGURES = 9  # of a number that is told apart from others
_ENDLESS = 10**15  # stands for every longer number: no calendar reaches so far


class Edge(NamedTuple):
    """The tokens from a place to ``end`` can be read as this kind of thing."""

    kind: str
    end: int
    value: Any


_LITERALS = (
    ("iso", re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])")),
    ("dmy", re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\d.:]*\d)")),
    ("dm_dot", re.compile(r"(\d{1,2})\.(\d{1,2})\.(?![\w.])")),
    ("dm_slash", re.compile(r"(\d{1,2})/(\d{1,2})(?![\d/]|[.,]\d)")),
    ("dm_bare", re.compile(r"(\d{1,2})\.(\d{1,2})(?![\d/:]|[.,]\d)")),
    ("clock", re.compile(r"(\d{1,2}):(\d{2})(?::00)?(?![\d:]|[.,]\d)")),
    ("clock", re.compile(r"([01]\d|2[0-3])h([0-5]\d)(?!\w)")),
    ("decimal", re.compile(r"(\d+)[.,](\d+)(?![\d.:/]*\d)")),
    ("figures", re.compile(r"(0?[1-9]|1\d|2[0-4])([0-5]\d)(?!\d)")),  # "230pm", "at 1900"
    ("year", re.compile(r"(\d{4,5})(?!\d)")),
)


class Scan:
    """A message as one language reads it: for each token, what can begin there."""

    __slots__ = ("edges", "language", "text", "tokens")

    def __init__(self, text: Text, language: Language) -> None:
        self.language = language
        changes = {}
        for number, token in enumerate(text.tokens[:_FAR]):
            if token.text.isalpha():
                better = language.typos.corrected(token.text)
                if better is not None:
                    changes[number] = better
        self.text = text.replaced(changes)
        self.tokens: tuple[Token, ...] = self.text.tokens[:_FAR]
        self.edges: list[list[Edge]] = [self._begin(at) for at in range(len(self.tokens))]
        self._compose_numbers()
        self.edges.append([])

    def kinds(self, at: int) -> set[str]:
        """Everything that can begin at this token."""
        return {edge.kind for edge in self.edges[at]}

    def before(self, at: int, kinds: Iterable[str], reach: int = 3) -> int | None:
        """Where a phrase of one of these kinds begins that ends just before this token."""
        for start in range(max(0, at - reach), at):
            if any(edge.end == at and edge.kind in kinds for edge in self.edges[start]):
                return start
        return None

    def _begin(self, at: int) -> list[Edge]:
        token = self.tokens[at]
        found: list[Edge] = []
        if token.text[0].isdecimal():
            found += self._digits(at)
        for rest, kind, value in (
            (e.rest, e.kind, e.value) for e in self.language.phrases.get(token.text, ())
        ):
            end = at + 1 + len(rest)
            if end <= len(self.tokens) and all(
                self.tokens[at + 1 + n].text == word for n, word in enumerate(rest)
            ):
                found.append(Edge(kind, end, value))
        if token.text == ",":
            found.append(Edge("comma", at + 1, True))
        if token.text == "-" and self._signs(at):
            found.append(Edge("negative", at + 2, True))
        return found

    def _signs(self, at: int) -> bool:
        """True for a minus right before a number, and after no word or number."""
        token, norm = self.tokens[at], self.text.norm
        if at + 1 >= len(self.tokens) or not norm[token.end].isdecimal():
            return False
        before = norm[token.start - 1] if token.start else " "
        return not before.isalnum() or self.language.script == "han"

    def _digits(self, at: int) -> Iterator[Edge]:
        token = self.tokens[at]
        norm = self.text.norm
        if at and self.tokens[at - 1].end == token.start and norm[token.start - 1] in ".,:/#$€£_":
            return
        for kind, pattern in _LITERALS:
            match = pattern.match(norm, token.start)
            if match:
                yield Edge(kind, self._after(at, match.end()), match.groups())
        if len(token.text) > _FIGURES:
            yield Edge("number", at + 1, _ENDLESS)
        else:
            value = int(token.text)
            yield Edge("number", at + 1, value)
            yield Edge("digits", at + 1, value)
            following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
            if following is not None and following.start - token.end <= 1:
                entries = self.language.phrases.get(following.text, ())
                for rest, kind in ((e.rest, e.kind) for e in entries):
                    width = len(rest)
                    tail = tuple(t.text for t in self.tokens[at + 2 : at + 2 + width])
                    if kind == "ordinal_mark" and tail == rest:
                        yield Edge("ordinal", at + 2 + width, value)

    def _after(self, at: int, offset: int) -> int:
        while at < len(self.tokens) and self.tokens[at].start < offset:
            at += 1
        return at

    def _compose_numbers(self) -> None:
        """Makes 25 of "twenty five" and of 二十五."""
        han = self.language.script == "han"
        for at in range(len(self.tokens) - 1, -1, -1):
            edges = self.edges[at]
            for edge in [e for e in edges if e.kind == "number" and not self._is_digit(at)]:
                if han:
                    edges += self._han(edge)
                elif edge.value in range(20, 100, 10):
                    edges += self._tens(edge)
            edges.sort(key=lambda e: -e.end)

    def _is_digit(self, at: int) -> bool:
        return self.tokens[at].text[0].isdecimal()

    def _tens(self, tens: Edge) -> Iterator[Edge]:
        at = tens.end
        for begin in (at, at + 1):
            if begin >= len(self.tokens):
                return
            joined = begin == at or self.tokens[at].text == "-" or "and" in self.kinds(at)
            if joined and not self._is_digit(begin):
                for unit in self.edges[begin]:
                    if unit.kind == "number" and unit.value in range(1, 10):
                        yield Edge("number", unit.end, tens.value + unit.value)
                    if unit.kind == "ordinal" and unit.value in range(1, 10):
                        yield Edge("ordinal", unit.end, tens.value + unit.value)

    def _han(self, first: Edge) -> Iterator[Edge]:
        if first.value in range(2, 10) and first.end < len(self.tokens):
            for ten in self.edges[first.end]:
                if ten.kind == "number" and ten.value in range(10, 20):
                    yield Edge("number", ten.end, first.value * 10 + ten.value - 10)
        if first.value == 10 and first.end < len(self.tokens):
            for unit in self.edges[first.end]:
                if unit.kind == "number" and unit.value in range(1, 10):
                    yield Edge("number", unit.end, 10 + unit.value)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of kinds: ``in number unit``; ``|`` between choices, ``?`` after what may miss."""

    name: str
    steps: tuple[tuple[frozenset[str], bool], ...]

    @classmethod
    def parse(cls, name: str, said: str) -> Pattern:
        """From its written form."""
        steps = tuple(
            (frozenset(step.rstrip("?").split("|")), step.endswith("?")) for step in said.split()
        )
        return cls(name, steps)

    @property
    def heads(self) -> frozenset[str]:
        """The kinds with which it can begin."""
        found: set[str] = set()
        for kinds, optional in self.steps:
            found |= kinds
            if not optional:
                break
        return frozenset(found)


Values = tuple[tuple[str, Any], ...]


def match(
    scan: Scan, steps: tuple[tuple[frozenset[str], bool], ...], at: int
) -> Iterator[tuple[int, Values]]:
    """Every way in which the steps fit from this token on: the end, and what was read."""
    if not steps:
        yield at, ()
        return
    kinds, optional = steps[0]
    for edge in scan.edges[at]:
        if edge.kind in kinds:
            for end, values in match(scan, steps[1:], edge.end):
                yield end, ((edge.kind, edge.value), *values)
    if optional:
        yield from match(scan, steps[1:], at)


class Found(NamedTuple):
    """A pattern that fits: its name, where it ends, what was read."""

    name: str
    end: int
    values: Values

    def get(self, kind: str, number: int = 0) -> Any:
        """The value of the n-th thing of this kind; None when there is none."""
        some = [value for name, value in self.values if name == kind]
        return some[number] if len(some) > number else None


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens ``start`` to ``end`` say when: a day, a clock time, or a recurrence."""

    what: str
    start: int
    end: int
    found: Found | None = None
    value: Any = None


class Grammar:
    """Patterns in order of preference, indexed by the kinds with which they begin."""

    def __init__(self, said: Iterable[tuple[str, str]]) -> None:
        self._by_head: dict[str, list[tuple[int, Pattern]]] = {}
        for rank, (name, pattern) in enumerate(said):
            parsed = Pattern.parse(name, pattern)
            for head in parsed.heads:
                self._by_head.setdefault(head, []).append((rank, parsed))

    def best(
        self, scan: Scan, place: int, accept: Callable[[Scan, Found], bool] | None = None
    ) -> Found | None:
        """The longest pattern that fits from this token on, and that is accepted."""
        candidates = {
            rank: pattern
            for kind in scan.kinds(place)
            for rank, pattern in self._by_head.get(kind, ())
        }
        best: Found | None = None
        for rank in sorted(candidates):
            for end, values in match(scan, candidates[rank].steps, place):
                if best is None or end > best.end:
                    found = Found(candidates[rank].name, end, values)
                    if accept is None or accept(scan, found):
                        best = found
        return best
