"""The ports as a job is given them that must not have everything: without private notes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

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
from octopus.core.ports import Answer, Index, Listener, Model, Notes, Turn, Vault
from octopus.core.search import Explanation, Hit, Hits, IndexStatus
from octopus.core.todo import Todo
from octopus.errors import ModelUnavailable, NotFound, UserError, VaultError

if TYPE_CHECKING:
    from octopus.core.guard import Guard

T = TypeVar("T")


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

    async def tidy(self, folders: Sequence[str]) -> None:
        """Remove those of the folders that are empty."""
        await self._vault.tidy(folders)

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


#: Hits that are looked at for one answer at most: in a vault that is nearly all private, the end
#: is far, and each hit takes a look at its note.
FURTHEST = 1000

#: Hits that are looked at in one go for a word that may be suggested.
PROVING = 50


class GuardedIndex:
    """Search without private notes; those that would have been found are counted."""

    def __init__(self, guard: Guard, index: Index) -> None:
        self._guard = guard
        self._index = index

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        """As many as were asked for, where the hits between private ones are enough."""
        wanted, looked = offset + limit, 0
        shown: list[Hit] = []
        while True:
            # Twice as far each time, so that a long run of private notes takes few turns.
            most = max(wanted, min(looked, FURTHEST - looked))
            found = await self._index.search(query, limit=most, offset=looked)
            looked += len(found.hits)
            shown += await self._shown_of(found.hits)
            end = not found.hits or looked >= min(found.total, FURTHEST)
            if end or len(shown) >= wanted:
                break
        if found.suggestion and not await self._may_suggest(query, found.suggestion):
            found = replace(found, suggestion="")
        total = max(found.total - (looked - len(shown)), len(shown))
        return replace(found, hits=tuple(shown[offset:wanted]), total=total)

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
        most = limit
        while True:
            found = await self._index.similar(note, limit=most)
            shown = await self._shown_of(found.hits)
            if len(shown) >= limit or len(found.hits) < most or most >= FURTHEST:
                return replace(found, hits=tuple(shown[:limit]), total=len(shown[:limit]))
            most *= 2

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

    async def _shown_of(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those of the hits that may be shown; the others are counted."""
        shown = []
        for hit in hits:
            if await self._guard.private(hit.path):
                self._guard.withheld.add(hit.path)
            else:
                shown.append(hit)
        return shown

    async def _may_suggest(self, query: str, suggestion: str) -> bool:
        """Whether each word that was put right stands in a note that may be shown."""
        typed = set(query.split())
        corrected = [word for word in dict.fromkeys(suggestion.split()) if word not in typed]
        return all([await self._stands(word) for word in corrected])

    async def _stands(self, word: str) -> bool:
        """Whether a note that may be shown has this very word, not only one that it is part of."""
        looked = 0
        while looked < FURTHEST:
            found = await self._index.search(f'"{word}"', limit=PROVING, offset=looked)
            hits = [hit for hit in found.hits if not hit.by] if found.stage == "exact" else []
            if any([not await self._guard.private(hit.path) for hit in hits]):
                return True
            looked += len(hits)
            if len(hits) < PROVING:
                break
        return False


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
        found = await self._guard.kept(await self._notes.conflicts(), lambda each: [each.original])
        return await self._guard.kept(found, lambda each: [each.path])

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
            raise ModelUnavailable(
                "A private note is part of this, so no model is asked.", "error.private"
            )
        return await self._model.chat(turns, **options)

    async def status(self) -> str:
        return await self._model.status()


class MaskedNotes(GuardedNotes):
    """For alarms: a private to-do rings as well, and says no more than that it is one."""

    def __init__(self, guard: Guard, notes: Notes, name: str) -> None:
        super().__init__(guard, notes)
        self._name = name

    async def todos(self, paths: Collection[str] | None = None) -> list[Todo]:
        found = await self._notes.todos(paths)
        shown = set(await self._uncounted(found, lambda each: [each.path]))
        return [each if each in shown else self._masked(each) for each in found]

    def _masked(self, each: Todo) -> Todo:
        return replace(each, text=self._name, description=self._name, heading="", tags=())
