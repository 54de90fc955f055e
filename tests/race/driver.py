"""Lets everybody run, kills Octopus at bad moments, and judges what the notes have become."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from octopus.obsidian.conflict import conflict_of
from tests.patience import PATIENCE
from tests.race import octopus as subject
from tests.race.nursery import Nursery
from tests.race.octopus import Life
from tests.race.owner import Obsidian, Stage, Syncthing
from tests.race.scene import boxes, first_text, is_whole, marks, name

POINTS = (
    "effect.intended",
    "vault.written",
    "vault.swapped",
    "vault.replaced",
    "effect.made",
    "effect.done",
)
#: Of all edits, the share that each of the owner's programs makes.
SHARES = {"desktop": 0.4, "phone": 0.4, "sync": 0.2}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done."""

    edits: int = 10_000  # of the owner, at least; ignored with kills: until the last of them
    kills: int = 0
    notes: int = 12
    tasks: int = 60  # in each note
    seed: int = 1
    naive: bool = False
    without: tuple[str, ...] = ()
    pause: float = 0.0  # seconds between two edits of one of the owner's programs, at most


@dataclass(slots=True)
class Verdict:
    """What came of it. ``problems`` is empty where every promise was kept."""

    edits: int = 0
    appends: int = 0
    ticks: int = 0
    made_again: int = 0
    told: int = 0
    kills: int = 0
    points: Counter[str] = field(default_factory=Counter)
    conflict_copies: int = 0
    lost_edits: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    lost_ours: list[str] = field(default_factory=list)
    doubled_ours: list[str] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)  # in the notes, not in the journal
    broken_notes: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def problems(self) -> dict[str, list[str]]:
        """Everything that must not be, by its kind."""
        lists = {
            "owner's edits lost": self.lost_edits,
            "torn reads": self.torn,
            "our changes lost": self.lost_ours,
            "our changes doubled": self.doubled_ours,
            "changes that nobody recorded": self.unrecorded,
            "notes neither old nor new": self.broken_notes,
            "temporary files left": self.left_over,
            "processes that failed": self.died,
        }
        return {name: found for name, found in lists.items() if found}


class Race:
    """One race in a folder of its own."""

    def __init__(self, folder: Path, size: Size) -> None:
        self.size = size
        self.root = folder / "vault"
        self.outside = folder / "outside"
        self.verdict = Verdict()
        self._dice = random.Random(size.seed)
        self._life = Life(
            self.root,
            self.outside,
            size.notes,
            size.tasks,
            size.seed,
            without=size.without,
            naive=size.naive,
        )

    def run(self) -> Verdict:
        """All of it."""
        begun = time.monotonic()
        self._prepare()
        with Nursery() as nursery:
            owners = self._start_owners(nursery)
            if self.size.kills:
                self._kill(nursery)
            else:
                ours = nursery.start(subject.run, self._life)
                for pid in owners:
                    self._expect(nursery, pid, "a program of the owner's")
                self._stop()
                self._expect(nursery, ours, "Octopus")
            self._stop()
            if self.size.kills:
                for pid in owners:
                    self._expect(nursery, pid, "a program of the owner's")
            (self.outside / "stop").unlink()
            last = nursery.start(subject.run, replace(self._life, last=True))
            self._expect(nursery, last, "Octopus, the last time,")
        self._judge()
        self.verdict.seconds = time.monotonic() - begun
        return self.verdict

    def _prepare(self) -> None:
        (self.root / "notes").mkdir(parents=True)
        (self.outside / "locks").mkdir(parents=True)
        for note in range(self.size.notes):
            (self.root / name(note)).write_bytes(first_text(note, self.size.tasks))

    def _start_owners(self, nursery: Nursery) -> list[int]:
        size, pids = self.size, []
        for label, share in SHARES.items():
            kind = Syncthing if label == "sync" else Obsidian
            edits = 0 if size.kills else round(size.edits * share)
            stage = Stage(self.root, self.outside, size.notes, edits, size.seed, size.pause)
            pids.append(nursery.start(_run, kind, stage, label))
        return pids

    def _kill(self, nursery: Nursery) -> None:
        """One life after the other, each ended at a named point or at a random moment."""
        for number in range(self.size.kills):
            point = POINTS[number % (2 * len(POINTS)) // 2] if number % 2 else ""
            after = self._dice.randrange(1, 12)
            life = replace(self._life, point=point, after=after, seed=self._life.seed + number)
            (self.outside / "ready").unlink(missing_ok=True)
            pid = nursery.start(subject.run, life)
            if not point:
                self._wait_for_ready(nursery, pid)
                time.sleep(self._dice.uniform(0, 0.08))
                os.kill(pid, signal.SIGKILL)
            if (code := nursery.wait(pid)) != -signal.SIGKILL:
                self.verdict.died.append(f"exit {code} in life {number}, to die at {point or '?'}")
            self.verdict.kills += 1
            self.verdict.points[point or "a random moment"] += 1
            self._look_at_left()

    def _wait_for_ready(self, nursery: Nursery, pid: int) -> None:
        """Some are killed while they start."""
        if self._dice.random() < 0.1:
            return
        until = time.monotonic() + PATIENCE
        while not (self.outside / "ready").exists() and time.monotonic() < until:
            if nursery.ended(pid):
                return
            time.sleep(0.002)

    def _look_at_left(self) -> None:
        left = self.outside / "left"
        if left.exists():
            self.verdict.left_over.append(left.read_text())
            left.unlink()

    def _stop(self) -> None:
        (self.outside / "stop").touch()

    def _expect(self, nursery: Nursery, pid: int, who: str) -> None:
        if code := nursery.wait(pid):
            self.verdict.died.append(f"{who} ended with {code}")

    # -- the oracle: reads the files, and what everybody wrote down ----------------------------

    def _judge(self) -> None:
        verdict, everywhere = self.verdict, Counter[bytes]()
        texts = dict[int, bytes]()
        for path in (self.root / "notes").iterdir():
            text = path.read_bytes()
            copy = conflict_of(path.name)
            if copy or path.name.startswith("note "):
                everywhere += marks(text)
                verdict.conflict_copies += copy is not None
                if not is_whole(text):
                    verdict.broken_notes.append(path.name)
                if copy is None:
                    texts[int(path.stem.removeprefix("note "))] = text
            else:
                verdict.left_over.append(path.name)
        for log in self.outside.glob("edits.*"):
            for line in log.read_text("ascii").splitlines():
                verdict.edits += 1
                mark = line.split()[0]
                if not everywhere[mark.encode()]:
                    verdict.lost_edits.append(line)
        if (self.outside / "torn").exists():
            verdict.torn += (self.outside / "torn").read_text().splitlines()
        if (self.outside / "told").exists():
            verdict.told = int((self.outside / "told").read_text())
        self._judge_ours(texts, self._begun())

    def _begun(self) -> set[int]:
        """The numbers of the changes that Octopus has to have made."""
        if self.size.naive:
            return {int(line) for line in (self.outside / "made").read_text().split()}
        connection = sqlite3.connect(self.outside / "octopus.db")
        try:
            found = connection.execute("SELECT DISTINCT job FROM effects WHERE step = 1").fetchall()
            again = "SELECT count(*) FROM effects WHERE kind = 'again'"
            (self.verdict.made_again,) = connection.execute(again).fetchone()
        finally:
            connection.close()
        return {job - 1 for (job,) in found}

    def _judge_ours(self, texts: dict[int, bytes], begun: set[int]) -> None:
        verdict = self.verdict
        present = {note: marks(text) for note, text in texts.items()}
        tasks = {note: boxes(text) for note, text in texts.items()}
        for number in sorted(begun):
            note, turn = number % self.size.notes, number // self.size.notes
            if turn % 4 == 3 and turn // 4 < self.size.tasks:
                verdict.ticks += 1
                found = tasks[note].get(f"{note}-{turn // 4}".encode(), [])
                good, count = found == [b"x"], len(found)
                what = f"the tick of task {note}-{turn // 4}: {found}"
            else:
                verdict.appends += 1
                count = present[note][f"oct-x-{number}".encode()]
                good, what = count == 1, f"oct-x-{number} in note {note}"
            if not good:
                (verdict.doubled_ours if count > 1 else verdict.lost_ours).append(what)
        for note, found_marks in present.items():
            for mark in found_marks:
                if mark.startswith(b"oct-") and int(mark.rsplit(b"-")[-1]) not in begun:
                    verdict.unrecorded.append(f"{mark.decode()} in note {note}")


def _run(kind: type[Obsidian] | type[Syncthing], stage: Stage, label: str) -> None:
    kind(stage, label).run()
