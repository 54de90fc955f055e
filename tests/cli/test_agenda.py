"""``octopus agenda`` and what goes into the daily note, as scripts see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from octopus.backends.lock import hold
from tests.cli.house import Run, furnish

FILES = {
    ".obsidian/daily-notes.json": '{"folder": "Daily"}',
    "Tasks.md": "- [ ] buy milk 📅 2030-05-03\n- [ ] write the report 📅 2030-05-04\n",
    "Daily/2030-05-03.md": "# 2030-05-03\n## Plan\n",
}
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
SUMMARY:Dentist
LOCATION:Main St
DTSTART;TZID=America/New_York:20300503T040000
DTEND;TZID=America/New_York:20300503T050000
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Trip
DTSTART;VALUE=DATE:20300503
DTEND;VALUE=DATE:20300505
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(autouse=True)
def _furnished(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(home / "vault", FILES)
    (home / "work.ics").write_text(CALENDAR)
    monkeypatch.setenv("OCTOPUS_AGENDA__CALENDARS", json.dumps([str(home / "work.ics")]))


DAY = {
    "date": "2030-05-03",
    "appointments": [
        {
            "title": "Trip",
            "start": "2030-05-03",
            "end": "2030-05-04",
            "all_day": True,
            "place": None,
        },
        {
            "title": "Dentist",
            "start": "2030-05-03T10:00:00+02:00",
            "end": "2030-05-03T11:00:00+02:00",
            "all_day": False,
            "place": "Main St",
        },
    ],
    "reminders": [],
    "todos": [
        {
            "path": "Tasks.md",
            "line": 1,
            "text": "buy milk 📅 2030-05-03",
            "status": " ",
            "due": "2030-05-03",
            "remind_at": None,
            "priority": None,
            "repeat": None,
            "tags": [],
        }
    ],
    "headings": ["Plan"],
}


def test_a_day_as_json(run: Run) -> None:
    assert run("agenda", "--date", "2030-05-03", "--json") == {
        "days": [DAY],
        "overdue": [],
        "faults": [],
    }


def test_some_days(run: Run) -> None:
    found = run("agenda", "--date", "2030-05-03", "--days", "3", "--json")
    assert [day["date"] for day in found["days"]] == ["2030-05-03", "2030-05-04", "2030-05-05"]
    assert [todo["text"] for todo in found["days"][1]["todos"]] == [
        "write the report 📅 2030-05-04"
    ]
    assert run("agenda", "--date", "2030-05-03", "--days", "2") == (
        "Fri 3 May 2030\n"
        "• Trip (until Sat 4 May 2030)\n"
        "10:00–11:00 Dentist, Main St\n"
        "1. ☐ buy milk\n"
        "In the note: Plan\n"
        "\n"
        "Sat 4 May 2030\n"
        "• Trip\n"
        "2. ☐ write the report\n"
    )


def test_reminders_beside_a_daemon(run: Run, home: Path) -> None:
    run("ask", "remind me on 3 May 2030 at 12 to call Ann")
    run("ask", "remind me every day at 8 to take pills")
    with hold(home / "state"):  # somebody else is at work there
        found = run("agenda", "--date", "2030-05-03", "--json")
    (day,) = found["days"]
    assert [(one["text"], one["at"]) for one in day["reminders"]] == [
        ("take pills", "2030-05-03T08:00:00+02:00"),
        ("call Ann", "2030-05-03T12:00:00+02:00"),
    ]


def test_a_calendar_that_is_not_there_is_told_on_stderr(run: Run, home: Path) -> None:
    (home / "work.ics").unlink()
    found = run("agenda", "--date", "2030-05-03", "--json", says="work.ics is not there")
    assert found["days"][0]["todos"]
    assert len(found["faults"]) == 1


@pytest.mark.parametrize("arguments", [["--days", "0"], ["--days", "63"], ["--date", "soon"]])
def test_a_usage_that_is_none(run: Run, arguments: list[str]) -> None:
    run("agenda", *arguments, code=2, says="Invalid value")


def test_without_a_vault(run: Run, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("OCTOPUS_VAULT__PATH", str(home / "nope"))
    run("agenda", code=75, says="is not there")


def test_a_line_in_the_diary_and_back(run: Run, home: Path) -> None:
    note = home / "vault" / "Daily" / "2026-11-19.md"
    found = run("daily", "--append", "slept well", "--date", "2026-11-19", "--json")
    assert note.read_text() == "- slept well\n"
    assert found == {"path": "Daily/2026-11-19.md", "changed": ["Daily/2026-11-19.md"], "undo": 1}
    run("undo", "1")
    assert not note.exists()
    assert run("daily", "--append", "-5 degrees", "--date", "2026-11-19") == (
        "Added to Daily/2026-11-19.md\n"
    )
    assert note.read_text() == "- -5 degrees\n"
