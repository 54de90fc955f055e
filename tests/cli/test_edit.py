"""``octopus note`` changes notes as scripts ask for it, and ``octopus undo`` takes it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.house import Run, contents, furnish

FILES = {
    "Plan.md": "---\nstatus: open\n---\n# Plan\ntea\n\n## Ideas\n- [ ] one ^id1\n\n## Done\n",
    "Box/Other.md": "other [[Plan]]\n",
    "Templates/Trip.md": "# {{title}}\nto pack\n",
}


@pytest.fixture(autouse=True)
def _furnished(vault: Path) -> None:
    furnish(vault, FILES)


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


def test_edit_by_edit_and_back_again(run: Run, vault: Path) -> None:
    states = [contents(vault)]
    for arguments, old, new in EDITS:
        shown = run("note", *arguments, "--json")
        assert (shown["path"], shown["changed"]) == ("Plan.md", ["Plan.md"]), arguments
        assert shown["undo"] > 0
        before = states[-1]["Plan.md"]
        assert before.count(old) == 1, arguments
        states.append({**states[-1], "Plan.md": before.replace(old, new)})
        assert contents(vault) == states[-1], arguments
    for edit, state in zip(EDITS[::-1], states[-2::-1], strict=True):
        run("undo")
        assert contents(vault) == state, edit


def test_notes_move_merge_and_are_made_from_templates(run: Run, vault: Path) -> None:
    before = contents(vault)
    assert run("note", "move", "Plan", "Box", "--json")["changed"] == ["Box/Plan.md"]
    assert run("note", "move", "Plan", "/", "--json")["path"] == "Plan.md"
    merged = run("note", "merge", "Plan", "Other", "--json")
    assert merged["path"] == "Box/Other.md"
    assert "other [[Other]]\n\n# Plan\ntea" in contents(vault)["Box/Other.md"]
    assert ".trash/Plan.md" in contents(vault)
    for _ in range(3):
        run("undo")
    assert contents(vault) == before
    made = run("note", "new", "Rome", "soon", "--template", "Trip", "--json")
    assert contents(vault)[made["path"]] == "# Rome\nto pack\nsoon\n"


def test_a_task_moves(run: Run, vault: Path) -> None:
    shown = run("note", "task", "Plan.md", "8", "--to", "Box/Other.md", "--json")
    assert shown["changed"] == ["Box/Other.md", "Plan.md"]
    assert contents(vault)["Box/Other.md"] == "other [[Plan]]\n- [ ] one ^id1\n"
    run("undo")
    run("note", "task", "Plan.md", "8", "--heading", "Done")
    assert contents(vault)["Plan.md"].endswith("## Done\n- [ ] one ^id1\n")


def test_what_is_so_already_changes_nothing(run: Run, vault: Path) -> None:
    shown = run("note", "property", "Plan", "status", "open", "--json")
    assert shown == {"path": "Plan", "changed": [], "undo": None}
    assert contents(vault) == FILES


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
    run: Run, vault: Path, arguments: tuple[str, ...], code: int
) -> None:
    run("note", *arguments, code=code)
    assert contents(vault) == FILES
