"""The owner's files, and what is derived from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, tzinfo
from typing import Protocol

from octopus.core.agenda import Schedule
from octopus.core.effect import Write
from octopus.core.graph import (
    ConflictCopy,
    Mention,
    Neighbourhood,
    OutlineEntry,
    Reference,
    Stats,
    TagNode,
)
from octopus.core.search import Explanation, Hits, IndexStatus
from octopus.core.todo import Todo
from octopus.errors import UserError, VaultError


class Vault(Protocol):
    """The files of the vault. Paths are relative to its root, with "/"."""

    async def read(self, path: str) -> bytes | None:
        """The whole file, one in the trash too; None when there is none.

        Raises PathError, VaultError.
        """

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        """Replace the file as a whole if its content has the hash ``expect`` (None: no file).

        Raises Conflict when it has not, VaultError when the vault cannot be written.
        """

    async def read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """As :meth:`read` for many; None also for what is too large or behind a link."""

    async def write_all(self, writes: Sequence[Write]) -> list[VaultError | UserError | None]:
        """Replace many files, each whole or not at all, in no order; what failed has its error.

        All that succeeded is on disk when it returns.
        """

    async def move(self, old: str, new: str, expect: str) -> None:
        """Rename; never over another file. Raises Conflict."""

    async def tidy(self, folders: Sequence[str]) -> None:
        """Remove those of the folders that are empty."""

    async def exists(self, path: str) -> bool:
        """Whether there is a file, in the trash too."""

    async def notes(self) -> list[str]:
        """The paths of all notes, sorted."""

    async def paths(self) -> list[str]:
        """The paths of all visible files, sorted: notes, attachments, canvases, bases."""

    async def text_of(self, name: str) -> str | None:
        """A settings file below the vault's configuration folder, None when there is none."""


class Index(Protocol):
    """Full-text search over the vault."""

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        """The best notes first. Never raises for an odd query."""

    async def explain(self, query: str, note: str) -> Explanation:
        """Why the note of this path or title is or is not among the answers."""

    async def similar(self, note: str, *, limit: int = 10) -> Hits:
        """Notes about the same as the one of this path or title. Raises NotFound."""

    async def status(self) -> IndexStatus:
        """How well the index covers the vault."""

    async def rebuild(self, progress: Callable[[float], None] | None = None) -> None:
        """Make the index anew; searches go on with the old one meanwhile."""

    def hint(self, path: str) -> None:
        """Something happened to this file. Cheap, from any thread."""

    async def settle(self) -> None:
        """Return when every hint given so far can be searched."""


#: Told on the loop which notes came, went or changed, after each batch of changes.
Listener = Callable[[frozenset[str]], None]


class Notes(Protocol):
    """What is known of the notes without reading them: derived tables, rebuilt from the files.

    Conflict copies of sync tools are no notes. Everything raises VaultUnavailable where there is
    no vault to know anything of.
    """

    async def todos(self, paths: Collection[str] | None = None) -> list[Todo]:
        """Every task line of the vault that the owner's settings take for one, done ones too.

        By path and line; of these notes only where ``paths`` are given.
        """

    async def files(self) -> list[str]:
        """The paths of all files, sorted: notes, attachments, canvases, bases."""

    async def unread(self) -> Mapping[str, str]:
        """The notes of which nothing but the name is known, and why: too large, no permission."""

    async def find(self, path: str) -> str | None:
        """The path as the vault has it, where ".md" may be left out; None where there is none."""

    async def links(self, path: str) -> list[Reference]:
        """The links in a note, in their order; those to a place in the note itself left out."""

    async def backlinks(self, path: str) -> list[Reference]:
        """The links of other notes to this file, by path."""

    async def seeking(self, paths: Sequence[str]) -> list[str]:
        """The notes with a link by the name of one of these files, whatever it means now.

        They are known as they are at this moment: the whole vault is looked at first.
        """

    async def unresolved(self) -> Mapping[str, tuple[Reference, ...]]:
        """The links that no file answers, by what they call it, in the spelling found first."""

    async def orphans(self) -> list[str]:
        """The notes that no other note links to."""

    async def deadends(self) -> list[str]:
        """The notes that link to no other file."""

    async def tags(self, without: Collection[str] = ()) -> tuple[TagNode, ...]:
        """The tags of all notes but those ``without`` as a tree, by name."""

    async def outline(self, path: str) -> list[OutlineEntry]:
        """The headings of a note, in their order."""

    async def stats(self) -> Stats:
        """The numbers of the vault."""

    async def mentions(self, path: str, limit: int = 200) -> list[Mention]:
        """Where other notes have the name or an alias of this one in their text, not as a link.

        Excluded notes are left out. By path and line.
        """

    async def neighbourhood(
        self, path: str, depth: int = 2, most: int = 200, without: Collection[str] = ()
    ) -> Neighbourhood:
        """The note, and what is up to ``depth`` links around it in either direction.

        Not more than ``most`` nodes: the nearest, and of these the ones with the most links.
        No way leads through the files ``without``.
        """

    async def private(self) -> frozenset[str]:
        """The paths of the files that the owner has called private, now or until they went."""

    async def conflicts(self) -> list[ConflictCopy]:
        """The copies that sync tools left; at last those that only look like one."""

    def hint(self, path: str) -> None:
        """Something happened to this file; "": to any. Cheap, from any thread."""

    def subscribe(self, listener: Listener) -> None:
        """Call ``listener`` after each batch of changes. It must be quick and not raise."""

    async def settle(self) -> None:
        """Return when every change is known that was made by us, or noticed, before the call."""


class Calendars(Protocol):
    """The owner's calendars, read only."""

    async def between(self, first: date, last: date, zone: tzinfo) -> Schedule:
        """What happens on these days of the owner's ``zone``, both included, the earliest first.

        Never raises for a calendar that cannot be read: that is told in the schedule's faults.
        """
