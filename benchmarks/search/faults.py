"""Kill, stop and flood the index, and compare it with the disk: ``python -m ...search.faults``."""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from loguru import logger

from octopus.backends.whoosh.engine import Engine
from octopus.backends.whoosh.settings import IndexSettings

RESULTS = Path(__file__).parent.parent / "results" / "search-faults.json"
REPOSITORY = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far the index is from the disk, and how long it took to get there."""

    seconds: float
    missing: int  # notes that are not found by what they say
    ghosts: int  # notes that are found and are not there, or by what they no longer say
    bytes: int = 0  # of the index's folder


@contextmanager
def keeper(vault: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that keeps the index, killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.search.keeper", str(vault), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.communicate()


def ready(process: subprocess.Popen[str]) -> None:
    """Wait until the process has caught up."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", "the keeper did not start"


def reader(vault: Path, folder: Path) -> Engine:
    """An engine that reads beside the keeper."""
    engine = Engine(vault, folder, IndexSettings(today=lambda: date(2026, 11, 20)))
    engine.open(True)
    return engine


class Mirror:
    """The notes of a vault and the one word that each of them says."""

    def __init__(self, vault: Path, seed: int) -> None:
        self.vault = vault
        self.words: dict[str, str] = {}
        self._rnd = random.Random(seed)
        self._step = 0
        vault.mkdir(parents=True, exist_ok=True)

    def change(self, names: int) -> None:
        """Write, remove or move a note."""
        rnd = self._rnd
        self._step += 1
        path = f"{rnd.choice(['', 'a/', 'b/c/'])}n{rnd.randrange(names)}.md"
        target = self.vault / path
        target.parent.mkdir(parents=True, exist_ok=True)
        roll = rnd.random()
        if roll < 0.2 and path in self.words:
            target.unlink()
            del self.words[path]
        elif roll < 0.4 and self.words:
            old = rnd.choice(sorted(self.words))
            (self.vault / old).replace(target)
            self.words[path] = self.words.pop(old)
        else:
            self.words[path] = f"zork{self._step}x"
            saved = target.with_name(f".{target.name}.tmp")
            saved.write_text(f"common {self.words[path]}\n")
            saved.replace(target)

    def difference(self, engine: Engine, sample: int = 300) -> tuple[int, int]:
        """How many notes are missing from the index, and how many ghosts are in it."""
        found = {hit.path for hit in engine.search("common", 10**6, 0).hits}
        missing = len(self.words.keys() - found)
        ghosts = len(found - self.words.keys())
        for path in self._rnd.sample(sorted(self.words), min(sample, len(self.words))):
            hits = engine.search(f'"{self.words[path]}"', 10, 0).hits
            missing += path not in {hit.path for hit in hits}
            ghosts += sum(hit.path != path for hit in hits)
        return missing, ghosts


def settled(mirror: Mirror, engine: Engine, limit: float) -> Outcome:
    """Wait until the index equals the disk."""
    started = time.monotonic()
    while True:
        missing, ghosts = mirror.difference(engine)
        seconds = time.monotonic() - started
        if not (missing or ghosts) or seconds > limit:
            return Outcome(seconds, missing, ghosts)
        time.sleep(0.1)


def kills(scratch: Path, count: int, names: int = 200, seed: int = 1) -> Outcome:
    """Kill the keeper at ``count`` random moments while the vault changes under it."""
    rnd = random.Random(seed)
    mirror = Mirror(scratch / "vault", seed)
    folder = scratch / "index"
    for _ in range(names):
        mirror.change(names)
    for _ in range(count):
        with keeper(mirror.vault, folder) as process:
            if rnd.random() < 0.8:
                ready(process)
            end = time.monotonic() + rnd.uniform(0.0, 0.25)
            while time.monotonic() < end:
                mirror.change(names)
                time.sleep(0.002)
    with keeper(mirror.vault, folder) as process:
        ready(process)
        engine = reader(mirror.vault, folder)
        outcome = settled(mirror, engine, 60)
        engine.close()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Outcome(outcome.seconds, outcome.missing, outcome.ghosts, size)


def burst(scratch: Path, count: int) -> Outcome:
    """Change ``count`` files while the keeper is stopped, so that the kernel drops events."""
    mirror = Mirror(scratch / "vault", 2)
    folder = scratch / "index"
    for _ in range(100):
        mirror.change(count)
    with keeper(mirror.vault, folder) as process:
        ready(process)
        process.send_signal(signal.SIGSTOP)
        for _ in range(count):
            mirror.change(count)
        process.send_signal(signal.SIGCONT)
        engine = reader(mirror.vault, folder)
        outcome = settled(mirror, engine, 60)
        engine.close()
    return outcome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--burst", type=int, default=30_000)
    options = parser.parse_args()
    logger.remove()
    report = {}
    with tempfile.TemporaryDirectory(prefix="octopus-faults-") as scratch:
        for name, outcome in (
            (f"burst of {options.burst} files", burst(Path(scratch, "burst"), options.burst)),
            (f"{options.kills} kills", kills(Path(scratch, "kills"), options.kills)),
        ):
            print(
                f"{name}: equal after {outcome.seconds:.1f} s,"
                f" {outcome.missing} missing, {outcome.ghosts} ghosts",
                flush=True,
            )
            report[name] = {
                "seconds": outcome.seconds,
                "missing": outcome.missing,
                "ghosts": outcome.ghosts,
            }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1), "utf-8")


if __name__ == "__main__":
    main()
