"""``octopus todo``: the contract's JSON, exit codes, and the same words as on the phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.cli.house import Run

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 20)
KEYS = ["path", "line", "text", "status", "due", "remind_at", "priority", "repeat", "tags"]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """A day that does not end while it is tested."""
    with time_machine.travel(datetime(2026, 11, 20, 12, 0, tzinfo=ZONE)):
        yield


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTOPUS_LOG__LEVEL", "ERROR")


def test_added_listed_and_ticked(run: Run, vault: Path) -> None:
    tomorrow = TODAY + timedelta(days=1)
    added = run("todo", "add", "call", "Ann", "tomorrow at 9 !!", "--json")["todos"]
    assert [list(todo) for todo in added] == [KEYS]
    at = datetime(tomorrow.year, tomorrow.month, tomorrow.day, 9, tzinfo=ZONE)
    assert added[0] == {
        "path": "Tasks.md",
        "line": 1,
        "text": f"call Ann ⏰ {tomorrow} 09:00 ⏫ 📅 {tomorrow}",
        "status": " ",
        "due": tomorrow.isoformat(),
        "remind_at": at.isoformat(),
        "priority": "high",
        "repeat": None,
        "tags": [],
    }
    assert run("todo", "list", "--json")["todos"] == added
    assert run("todo", "list", "--when", "today", "--json") == {"todos": []}
    done = run("todo", "done", "an", "call", "--json")
    assert [todo["status"] for todo in done["todos"]] == ["x"]
    assert f"✅ {TODAY}" in (vault / "Tasks.md").read_text("utf-8")
    assert run("todo", "list", "--json") == {"todos": []}
    run("undo", str(done["undo"]))
    assert run("todo", "list", "--json")["todos"] == added


def test_a_list_in_one_go_and_the_parts_of_it(run: Run, vault: Path) -> None:
    yesterday = TODAY - timedelta(days=1)
    text = f"- [ ] late 📅 {yesterday}\n- [ ] now 📅 {TODAY}\n- [ ] some day #x/y\n- [x] did\n"
    (vault / "Plan.md").write_text(text, "utf-8")

    def listed(when: str) -> list[str]:
        return [
            todo["text"].split()[0]
            for todo in run("todo", "list", "--when", when, "--json")["todos"]
        ]

    assert listed("all") == ["late", "now", "some"]
    assert listed("today") == ["late", "now"]
    assert listed("overdue") == ["late"]
    assert listed(TODAY.isoformat()) == ["now"]
    assert listed("#x") == ["some"]
    assert listed("plan") == ["late", "now", "some"]
    assert listed("Plan.md") == ["late", "now", "some"]
    assert "soon" in run("todo", "list", "--when", "soon", code=1)
    shown = run("todo", "list")
    assert shown.splitlines()[0].startswith("☐ late · ")
    assert shown.splitlines()[0].endswith("(Plan.md:1)")


def test_several_at_once(run: Run, vault: Path) -> None:
    added = run("todo", "add", "shopping: milk, eggs", "--json")
    assert [(todo["path"], todo["text"]) for todo in added["todos"]] == [
        ("Shopping.md", "milk"),
        ("Shopping.md", "eggs"),
    ]
    assert "Changed to-dos: 2" in run("todo", "done", "milk and eggs")
    assert (vault / "Shopping.md").read_text("utf-8").count("[x]") == 2


def test_what_cannot_be_done_is_an_error_and_says_what_there_is(run: Run, vault: Path) -> None:
    (vault / "Tasks.md").write_text("- [ ] call Ann\n- [ ] call Bob\n", "utf-8")
    assert "No open to-do is called “roof”" in run("todo", "done", "roof", code=1)
    asked = run("todo", "done", "call", code=1)
    assert "Which one" in asked
    assert "call Ann" in asked
    assert "call Bob" in asked
    assert (vault / "Tasks.md").read_text("utf-8").count("[x]") == 0
    run("todo", "add", code=2)
    run("todo", "done", code=2)


def test_words_that_look_like_options_are_words(run: Run, vault: Path) -> None:
    run("todo", "add", "-x marks it")
    assert (vault / "Tasks.md").read_text("utf-8") == "- [ ] -x marks it\n"
