"""``octopus note`` changes notes as scripts ask for it, and ``octopus undo`` takes it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from octopus.cli import main

Run = Callable[..., Any]

FILES = {
    "Plan.md": "---\nstatus: open\n---\n# Plan\ntea\n\n## Ideas\n- [ ] one ^id1\n\n## Done\n",
    "Box/Other.md": "other [[Plan]]\n",
    "Templates/Trip.md": "# {{title}}\nto pack\n",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "vault" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    for name in ("OCTOPUS_CONFIG", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("OCTOPUS_VAULT__PATH", str(tmp_path / "vault"))
    monkeypatch.setenv("OCTOPUS_STATE__PATH", str(tmp_path / "state"))
    monkeypatch.setenv("OCTOPUS_HTTP__ENABLED", "false")
    monkeypatch.setenv("OCTOPUS_OWNER__TIMEZONE", "Europe/Berlin")
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    def command(*arguments: str, code: int = 0, says: str = "") -> Any:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capsys.readouterr()
        assert ended.value.code == code, err
        assert says in err
        return json.loads(out) if "--json" in arguments and not code else out

    yield command
    logger.remove()


def files(home: Path) -> dict[str, str]:
    root = home / "vault"
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in found}


EDITS: list[tuple[tuple[str, ...], str, str]] = [
    (("prepend", "Plan", "first"), "# Plan", "first\n# Plan"),
    (("insert", "Plan", "- two", "--heading", "Ideas"), "^id1\n", "^id1\n- two\n"),
    (("insert", "Plan", "- half", "--block", "^id1"), "^id1\n", "^id1\n- half\n"),
    (("insert", "Plan", "x", "--heading", "N", "--create"), "Done\n", "Done\n\n## N\nx\n"),
    (("replace", "Plan", "mint", "--old", "tea"), "tea", "mint"),
    (("replace", "Plan", "-", "--heading", "N"), "## N\nx", "## N\n-"),
    (("property", "Plan", "status", "done"), "status: open", "status: done"),
    (("property", "Plan", "tags", "home", "--add"), "done\n---", "done\ntags:\n  - home\n---"),
    (("property", "Plan", "tags", "home", "--take"), "tags:\n  - home", "tags: []"),
    (("property", "Plan", "tags", "--drop"), "tags: []\n", ""),
    (("task", "Plan.md", "9", "--do", "/"), "- [ ] one", "- [/] one"),
    (("task", "Plan.md", "9", "--due", "2026-12-01"), "one ^id1", "one 📅 2026-12-01 ^id1"),
    (("template", "Plan", "Trip"), "## N\n-\n", "## N\n-\n# Plan\nto pack\n"),
    (("append", "Plan", "end"), "to pack\n", "to pack\nend\n"),
]


def test_edit_by_edit_and_back_again(run: Run, home: Path) -> None:
    states = [files(home)]
    for arguments, old, new in EDITS:
        shown = run("note", *arguments, "--json")
        assert (shown["path"], shown["changed"]) == ("Plan.md", ["Plan.md"]), arguments
        assert shown["undo"] > 0
        before = states[-1]["Plan.md"]
        assert before.count(old) == 1, arguments
        states.append({**states[-1], "Plan.md": before.replace(old, new)})
        assert files(home) == states[-1], arguments
    for edit, state in zip(EDITS[::-1], states[-2::-1], strict=True):
        run("undo")
        assert files(home) == state, edit


def test_notes_move_merge_and_are_made_from_templates(run: Run, home: Path) -> None:
    before = files(home)
    assert run("note", "move", "Plan", "Box", "--json")["changed"] == ["Box/Plan.md"]
    assert run("note", "move", "Plan", "/", "--json")["path"] == "Plan.md"
    merged = run("note", "merge", "Plan", "Other", "--json")
    assert merged["path"] == "Box/Other.md"
    assert "other [[Other]]\n\n# Plan\ntea" in files(home)["Box/Other.md"]
    assert ".trash/Plan.md" in files(home)
    for _ in range(3):
        run("undo")
    assert files(home) == before
    made = run("note", "new", "Rome", "soon", "--template", "Trip", "--json")
    assert files(home)[made["path"]] == "# Rome\nto pack\nsoon\n"


def test_a_task_moves(run: Run, home: Path) -> None:
    shown = run("note", "task", "Plan.md", "8", "--to", "Box/Other.md", "--json")
    assert shown["changed"] == ["Box/Other.md", "Plan.md"]
    assert files(home)["Box/Other.md"] == "other [[Plan]]\n- [ ] one ^id1\n"
    run("undo")
    run("note", "task", "Plan.md", "8", "--heading", "Done")
    assert files(home)["Plan.md"].endswith("## Done\n- [ ] one ^id1\n")


def test_what_is_so_already_changes_nothing(run: Run, home: Path) -> None:
    shown = run("note", "property", "Plan", "status", "open", "--json")
    assert shown == {"path": "Plan", "changed": [], "undo": None}
    assert files(home) == FILES


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("insert", "Plan", "x"), 2),
        (("insert", "Plan", "x", "--heading", "A", "--block", "b"), 2),
        (("replace", "Plan", "x"), 2),
        (("replace", "Plan", "x", "--old", "y", "--heading", "z"), 2),
        (("property", "Plan", "a"), 2),
        (("property", "Plan", "a", "b", "--drop"), 2),
        (("task", "Plan", "0"), 2),
        (("task", "Plan", "1"), 1),
        (("insert", "Plan", "x", "--heading", "None"), 1),
        (("replace", "Plan", "x", "--old", "not there"), 1),
        (("merge", "Plan", "Plan"), 1),
        (("new", "X", "--template", "None"), 1),
    ],
)
def test_what_cannot_be_changes_nothing(
    run: Run, home: Path, arguments: tuple[str, ...], code: int
) -> None:
    run("note", *arguments, code=code)
    assert files(home) == FILES
