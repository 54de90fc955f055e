"""``python -m benchmarks.telegram``: the daemon beside a bare echo bot, on one fake Bot API.

Throughput, latency, start, memory and idle processor time. Each figure stands beside its
yardstick from the same run, since the machine is never the same twice.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.fakes.telegram import RemoteTelegram
from tests.proof.subject import OWNER, ROOT, TOKEN, Octopus, Subject

JSON = dict[str, Any]
RESULTS = ROOT / "benchmarks" / "results"
READY_WITHIN = 120.0
DONE_WITHIN = 300.0


class Echo(Subject):
    """The bare echo bot."""

    name = "echo"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "benchmarks.echo"]

    def environment(self) -> dict[str, str]:
        return {"BOT_TOKEN": TOKEN, "BOT_API": self.url}


class WholeDaemon(Octopus):
    """The daemon with everything on that is on by default, HTTP included."""

    def environment(self) -> dict[str, str]:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        on = {"OCTOPUS_HTTP__ENABLED": "true", "OCTOPUS_HTTP__PORT": str(port)}
        return super().environment() | on


@asynccontextmanager
async def serving(kind: type[Subject], backlog: int = 0) -> AsyncIterator[tuple[Any, Any]]:
    """A subject with its own fake, folder and, when asked for, messages that wait for it."""
    with tempfile.TemporaryDirectory(prefix="octopus-bench-") as folder:
        async with RemoteTelegram("--token", TOKEN, "--owner", str(OWNER)) as fake:
            if backlog:
                await fake.do("says_many", [_text(number) for number in range(backlog)])
            subject = kind(Path(folder), fake.url)
            await subject.start()
            try:
                await fake.wait("polls", at_least=1, timeout=READY_WITHIN)
                yield subject, fake
            finally:
                await subject.end(signal.SIGTERM, patience=30)


def _text(number: int) -> str:
    return f"note: benchmark text {number} about the roof, the garden and the lamp in the hall"


# -- throughput --------------------------------------------------------------------------------


async def throughput(kind: type[Subject], count: int) -> JSON:
    """Messages a second, from the first poll until every message has its visible outcome."""
    async with serving(kind, backlog=count) as (subject, fake):
        await fake.wait("pending", exactly=0, timeout=DONE_WITHIN)
        figure = "sent" if kind is Echo else "reactions"
        await fake.wait(figure, at_least=count, timeout=DONE_WITHIN)
        while subject.open_work():
            await asyncio.sleep(0.01)
        report = await fake.report()
    begun = next(poll["at"] for poll in report["polls"] if poll["given"])
    ended = max(call["at"] for call in report["calls"] if call["code"] == 200)
    return {
        "messages": count,
        "seconds": round(ended - begun, 3),
        "per_second": round(count / (ended - begun), 1),
        "calls": len(report["calls"]),
    }


# -- latency -----------------------------------------------------------------------------------


async def latency(kind: type[Subject], count: int) -> JSON:
    """Milliseconds from the owner's message to the answer, one message at a time."""
    async with serving(kind) as (_, fake):
        for number in range(count + 5):  # the first five warm up
            await fake.do("owner_says", _text(number))
            await fake.wait("sent", at_least=number + 1, timeout=READY_WITHIN)
        report = await fake.report()
    asked = [at for _, at in sorted((int(key), at) for key, at in report["sent_at"].items())][5:]
    answers = [call["at"] for call in report["calls"] if call["method"] == "sendMessage"][5:]
    first = [call["at"] for call in report["calls"]]
    taken = [(end - start) * 1000 for start, end in zip(asked, answers, strict=True)]
    sign = [(min(at for at in first if at > start) - start) * 1000 for start in asked]
    return {
        "messages": count,
        "reply_p50_ms": round(median(taken), 2),
        "reply_p95_ms": round(quantiles(taken, n=20)[18], 2),
        "first_sign_p50_ms": round(median(sign), 2),
    }


# -- start, memory, processor ------------------------------------------------------------------


async def start_time(kind: type[Subject], times: int) -> tuple[JSON, JSON]:
    """Seconds from start to the first getUpdates, in turns with a plain import of aiogram."""
    ready, imports = [], []
    for _ in range(times):
        async with serving(kind) as (subject, fake):
            ready.append(await fake.do("polled_after", subject.started) - subject.started)
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import aiogram")
        await process.wait()
        imports.append(time.monotonic() - begun)
    return _seconds(ready), _seconds(imports)


def _seconds(values: list[float]) -> JSON:
    return {"p50_s": round(median(values), 3), "max_s": round(max(values), 3), "runs": len(values)}


def memory_of(pid: int) -> JSON:
    """Resident and proportional set size, MB."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {row.split(":")[0]: row.split() for row in rows if row.startswith(("Rss", "Pss:"))}
    return {
        "rss_mb": round(int(sizes["Rss"][1]) / 1024, 1),
        "pss_mb": round(int(sizes["Pss"][1]) / 1024, 1),
    }


async def memory_of_import() -> JSON:
    """The same of a Python that has imported aiogram and does nothing."""
    program = "import aiogram, sys; print('there', flush=True); sys.stdin.read()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    found = memory_of(process.pid)
    await process.communicate(b"")  # the end of its input ends it
    return found


def processor_seconds(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def idle(kind: type[Subject], seconds: float) -> tuple[JSON, JSON, JSON]:
    """Memory soon after the start, processor share while idle, and memory after some work."""
    async with serving(kind) as (subject, fake):
        await asyncio.sleep(3)
        fresh = memory_of(subject.process.pid)
        before = processor_seconds(subject.process.pid)
        begun = time.monotonic()
        await asyncio.sleep(seconds)
        used = processor_seconds(subject.process.pid) - before
        share = 100 * used / (time.monotonic() - begun)
        for number in range(50):
            await fake.do("owner_says", _text(number))
            await fake.do("owner_says", f"search text {number}")
        await fake.wait("pending", exactly=0, timeout=DONE_WITHIN)
        while subject.open_work():
            await asyncio.sleep(0.05)
        worked = memory_of(subject.process.pid)
    return fresh, {"percent": round(share, 3), "seconds": seconds}, worked


# -- the whole ---------------------------------------------------------------------------------


async def measure(arguments: argparse.Namespace) -> JSON:
    """All figures."""
    found: JSON = {
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": os.cpu_count(),
        }
    }
    whole = WholeDaemon if arguments.http else Octopus
    for kind in (Echo, Octopus):
        found[f"throughput_{kind.name}"] = await throughput(kind, arguments.messages)
        found[f"latency_{kind.name}"] = await latency(kind, arguments.latency)
    found["start"], found["import"] = await start_time(whole, arguments.starts)
    found["memory_import"] = await memory_of_import()
    found["memory_idle"], found["processor_idle"], found["memory_worked"] = await idle(
        whole, arguments.idle
    )
    found["ratios"] = ratios(found)
    return found


def ratios(found: JSON) -> JSON:
    """The figures that have an aim, each against its yardstick."""
    octopus, echo = found["throughput_octopus"], found["throughput_echo"]
    memory, yardstick = found["memory_idle"], found["memory_import"]
    return {
        "throughput": round(octopus["per_second"] / echo["per_second"], 3),
        "latency": round(
            found["latency_octopus"]["reply_p50_ms"] / found["latency_echo"]["reply_p50_ms"], 3
        ),
        "start": round(found["start"]["p50_s"] / found["import"]["p50_s"], 3),
        "rss": round(memory["rss_mb"] / yardstick["rss_mb"], 3),
        "pss": round(memory["pss_mb"] / yardstick["pss_mb"], 3),
        "idle_percent": found["processor_idle"]["percent"],
    }


#: Name of the ratio: what it says, the aim, and whether more is better.
AIMS: dict[str, tuple[str, float, bool]] = {
    "throughput": ("durable messages a second, against the echo bot", 0.5, True),
    "latency": ("median time to the reply, against the echo bot", 2.0, False),
    "start": ("start to the first getUpdates, against import aiogram", 0.5, False),
    "rss": ("idle memory (RSS), against import aiogram", 0.65, False),
    "pss": ("idle memory (PSS), against import aiogram", 0.65, False),
    "idle_percent": ("idle processor time, percent of one core", 0.5, False),
}


def table(found: JSON) -> str:
    """The figures with their aims."""
    lines = []
    for name, (words, aim, more) in AIMS.items():
        value = found["ratios"][name]
        kept = value >= aim if more else value <= aim
        sign = ">=" if more else "<="
        lines.append(f"  {words:<56} {value:>8}  ({sign} {aim}) {'kept' if kept else 'MISSED'}")
    lines += [
        f"  {name:<22} {json.dumps(value)}"
        for name, value in found.items()
        if name not in ("ratios", "machine")
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--latency", type=int, default=200)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds")
    parser.add_argument("--http", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", type=Path, default=RESULTS / "telegram.json")
    arguments = parser.parse_args()
    found = asyncio.run(measure(arguments))
    print(table(found))
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
