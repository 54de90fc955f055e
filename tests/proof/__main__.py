"""``python -m tests.proof``: runs the proof and prints its figures; exit code 1 when it fails."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.proof.driver import Size, prove
from tests.proof.report import figures, table
from tests.proof.subject import SUBJECTS, crash_points, import_time


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subject", choices=sorted(SUBJECTS), default="octopus")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--terms", type=int, default=40)
    parser.add_argument("--points", default="all", help='"all", "none", or names with commas')
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, default=Path("proof-report.json"))
    parser.add_argument(
        "--control",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="afterwards, a few messages to the naive bot, which has to fail",
    )
    parser.add_argument("--keep", type=Path, help="keep vault, state and log in this folder")
    return parser.parse_args()


async def _main(arguments: argparse.Namespace) -> int:
    points: tuple[str, ...] = ()
    if arguments.points == "all" and arguments.subject == "octopus":
        points = await crash_points()
    elif arguments.points not in ("all", "none"):
        points = tuple(arguments.points.split(","))
    size = Size(arguments.messages, arguments.kills, arguments.terms, points, arguments.seed)
    found = await _proof(arguments.subject, size, arguments.keep)
    failed = bool(found["problems"])
    if arguments.control and arguments.subject != "naive":
        control = Size(messages=100, kills=5, terms=2, seed=arguments.seed)
        found["control"] = await _proof("naive", control, None)
        passed = not found["control"]["problems"]
        words = "passed: this proof proves nothing" if passed else "failed, as it has to"
        print(f"The naive bot {words}.")
        failed |= passed
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return int(failed)


async def _proof(name: str, size: Size, keep: Path | None) -> dict[str, Any]:
    """One subject put to the proof; its table printed."""
    before = await import_time()
    work = keep or Path(tempfile.mkdtemp(prefix="octopus-proof-"))
    try:
        run, _ = await prove(SUBJECTS[name], work, size)
    finally:
        if keep is None:
            shutil.rmtree(work)
    after = await import_time()
    found = figures(name, size, run, (before + after) / 2)
    print(table(found), flush=True)
    return found


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(_arguments())))
