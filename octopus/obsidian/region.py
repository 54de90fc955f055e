"""For knowing how far a block of a note reaches: a paragraph, a list item, a quote, a table."""

from __future__ import annotations

import re
from bisect import bisect_right

from octopus.obsidian.note import Block, Note, Span
from octopus.obsidian.text import line_starts

_ITEM = re.compile(r"([ \t>]*)(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|$)")
_INDENT = re.compile(r"[ \t>]*")


class Lines:
    """The lines of a text: where each starts, where its content ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = line_starts(text)

    def __len__(self) -> int:
        return len(self.starts)

    def index(self, offset: int) -> int:
        """The 0-based line of an offset."""
        return bisect_right(self.starts, offset) - 1

    def end(self, index: int) -> int:
        """Where the next line starts."""
        return self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)

    def content(self, index: int) -> str:
        """The line without its newline."""
        return self.text[self.starts[index] : self.end(index)].rstrip("\r\n")

    def blank(self, index: int) -> bool:
        return not self.content(index).strip()

    def width(self, index: int) -> int:
        """The columns that a line is indented by, quote marks counted."""
        match = _INDENT.match(self.content(index))
        return len(match.group().expandtabs(4)) if match else 0


def item_span(lines: Lines, index: int) -> tuple[int, int]:
    """A list item with everything below it, as line numbers ``[first, last + 1)``.

    What is indented deeper belongs to it, blank lines between included; so does a line that goes on
    directly after it without being an item itself.
    """
    indent = lines.width(index)
    last = index
    after = index + 1
    while after < len(lines):
        if lines.blank(after):
            after += 1
            continue
        if lines.width(after) <= indent and (
            after > last + 1 or not _continues(lines.content(after))
        ):
            break
        last = after
        after += 1
    return index, last + 1


def _continues(line: str) -> bool:
    """Whether a line that is not indented can go on an item: no item, heading, fence or quote."""
    return not _ITEM.match(line) and not re.match(r" {0,3}(?:#{1,6}[ \t]|```|~~~|>|\||%%)", line)


def block_span(text: str, note: Note, block: Block) -> tuple[Span, Span]:
    """The block that an id names, without the id, and the whole with the id.

    An id at the end of a list item means the item with what is below it; at the end of a paragraph
    the paragraph; in a line of its own the block right before, over one blank line.
    """
    lines = Lines(text)
    index = lines.index(block.offset)
    line = lines.content(index)
    alone = not line[: block.offset - lines.starts[index]].strip("> \t")
    if alone and index:
        last = index - 1
        if lines.blank(last) and last:
            last -= 1
        first = _first_of(lines, note, last)
        return Span(lines.starts[first], lines.end(last)), Span(
            lines.starts[first], lines.end(index)
        )
    if _ITEM.match(line):
        first, after = item_span(lines, index)
        whole = Span(lines.starts[first], lines.end(after - 1))
        return whole, whole
    first = _first_of(lines, note, index)
    whole = Span(lines.starts[first], lines.end(index))
    return whole, whole


def _first_of(lines: Lines, note: Note, last: int) -> int:
    """The first line of the block whose last line is ``last``: up to a blank line or a heading."""
    for span in note.code:
        if span.offset <= lines.starts[last] <= span.end:
            return lines.index(span.offset)
    heads = {heading.line - 1 for heading in note.headings}
    first = last
    floor = note.body_line - 1
    while first > floor and not lines.blank(first - 1) and first - 1 not in heads:
        first -= 1
    return first
