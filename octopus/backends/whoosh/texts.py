"""Read notes for checking and quoting, and keep the last ones read."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from octopus.backends.whoosh.analysis import fold
from octopus.backends.whoosh.attachment import Attachments, NoAttachments
from octopus.backends.whoosh.document import note_text, title_of
from octopus.backends.whoosh.scan import LARGEST_NOTE, Stamp, is_text, look
from octopus.obsidian.note import Note
from octopus.obsidian.scan import scan, shadow

MOST_KEPT = 256
LONGEST_KEPT = 100_000  # characters


def place_of(path: str) -> str:
    """Where a file is and what it is called: a note's path without its suffix."""
    folder, slash, _ = path.rpartition("/")
    return folder + slash + title_of(path)


class Source:
    """A file's text; taken apart when somebody asks for more than the text."""

    def __init__(self, path: str, text: str, stamp: Stamp, *, paged: bool = False) -> None:
        self.path = path
        self.text = text
        self.stamp = stamp
        self.paged = paged  # pages of plain text, parted by form feeds: no Markdown

    @property
    def names(self) -> tuple[str, ...]:
        """The title, and the title with its folders: they are searched as the text is."""
        return (title_of(self.path), self.place)

    @property
    def place(self) -> str:
        """Folders and title."""
        return place_of(self.path)

    @cached_property
    def folded(self) -> str:
        """The text as it is compared."""
        return fold(self.text)

    @property
    def modified(self) -> date:
        """The day of the last change, where this machine is."""
        return datetime.fromtimestamp(self.stamp.mtime_ns / 1e9, UTC).astimezone().date()

    @cached_property
    def note(self) -> Note:
        """What the scanner finds in the text."""
        return Note() if self.paged else scan(self.text)


class Sources:
    """The files of a vault, read when they are needed."""

    def __init__(self, root: Path, attachments: Attachments | None = None) -> None:
        self._root = str(root)
        self._attachments = attachments or NoAttachments()
        self._kept: OrderedDict[str, Source] = OrderedDict()

    def get(self, path: str) -> Source | None:
        """The file as it is now; None when it cannot be read."""
        stamp = look(self._root, path)
        if stamp is None:
            return None
        kept = self._kept.get(path)
        if kept is not None and kept.stamp == stamp:
            self._kept.move_to_end(path)
            return kept
        text, paged = "", self._attachments.handles(path)
        if paged:
            extract = self._attachments.get(path, (stamp.mtime_ns, stamp.size))
            text = extract.text if extract else ""
        elif is_text(path) and stamp.size <= LARGEST_NOTE:
            try:
                with open(f"{self._root}/{path}", "rb", buffering=0) as file:  # noqa: PTH123 - hot path
                    text = shadow(note_text(path, file.read()))
            except OSError:
                return None
        source = Source(path, text, stamp, paged=paged)
        if len(text) <= LONGEST_KEPT and (text or not paged):  # pages may still come
            self._kept[path] = source
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return source
