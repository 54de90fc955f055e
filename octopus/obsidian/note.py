"""For holding what a note says: values that the scanner fills and everybody else reads.

Lines are 1-based. Offsets count characters of the text that was scanned (without a byte order
mark), so that ``text[offset:end]`` is what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Heading(NamedTuple):
    """A heading at the top level; those in quotes and lists are not in Obsidian's outline."""

    level: int
    text: str  # raw, marks left out
    line: int
    offset: int  # of its first line
    end: int  # where the line after it starts


class Link(NamedTuple):
    """A link or an embed to something in the vault."""

    kind: str  # link, embed or property
    target: str  # as written before the subpath, percent-decoded for Markdown links
    subpath: str  # with its "#", "" where there is none
    label: str | None  # the display text that was written, None where there is none
    line: int | None
    offset: int  # -1 in properties
    end: int
    markdown: bool = False  # [text](target) rather than [[target]]
    field: str | None = None  # of a property: its name, "field.0" for list items

    @property
    def display(self) -> str:
        """What a reader sees; Obsidian joins a note and its headings with " > "."""
        if self.label is not None:
            return self.label
        parts = [part.strip() for part in self.subpath.split("#") if part.strip()]
        return " > ".join([self.target, *parts] if self.target else parts)


class Tag(NamedTuple):
    """A tag in the text, without its "#"."""

    name: str
    line: int
    offset: int  # of the "#"


class Task(NamedTuple):
    """A list item with a box. What its text means to the Tasks plugin is in ``task``."""

    line: int
    status: str  # the one character in the box
    text: str  # after the box, surrounding space left out
    parent: int | None  # line of the list item that holds it
    offset: int  # of its line
    box: int  # offset of the status character


class Block(NamedTuple):
    """A block id, "^id" at the end of a block or in a line of its own after one."""

    id: str
    line: int
    offset: int  # of the "^"


class Callout(NamedTuple):
    """The first line of a callout."""

    type: str  # lower case
    title: str
    fold: str  # "+", "-" or ""
    line: int
    offset: int  # of the "[!"


class Field(NamedTuple):
    """An inline field of Dataview: ``key:: value``, ``[key:: value]`` or ``(key:: value)``."""

    key: str
    value: str
    line: int
    offset: int
    end: int


class Footnote(NamedTuple):
    """A mark "[^id]", a definition "[^id]: text", or "^[text]" (then ``id`` is empty)."""

    id: str
    definition: bool
    line: int
    offset: int


class Span(NamedTuple):
    """A stretch of the text."""

    offset: int
    end: int


@dataclass(frozen=True, slots=True)
class Note:
    """Everything that one pass over a note found, in order of appearance."""

    properties: Mapping[str, Any] = field(default_factory=dict)
    properties_error: str = ""  # why they cannot be read: then they must not be edited
    body: int = 0  # offset of the first line after the properties
    body_line: int = 1
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()  # those of the properties last
    body_tags: tuple[Tag, ...] = ()
    tasks: tuple[Task, ...] = ()
    blocks: tuple[Block, ...] = ()
    callouts: tuple[Callout, ...] = ()
    comments: tuple[Span, ...] = ()  # %% %% and <!-- -->: hidden from readers
    code: tuple[Span, ...] = ()  # blocks of code, mathematics and HTML: not Markdown
    fields: tuple[Field, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    aliases: tuple[str, ...] = ()
    property_tags: tuple[str, ...] = ()  # without "#"

    @property
    def known_tags(self) -> tuple[str, ...] | None:
        """The tags; None where broken properties may hide some."""
        return None if self.properties_error else self.tags

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag once with its "#", properties first, spelled as it was first."""
        seen: dict[str, str] = {}
        for name in (*self.property_tags, *(tag.name for tag in self.body_tags)):
            seen.setdefault(name.casefold(), f"#{name}")
        return tuple(seen.values())
