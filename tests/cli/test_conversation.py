"""A conversation from the command line: told, corrected, pressed and taken back, as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.house import Run


@pytest.fixture
def run(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Always as JSON, and quiet about what has no model."""
    monkeypatch.setenv("OCTOPUS_LOG__LEVEL", "ERROR")
    return lambda *arguments, code=0: run(*arguments, "--json", code=code)


def notes(vault: Path) -> dict[str, str]:
    found = (path for path in sorted(vault.rglob("*.md")) if ".trash" not in path.parts)
    return {path.relative_to(vault).as_posix(): path.read_text("utf-8") for path in found}


def test_a_todo_told_corrected_pressed_and_taken_back(run: Run, vault: Path) -> None:
    told = run("ask", "buy milk on 3 May 2030")
    assert list(told) == ["job", "intent", "reply", "buttons", "effects", "took_ms"]
    assert told["effects"] == [{"kind": "create", "path": "Tasks.md", "undo": 1}]
    corrected = run("ask", "no, on 4 May 2030")
    assert (corrected["intent"], corrected["job"]) == ("correct", 2)
    assert corrected["effects"] == [{"kind": "edit", "path": "Tasks.md", "undo": 2}]
    assert notes(vault) == {"Tasks.md": "- [ ] buy milk 📅 2030-05-04\n"}
    done = next(button for button in corrected["buttons"] if button["label"] == "Done")
    pressed = run("press", str(corrected["job"]), done["id"])
    assert list(pressed) == list(told)
    assert "[x] buy milk" in notes(vault)["Tasks.md"]
    seen = []
    for _ in range(3):
        undone = run("undo")
        assert list(undone) == ["undone", "conflict"]
        assert [each["path"] for each in undone["undone"]] == ["Tasks.md"]
        assert undone["conflict"] is None
        seen.append(notes(vault).get("Tasks.md"))
    assert seen == ["- [ ] buy milk 📅 2030-05-04\n", "- [ ] buy milk 📅 2030-05-03\n", None]
    assert run("undo")["undone"] == []


@pytest.mark.parametrize(
    ("said", "change", "text"),
    [
        ("remind me on 3 May 2030 at 12 to call Ann", "no, at 14:00", "call Ann"),
        (
            "erinnere mich am 3. Mai 2030 um 12 Uhr, Ann anzurufen",
            "nein, um 14 Uhr",
            "Ann anzurufen",
        ),
        ("rappelle-moi le 3 mai 2030 à 12h d'appeler Ann", "non, à 14h", "appeler Ann"),
        ("напомни 3 мая 2030 в 12:00 позвонить Ане", "нет, в 14:00", "позвонить Ане"),
    ],
)
def test_a_reminder_is_one_through_its_correction_and_none_after_undo(
    run: Run, said: str, change: str, text: str
) -> None:
    def armed() -> list[tuple[str, str]]:
        return [(each["text"], each["at"]) for each in run("reminders")["reminders"]]

    noon, two = ((text, f"2030-05-03T{hour}:00:00+02:00") for hour in (12, 14))
    run("ask", said)
    assert armed() == [noon]
    changed = run("ask", change)
    assert armed() == [two]
    assert {each["kind"] for each in changed["effects"]} == {"reminder"}
    run("undo")
    assert armed() == [noon]
    run("undo")
    assert armed() == []


def test_a_corrected_reminder_keeps_the_owners_language(run: Run) -> None:
    run("ask", "erinnere mich am 3. Mai 2030 um 12 Uhr, Ann anzurufen")
    changed = run("ask", "nein, um 14")
    assert "Fr 03.05.2030 14:00" in changed["reply"]
    assert "Fri" not in changed["reply"]


def test_every_step_of_it_is_in_the_journal(run: Run) -> None:
    run("ask", "note: lamp")
    run("ask", "no, it's the big lamp")
    run("undo")
    jobs = run("jobs")["jobs"]
    keys = ["id", "kind", "state", "attempt", "received_at", "intent", "error"]
    assert [list(job) for job in jobs] == [keys] * 3
    assert [job["intent"] for job in jobs] == ["undo", "correct", "note.add"]
    assert {job["state"] for job in jobs} == {"done"}
    (shown,) = run("jobs", "show", "2")["jobs"]
    assert shown["text"] == "no, it's the big lamp"
    assert run("jobs", "--state", "dead") == {"jobs": []}


def test_what_is_not_there_is_said_and_changes_nothing(run: Run, vault: Path) -> None:
    run("ask", "note: lamp")
    before = notes(vault)
    assert "no button nope" in run("press", "1", "nope", code=1)
    assert "octopus: " in run("press", "99", "nope", code=1)
    assert "octopus: " in run("jobs", "show", "99", code=1)
    unknown = run("undo", "99")
    assert unknown["undone"] == []
    assert unknown["conflict"]
    assert notes(vault) == before


def test_a_note_renamed_after_a_line_was_put_in_comes_back_step_by_step(
    run: Run, vault: Path
) -> None:
    (vault / "Boat.md").write_text("# Boat\n", "utf-8")
    (vault / "A.md").write_text("see [[Boat]]\n", "utf-8")
    states = [notes(vault)]
    appended = run("note", "append", "Boat", "- a sail")
    assert appended == {"path": "Boat.md", "changed": ["Boat.md"], "undo": appended["undo"]}
    states.append(notes(vault))
    renamed = run("note", "rename", "Boat", "Ship")
    assert renamed["path"] == "Ship.md"
    assert set(renamed["changed"]) >= {"A.md"}
    assert notes(vault) == {"A.md": "see [[Ship]]\n", "Ship.md": "# Boat\n- a sail\n"}
    for state in states[::-1]:
        run("undo")
        assert notes(vault) == state
    assert run("undo")["undone"] == []
