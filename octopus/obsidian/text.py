"""For turning the bytes of a note into text and back without changing one of them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from octopus.errors import Undecodable

_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NEWLINE = re.compile(r"\r\n|\n|\r")
_SAMPLE = 4096  # bytes looked at to tell UTF-16 without a mark, characters to tell the newlines


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a note is written down; ``encode`` is the exact inverse of ``decode``."""

    codec: str = "utf-8"
    bom: bytes = b""
    newline: str = "\n"  # what new lines get: the style that most of the first lines have

    def encode(self, text: str) -> bytes:
        """The bytes of the whole note."""
        return self.bom + text.encode(self.codec)


def decode(data: bytes) -> tuple[str, Encoding]:
    """The text of a note without its byte order mark, newlines as they are, and its encoding.

    UTF-8 (Obsidian's only encoding), and UTF-16 where a byte order mark says so. One mark is taken
    off, so that properties behind it are found, and written again. Raises
    :class:`~octopus.errors.Undecodable` for anything else.
    """
    codec, bom = "utf-8", b""
    if data.startswith(codecs.BOM_UTF8):
        bom = codecs.BOM_UTF8
    elif is_wide(data):
        raise Undecodable(
            "This note is in UTF-32, or in UTF-16 without its mark; save it as UTF-8.",
            "error.wide",
        )
    elif data[:2] in _UTF16:
        codec, bom = _UTF16[data[:2]], data[:2]
    try:
        text = data[len(bom) :].decode(codec)
    except UnicodeDecodeError as error:
        raise Undecodable(
            "This note is not UTF-8; only appending to it is safe.", "error.not_utf8"
        ) from error
    return text, Encoding(codec, bom, newline_of(text))


def read(data: bytes) -> str:
    """The text of a note for reading only: what cannot be decoded becomes U+FFFD."""
    try:
        return decode(data)[0]
    except Undecodable:
        codec = "utf-8"
        if is_wide(data):
            codec = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        elif data[:2] in _UTF16:
            codec = _UTF16[data[:2]]
            data = data[2:]
        return data.decode(codec, errors="replace").removeprefix("\ufeff")


def is_wide(data: bytes) -> bool:
    """True for UTF-32, and for UTF-16 that lacks its byte order mark: every other byte is zero."""
    if data[:4] in _UTF32:
        return True
    if data[:2] in _UTF16:
        return False
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    return half > 1 and max(sample[::2].count(0), sample[1::2].count(0)) > half // 2


def newline_of(text: str) -> str:
    """The newline that prevails at the beginning of ``text``, "\\n" where there is none."""
    if "\r" not in text:
        return "\n"
    found = _NEWLINE.findall(text, 0, _SAMPLE) or _NEWLINE.findall(text)
    return max(("\n", "\r\n", "\r"), key=found.count)


def with_newline(text: str, newline: str) -> str:
    """``text`` with all of its newlines written as ``newline``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if newline == "\n" else text.replace("\n", newline)


def line_starts(text: str) -> list[int]:
    """The offset at which each line starts. CR LF, LF and a lone CR end a line (CommonMark)."""
    return [0, *(match.end() for match in _NEWLINE.finditer(text))]
