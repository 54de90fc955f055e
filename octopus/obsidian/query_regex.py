"""Read a regular expression as JavaScript does, which is what Obsidian's search speaks.

``as_python`` says the same in Python's dialect or refuses: an expression that would silently mean
something else finds the wrong notes. The syntax is that of ECMA-262, section 22.2 and annex B.
"""

from __future__ import annotations

import re
from functools import lru_cache

from octopus.errors import Sentence

FLAGS = "gimsu"  # g asks for all places and u for whole characters, m for every line: so it is here
_ANYTHING = r"[\x00-\U0010ffff]"
_LINE_END = r"\n\r\u2028\u2029"
_SPACE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
# What a class escape stands for, and everything else; only A to Z are letters to JavaScript.
_SETS = {
    "d": "0-9",
    "D": r"\x00-/:-\U0010ffff",
    "w": "0-9A-Z_a-z",
    "W": r"\x00-/:-@\[-\^`\{-\U0010ffff",
    "s": _SPACE,
    "S": r"\x00-\x08\x0e-\x1f!-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e"
    r"\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\U0010ffff",
}
_CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??")
_CODE = re.compile(
    r"x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}"
    r"|u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})"
)
_GROUP = re.compile(r"\((?:\?(?:(<=|<!|=|!|:|-?i:)|<([^\W\d]\w*)>)|(?!\?))")
_NAME = re.compile(r"k<([^\W\d]\w*)>")
_NAMED = re.compile(r"\(\?<[^\W\d]\w*>")
_OCTAL = re.compile(r"[0-3][0-7]{0,2}|[4-7][0-7]?")
_NUMBER = re.compile(r"[1-9]\d*")
_CAPTURES = re.compile(r"\\.|\[(?:[^\]\\]|\\.)*\]|(\((?!\?)|\(\?<(?![=!]))", re.DOTALL)
_ONLY_LATIN = re.compile(r"\\[wWbB]")


class Unreadable(ValueError):
    """The expression cannot be read; ``why`` says so, to follow “cannot be read: ”."""

    def __init__(self, text: str, /, key: str, **values: str) -> None:
        """``key`` and ``values``: how the catalogue says it."""
        self.why = Sentence(text, key, **values)
        super().__init__(str(self.why))


@lru_cache(maxsize=64)
def compiled(pattern: str, flags: str, cased: bool) -> re.Pattern[str]:
    """The expression, ready for use; ``^`` and ``$`` match at every line.

    Raises:
        Unreadable: it is none, or one that cannot be said here.
    """
    try:
        return re.compile(as_python(pattern, flags), 0 if cased else re.IGNORECASE)
    except re.error as error:
        if "look-behind" in error.msg:
            text = "what stands before a place must have a fixed length"
            raise Unreadable(text, "regex.fixed") from error
        if "cannot refer" in error.msg:
            text = "what stands before a place cannot refer to a group of its own"
            raise Unreadable(text, "regex.own_group") from error
        if "min repeat" in error.msg:
            text = "a repetition has to go from less to more"
            raise Unreadable(text, "regex.bounds") from error
        raise Unreadable("it is no regular expression", "regex.none") from error
    except (OverflowError, RecursionError) as error:
        raise Unreadable("it is too large", "regex.large") from error


def as_python(pattern: str, flags: str = "") -> str:
    """The expression in Python's dialect. Raises Unreadable."""
    return _Translator(pattern, "s" in flags).run()


def fits_anything(pattern: re.Pattern[str]) -> bool:
    """True when every text answers, so that asking says nothing."""
    return all(pattern.search(text) for text in ("", "x", "7", " ", "\n"))


def only_latin(pattern: str) -> bool:
    """True when the owner's letters may not be letters to ``\\w`` or ``\\b``."""
    return not pattern.isascii() and _ONLY_LATIN.search(pattern) is not None


class _Translator:
    def __init__(self, pattern: str, dot_all: bool) -> None:
        self._text = pattern
        self._at = 0
        self._dot = _ANYTHING if dot_all else f"[^{_LINE_END}]"
        self._groups = sum(m.group(1) is not None for m in _CAPTURES.finditer(pattern))
        self._begun = 0
        self._open: list[tuple[int, bool]] = []  # number, 0 if it has none; may be repeated
        self._closed: set[int] = set()
        self._names: dict[str, int] = {}

    def run(self) -> str:
        """Everything, piece by piece."""
        parts: list[str] = []
        while self._at < len(self._text):
            piece, repeatable = self._piece()
            quantifier = _QUANTIFIER.match(self._text, self._at)
            if quantifier and not repeatable:
                raise _nothing_for(quantifier.group())
            if quantifier:
                self._at = quantifier.end()
                piece += quantifier.group()
                if more := _QUANTIFIER.match(self._text, self._at):
                    raise _nothing_for(more.group())
            parts.append(piece)
        if self._open:
            raise Unreadable("a bracket is not closed", "regex.open")
        return "".join(parts)

    def _piece(self) -> tuple[str, bool]:
        """The next thing, and whether it may be repeated."""
        char = self._text[self._at]
        if char == "(":
            return self._begin(), False
        self._at += 1
        if char == ")":
            return self._end()
        if char == "[":
            return self._class(), True
        if char == "\\":
            return self._escape()
        if char == "|":
            return "|", False
        if char == "^":
            return f"(?<![^{_LINE_END}])", False
        if char == "$":
            return f"(?![^{_LINE_END}])", False
        if char == ".":
            return self._dot, True
        if char in "*+?" or (char == "{" and _QUANTIFIER.match(self._text, self._at - 1)):
            raise _nothing_for(char)
        return re.escape(char), True

    def _begin(self) -> str:
        match = _GROUP.match(self._text, self._at)
        if match is None:
            text = "it has a group of a kind that JavaScript does not know"
            raise Unreadable(text, "regex.group")
        self._at = match.end()
        kind, name = match.groups()
        if kind:
            self._open.append((0, kind.endswith(":")))
            return f"(?{kind}"
        self._begun += 1
        if name and name in self._names:
            raise Unreadable("two groups are called {name}", "regex.twice", name=name)
        if name:
            self._names[name] = self._begun
        self._open.append((self._begun, True))
        return "("

    def _end(self) -> tuple[str, bool]:
        if not self._open:
            raise Unreadable("there is a closing bracket too many", "regex.extra")
        number, repeatable = self._open.pop()
        self._closed.add(number)
        return ")", repeatable

    def _escape(self) -> tuple[str, bool]:
        char = self._text[self._at : self._at + 1]
        if not char:
            raise Unreadable("it ends with a backslash", "regex.backslash")
        if char in "bB":
            self._at += 1  # Python's own \\B does not hold in an empty text
            return r"(?a:\b)" if char == "b" else r"(?a:(?!\b))", False
        if char in _SETS:
            self._at += 1
            return f"[{_SETS[char]}]", True
        name = _NAME.match(self._text, self._at)
        number = _NUMBER.match(self._text, self._at)
        if name and _NAMED.search(self._text):
            self._at = name.end()
            return self._again(self._number_of(name.group(1))), True
        if number and int(number.group()[:6]) <= self._groups:
            self._at = number.end()
            return self._again(int(number.group())), True
        return re.escape(self._character()), True

    def _number_of(self, name: str) -> int:
        if name in self._names:
            return self._names[name]
        if f"(?<{name}>" in self._text:
            return 0  # it comes later
        raise Unreadable("no group is called {name}", "regex.no_group", name=name)

    def _again(self, number: int) -> str:
        """What a group has matched; nothing where it has matched nothing, as in JavaScript."""
        return f"(?:(?({number})\\{number}|))" if number in self._closed and number else "(?:)"

    def _character(self) -> str:
        """The one character that an escape stands for."""
        char = self._text[self._at]
        if match := _CODE.match(self._text, self._at):
            self._at = match.end()
            byte, long, high, low, short = match.groups()
            if high:
                return bytes.fromhex(high + low).decode("utf-16-be")
            code = int(byte or long or short, 16)
            if code > 0x10FFFF:
                raise Unreadable("there is no character {code}", "regex.no_character", code=long)
            return chr(code)
        if char in "pP" and self._text[self._at + 1 : self._at + 2] == "{":
            text = "kinds of characters such as {kind} are not known here"
            raise Unreadable(text, "regex.kind", kind="\\p{L}")
        self._at += 1
        if char == "c" and re.match("[A-Za-z]", self._text[self._at : self._at + 1]):
            self._at += 1
            return chr(ord(self._text[self._at - 1]) & 31)
        if octal := _OCTAL.match(self._text, self._at - 1):
            self._at = octal.end()
            return chr(int(octal.group(), 8))
        return _CONTROLS.get(char, char)

    def _class(self) -> str:
        negative = self._text.startswith("^", self._at)
        self._at += negative
        parts: list[str] = []
        while not self._text.startswith("]", self._at):
            if self._at >= len(self._text):
                raise Unreadable("a square bracket is not closed", "regex.square")
            parts.append(self._member())
        self._at += 1
        if not parts:
            return _ANYTHING if negative else "(?!)"
        return f"[{'^' * negative}{''.join(parts)}]"

    def _member(self) -> str:
        """One character of a class, a range of them, or a set."""
        first = self._one()
        if not self._text.startswith("-", self._at) or self._text.startswith("-]", self._at):
            return _quoted(first)
        self._at += 1
        if self._at >= len(self._text):
            raise Unreadable("a square bracket is not closed", "regex.square")
        last = self._one()
        if len(first) > 1 or len(last) > 1:  # a set is no end of a range
            return f"{_quoted(first)}\\-{_quoted(last)}"
        if first > last:
            text = "a range goes backwards: {first}-{last}"
            raise Unreadable(text, "regex.range", first=first, last=last)
        return f"{_quoted(first)}-{_quoted(last)}"

    def _one(self) -> str:
        """One character of a class as it is, or a set as Python spells it."""
        char = self._text[self._at]
        self._at += 1
        if char != "\\":
            return char
        escaped = self._text[self._at : self._at + 1]
        if not escaped:
            raise Unreadable("it ends with a backslash", "regex.backslash")
        if escaped in _SETS:
            self._at += 1
            return _SETS[escaped]
        if escaped == "b":
            self._at += 1
            return "\b"
        return self._character()


def _nothing_for(sign: str) -> Unreadable:
    return Unreadable("there is nothing that “{sign}” could repeat", "regex.repeat", sign=sign)


def _quoted(member: str) -> str:
    return re.escape(member) if len(member) == 1 else member
