"""Which to-dos a message shows, so that it can be shown anew when they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from octopus.core.todo import Todo


class ViewKind(StrEnum):
    """What a message with to-dos is for."""

    RECEIPT = "receipt"  # what was done to one to-do
    LIST = "list"  # some to-dos, numbered; the same ones as long as it is shown
    TODAY = "today"  # what the day holds, chosen anew whenever it is shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A to-do as a message shows it: enough to find it again in a note that has moved on."""

    path: str
    line: int  # 1-based; 0 once it is gone: what comes to stand there is something else
    text: str  # what stood after the box
    title: str = ""  # its words, for saying what is gone
    group: str = ""  # the heading in a list that it stands under

    @classmethod
    def of(cls, todo: Todo, title: str = "", group: str = "") -> Shown:
        """The to-do as it stands now."""
        return cls(todo.path, todo.line, todo.text, title, group)

    def now(self, todo: Todo, title: str) -> Shown:
        """The same one in the same place of the list, where and as it stands now."""
        return replace(self, path=todo.path, line=todo.line, text=todo.text, title=title)

    def gone(self) -> Shown:
        """The same one, which is nowhere at the moment."""
        return replace(self, line=0)

    def reference(self) -> dict[str, Any]:
        """For the arguments of a button."""
        return {"path": self.path, "line": self.line, "text": self.text}


@dataclass(frozen=True, slots=True)
class View:
    """What a message shows of the to-dos."""

    kind: ViewKind
    items: tuple[Shown, ...] = ()
    language: str = "en"
    head: str = ""  # of a receipt what was done, of a list its title
    tail: str = ""  # what was said besides
    when: str = ""  # which to-dos were asked for
    first: int = 0  # how many came before, on other pages
    total: int = 0  # on all pages together
    effect: int = 0  # what "Undo" takes back; 0 for nothing
    looks: str = ""  # the text that it was shown as; others may have put words around it

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> View:
        """The inverse of ``asdict``."""
        items = tuple(Shown(**item) for item in data["items"])
        return cls(**{**data, "kind": ViewKind(data["kind"]), "items": items})

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @property
    def numbered(self) -> bool:
        """Whether its to-dos have numbers."""
        return self.kind is not ViewKind.RECEIPT or len(self.items) > 1

    def item(self, number: int) -> Shown | None:
        """The to-do with this number in the list as it is shown."""
        place = number - self.first - 1
        return self.items[place] if 0 <= place < len(self.items) else None
