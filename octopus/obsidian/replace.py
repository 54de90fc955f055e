"""For changing a part of a note that a heading or a block id names."""

from __future__ import annotations

import re

from octopus.errors import NotFound
from octopus.obsidian.edit import Source, last_line_end, no_heading, open_source, section
from octopus.obsidian.note import Block
from octopus.obsidian.region import Lines, block_span
from octopus.obsidian.subpath import find_block, find_heading


def replace_section(data: bytes, heading: str, text: str) -> bytes:
    """What is below a heading, deeper headings included, becomes ``text``.

    The heading stays, and so do the blank lines before the next one. Raises NotFound.
    """
    source = open_source(data)
    found = find_heading(source.note, heading)
    if found is None:
        raise no_heading(heading)
    start, end = section(source, found)
    stop = last_line_end(source, start, end)
    return source.splice(start, stop, _lines(source, start, stop, text))


def replace_block(data: bytes, block: str, text: str) -> bytes:
    """The block that ``block`` ("^id" or "id") names becomes ``text``; the id stays with it."""
    source = open_source(data)
    found = _block(source, block)
    content, whole = block_span(source.text, source.note, found)
    new = source.clean(text).rstrip("\r\n")
    if content == whole:  # the id ends the last line of the block itself
        new = _with_id(source, whole.offset, found, new)
    return source.splice(
        content.offset, content.end, _lines(source, content.offset, content.end, new)
    )


def append_block(data: bytes, block: str, text: str) -> bytes:
    """``text`` as new lines under the block that ``block`` names; its id stays attached to it."""
    source = open_source(data, append_only=True)
    found = _block(source, block)
    _, whole = block_span(source.text, source.note, found)
    new = source.clean(text).rstrip("\r\n")
    newline = source.encoding.newline
    lines = Lines(source.text)
    alone = lines.content(lines.index(found.offset)).lstrip("> \t").startswith("^")
    # After a line that is only an id, or a paragraph, a blank line keeps the new lines apart: an id
    # in the middle of a paragraph would no longer be one.
    item = new.lstrip()[:2] in ("- ", "* ", "+ ")
    apart = newline if alone or not item else ""
    at = whole.end
    if source.text[at - 1 : at] not in ("\n", "\r"):
        return source.splice(at, at, newline + apart + new)
    return source.splice(at, at, apart + new + newline)


def read_section(data: bytes, heading: str) -> str:
    """The text below a heading, deeper ones included. Raises NotFound."""
    source = open_source(data, append_only=True)
    found = find_heading(source.note, heading)
    if found is None:
        raise no_heading(heading)
    start, end = section(source, found)
    return source.text[start:end]


def read_block(data: bytes, block: str) -> str:
    """The text of a block without its id. Raises NotFound."""
    source = open_source(data, append_only=True)
    found = _block(source, block)
    content, _ = block_span(source.text, source.note, found)
    text = source.text[content.offset : content.end]
    return re.sub(rf"[ \t]*\^{found.id}(?=[ \t]*$)", "", text, count=1, flags=re.MULTILINE).rstrip()


def _block(source: Source, block: str) -> Block:
    found = find_block(source.note, block)
    if found is None:
        raise NotFound("There is no block “{block}” in this note.", "error.block", block=block)
    return found


def _with_id(source: Source, start: int, block: Block, new: str) -> str:
    """``new`` with the id where the old block had it: on its first line for a list item."""
    line_end = source.text.find("\n", start)
    first = line_end < 0 or block.offset < line_end
    lines = new.split(source.encoding.newline)
    at = 0 if first and len(lines) > 1 and lines[0].lstrip()[:1] in "-*+0123456789" else -1
    lines[at] = f"{lines[at].rstrip()} ^{block.id}"
    return source.encoding.newline.join(lines)


def _lines(source: Source, start: int, end: int, text: str) -> str:
    """``text`` as whole lines that take the place of ``text[start:end]``."""
    newline = source.encoding.newline
    new = source.clean(text).rstrip("\r\n")
    old = source.text[start:end]
    if not new and not old:
        return ""
    lead = newline if start and source.text[start - 1] not in "\r\n" else ""
    closed = (old or source.text[:start])[-1:] in ("\n", "\r")
    return lead + new + (newline if new and closed else "")
