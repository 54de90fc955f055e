"""Octopus in the race: its real files, its real journal, appending and ticking all the time."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from loguru import logger

from octopus.backends import files, swap
from octopus.backends.kernel import Lease
from octopus.backends.sqlite import Database, SqliteEffects
from octopus.backends.vault import VaultFiles
from octopus.core import crash
from octopus.core.effect import Edit, Effect
from octopus.core.event import Bus
from octopus.core.job import Job
from octopus.core.message import Message
from octopus.core.second_look import SecondLook, Texts
from octopus.core.writer import Effects
from octopus.errors import Conflict, NotFound, OctopusError, VaultError
from octopus.obsidian import edit
from octopus.obsidian.again import edited, make_again, stands
from octopus.obsidian.settings import Tasks
from octopus.obsidian.tick import complete
from tests.race.scene import is_whole, name

DAY = date(2026, 11, 20)
WORKERS = 4
TRIES = 20


@dataclass(frozen=True, slots=True)
class Life:
    """One life of the process."""

    root: Path
    outside: Path
    notes: int
    tasks: int  # of each note
    seed: int
    last: bool = False  # begin nothing new, and look at everything again
    point: str = ""  # die there
    after: int = 0  # once so many changes are made
    without: tuple[str, ...] = ()  # "lease", "exchange": what a poorer system lacks
    naive: bool = False
    pause: float = 0.004  # seconds between two changes of one worker, at most
    enough: int = 200  # changes; the owner's programs go on until there are so many


class ShiftedClock:
    """The time of day, some seconds ahead, so that nobody has to wait for what is due later."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return time.monotonic()


def plan(life: Life, number: int) -> Edit:
    """The change of a number: an append, or the tick of a task that nobody else ticks."""
    path, turn = name(number % life.notes), number // life.notes
    if turn % 4 == 3 and turn // 4 < life.tasks:
        return Edit(path, lambda old: _tick(life, old, f"{number % life.notes}-{turn // 4}"))
    line = f"- kept for later oct-x-{number}"
    added = f"{line}\n".encode()
    return Edit(path, lambda old: edit.append(_seen(life, old), line, heading="Log"), added)


def _tick(life: Life, old: bytes | None, task: str) -> bytes:
    text = _seen(life, old).decode(errors="surrogateescape")
    lines = text.split("\n")
    wanted = f"- [ ] task {task}"
    at = next((n for n, line in enumerate(lines) if line.startswith(wanted)), None)
    if at is not None:
        lines[at : at + 1] = complete(lines[at], DAY, Tasks())
    return "\n".join(lines).encode(errors="surrogateescape")


def _seen(life: Life, old: bytes | None) -> bytes:
    """What we have read; a synchroniser takes the note away for a blink of an eye."""
    if old is None:
        raise NotFound
    if not is_whole(old):
        with (life.outside / "torn").open("a") as file:
            file.write(f"octopus read {len(old)} bytes\n")
    return old


Make = Callable[[int, Edit], Awaitable[object]]


async def naive(life: Life) -> None:
    """Read, change, write: what a program does that knows nothing of others."""

    async def make(number: int, change: Edit) -> None:
        path = life.root / change.path
        old = path.read_bytes() if path.exists() else None
        await asyncio.sleep(0.001)
        path.write_bytes(change.apply(old))
        with (life.outside / "made").open("a") as file:
            file.write(f"{number}\n")

    async def hope(number: int, change: Edit) -> None:
        with contextlib.suppress(OctopusError):  # of half a note nothing can be made
            await make(number, change)

    if not life.last:
        await _work(life, itertools.count(), hope)


async def live(life: Life) -> None:
    """What an earlier life began, then more, until the file "stop" is there or a kill comes."""
    _without(life.without)
    database = Database(life.outside / "octopus.db")
    await database.open()
    effects = SqliteEffects(database, Bus())
    vault = VaultFiles(life.root, had_notes=True)
    swept = await vault.sweep()
    left = [path.name for path in life.root.rglob(".octopus-*")]
    if left:
        (life.outside / "left").write_text("\n".join(left))
    begun = await database.read(
        lambda c: c.execute("SELECT job, state FROM effects WHERE step = 1 ORDER BY job").fetchall()
    )
    newest = max((job for job, _ in begun), default=0)
    open_ = [job - 1 for job, state in begun if state == "intended"]
    clock = ShiftedClock()
    told: list[Effect] = []

    async def tell(effect: Effect, made: bool) -> None:
        told.append(effect)

    look = SecondLook(effects, vault, clock, Texts(stands, edited, make_again), tell)
    if not life.last:  # a life of some milliseconds cannot look at an hour; the last one does
        look._since = timedelta(seconds=3)
    looking = asyncio.create_task(_look_on(look))

    async def make(number: int, change: Edit) -> None:
        message = Message(f"race:{number}", "race", "owner", "", datetime.now(UTC))
        job = Job(number + 1, message, datetime.now(UTC), resumed=True)
        await Effects(job, effects, vault, lambda _: None).apply(change)

    (life.outside / "ready").write_text(str(swept))
    numbers = iter(open_) if life.last else itertools.chain(open_, itertools.count(newest))
    await _work(life, numbers, make)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    if life.last:
        await _look_at_all(look, clock)
        (life.outside / "told").write_text(str(len(told)))
    vault.close()
    await database.close()


async def _work(life: Life, numbers: Iterator[int], make: Make) -> None:
    made = 0
    dice = random.Random(life.seed)

    async def work() -> None:
        nonlocal made
        for number in numbers:
            change = plan(life, number)
            for _ in range(TRIES):  # a job is tried again, as the supervisor does
                try:
                    await make(number, change)
                except (NotFound, Conflict):
                    await asyncio.sleep(0.005)
                else:
                    break
            made += 1
            if made == life.enough:
                (life.outside / "enough").touch()
            if life.point and made >= life.after:
                crash._AT = life.point
            if (life.outside / "stop").exists() and not life.last:
                return
            await asyncio.sleep(dice.uniform(0, life.pause))

    await asyncio.gather(*(work() for _ in range(WORKERS)))


async def _look_on(look: SecondLook) -> None:
    while True:
        try:
            await look.look()
        except VaultError:
            continue  # a note that does not rest is looked at the next time
        await asyncio.sleep(0.2)


async def _look_at_all(look: SecondLook, clock: ShiftedClock) -> None:
    """Everything that is due within the next minutes, and what comes of it."""
    for _ in range(6):
        clock.ahead += timedelta(seconds=61)
        look._since = timedelta(hours=1)
        await look.look()


def _without(features: tuple[str, ...]) -> None:
    """Take away what other systems do not have."""
    from contextlib import contextmanager

    @contextmanager
    def none(descriptor: int) -> Iterator[Lease]:
        yield Lease(descriptor, held=False)

    if "lease" in features:
        files.lease = swap.lease = none  # type: ignore[attr-defined]
    if "exchange" in features:
        swap.exchange = lambda *_: False  # type: ignore[attr-defined]


def run(life: Life) -> None:
    """One life, in a process of its own."""
    logging.disable()
    logger.remove()
    asyncio.run((naive if life.naive else live)(life))
