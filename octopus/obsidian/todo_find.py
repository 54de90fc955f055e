"""For finding to-dos again that were seen before their notes moved on: ticked, moved, reworded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

from octopus.core.todo import Todo
from octopus.core.view import Shown
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import parse_task

_ALIKE = 0.75  # share of equal letters from which words in the same line are the same to-do
_ALARM = re.compile(r"\s*⏰\ufe0f? *[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{1,2}:[0-9]{2})?")
_STATE = ("done", "cancelled")


def words_of(text: str, settings: Tasks) -> str:
    """What is to be done: the text after a box without fields, alarm, global filter."""
    words = _ALARM.sub("", parse_task(text, settings).description)
    if settings.global_filter:
        words = words.replace(settings.global_filter, "")
    return " ".join(words.split())


class Finder:
    """The to-dos of the vault, asked for by how they were seen earlier."""

    def __init__(self, todos: Iterable[Todo], settings: Tasks) -> None:
        self._settings = settings
        self._by_path: dict[str, list[Todo]] = defaultdict(list)
        for todo in todos:
            self._by_path[todo.path].append(todo)

    def one(self, seen: Shown) -> Todo | None:
        """Where and how a to-do stands now, for changing it; None where it is gone.

        One with other words is never it, however much alike: better nothing than the wrong one.
        """
        return self._all([seen], alike=False)[0]

    def all(self, seen: Sequence[Shown]) -> list[Todo | None]:
        """Where and how each of them stands now, for showing it: it may have been reworded.

        No to-do is taken for two of them.
        """
        return self._all(seen, alike=True)

    def _all(self, seen: Sequence[Shown], *, alike: bool) -> list[Todo | None]:
        """The surest signs come first, for all of them: the very text, an id, the text but for
        whether it is done, the words, and at last a similar text in the same line."""
        signs = [self._text, self._id, self._core, self._words, self._moved]
        found: dict[int, Todo] = {}
        taken: set[tuple[str, int]] = set()
        for sign in [*signs, self._alike] if alike else signs:
            for number, one in enumerate(seen):
                if number in found:
                    continue
                free = [todo for todo in sign(one) if (todo.path, todo.line) not in taken]
                if free:
                    best = min(free, key=lambda todo: abs(todo.line - one.line))
                    found[number] = best
                    taken.add((best.path, best.line))
        return [found.get(number) for number in range(len(seen))]

    def _text(self, seen: Shown) -> list[Todo]:
        return [todo for todo in self._by_path[seen.path] if todo.text == seen.text]

    def _id(self, seen: Shown) -> list[Todo]:
        own = self._ids(seen.text)
        if not own:
            return []
        return [todo for todo in self._by_path[seen.path] if own & self._ids(todo.text)]

    def _ids(self, text: str) -> set[str]:
        read = parse_task(text, self._settings)
        found = {f"id {read.fields['id']}"} if "id" in read.fields else set()
        return found | ({f"block {read.block}"} if read.block else set())

    def _core(self, seen: Shown) -> list[Todo]:
        return self._same(seen, self._without_state)

    def _without_state(self, text: str) -> str:
        read = parse_task(text, self._settings)
        fields = {name: value for name, value in read.fields.items() if name not in _STATE}
        return f"{read.description} {sorted(fields.items())}"

    def _words(self, seen: Shown) -> list[Todo]:
        same = self._same(seen, lambda text: words_of(text, self._settings))
        # What was open is likelier to have got another date than to be an old one that is done.
        return [todo for todo in same if todo.open] or same

    def _same(self, seen: Shown, of: Callable[[str], str]) -> list[Todo]:
        wanted = of(seen.text)
        return [todo for todo in self._by_path[seen.path] if of(todo.text) == wanted]

    def _moved(self, seen: Shown) -> list[Todo]:
        """The very same text, and only once, in another note."""
        same = [
            todo
            for path, todos in self._by_path.items()
            if path != seen.path
            for todo in todos
            if todo.text == seen.text
        ]
        return same if len(same) == 1 else []

    def _alike(self, seen: Shown) -> list[Todo]:
        wanted = words_of(seen.text, self._settings).casefold()
        return [
            todo
            for todo in self._by_path[seen.path]
            if todo.line == seen.line
            and SequenceMatcher(
                None, wanted, words_of(todo.text, self._settings).casefold()
            ).ratio()
            >= _ALIKE
        ]


def usual_note(
    todos: Iterable[Todo], words: str, settings: Tasks, *, besides: str
) -> tuple[str, int] | None:
    """The note in which to-dos of these words stand most often, done or not, and how often.

    The note ``besides`` does not count.
    """
    wanted = words_of(words, settings).casefold()
    counts: dict[str, int] = defaultdict(int)
    for todo in todos:
        if todo.path != besides and wanted in todo.text.casefold():
            counts[todo.path] += words_of(todo.text, settings).casefold() == wanted
    best = max(counts, key=lambda path: counts[path], default="")
    return (best, counts[best]) if best and counts[best] else None
