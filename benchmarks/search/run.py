"""Measure and print: ``python -m benchmarks.search.run [--sizes 1000,10000]``.

Everything is compared within one run, since absolute figures depend on the machine.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from loguru import logger

from benchmarks.search.engine import (
    Engine,
    Following,
    Fts5,
    Fts5Porter,
    Ours,
    Stock,
    Tantivy,
    daemon,
)
from benchmarks.search.vault import Made, make_vault

RESULTS = Path(__file__).parent.parent / "results" / "search.json"
QUERIES = 60
UPDATES = 40
KNOWN = 100

Table = dict[str, Any]
ENGINES: dict[str, type[Engine]] = {
    cls.name.replace(" ", "-"): cls for cls in (Ours, Stock, Fts5, Fts5Porter, Tantivy)
}


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def queries(made: Made, rnd: random.Random) -> dict[str, list[list[str]]]:
    """Words of notes that exist, common and rare."""
    words = made.words[60:3000]
    sentences = [s for known in rnd.sample(made.known, 200) for s in known.sentences]
    pairs = [s[at : at + 2] for s in sentences for at in range(len(s) - 1)]
    telling = [list(pair) for pair in pairs if min(map(made.words.index, pair[:2])) > 50]
    common = [list(pair) for pair in pairs if max(map(made.words.index, pair[:2])) < 50]
    single = [[rnd.choice(words)] for _ in range(QUERIES)]
    return {
        "single": single,
        "and": telling[:QUERIES],
        "phrase": telling[QUERIES : 2 * QUERIES],
        "common phrase": common[:QUERIES],
        "prefix": [[word[0][:3]] for word in single],
        "fuzzy": [[slip(word, rnd)] for word in (rnd.choice(words) for _ in range(QUERIES))],
        "tag": [["note", word[0]] for word in single],
        "snippet": single,
    }


def slip(word: str, rnd: random.Random) -> str:
    """The word with one slip of the finger, the first letter kept."""
    at = rnd.randrange(1, len(word))
    other = rnd.choice("abcdefghijklmnopqrstuvwxyz")
    return rnd.choice(
        [
            word[:at] + other + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at + 1 :],
        ]
    )


def measure_queries(engine: Engine, made: Made) -> Table:
    table: Table = {}
    for kind, many in queries(made, random.Random(5)).items():
        plain = {"common phrase": "phrase", "snippet": "single"}.get(kind, kind)
        if isinstance(engine, Fts5) and kind == "fuzzy":
            continue
        times = [timed(partial(engine.search, plain, q, kind == "snippet")) for q in many]
        table[kind] = {"p50": statistics.median(times), "p99": percentile(times, 0.99)}
    return table


def measure_updates(engine: Following, made: Made) -> Table:
    rnd = random.Random(3)
    times = []
    for number in range(UPDATES):
        path = rnd.choice(made.known).path
        target = made.root / path
        target.write_text(target.read_text("utf-8") + f"\nzorkmid{number} again\n", "utf-8")
        word = f"zorkmid{number}"
        times.append(timed(partial(engine.update, path)))
        # Stock Whoosh's refresh keeps what was replaced, so the path may come twice.
        assert path in engine.search("single", [word]), "the change is not found"
    return {"p50": statistics.median(times), "p99": percentile(times, 0.99)}


def known_items(made: Made) -> dict[str, list[tuple[list[str], str]]]:
    """Queries whose answer is one note."""
    rnd = random.Random(9)
    rank = {word: at for at, word in enumerate(made.words)}
    sets: dict[str, list[tuple[list[str], str]]] = {}
    sample = rnd.sample(made.known, min(KNOWN * 3, len(made.known)))
    sets["title"] = [(k.title.split(), k.path) for k in sample[:KNOWN]]
    sentence, plural, typo = [], [], []
    for known in sample:
        words = sorted(rnd.choice(known.sentences), key=lambda w: -rank[w])[:3]
        sentence.append((words, known.path))
        nouns = [w for s in known.sentences for w in s if w in made.nouns and rank[w] > 2000]
        if nouns:
            plural.append(([rnd.choice(nouns) + "s", *words[:2]], known.path))
        long = [w for s in known.sentences for w in s if len(w) > 5 and rank[w] > 2000]
        if long:
            typo.append(([slip(rnd.choice(long), rnd), *words[:1]], known.path))
    sets |= {"three words": sentence[:KNOWN], "plural": plural[:KNOWN], "typo": typo[:KNOWN]}
    return sets


def measure_recall(engine: Engine, made: Made) -> Table:
    table: Table = {}
    for kind, items in known_items(made).items():
        ranks = [engine.search("and", [w.lower() for w in words]) for words, _ in items]
        first = sum(found[:1] == [path] for found, (_, path) in zip(ranks, items, strict=True))
        ten = sum(path in found for found, (_, path) in zip(ranks, items, strict=True))
        table[kind] = {"recall@1": first / len(items), "recall@10": ten / len(items)}
    found = 0
    for _, sentence, path in made.planted:
        words = sentence.split()
        query = [words[len(words) // 2]] if len(words) > 1 else [sentence[3:8]]
        paths = {p for s, t, p in made.planted if t == sentence}
        found += path in paths and bool(paths & set(engine.search("and", query)))
    table["scripts"] = {"found": found / len(made.planted)}
    return table


def alone(root: Path, folder: Path) -> float:
    """The memory that building takes at its peak, in a process that does nothing else."""
    code = (
        "import resource, sys; from pathlib import Path; from benchmarks.search.engine import Ours;"
        "Ours(Path(sys.argv[1]), Path(sys.argv[2])).build();"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", code, str(root), str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def run(size: int, scratch: Path, engines: list[str]) -> Table:
    """All figures for a vault of ``size`` notes."""
    made = make_vault(scratch / f"vault{size}", size)
    report: Table = {}
    for name in engines:
        cls = ENGINES[name]
        if cls is Tantivy and not importlib.util.find_spec("tantivy"):
            print(f"\n{size} notes, tantivy: left out; to compare with it: pip install tantivy")
            continue
        engine = cls(made.root, scratch / f"{cls.__name__}{size}")
        seconds = timed(engine.build) / 1000
        engine.warm()
        table: Table = {"build s": seconds, "MB": engine.size() / 1e6}
        if cls is Ours:
            table["peak MB"] = alone(made.root, scratch / f"alone{size}")
        table["query ms"] = measure_queries(engine, made)
        table["recall"] = measure_recall(engine, made)
        if isinstance(engine, Following):
            table["update ms"] = measure_updates(engine, made)
        engine.close()
        report[engine.name] = table
        show(size, engine.name, table)
    changes = [known.path for known in random.Random(8).choices(made.known, k=UPDATES)]
    late, fresh = daemon(made.root, scratch / f"lag{size}", changes)
    report["daemon"] = {
        "loop lag ms": {"p99": percentile(late, 0.99), "max": max(late)},
        "change found ms": {"p50": statistics.median(fresh), "p99": percentile(fresh, 0.99)},
    }
    show(size, "daemon", report["daemon"])
    if {"octopus", "whoosh", "fts5"} <= report.keys():
        ratios(size, report)
    return report


def show(size: int, name: str, table: Table, indent: str = "") -> None:
    if not indent:
        print(f"\n{size} notes, {name}", flush=True)
    for key, value in table.items():
        if isinstance(value, dict) and any(isinstance(v, dict) for v in value.values()):
            print(f"  {indent}{key}")
            show(size, name, value, indent + "  ")
        elif isinstance(value, dict):
            figures = "  ".join(f"{k} {v:.3f}" for k, v in value.items())
            print(f"  {indent}{key:14} {figures}")
        else:
            print(f"  {indent}{key:14} {value:.2f}")


def ratios(size: int, report: Table) -> None:
    """The comparisons that are promised."""
    ours, stock, fts5 = report["octopus"], report["whoosh"], report["fts5"]
    print(f"\n{size} notes, ratios")
    print(f"  build: {stock['build s'] / ours['build s']:.2f} times as fast as stock Whoosh,")
    for other in ("fts5", "tantivy"):
        if other in report:
            print(f"         {ours['build s'] / report[other]['build s']:.1f} times {other}'s time")
    print(f"  size:  {ours['MB'] / stock['MB']:.2f} of stock's")
    print(f"  update p50: {ours['update ms']['p50'] / stock['update ms']['p50']:.2f} of stock's")
    for kind, figures in ours["query ms"].items():
        line = f"  {kind:14} p50"
        if kind != "common phrase":  # stock Whoosh drops those words and finds nothing
            line += f" {figures['p50'] / stock['query ms'][kind]['p50']:.2f} of stock's"
        if kind in fts5["query ms"]:
            line += f", {figures['p50'] / fts5['query ms'][kind]['p50']:.2f} of FTS5's"
        print(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000")
    parser.add_argument("--engines", default=",".join(ENGINES))
    options = parser.parse_args()
    logger.remove()
    report = {}
    with tempfile.TemporaryDirectory(prefix="octopus-bench-") as scratch:
        for size in map(int, options.sizes.split(",")):
            report[size] = run(size, Path(scratch), options.engines.split(","))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1), "utf-8")


if __name__ == "__main__":
    main()
