"""For writing to-dos into notes so that a second run finds what the first one did."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from octopus.core.effect import Edit
from octopus.core.view import Shown
from octopus.errors import NotFound
from octopus.obsidian.edit import open_source
from octopus.obsidian.region import Lines
from octopus.obsidian.task_edit import change_task, find_task

Change = Callable[[str], list[str]]  # a line to the lines that take its place, as in ``tick``


@dataclass(frozen=True, slots=True)
class Added(Edit):
    """Lines that are put into a note; ``plan`` is remembered with them."""

    plan: str = ""

    def mark(self, old: bytes | None) -> str:
        """How often the lines stood there before, and the plan."""
        return json.dumps({"had": Edit.mark(self, old), "plan": self.plan}, ensure_ascii=False)

    def is_in(self, now: bytes | None, mark: str) -> bool:
        """True when the lines stand in the note more often than before."""
        return Edit.is_in(self, now, json.loads(mark)["had"])


def plan_of(mark: str) -> str:
    """What an earlier run had in mind; "" where it left nothing."""
    try:
        found = json.loads(mark)
    except ValueError:
        return ""
    return str(found.get("plan", "")) if isinstance(found, dict) else ""


@dataclass(frozen=True, slots=True)
class Ticked:
    """The same change of some to-dos of one note. Fills the ``Change`` protocol.

    Those that are gone are left out; that all of them are raises NotFound.
    """

    path: str
    targets: tuple[Shown, ...]  # those of this note
    change: Change
    plan: str = ""  # what the whole message is about, for a second run
    kind: str = "edit"
    undoes: int = 0

    def apply(self, old: bytes | None) -> bytes:
        """The note with the lines changed."""
        if old is None:
            raise NotFound("{path} is not there any more.", "error.gone", path=self.path)
        data = old
        for line, text in self._there(old):
            data = change_task(data, line, self.change, text=text)
        return data

    def mark(self, old: bytes | None) -> str:
        """The lines that go and those that come, each with how often it stood there."""
        lines = _lines(old)
        pairs = []
        for line, _ in self._there(old or b""):
            before = Lines(open_source(old or b"").text).content(line - 1)
            after = self.change(before)
            pairs.append(
                [before, lines.count(before), [[each, lines.count(each)] for each in after]]
            )
        return json.dumps({"pairs": pairs, "plan": self.plan}, ensure_ascii=False)

    def is_in(self, now: bytes | None, mark: str) -> bool:
        """Whether one of the lines that come is there, or one that only goes is gone.

        They are written together, so one stands for all.
        """
        lines = _lines(now)
        for before, stood, after in json.loads(mark)["pairs"]:
            new = [(each, had) for each, had in after if each != before]
            if any(lines.count(each) > had for each, had in new):
                return True
            if not after and lines.count(before) < stood:
                return True
        return False

    def _there(self, old: bytes) -> Iterator[tuple[int, str]]:
        """Lines and texts of the targets as they stand in this text, from the end backwards."""
        note = open_source(old).note
        found: set[tuple[int, str]] = set()
        for target in self.targets:
            free = [task for task in note.tasks if (task.line, task.text) not in found]
            same = [task for task in free if task.text == target.text]
            if same:
                best = min(same, key=lambda task: abs(task.line - target.line))
                found.add((best.line, best.text))
        if not found:
            find_task(note, self.targets[0].line, self.targets[0].text)  # raises NotFound
        return iter(sorted(found, reverse=True))


def _lines(data: bytes | None) -> list[str]:
    return open_source(data).text.splitlines() if data else []
