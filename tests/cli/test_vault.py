"""``octopus vault`` and ``octopus daily``, and notes renamed and deleted, as scripts see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from octopus.backends.lock import hold
from tests.cli.house import Run, contents, furnish

FILES = {
    "Home.md": "# Home\n### Deep\n## Part\n[[Lamp|the lamp]] [[Nowhere]] ![[pic.png]] #a/b\n",
    "Rooms/Lamp.md": "---\nup: '[[Home]]'\ntags: [A]\n---\n- [ ] buy\n[[nowhere#x]]\n",
    "Leaf.md": "alone #c\n",
    "pic.png": "x",
    ".trash/Gone.md": "[[Home]]",
    "~$Lamp.md": "[[Home]]",
}


@pytest.fixture(autouse=True)
def _furnished(vault: Path) -> None:
    furnish(vault, FILES)


# How they hang together.


def test_links(run: Run) -> None:
    shown = run("vault", "links", "Home", "--json")
    assert shown["path"] == "Home.md"
    assert shown["links"][0] == {
        "kind": "link",
        "target": "Lamp",
        "subpath": None,
        "display": "the lamp",
        "line": 4,
        "property": None,
        "resolved": "Rooms/Lamp.md",
    }
    assert [link["resolved"] for link in shown["links"]] == ["Rooms/Lamp.md", None, "pic.png"]
    assert "the lamp -> Rooms/Lamp.md\n" in run("vault", "links", "Home.md")


def test_backlinks(run: Run) -> None:
    (link,) = run("vault", "backlinks", "Home.md", "--json")["backlinks"]
    assert (link["path"], link["property"], link["kind"]) == ("Rooms/Lamp.md", "up", "property")
    assert run("vault", "backlinks", "pic.png") == "Home.md:4  pic.png\n"
    assert run("vault", "backlinks", "Leaf", "--json") == {"path": "Leaf.md", "backlinks": []}


def test_hits_cannot_command_the_terminal(run: Run, vault: Path) -> None:
    furnish(vault, {"Bell\x07\x08\u202e\nHome.md:1.md": "zymurgy \x07\u202elamp"})
    first, second, *_ = str(run("search", "zymurgy")).splitlines()
    assert first == "Bell␇␈\ufffd␊Home.md:1.md:1  Bell␇␈\ufffd␊Home.md:1"
    assert second == "    zymurgy ␇\ufffdlamp"


def test_what_leads_nowhere(run: Run) -> None:
    (row,) = run("vault", "unresolved", "--json")["unresolved"]
    assert row == {"target": "Nowhere", "count": 2, "sources": ["Home.md", "Rooms/Lamp.md"]}
    assert run("vault", "orphans", "--json") == {"orphans": ["Leaf.md"]}
    assert run("vault", "deadends", "--json") == {"deadends": ["Leaf.md"]}
    assert run("vault", "orphans") == run("vault", "deadends") == "Leaf.md\n"
    assert "Rooms/Lamp.md" in run("vault", "unresolved")


def test_tags(run: Run) -> None:
    child = {"tag": "#a/b", "count": 1, "children": []}
    assert run("vault", "tags", "--json") == {
        "tags": [
            {"tag": "#A", "count": 2, "children": [child]},
            {"tag": "#c", "count": 1, "children": []},
        ]
    }
    assert run("vault", "tags") == "#A  2\n  #a/b  1\n#c  1\n"


def test_outline(run: Run) -> None:
    shown = run("vault", "outline", "Home", "--json")
    assert shown["path"] == "Home.md"
    assert shown["headings"][1] == {"level": 3, "depth": 1, "text": "Deep", "line": 2}
    assert run("vault", "outline", "Home") == "Home\n  Deep\n  Part\n"


def test_numbers(run: Run) -> None:
    assert run("vault", "stats", "--json") == {
        "files": 4,
        "notes": 3,
        "links": 5,
        "unresolved": 2,
        "orphans": 1,
        "deadends": 1,
        "tags": 3,
        "tasks": 1,
    }
    assert "notes: 3\n" in run("vault", "stats")


def test_mentions(run: Run, home: Path) -> None:
    furnish(home / "vault", {"Said.md": "no\nthe lamp is on\n[[Lamp]]\n"})
    assert run("vault", "mentions", "Rooms/Lamp", "--json") == {
        "path": "Rooms/Lamp.md",
        "mentions": [{"path": "Said.md", "line": 2, "name": "lamp", "text": "the lamp is on"}],
    }
    assert run("vault", "mentions", "Rooms/Lamp.md") == "Said.md:2  the lamp is on\n"


def test_a_picture_as_svg_and_png(run: Run, home: Path) -> None:
    shown = run("vault", "picture", "Home")
    assert shown.startswith("<svg")
    assert ">Lamp</text>" in shown
    assert run("vault", "picture", "Home", "-o", str(home / "x.svg")) == ""
    assert (home / "x.svg").read_text("utf-8") == shown
    run("vault", "picture", "Home", "-o", str(home / "x.png"), "--depth", "1")
    assert (home / "x.png").read_bytes()[:4] == b"\x89PNG"
    run("vault", "picture", "None", code=1, says="There is no file")


def test_conflict_copies(run: Run, home: Path) -> None:
    copy = "Leaf.sync-conflict-20261120-093000-ABCDEFG.md"
    furnish(home / "vault", {copy: "alone\n- [ ] no [[Home]]\n"})
    row = {"path": copy, "original": "Leaf.md", "tool": "Syncthing", "certain": True}
    assert run("vault", "conflicts", "--json") == {"conflicts": [row]}
    assert "a copy of Leaf.md" in run("vault", "conflicts")
    assert run("vault", "stats", "--json")["files"] == 4
    assert all(
        each["path"] != copy for each in run("vault", "backlinks", "Home", "--json")["backlinks"]
    )


@pytest.mark.parametrize("command", ["links", "backlinks", "mentions", "outline"])
@pytest.mark.parametrize("path", ["None", "../x", ".trash/None"])
def test_a_file_that_is_not_there(run: Run, command: str, path: str) -> None:
    assert run("vault", command, path, code=1, says="octopus: ") == ""


def test_a_daemon_that_runs_is_not_in_the_way(run: Run, home: Path) -> None:
    with hold(home / "state"):
        assert run("vault", "orphans", "--json") == {"orphans": ["Leaf.md"]}
        assert run("daily", "--json", "--date", "2026-11-20")["path"] == "2026-11-20.md"


def test_a_note_too_large_to_be_read_is_a_file_and_is_named(run: Run, home: Path) -> None:
    with (home / "vault/Huge.md").open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    shown = run("vault", "stats", "--json", says="Huge.md is left out")
    assert (shown["notes"], shown["links"]) == (4, 5)


# The daily note.


def test_the_daily_note_is_where_obsidian_has_it(run: Run, home: Path) -> None:
    assert run("daily", "--date", "2026-11-20", "--json") == {
        "path": "2026-11-20.md",
        "exists": False,
    }
    core = {"folder": "Daily", "format": "YYYY/MM/DD"}
    furnish(home / "vault", {".obsidian/daily-notes.json": json.dumps(core)})
    assert run("daily", "--date", "2026-11-20") == "Daily/2026/11/20.md\n"
    furnish(home / "vault", {"Daily/2026/11/20.md": "said\n"})
    assert run("daily", "--date", "2026-11-20", "--json")["exists"] is True
    assert run("daily", "--date", "2026-11-20") == "Daily/2026/11/20.md\n\nsaid\n"
    plugin = {"daily": {"enabled": True, "folder": "P", "format": "YYYY-MM-DD"}}
    furnish(home / "vault", {".obsidian/community-plugins.json": '["periodic-notes"]'})
    furnish(home / "vault", {".obsidian/plugins/periodic-notes/data.json": json.dumps(plugin)})
    assert run("daily", "--date", "2026-11-20", "--json")["path"] == "P/2026-11-20.md"


def test_broken_settings_are_defaults_and_one_warning(run: Run, home: Path) -> None:
    furnish(home / "vault", {".obsidian/daily-notes.json": "{"})
    shown = run("daily", "--date", "2026-11-20", "--json", says="daily-notes.json")
    assert shown["path"] == "2026-11-20.md"
    assert run("daily", "--date", "someday", code=2, says="date") == ""


def test_a_daily_format_that_leads_out_of_the_vault_is_not_followed(run: Run, home: Path) -> None:
    form = {"format": "YYYY/../../../../tmp/x/pwn"}
    furnish(home / "vault", {".obsidian/daily-notes.json": json.dumps(form)})
    says = 'octopus: daily-notes.json: "format" names no path inside the vault'
    shown = run("daily", "--date", "2026-11-20", "--json", says=says)
    assert shown == {"path": "2026-11-20.md", "exists": False}
    assert run("daily", "--date", "2026-11-20", says=says) == "2026-11-20.md\n"


# Another name, another place, the trash.


def test_a_rename_names_the_files_whose_links_are_left(run: Run, home: Path) -> None:
    furnish(home / "vault", {"Torn.md": "---\nup: [x\n---\n[[Lamp]]"})
    shown = run("note", "rename", "Lamp", "Bulb", "--json", says="are left in Torn.md\n")
    assert shown["left"] == ["Torn.md"]
    assert shown["changed"] == ["Rooms/Bulb.md", "Home.md"]


def test_a_note_is_renamed_and_one_undo_takes_all_back(run: Run, home: Path) -> None:
    before = contents(home / "vault")
    shown = run("note", "rename", "Rooms/Lamp.md", "Bulb", "--json")
    assert shown == {
        "path": "Rooms/Bulb.md",
        "changed": ["Rooms/Bulb.md", "Home.md"],
        "undo": 1,
    } | {"left": []}
    assert "[[Bulb|the lamp]]" in contents(home / "vault")["Home.md"]
    back = run("undo", "--json")
    assert back["conflict"] is None
    assert {each["path"] for each in back["undone"]} == {"Rooms/Lamp.md", "Home.md"}
    assert contents(home / "vault") == before
    assert "Lamps/Lamp.md" in run("note", "rename", "Lamp", "Lamps/")
    assert run("vault", "backlinks", "Lamps/Lamp", "--json")["backlinks"]


def test_a_name_that_is_taken_changes_nothing(run: Run, home: Path) -> None:
    before = contents(home / "vault")
    assert run("note", "rename", "Leaf", "home", "--json", code=1, says="Home.md already") == ""
    assert run("note", "rename", "None", "x", code=1, says="no note called") == ""
    assert run("note", "rename", "Leaf", "../x", code=1, says="octopus: ") == ""
    assert contents(home / "vault") == before


def test_a_note_is_deleted_at_once_and_comes_back(run: Run, home: Path) -> None:
    before = contents(home / "vault")
    shown = run("note", "delete", "Rooms/Lamp", "--json")
    assert shown == {"path": "Rooms/Lamp.md", "changed": ["Rooms/Lamp.md"], "undo": 1}
    assert ".trash/Rooms/Lamp.md" in contents(home / "vault")
    assert "Rooms/Lamp.md" not in contents(home / "vault")
    back = run("undo", "--json")
    assert [each["path"] for each in back["undone"]] == ["Rooms/Lamp.md"]
    assert contents(home / "vault") == before
    assert run("note", "delete", "None", code=1, says="no note called") == ""
    assert "trash" in run("note", "delete", "Leaf.md")
