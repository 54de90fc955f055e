"""Find the place in a note that answers a query: the line that holds most of what is asked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from octopus.backends.whoosh.analysis import Analyzer, fold, fold_marks
from octopus.backends.whoosh.check import expression, units_holding
from octopus.backends.whoosh.texts import Source
from octopus.obsidian.query_node import (
    And,
    Case,
    Node,
    Or,
    Phrase,
    Property,
    Regex,
    Scope,
    Tag,
    Word,
)

AROUND = 2  # lines before and after one that are read together with it
NEAR = 160  # characters within a long line that are read together
MOST_FORMS = 64  # of a word that are looked for
MOST_HITS = 5000  # of one thing that is asked for, in one note
MOST_UNITS = 50  # lines, blocks, sections or tasks of one note that are looked into

# The spellings that count for a word, and whether its beginning is enough.
Forms = Mapping[tuple[str, bool], tuple[str, ...]]


class Hit(NamedTuple):
    """Something that is asked for, where it stands."""

    line: int  # 0-based
    column: int  # in the line as it was compared
    whole: bool  # not a part of a word


class Asked(NamedTuple):
    """One thing that is asked for, and where it stands in order."""

    hits: list[Hit]
    weight: int = 1  # words


def find_place(source: Source, node: Node, forms: Forms, analyzer: Analyzer) -> int | None:
    """Where in the text the query is answered; None when only the file's name answers it.

    Takes as long as the expressions of the query take: one with such is looked for in a process
    that can be stopped, see :mod:`octopus.backends.whoosh.bounded`.
    """
    return _Search(source, forms, analyzer).place(node)


class _Search:
    """One query in one note. Folding keeps lines apart, so places are lines and columns."""

    def __init__(self, source: Source, forms: Forms, analyzer: Analyzer) -> None:
        self._source = source
        self._forms = forms
        self._analyzer = analyzer

    def place(self, node: Node) -> int | None:
        """The offset in the text of what answers best."""
        asked = [each for each in self._asked(node, False) if each.hits]
        best = self._best(self._open(asked))
        return None if best is None else self._offset(best)

    # What is asked for

    def _asked(self, node: Node, cased: bool) -> Iterator[Asked]:
        """Everything that a place may answer; what is forbidden stands nowhere."""
        match node:
            case And(parts) | Or(parts):
                for part in parts:
                    yield from self._asked(part, cased)
            case Case(kind, part):
                yield from self._asked(part, kind == "match-case")
            case Scope("file" | "path"):
                return
            case Scope("content", part):
                yield from self._asked(part, cased)
            case Scope():
                yield self._in_units(node, cased)
            case Regex():
                found = islice(expression(node, cased).finditer(self._text), MOST_HITS)
                yield Asked(list(_in_lines(self._text, ((m.start(), True) for m in found))))
            case Word() | Phrase():
                yield from self._written(node, cased)
            case Tag(name):
                yield Asked(list(self._tagged(name.casefold())))
            case Property(name):
                yield Asked(list(self._named(name)))

    def _written(self, node: Word | Phrase, cased: bool) -> Iterator[Asked]:
        """A text by its letters; else its words in other spellings, together or one by one."""
        wanted, text = (fold_marks if cased else fold)(node.text), self._compared(cased)
        prefix = isinstance(node, Word) and node.prefix
        terms = self._analyzer.terms(node.text)
        found = list(islice(_letters(text, wanted, prefix), MOST_HITS))
        others = [
            self._spellings(term, prefix and at == len(terms) - 1) for at, term in enumerate(terms)
        ]
        if not cased and len(terms) == 1 and (not found or terms[0] == wanted):
            found += _words(text, [[form for form in others[0] if form != wanted]])
            found.sort()
        elif not cased and not found and len(terms) > 1:
            found += _words(text, others)
            if not found:
                for each in others:
                    yield Asked(list(_in_lines(text, _words(text, [each]))))
                return
        yield Asked(list(_in_lines(text, found)), max(len(terms), 1))

    def _spellings(self, term: str, prefix: bool) -> list[str]:
        forms = self._forms.get((term, prefix), (term,))
        return list(islice(dict.fromkeys((term, *forms)), MOST_FORMS))

    def _in_units(self, scope: Scope, cased: bool) -> Asked:
        """The places of what is asked for within the lines, blocks and so on that hold it."""
        source, inner = self._source, list(self._asked(scope.part, cased))
        weight = sum(each.weight for each in inner)
        hits: list[Hit] = []
        units = units_holding(scope, source, cased, self._forms_of, self._analyzer)
        for begin, end in islice(units, MOST_UNITS):
            first = self._text.count("\n", 0, begin)
            last = first + self._text.count("\n", begin, max(end - 1, begin))
            within = [
                Asked([hit for hit in each.hits if first <= hit.line <= last], each.weight)
                for each in inner
            ]
            hits.append(self._best([each for each in within if each.hits]) or Hit(first, 0, True))
        return Asked(hits, max(weight, 1))

    def _forms_of(self, term: str, prefix: bool) -> Iterable[str]:
        return self._forms.get((term, prefix), (term,))

    def _tagged(self, wanted: str) -> Iterator[Hit]:
        note = self._source.note
        for name in note.property_tags:
            if (name.casefold() + "/").startswith(wanted + "/"):
                yield from islice((*self._named("tags"), *self._named("tag")), 1)
                break
        for tag in note.body_tags:
            if (tag.name.casefold() + "/").startswith(wanted + "/"):
                yield Hit(tag.line - 1, 0, True)

    def _named(self, name: str) -> Iterator[Hit]:
        """The line of a property."""
        key = re.compile(rf"[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*:", re.IGNORECASE)
        for number, line in enumerate(self._text[: self._source.note.body].split("\n")):
            if key.match(line):
                yield Hit(number, 0, True)
                return

    # Which place is best

    def _best(self, asked: list[Asked]) -> Hit | None:
        """The line with most of it, whole words first; then with most of it around, then above.

        Text counts before properties; among equals, the first counts.
        """
        if not asked:
            return None
        if len(asked) == 1:
            head = self._head
            return min(asked[0].hits, key=lambda hit: (not hit.whole, hit.line < head, *hit[:2]))
        lines = _Lines(asked, self._starts)
        line = max(lines.numbers, key=lambda at: (*lines.worth(at, at >= self._head), -at))
        return lines.densest(line)

    def _open(self, asked: list[Asked]) -> list[Asked]:
        """What stands outside of comments, which are found, and never quoted; else everything."""
        comments = self._source.note.comments
        if not comments:
            return asked
        starts = [span.offset for span in comments]

        def is_open(hit: Hit) -> bool:
            offset = self._offset(hit)
            at = bisect_right(starts, offset) - 1
            return at < 0 or offset >= comments[at].end

        shown = [Asked([hit for hit in each.hits if is_open(hit)], each.weight) for each in asked]
        return [each for each in shown if each.hits] or asked

    # The text in lines

    @property
    def _text(self) -> str:
        return self._source.text

    @cached_property
    def _head(self) -> int:
        """The first line after the properties, 0-based."""
        return self._text.count("\n", 0, self._source.note.body)

    @cached_property
    def _starts(self) -> list[int]:
        """The lines where sections begin, 0-based; of pages, those where pages do."""
        if self._source.paged:
            return [n for n, line in enumerate(self._lines) if "\f" in line]
        return [heading.line - 1 for heading in self._source.note.headings]

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    def _compared(self, cased: bool) -> str:
        if not cased:
            return self._source.folded
        return fold_marks(self._text)

    def _offset(self, hit: Hit) -> int:
        """A place of the compared text in the text itself."""
        if self._text.isascii():
            begin = 0
            for _ in range(hit.line):
                begin = self._text.find("\n", begin) + 1
            return begin + hit.column
        begin = sum(len(line) + 1 for line in self._lines[: hit.line])
        return begin + _unfolded(self._lines[hit.line], hit.column)


class _Lines:
    """What each line holds of what is asked for."""

    def __init__(self, asked: list[Asked], starts: list[int]) -> None:
        self._weights = [each.weight for each in asked]
        self._hits: dict[int, list[tuple[int, int]]] = {}  # a line's columns and what is there
        self._held: dict[int, set[int]] = {}
        self._whole: dict[int, set[int]] = {}
        self._sections: dict[int, set[int]] = {}
        self._starts = starts
        for number, each in enumerate(asked):
            for line, column, whole in each.hits:
                self._hits.setdefault(line, []).append((column, number))
                self._held.setdefault(line, set()).add(number)
                self._sections.setdefault(bisect_right(starts, line), set()).add(number)
                if whole:
                    self._whole.setdefault(line, set()).add(number)

    @property
    def numbers(self) -> Iterable[int]:
        """The lines that hold anything."""
        return self._hits

    def worth(self, line: int, in_text: bool) -> tuple[int, int, bool, int, int]:
        """What is compared of lines."""
        near = range(line - AROUND, line + AROUND + 1)
        around = set().union(*(self._held.get(each, ()) for each in near))
        above = self._sections[bisect_right(self._starts, line)]
        held, whole = self._held[line], self._whole.get(line, set())
        return self._sum(held), self._sum(whole), in_text, self._sum(around), self._sum(above)

    def _sum(self, held: Iterable[int]) -> int:
        return sum(self._weights[each] for each in held)

    def densest(self, line: int) -> Hit:
        """Where most stands together in a line that may be long."""
        hits = sorted(self._hits[line])
        best, most = hits[0][0], 0
        for at, (column, _) in enumerate(hits):
            seen = {number for place, number in hits[at : at + 20] if place <= column + NEAR}
            if (held := self._sum(seen)) > most:
                best, most = column, held
        return Hit(line, best, True)


def _letters(text: str, wanted: str, prefix: bool) -> Iterator[tuple[int, bool]]:
    """Where the letters stand, in order, and whether words begin and end there."""
    if not wanted:
        return
    at, opens, closes = text.find(wanted), wanted[0].isalnum(), wanted[-1].isalnum()
    while at >= 0:
        end = at + len(wanted)
        yield (
            at,
            not (opens and text[at - 1 : at].isalnum())
            and (prefix or not (closes and text[end : end + 1].isalnum())),
        )
        at = text.find(wanted, end)


def _words(text: str, several: list[list[str]]) -> list[tuple[int, bool]]:
    """Where words stand one after the other, each in one of its spellings."""
    if not all(several):
        return []
    words = ("(?:" + "|".join(map(re.escape, forms)) + ")" for forms in several)
    pattern = r"(?<![^\W_])" + r"[\W_]+".join(words) + r"(?![^\W_])"
    return [(match.start(), True) for match in islice(re.finditer(pattern, text), MOST_HITS)]


def _in_lines(text: str, places: Iterable[tuple[int, bool]]) -> Iterator[Hit]:
    """Offsets as lines and columns; they have to be in order."""
    line = last = 0
    for at, whole in places:
        line += text.count("\n", last, at)
        last = at
        yield Hit(line, at - (text.rfind("\n", 0, at) + 1), whole)


def _unfolded(line: str, column: int) -> int:
    """A column of a line as it is compared, in the line as it is written."""
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if len(fold(line[:middle])) <= column:
            low = middle
        else:
            high = middle - 1
    return low
