"""For making file names that every device of the owner accepts."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterator

from octopus.obsidian.path import NOTE, join

MAX_CHARACTERS = 100
MAX_BYTES = 200  # UTF-8; leaves room for a suffix, ".md" and a sync tool's own additions below 255
TRASH = ".trash"
UNTITLED = "Untitled"  # Obsidian's own name for a note without one

# Windows, Android and Obsidian Sync refuse * " \ / < > : | ?; in Obsidian # ^ [ ] | and %% break
# links (Obsidian help, "Manage notes"). Format characters are invisible and confuse comparison;
# the joiners U+200C and U+200D stay, Persian, Hindi and family emoji need them.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|#^\[\]]|%%+')
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)")
_JOINERS = "\u200c\u200d"


def _visible(char: str) -> str:
    if char in _JOINERS:
        return char
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp") or char in "\t\n\r\v\f":
        return " "
    return "" if category in ("Cc", "Cf", "Cs", "Cn") else char


def _cut(name: str, characters: int, size: int) -> str:
    """The longest beginning within both limits that does not split a character from its marks."""
    short = name[:characters].encode()[:size].decode(errors="ignore")
    if short == name:
        return name
    while short and (unicodedata.combining(name[len(short)]) or name[len(short)] in "\u200d\ufe0f"):
        short = short[:-1]
    return short


def safe_name(title: str, *, characters: int = MAX_CHARACTERS, size: int = MAX_BYTES) -> str:
    """``title`` as a file name without extension that Windows, Android, iOS and links accept.

    Forbidden characters become spaces, spaces collapse, accents are composed (NFC); leading and
    trailing dots and spaces go; device names of Windows get an underscore. ``characters`` and
    ``size`` (bytes of UTF-8) bound the length. Never empty.
    """
    name = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", title))
    name = "".join(map(_visible, name))
    # What was removed may have kept two per cent signs or an accent and its letter apart.
    name = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", name))
    name = " ".join(name.split()).lstrip(". ").rstrip(". ")
    name = _cut(name, characters, size).rstrip(". ")
    if _DEVICE.match(name):
        name = f"_{_cut(name, characters - 1, size - 1)}"
    return name or UNTITLED


def numbered(name: str) -> Iterator[str]:
    """``name``, then "name 1", "name 2" and so on, as Obsidian itself numbers "Untitled 1"."""
    yield name
    number = 1
    while True:
        ending = f" {number}"
        yield _cut(name, MAX_CHARACTERS - len(ending), MAX_BYTES - len(ending)) + ending
        number += 1


def free_path(
    title: str, folder: str = "", *, taken: Callable[[str], bool], extension: str = NOTE
) -> str:
    """The first vault path for ``title`` that is not ``taken``.

    ``taken`` should compare as the strictest device does, without case (see ``path.key``).
    """
    return next(
        path
        for name in numbered(safe_name(title))
        if not taken(path := join(folder, name + extension))
    )


def numbered_path(path: str, taken: Callable[[str], bool]) -> str:
    """The first of "a/N.md", "a/N 1.md", "a/N 2.md" ... that is not taken."""
    bare, extension = posixpath.splitext(path)
    number, free = 0, path
    while taken(free):
        number += 1
        free = f"{bare} {number}{extension}"
    return free


def trash_path(path: str, taken: Callable[[str], bool]) -> str:
    """Where a deleted file goes: Obsidian's own trash in the vault, its relative path kept.

    Whatever ``trashOption`` says: a server has no desktop trash, and nothing is deleted for good.
    """
    return numbered_path(join(TRASH, path), taken)
