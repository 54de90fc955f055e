"""To-dos edited from both sides at once end in the same state on both, and nothing is doubled.

The owner edits the notes, between and in the middle of our writes; the phone adds, ticks, moves
and drops, by message and by button. A model of plain dictionaries says what must be there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import pytest

from octopus.app.live import Habits, LiveViews
from octopus.core.job import Job
from octopus.core.message import Kind
from octopus.obsidian.todo_change import Ticked
from tests.fakes.desk import CHAT, Desk, reply_of
from tests.fakes.notes import FakeNotes
from tests.obsidian.nasty import FULL

EDITS = 500
SEEDS = range(40) if FULL else range(2)
KEPT = 12  # messages that are kept true
NOTES = ("Tasks.md", "Home/Plan.md")
DAYS = [f"2026-{month}-{day:02}" for month in (11, 12) for day in range(1, 29)]

LINE = re.compile(r"(\s*)- \[(.)\] ((\w+zk) [^📅✅❌⏰]*?)((?: (?:📅|✅|❌) [-0-9]{10})*)")
BOXES = {"open": " ", "done": "x", "dropped": "-"}
SHOWN = {"☐": "open", "☑": "done", "☒": "dropped"}


@dataclass
class Todo:
    """What must be there of one to-do."""

    words: str
    due: str | None = None
    state: str = "open"


@dataclass
class World:
    """The desk, the owner and the model of what both have done."""

    seed: int
    desk: Desk = field(init=False)
    model: dict[str, Todo] = field(default_factory=dict)
    prose: dict[str, list[str]] = field(default_factory=dict)  # the owner's other lines
    messages: list[str] = field(default_factory=list)
    doings: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.desk = Desk()
        self.live = LiveViews(
            FakeNotes(self.desk.vault),
            self.desk.views,
            self.desk.vault,
            self.desk.clock,
            Habits(most=1000),
        )
        for path in NOTES:
            self.prose[path] = ["# Mine", "", "Words of mine, *untouched*."]
            self.desk.vault.files[path] = self.joined(self.prose[path])

    def joined(self, lines: list[str]) -> bytes:
        return "".join(f"{line}\r\n" for line in lines).encode()

    def mark(self) -> str:
        self.count += 1
        letters = "bcdfghjklmnpqrstvw"
        return "".join(letters[(self.count * 7919 // 18**n) % 18] for n in range(5)) + "zk"

    # The owner, who knows nothing of us.

    def lines(self, path: str) -> list[str]:
        return self.desk.vault.files[path].decode().split("\r\n")[:-1]

    def owner(self, path: str = "") -> None:
        """One edit in Obsidian."""
        path = path or self.dice.choice(NOTES)
        lines = self.lines(path)
        places = [at for at, line in enumerate(lines) if LINE.fullmatch(line)]
        kinds = [self.write_prose, self.write_todo, self.write_todo]
        if places:
            kinds += [self.tick, self.reword, self.date, self.move, self.delete, self.indent] * 2
        edit = self.dice.choice(kinds)
        self.doings.append(f"owner: {edit.__name__} in {path}")
        edit(path, lines, self.dice.choice(places) if places else 0)
        self.desk.vault.files[path] = self.joined(lines)

    def write_prose(self, path: str, lines: list[str], at: int) -> None:
        line = f"A line of mine, {self.dice.random()}"
        lines.append(line)
        self.prose[path].append(line)

    def write_todo(self, path: str, lines: list[str], at: int) -> None:
        mark = self.mark()
        self.model[mark] = Todo(f"{mark} mine in the garden")
        lines.append(f"- [ ] {mark} mine in the garden")

    def _at(self, lines: list[str], at: int) -> tuple[str, Todo]:
        match = LINE.fullmatch(lines[at])
        assert match is not None
        return match[1], self.model[match[4]]

    def _put(self, lines: list[str], at: int, todo: Todo, indent: str) -> None:
        due = f" 📅 {todo.due}" if todo.due else ""
        end = {"open": "", "done": " ✅ 2026-11-20", "dropped": " ❌ 2026-11-20"}[todo.state]
        lines[at] = f"{indent}- [{BOXES[todo.state]}] {todo.words}{due}{end}"

    def tick(self, path: str, lines: list[str], at: int) -> None:
        indent, todo = self._at(lines, at)
        todo.state = "open" if todo.state == "done" else "done"
        self._put(lines, at, todo, indent)

    def reword(self, path: str, lines: list[str], at: int) -> None:
        indent, todo = self._at(lines, at)
        mark = todo.words.split()[0]
        todo.words = f"{mark} {self.dice.choice(['mine', 'hers', 'ours'])} in the garden"
        self._put(lines, at, todo, indent)

    def date(self, path: str, lines: list[str], at: int) -> None:
        indent, todo = self._at(lines, at)
        todo.due = self.dice.choice([None, *DAYS])
        self._put(lines, at, todo, indent)

    def move(self, path: str, lines: list[str], at: int) -> None:
        line = lines.pop(at).lstrip()
        lines.insert(self.dice.randrange(3, len(lines) + 1), line)

    def delete(self, path: str, lines: list[str], at: int) -> None:
        _, todo = self._at(lines, at)
        del lines[at], self.model[todo.words.split()[0]]

    def indent(self, path: str, lines: list[str], at: int) -> None:
        if LINE.fullmatch(lines[at - 1]):
            lines[at] = "\t" + lines[at].lstrip()

    # The phone.

    async def phone(self) -> None:
        """One message or one press, perhaps with an edit of the owner in the middle of it."""
        if self.dice.random() < 0.5:

            def meddle(path: str) -> None:
                self.desk.vault.meddle = lambda path: None
                self.owner(path)

            self.desk.vault.meddle = meddle
        kinds: list[Callable[[], object]] = [self.add, self.add, self.add, self.show]
        if self.model:
            kinds += [self.complete, self.reschedule, self.drop, self.press, self.press]
        kind = self.dice.choice(kinds)
        self.doings.append(f"phone: {kind.__name__}")
        await kind()  # type: ignore[misc]
        self.desk.vault.meddle = lambda path: None

    def keep(self, job: Job) -> Job:
        """Remember the message that a reply with to-dos is shown in."""
        if reply_of(job).view is not None and job.lane == CHAT:
            self.messages.append(self.desk.shown(job))
            for old in self.messages[:-KEPT]:  # too old to be kept true
                self.desk.journal.shown.pop((CHAT, old), None)
            self.messages = self.messages[-KEPT:]
        return job

    async def add(self) -> None:
        mark = self.mark()
        self.model[mark] = Todo(f"{mark} mine in the garden")
        self.keep(await self.desk.say(f"/todo {mark} mine in the garden"))

    async def show(self) -> None:
        self.keep(await self.desk.say(self.dice.choice(["/todo", "/today", "/todo week"])))

    def some(self) -> str:
        """One of the to-dos, mostly an open one."""
        open_ = sorted(mark for mark, todo in self.model.items() if todo.state == "open")
        every = sorted(self.model)
        return self.dice.choice(open_ if open_ and self.dice.random() < 0.9 else every)

    async def complete(self) -> None:
        mark = self.some()
        job = self.keep(await self.desk.say(f"done {mark}"))
        self.happened(mark, job, state="done")

    async def drop(self) -> None:
        mark = self.some()
        job = self.keep(await self.desk.act("todo.drop", query=mark))
        self.happened(mark, job, state="dropped")

    async def reschedule(self) -> None:
        mark, due = self.some(), self.dice.choice(DAYS)
        job = self.keep(await self.desk.act("todo.reschedule", query=mark, due=due))
        self.happened(mark, job, due=due)

    def happened(self, mark: str, job: Job, **change: str) -> None:
        """In the model too, where we said that we did it: the owner may have been faster."""
        if not reply_of(job).failed and any(
            effect.job == job.id for effect in self.desk.effects.rows.values()
        ):
            assert mark in self.model, "something was done to a to-do that is gone"
            for name, value in change.items():
                setattr(self.model[mark], name, value)

    async def press(self) -> None:
        """A button of a message, as it is shown at the moment."""
        if not self.messages:
            return
        where = self.dice.choice(self.messages)
        job = self.desk.journal.rows[self.desk.journal.shown[CHAT, where]]
        buttons = [each for each in reply_of(job).buttons if each.intent == "todo.tick"]
        if not buttons:
            return
        button = self.dice.choice(buttons)
        mark = next(iter(re.findall(r"\w+zk", button.args["text"])))
        before = self.model.get(mark)
        was = before.state if before else ""
        writes = len(self.desk.effects.rows)
        pressed = await self.desk.say("", CHAT, kind=Kind.PRESS, press=button.id, message_id=where)
        self.desk.shown(pressed)
        if len(self.desk.effects.rows) > writes and not reply_of(pressed).failed:
            assert mark in self.model, "a button changed another to-do than its own"
            state = "done" if button.args["done"] else "open"
            assert was
            self.model[mark].state = state

    # What must be so.

    def check(self) -> None:
        """The vault is as the model says, to the byte where the owner wrote."""
        found: dict[str, Todo] = {}
        for path in NOTES:
            prose = []
            for line in self.lines(path):
                match = LINE.fullmatch(line)
                if match is None:
                    prose.append(line)
                    continue
                assert match[4] not in found, f"{match[4]} stands there twice"
                due = re.search(r"📅 ([-0-9]+)", match[5])
                state = next(name for name, box in BOXES.items() if box == match[2])
                found[match[4]] = Todo(match[3], due[1] if due else None, state)
            assert prose == self.prose[path], "the owner's own lines were touched"
        assert found == self.model

    async def check_phone(self) -> None:
        """Every message shows what the vault says, and nothing else."""
        await self.live.refresh()
        for where, number in self.desk.journal.shown.items():
            reply = reply_of(self.desk.journal.rows[number])
            if reply.view is None:
                continue
            for sign, mark in re.findall(r"^(?:\d+\. )?([☐☑☒]) (\w+zk)", reply.text, re.MULTILINE):
                assert mark in self.model, f"{where} shows {mark}, which is gone"
                assert SHOWN[sign] == self.model[mark].state, f"{where} shows {mark} as {sign}"
            for mark in re.findall(r"^(?:\d+\. )?not there any more: (\w+zk)", reply.text, re.M):
                assert mark not in self.model, f"{where} does not find {mark}"


async def run(seed: int, edits: int = EDITS) -> World:
    world = World(seed)
    async with world.desk.open():
        for _ in range(edits):
            if world.dice.random() < 0.5:
                world.owner()
            else:
                await world.phone()
            world.check()
            await world.check_phone()
    return world


@pytest.mark.parametrize("seed", SEEDS)
async def test_both_sides_end_in_the_same_state(seed: int) -> None:
    world = await run(seed)
    assert len(world.model) > 10
    assert len(world.doings) >= EDITS
    done = {doing.split(": ")[1].split()[0] for doing in world.doings}
    assert len(done) >= 12, "not every kind of edit came up"


async def test_a_naive_way_of_writing_fails_the_same_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the number of the line, over whatever is there: as a careless program does it."""

    def apply(self: Ticked, old: bytes | None) -> bytes:
        lines = (old or b"").decode().split("\r\n")
        for target in self.targets:
            lines[target.line - 1 : target.line] = self.change(lines[target.line - 1])
        return "\r\n".join(lines).encode()

    monkeypatch.setattr(Ticked, "apply", apply)
    monkeypatch.setattr(Ticked, "mark", lambda self, old: "")
    failed = 0
    for seed in range(3):
        try:
            await run(seed, 150)
        except Exception:  # noqa: BLE001 - whatever goes wrong first
            failed += 1
    assert failed == 3
