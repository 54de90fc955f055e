"""Which documents of a snapshot answer a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cached_property

from octopus.backends.whoosh.analysis import Analyzer, fold, pieces
from octopus.backends.whoosh.bitmap import rows_of
from octopus.backends.whoosh.bounded import Request
from octopus.backends.whoosh.check import date_holds, holds, name_holds, property_holds
from octopus.backends.whoosh.letters import LONGEST_IN_ORDER, Letters
from octopus.backends.whoosh.order import in_order
from octopus.backends.whoosh.schema import TEXT_FIELD
from octopus.backends.whoosh.store import Part
from octopus.backends.whoosh.view import Postings, SegmentView, TermList
from octopus.obsidian.query_node import (
    And,
    Case,
    Date,
    Node,
    Not,
    Or,
    Phrase,
    Property,
    Regex,
    Scope,
    Tag,
    Word,
)

STEP = 4096  # documents between two looks at the clock

Forms = Mapping[str, float]  # spellings that count as the word, and how much each counts
Expand = Callable[[str, bool], Forms]


class Reads(Enum):
    """How the words of a query are read. What is forbidden is always read by letters."""

    LETTERS = "letters"  # wherever they stand, within other words too
    WORDS = "words"  # at the top of the query as whole words, which is quick; else by letters
    FORMS = "forms"  # as words in any of their spellings


class Matcher:
    """One query at one stage of the cascade."""

    def __init__(self, letters: Letters, expand: Expand, reads: Reads = Reads.WORDS) -> None:
        self._letters = letters
        self._reading = letters.reading
        self._analyzer = letters.reading.analyzer
        self._expand = expand
        self._budget = letters.budget
        self._reads = reads
        self._forms: dict[tuple[str, bool], Forms] = {}

    @cached_property
    def _by_letters(self) -> Matcher:
        """What reads by letters."""
        return Matcher(self._letters, self._expand, Reads.LETTERS)

    def forms_of(self, term: str, prefix: bool) -> Forms:
        """The spellings that count for a term, looked up once."""
        key = (term, prefix)
        if key not in self._forms:
            self._forms[key] = self._expand(term, prefix)
        return self._forms[key]

    def lists(self, view: SegmentView, term: str, prefix: bool) -> list[tuple[TermList, float]]:
        """The list of every spelling that counts, and how much it counts."""
        found = (
            (view.term(TEXT_FIELD, form.encode()), factor)
            for form, factor in self.forms_of(term, prefix).items()
        )
        return [(terms, factor) for terms, factor in found if terms is not None]

    def match(
        self, node: Node, part: Part, within: set[int] | None = None, content: bool = False
    ) -> set[int]:
        """The documents for which ``node`` holds, out of ``within``; deleted ones may be there.

        With ``content`` the words have to stand in the file's text, not in its name.
        """
        match node:
            case Word(text) | Phrase(text) if self._by_signs(text):
                found = self._letters.documents(text, part, within, content)
            case Word() | Phrase():
                found = self._words(node, part.view, within, content)
            case And(parts):
                return self._all(parts, part, within, content)
            case Or(parts):
                return set().union(*(self.match(p, part, within, content) for p in parts))
            case Not(inner):
                every = _everything(part) if within is None else within
                return every - self._by_letters.match(inner, part, every, content)
            case Tag(name):
                found = _among(part.view.term("tag", name.casefold().encode()), within)
            case Case("ignore-case", inner):
                return self.match(inner, part, within, content)
            case Scope("content", inner) if _only_words(inner):
                return self.match(inner, part, within, True)
            case Scope("task" | "task-todo" | "task-done" as kind, Phrase("")):
                found = _among(part.view.term("kind", kind.encode()), within)
            case Scope("file" | "path") | Property() | Date() if not has_regex(node):
                return set(self._by_row(node, part, within))
            case _ if self._reads is Reads.WORDS:
                return self._by_letters.match(node, part, within, content)
            case _:
                candidates = self._candidates(node, part)
                found = self._check(
                    node, part, candidates if within is None else candidates & within
                )
        return found if within is None else found & within

    def _all(
        self, parts: Iterable[Node], part: Part, within: set[int] | None, content: bool
    ) -> set[int]:
        found = within
        for node in sorted(parts, key=_cost):
            found = self.match(node, part, found, content)
            if not found:
                break
        return set() if found is None else found

    # Words

    def _by_signs(self, text: str) -> bool:
        """True when it is not by words that ``text`` is looked for."""
        if self._reads is Reads.LETTERS:
            return True
        count = len(self._analyzer.terms(text))  # none: a dash, a bracket
        return count > LONGEST_IN_ORDER or (not count and self._reads is Reads.WORDS)

    def _words(
        self, node: Word | Phrase, view: SegmentView, within: set[int] | None, content: bool
    ) -> set[int]:
        terms = self._analyzer.terms(node.text)
        if not terms:  # a dash, a bracket: says nothing
            return set(range(view.count)) if within is None else within
        prefix = isinstance(node, Word) and node.prefix
        last = len(terms) - 1
        several = [
            [found for found, _ in self.lists(view, term, prefix and at == last)]
            for at, term in enumerate(terms)
        ]
        found = within
        for lists in sorted(several, key=_frequency):
            ids = set().union(*(_among(one, found) for one in lists))
            found = ids if found is None else found & ids
            if not found:
                return set()
        assert found is not None
        if last and not content:
            rows = rows_of([view.row(one.term) for one in lists] for lists in several)
            if rows is not None:
                long = self._in_order(view.rows_of_bits.left_out(found), several, content)
                return long | (view.rows_of_bits.following(rows) & found)
        return self._in_order(found, several, content) if last or content else found

    def _in_order(self, docs: set[int], lists: list[list[TermList]], content: bool) -> set[int]:
        """The documents with the words of the lists one after the other.

        Places have to be read of each document: a phrase of words that are in every note of a
        large vault takes longer than anybody waits, so it is looked for as far as time allows.
        """
        numbers = sorted(docs)
        found: set[int] = set()
        for begin in range(0, len(numbers), STEP):
            if self._budget.spent():
                break
            found |= in_order(numbers[begin : begin + STEP], lists, content)
        return found

    # What postings cannot tell

    def _by_row(self, node: Node, part: Part, within: set[int] | None) -> Iterator[int]:
        rows = part.view.rows
        match node:
            case Scope(kind, inner):
                for number in _numbers(part, within):
                    path = rows[number].path
                    if name_holds(inner, path if kind == "path" else path.rpartition("/")[2]):
                        yield number
            case Property(name):
                ids = _ids(part.view.postings("property", name.casefold()[:200].encode()))
                for number in ids if within is None else ids & within:
                    properties = part.view.stored(number)["properties"]
                    if property_holds(node, properties):
                        yield number
            case Date(field=which):
                for number in _numbers(part, within):
                    stored = part.view.stored(number)["properties"] if which == "created" else {}
                    row = rows[number]
                    if date_holds(node, row.path, stored, _day(row.mtime_ns)):
                        yield number

    def _candidates(self, node: Node, part: Part) -> set[int]:
        """At least the documents for which ``node`` holds."""
        match node:
            case Word(text) | Phrase(text) if self._reads is Reads.LETTERS:
                return self._letters.candidates(text, part)
            case Word() | Phrase():
                return self._words(node, part.view, None, False)
            case And(parts):
                found = _everything(part)
                for inner in parts:
                    found &= self._candidates(inner, part)
                return found
            case Or(parts):
                return set().union(*(self._candidates(inner, part) for inner in parts))
            case Scope("task" | "task-todo" | "task-done" as kind, inner):
                return _ids(part.view.postings("kind", kind.encode())) & self._candidates(
                    inner, part
                )
            case Scope("file" | "path") | Property() | Date() if not has_regex(node):
                return set(self._by_row(node, part, None))
            case Scope("file" | "path"):
                return _everything(part)
            case Scope(_, inner) | Case(_, inner):
                return self._candidates(inner, part)
            case Tag(name):
                return _ids(part.view.postings("tag", name.casefold().encode()))
            case Property(name):
                return _ids(part.view.postings("property", name.casefold()[:200].encode()))
        return _everything(part)

    def _check(self, node: Node, part: Part, candidates: set[int]) -> set[int]:
        numbers = sorted(candidates - part.deleted)
        rows = part.view.rows
        if not numbers:
            return set()
        if has_regex(node):
            paths = [rows[number].path for number in numbers]
            request = Request(str(self._reading.root), node, self._spellings(node), paths)
            self._budget.spare(self._reading.bounded.start)
            found, complete = self._reading.bounded.run(request, max(self._budget.left, 0.05))
            self._budget.exhausted |= not complete
            return {numbers[place] for place in found}
        matched = set()
        forms_of = self.forms_of if self._reads is Reads.FORMS else None
        for number in numbers:
            if self._budget.spent():
                break
            source = self._reading.sources.get(rows[number].path)
            if source is not None and holds(node, source, forms_of, self._analyzer):
                matched.add(number)
        return matched

    def _spellings(self, node: Node) -> dict[tuple[str, bool], tuple[str, ...]] | None:
        """What counts for each word where words are checked; None where letters are."""
        if self._reads is not Reads.FORMS:
            return None
        return {key: tuple(self.forms_of(*key)) for key in words_in(node, self._analyzer)}


def _everything(part: Part) -> set[int]:
    return set(range(part.view.count))


def _numbers(part: Part, within: set[int] | None) -> Iterable[int]:
    return range(part.view.count) if within is None else within


def _ids(postings: Postings | None) -> set[int]:
    return set(postings.ids) if postings else set()


def _day(mtime_ns: int) -> date:
    return datetime.fromtimestamp(mtime_ns / 1e9, UTC).astimezone().date()


def _frequency(lists: list[TermList]) -> int:
    return sum(one.frequency for one in lists)


def _among(terms: TermList | None, within: set[int] | None) -> set[int]:
    """The documents of a term, of which those outside of ``within`` do not matter."""
    if terms is None:
        return set()
    if within is None or terms.frequency <= len(within):
        return set(terms.all().ids)
    return within.intersection(terms.among(sorted(within)).ids)


def _cost(node: Node) -> int:
    """What to look at first: what is quick and leaves little."""
    if isinstance(node, Word | Phrase):
        parts, certain = pieces(fold(node.text))
        return 0 if certain else 1 if parts else 3
    if _needs_text(node):
        return 4 if has_regex(node) else 3
    if isinstance(node, Not):
        return 2
    return 1 if isinstance(node, Scope | Property | Date | Or) else 0


def _needs_text(node: Node) -> bool:
    """True when files have to be read to decide."""
    match node:
        case And(parts) | Or(parts):
            return any(_needs_text(part) for part in parts)
        case Not(part) | Case("ignore-case", part):
            return _needs_text(part)
        case Scope("content", part):
            return not _only_words(part)
        case Scope("file" | "path") | Property():
            return has_regex(node)
        case Regex() | Scope() | Case():
            return True
    return False


def _only_words(node: Node) -> bool:
    match node:
        case And(parts) | Or(parts):
            return all(_only_words(part) for part in parts)
        case Not(part):
            return _only_words(part)
    return isinstance(node, Word | Phrase)


def has_regex(node: Node | None) -> bool:
    """True when the query has an expression, which only a process that can be stopped looks for."""
    match node:
        case Regex():
            return True
        case And(parts) | Or(parts):
            return any(has_regex(part) for part in parts)
        case Not(part) | Case(_, part) | Scope(_, part) | Property(_, part):
            return has_regex(part)
    return False


def words_in(node: Node | None, analyzer: Analyzer) -> Iterator[tuple[str, bool]]:
    """Every word of a query as its terms, and whether its beginning is enough."""
    match node:
        case Word(text, prefix):
            terms = analyzer.terms(text)
            yield from ((t, prefix and at == len(terms) - 1) for at, t in enumerate(terms))
        case Phrase(text):
            yield from ((term, False) for term in analyzer.terms(text))
        case And(parts) | Or(parts):
            for part in parts:
                yield from words_in(part, analyzer)
        case Not(part) | Case(_, part) | Scope(_, part):
            yield from words_in(part, analyzer)


def is_certain(node: Node) -> bool:
    """True when whole words of the query imply its letters; what it forbids is read by letters.

    A phrase is not certain: something else than one space may stand between its words.
    """
    match node:
        case Word(text) | Phrase(text):
            return pieces(fold(text)).certain
        case And(parts) | Or(parts):
            return all(is_certain(part) for part in parts)
        case Scope("content", part) if _only_words(part):
            return is_certain(part)
        case Case("ignore-case", part):
            return is_certain(part)
    return True
