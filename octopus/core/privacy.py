"""Which notes are private, and where they may be shown: the rules that hold for every skill.

What the owner has called private never leaves this machine and never reaches a prompt. At home (the
terminal, the command line, HTTP on this machine) it can be searched and opened; everywhere else it
is named by its number at most, and a note may be written to without being shown. No model is given
any of it, wherever the model runs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

_FORMS: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
_TRASH = ".trash/"  # a note keeps its place there

#: Front ends on this machine; whoever is not among them is elsewhere.
AT_HOME = frozenset({"console", "cli", "http"})


def private(path: str, tags: Iterable[str] | None, filters: Iterable[str]) -> bool:
    """Whether a note is private: in one of the owner's private folders, or below a private tag.

    ``filters`` are folders ("Health", "Health/") and tags ("#private"); ``tags`` have their "#".
    Where the tags cannot be known (None: the properties are broken), it might have any of them,
    so it is private as soon as some tag makes notes so.
    """
    held, path = [_same(tag) for tag in tags or ()], _same(path)
    for each in filters:
        name = _same(each.strip())
        if name.startswith("#"):
            name = name.rstrip("/")
            if tags is None or any(tag == name or tag.startswith(name + "/") for tag in held):
                return True
        elif name.strip("/"):
            folder = name.strip("/")
            if path == folder or path.startswith(folder + "/"):
                return True
    return False


def _same(text: str) -> str:
    """A name however it is spelled: Macs keep an accent apart from its letter."""
    return unicodedata.normalize("NFC", text).casefold()


@dataclass(frozen=True, slots=True)
class Words:
    """How private notes are spoken of. The first argument is a language."""

    name: Callable[[str], str]  # instead of the name of one
    left_out: Callable[[str, int], str]  # so many are left out
    refused: Callable[[str], str]  # instead of an answer that would quote one


_PLAIN = Words(
    lambda language: "a private note",
    lambda language, count: f"Left out: {count} private",
    lambda language: "This is in a private note, so it is not shown here.",
)


@dataclass(frozen=True, slots=True)
class Privacy:
    """The owner's choice. Without folders and tags nothing is private."""

    filters: tuple[str, ...] = ()
    tags_of: Callable[[bytes], Iterable[str] | None] = lambda data: ()  # with "#"; None: unknown
    at_home: frozenset[str] = AT_HOME
    words: Words = _PLAIN

    @property
    def active(self) -> bool:
        """Whether anything is private."""
        return bool(self.filters)

    @property
    def by_tag(self) -> bool:
        """Whether a note's text has to be known to tell."""
        return any(each.strip().startswith("#") for each in self.filters)

    def elsewhere(self, conversation: str) -> bool:
        """Whether what is said there leaves this machine, and something is private."""
        return self.active and conversation.partition(":")[0] not in self.at_home

    def in_folder(self, path: str) -> bool:
        """Whether the path alone shows that a file is private."""
        return private(path.removeprefix(_TRASH), (), self.filters)

    def private(self, path: str, data: bytes) -> bool:
        """Whether a file of this path with this content is private."""
        if self.in_folder(path):
            return True
        return self.by_tag and private(path, self.tags_of(data), self.filters)

    def without_names(self, text: str, known: Collection[str], language: str) -> str:
        """``text`` with every path of a private file replaced; ``known`` are those that are known.

        What looks like a path into a private folder is taken for one, to the end of its line.
        """
        name = self.words.name(language)
        for path in sorted(known, key=len, reverse=True):
            if path in text:
                text = text.replace(path, name)
            bare = path.rpartition(".")[0]
            if "/" in bare and bare in text:
                text = text.replace(bare, name)
        folders = [each.strip().strip("/") for each in self.filters if each.strip()[:1] != "#"]
        spellings = {unicodedata.normalize(form, each) for each in folders for form in _FORMS}
        for folder in sorted(filter(None, spellings)):
            pattern = rf"(?<![\w/]){re.escape(folder)}/[^\n\"“”«»`]*"
            text = re.sub(pattern, lambda _: name, text, flags=re.IGNORECASE)
        return text
