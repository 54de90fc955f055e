"""Decide on a note's own text what the index cannot tell: what stands together where.

Lists of postings know that two words are in a note, not that they share a line, a block, a
section or a task, nor how they are spelled. Candidates come from the index and are read here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from octopus.backends.whoosh.analysis import Analyzer, fold, fold_marks, is_lone
from octopus.backends.whoosh.texts import Source
from octopus.obsidian.query_compare import compares
from octopus.obsidian.query_date import day_in_name
from octopus.obsidian.query_node import (
    And,
    Case,
    Compare,
    Date,
    Node,
    Not,
    Null,
    Or,
    Phrase,
    Property,
    Regex,
    Scope,
    Tag,
    Word,
)
from octopus.obsidian.query_regex import compiled

Span = tuple[int, int]
# Which spellings count for a word of the query: the word, and whether its beginning is enough.
FormsOf = Callable[[str, bool], Iterable[str]]  # a text counts by its letters besides

_LIST_ITEM = re.compile(r"[\s>]*(?:[-*+]|\d+[.)])[ \t]")
_CREATED = ("created", "date created", "creation date", "date")


def holds(node: Node, source: Source, forms_of: FormsOf | None, analyzer: Analyzer) -> bool:
    """True when the file answers the query: by letters, or by the words ``forms_of`` tells of.

    What the query forbids is read by letters alone.
    """
    return _Check(source, forms_of, analyzer).holds(node, None, False)


def units_holding(
    scope: Scope, source: Source, cased: bool, forms_of: FormsOf, analyzer: Analyzer
) -> Iterator[Span]:
    """The lines, blocks, sections or tasks that hold what is asked of them, in order."""
    check = _Check(source, forms_of, analyzer)
    for unit in _units(scope.kind, source, (0, len(source.text))):
        if check.holds(scope.part, unit, cased):
            yield unit


class _Check:
    """One file. A span of None means the whole file with its names."""

    def __init__(self, source: Source, forms_of: FormsOf | None, analyzer: Analyzer) -> None:
        self._source = source
        self._forms_of = forms_of
        self._analyzer = analyzer
        self._by_letters = self if forms_of is None else _Check(source, None, analyzer)

    def holds(self, node: Node, span: Span | None, cased: bool) -> bool:
        """True when ``node`` holds within ``span``."""
        match node:
            case And(parts):
                return all(self.holds(part, span, cased) for part in parts)
            case Or(parts):
                return any(self.holds(part, span, cased) for part in parts)
            case Not(part):
                return not self._by_letters.holds(part, span, cased)
            case Case(kind, part):
                return self.holds(part, span, kind == "match-case")
            case Scope(kind, part):
                return self._scope(kind, part, span, cased)
            case Tag(name):
                return self._tagged(name, span)
            case Property():
                return property_holds(node, self._source.note.properties)
            case Date():
                source = self._source
                return date_holds(node, source.path, source.note.properties, source.modified)
            case Regex():
                wanted = expression(node, cased)
                return any(wanted.search(text) is not None for text in self._texts(span))
            case Word() | Phrase():
                return self._written(node.text, span, cased) or (
                    self._forms_of is not None
                    and any(self._says(node, text, cased) for text in self._texts(span))
                )
        return False

    def _written(self, wanted: str, span: Span | None, cased: bool) -> bool:
        folding = fold_marks if cased else fold
        wanted, source = folding(wanted), self._source
        if span is not None:
            return wanted in folding(source.text[span[0] : span[1]])
        text = folding(source.text) if cased else source.folded
        return wanted in text or wanted in folding(source.place)

    def _texts(self, span: Span | None) -> Iterator[str]:
        if span is not None:
            yield self._source.text[span[0] : span[1]]
            return
        yield self._source.text
        yield from self._source.names

    def _scope(self, kind: str, part: Node, span: Span | None, cased: bool) -> bool:
        if kind == "path":
            return name_holds(part, self._source.path, cased)
        if kind == "file":
            return name_holds(part, self._source.path.rpartition("/")[2], cased)
        within = span or (0, len(self._source.text))
        if kind == "content":
            return self.holds(part, within, cased)
        return any(self.holds(part, unit, cased) for unit in _units(kind, self._source, within))

    def _tagged(self, name: str, span: Span | None) -> bool:
        wanted = name.casefold()
        if span is None:
            tags = [tag[1:] for tag in self._source.note.tags]
        else:
            found = self._source.note.body_tags
            tags = [tag.name for tag in found if span[0] <= tag.offset < span[1]]
        return any((tag.casefold() + "/").startswith(wanted + "/") for tag in tags)

    def _says(self, node: Word | Phrase, text: str, cased: bool) -> bool:
        assert self._forms_of is not None
        if cased:
            return _follows(
                self._analyzer.cased(text), [{t} for t in self._analyzer.cased(node.text)]
            )
        prefix = isinstance(node, Word) and node.prefix
        wanted = self._analyzer.terms(node.text)
        last = len(wanted) - 1
        sets = [set(self._forms_of(t, prefix and at == last)) for at, t in enumerate(wanted)]
        return _follows(self._analyzer.terms(text), sets)


def expression(regex: Regex, cased: bool) -> re.Pattern[str]:
    """A regular expression of the query; letters match in either case, ``^`` at every line."""
    return compiled(regex.pattern, regex.flags, cased)


def _follows(terms: list[str], wanted: list[set[str]]) -> bool:
    """True when terms out of ``wanted`` follow one another; nothing wanted is always there."""
    if not wanted:
        return True
    wanted = [_with_pairs(several, terms) for several in wanted]
    first = wanted[0]
    if len(wanted) == 1:
        return not first.isdisjoint(terms)
    count = len(wanted)
    return any(
        all(terms[at + step] in wanted[step] for step in range(1, count))
        for at in range(len(terms) - count + 1)
        if terms[at] in first
    )


def _with_pairs(several: set[str], terms: list[str]) -> set[str]:
    """The spellings, and the pairs of a text that a lone character of them stands in."""
    lone = [form for form in several if is_lone(form)]
    return several.union(term for term in terms for form in lone if form in term)


# What a note consists of


def _units(kind: str, source: Source, span: Span) -> Iterator[Span]:
    if kind == "line":
        units = _lines(source.text, span)
    elif kind == "section":
        units = _sections(source)
    elif kind == "block":
        units = _blocks(source)
    else:
        units = _tasks(source, kind)
    for begin, end in units:
        # What says nothing cannot answer, not even a query that only forbids.
        if span[0] <= begin and end <= span[1] and source.text[begin:end].strip():
            yield begin, end


def _lines(text: str, span: Span) -> Iterator[Span]:
    begin = span[0]
    while begin <= span[1]:
        end = text.find("\n", begin, span[1])
        if end < 0:
            end = span[1]
        yield begin, end
        begin = end + 1


def _sections(source: Source) -> Iterator[Span]:
    """From one heading to the next, and what stands before the first one."""
    starts = [0, *(heading.offset for heading in source.note.headings), len(source.text)]
    return ((begin, end) for begin, end in pairwise(starts) if begin < end)


def _blocks(source: Source) -> Iterator[Span]:
    """Runs of lines without an empty one; headings and list items are blocks of their own.

    A block of code is one block whatever is in it, and so are the properties.
    """
    text, note = source.text, source.note
    whole = sorted([(0, note.body)] * bool(note.body) + [(c.offset, c.end) for c in note.code])
    ends = [end for _, end in whole]
    heads = {heading.offset for heading in note.headings}
    # A block of code ends with its last line or behind it.
    fresh = heads.union(*whole, (end + 1 for end in ends))
    begin: int | None = None
    last = 0
    for start, end in _lines(text, (0, len(text))):
        at = bisect_right(ends, start)
        inside = at < len(whole) and whole[at][0] < start < whole[at][1]
        starts = start in fresh or begin in heads or _LIST_ITEM.match(text, start, end)
        blank = not text[start:end].strip()
        if begin is not None and not inside and (blank or starts):
            yield begin, last
            begin = None
        if begin is None and not blank:
            begin = start
        last = end
    if begin is not None:
        yield begin, last


def _tasks(source: Source, kind: str) -> Iterator[Span]:
    """The lines of tasks; any mark in the box but a space means done (Obsidian help, "Search")."""
    for task in source.note.tasks:
        if kind == "task" or (kind == "task-todo") == (task.status == " "):
            end = source.text.find("\n", task.box)
            end = end if end >= 0 else len(source.text)
            yield min(task.box + len("x] "), end), end


# What needs no text


def name_holds(node: Node, name: str, cased: bool = False) -> bool:
    """True when a file's name or path answers: there, parts of words count too."""
    match node:
        case And(parts):
            return all(name_holds(part, name, cased) for part in parts)
        case Or(parts):
            return any(name_holds(part, name, cased) for part in parts)
        case Not(part):
            return not name_holds(part, name, cased)
        case Case(kind, part):
            return name_holds(part, name, kind == "match-case")
        case Scope(_, part):
            return name_holds(part, name, cased)
        case Word(text, _) | Phrase(text):
            return text in name if cased else fold(text) in fold(name)
        case Regex():
            return expression(node, cased).search(name) is not None
        case Tag(name=tag):
            return fold("#" + tag) in fold(name)
    return False


def property_holds(node: Property, properties: Mapping[str, Any]) -> bool:
    """True when a note with these properties answers."""
    wanted = node.name.casefold()
    values = [value for name, value in properties.items() if name.casefold() == wanted]
    if not values:
        return False
    return node.part is None or _value_holds(node.part, values[0], False)


def _value_holds(node: Node, value: Any, cased: bool) -> bool:
    match node:
        case And(parts):
            return all(_value_holds(part, value, cased) for part in parts)
        case Or(parts):
            return any(_value_holds(part, value, cased) for part in parts)
        case Not(part):
            return not _value_holds(part, value, cased)
        case Case(kind, part):
            return _value_holds(part, value, kind == "match-case")
        case Null():
            return value is None
        case Compare(op, other):
            return any(compares(item, op, other) for item in _items(value))
        case Regex():
            return any(expression(node, cased).search(text) for text in _items(value))
        case Word(text) | Phrase(text) | Tag(text):
            folding = fold_marks if cased else fold
            return any(folding(text) in folding(item) for item in _items(value))
    return False


def _items(value: Any) -> list[str]:
    """The value as texts: one, or one for each item of a list."""
    if value is None:
        return []
    if isinstance(value, list):
        return [text for item in value for text in _items(item)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(value)]


def date_holds(node: Date, path: str, properties: Mapping[str, Any], modified: date) -> bool:
    """True when the note's day is one of those asked for."""
    named = day_in_name(path.rpartition("/")[2])
    if node.field == "modified":
        return modified in node.days
    if node.field == "daily":
        return named is not None and named in node.days
    return (_created(properties) or named or modified) in node.days


def _created(properties: Mapping[str, Any]) -> date | None:
    """No file system keeps the day of creation through a synchronisation; a property does."""
    for name, value in properties.items():
        if name.casefold() in _CREATED and isinstance(value, str):
            try:
                return datetime.fromisoformat(value.strip()[:10]).date()
            except ValueError:
                continue
    return None
