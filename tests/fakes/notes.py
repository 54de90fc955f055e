"""A double of the ``Notes`` port that reads all files of a vault whenever somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from octopus.core.graph import OutlineEntry, Reference, Stats, TagNode
from octopus.core.ports import Listener, Vault
from octopus.core.todo import Todo
from octopus.obsidian.graph import Graph, outline
from octopus.obsidian.path import NOTE, is_note
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import FILES, read_settings
from octopus.obsidian.text import read
from octopus.obsidian.todos import todos


class FakeNotes:
    """Nothing is kept, so nothing is behind. ``tell`` says to the listeners what changed."""

    def __init__(self, vault: Vault, alarm: time = time(9)) -> None:
        self._vault = vault
        self._alarm = alarm
        self.hints: list[str] = []
        self.listeners: list[Listener] = []

    async def todos(self) -> list[Todo]:
        settings = read_settings({name: await self._vault.text_of(name) for name in FILES})
        found: list[Todo] = []
        for path in await self._vault.notes():
            data = await self._vault.read(path)
            if data is not None:
                found += todos(path, scan(read(data)), settings.tasks, self._alarm)
        return found

    async def files(self) -> list[str]:
        return await self._vault.paths()

    async def unread(self) -> Mapping[str, str]:
        return {}

    async def find(self, path: str) -> str | None:
        files = await self._vault.paths()
        return next((name for name in (path, path + NOTE) if name in files), None)

    async def links(self, path: str) -> list[Reference]:
        return [edge.plain() for edge in (await self._graph()).links(path)]

    async def backlinks(self, path: str) -> list[Reference]:
        return [edge.plain() for edge in (await self._graph()).backlinks(path)]

    async def unresolved(self) -> Mapping[str, tuple[Reference, ...]]:
        found = (await self._graph()).unresolved()
        return {name: tuple(edge.plain() for edge in edges) for name, edges in found.items()}

    async def orphans(self) -> list[str]:
        return list((await self._graph()).orphans())

    async def deadends(self) -> list[str]:
        return list((await self._graph()).deadends())

    async def tags(self) -> tuple[TagNode, ...]:
        return (await self._graph()).tags()

    async def outline(self, path: str) -> list[OutlineEntry]:
        data = await self._vault.read(path)
        return [] if data is None else list(outline(scan(read(data)).headings))

    async def stats(self) -> Stats:
        return (await self._graph()).stats()

    def hint(self, path: str) -> None:
        self.hints.append(path)

    def subscribe(self, listener: Listener) -> None:
        self.listeners.append(listener)

    def tell(self, *paths: str) -> None:
        """These notes changed."""
        for listener in self.listeners:
            listener(frozenset(paths))

    async def settle(self) -> None:
        """Nothing is kept, so nothing is behind."""

    async def _graph(self) -> Graph:
        files = await self._vault.paths()
        graph = Graph(files)
        for path in filter(is_note, files):
            data = await self._vault.read(path)
            if data is not None:
                graph.add(path, scan(read(data)))
        return graph
