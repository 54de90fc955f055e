"""The races at full size: ``python -m tests.race``. Ends with 1 when a promise is broken."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.race.driver import Race, Size, Verdict

SHOWN = 5  # problems of one kind in the table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", action="append", default=[], choices=["lease", "exchange"])
    return parser.parse_args()


def show(title: str, verdict: Verdict) -> None:
    """One race as a table."""
    print(f"\n{title} ({verdict.seconds:.0f} s)")
    rows = {
        "edits of the owner": verdict.edits,
        "  lost, of the owner": len(verdict.lost_edits),
        "torn reads": len(verdict.torn),
        "our appends": verdict.appends,
        "our ticks": verdict.ticks,
        "  lost, of ours": len(verdict.lost_ours),
        "  twice, of ours": len(verdict.doubled_ours),
        "made again after an old text": verdict.made_again,
        "conflict copies of Syncthing": verdict.conflict_copies,
        "kills": verdict.kills,
        "notes neither old nor new": len(verdict.broken_notes),
        "temporary files left": len(verdict.left_over),
    }
    for name, value in rows.items():
        print(f"  {name:32}{value:>8}")
    for name, found in verdict.problems.items():
        print(f"  {name}: {'; '.join(found[:SHOWN])}")


def race(size: Size) -> Verdict:
    """One race in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="octopus-race-") as folder:
        return Race(Path(folder), size).run()


def main() -> int:
    """All races; the naive program has to lose its own."""
    given = _arguments()
    without = tuple(given.without)
    sizes = {
        "Octopus beside two editors and a synchroniser": Size(
            given.edits, seed=given.seed, without=without
        ),
        "The same with kill -9": Size(
            kills=given.kills, seed=given.seed, without=without, pause=0.02
        ),
    }
    failed = False
    for title, size in sizes.items():
        verdict = race(size)
        show(title, verdict)
        failed |= bool(verdict.problems)
    control = race(Size(500, seed=given.seed, naive=True))
    show("A naive program in the same race", control)
    lost = bool(control.lost_edits)
    print("The naive program lost edits, as it has to." if lost else "The naive one lost nothing?")
    return int(failed or not lost)


if __name__ == "__main__":
    sys.exit(main())
