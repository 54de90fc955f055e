"""``python -m benchmarks``: every benchmark, each in a process of its own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

ALL = (
    "benchmarks.telegram",
    "benchmarks.search.run",
    "benchmarks.rename",
    "benchmarks.reminders",
    "benchmarks.scan",
)


def main() -> int:
    """Run what is there; 1 when one of them fails."""
    failed = False
    for name in ALL:
        try:
            there = importlib.util.find_spec(name) is not None
        except ModuleNotFoundError:
            there = False
        if there:
            print(f"{name}:", flush=True)
            failed |= subprocess.run([sys.executable, "-m", name], check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
