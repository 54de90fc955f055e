"""For finding the heading or the block that a link points at inside its note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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


def subpath_of(note: Note, index: int) -> str | None:
    """The shortest subpath that finds this heading: its name, below as many of the headings above
    it as that takes. None where another one is always found first."""
    chain = [index]
    for above in range(index - 1, -1, -1):
        if note.headings[above].level < note.headings[chain[0]].level:
            chain.insert(0, above)
    for first in reversed(range(len(chain))):
        subpath = "".join(f"#{_named(note.headings[at].text)}" for at in chain[first:])
        if find_heading(note, subpath) is note.headings[index]:
            return subpath
    return None


def _named(text: str) -> str:
    """A heading as a link writes it; one with a link in it by all of its words."""
    name = heading_link(text)
    same = heading_key(name) == heading_key(text)
    return name if same else " ".join(_SPECIAL.sub(" ", text).split())


@dataclass(frozen=True, slots=True)
class Sections:
    """The headings of a note that became the end of another one, which may have the same names."""

    path: str  # where it was
    was: Note
    now: Note  # the whole

    @classmethod
    def of(cls, path: str, was: Note, now: Note) -> Sections | None:
        """None where its headings are not the last ones: a fence that is open swallows them."""
        known = [heading_key(heading.text) for heading in was.headings]
        last = now.headings[len(now.headings) - len(known) :]
        return cls(path, was, now) if known == [heading_key(each.text) for each in last] else None

    def again(self, subpath: str) -> str | None:
        """What finds the heading now that ``subpath`` found before; None where it still does, where
        it found none, or where nothing does (see :meth:`lost`)."""
        index = self._moved(subpath)
        return None if index is None else subpath_of(self.now, index)

    def lost(self, subpath: str) -> bool:
        """Whether the heading that ``subpath`` found can be named no more."""
        index = self._moved(subpath)
        return index is not None and subpath_of(self.now, index) is None

    def _moved(self, subpath: str) -> int | None:
        """The heading that is meant, where another one is found by its old name."""
        meant = None if subpath.startswith("#^") else find_heading(self.was, subpath)
        if meant is None:
            return None
        place = next(at for at, each in enumerate(self.was.headings) if each is meant)
        index = len(self.now.headings) - len(self.was.headings) + place
        found = find_heading(self.now, subpath)
        return None if found is self.now.headings[index] else index


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
