"""``octopus reminders``, beside a daemon or without one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.cli.house import Run


def test_nothing_was_ever_asked(run: Run) -> None:
    assert run("reminders", "--json") == {"reminders": []}
    assert run("reminders") == ""


def test_what_is_armed_the_soonest_first(run: Run) -> None:
    run("ask", "remind me every day at 8 to take pills", "--json")
    asked = run("ask", "remind me in 30 minutes to call Ann", "--json")
    assert asked["intent"] == "reminder.add"
    (effect,) = asked["effects"]
    assert effect["kind"] == "reminder"
    found: list[dict[str, Any]] = run("reminders", "--json")["reminders"]
    by_text = {one["text"]: one for one in found}
    assert set(by_text) == {"take pills", "call Ann"}
    assert [one["at"] for one in found] == sorted(one["at"] for one in found)
    ahead = datetime.fromisoformat(by_text["call Ann"]["at"]) - datetime.now(UTC)
    assert timedelta(minutes=25) < ahead <= timedelta(minutes=30)
    assert by_text["take pills"]["repeat"] == "every day"
    assert by_text["take pills"]["path"] is None
    assert "take pills  (every day)" in run("reminders")
    run("undo", str(effect["undo"]), "--json")
    assert [one["text"] for one in run("reminders", "--json")["reminders"]] == ["take pills"]


def test_status_says_what_is_armed(run: Run) -> None:
    assert "Reminders: none armed" in run("ask", "/status")
    run("ask", "remind me in 30 minutes to call Ann")
    assert "Reminders: 1 armed, the next on " in run("ask", "/status")
