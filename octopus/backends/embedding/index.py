"""The full-text index with search by meaning beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from octopus.backends.embedding.keeper import Keeper
from octopus.backends.whoosh import WhooshIndex
from octopus.core.search import Explanation, Hits, IndexStatus, Near
from octopus.obsidian.query import LONGEST_QUERY, parse
from octopus.obsidian.query_node import And, Word

MEANING = "meaning"


class MeaningIndex:
    """Fills the ``Index`` port: answers as the full text does, and by what notes mean."""

    def __init__(self, text: WhooshIndex, keeper: Keeper) -> None:
        self._text = text
        self._keeper = keeper

    async def open(self, *, read_only: bool = False, reconcile: bool = False) -> None:
        """As the full-text index; the vectors follow in the background."""
        await self._text.open(read_only=read_only, reconcile=reconcile)
        self._keeper.open(self._text.stamps)

    async def close(self) -> None:
        """Stop following the vault."""
        await self._keeper.close()
        await self._text.close()

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        """The notes that answer, those that only mean the same marked as such."""
        near = await self._near(query)
        return await self._text.search(query, limit=limit, offset=offset, near=near)

    async def explain(self, query: str, note: str) -> Explanation:
        """Why a note is or is not among the answers, by its words and by its meaning."""
        told = await self._text.explain(query, note)
        near = await self._near(query)
        for rank, each in enumerate(near, 1):
            if each.path == told.path:
                where = f"{each.similarity:.2f} close at line {each.line}"
                line = f"by meaning: {rank} of {len(near)}, {where}"
                told = replace(told, reasons=(*told.reasons, line))
                if not told.found:
                    told = replace(told, found=True, stage=MEANING, rank=rank, total=len(near))
        return told

    async def similar(self, note: str, *, limit: int = 10) -> Hits:
        """Notes that share the most telling words with this one. Raises NotFound."""
        return await self._text.similar(note, limit=limit)

    async def status(self) -> IndexStatus:
        """How well the index covers the vault."""
        return replace(await self._text.status(), meaning=self._keeper.status())

    async def rebuild(self, progress: Callable[[float], None] | None = None) -> None:
        """Build the full-text index anew; vectors are never made twice."""
        await self._text.rebuild(progress)
        self._keeper.hint("")

    def hint(self, path: str) -> None:
        """Something happened to ``path``."""
        self._text.hint(path)
        self._keeper.hint(path)

    async def settle(self) -> None:
        """Return when every hint given so far can be found by its words."""
        await self._text.settle()

    async def _near(self, query: str) -> Sequence[Near]:
        return await self._keeper.nearest(query[:LONGEST_QUERY]) if plain(query) else ()


def plain(query: str) -> bool:
    """True for words alone: who uses operators wants what they say, and nothing like it."""
    found = parse(query, datetime.now(UTC).date())
    if found.root is None or found.sort or found.limit is not None:
        return False
    parts = found.root.parts if isinstance(found.root, And) else (found.root,)
    return all(isinstance(part, Word) and not part.prefix for part in parts)
