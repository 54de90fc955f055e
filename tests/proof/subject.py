"""The programs that are put to the proof: how each is started, and how it is known to be idle."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from abc import ABC, abstractmethod
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "7000:PROOF"
OWNER = 42


class Subject(ABC):
    """A bot as a process. One at a time; the files of the next are those of the last."""

    name = "subject"
    points: tuple[str, ...] = ()
    knows_todos = False

    def __init__(self, work: Path, url: str) -> None:
        self.work = work
        self.url = url
        self.vault = work / "vault"
        self.state = work / "state"
        self.log = work / "log.txt"
        self.process: Process | None = None
        self.started = 0.0  # time.monotonic()
        for folder in (self.vault, self.state):
            folder.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def command(self) -> list[str]:
        """What to run."""

    def environment(self) -> dict[str, str]:
        """What to add to the environment."""
        return {}

    def open_work(self) -> int | None:
        """Accepted messages and replies that are not done; None when nobody can know."""
        return None

    def states(self) -> dict[str, list[tuple[str, int]]]:
        """By table: how many rows are in each state."""
        return {}

    async def searchable(self) -> tuple[int, int] | None:
        """How many notes there are and how many are found; None for a bot without an index."""
        return None

    def clean_environment(self) -> dict[str, str]:
        """The environment of this process without settings that were meant for another."""
        mine = {key: value for key, value in os.environ.items() if not key.startswith("OCTOPUS_")}
        return mine | self.environment()

    async def start(self, **environment: str) -> None:
        """Start the process."""
        with self.log.open("ab") as log:
            self.started = time.monotonic()
            self.process = await asyncio.create_subprocess_exec(
                *self.command(),
                cwd=ROOT,
                env=self.clean_environment() | environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)

    async def end(self, number: int, patience: float = PATIENCE) -> float:
        """Send a signal and wait for the end; seconds that it took, or TimeoutError."""
        assert self.process is not None
        begun = time.monotonic()
        self.signal(number)
        try:
            async with asyncio.timeout(patience):
                await self.process.wait()
        except TimeoutError:
            self.signal(signal.SIGKILL)
            await self.process.wait()
            raise
        return time.monotonic() - begun

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self.process is not None and self.process.returncode is None

    def tail(self) -> str:
        """The last lines of the log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


class Octopus(Subject):
    """The daemon, configured through its environment alone."""

    name = "octopus"
    knows_todos = True

    def command(self) -> list[str]:
        return [sys.executable, "-m", "octopus", "run"]

    def environment(self) -> dict[str, str]:
        return {
            "OCTOPUS_TELEGRAM__TOKEN": TOKEN,
            "OCTOPUS_TELEGRAM__ALLOWED_USERS": f"[{OWNER}]",
            "OCTOPUS_TELEGRAM__API_BASE": self.url,
            "OCTOPUS_TELEGRAM__CHAT_INTERVAL": "0",
            "OCTOPUS_TELEGRAM__TOTAL_RATE": "1000",
            "OCTOPUS_VAULT__PATH": str(self.vault),
            "OCTOPUS_STATE__PATH": str(self.state),
            "OCTOPUS_HTTP__ENABLED": "false",
            "XDG_CONFIG_HOME": str(self.work / "config"),
        }

    def states(self) -> dict[str, list[tuple[str, int]]]:
        found = self.state / "octopus.db"  # what else is there is derived from the notes
        if not found.exists():
            return {}
        with closing(sqlite3.connect(f"file:{found}?mode=ro", uri=True, timeout=10)) as base:
            return {
                table: base.execute(
                    f"SELECT state, count(*) FROM {table} GROUP BY state"
                ).fetchall()
                for table in ("jobs", "outbox")
            }

    async def searchable(self) -> tuple[int, int] | None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "octopus", "index", "status", "--json"),
            cwd=ROOT,
            env=self.clean_environment(),
            stdout=PIPE,
        )
        output, _ = await process.communicate()
        status = json.loads(output or b"{}")
        return status.get("notes", -1), status.get("indexed", -1)

    def open_work(self) -> int | None:
        try:
            states = self.states()
        except sqlite3.OperationalError:  # the tables are not there yet
            return 1
        return sum(
            count
            for rows in states.values()
            for state, count in rows
            if state in ("queued", "running", "pending", "sending")
        )


class Naive(Subject):
    """The bot that one would write first: aiogram's own polling, with its defaults."""

    name = "naive"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "tests.proof.naive"]

    def environment(self) -> dict[str, str]:
        return {"BOT_TOKEN": TOKEN, "BOT_API": self.url, "BOT_VAULT": str(self.vault)}


SUBJECTS: dict[str, type[Subject]] = {"octopus": Octopus, "naive": Naive}


async def crash_points() -> tuple[str, ...]:
    """The named points, as the daemon lists them."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "octopus", "doctor", "--crash-points", cwd=ROOT, stdout=PIPE
    )
    output, _ = await process.communicate()
    return tuple(
        line.split()[0] for line in output.decode().splitlines() if line.strip() and "." in line
    )


async def import_time(times: int = 3) -> float:
    """Seconds of a plain import of aiogram, the median."""
    taken = []
    for _ in range(times):
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import aiogram")
        await process.wait()
        taken.append(time.monotonic() - begun)
    return sorted(taken)[len(taken) // 2]
