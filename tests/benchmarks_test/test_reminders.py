"""How late reminders are: the arithmetic, and the whole run in a small size."""

from __future__ import annotations

from benchmarks.reminders import figures, lateness, table


def test_figures() -> None:
    found = figures([float(number) for number in range(1, 101)], 5)
    assert found["reminders"] == 100
    assert found["notes_indexed_meanwhile"] == 5
    assert (found["p50_ms"], found["p99_ms"], found["max_ms"]) == (50.5, 99.0, 100.0)


def test_the_table_says_whether_the_aim_is_kept() -> None:
    good, bad = figures([5.0, 9.0], 0), figures([5.0, 1900.0], 0)
    assert "kept" in table({"idle": good, "indexing": bad})
    assert "MISSED" in table({"idle": bad, "indexing": bad})


async def test_reminders_reach_the_chat_through_the_whole_daemon() -> None:
    found = await lateness(3, 0.1, 5)
    assert found["reminders"] == 3
    assert found["p50_ms"] > 0  # never early
