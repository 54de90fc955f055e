"""What the owner's own programs do to the notes: an Obsidian and a Syncthing, made up."""

from __future__ import annotations

import os
import random
import secrets
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from tests.race.scene import is_whole, name, owners_turn


@dataclass(frozen=True, slots=True)
class Stage:
    """Where and how much."""

    root: Path  # the vault
    outside: Path  # locks, logs and the state of Octopus
    notes: int
    edits: int  # at least; 0: until the file "stop" is there
    seed: int
    pause: float = 0.0  # seconds between two edits, at most

    def over(self, made: int) -> bool:
        """Whether it is time to stop: after ``edits``, once Octopus has made enough beside them."""
        if self.edits:
            return made >= self.edits and (self.outside / "enough").exists()
        return (self.outside / "stop").exists()


class Programme(ABC):
    """One program of the owner's. It writes down each edit before it makes it."""

    def __init__(self, stage: Stage, label: str) -> None:
        self.stage = stage
        self.label = label
        self.dice = random.Random(f"{stage.seed} {label}")
        self.count = 0
        self._log = (stage.outside / f"edits.{label}").open("a", encoding="ascii")
        self._torn = stage.outside / "torn"

    def run(self) -> None:
        """All edits."""
        while not self.stage.over(self.count):
            note = self.dice.randrange(self.stage.notes)
            self.count += 1
            with owners_turn(self.stage.outside / "locks", note):
                self.edit(note, self.stage.root / name(note))
            time.sleep(self.dice.uniform(0, self.stage.pause))

    @abstractmethod
    def edit(self, note: int, path: Path) -> None:
        """One edit of one note."""

    def mark(self, note: int) -> bytes:
        """A new mark, written down as an edit of this note."""
        mark = f"own-{self.label}-{self.count}"
        self._log.write(f"{mark} {note}\n")
        self._log.flush()
        return mark.encode()

    def read(self, path: Path) -> bytes:
        """The note; nobody of the owner's writes it now, so it has to be whole."""
        for _ in range(20):
            text = path.read_bytes()
            if is_whole(text):
                break
            with self._torn.open("a") as file:
                file.write(f"{self.label} read {len(text)} bytes of {path.name}\n")
            time.sleep(0.001)  # a person would look again, too
        return text

    def changed(self, text: bytes, mark: bytes) -> bytes:
        """The text with one edit in it, at one of several places."""
        log, tasks = text.find(b"## Log\n\n"), text.find(b"\n\n## Tasks")
        kind = self.dice.randrange(4)
        if kind == 0:  # where Octopus appends
            return text[:tasks] + b"\n- words of the owner's " + mark + text[tasks:]
        if kind == 1:
            place = log + len(b"## Log\n\n")
            return text[:place] + b"- the newest first " + mark + b"\n" + text[place:]
        lines = text.split(b"\n")  # more words in a line of their own
        own = [n for n, line in enumerate(lines) if b"own-" in line or b"first line" in line]
        if kind == 2 and own:
            lines[self.dice.choice(own)] += b" " + mark
            return b"\n".join(lines)
        return text.replace(b"\n%% end", b"\na closing line " + mark + b"\n\n%% end")


class Obsidian(Programme):
    """Reads a note, lets the owner type, and saves its buffer: all of it, whatever came between.

    On the desktop by a temporary file or in place, on a phone in place, with the file empty or
    half-written for a while.
    """

    def edit(self, note: int, path: Path) -> None:
        """Read, wait, save."""
        buffer = self.changed(self.read(path), self.mark(note))
        held = self.dice.choices((0.0, 0.002, 0.02, 0.15), (30, 40, 25, 5))[0]
        time.sleep(self.dice.uniform(0, held))
        (self._atomic if self.dice.random() < 0.5 else self._in_place)(path, buffer)

    def _atomic(self, path: Path, buffer: bytes) -> None:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        temporary.write_bytes(buffer)
        temporary.rename(path)

    def _in_place(self, path: Path, buffer: bytes) -> None:
        if self.dice.random() < 0.2:  # open a while before anything is written
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
            time.sleep(self.dice.uniform(0, 0.004))
            os.ftruncate(descriptor, 0)
        else:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        cuts = sorted(self.dice.randrange(len(buffer) + 1) for _ in range(self.dice.randrange(3)))
        try:
            for start, end in zip((0, *cuts), (*cuts, len(buffer)), strict=True):
                os.write(descriptor, buffer[start:end])
                time.sleep(self.dice.uniform(0, 0.002))
        finally:
            os.close(descriptor)


class Syncthing(Programme):
    """Brings edits of another device, which knows the note as it was at the last scan.

    Where the note has changed here since, what is here becomes a conflict copy, as Syncthing's
    documentation says ("Conflicting Changes"), and the other device's text takes its place.
    """

    SCAN = 0.5  # seconds

    def __init__(self, stage: Stage, label: str) -> None:
        super().__init__(stage, label)
        self._known: dict[int, tuple[float, bytes]] = {}
        self.copies = 0

    def edit(self, note: int, path: Path) -> None:
        """Take an edit of the other device in."""
        local = self.read(path)
        scanned, known = self._known.get(note, (0.0, b""))
        if time.monotonic() - scanned > self.SCAN or self.dice.random() < 0.7:
            known = local
        made = time.time()
        remote = self.changed(known, self.mark(note))
        temporary = path.with_name(f".syncthing.{path.name}.tmp")
        temporary.write_bytes(remote)
        time.sleep(self.dice.uniform(0, 0.01))
        os.utime(temporary, (made, made))
        if path.read_bytes() != known:
            self.copies += 1
            moment = time.strftime("%Y%m%d-%H%M%S")
            serial = f"{self.copies:07d}"
            path.rename(path.with_name(f"{path.stem}.sync-conflict-{moment}-{serial}.md"))
        temporary.rename(path)
        self._known[note] = time.monotonic(), remote
