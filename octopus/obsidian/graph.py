"""For knowing how the notes of a vault hang together: links both ways, tags, what leads nowhere.

Orphans and dead ends are those of Obsidian's own command line: files that nothing links to, and
files that link to nothing. Decided here: a link to the note itself counts for neither, and a link
to a note not yet written leads nowhere, so it does not save a dead end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from octopus.core.graph import OutlineEntry, Reference, Stats, TagNode
from octopus.obsidian.note import Heading, Link, Note
from octopus.obsidian.path import NOTE, is_note, key
from octopus.obsidian.resolve import Resolver, name_sought, names_answered


class Edge(NamedTuple):
    """A link as it stands in a note, and the file that it means; None for a note not yet there."""

    source: str
    link: Link
    target: str | None

    def plain(self) -> Reference:
        """Without what only the scanner needs to know."""
        link = self.link
        return Reference(
            source=self.source,
            kind=link.kind,
            target=link.target,
            subpath=link.subpath,
            display=link.display,
            line=link.line,
            property=link.field,
            resolved=self.target,
        )


class Graph:
    """The links and tags of a vault. One file more or less costs as much as the links of its name.

    What a link means can change with every file that comes or goes; it is looked up again when
    somebody asks.
    """

    def __init__(self, files: Iterable[str] = ()) -> None:
        self._files = Resolver(files)
        self._notes: dict[str, Note] = {}
        self._naming: dict[str, set[str]] = {}  # name in a link: the notes that have such a link
        self._stale: set[str] = set()
        self._out: dict[str, tuple[Edge, ...]] = {}
        self._in: dict[str, set[str]] = {}

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def add(self, path: str, note: Note | None = None) -> None:
        """A file is there now, or says something else now; ``note`` is None for attachments."""
        if path in self._files:
            self._forget(path)
        else:
            self._files.add(path)
            self._unsettle(path)
        if note is not None:
            self._notes[path] = note
            for name in _names(path, note):
                self._naming.setdefault(name, set()).add(path)
            self._stale.add(path)

    def remove(self, path: str) -> None:
        """A file is gone; one that was not there is no mistake."""
        if path not in self._files:
            return
        self._forget(path)
        self._files.remove(path)
        self._unsettle(path)

    def links(self, path: str) -> tuple[Edge, ...]:
        """The links in a note, in their order; those to a place in the note itself left out."""
        self._settle()
        return self._out.get(path, ())

    def backlinks(self, path: str) -> tuple[Edge, ...]:
        """The links of other notes to this file."""
        self._settle()
        sources = sorted(self._in.get(path, ()))
        return tuple(
            each for source in sources for each in self._out[source] if each.target == path
        )

    def unresolved(self) -> Mapping[str, tuple[Edge, ...]]:
        """The links that no file answers, by what they call it, in the spelling found first."""
        self._settle()
        found: dict[str, tuple[str, list[Edge]]] = {}
        for path in sorted(self._out):
            for each in self._out[path]:
                if each.target is None:
                    same = same_target(each.link.target)
                    found.setdefault(same, (each.link.target.strip(), []))[1].append(each)
        return {name: tuple(each) for _, (name, each) in sorted(found.items())}

    def orphans(self) -> tuple[str, ...]:
        """The notes that no other note links to."""
        self._settle()
        return tuple(path for path in self._paths() if not self._in.get(path))

    def deadends(self) -> tuple[str, ...]:
        """The notes that link to no other file."""
        self._settle()
        return tuple(
            path
            for path in self._paths()
            if all(each.target in (None, path) for each in self._out.get(path, ()))
        )

    def tags(self) -> tuple[TagNode, ...]:
        """The tags of all notes as a tree, by name."""
        return tag_tree(note.tags for note in self._notes.values())

    def stats(self) -> Stats:
        """The numbers of the vault."""
        self._settle()
        references = [each for path in self._notes for each in self._out.get(path, ())]
        return Stats(
            files=len(self._files),
            notes=len(self._paths()),
            links=len(references),
            unresolved=sum(each.target is None for each in references),
            orphans=len(self.orphans()),
            deadends=len(self.deadends()),
            tags=sum(1 for _ in flat(self.tags())),
            tasks=sum(len(note.tasks) for note in self._notes.values()),
        )

    def _paths(self) -> list[str]:
        return sorted(path for path in self._files if is_note(path))

    def _forget(self, path: str) -> None:
        """Take out what a note says."""
        note = self._notes.pop(path, None)
        if note is None:
            return
        for name in _names(path, note):
            self._naming[name].discard(path)
            if not self._naming[name]:
                del self._naming[name]
        self._unlink(path)
        self._stale.discard(path)

    def _unsettle(self, path: str) -> None:
        """Links that name this file may mean another one now."""
        for spelled in names_answered(path):
            self._stale |= self._naming.get(spelled, set())

    def _unlink(self, path: str) -> None:
        for each in self._out.pop(path, ()):
            if each.target is not None:
                self._in.get(each.target, set()).discard(path)

    def _settle(self) -> None:
        while self._stale:
            path = self._stale.pop()
            self._unlink(path)
            found = tuple(
                Edge(path, link, self._files.resolve(link.target, path))
                for link in self._notes[path].links
                if link.target
            )
            self._out[path] = found
            for each in found:
                if each.target not in (None, path):
                    self._in.setdefault(str(each.target), set()).add(path)


def _names(path: str, note: Note) -> set[str]:
    """The names that the links of a note look for."""
    return {name_sought(link.target, path) for link in note.links if link.target}


def same_target(target: str) -> str:
    """What the spellings of a note not yet written have in common."""
    return key(target.strip().removesuffix(NOTE))


def tag_tree(tags_of_notes: Iterable[Iterable[str]]) -> tuple[TagNode, ...]:
    """The tags of notes as a tree, by name. Each note's tags are different and have their "#"."""
    notes: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for tags in tags_of_notes:
        own: dict[str, str] = {}
        for tag in tags:
            for name in _above(tag):
                own.setdefault(name.casefold(), name)
        notes.update(own.keys())
        for same, name in own.items():
            spellings.setdefault(same, Counter())[name] += 1
    return _tree(notes, spellings)


def _above(tag: str) -> Iterator[str]:
    """ "#a/b/c": "#a", "#a/b", "#a/b/c"."""
    for at, char in enumerate(tag):
        if char == "/" and at > 1:
            yield tag[:at]
    yield tag.rstrip("/")


def _tree(notes: Mapping[str, int], spellings: Mapping[str, Counter[str]]) -> tuple[TagNode, ...]:
    below: dict[str, list[TagNode]] = {}
    # The deepest first: their parents find them ready. Of one depth by name.
    for same in sorted(notes, key=lambda name: (-name.count("/"), name)):
        name = min(spellings[same], key=lambda each: (-spellings[same][each], each))
        node = TagNode(name, notes[same], tuple(below.pop(same, ())))
        parent = same.rpartition("/")[0]
        below.setdefault(parent if parent in notes else "", []).append(node)
    return tuple(sorted(below.get("", ()), key=lambda node: node.name.casefold()))


def flat(tags: Iterable[TagNode]) -> Iterator[tuple[int, TagNode]]:
    """Each tag of a tree with its depth, from the top."""
    todo = [(0, tag) for tag in reversed(tuple(tags))]
    while todo:
        depth, tag = todo.pop()
        yield depth, tag
        todo += [(depth + 1, child) for child in reversed(tag.children)]


def outline(headings: Iterable[Heading]) -> tuple[OutlineEntry, ...]:
    """The headings of a note with their depth, 0 at the top: a skipped level is no level."""
    open_: list[int] = []
    found = []
    for heading in headings:
        while open_ and open_[-1] >= heading.level:
            open_.pop()
        found.append(OutlineEntry(heading.level, len(open_), heading.text, heading.line))
        open_.append(heading.level)
    return tuple(found)
