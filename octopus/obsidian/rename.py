"""For keeping every link right when files are renamed or moved.

A link is rewritten only where it would mean something else afterwards, and then only its target:
display text, subpath, title and everything around stay byte for byte. That covers links to what was
moved, relative links in a note that moved itself, and links whose file a new name would hide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from octopus.obsidian.edit import Source, open_source
from octopus.obsidian.inline import MARKDOWN, WIKI
from octopus.obsidian.link import encode_destination, link_text
from octopus.obsidian.note import Link
from octopus.obsidian.path import NOTE, is_note, key, stem
from octopus.obsidian.properties import frontmatter, links_of, parse
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import scan, shadow
from octopus.obsidian.subpath import Sections
from octopus.obsidian.text import read


@dataclass(frozen=True, slots=True)
class Moves:
    """What moves where, and the vault's files before and after."""

    moved: Mapping[str, str]
    before: Resolver
    after: Resolver
    form: str = "shortest"  # Obsidian's ``newLinkFormat``
    sections: Sections | None = None  # of a note that becomes a part of another one

    @classmethod
    def plan(cls, moved: Mapping[str, str], before: Resolver, form: str = "shortest") -> Moves:
        """The moves with the vault as it will be."""
        after = before.copy()
        for old in moved:
            after.remove(old)
        for new in moved.values():
            after.add(new)
        return cls(moved, before, after, form)

    @property
    def names(self) -> frozenset[str]:
        """The names that are in every link whose meaning could change."""
        return frozenset(key(stem(path)) for pair in self.moved.items() for path in pair)

    def retarget(self, target: str, source: str) -> str | None:
        """What to write for ``target`` in the note that was at ``source``; None: leave it."""
        if not target:
            return None  # a link within the note
        meant = self.before.resolve(target, source)
        if meant is None:
            return None
        there = self.moved.get(source, source)
        wanted = self.moved.get(meant, meant)
        if self.after.resolve(target, there) == wanted:
            return None
        text = link_text(self.after, wanted, there, self.form)
        return text + NOTE if is_note(target) and is_note(wanted) and not is_note(text) else text

    def resection(self, target: str, subpath: str, source: str) -> str | None:
        """What to write for ``subpath`` behind ``target`` in the note at ``source``; None: leave
        it."""
        if self.sections is None or not subpath:
            return None
        meant = self.before.resolve(target, source) if target else source
        return self.sections.again(subpath) if meant == self.sections.path else None


def rewrite_links(data: bytes, source: str, moves: Moves) -> bytes:
    """The note that was at ``source`` with its links kept right.

    Raises :class:`~octopus.errors.Undecodable` for a note that must not be edited.
    """
    opened = open_source(data)
    edits = [
        edit
        for link in opened.note.links
        if link.kind != "property"
        for edit in _body_edits(opened.text, link, source, moves)
    ]
    edits += _property_edits(opened, source, moves)
    if not edits:
        return data
    return opened.encoding.encode(apply(opened.text, edits))


def may_link(data: bytes, names: Iterable[str]) -> bool:
    """Whether a file can have a link with one of these names (see ``path.key``).

    A first look that is much cheaper than a scan and misses nothing: names may also be written
    with escapes, so whatever has those is to be looked at.
    """
    if b"%" in data or b"\\" in data:
        return True
    if data.isascii() and b"\0" not in data:  # every other byte of UTF-16 would be
        small = data.lower()
        return any(name.isascii() and name.encode() in small for name in names)
    text = key(read(data))
    return any(name in text for name in names)


def links_hold(old: bytes, new: bytes, source: str, moves: Moves) -> bool:
    """Whether each link of ``old`` means in ``new`` what it meant, once the files have moved."""
    there = moves.moved.get(source, source)
    was, now = scan(read(old)).links, scan(read(new)).links
    for link, written in zip(was, now, strict=False):
        meant = moves.before.resolve(link.target, source) if link.target else None
        if meant is None:
            continue
        if moves.after.resolve(written.target, there) != moves.moved.get(meant, meant):
            return False
    return len(was) == len(now)


def apply(text: str, edits: list[tuple[int, int, str]]) -> str:
    """``text`` with every ``(start, end, new)`` in place; they must not overlap."""
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _body_edits(text: str, link: Link, source: str, moves: Moves) -> Iterator[tuple[int, int, str]]:
    new = moves.retarget(link.target, source)
    section = moves.resection(link.target, link.subpath, source)
    if new is None and section is None:
        return
    opening = link.offset + (1 if text[link.offset] == "!" else 0)
    if not link.markdown:
        start, end = _target_span(text, opening + 2, link.end - 2)
        if new is not None:
            yield start, end, new
        if section is not None:
            yield *_subpath_span(text, end, link.end - 2), section
        return
    match = MARKDOWN.match(text, opening)
    if match is None:  # the scanner saw another newline style
        match = MARKDOWN.match(shadow(text), opening)
    assert match
    start, stop = match.span(2)
    angled = text[start] == "<"
    start, stop = (start + 1, stop - 1) if angled else (start, stop)
    end = text.find("#", start, stop) if "#" in text[start:stop] else stop
    if new is not None:
        yield start, end, _destination(new, angled=angled)
    if section is not None:
        parts = section.split("#")  # headings one below the other
        yield end, stop, "#".join(_destination(part, angled=angled) for part in parts)


def _destination(text: str, *, angled: bool) -> str:
    return text.replace(">", "%3E").replace("<", "%3C") if angled else encode_destination(text)


def _target_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The target inside a wikilink's brackets, without subpath, display text and outer space."""
    inside = text[start:end]
    stop = min((at for at in (inside.find("#"), inside.find("|")) if at >= 0), default=len(inside))
    if inside[stop : stop + 1] == "|" and inside[stop - 1 : stop] == "\\":
        stop -= 1
    target = inside[:stop]
    lead = len(target) - len(target.lstrip())
    return start + lead, start + len(target.rstrip())


def _subpath_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The subpath behind a wikilink's target: up to the display text, outer space left out."""
    inside = text[start:end].partition("|")[0].removesuffix("\\")
    lead = len(inside) - len(inside.lstrip())
    return start + lead, start + len(inside.rstrip())


def _property_edits(opened: Source, source: str, moves: Moves) -> list[tuple[int, int, str]]:
    """Edits in the properties, each tried out: YAML must read the new target and nothing else."""
    if not any(link.kind == "property" for link in opened.note.links):
        return []
    flat = shadow(opened.text)
    place = frontmatter(flat)
    if place is None:
        return []
    known = {(link.target, link.subpath) for link in opened.note.links if link.kind == "property"}
    yaml = flat[place.start : place.end]
    edits: list[tuple[int, int, str]] = []
    for match in WIKI.finditer(yaml):
        start, end = _target_span(yaml, match.start(1), match.end(1))
        target = yaml[start:end].replace("''", "'")
        subpath = yaml[end : match.end(1)].partition("|")[0].strip()
        new, section = moves.retarget(target, source), moves.resection(target, subpath, source)
        if (new is None and section is None) or (target, subpath) not in known:
            continue
        stop = end if section is None else _subpath_span(yaml, end, match.end(1))[1]
        for written in _quotings((new or target) + (section or "")):
            edit = (start, stop, written)
            if _reads_as(apply(yaml, [*edits, edit]), apply(yaml, edits), new or target):
                edits.append(edit)
                break
    return [(place.start + start, place.start + end, new) for start, end, new in edits]


def _quotings(text: str) -> Iterator[str]:
    """The ways to write ``text`` inside a YAML scalar, whichever its quotes are."""
    yield text
    yield text.replace("'", "''")
    yield re.sub(r"([\"\\])", r"\\\1", text)


def _reads_as(after: str, before: str, new: str) -> bool:
    """Whether exactly one link is another one, and reads ``new``."""
    values, error = parse(after)
    if error:
        return False
    left = [(link.target, link.subpath, link.label, link.field) for link in links_of(values)]
    old = [
        (link.target, link.subpath, link.label, link.field) for link in links_of(parse(before)[0])
    ]
    changed = [(a, b) for a, b in zip(old, left, strict=False) if a != b]
    return len(left) == len(old) and len(changed) == 1 and changed[0][1][0] == new
