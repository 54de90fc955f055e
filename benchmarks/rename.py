"""Rename a note that a thousand others link to, and take it back: ``python -m benchmarks.rename``.

The yardstick is the same work without us: the linking files, known beforehand, read, changed by
a bare ``bytes.replace`` and put back. Once as safely as the vault does it (a temporary file,
fsync, rename, fsync of the folder), once as carelessly as a script would (read, write).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from octopus.app.build import Octopus
from octopus.config import load
from octopus.core.message import Kind

RESULTS = Path(__file__).parent / "results" / "rename.json"
WORDS = ("garden", "harbour", "winter", "kettle", "project", "window", "budget", "table", "recipe")
LINKS = ("[[Hub note]]", "[[Hub note|shown]]", "![[Hub note#Part]]", "[x](Hub%20note.md)")
FOLDERS = 40


def texts(notes: int, linking: int, rnd: random.Random) -> Iterator[tuple[str, str]]:
    """Paths and texts of about 1,900 characters; ``linking`` of them link to the hub."""
    yield "Hub note.md", "# Part\n"
    for number in range(notes):
        lines = [" ".join(rnd.choices(WORDS, k=14)) + f" [[n{rnd.randrange(notes)}]]"]
        lines += [" ".join(rnd.choices(WORDS, k=14)) for _ in range(18)]
        head = "---\ntags:\n  - a/b\n---\n" if number % 3 else ""
        if number < linking:
            lines.insert(rnd.randrange(len(lines)), f"- see {LINKS[number % len(LINKS)]} there")
            if not number % 10:
                head = '---\nup: "[[Hub note]]"\n---\n'
        yield f"f{number % FOLDERS}/n{number}.md", f"{head}# Note {number}\n" + "\n".join(lines)


def fill(vault: Path, made: list[tuple[str, str]]) -> None:
    for path, text in made:
        file = vault / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    os.sync()


def careless(files: list[Path]) -> None:
    """Read and write, nothing else."""
    for file in files:
        file.write_bytes(file.read_bytes().replace(b"Hub", b"Hut"))


def careful(files: list[Path]) -> None:
    """Read, and replace each file whole and for good."""
    for file in files:
        data = file.read_bytes().replace(b"Hut", b"Hub")
        temporary = file.with_name(f".{file.name}.tmp")
        with temporary.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.rename(file)
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


async def act(octopus: Octopus, intent: str, **args: object) -> float:
    """One intent through the whole house, in milliseconds. Raises when it was refused."""
    wanted = json.dumps({"intent": intent, "args": args})
    began = time.perf_counter()
    outcome = await octopus.ask(wanted, "cli:act", kind=Kind.ACT)
    took = (time.perf_counter() - began) * 1000
    if outcome.reply.failed or not outcome.effects:
        raise RuntimeError(outcome.reply.text)
    return took


def right(vault: Path, made: list[tuple[str, str]], name: str) -> bool:
    """Whether every file says what it should now that the hub is called ``name``."""
    encoded = name.replace(" ", "%20")
    return all(
        (vault / path.replace("Hub note", name)).read_text(encoding="utf-8")
        == text.replace("Hub note", name).replace("Hub%20note", encoded)
        for path, text in made
    )


async def measured(folder: Path, notes: int, linking: int, rounds: int) -> dict[str, Any]:
    """Each figure is the median of ``rounds``, all in one process, one after the other."""
    vault, state = folder / "vault", folder / "state"
    vault.mkdir()
    made = list(texts(notes, linking, random.Random(7)))
    fill(vault, made)
    files = [vault / path for path, text in made if "Hub" in text]
    found: dict[str, list[float]] = {"rename": [], "undo": [], "careful": [], "careless": []}
    whole = True
    config = load(None, {"vault.path": str(vault), "state.path": str(state)}, {}).config
    async with Octopus(config, state).opened(index=False) as octopus:
        await octopus.notes.open(once=True)
        for _ in range(rounds):
            found["careless"].append(timed(lambda: careless(files)))
            found["careful"].append(timed(lambda: careful(files)))
            octopus.notes.hint("")  # as the watcher of the vault would tell
            await octopus.notes.settle()
            took = await act(octopus, "note.rename", **{"from": "Hub note", "to": "New name"})
            found["rename"].append(took)
            whole &= right(vault, made, "New name")
            found["undo"].append(await act(octopus, "undo"))
            whole &= right(vault, made, "Hub note")
    figures = {name: round(statistics.median(times), 1) for name, times in found.items()}
    return {
        "notes": notes,
        "linking": len(files),
        "all right": whole,
        "ms": figures,
        "ratio to the same files replaced safely": {
            name: round(figures[name] / figures["careful"], 2) for name in ("rename", "undo")
        },
        "ratio to a plain read and write": {
            name: round(figures[name] / figures["careless"], 2) for name in ("rename", "undo")
        },
    }


def main() -> int:
    """Print and keep the figures; 1 when a link is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--linking", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(measured(Path(folder), args.notes, args.linking, args.rounds))
    print(json.dumps(result, indent=2))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if result["all right"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
