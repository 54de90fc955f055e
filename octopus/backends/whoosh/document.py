"""What the index keeps of one file."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octopus.backends.whoosh.scan import LARGEST_NOTE, Stamp, is_canvas, is_note, is_text
from octopus.core.search import Extract
from octopus.errors import Undecodable
from octopus.obsidian.canvas import read_canvas
from octopus.obsidian.path import key, stem
from octopus.obsidian.scan import scan
from octopus.obsidian.text import decode, read


@dataclass(frozen=True, slots=True)
class Zone:
    """A piece of the text that says more about the note than the rest of it."""

    text: str
    weight: float  # added to the weight of each of its words


@dataclass(frozen=True, slots=True)
class Document:
    """One file as the index sees it."""

    path: str
    stamp: Stamp
    checksum: int  # CRC-32 of the bytes; tells a touched file from a changed one
    text: str = ""
    names: tuple[str, ...] = ()  # the title, then the aliases
    zones: tuple[Zone, ...] = ()
    tags: tuple[str, ...] = ()  # lower case, without "#", parents not included
    links: frozenset[str] = frozenset()  # names of what it links to, as :func:`link_key` has them
    properties: dict[str, Any] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()  # note, canvas, file; task, task-todo, task-done; flawed

    @property
    def flawed(self) -> bool:
        """True for a file that could not be read as what it should be."""
        return FLAWED in self.kinds


FLAWED = "flawed"


class Unsettled(Exception):
    """The file changed while it was read; look again later."""


TITLE_WEIGHT = 4.0
ALIAS_WEIGHT = 3.0
HEADING_WEIGHT = 1.5
TAG_WEIGHT = 1.5


def title_of(path: str) -> str:
    """A note is called what its file is called."""
    name = path.rpartition("/")[2]
    return os.path.splitext(name)[0] if is_note(path) else name  # noqa: PTH122 - hot path


def link_key(path: str) -> str:
    """What a link and the file that it means have in common, wherever the file is."""
    return key(stem(path))


def note_text(path: str, data: bytes) -> str:
    """What a file of this name says, whatever its encoding: what cannot be read is marked."""
    return _text_of(path, data)[0]


def _text_of(path: str, data: bytes) -> tuple[str, bool]:
    """The text of a note or a canvas, and whether it could be read as such."""
    if is_canvas(path):
        return _canvas_text(data)
    try:
        return decode(data)[0], True
    except Undecodable:
        return read(data), False


def _canvas_text(data: bytes) -> tuple[str, bool]:
    """The cards of a canvas, one below the other; nothing where it is no canvas."""
    try:
        nodes = read_canvas(data).nodes
    except Undecodable:
        return "", False
    cards = (part for n in nodes for part in (n.label, n.text, n.file, n.url) if part)
    return "\n\n".join(cards), True


def is_too_large(path: str, stamp: Stamp) -> bool:
    """True for text that is a log or a dump, and known by its name only."""
    return is_text(path) and stamp.size > LARGEST_NOTE


def read_document(root: Path, path: str, stamp: Stamp, extract: Extract | None = None) -> Document:
    """Read one file of the vault; ``extract`` is what somebody else has read of it.

    Raises:
        OSError: the file cannot be read.
        Unsettled: it was being written.
    """
    if not is_text(path) or is_too_large(path, stamp):
        text = extract.text if extract else ""
        checksum = zlib.crc32(text.encode()) if text else 0
        return Document(path, stamp, checksum, text, names=(title_of(path),), kinds=("file",))
    data = (root / path).read_bytes()
    if len(data) != stamp.size:
        raise Unsettled(path)
    return understand(path, stamp, data)


def understand(path: str, stamp: Stamp, data: bytes) -> Document:
    """Take a note apart into what is indexed of it."""
    text, whole = _text_of(path, data)
    note = scan(text)
    tags = tuple(tag[1:].casefold() for tag in note.tags)
    statuses = {task.status for task in note.tasks}
    kinds = ["note" if is_note(path) else "canvas"]
    kinds += ["task"] * bool(statuses) + ["task-todo"] * (" " in statuses)
    kinds += ["task-done"] * bool(statuses - {" "}) + [FLAWED] * (not whole)
    return Document(
        path=path,
        stamp=stamp,
        checksum=zlib.crc32(data),
        text=text,
        names=(title_of(path), *note.aliases),
        zones=(
            *(Zone(alias, ALIAS_WEIGHT) for alias in note.aliases),
            *(Zone(heading.text, HEADING_WEIGHT) for heading in note.headings),
            *(Zone(tag, TAG_WEIGHT) for tag in tags),
        ),
        tags=tags,
        links=frozenset(link_key(link.target) for link in note.links if link.target)
        - {link_key(path)},
        properties=dict(note.properties),
        kinds=tuple(kinds),
    )
