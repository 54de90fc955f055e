"""What search by meaning takes in memory and time: ``python -m ...search.meaning [--notes N]``.

The vectors are random, since only their number and size matter here; the paragraphs are those of
the generated vault.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
from loguru import logger

from benchmarks.search.run import percentile, timed
from benchmarks.search.vault import make_vault
from octopus.backends.embedding.matrix import Matrix
from octopus.backends.embedding.paragraph import paragraphs
from octopus.backends.embedding.table import Place, Table

RESULTS = Path(__file__).parent.parent / "results" / "search-meaning.json"
DIMENSION = 768  # of embeddinggemma and nomic-embed-text


def measure(scratch: Path, count: int) -> dict[str, float]:
    """Cut a vault into paragraphs, give each a vector, store, load and ask."""
    made = make_vault(scratch / "vault", count)
    rnd = np.random.default_rng(1)
    table = Table(scratch / "meaning.db", "random")
    table.open()
    cutting = 0.0
    total = 0
    for file in sorted(made.root.rglob("*.md")):
        started = time.perf_counter()
        found = paragraphs(file.stem, file.read_text("utf-8"))
        cutting += time.perf_counter() - started
        total += len(found)
        vectors = rnd.standard_normal((len(found), DIMENSION), np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        digests = [each.digest for each in found]
        table.add(digests, [vector.tobytes() for vector in vectors], DIMENSION)
        table.put(
            file.relative_to(made.root).as_posix(),
            (1, 1),
            [Place(each.line, each.digest) for each in found],
        )
    table.close()
    table.open()
    matrix = Matrix()
    loading = timed(lambda: matrix.load(table.every())) / 1000
    queries = rnd.standard_normal((50, DIMENSION), np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    times = [timed(partial(matrix.nearest, query, 20, -1.0)) for query in queries]
    table.close()
    return {
        "notes": count,
        "paragraphs": total,
        "cut ms a note": cutting * 1000 / count,
        "MB of vectors in memory": total * DIMENSION * 4 / 1e6,
        "MB reserved": matrix.size / 1e6,
        "MB on disk": table.size() / 1e6,
        "load s": loading,
        "query p50 ms": statistics.median(times),
        "query p99 ms": percentile(times, 0.99),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=1000)
    options = parser.parse_args()
    logger.remove()
    with tempfile.TemporaryDirectory(prefix="octopus-meaning-") as scratch:
        report = measure(Path(scratch), options.notes)
    for name, value in report.items():
        print(f"  {name:24} {value:,.2f}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1), "utf-8")


if __name__ == "__main__":
    main()
