"""For finding links, tags, comments and footnotes inside one paragraph, right about code and math.

Every pattern is possessive or stops at the next delimiter, and what was once looked for in vain is
not looked for again: the cost grows with the length of the text, whatever is in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from urllib.parse import unquote

from octopus.obsidian.note import Field, Footnote, Link, Span, Tag

# A tag ends at these (obsidianmd issue "obsidian-help#816"); letters of any script, digits, emoji
# and "_-/" go on. A no-break mark at the start of a line counts as space, as in JavaScript.
TAG = re.compile(
    r"#([^\s\ufeff\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\]+)", re.UNICODE
)
# A group that may fail in the middle is never possessive: before 3.11.5 Python then goes on behind
# what it had taken (CPython issues gh-100061 and gh-106052). Its repetitions are bounded instead.
# A wikilink ends at the first "]]"; it holds neither "[[" nor a newline (decided: not documented).
WIKI = re.compile(r"\[\[([^\[\]\n]*+(?:(?:\[(?!\[)|\](?!\]))[^\[\]\n]*+){0,999})\]\]")
MARKDOWN = re.compile(
    r"\[((?:[^\[\]\\]++|\\.|\[[^\[\]]*+\]){0,999})\]"
    r"\(\s*+(<[^<>\n]*+>|(?:[^\s()<\\]++|\\.|\((?:[^\s()\\]|\\.)*+\)){0,999})"
    r"(?:\s++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?\s*+\)",
    re.DOTALL,
)
# What can begin anything that is looked for inside a paragraph.
SPECIAL = re.compile(r"[`$<%\[#\\]")
_CODE = re.compile(r"`[^`]++`(?!`)")
_BACKTICKS = re.compile(r"`++")
_MATH = re.compile(r"\$(?=[^\s$])(?:[^$\\]|\\.)*+(?<!\s)\$(?!\d)", re.DOTALL)
_HTML = re.compile(
    r"<(?:/?[A-Za-z][A-Za-z0-9-]*+(?:\s[^<>]*+)?+/?"
    r"|[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+|[^\s<>@]++@[^\s<>]++)>"
)
_FOOTNOTE = re.compile(r"\[\^([^\s\[\]^]++)\](:?)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_FIELD = re.compile(
    r"\[([^\[\]()\n:]++(?::(?!:)[^\[\]()\n:]*+){0,99})::"
    r"((?:[^\[\]\n]++|\[[^\[\]\n]*+\]|\[\[[^\[\]\n]*+\]\]){0,999})\]"
    r"|\(([^\[\]()\n:]++(?::(?!:)[^\[\]()\n:]*+){0,99})::((?:[^()\n]++|\([^()\n]*+\)){0,999})\)"
)
# A bare key has words only, as in Dataview: punctuation makes the line a sentence.
_LINE_FIELD = re.compile(r"[> \t]*+([^\[\]()\n:`#|,.;!?\"'&<>]++)::(?!:)([^\n]*+)")
_URL_REACH = 500  # characters looked back to see whether a "#" is part of a web address


class Inline:
    """Walks over paragraphs of one text and collects what it finds."""

    __slots__ = (
        "_closed",
        "_comment_end",
        "_end",
        "_missing",
        "_runs",
        "_start",
        "_table",
        "comments",
        "fields",
        "footnotes",
        "links",
        "starts",
        "tags",
        "text",
    )

    def __init__(self, text: str, starts: list[int]) -> None:
        self.text = text
        self.starts = starts
        self.links: list[Link] = []
        self.tags: list[Tag] = []
        self.comments: list[Span] = []
        self.footnotes: list[Footnote] = []
        self.fields: list[Field] = []
        self._start = self._end = 0
        self._table = False
        self._closed = -1  # where the last token ended: a tag may begin right there
        self._comment_end = -1
        self._runs: dict[int, list[int]] | None = None
        self._missing: dict[str, int] = {}

    def line(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self.starts, offset)

    def scan(self, found: re.Match[str], start: int, end: int, table: bool = False) -> None:
        """Collect what is in one paragraph, ``text[start:end]``, where SPECIAL ``found`` a mark."""
        self._start, self._end, self._table = start, end, table
        self._runs = None
        self._closed = -1
        if self._missing:
            self._missing.clear()
        self._walk(found, end)

    def _walk(self, found: re.Match[str] | None, end: int) -> None:
        text, search = self.text, SPECIAL.search
        while found:
            at = found.start()
            found = search(text, _HANDLERS[text[at]](self, at, end), end)

    def _find(self, what: str, start: int, end: int) -> int:
        """Like ``str.find``, remembering within a paragraph that there are no more."""
        if start >= self._missing.get(what, self._end + 1):
            return -1
        at = self.text.find(what, start, end)
        if at < 0 and end == self._end:
            self._missing[what] = start
        return at

    def _code(self, at: int, end: int) -> int:
        if match := _CODE.match(self.text, at, end):
            self._closed = match.end()
            return match.end()
        run = _BACKTICKS.match(self.text, at, end)
        after = run.end() if run else at + 1
        length = after - at
        if self._runs is None:  # every run of the paragraph once: closers are then looked up
            self._runs = {}
            for each in _BACKTICKS.finditer(self.text, at, self._end):
                self._runs.setdefault(each.end() - each.start(), []).append(each.start())
        same = self._runs.get(length, [])
        index = bisect_left(same, after)
        if index == len(same) or same[index] + length > end:
            return after  # never closed: plain backticks
        self._closed = same[index] + length
        return self._closed

    def _math(self, at: int, end: int) -> int:
        if self.text.startswith("$$", at):
            close = self._find("$$", at + 2, end)
            if close < 0:
                return at + 2
            self._closed = close + 2
            return self._closed
        if match := _MATH.match(self.text, at, end):
            self._closed = match.end()
            return match.end()
        return at + 1

    def _html(self, at: int, end: int) -> int:
        if self.text.startswith("<!--", at):
            close = self._find("-->", at + 4, end)
            if close < 0:
                return at + 4
            self.comments.append(Span(at, close + 3))
            self._closed = close + 3
            return self._closed
        if match := _HTML.match(self.text, at, end):
            self._closed = match.end()
            return match.end()
        return at + 1

    def _comment(self, at: int, end: int) -> int:
        """ "%%": what is between two of them is hidden from readers but links and tags count."""
        if not self.text.startswith("%%", at):
            return at + 1
        self._closed = at + 2
        if at != self._comment_end:
            close = self._find("%%", at + 2, end)
            if close >= 0:
                self.comments.append(Span(at, close + 2))
                self._comment_end = close
        return at + 2

    def _escape(self, at: int, end: int) -> int:
        if self.text[at + 1 : at + 2] in ("[", "]"):
            self._closed = at + 2  # seen in the app: "\[#x" has the tag x
        return at + 2

    def _tag(self, at: int, end: int) -> int:
        match = TAG.match(self.text, at, end)
        if match is None:
            return at + 1
        if not self._boundary(at):
            return match.end()
        name = match.group(1)
        if self.text[at - 1] == "_" and at > self._start:
            name = name.rstrip("_")  # _#tag_ is emphasis around a tag
        name = name.rstrip("/")  # decided: nothing is nested below a trailing slash
        if name and not (name.isascii() and name.isdigit()):
            self.tags.append(Tag(name, self.line(at), at))
        self._closed = match.end()
        return match.end()

    def _boundary(self, at: int) -> bool:
        """Whether a tag may begin here: after space, or right after another token."""
        if at in (self._start, self._closed):
            return True
        before = self.text[at - 1]
        if before.isspace() or before == "\ufeff":
            return True
        if before in "*_" or (before in "~=" and self.text[at - 2] == before):
            back = max(self._start, at - _URL_REACH)
            return "://" not in self.text[back:at].rsplit(None, 1)[-1]
        if before == ">":  # a quote without a space after its mark
            begin = self.starts[self.line(at) - 1]
            return not self.text[begin:at].strip("> \t") if at - begin < _URL_REACH else False
        return before == "|" and self._table

    def _bracket(self, at: int, end: int) -> int:
        text = self.text
        second = text[at + 1 : at + 2]
        if second == "[":
            match = WIKI.match(text, at, end)
            if match is None or text[at + 2] == "[":
                return at + 1
            self._wiki(match)
            self._closed = match.end()
            return match.end()
        if second == "^" and (match := _FOOTNOTE.match(text, at, end)):
            definition = bool(match.group(2)) and not text[
                self.starts[self.line(at) - 1] : at
            ].strip("> \t")
            self.footnotes.append(Footnote(match.group(1), definition, self.line(at), at))
            self._closed = match.end()
            return match.end()
        if at > self._start and text[at - 1] == "^":
            self.footnotes.append(Footnote("", False, self.line(at), at - 1))
            return at + 1
        match = MARKDOWN.match(text, at, end)
        if match is None:
            return at + 1
        self._markdown(match)
        if match.end(1) > match.start(1):  # an image in a link, a tag in its text
            self._walk(SPECIAL.search(text, match.start(1), match.end(1)), match.end(1))
        self._closed = match.end()
        return match.end()

    def _wiki(self, match: re.Match[str]) -> None:
        written, bar, label = match.group(1).partition("|")
        if bar and written[-1:] == "\\":  # in a table the bar is written "\|"
            written = written[:-1]
        path, mark, sub = written.partition("#")
        target = path.strip()
        if not target and not mark:
            return
        at, kind = match.start(), "link"
        if at > self._start and self.text[at - 1] == "!":
            at, kind = at - 1, "embed"
        subpath = f"#{sub.strip()}" if mark else ""
        self.links.append(
            Link(kind, target, subpath, label if bar else None, self.line(at), at, match.end())
        )

    def _markdown(self, match: re.Match[str]) -> None:
        destination = match.group(2)
        if destination[:1] == "<":
            destination = destination[1:-1]
        if not destination or _SCHEME.match(destination) or destination.startswith("//"):
            return
        if "\\" in destination:
            destination = _ESCAPED.sub(r"\1", destination)
        path, mark, sub = destination.partition("#")
        at, kind = match.start(), "link"
        if at > self._start and self.text[at - 1] == "!":
            at, kind = at - 1, "embed"
        subpath = f"#{unquote(sub)}" if mark else ""
        label = match.group(1) or None
        found = Link(kind, unquote(path), subpath, label, self.line(at), at, match.end(), True)
        self.links.append(found)

    def scan_fields(self, start: int, end: int) -> None:
        """Collect the inline fields of a paragraph that has "::" in it."""
        for match in _FIELD.finditer(self.text, start, end):
            key, value = match.group(1, 2) if match.group(1) else match.group(3, 4)
            self._field(key, value, match.start(), match.end())
        begin = self.starts[self.line(start) - 1]
        at = start
        if self.text[begin:start].strip("> \t"):  # a list item: there, only brackets make a field
            at = self.text.find("\n", start, end) + 1 or end
        while at < end:
            close = self.text.find("\n", at, end)
            close = end if close < 0 else close
            if whole := _LINE_FIELD.match(self.text, at, close):
                self._field(whole.group(1), whole.group(2), whole.start(1), whole.end())
            at = close + 1

    def _field(self, key: str, value: str, start: int, end: int) -> None:
        key = key.strip(" \t*_~=->+\r")
        if key:
            self.fields.append(Field(key, value.strip(), self.line(start), start, end))


_HANDLERS = {
    "`": Inline._code,
    "$": Inline._math,
    "<": Inline._html,
    "%": Inline._comment,
    "[": Inline._bracket,
    "#": Inline._tag,
    "\\": Inline._escape,
}
