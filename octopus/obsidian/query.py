"""Read a search query as Obsidian's search reads it (Obsidian help, "Search").

``parse`` never fails: what cannot be understood is searched as plain words, and ``Query.note``
says so in one sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import get_args

from octopus.obsidian import query_remark as remark
from octopus.obsidian.query_compare import limit_of
from octopus.obsidian.query_date import days
from octopus.obsidian.query_node import (
    And,
    Case,
    CaseKind,
    Compare,
    Date,
    DateField,
    Node,
    Not,
    Null,
    Or,
    Phrase,
    Property,
    Regex,
    Scope,
    ScopeKind,
    Tag,
    Word,
)
from octopus.obsidian.query_regex import FLAGS, Unreadable, compiled, fits_anything, only_latin

LONGEST_QUERY = 1000  # characters
DEEPEST_QUERY = 20  # nested groups and operators
MOST_LEAVES = 64  # words, phrases and expressions


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was understood. ``root`` is None when nothing is asked for."""

    root: Node | None
    note: str = ""
    sort: str = ""  # "", name, modified, created, path; with a leading "-" the other way round
    limit: int | None = None
    text: str = ""  # as much of what was typed as was read


_SCOPES: dict[str, ScopeKind] = {kind: kind for kind in get_args(ScopeKind)}
_CASES: dict[str, CaseKind] = {kind: kind for kind in get_args(CaseKind)}
_DATES: dict[str, DateField] = {kind: kind for kind in get_args(DateField)}
_OPERATOR = re.compile(r"([A-Za-z][A-Za-z-]*):")
_WORD_END = re.compile(r'[\s()"]')
_SEVERAL_WORDS = re.compile(
    r"(?:(?:this|last|previous|next|past) (?:\d+ )?[a-z]+day|(?:this|last|previous|next|past)"
    r" (?:\d+ )?(?:day|week|month|year)s?|\d+ (?:day|week|month|year)s? ago)\b",
    re.IGNORECASE,
)
_SORTS = {"name", "path", "modified", "created"}
# Between slashes, where a slash in square brackets or behind a backslash is part of it.
_SLASHED = r"/((?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\]|\[(?![^/]*\]))+)/"
_EXPRESSION = re.compile(_SLASHED + rf"([{FLAGS}]*)(?=[\s()\]]|$)")
_BRACKET = re.compile(
    r'\[(?:"(?:[^"\\]|\\.)*"|/(?:[^/\\\[\]]|\\.|\[(?:[^\]\\]|\\.)*\])+/|[^\]"\[])*\]'
)
_SET_QUOTES = re.compile(r"(?<![^\s(:\[-])[“„«]([^“”„«»]+)[”“»](?![^\s)\]])")
_ESCAPE = re.compile(r"\\(?:[pP]\{[^}]*\}|.|$)")
_LITERAL = re.compile(r"[^\W_]+")
_COMPARISON = re.compile(r"(<=|>=|<|>)(.*)", re.DOTALL)


def parse(text: str, today: date) -> Query:
    """Understand ``text``, or as much of it as can be understood."""
    parser = _Parser(text, today)
    root = parser.alternatives(0)
    note = parser.note
    if root is None and not note and text.strip():
        note = remark.EMPTY
    return Query(root, note, parser.sort, parser.limit, parser.text)


class _Parser:
    def __init__(self, text: str, today: date) -> None:
        self._today = today
        self.note = ""
        self.sort = ""
        self.limit: int | None = None
        self._leaves = 0
        text = text.replace("\0", " ").strip()
        if len(text) > LONGEST_QUERY:
            text = text[:LONGEST_QUERY]
            self._remark(remark.first_characters(LONGEST_QUERY))
        self.text = text
        self._text = _plain_quotes(text)
        self._at = 0

    def _remark(self, note: str) -> None:
        self.note = self.note or note

    # Grammar: alternatives = all ("OR" all)*, all = (["-"] atom)*

    def alternatives(self, depth: int) -> Node | None:
        """Read up to the end of the text or the bracket that closes this group."""
        parts: list[Node] = []
        options = [parts]
        while not self._ended(depth):
            if self._take("OR"):
                options.append(parts := [])
            elif parts and self._take("AND"):
                self._remark(remark.AND)
            elif (part := self._negatable(depth)) is not None:
                parts.append(part)
        several = [node for option in options if (node := _all_of(option)) is not None]
        return Or(tuple(several)) if len(several) > 1 else next(iter(several), None)

    def _ended(self, depth: int) -> bool:
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == ")" and depth == 0:
                self._remark(remark.EXTRA)
            elif not char.isspace():
                return char == ")"
            self._at += 1
        return True

    def _take(self, name: str) -> bool:
        match = re.compile(rf"{name}(?=[\s()]|$)").match(self._text, self._at)
        if match:
            self._at = match.end()
        return match is not None

    def _negatable(self, depth: int) -> Node | None:
        negative = False
        while (
            self._rest().startswith("-") and len(self._rest()) > 1 and self._rest()[1] not in " -"
        ):
            negative = not negative
            self._at += 1
        if self._take(r"NOT(?=\s+[^\s)])"):
            self._remark(remark.NOT)
            self._skip_space()
            negative = not negative
        part = self._atom(depth)
        return Not(part) if negative and part is not None else part

    def _rest(self) -> str:
        return self._text[self._at :]

    def _atom(self, depth: int) -> Node | None:
        rest = self._rest()
        if rest.startswith("("):
            return self._group(depth)
        if rest.startswith('"'):
            return self._phrase()
        if regex := _EXPRESSION.match(self._text, self._at):
            return self._regex(regex)
        if rest.startswith("[") and (prop := self._property(depth)) is not None:
            return prop
        operator = _OPERATOR.match(rest)
        if operator:
            return self._operator(operator.group(1), operator.end(), depth)
        return self._word()

    def _group(self, depth: int) -> Node | None:
        self._at += 1
        if depth >= DEEPEST_QUERY:
            self._remark(remark.DEEP)
            return None
        part = self.alternatives(depth + 1)
        if self._rest().startswith(")"):
            self._at += 1
        else:
            self._remark(remark.OPEN)
        return part

    def _leaf(self, node: Node) -> Node | None:
        self._leaves += 1
        if self._leaves > MOST_LEAVES:
            self._remark(remark.first_words(MOST_LEAVES))
            return None
        return node

    def _phrase(self) -> Node | None:
        text, end = _quoted(self._text, self._at)
        if end is None:
            self._remark(remark.QUOTE)
            self._at += 1
            return None
        self._at = end
        return self._leaf(Phrase(text)) if text.strip() else None

    def _regex(self, match: re.Match[str]) -> Node | None:
        self._at = match.end()
        pattern, flags = match.groups()
        try:
            ready = compiled(pattern, flags, False)
        except Unreadable as error:
            return self._instead_of(pattern, error.why)
        if fits_anything(ready):
            self._remark(remark.fits_all(pattern))
        elif only_latin(pattern):
            self._remark(remark.LATIN)
        node = self._leaf(Regex(pattern, flags))
        return Case("ignore-case", node) if node and "i" in flags else node

    def _instead_of(self, pattern: str, why: str) -> Node | None:
        """The words of an expression that cannot be read."""
        words = _LITERAL.findall(_ESCAPE.sub(" ", pattern))
        self._remark(remark.unreadable(pattern, why, words=bool(words)))
        return _all_of([leaf for word in words if (leaf := self._leaf(Word(word)))])

    def _word(self) -> Node | None:
        text = self._until_break(self._at + 1)
        if text.startswith("#") and (name := _tag_name(text)):
            return self._leaf(Tag(name))
        if re.match(r"\*[^\s*]", text):  # the letters may stand anywhere in a name as it is
            text = text[1:]
        prefix = len(text) > 1 and text.endswith("*")
        return self._leaf(Word(text.rstrip("*") if prefix else text, prefix))

    def _operator(self, name: str, length: int, depth: int) -> Node | None:
        key = name.lower()
        known = key in _SCOPES or key in _CASES or key in _DATES or key in {"tag", "sort", "limit"}
        after = self._rest()[length : length + 1]
        if not known or not after:
            if known:
                self._remark(remark.only_word(name))
            elif after and after not in "/\\" and not after.isdigit():
                self._remark(remark.no_operator(name))
            return self._word()
        self._at += length
        if key == "tag" and self._rest().startswith("("):
            part = self._group(depth)
            if part is None:
                self._remark(remark.says_nothing(name))
            return _as_tags(part) if part is not None else None
        if key in {"tag", "sort", "limit"} or key in _DATES:
            return self._valued(key)
        self._skip_space()
        if depth >= DEEPEST_QUERY or not self._rest() or self._rest().startswith(")"):
            self._remark(remark.says_nothing(name))
            return None
        part = self._anything() or self._negatable(depth + 1)
        if part is None:
            self._remark(remark.says_nothing(name))
            return None
        return Scope(_SCOPES[key], part) if key in _SCOPES else Case(_CASES[key], part)

    def _anything(self) -> Node | None:
        """What an empty phrase behind an operator asks for: any task, any line."""
        text, end = _quoted(self._text, self._at)
        if end is None or text.strip():
            return None
        self._at = end
        return self._leaf(Phrase(""))

    def _valued(self, key: str) -> Node | None:
        value = self._day_value() if key in _DATES else self._value()
        if not value or (key == "tag" and not _tag_name(value)):
            self._remark(remark.says_nothing(key))
        elif key == "tag":
            return self._leaf(Tag(_tag_name(value)))
        elif key in _DATES and (span := days(value, self._today)):
            return self._leaf(Date(_DATES[key], span))
        elif key == "limit" and value.isascii() and value.isdigit():
            self.limit = max(1, int(value[:6]))
        elif key == "sort" and value.lower().lstrip("-") in _SORTS:
            self.sort = value.lower()
        else:
            self._remark(remark.left_out(key, value))
        return None

    def _day_value(self) -> str:
        several = _SEVERAL_WORDS.match(self._text, self._at)
        if several is None:
            return self._value()
        self._at = several.end()
        return several.group()

    def _value(self) -> str:
        self._skip_space()
        if self._rest().startswith('"'):
            text, end = _quoted(self._text, self._at)
            if end is not None:
                self._at = end
                return text.strip()
        if self._rest().startswith(("(", ")")):
            return ""
        return self._until_break(self._at)

    def _skip_space(self) -> None:
        while self._rest()[:1].isspace():
            self._at += 1

    def _until_break(self, least: int) -> str:
        end = _WORD_END.search(self._text, least)
        stop = end.start() if end else len(self._text)
        text, self._at = self._text[self._at : stop], stop
        return text

    def _property(self, depth: int) -> Node | None:
        end = _closing_bracket(self._text, self._at)
        if end is None or self._rest().startswith("[["):
            return None
        names, value = _split_property(self._text[self._at + 1 : end])
        if not names:
            return None
        self._at = end + 1
        part: Node | None = None
        if value is not None and depth < DEEPEST_QUERY:
            inner = _Value(value, self._today)
            part = inner.alternatives(0)
            self._remark(inner.note)
        several = [leaf for name in names if (leaf := self._leaf(Property(name, part)))]
        return Or(tuple(several)) if len(several) > 1 else next(iter(several), None)


class _Value(_Parser):
    """What stands behind the colon in ``[property:value]``: a query about the value alone."""

    def _word(self) -> Node | None:
        at = self._at
        text = self._until_break(at + 1)
        if text == "null":
            return self._leaf(Null())
        comparison = _COMPARISON.fullmatch(text)
        if comparison is None:
            self._at = at
            return super()._word()
        op, other = comparison.groups()
        self._at = at + len(op)
        other = self._day_value()
        limit = limit_of(op, other, self._today)
        if limit is None:
            self._remark(remark.no_limit(op, other))
            return self._leaf(Phrase(other)) if other else None
        return self._leaf(Compare(op, limit))  # type: ignore[arg-type]  # one of the four


def _plain_quotes(text: str) -> str:
    """Quotation marks as keyboards of phones set them, put straight where they hold a phrase."""
    return text if '"' in text else _SET_QUOTES.sub(r'"\1"', text)


def _tag_name(text: str) -> str:
    """The name of a tag as it was typed, with or without its sign; no tag ends in a stop."""
    return text.strip("#/").rstrip(",.;:!?")


def _as_tags(node: Node) -> Node:
    """What stands in the brackets behind ``tag:``: names of tags, each of them."""
    match node:
        case And(parts):
            return And(tuple(_as_tags(part) for part in parts))
        case Or(parts):
            return Or(tuple(_as_tags(part) for part in parts))
        case Not(part):
            return Not(_as_tags(part))
        case Word(text) | Phrase(text) if _tag_name(text):
            return Tag(_tag_name(text))
    return node


def _all_of(parts: list[Node]) -> Node | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return And(tuple(parts))


def _quoted(text: str, start: int) -> tuple[str, int | None]:
    """The text between the quote at ``start`` and its partner, and the place after that."""
    match = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL).match(text, start)
    if match is None:
        return "", None
    return re.sub(r'\\(["\\])', r"\1", match.group(1)), match.end()


def _closing_bracket(text: str, start: int) -> int | None:
    """Where the bracket at ``start`` is closed, quotes and expressions skipped."""
    match = _BRACKET.match(text, start)
    return match.end() - 1 if match else None


def _split_property(inner: str) -> tuple[list[str], str | None]:
    """The name or names before the colon, and what stands behind it."""
    match = re.fullmatch(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^":=]+?))\s*(?:[:=](.*))?', inner, re.DOTALL)
    if match is None:
        return [], None
    quoted, bare, value = match.groups()
    names = [quoted] if bare is None else re.split(r"\sOR\s", bare.strip("() "))
    return [name.strip() for name in names if name.strip()], value
