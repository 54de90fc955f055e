"""A double of the ``Notes`` port that reads all files of a vault whenever somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import time

from octopus.core.graph import (
    ConflictCopy,
    Mention,
    Neighbour,
    Neighbourhood,
    OutlineEntry,
    Reference,
    Stats,
    TagNode,
)
from octopus.core.ports import Listener, Vault
from octopus.core.privacy import private
from octopus.core.todo import Todo
from octopus.obsidian.conflict import conflict_of, copy_of
from octopus.obsidian.graph import Graph, outline
from octopus.obsidian.mention import mention_pattern, mentions
from octopus.obsidian.path import NOTE, is_note, stem
from octopus.obsidian.resolve import name_sought, names_answered
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import FILES, read_settings
from octopus.obsidian.text import read
from octopus.obsidian.todos import todos


class FakeNotes:
    """Nothing is kept, so nothing is behind. ``tell`` says to the listeners what changed."""

    def __init__(self, vault: Vault, alarm: time = time(9), private: tuple[str, ...] = ()) -> None:
        self._private = private
        self._vault = vault
        self._alarm = alarm
        self.hints: list[str] = []
        self.listeners: list[Listener] = []

    async def todos(self, paths: Collection[str] | None = None) -> list[Todo]:
        settings = read_settings({name: await self._vault.text_of(name) for name in FILES})
        found: list[Todo] = []
        for path in await self._vault.notes():
            data = await self._vault.read(path)
            if data is not None and (paths is None or path in paths):
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

    async def seeking(self, paths: Sequence[str]) -> list[str]:
        names = {name for path in paths for name in names_answered(path)}
        found = []
        for path in await self._vault.notes():
            data = await self._vault.read(path)
            links = scan(read(data)).links if data is not None else ()
            if not copy_of(path) and names & {name_sought(link.target, path) for link in links}:
                found.append(path)
        return found

    async def unresolved(self) -> Mapping[str, tuple[Reference, ...]]:
        found = (await self._graph()).unresolved()
        return {name: tuple(edge.plain() for edge in edges) for name, edges in found.items()}

    async def orphans(self) -> list[str]:
        return list((await self._graph()).orphans())

    async def deadends(self) -> list[str]:
        return list((await self._graph()).deadends())

    async def tags(self, without: Collection[str] = ()) -> tuple[TagNode, ...]:
        return (await self._graph(without)).tags()

    async def private(self) -> frozenset[str]:
        found = set()
        for path in await self._vault.paths():
            tags = scan(read(await self._vault.read(path) or b"")).tags if is_note(path) else ()
            if private(path, tags, self._private):
                found.add(path)
        return frozenset(found)

    async def outline(self, path: str) -> list[OutlineEntry]:
        data = await self._vault.read(path)
        return [] if data is None else list(outline(scan(read(data)).headings))

    async def stats(self) -> Stats:
        return (await self._graph()).stats()

    async def mentions(self, path: str, limit: int = 200) -> list[Mention]:
        data = await self._vault.read(path)
        if data is None:
            return []
        pattern = mention_pattern([stem(path), *scan(read(data)).aliases])
        found = []
        for source in await self._vault.notes():
            text = read(await self._vault.read(source) or b"")
            if source == path or pattern is None:
                continue
            for span in mentions(text, scan(text), pattern):
                line = text.count("\n", 0, span.offset)
                words = " ".join(text.split("\n")[line].split())
                found.append(Mention(source, line + 1, text[span.offset : span.end], words))
        return found[:limit]

    async def neighbourhood(
        self, path: str, depth: int = 2, most: int = 200, without: Collection[str] = ()
    ) -> Neighbourhood:
        graph = await self._graph()
        files = [file for file in await self._vault.paths() if file not in without]
        out: dict[str, set[str]] = {
            file: {edge.target or f"? {edge.link.target}" for edge in graph.links(file)}
            - set(without)
            for file in files
        }
        near = {path: 0}
        for distance in range(1, depth + 1):
            ring = [node for node, far in near.items() if far == distance - 1]
            for node in ring:
                into = {source for source in files if node in out[source]}
                for other in sorted(out.get(node, set()) | into):
                    near.setdefault(other, distance)
        nodes = sorted(near, key=lambda node: (near[node], node))[:most]
        edges = {
            (nodes.index(source), nodes.index(target))
            for source in nodes
            for target in out.get(source, ())
            if target in nodes and target != source
        }
        around = (
            Neighbour(node.removeprefix("? "), near[node], not node.startswith("? "))
            for node in nodes
        )
        return Neighbourhood(tuple(around), tuple(sorted(edges)), len(near) - len(nodes))

    async def conflicts(self) -> list[ConflictCopy]:
        found = ((path, conflict_of(path)) for path in await self._vault.paths())
        return [ConflictCopy(path, copy.original, copy.tool) for path, copy in found if copy]

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

    async def _graph(self, without: Collection[str] = ()) -> Graph:
        files = [path for path in await self._vault.paths() if path not in without]
        graph = Graph(files)
        for path in filter(is_note, files):
            data = await self._vault.read(path)
            if data is not None:
                graph.add(path, scan(read(data)))
        return graph
