"""How the notes hang together, as values: links both ways, tags, headings, numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A link as it stands in a note, and the file that it means."""

    source: str  # path of the note that holds it
    kind: str  # link, embed or property
    target: str  # as written before the subpath
    subpath: str  # with its "#", "" where there is none
    display: str  # what a reader sees
    line: int | None  # 1-based; None in properties
    property: str | None  # the field, "field.0" for list items
    resolved: str | None  # path of the file; None for a note not yet there


@dataclass(frozen=True, slots=True)
class TagNode:
    """A tag with the tags nested below it. A note counts once, for all tags above its own, too."""

    name: str  # whole, with its "#", as most notes spell it
    count: int  # notes
    children: tuple[TagNode, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading of a note and how deep it stands: a skipped level is no level."""

    level: int  # the number of its marks
    depth: int  # 0 at the top
    text: str  # raw
    line: int


@dataclass(frozen=True, slots=True)
class Stats:
    """How large the vault is."""

    files: int
    notes: int
    links: int  # embeds and links in properties, too
    unresolved: int  # of these links
    orphans: int
    deadends: int
    tags: int  # different ones, those above nested ones too
    tasks: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A note's name or alias in another note's text, where nobody made a link of it."""

    source: str
    line: int
    name: str  # as it stands there
    text: str  # the line around it, comments left out


@dataclass(frozen=True, slots=True)
class ConflictCopy:
    """A copy that a sync tool left when two devices changed one file."""

    path: str
    original: str  # it need not exist any more
    tool: str
    certain: bool = True  # False where only name and text suggest it: then it stays a note


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A file near a note, or a note not yet written."""

    path: str  # of a note not yet written: what the links call it
    distance: int  # links between: 0 for the note itself
    exists: bool = True


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A note and what is a few links around it, the nearest first."""

    nodes: tuple[Neighbour, ...]
    edges: tuple[tuple[int, int], ...]  # source and target, by their place in ``nodes``
    left_out: int = 0  # neighbours that did not fit
