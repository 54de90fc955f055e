"""The proof's figures, as a table and as JSON."""

from __future__ import annotations

import platform
from dataclasses import asdict
from statistics import median, quantiles
from typing import Any

from tests.proof.driver import Run, Size


def percentile(values: list[float], share: int) -> float | None:
    """The given percentile; None without values."""
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=100, method="inclusive")[share - 1]


def figures(name: str, size: Size, run: Run, import_seconds: float) -> dict[str, Any]:
    """Everything that a reader needs to believe or to repeat the run."""
    verdict = run.verdict
    found = problems(run)
    if run.ready and median(run.ready) >= import_seconds:
        found.append("ready later than a plain import of aiogram takes")
    return {
        "subject": name,
        "machine": {"python": platform.python_version(), "system": platform.platform()},
        "size": asdict(size),
        "sent": verdict.sent,
        "by_sort": dict(run.sorts),
        "kills": verdict.kills,
        "terms": len(run.stops),
        "starts": run.starts,
        "moments": dict(run.moments),
        "points": run.points,
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "garbled": len(verdict.garbled),
        "without_effect": len(verdict.stale),
        "without_outcome": len(verdict.silent),
        "repeated_replies": verdict.repeated,
        "repeated_replies_per_kill": round(verdict.repeated / max(1, verdict.kills), 3),
        "marked_as_repeats": verdict.marked,
        "notes": verdict.notes,
        "searchable": verdict.searchable and verdict.searchable[1],
        "leftover_files": len(verdict.leftovers),
        "not_settled": verdict.open_rows,
        "ready_after_kill_p50": _round(median(run.ready) if run.ready else None),
        "ready_after_kill_p95": _round(percentile(run.ready, 95)),
        "first_ready": _round(run.first_ready),
        "import_aiogram": _round(import_seconds),
        "stop_p50": _round(median(run.stops) if run.stops else None),
        "stop_max": _round(max(run.stops, default=None)),
        "bad_exits": run.bad_exits,
        "given_up_then_done": run.given_up,
        "seconds": _round(run.seconds),
        "problems": found,
    }


def problems(run: Run) -> list[str]:
    """What broke a promise: of the data, of the way out, of the points."""
    found = [*run.verdict.problems, *run.bad_exits]
    missed = [point for point, what in run.points.items() if what != "killed"]
    if missed:
        found.append(f"points that were not reached: {', '.join(missed)}")
    return found


def table(figures: dict[str, Any]) -> str:
    """The figures that matter, one a line."""
    reached = sum(what == "killed" for what in figures["points"].values())
    rows = {
        "messages sent": f"{figures['sent']} {figures['by_sort']}",
        "killed / stopped / started": "{kills} / {terms} / {starts}".format(**figures),
        "named points": f"{reached} of {len(figures['points'])}",
        "lost": figures["lost"],
        "done twice": figures["doubled"],
        "not byte for byte": figures["garbled"],
        "edits and presses without effect": figures["without_effect"],
        "without a visible outcome": figures["without_outcome"],
        "replies shown twice": "{repeated_replies} ({repeated_replies_per_kill} a kill)".format(
            **figures
        ),
        "given up, done at a tap": figures["given_up_then_done"],
        "notes / found by search": "{notes} / {searchable}".format(**figures),
        "files left over": figures["leftover_files"],
        "jobs and replies not settled": figures["not_settled"] or 0,
        "ready after a kill, p50 / p95": (
            "{ready_after_kill_p50} / {ready_after_kill_p95} s".format(**figures)
        ),
        "plain import of aiogram": f"{figures['import_aiogram']} s",
        "SIGTERM to the end, p50 / max": "{stop_p50} / {stop_max} s".format(**figures),
        "took": f"{figures['seconds']} s",
    }
    width = max(map(len, rows))
    lines = [f"proof of {figures['subject']} (seed {figures['size']['seed']})"]
    lines += [f"  {name:<{width}}  {value}" for name, value in rows.items()]
    lines += [f"  PROBLEM: {problem}" for problem in figures["problems"]]
    lines.append("  FAILED" if figures["problems"] else "  PASSED")
    return "\n".join(lines)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
