"""``python -m benchmarks.reminders``: how late reminders are, idle and while notes are indexed.

The whole daemon with its real scheduler on the fake Bot API; late is the time from the moment
that was asked for to the moment at which the message is there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import random
import signal
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from octopus.backends.sqlite import Database, SqliteReminders
from octopus.core.event import Bus
from octopus.core.reminder import Reminder
from tests.fakes.telegram import RemoteTelegram
from tests.proof.subject import OWNER, ROOT, TOKEN, Octopus

JSON = dict[str, Any]
RESULTS = ROOT / "benchmarks" / "results"
READY_WITHIN = 60.0

#: Seconds from the start of the daemon to the first reminder.
HEAD_START = 8.0

#: Lateness that p99 must not pass on an idle machine.
AIM_MS = 1000.0

_WORDS = ("roof", "garden", "lamp", "hall", "letter", "kettle", "bridge", "walnut", "ticket")


async def arm(state: Path, count: int, spacing: float, first: datetime) -> list[datetime]:
    """Keep reminders at even distances; when they are due."""
    database = Database(state / "octopus.db")
    reminders = SqliteReminders(database, Bus())
    due = [first + timedelta(seconds=number * spacing) for number in range(count)]
    await database.open()
    try:
        for number, at in enumerate(due):
            wanted = Reminder(
                id=0,
                text=f"number {number}",
                local=at.replace(tzinfo=None),
                zone="UTC",
                at=at,
                conversation=f"telegram:{OWNER}",
                user=str(OWNER),
            )
            await reminders.add(wanted, job=number + 1_000_000, step=1)
    finally:
        await database.close()
    return due


def fill(vault: Path, notes: int, seed: int = 7) -> None:
    """Notes of some hundred words."""
    dice = random.Random(seed)
    for number in range(notes):
        folder = vault / f"f{number % 50}"
        folder.mkdir(parents=True, exist_ok=True)
        words = " ".join(dice.choices(_WORDS, k=300))
        (folder / f"note {number}.md").write_text(
            f"# Note {number}\n{words}\n- [ ] thing {number}\n"
        )


async def lateness(count: int, spacing: float, notes: int) -> JSON:
    """Milliseconds from due to there, of each of ``count`` reminders."""
    with tempfile.TemporaryDirectory(prefix="octopus-bench-") as folder:
        async with RemoteTelegram("--token", TOKEN, "--owner", str(OWNER)) as fake:
            subject = Octopus(Path(folder), fake.url)
            fill(subject.vault, notes)
            subject.state.mkdir(parents=True, exist_ok=True)
            first = datetime.now(UTC) + timedelta(seconds=HEAD_START)
            due = await arm(subject.state, count, spacing, first)
            offset = time.monotonic() - time.time()
            await subject.start()
            try:
                within = HEAD_START + count * spacing + READY_WITHIN
                await fake.wait("sent", at_least=count, timeout=within)
                report = await fake.report()
            finally:
                await subject.end(signal.SIGTERM)
    there = {
        call["text"].split()[-1]: call["at"]
        for call in report["calls"]
        if call["method"] == "sendMessage" and call["code"] == 200
    }
    late = [
        (there[str(number)] - (at.timestamp() + offset)) * 1000 for number, at in enumerate(due)
    ]
    return figures(late, notes)


def figures(late: list[float], notes: int) -> JSON:
    """What is reported of one run."""
    cuts = quantiles(late, n=100, method="inclusive")
    return {
        "reminders": len(late),
        "notes_indexed_meanwhile": notes,
        "p50_ms": round(median(late), 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
        "max_ms": round(max(late), 1),
    }


def table(found: JSON) -> str:
    """The figures with their aim."""
    kept = "kept" if found["idle"]["p99_ms"] <= AIM_MS else "MISSED"
    lines = [f"  idle: p99 {found['idle']['p99_ms']} ms (<= {AIM_MS:.0f}) {kept}"]
    lines += [f"  {name:<10} {json.dumps(found[name])}" for name in ("idle", "indexing")]
    return "\n".join(lines)


async def measure(arguments: argparse.Namespace) -> JSON:
    """Both runs."""
    idle = await lateness(arguments.count, arguments.spacing, 0)
    indexing = await lateness(arguments.count, arguments.spacing, arguments.notes)
    machine = {"python": platform.python_version(), "system": platform.platform()}
    return {"machine": machine, "idle": idle, "indexing": indexing}


def main() -> None:
    """Measure, print, and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--spacing", type=float, default=0.25, help="seconds")
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--json", type=Path, default=RESULTS / "reminders.json")
    arguments = parser.parse_args()
    found = asyncio.run(measure(arguments))
    print(table(found))
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
