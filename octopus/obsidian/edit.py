"""For changing a note without touching a byte outside the change.

Every function takes the bytes of a note and returns the new ones: encoding, byte order mark,
newlines, a missing final newline, trailing spaces all stay. What is put in gets the newlines that
the note has. A note that cannot be decoded or has broken properties can only be appended to;
everything else raises :class:`~octopus.errors.Undecodable`.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from octopus.errors import NotFound, Undecodable
from octopus.obsidian.note import Heading, Note
from octopus.obsidian.scan import scan, shadow
from octopus.obsidian.subpath import find_heading, section_end
from octopus.obsidian.text import Encoding, decode, is_wide, with_newline

_MARKS = re.compile(r"(#{1,6})[ \t]+")
_LIST = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|$)")
_CONTAINER = re.compile(r"[ \t]*(?:(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|$)|[>|])|[ \t]{2,}\S")
_SETTINGS = re.compile(r"^%% kanban:settings", re.MULTILINE)
_LANE_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Source:
    """A note taken apart: what is edited, and how to write it down again."""

    text: str
    encoding: Encoding
    note: Note

    def splice(self, start: int, end: int, new: str) -> bytes:
        """The note with ``text[start:end]`` replaced, everything else as it was."""
        return self.encoding.encode(self.text[:start] + new + self.text[end:])

    def clean(self, text: str) -> str:
        """Text to put in: the note's newlines, and nothing that cannot be encoded."""
        return with_newline(whole(text), self.encoding.newline)


def whole(text: str) -> str:
    """``text`` with half surrogate pairs replaced by U+FFFD: they cannot be written to a file."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def open_source(data: bytes, *, append_only: bool = False) -> Source:
    """``data`` ready for an edit. Raises Undecodable where only appending would be safe."""
    text, encoding = decode(data)
    note = scan(text)
    if note.properties_error and not append_only:
        raise Undecodable(
            "The properties of this note cannot be read ({reason}). "
            "Mend them first; until then it is only appended to.",
            "error.properties",
            reason=note.properties_error,
        )
    return Source(text, encoding, note)


def no_heading(heading: str) -> NotFound:
    """For an edit of a section that is not there."""
    name = heading.strip("# ")
    return NotFound("There is no heading “{name}” in this note.", "error.heading", name=name)


def append(
    data: bytes | None, text: str, *, heading: str | None = None, create: bool = False
) -> bytes:
    """``text`` as new lines at the end of the note, or at the end of the section of a heading.

    In a section they come after its last line that is not blank, below deeper headings too, before
    the blank lines ahead of the next heading. ``heading`` may be a path ("#A#B"). Raises
    :class:`~octopus.errors.NotFound` where it is not there, unless ``create``: then the heading is
    made at the end. On a Kanban board cards go to the first lane, before the board's settings.
    """
    if data is None:
        data = b""
    try:
        source = open_source(data, append_only=True)
    except Undecodable:
        if heading is not None or is_wide(data) or _has_wide_mark(data):
            raise
        return _append_raw(data, text)
    if heading is not None:
        found = find_heading(source.note, heading)
        if found is None:
            if not create:
                raise no_heading(heading)
            return _new_section(source, heading, text)
        return _append_section(source, found, text)
    if "kanban-plugin" in source.note.properties:
        return _append_card(source, text)
    return _insert_after(source, len(source.text), text)


def prepend(data: bytes | None, text: str) -> bytes:
    """``text`` as new lines before the body, after the properties."""
    source = open_source(data or b"")
    at = source.note.body
    newline = source.encoding.newline
    new = source.clean(text).rstrip("\r\n") + newline
    if at and source.text[at - 1] not in "\r\n":  # the closing fence is the last line
        return source.splice(at, at, newline + new.removesuffix(newline))
    if not at and new.startswith("---"):  # it must not turn into properties
        new = newline + new
    return source.splice(at, at, new)


def _has_wide_mark(data: bytes) -> bool:
    return data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _append_raw(data: bytes, text: str) -> bytes:
    """Append to bytes that are not UTF-8: Obsidian reads the file as UTF-8 all the same."""
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    new = with_newline(whole(text).rstrip("\r\n"), newline.decode()).encode()
    return data + new + newline if data.endswith((b"\n", b"\r")) else data + newline + new


def _insert_after(source: Source, at: int, text: str, *, blank: bool = False) -> bytes:
    """New lines after ``text[:at]``; a last line without a newline hands that on to the new one.

    ``blank``: a blank line follows.
    """
    newline = source.encoding.newline
    new = source.clean(text).rstrip("\r\n") + (newline if blank else "")
    before = source.text[:at]
    gap = newline if _needs_gap(source, at, new) else ""
    if before and before[-1] not in "\r\n":
        return source.splice(at, at, newline + gap + new)
    return source.splice(at, at, gap + new + newline)


def _needs_gap(source: Source, at: int, new: str) -> bool:
    """Whether a blank line must come between, for ``new`` to be a block of its own.

    A plain line right after a list, a quote or a table would become a part of it.
    """
    tail = shadow(source.text[max(0, at - 10_000) : at]).removesuffix("\n")
    last = tail[tail.rfind("\n") + 1 :]
    if not last.strip() or _LIST.match(new) or new[:1] in ("#", "\n", "\r", ""):
        return False
    if any(span.offset < at <= span.end + 1 for span in source.note.code):
        return False
    match = _CONTAINER.match(last)
    if match is None:
        return False
    # A row goes on a table and a quoted line goes on a quote, on purpose.
    return not (last.lstrip()[:1] in (">", "|") and new[:1] == last.lstrip()[:1])


def section(source: Source, heading: Heading) -> tuple[int, int]:
    """From the line after ``heading`` to the next one that is not below it, or to the end."""
    headings = source.note.headings
    after = section_end(headings, headings.index(heading))
    end = headings[after].offset if after < len(headings) else _content_end(source)
    return heading.end, end


def _content_end(source: Source) -> int:
    """The end of the note, or the start of a Kanban board's settings, which stay last."""
    if "kanban-plugin" in source.note.properties:
        for span in reversed(source.note.comments):
            if _SETTINGS.match(source.text, span.offset):
                return span.offset
    return len(source.text)


def _append_section(source: Source, heading: Heading, text: str) -> bytes:
    start, end = section(source, heading)
    at = last_line_end(source, start, end)
    following = source.text[end : end + 30].lstrip(" ")
    if at == end and following and not following.startswith(("#", "%% kanban:settings")):
        # An underlined heading right below would swallow the new line.
        return _insert_after(source, at, text, blank=True)
    return _insert_after(source, at, text)


def last_line_end(source: Source, start: int, end: int) -> int:
    """After the last line in ``text[start:end]`` that is not blank, ``start`` if all are."""
    content = start + len(source.text[start:end].rstrip())
    if content == start:
        return start
    close = shadow(source.text).find("\n", content, end)
    return close + 1 if close >= 0 else end


def _new_section(source: Source, heading: str, text: str) -> bytes:
    marks = _MARKS.match(heading.strip())
    level = len(marks.group(1)) if marks else _LANE_LEVEL
    title = heading.strip()[marks.end() :] if marks else heading.rsplit("#", maxsplit=1)[-1]
    newline = source.encoding.newline
    new = f"{'#' * level} {' '.join(title.split())}{newline}{source.clean(text)}".rstrip("\r\n")
    end = _content_end(source)
    at = last_line_end(source, source.note.body, end)
    if end < len(source.text):
        return source.splice(at, at, newline + new + newline)
    at = len(source.text)
    before = source.text[:at]
    if not before:
        return source.splice(at, at, new + newline)
    if before[-1] not in "\r\n":
        return source.splice(at, at, newline * 2 + new)
    blank = before.endswith(("\n\n", "\r\n\r\n", "\r\r")) or at == source.note.body
    return source.splice(at, at, ("" if blank else newline) + new + newline)


def _append_card(source: Source, text: str) -> bytes:
    """A card at the end of the first lane of a Kanban board."""
    lines = text.strip("\r\n").replace("\r\n", "\n").split("\n")
    if not _LIST.match(lines[0]):
        lines = [f"- [ ] {lines[0]}", *(f"\t{line}" for line in lines[1:])]
    card = "\n".join(lines)
    if source.note.headings:
        return _append_section(source, source.note.headings[0], card)
    end = _content_end(source)
    return _insert_after(source, last_line_end(source, source.note.body, end), card)
