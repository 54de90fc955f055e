"""Thousands of paths that lead out of the vault, through everything that takes a path.

``python -m tests.race.paths [COUNT] [--naive]`` prints as JSON what was seen; for a process of
its own, since it watches all that the process opens.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner
from loguru import logger

import octopus
from octopus.app.build import Octopus
from octopus.backends.vault import VaultFiles
from octopus.cli.note import note
from octopus.config import Config
from octopus.core.effect import Write, digest
from octopus.core.message import Kind
from octopus.errors import OctopusError
from tests.race.guard import Guard
from tests.race.payload import payloads

SWAPPER = "swapper"
SECRET = b"SECRET: nobody may read this"


def prepare(folder: Path) -> tuple[Path, Path]:
    """A vault with links to outside, and the place outside with canaries."""
    root, outside = folder / "vault", folder / "canary"
    for each in (root / "folder", root / "real", root / ".obsidian", outside / "etc"):
        each.mkdir(parents=True)
    for path in (outside / "secret.md", outside / "note.md", outside / "etc/passwd"):
        path.write_bytes(SECRET)
    (folder / "secret.md").write_bytes(SECRET)
    (root / "note.md").write_bytes(b"mine")
    (root / "real/secret.md").write_bytes(b"mine")
    (root / "link").symlink_to(outside)
    (root / "folder/link").symlink_to(outside)
    (root / "linked.md").symlink_to(outside / "secret.md")
    (root / "dangling.md").symlink_to(outside / "made.md")
    (root / "loop").symlink_to(root)
    (root / "swap").symlink_to(outside)
    (root / "swap.md").symlink_to(outside / "secret.md")
    (root / ".obsidian/app.json").symlink_to(outside / "secret.md")
    return root, outside


#: What ``prepare`` and the swapper put into the vault.
KEPT = {"folder", "real", "real.md", "link", "linked.md", "dangling.md", "loop", ".obsidian"}
KEPT |= {"swap", "swap.md", "note.md", "away swap", "away swap.md"}


def clear(root: Path) -> None:
    """Take away what the payloads have made: names by the thousand make every look slow."""
    for path in root.iterdir():
        if path.name in KEPT:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def canaries(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Everything outside, to be compared."""
    kept = [folder / "secret.md", *sorted((folder / "canary").rglob("*"))]
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in kept if path.is_file()
    }


class Swapper:
    """Puts a folder in the place of a link to outside and back, and a file likewise."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name=SWAPPER)
        self.swaps = 0

    def __enter__(self) -> Swapper:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        root = self._root
        (root / "real.md").write_bytes(b"mine")
        while not self._done.is_set():
            for name, real in (("swap", "real"), ("swap.md", "real.md")):
                try:
                    (root / name).rename(root / f"away {name}")
                    (root / real).rename(root / name)
                    (root / name).rename(root / real)
                    (root / f"away {name}").rename(root / name)
                except OSError:  # they were moved, as they may be
                    self._mend(root, name, real)
                self.swaps += 1

    @staticmethod
    def _mend(root: Path, name: str, real: str) -> None:
        outside = root.parent / "canary"
        if not (root / name).is_symlink() and not (root / name).exists():
            (root / name).symlink_to(outside if name == "swap" else outside / "secret.md")


Attempts = Callable[[str], list[Awaitable[Any]]]


def through_the_vault(vault: VaultFiles) -> Attempts:
    """Every method of the port that takes a path."""
    secret, mine = str(digest(SECRET)), str(digest(b"mine"))
    return lambda path: [
        vault.read(path),
        vault.exists(path),
        vault.saved(path),
        vault.text_of(path),
        vault.write(path, b"evil", None),
        vault.write(path, b"mine", mine),
        vault.write(path, b"evil", secret),
        vault.move(path, "folder/stolen.md", secret),
        vault.move(path, "folder/stolen.md", mine),
        vault.move("note.md", path, mine),
        vault.read_all([path]),
        vault.write_all([Write(path, b"evil", secret)]),
    ]


def naive(root: Path) -> Attempts:
    """What joins paths and trusts them."""

    async def read(path: str) -> bytes:
        return (root / path).read_bytes()

    async def write(path: str) -> int:
        return (root / path).write_bytes(SECRET)

    return lambda path: [read(path), write(path)]


async def tried(attempts: list[Awaitable[Any]]) -> tuple[int, list[str]]:
    """How many were made, and what of a secret they gave away."""
    told = []
    for attempt in attempts:
        try:
            answer = await attempt
        except (OctopusError, OSError, ValueError):
            continue
        if SECRET in (answer or b"") if isinstance(answer, bytes) else "SECRET:" in str(answer):
            told.append(str(answer))
    return len(attempts), told


async def through_the_skills(octopus: Octopus, path: str) -> list[str]:
    """What takes the name of a note, asked as a program of the owner's asks."""
    told = []
    for intent, args in (
        ("note.append", {"text": "evil", "note": path}),
        ("note.new", {"title": path, "text": "evil"}),
        ("note.rename", {"from": "note", "to": path}),
        ("note.rename", {"from": path, "to": "stolen"}),
        ("note.open", {"note": path}),
        ("note.delete", {"note": path, "force": True}),
        ("note.links", {"note": path}),
        ("daily.append", {"text": path}),
    ):
        wanted = json.dumps({"intent": intent, "args": args})
        outcome = await octopus.ask(wanted, "cli:act", kind=Kind.ACT)
        if "SECRET:" in outcome.reply.text:
            told.append(f"{intent} {path!r}: {outcome.reply.text}")
    return told


def through_the_command_line(config: Config, paths: list[str]) -> list[str]:
    """``octopus note show``, which reads beside a daemon; the rest are the skills above."""
    told = []
    show: click.Command = note.commands["show"]
    for path in paths:
        if "\0" in path:
            continue  # no command line can hold it
        for options in ([], ["--json"]):
            ran = CliRunner().invoke(show, [*options, "--", path], obj=config)
            if "SECRET:" in ran.output:
                told.append(f"note show {path!r}")
    return told


def settings(folder: Path) -> Config:
    """Of a whole Octopus over this vault."""
    return Config.model_validate(
        {
            "vault": {"path": str(folder / "vault")},
            "state": {"path": str(folder / "state")},
            "http": {"enabled": False},
            "ollama": {"url": "http://127.0.0.1:9"},
        }
    )


async def run(folder: Path, count: int, *, naively: bool) -> dict[str, Any]:
    """All of it; what was seen."""
    root, outside = prepare(folder)
    before, told, attempts = canaries(folder), list[str](), 0
    package = Path(octopus.__file__).parent.parent
    python = [Path(prefix) for prefix in (sys.prefix, sys.base_prefix)]
    system = [Path(path) for path in ("/usr/share/zoneinfo", "/dev", "/etc/localtime")]
    searched = [Path(path) for path in sys.path]
    own = [folder / "state", package, *python, *system, *searched, Path(f"/proc/{os.getpid()}")]
    guard = Guard(root, *own)
    paths = list(payloads(count, outside=str(outside)))
    some = paths[:: max(1, count // max(25, count // 20))]  # each goes through the whole house
    vault = VaultFiles(root)
    make = naive(root) if naively else through_the_vault(vault)
    os.fsync = lambda fd: None
    guard.except_for = SWAPPER
    guard.watch()
    with Swapper(root) as swapper:
        for number, path in enumerate(paths):
            made, gave = await tried(make(path))
            attempts, told = attempts + made, told + gave
            if number % 100 == 99:
                guard.stop()
                clear(root)
                guard.go_on()
    if not naively:
        config = settings(folder)
        whole = Octopus(config, config.state.path)
        async with whole.opened():
            for path in some:
                told += await through_the_skills(whole, path)
        told += await asyncio.to_thread(through_the_command_line, config, some)
    guard.stop()
    vault.close()
    return {
        "payloads": len(paths),
        "attempts": attempts,
        "through skills and commands": 0 if naively else len(some) * 10,
        "swaps": swapper.swaps,
        "seen": guard.seen,
        "outside": sorted(set(guard.outside)),
        "told": told,
        "canaries": canaries(folder) == before,
    }


def main() -> None:
    """One run in a folder that is gone afterwards."""
    logger.remove()
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    naively = "--naive" in sys.argv
    with tempfile.TemporaryDirectory(prefix="octopus-paths-") as folder:
        found = asyncio.run(run(Path(folder), numbers[0] if numbers else 5000, naively=naively))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
