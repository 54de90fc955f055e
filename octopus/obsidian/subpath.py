"""For finding the heading or the block that a link points at inside its note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from octopus.obsidian.note import Block, Heading, Note

# Obsidian's API, ``stripHeading``: special characters become spaces, spaces collapse.
_SPECIAL = re.compile(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\\s]+")
_LINK = re.compile(r"\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")


def heading_key(text: str) -> str:
    """What a heading and a link to it have in common."""
    return _SPECIAL.sub(" ", text).strip().casefold()


def find_heading(note: Note, subpath: str) -> Heading | None:
    """The heading that "#A#B" points at: the first B below A; every name in turn, from the top.

    Among headings of the same name the first wins.
    """
    names = [heading_key(part) for part in subpath.split("#")]
    names = [name for name in names if name]
    if not names:
        return None
    keys = [heading_key(heading.text) for heading in note.headings]
    return _below(note.headings, keys, names)


def _below(headings: Sequence[Heading], keys: list[str], names: list[str]) -> Heading | None:
    """Each name is looked for inside the section of the one before it."""
    starts = [0]
    for depth, name in enumerate(names):
        last = depth == len(names) - 1
        found = []
        for start in starts:
            end = section_end(headings, start - 1) if start else len(headings)
            found += [index for index in range(start, end) if keys[index] == name]
        if not found:
            return None
        if last:
            return headings[min(found)]
        starts = sorted({index + 1 for index in found})
    return None


def section_end(headings: Sequence[Heading], index: int) -> int:
    """The index of the first heading after ``headings[index]`` that is not below it."""
    level = headings[index].level
    for after in range(index + 1, len(headings)):
        if headings[after].level <= level:
            return after
    return len(headings)


def find_block(note: Note, subpath: str) -> Block | None:
    """The block that "#^id" points at. Ids are compared without case, the first one wins."""
    wanted = subpath.lstrip("#").removeprefix("^").strip().lower()
    return next((block for block in note.blocks if block.id.lower() == wanted), None)


def heading_link(text: str) -> str:
    """``text`` of a heading as it is written after "#" in a link: nothing that would end it."""
    text = _LINK.sub(lambda match: match.group(2) or match.group(1), text)
    return " ".join(re.sub(r"[#|^:\[\]\\]|%%", " ", text).split())
