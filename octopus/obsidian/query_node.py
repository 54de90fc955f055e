"""What a search query is made of, once it is understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from octopus.obsidian.query_date import Days

ScopeKind = Literal[
    "file", "path", "content", "line", "block", "section", "task", "task-todo", "task-done"
]
CaseKind = Literal["match-case", "ignore-case"]
DateField = Literal["created", "modified", "daily"]
Comparison = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Word:
    """Text between spaces; ``prefix`` when it was written with a star at its end."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text in double quotes: these words, in this order, next to each other."""

    text: str


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression between slashes, as JavaScript spells it, with its flags."""

    pattern: str
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """A property's value compared with a number or a date: ``[duration:<5]``."""

    op: Comparison
    value: str


@dataclass(frozen=True, slots=True)
class Null:
    """A property that is there and has no value: ``[aliases:null]``."""


@dataclass(frozen=True, slots=True)
class Tag:
    """This tag or one below it; without the leading ``#``."""

    name: str


@dataclass(frozen=True, slots=True)
class Date:
    """The note was created or changed on one of these days, or is the daily note of one."""

    field: DateField
    days: Days


@dataclass(frozen=True, slots=True)
class And:
    """Everything in it holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Something in it holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Scope:
    """The part holds within one file name, path, content, line, block, section or task."""

    kind: ScopeKind
    part: Node


@dataclass(frozen=True, slots=True)
class Case:
    """The part is compared with or without regard to case, whatever stands around it."""

    kind: CaseKind
    part: Node


@dataclass(frozen=True, slots=True)
class Property:
    """The note has this property; ``part`` says what holds of its value."""

    name: str
    part: Node | None = None


Node = (
    Word | Phrase | Regex | Compare | Null | Tag | Date | And | Or | Not | Scope | Case | Property
)
