"""``python -m benchmarks [--full]``: every benchmark, each in a process of its own.

Without ``--full`` they run at a size that takes a few minutes; the figures that are promised are
those of the full size.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys

#: Each with its arguments for the small size, then for the full one.
ALL: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "benchmarks.telegram": ((), ()),
    "benchmarks.search.run": (("--sizes", "1000"), ("--sizes", "1000,10000,50000")),
    "benchmarks.search.faults": (("--kills", "10", "--burst", "3000"), ()),
    "benchmarks.search.fuzz": (("--count", "3000"), ()),
    "benchmarks.search.meaning": (("--notes", "1000"), ("--notes", "50000")),
    "benchmarks.rename": ((), ()),
    "benchmarks.reminders": ((), ()),
    "benchmarks.scan": ((), ()),
}


def main() -> int:
    """Run what is there; 1 when one of them fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    failed = False
    for name, arguments in ALL.items():
        try:
            there = importlib.util.find_spec(name) is not None
        except ModuleNotFoundError:
            there = False
        if there:
            print(f"{name}:", flush=True)
            command = [sys.executable, "-m", name, *arguments[full]]
            failed |= subprocess.run(command, check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
