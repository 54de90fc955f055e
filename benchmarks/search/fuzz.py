"""Ask nonsense: ``python -m benchmarks.search.fuzz [--count N]``. Nothing may raise or hang."""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from loguru import logger

from benchmarks.search.run import percentile
from benchmarks.search.vault import make_vault
from octopus.backends.whoosh.indexer import Indexer
from octopus.backends.whoosh.searcher import Searcher
from octopus.backends.whoosh.store import Store

RESULTS = Path(__file__).parent.parent / "results" / "search-fuzz.json"
NOTES = 300
_SIGNS = list("ab \"/[]():-*#\\|.?+{}^$<>=,;%&~`'\n\0")
_PIECES = [
    "OR",
    "tag:",
    "line:(",
    "[a:",
    "section:",
    "/a+/",
    "/(a+)+$/",
    "task:",
    "task-done:",
    "content:",
    "match-case:",
    "ignore-case:",
    "file:",
    "path:/",
    "daily:",
    "created:last week",
    "[rating:>3]",
    "[status:null]",
    "block:(",
    "limit:",
    "sort:",
    "-(",
    "))",
    "2026-01-01",
    "\u200d",
    "😀",
    "é",
    "冰箱",
    "กข",
    "ﷺ",
    "\u202e",
    "�",
    "i̇",
    "ß",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the queries went; seconds are the processor's, since a machine may be busy."""

    count: int
    p50: float
    p99: float
    worst: float
    worst_query: str


def nonsense(rnd: random.Random, words: Sequence[str]) -> str:
    """Signs, operators and words in any order; sometimes a lot of them."""
    choices = [_SIGNS, _PIECES, words]
    pieces = [rnd.choice(rnd.choice(choices)) for _ in range(rnd.randint(0, 14))]
    text = "".join(piece + rnd.choice(["", " "]) for piece in pieces)
    return text * rnd.randint(2, 60) if rnd.random() < 0.02 else text


def fuzz(scratch: Path, count: int, seed: int = 1) -> Outcome:
    """Ask ``count`` queries of an index of 300 notes."""
    made = make_vault(scratch / "vault", NOTES)
    indexer = Indexer(made.root, Store(scratch / "index", made.root))
    indexer.rebuild()
    searcher = Searcher(made.root, ("en", "de", "ru"), lambda: date(2026, 11, 20))
    rnd = random.Random(seed)
    words = [*made.words[:200], *made.words[-200:]]
    times: list[tuple[float, str]] = []
    for _ in range(count):
        query = nonsense(rnd, words)
        started = time.process_time()
        searcher.search(indexer.snapshot, query, 10, 0)
        times.append((time.process_time() - started, query))
    searcher.close()
    seconds = [each for each, _ in times]
    worst, query = max(times)
    return Outcome(count, percentile(seconds, 0.5), percentile(seconds, 0.99), worst, query)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    options = parser.parse_args()
    logger.remove()
    with tempfile.TemporaryDirectory(prefix="octopus-fuzz-") as scratch:
        outcome = fuzz(Path(scratch), options.count)
    print(
        f"{outcome.count} queries, none raised; ms of processor: p50 {outcome.p50 * 1000:.1f},"
        f" p99 {outcome.p99 * 1000:.1f}, worst {outcome.worst * 1000:.0f}"
        f" for {outcome.worst_query[:80]!r}"
    )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(asdict(outcome), indent=1), "utf-8")


if __name__ == "__main__":
    main()
