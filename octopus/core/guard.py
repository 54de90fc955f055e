"""Give a skill the ports without what is private, and look at its reply before it goes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from octopus.core.effect import Effect, Write
from octopus.core.graph import (
    ConflictCopy,
    Mention,
    Neighbourhood,
    OutlineEntry,
    Reference,
    Stats,
    TagNode,
)
from octopus.core.handler import Lane, Ports, Skill
from octopus.core.message import Reply
from octopus.core.ports import Answer, Index, Listener, Model, Notes, Turn, Vault
from octopus.core.privacy import Privacy
from octopus.core.search import Explanation, Hits, IndexStatus
from octopus.core.todo import Todo
from octopus.errors import ModelUnavailable, NotFound, UserError, VaultError

T = TypeVar("T")

#: Characters of a private line that must not be found in a reply; shorter ones say nothing.
TELLING = 12


class Guard:
    """What one job may see, and what it has seen.

    ``hides``: private notes are not there for it. A skill that writes has to see them all the same,
    to keep links right and to add to them; its reply must then name and quote none.
    """

    def __init__(self, privacy: Privacy, ports: Ports, *, hides: bool, elsewhere: bool) -> None:
        self._privacy = privacy
        self._ports = ports
        self.hides = hides
        self.elsewhere = elsewhere
        self.withheld: set[str] = set()
        self.seen: dict[str, bytes] = {}  # private files that were read
        self.made: Sequence[Effect] = ()  # what the job has written

    @classmethod
    def of(cls, privacy: Privacy, ports: Ports, conversation: str, skill: Skill | None) -> Guard:
        """For one job: who asks, and which skill answers."""
        elsewhere = privacy.elsewhere(conversation)
        thinks = skill is not None and skill.lane is Lane.MODEL
        writes = skill is not None and skill.capability.writes
        return cls(privacy, ports, hides=thinks or (elsewhere and not writes), elsewhere=elsewhere)

    def ports(self) -> Ports:
        """The ports as the job is given them."""
        ports = self._ports
        notes = GuardedNotes(self, ports.notes) if self.quiet else ports.notes
        index = GuardedIndex(self, ports.index) if self.quiet else ports.index
        vault = GuardedVault(self, ports.vault)
        model = GuardedModel(self, ports.model)
        return replace(ports, notes=notes, index=index, vault=vault, model=model)

    @property
    def quiet(self) -> bool:
        """Whether lists and answers are without private notes."""
        return self.hides or self.elsewhere

    async def known(self) -> frozenset[str]:
        """The private files as far as they are known."""
        try:
            return await self._ports.notes.private()
        except VaultError:
            return frozenset()

    async def private(self, path: str) -> bool:
        """Whether this file is private now."""
        if self._privacy.in_folder(path) or path in await self.known():
            return True
        if not self._privacy.by_tag:
            return False
        try:
            data = await self._ports.vault.read(path)
        except VaultError:
            return True  # what cannot be looked at is not shown
        return data is not None and self._privacy.private(path, data)

    def admits(self, path: str, data: bytes | None) -> bool:
        """Whether the job may have this content of a file; what it has is remembered."""
        if data is None or not self._privacy.private(path, data):
            return True
        if self.hides:
            self.withheld.add(path)
            return False
        self.seen[path] = data
        return True

    async def kept(self, items: Iterable[T], paths_of: Callable[[T], Iterable[str]]) -> list[T]:
        """The items that are about no private file; the others are counted."""
        private = await self.known()
        kept = []
        for item in items:
            hidden = {p for p in paths_of(item) if p in private or self._privacy.in_folder(p)}
            self.withheld |= hidden
            if not hidden:
                kept.append(item)
        return kept

    async def clean(self, reply: Reply, said: str, language: str) -> Reply:
        """The reply as it may go out; ``said`` is what the owner wrote: that is no secret."""
        words = self._privacy.words
        if self.elsewhere:
            if self._quotes(reply, said):
                reply = replace(reply, text=words.refused(language), buttons=(), markdown=False)
            hidden = await self._names(reply, said)
            buttons = tuple(
                replace(each, label=self._privacy.without_names(each.label, hidden, language))
                for each in reply.buttons
            )
            text = self._privacy.without_names(reply.text, hidden, language)
            reply = replace(reply, text=text, buttons=buttons)
        if self.withheld and self.hides and reply.text:
            note = words.left_out(language, len(self.withheld))
            reply = replace(reply, text=f"{reply.text}\n\n{note}")
        return reply

    async def _names(self, reply: Reply, said: str) -> frozenset[str]:
        """What must not stand in the reply: paths, and titles of the notes that it is about."""
        made = {path for one in self.made for path in (one.path, one.to) if path}
        names = await self.known() | {path for path in made if await self.private(path)}
        about = {path for path in names if path in made or path in _shown(reply)}
        return names | {title for path in about if (title := _title(path)) not in said}

    def _quotes(self, reply: Reply, said: str) -> bool:
        """Whether a line of a private file that the job has read stands in what it says."""
        shown = _shown(reply)
        return any(line in shown and line not in said for line in self._lines())

    def _lines(self) -> Iterable[str]:
        for data in self.seen.values():
            for line in data.decode("utf-8", "replace").splitlines():
                if len(line.strip()) >= TELLING:
                    yield line.strip()


def _shown(reply: Reply) -> str:
    return "\n".join([reply.text, *(button.label for button in reply.buttons)])


def _title(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


class GuardedVault:
    """The files, for reading without those that are hidden. Writing is the effects' business."""

    def __init__(self, guard: Guard, vault: Vault) -> None:
        self._guard = guard
        self._vault = vault

    async def read(self, path: str) -> bytes | None:
        data = await self._vault.read(path)
        return data if self._guard.admits(path, data) else None

    async def read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        found = await self._vault.read_all(paths)
        pairs = zip(paths, found, strict=True)
        return [data if self._guard.admits(path, data) else None for path, data in pairs]

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        await self._vault.write(path, data, expect)

    async def write_all(self, writes: Sequence[Write]) -> list[VaultError | UserError | None]:
        return await self._vault.write_all(writes)

    async def move(self, old: str, new: str, expect: str) -> None:
        await self._vault.move(old, new, expect)

    async def exists(self, path: str) -> bool:
        return await self._vault.exists(path)

    async def notes(self) -> list[str]:
        return await self._listed(await self._vault.notes())

    async def paths(self) -> list[str]:
        return await self._listed(await self._vault.paths())

    async def text_of(self, name: str) -> str | None:
        return await self._vault.text_of(name)

    async def _listed(self, paths: list[str]) -> list[str]:
        if not self._guard.hides:
            return paths
        before = set(self._guard.withheld)
        kept = await self._guard.kept(paths, lambda path: [path])
        self._guard.withheld = before  # nobody asked for these
        return kept


class GuardedIndex:
    """Search without private notes; those that would have been found are counted."""

    def __init__(self, guard: Guard, index: Index) -> None:
        self._guard = guard
        self._index = index

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        found = await self._without(await self._index.search(query, limit=limit, offset=offset))
        if found.suggestion and not await self._shown(found.suggestion):
            found = replace(found, suggestion="")
        return found

    async def explain(self, query: str, note: str) -> Explanation:
        found = await self._index.explain(query, note)
        if await self._guard.private(found.path):
            self._guard.withheld.add(found.path)
            raise NotFound
        return found

    async def similar(self, note: str, *, limit: int = 10) -> Hits:
        if await self._guard.private(note):
            self._guard.withheld.add(note)
            raise NotFound
        return await self._without(await self._index.similar(note, limit=limit))

    async def status(self) -> IndexStatus:
        found = await self._index.status()
        before = set(self._guard.withheld)
        skipped = await self._guard.kept(found.skipped, lambda each: [each.path])
        self._guard.withheld = before
        return replace(found, skipped=tuple(skipped))

    async def rebuild(self, progress: Callable[[float], None] | None = None) -> None:
        await self._index.rebuild(progress)

    def hint(self, path: str) -> None:
        self._index.hint(path)

    async def settle(self) -> None:
        await self._index.settle()

    async def _without(self, found: Hits) -> Hits:
        kept = []
        for hit in found.hits:
            if await self._guard.private(hit.path):
                self._guard.withheld.add(hit.path)
            else:
                kept.append(hit)
        return replace(found, hits=tuple(kept))

    async def _shown(self, words: str) -> bool:
        """Whether a note that may be shown has these words: they may be a private note's."""
        found = await self._index.search(words, limit=10)
        return any([not await self._guard.private(hit.path) for hit in found.hits])


class GuardedNotes:
    """What is known of the notes, without the private ones."""

    def __init__(self, guard: Guard, notes: Notes) -> None:
        self._guard = guard
        self._notes = notes

    async def todos(self, paths: Collection[str] | None = None) -> list[Todo]:
        return await self._uncounted(await self._notes.todos(paths), lambda each: [each.path])

    async def files(self) -> list[str]:
        return await self._uncounted(await self._notes.files(), lambda path: [path])

    async def unread(self) -> Mapping[str, str]:
        found = await self._notes.unread()
        return {path: found[path] for path in await self._uncounted(found, lambda path: [path])}

    async def find(self, path: str) -> str | None:
        found = await self._notes.find(path)
        return found if found is None or not await self._hidden(found) else None

    async def links(self, path: str) -> list[Reference]:
        if await self._hidden(path):
            return []
        return await self._guard.kept(await self._notes.links(path), _ends)

    async def backlinks(self, path: str) -> list[Reference]:
        if await self._hidden(path):
            return []
        return await self._guard.kept(await self._notes.backlinks(path), _ends)

    async def seeking(self, paths: Sequence[str]) -> list[str]:
        found = await self._notes.seeking(paths)  # links of all notes are kept right
        return await self._uncounted(found, lambda p: [p]) if self._guard.hides else found

    async def unresolved(self) -> Mapping[str, tuple[Reference, ...]]:
        found = await self._notes.unresolved()
        kept = {name: tuple(await self._guard.kept(each, _ends)) for name, each in found.items()}
        # What it is called in the first place may be how a private note calls it.
        return {each[0].target.strip(): each for each in kept.values() if each}

    async def orphans(self) -> list[str]:
        return await self._guard.kept(await self._notes.orphans(), lambda path: [path])

    async def deadends(self) -> list[str]:
        return await self._guard.kept(await self._notes.deadends(), lambda path: [path])

    async def tags(self, without: Collection[str] = ()) -> tuple[TagNode, ...]:
        return await self._notes.tags({*without, *await self._guard.known()})

    async def outline(self, path: str) -> list[OutlineEntry]:
        return [] if await self._hidden(path) else await self._notes.outline(path)

    async def stats(self) -> Stats:
        return await self._notes.stats()

    async def mentions(self, path: str, limit: int = 200) -> list[Mention]:
        if await self._hidden(path):
            return []
        found = await self._notes.mentions(path, limit)
        return await self._guard.kept(found, lambda each: [each.source])

    async def neighbourhood(
        self, path: str, depth: int = 2, most: int = 200, without: Collection[str] = ()
    ) -> Neighbourhood:
        if await self._hidden(path):
            raise NotFound
        private = await self._guard.known()
        return await self._notes.neighbourhood(path, depth, most, {*without, *private})

    async def conflicts(self) -> list[ConflictCopy]:
        found = await self._notes.conflicts()
        return await self._guard.kept(found, lambda each: [each.path, each.original])

    async def private(self) -> frozenset[str]:
        return await self._notes.private()

    def hint(self, path: str) -> None:
        self._notes.hint(path)

    def subscribe(self, listener: Listener) -> None:
        self._notes.subscribe(listener)

    async def settle(self) -> None:
        await self._notes.settle()

    async def _hidden(self, path: str) -> bool:
        if not await self._guard.private(path):
            return False
        self._guard.withheld.add(path)
        return True

    async def _uncounted(
        self, items: Iterable[T], paths_of: Callable[[T], Iterable[str]]
    ) -> list[T]:
        """As ``kept`` for lists of everything, where nobody asked for a single note."""
        before = set(self._guard.withheld)
        kept = await self._guard.kept(items, paths_of)
        self._guard.withheld = before
        return kept


def _ends(each: Reference) -> list[str]:
    return [each.source, *([each.resolved] if each.resolved else [])]


class GuardedModel:
    """The model, which is not asked once the job has read something private."""

    def __init__(self, guard: Guard, model: Model) -> None:
        self._guard = guard
        self._model = model

    async def chat(self, turns: Sequence[Turn], **options: Any) -> Answer:
        if self._guard.seen:
            raise ModelUnavailable("A private note is part of this, so no model is asked.")
        return await self._model.chat(turns, **options)

    async def status(self) -> str:
        return await self._model.status()
