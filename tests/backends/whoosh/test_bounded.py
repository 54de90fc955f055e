"""Checks in a process of its own, which is stopped when it takes too long."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from octopus.backends.whoosh.bounded import BoundedCheck, Request
from octopus.backends.whoosh.letters import Budget
from octopus.obsidian.query_node import And, Node, Not, Regex, Scope, Word

from .conftest import NOTES, write

PATHS = sorted(NOTES)


@pytest.fixture
def check() -> Iterator[BoundedCheck]:
    check = BoundedCheck()
    yield check
    check.close()


def request(vault: Path, node: Node, paths: list[str] | None = None) -> Request:
    return Request(str(vault), node, None, PATHS if paths is None else paths)


def answers(check: BoundedCheck, asked: Request) -> list[str]:
    found, complete = check.run(asked, 30)
    assert complete
    return [asked.paths[place] for place in found]


def test_finds_what_matches(check: BoundedCheck, vault: Path) -> None:
    assert answers(check, request(vault, Regex(r"hums? at"))) == ["Heat pump.md"]
    assert answers(check, request(vault, Regex(r"^a podcast"))) == ["Ideas.md"]
    assert answers(check, request(vault, Scope("path", Regex(r"\d{4}-\d\d")))) == ["2026-11-18.md"]
    assert answers(check, request(vault, Regex(r"never"), [])) == []


def test_the_same_process_answers_again(check: BoundedCheck, vault: Path) -> None:
    answers(check, request(vault, Regex("a")))
    process = check._process
    answers(check, request(vault, Regex("b")))
    assert check._process is process


def test_notes_are_read_anew(check: BoundedCheck, vault: Path) -> None:
    assert answers(check, request(vault, Regex("lighthouse"))) == []
    write(vault, "Ideas.md", "a lighthouse")
    assert answers(check, request(vault, Regex("lighthouse"))) == ["Ideas.md"]


def test_words_count_in_the_given_forms(check: BoundedCheck, vault: Path) -> None:
    node = Scope("line", And((Word("pumps"), Regex("night"))))
    asked = Request(str(vault), node, {("pumps", False): ("pumps", "pump")}, PATHS)
    assert answers(check, asked) == ["Heat pump.md"]
    assert answers(check, request(vault, node)) == []


def test_too_long_is_ended_and_the_next_one_answered(check: BoundedCheck, vault: Path) -> None:
    write(vault, "Trap.md", "a" * 64 + "!")
    paths = ["Ideas.md", "Trap.md", "Heat pump.md"]
    answers(check, request(vault, Regex("x"), paths))  # the process has started
    found, complete = check.run(request(vault, Regex(r"podcast|(a+)+$"), paths), 0.5)
    assert not complete
    assert found == [0]
    assert answers(check, request(vault, Regex("podcast"), paths)) == ["Ideas.md"]


def test_places_as_far_as_they_are_found_in_time(check: BoundedCheck, vault: Path) -> None:
    write(vault, "Trap.md", "one\nnot here " + "a" * 64 + "!")
    node = And((Regex(r"podcast|(a+)+$|hums"), Not(Regex("Heat"))))
    asked = request(vault, node, ["Ideas.md", "2026-11-18.md", "Heat pump.md", "gone.md"])
    assert check.places(asked, 30) == {
        "Ideas.md": NOTES["Ideas.md"].index("podcast"),
        "Heat pump.md": NOTES["Heat pump.md"].index("hums"),
    }
    trapped = request(vault, node, ["Ideas.md", "Trap.md", "Heat pump.md"])
    assert check.places(trapped, 0.5) == {"Ideas.md": NOTES["Ideas.md"].index("podcast")}
    assert check.places(asked, 30)["Heat pump.md"] > 0  # a new process answers


def test_the_start_of_the_process_is_no_part_of_the_time(
    check: BoundedCheck, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slow the machine: the first query would never be answered there."""
    now, taken, wait = [0.0], iter([3.0]), select.select

    def slow(*args: Any) -> Any:
        now[0] += next(taken, 0.0)
        return wait(*args)

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(select, "select", slow)
    budget = Budget(1.0, started=0.0)
    budget.spare(check.start)
    assert now == [3.0]
    assert budget.left == 1.0
    assert check.run(request(vault, Regex("podcast"), ["Ideas.md"]), budget.left) == ([0], True)
    assert now == [3.0]


def test_process_that_died_is_replaced(check: BoundedCheck, vault: Path) -> None:
    answers(check, request(vault, Regex("a")))
    assert check._process is not None
    check._process.kill()
    check._process.wait()
    assert answers(check, request(vault, Regex("podcast"))) == ["Ideas.md"]


def test_missing_files_are_passed_over(check: BoundedCheck, vault: Path) -> None:
    asked = request(vault, Regex("."), ["gone.md", "Ideas.md", "../../etc/passwd"])
    assert answers(check, asked) == ["Ideas.md"]
