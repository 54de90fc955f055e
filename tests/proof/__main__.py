"""``python -m tests.proof``: runs the proof and prints its figures; exit code 1 when it fails."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path

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
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--keep", type=Path, help="keep vault, state and log in this folder")
    return parser.parse_args()


async def _main(arguments: argparse.Namespace) -> int:
    subject = SUBJECTS[arguments.subject]
    points: tuple[str, ...] = ()
    if arguments.points == "all" and arguments.subject == "octopus":
        points = await crash_points()
    elif arguments.points not in ("all", "none"):
        points = tuple(arguments.points.split(","))
    size = Size(arguments.messages, arguments.kills, arguments.terms, points, arguments.seed)
    before = await import_time()
    work = arguments.keep or Path(tempfile.mkdtemp(prefix="octopus-proof-"))
    try:
        run, _ = await prove(subject, work, size)
    finally:
        if arguments.keep is None:
            shutil.rmtree(work)
    after = await import_time()
    found = figures(arguments.subject, size, run, (before + after) / 2)
    print(table(found))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(_arguments())))
