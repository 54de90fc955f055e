"""For telling apart the blocks of a note: what is text, and what is code, mathematics or HTML."""

from __future__ import annotations

from bisect import bisect_right

from octopus.obsidian.fence import contained_fence_end, fence_end
from octopus.obsidian.html import html_end
from octopus.obsidian.inline import SPECIAL, Inline
from octopus.obsidian.line import (
    BEGINS,
    BLOCK_ID,
    CALLOUT,
    FENCE,
    HEADING,
    ITEM,
    PREFIX,
    RULE,
    SETEXT,
    TABLE,
    heading_title,
    width,
)
from octopus.obsidian.note import Block, Callout, Heading, Span, Task

_MAX_MARKERS = 50  # list markers in one line; more is not a list that anybody wrote


class Blocks:
    """Walks over the lines of a text once; its ``inline`` collects what is in the paragraphs."""

    def __init__(self, text: str, starts: list[int]) -> None:
        self.text = text
        self._count = len(starts)
        self.inline = Inline(text, starts)
        self.starts = [*starts, len(text) + 1]
        self.headings: list[Heading] = []
        self.tasks: list[Task] = []
        self.blocks: list[Block] = []
        self.callouts: list[Callout] = []
        self.code: list[Span] = []
        self._has_fields = "::" in text
        self._has_ids = "^" in text
        self._depth = 0  # of block quotes
        self._stacks: list[list[tuple[int, int]]] = [[]]  # per depth: content column and line
        self._leaf = -1  # where the open paragraph starts
        self._leaf_end = 0
        self._leaf_line = 0
        self._leaf_base = 0
        self._table = False

    def run(self, line: int) -> None:
        """Walk from the 0-based ``line`` to the end."""
        text, starts, count = self.text, self.starts, self._count
        while line < count:
            start = starts[line]
            end = starts[line + 1] - 1
            if start == end:
                if self._leaf >= 0:
                    self._flush()
                if self._depth:
                    self._depth = 0
                    del self._stacks[1:]
                line += 1
                continue
            char = text[start]
            if char in " \t>" or self._depth:
                line = self._line(line, start, end)
            elif char.isalpha():  # most lines: nothing but a paragraph begins with a letter
                line = self._paragraph(line, start, end, 0)
            else:
                handler = _HANDLERS.get(char)
                after = handler(self, line, start, end, 0, 0) if handler else 0
                line = after or self._paragraph(line, start, end, 0)
        if self._leaf >= 0:
            self._flush()

    def _paragraph(self, line: int, at: int, end: int, indent: int) -> int:
        if self._leaf < 0:
            self._leave(indent)
            self._open(line, at, self._base(self._depth))
        self._leaf_end = end
        return line + 1

    def _leave(self, indent: int) -> None:
        """A block that starts at this column ends the list items that begin further right."""
        stack = self._stacks[self._depth]
        while stack and indent < stack[-1][0]:
            stack.pop()

    def _open(self, line: int, at: int, base: int) -> None:
        self._leaf, self._leaf_line, self._leaf_base, self._table = at, line, base, False

    def _flush(self) -> None:
        """The open paragraph ends: collect what is in it."""
        start, end = self._leaf, self._leaf_end
        self._leaf = -1
        self._text(start, end)

    def _text(self, start: int, end: int) -> None:
        found = SPECIAL.search(self.text, start, end)
        if found is not None:
            self.inline.scan(found, start, end, self._table)
        if self._has_fields and self.text.find("::", start, end) >= 0:
            self.inline.scan_fields(start, end)
        if self._has_ids and self.text.find("^", start, end) >= 0:
            for match in BLOCK_ID.finditer(self.text, start, end):
                at = match.start()
                self.blocks.append(Block(match.group(1), self.inline.line(at), at))

    def _enter(self, depth: int) -> None:
        """Go to another depth of block quotes."""
        if self._leaf >= 0:
            self._flush()
        del self._stacks[depth + 1 :]
        while len(self._stacks) <= depth:
            self._stacks.append([])
        self._depth = depth

    def _line(self, line: int, start: int, end: int) -> int:
        """Any line that does not begin with a letter."""
        prefix = PREFIX.match(self.text, start, end)
        assert prefix  # it matches nothing at all, too
        quotes, space = prefix.groups()
        at = prefix.end()
        depth = quotes.count(">") if quotes else 0
        if depth and self._leaf < 0 and self._lead(quotes) >= self._base(0) + 4:
            depth, space, at = 0, quotes[: quotes.index(">")], start + quotes.index(">")
        indent = width(space)
        if depth and space:
            indent -= 1
        if at >= end:
            if self._leaf >= 0:
                self._flush()
            if depth and not self._depth:
                self._leave(self._lead(quotes))
            self._depth = min(depth, self._depth)
            return line + 1
        if depth < self._depth and self._leaf >= 0 and self._goes_on(at, end, indent):
            self._leaf_end = end
            return line + 1
        if depth != self._depth:
            deeper = depth > self._depth
            if deeper and not self._depth:
                self._leave(self._lead(quotes))
            self._enter(depth)
            if deeper and (match := CALLOUT.match(self.text, at, end)):
                kind, fold, title = match.groups()
                found = Callout(kind.strip().lower(), title.strip(), fold, line + 1, at)
                self.callouts.append(found)
        return self._block(line, at, end, indent, 0)

    def _goes_on(self, at: int, end: int, indent: int) -> bool:
        """Whether a line without its quote marks still goes on the quoted paragraph (CommonMark's
        lazy continuation): it begins no block of its own."""
        if indent >= 4:
            return True
        if self.text[at] == "<":
            return html_end(self.text, at, end, interrupts=True) is None
        return not BEGINS.match(self.text, at, end)

    @staticmethod
    def _lead(quotes: str) -> int:
        return width(quotes[: quotes.index(">")])

    def _base(self, depth: int) -> int:
        stack = self._stacks[depth] if depth < len(self._stacks) else []
        return stack[-1][0] if stack else 0

    def _block(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        """A line, or what follows a list marker in it, that starts at ``at``."""
        char = self.text[at]
        if self._leaf < 0:
            self._leave(indent)
            if indent - self._base(self._depth) >= 4:
                return self._indented(line, indent)
        elif indent - self._leaf_base >= 4 and char not in "-*+0123456789":
            return self._paragraph(line, at, end, indent)
        handler = _HANDLERS.get(char)
        if handler is not None:
            after = handler(self, line, at, end, indent, level)
            if after:
                return after
        return self._paragraph(line, at, end, indent)

    def _indented(self, line: int, indent: int) -> int:
        """Indented code: up to the first line that is neither blank nor indented enough."""
        first = last = line
        base = self._base(self._depth)
        while line < self._count:
            prefix = PREFIX.match(self.text, self.starts[line], self.starts[line + 1] - 1)
            assert prefix
            quotes, space = prefix.groups()
            if prefix.end() < self.starts[line + 1] - 1:
                column = width(space) - (1 if quotes and space else 0)
                if quotes.count(">") > self._depth and self._lead(quotes) >= base + 4:
                    column = self._lead(quotes)
                elif quotes.count(">") != self._depth:
                    break
                if column - base < 4:
                    break
                last = line
            line += 1
        self.code.append(Span(self.starts[first], self.starts[last + 1] - 1))
        return last + 1

    def _heading(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        marks = HEADING.match(self.text, at, end)
        if marks is None:
            return 0
        if self._leaf >= 0:
            self._flush()
        self._leave(indent)
        if not self._depth and not self._stacks[0]:
            title = heading_title(self.text[marks.end() : end])
            self.headings.append(
                Heading(
                    marks.end() - at,
                    title,
                    line + 1,
                    self.starts[line],
                    min(end + 1, len(self.text)),
                )
            )
        self._table = False
        self._text(marks.end(), end)
        return line + 1

    def _setext(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        # Whether Obsidian's outline has underlined headings is not documented; it shows them as
        # headings, and links to them work, so they count.
        if self._leaf < 0 or indent < self._leaf_base or not SETEXT.match(self.text, at, end):
            return 0
        if not self._depth and not self._stacks[0]:
            rank = 1 if self.text[at] == "=" else 2
            title = self.text[self._leaf : self._leaf_end].strip()
            offset = self.starts[self._leaf_line]
            after = min(end + 1, len(self.text))
            self.headings.append(Heading(rank, title, self._leaf_line + 1, offset, after))
        self._flush()
        return line + 1

    def _fence(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        opening = FENCE.match(self.text, at, end)
        if opening is None:
            return 0
        if self._leaf >= 0:
            self._flush()
        self._leave(indent)
        mark = opening.group()
        base = self._base(self._depth)
        if self._depth or base:
            after = contained_fence_end(self.text, self.starts, line + 1, mark, self._depth, base)
        else:
            close = fence_end(self.text, end, mark)
            after = self._count if close < 0 else self.inline.line(close)
        self.code.append(Span(self.starts[line], self.starts[after] - 1))
        return after

    def _html(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        stop = html_end(self.text, at, end, interrupts=self._leaf >= 0, quoted=self._depth > 0)
        if stop is None:
            return 0
        self._leave(indent)
        if self.text.startswith("<!--", at):
            self.inline.comments.append(Span(at, stop))
        return self._opaque(line, at, stop)

    def _math(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        """ "$$" at the start of a line up to the next "$$"; without one it is only text."""
        if not self.text.startswith("$$", at):
            return 0
        close = self.text.find("$$", at + 2)
        if close < end:
            return 0
        self._leave(indent)
        return self._opaque(line, at, close + 2)

    def _opaque(self, line: int, at: int, stop: int) -> int:
        """Lines that are not Markdown, up to the end of the line that holds ``stop``."""
        if self._leaf >= 0:
            self._flush()
        after = max(line + 1, bisect_right(self.starts, max(at, stop - 1), hi=self._count))
        self.code.append(Span(self.starts[line], self.starts[after] - 1))
        return after

    def _comment(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        """A block comment: links and tags count in it, tasks and headings do not.

        Without a second "%%" it goes on to the end of the note, as in Obsidian.
        """
        if not self.text.startswith("%%", at) or self.text.find("%%", at + 2, end) >= 0:
            return 0
        if self._leaf >= 0:
            self._flush()
        self._leave(indent)
        self._table = False
        close = self.text.find("%%", end)
        stop = close if close >= 0 else len(self.text)
        self._text(at + 2, stop)
        self.inline.comments.append(Span(at, min(stop + 2, len(self.text))))
        if close < 0:
            return self._count
        after = self.inline.line(close)
        rest = self.starts[after] - 1
        if close + 2 < rest:
            self._text(close + 2, rest)
        return after

    def _rule(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        if not RULE.match(self.text, at, end):
            return 0
        if self._leaf >= 0:
            self._flush()
        self._leave(indent)
        return line + 1

    def _row(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        """The line under the head of a table: in its cells a tag may follow a bar."""
        if self._leaf >= 0 and "|" in self.text[at:end] and TABLE.match(self.text, at, end):
            self._table = True
        return 0

    def _item(self, line: int, at: int, end: int, indent: int, level: int) -> int:
        text = self.text
        char, item = text[at], ITEM.match(text, at, end)
        begin = item.end() if item else end
        if begin == end or text[begin] == char:  # it may be a line, or underline a heading
            if char == "-" and (found := self._setext(line, at, end, indent, level)):
                return found
            if char in "-*" and (found := self._rule(line, at, end, indent, level)):
                return found
        if item is None or level > _MAX_MARKERS:
            return self._row(line, at, end, indent, level) if char == "-" else 0
        marker, space, status = item.groups()
        if self._leaf >= 0:
            if indent >= self._leaf_base and not self._interrupts(marker, begin, end):
                return 0
            self._flush()
        self._leave(indent)
        stack = self._stacks[self._depth]
        wide = 1 if space == " " or not space else width(space)
        content = indent + len(marker) + (wide if wide < 5 else 1)
        parent = self._parent(stack, line + 1) if stack else None
        stack.append((content, line + 1))
        if status is not None:
            words = text[begin:end].strip()
            task = Task(line + 1, status, words, parent, self.starts[line], item.start(3))
            self.tasks.append(task)
        elif begin < end and text[begin] in _HANDLERS:
            return self._block(line, begin, end, content, level + 1)
        elif text.startswith(">", begin, end):
            return self._quote(line, begin, end, level)
        if begin < end:
            self._open(line, begin, content)
            self._leaf_end = end
        return line + 1

    def _quote(self, line: int, at: int, end: int, level: int) -> int:
        """A quote that begins right after a list marker."""
        prefix = PREFIX.match(self.text, at, end)
        assert prefix
        quotes, space = prefix.groups()
        self._enter(self._depth + quotes.count(">"))
        if prefix.end() == end:
            return line + 1
        return self._block(line, prefix.end(), end, max(0, width(space) - 1), level + 1)

    @staticmethod
    def _parent(stack: list[tuple[int, int]], line: int) -> int | None:
        """The line of the item that holds the one in ``line``; two markers in a line are one."""
        return next((each for _, each in reversed(stack) if each != line), None)

    def _interrupts(self, marker: str, begin: int, end: int) -> bool:
        """Whether a list may begin in the middle of a paragraph: not empty, and from 1."""
        if begin >= end or not self.text[begin:end].strip():
            return False
        return marker in "-*+" or marker[:-1] == "1"


_HANDLERS = {
    "#": Blocks._heading,
    "`": Blocks._fence,
    "~": Blocks._fence,
    "<": Blocks._html,
    "$": Blocks._math,
    "%": Blocks._comment,
    "=": Blocks._setext,
    "_": Blocks._rule,
    "|": Blocks._row,
    ":": Blocks._row,
    **dict.fromkeys("-*+0123456789", Blocks._item),
}
