"""For finding the file that a link means, as Obsidian does it.

The order, seen in Obsidian 1.13: the exact vault path; then the file's name anywhere, where the
source's own folder wins, then the shortest path. Case never matters, ".md" is tried first, aliases
never resolve. Decided here, for want of evidence: a path may be the end of a longer one
("b/Note" finds "a/b/Note.md"); of equal lengths the name in the very same case wins, then the
alphabet; "./" and "../" start at the source; accents match composed or not.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from octopus.obsidian.path import NOTE, folder, is_note, key


class Entry(NamedTuple):
    """A file, and what all spellings of its path have in common."""

    path: str
    key: str


#: The files of a name, in the form that :func:`name_of` gives it.
Lookup = Callable[[str], Sequence[Entry]]


class Resolver:
    """The files of a vault by name. Adding and removing one is cheap."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._names: dict[str, list[Entry]] = {}
        self._paths: set[str] = set()
        for path in paths:
            self.add(path)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def add(self, path: str) -> None:
        """A file is there now."""
        if path in self._paths:
            return
        self._paths.add(path)
        spelled = key(path)
        self._names.setdefault(_name(spelled), []).append(Entry(path, spelled))

    def remove(self, path: str) -> None:
        """A file is gone; one that was not there is no mistake."""
        if path not in self._paths:
            return
        self._paths.remove(path)
        spelled = key(path)
        name = _name(spelled)
        left = [entry for entry in self._names[name] if entry.path != path]
        if left:
            self._names[name] = left
        else:
            del self._names[name]

    def copy(self) -> Resolver:
        """A second one that changes on its own, for what-if questions."""
        other = Resolver()
        other._names = {name: list(entries) for name, entries in self._names.items()}
        other._paths = set(self._paths)
        return other

    def same_name(self, path: str) -> tuple[str, ...]:
        """Every file whose name is that of ``path`` but for its case, itself included."""
        return tuple(entry.path for entry in self._names.get(_name(key(path)), ()))

    def resolve(self, target: str, source: str = "") -> str | None:
        """The path of the file that ``target`` (without subpath) means in the note ``source``.

        None where there is none: in Obsidian such a link stands for a note not yet written.
        """
        return resolve(self._entries, target, source)

    def _entries(self, name: str) -> Sequence[Entry]:
        return self._names.get(name, ())


def resolve(lookup: Lookup, target: str, source: str = "") -> str | None:
    """As :meth:`Resolver.resolve`, for files that are kept elsewhere."""
    if not target.strip():
        return source or None
    wanted, exact = _wanted(target, source)
    if wanted is None:
        return None
    spelled = key(wanted)
    both = (spelled + NOTE, wanted + NOTE), (spelled, wanted)
    for same, written in reversed(both) if is_note(wanted) else both:
        entries = lookup(_name(same))
        if entries:
            found = _choose(entries, same, written, source, exact)
            if found is not None:
                return found
    return None


def name_sought(target: str, source: str = "") -> str:
    """The name that a link looks for: what it means can change with the files of this name."""
    wanted, _ = _wanted(target, source)
    return _name(key(wanted)) if wanted is not None else ""


def name_of(path: str) -> str:
    """The name of a file, as lookups ask for it."""
    return _name(key(path))


def names_answered(path: str) -> tuple[str, ...]:
    """The names in links that the file at ``path`` may answer."""
    name = name_of(path)
    return (name, name.removesuffix(NOTE)) if name.endswith(NOTE) else (name,)


def _wanted(target: str, source: str) -> tuple[str | None, bool]:
    """The path that is looked for, and whether nothing but it will do."""
    target = target.strip()
    if not target.startswith(("./", "../")):
        return target.strip("/"), False
    target = posixpath.normpath(posixpath.join(folder(source), target))
    return (None if target.startswith("..") else target), True


def _choose(
    entries: Sequence[Entry], spelled: str, written: str, source: str, exact: bool
) -> str | None:
    same = [entry.path for entry in entries if entry.key == spelled]
    if same:
        return written if written in same else min(same)
    if exact:
        return None
    if "/" in spelled:
        ending = f"/{spelled}"
        entries = [entry for entry in entries if entry.key.endswith(ending)]
    if not entries:
        return None
    if len(entries) == 1:
        return entries[0].path
    here = key(folder(source))
    own = f"{here}/{spelled}" if here else spelled
    name = _name(written)

    def rank(entry: Entry) -> tuple[bool, int, bool, str]:
        path = entry.path
        return entry.key != own, len(path), _name(path) != name, path

    return min(entries, key=rank).path


def _name(path: str) -> str:
    return path[path.rfind("/") + 1 :]
