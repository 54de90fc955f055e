"""What is sent, and what must be in the vault in the end. Seeded: one seed, one run."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

# Around the mark of a text: what people really write, and what breaks careless programs. No
# words that a date parser would take for a time: these are captures, whatever the rules know.
_PHRASES = (
    ("the lamp", "belongs in the hall"),
    ("recipe of Lena", "two onions & <one> carrot"),
    ("идея", "абонемент в бассейн"),
    ("冰箱型号", "BX"),
    ("roof tiles 🏠🔧", "ask *Paul* about [slate](x)"),
    ("wifi code", "a_b_c `d` #e"),
    ("song", "שלום עולם"),
    ("book list\n- first\n- second", "\nlast line"),
    ("Straße", "größe x"),
    ("quote “so it goes”", "… and % of {it} \\ all"),
)


class Sort(StrEnum):
    """The kinds of things that are sent."""

    CAPTURE = "capture"
    TWIN = "twin"  # the very text of an earlier capture: two notes, not one
    SEARCH = "search"
    EDIT = "edit"
    PRESS = "press"  # Undo under a receipt
    TODO = "todo"  # a line of the to-do note
    DONE = "done"  # and that line ticked


@dataclass(slots=True)
class Sent:
    """One thing that the owner did. ``message_id`` is the message that it is visible on."""

    sort: Sort
    mark: str  # unique word in the text
    text: str  # what the note must hold, byte for byte; for a search the query
    message_id: int = 0
    query_id: str = ""  # of a press
    replaced_by: str = ""  # mark of the edit that came later
    undone: bool = False
    cycle: int = 0


@dataclass(slots=True)
class Plan:
    """Decides what comes next and remembers what was sent."""

    seed: int
    todos: bool = False  # only of a bot that knows what they are
    random: random.Random = field(init=False)
    sent: list[Sent] = field(default_factory=list)
    _captures: list[Sent] = field(default_factory=list)
    _todos: list[Sent] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def next(self, count: int) -> Iterator[Sent]:
        """``count`` things to send. Those that refer to earlier ones choose among these."""
        for _ in range(count):
            yield self._one()

    def _one(self) -> Sent:
        if self.todos and self.random.random() < 0.2:
            return self._todo()
        dice = self.random.random()
        free = self._captures
        if dice < 0.15 and free:
            known = self.random.choice(free)
            return self._add(Sent(Sort.SEARCH, self._mark("q"), f"search {known.mark}"))
        if dice < 0.20 and free:
            first = self.random.choice(free[-50:])
            free.remove(first)  # its mark now stands for two notes: nothing else happens to it
            return self._add(Sent(Sort.TWIN, first.mark, first.text))
        if dice < 0.32 and free:
            first = self.random.choice(free[-50:])
            free.remove(first)
            again = self._capture(Sort.EDIT)
            first.replaced_by = again.mark
            again.message_id = first.message_id
            free.append(again)  # it may be edited again
            return self._add(again)
        capture = self._capture(Sort.CAPTURE)
        free.append(capture)
        return self._add(capture)

    def _todo(self) -> Sent:
        """A new to-do, or one of the last that is ticked."""
        if self._todos and self.random.random() < 0.4:
            first = self._todos.pop(self.random.randrange(len(self._todos)))
            first.replaced_by = first.mark
            words = first.text.removeprefix("- [ ] ")
            return self._add(Sent(Sort.DONE, first.mark, f"- [x] {words} ✅"))
        mark = self._mark("m")
        todo = Sent(Sort.TODO, mark, f"- [ ] mend the {mark}")
        self._todos.append(todo)
        return self._add(todo)

    def _capture(self, sort: Sort) -> Sent:
        mark = self._mark("m")
        head, tail = self.random.choice(_PHRASES)
        return Sent(sort, mark, f"{head} {mark} {tail}")

    def _mark(self, kind: str) -> str:
        """A word that no stemmer or number parser touches: letters only, all different."""
        self._number += 1
        word, number = "", (self._number * 7919 + self.seed) % 20**6
        for _ in range(6):
            number, rest = divmod(number, 20)
            word += "bcdfghjklmnpqrstvwxz"[rest]
        return f"{kind}{word}zk"

    def _add(self, sent: Sent) -> Sent:
        self.sent.append(sent)
        return sent

    @staticmethod
    def said(sent: Sent) -> str:
        """What the owner writes for it."""
        if sent.sort is Sort.SEARCH:
            return sent.text
        if sent.sort is Sort.TODO:
            return f"/todo {sent.text.removeprefix('- [ ] ')}"
        return f"done {sent.mark}" if sent.sort is Sort.DONE else f"note: {sent.text}"

    def press(self, receipts: Iterable[tuple[int, str]], count: int) -> list[Sent]:
        """Choose receipts whose Undo is pressed: ``(message_id, text of the receipt)``.

        Only those that name exactly one mark, so that what must disappear is known.
        """
        found: list[Sent] = []
        marks = {
            capture.mark: capture for capture in self._captures if capture.sort is Sort.CAPTURE
        }
        for message_id, text in receipts:
            named = [mark for mark in marks if mark in text] if "zk" in text else []
            if len(named) == 1 and len(found) < count:
                capture = marks.pop(named[0])
                self._captures.remove(capture)
                capture.undone = True
                found.append(self._add(Sent(Sort.PRESS, capture.mark, "", message_id)))
        return found

    def expected(self) -> dict[str, tuple[str, int]]:
        """By mark: the text that has to be in the vault, and in how many notes."""
        wanted: dict[str, tuple[str, int]] = {}
        for sent in self.sent:
            if sent.sort in (Sort.TODO, Sort.DONE):
                wanted[sent.mark] = (sent.text, 1)
            elif sent.sort in (Sort.CAPTURE, Sort.EDIT):
                wanted[sent.mark] = (sent.text, 0 if sent.replaced_by or sent.undone else 1)
            elif sent.sort is Sort.TWIN:
                text, count = wanted[sent.mark]
                wanted[sent.mark] = (text, count + 1)
        return wanted
