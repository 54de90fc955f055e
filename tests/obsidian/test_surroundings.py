"""Links into Obsidian, conflict copies, what belongs to the vault, and the note as JSON."""

from __future__ import annotations

import json
from datetime import UTC, time
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.privacy import private
from octopus.errors import UserError
from octopus.obsidian.conflict import conflict_of
from octopus.obsidian.ignore import excluder, in_vault
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import Tasks
from octopus.obsidian.show import as_json, title
from octopus.obsidian.uri import action_uri, daily_uri, open_uri, parse_uri, search_uri
from tests.obsidian.nasty import scaled


def test_a_link_that_opens_a_heading() -> None:
    """E53."""
    uri = open_uri("My Vault", "Проекты/План №1.md", heading="A & B")
    head, _, file = uri.partition("&file=")
    assert head == "obsidian://open?vault=My%20Vault"
    assert file.endswith("%20%E2%84%961%23A%20%26%20B")
    assert file.startswith("%D0%9F")
    assert "%2F" in file
    assert "+" not in uri
    assert unquote(file) == "Проекты/План №1#A & B"


def test_other_links() -> None:
    assert open_uri("v", "a.md", block="^id") == "obsidian://open?vault=v&file=a%23%5Eid"
    assert open_uri("", "pic.png") == "obsidian://open?file=pic.png"
    assert daily_uri("v") == "obsidian://daily?vault=v"
    assert search_uri("v", "a b") == "obsidian://search?vault=v&query=a%20b"
    uri = action_uri("new", "v", name="x", content="a+b\n", append=True, silent=False)
    assert uri == "obsidian://new?vault=v&name=x&content=a%2Bb%0A&append"
    assert action_uri("choose-vault") == "obsidian://choose-vault"


@pytest.mark.parametrize(
    ("text", "vault", "file", "subpath"),
    [
        ("obsidian://open?vault=v&file=a%2Fb%23H", "v", "a/b", "#H"),
        ("obsidian://vault/My%20Vault/a/b", "My Vault", "a/b", ""),
        ("obsidian://vault/v/a#H%20x", "v", "a", "#H x"),
        ("OBSIDIAN://open?file=a+b&vault=v", "v", "a+b", ""),
        ("obsidian://search?vault=v&query=x", "v", "", ""),
    ],
)
def test_reading_links(text: str, vault: str, file: str, subpath: str) -> None:
    uri = parse_uri(text)
    assert (uri.vault, uri.file, uri.subpath) == (vault, file, subpath)


@pytest.mark.parametrize("text", ["https://x", "obsidian://explode", "x", "", "obsidian://[x"])
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        parse_uri(text)


@scaled(80, 2000)
@given(
    st.text(min_size=1, max_size=20).filter(str.isprintable),
    st.text(max_size=20).filter(str.isprintable),
)
def test_links_read_back(vault: str, name: str) -> None:
    path = f"{name.replace('#', '').strip('/')}x"
    uri = parse_uri(open_uri(vault, f"{path}.md"))
    assert (uri.vault, uri.file) == (vault, path)


@pytest.mark.parametrize(
    ("path", "original", "tool"),
    [
        ("a/N.sync-conflict-20261120-093000-ABCDEFG.md", "a/N.md", "Syncthing"),
        ("N.sync-conflict-20261120-093000.md", "N.md", "Syncthing"),
        ("N.tar.sync-conflict-20261120-093000-A2CD3FG.gz", "N.tar.gz", "Syncthing"),
        ("N (Conflicted copy Laptop 202611200930).md", "N.md", "Obsidian Sync"),
        ("N (Conflicted copy my phone 2 202611200930).md", "N.md", "Obsidian Sync"),
        ("N (Ann's conflicted copy 2026-11-20).md", "N.md", "Dropbox"),
        ("N (Ann's conflicted copy 2026-11-20) (1).md", None, None),
        ("N (conflicted copy 2026-11-20 093000).md", "N.md", "Nextcloud"),
        ("N 2.md", "N.md", "iCloud?"),
        ("M 2.md", None, None),
        ("N 1.md", None, None),
        ("N.md", None, None),
        ("sync-conflict.md", None, None),
        ("About conflicted copy.md", None, None),
    ],
)
def test_conflict_copies(path: str, original: str | None, tool: str | None) -> None:
    found = conflict_of(path, {"N.md"})
    assert (found.original if found else None) == original
    assert (found.tool if found else None) == tool


@pytest.mark.parametrize(
    "path", ["a.md", "a/b.canvas", "a b/c.md", "img/x.png", "notes.tmp.md", "~a/b.md", "a#b.md"]
)
def test_files_of_the_vault(path: str) -> None:
    assert in_vault(path)


@pytest.mark.parametrize(
    "path",
    [
        ".obsidian/app.json",
        ".trash/a.md",
        ".git/x",
        "a/.hidden.md",
        ".stfolder/x",
        ".syncthing.a.md.tmp",
        "~syncthing~a.md.tmp",
        "a/.a.md.icloud",
        "a.md.icloud",
        "a.md~",
        "~$a.docx",
        ".#a.md",
        "#a.md#",
        "a.md.part",
        "x.swp",
        "Thumbs.db",
    ],
)
def test_files_beside_the_vault(path: str) -> None:
    assert not in_vault(path)


@pytest.mark.parametrize(
    ("filters", "excluded", "kept"),
    [
        (
            ["Archive/"],
            ["Archive/a.md", "archive/b/c.md"],
            ["a.md", "x/Archive/a.md", "Archived.md"],
        ),
        (["Old"], ["Old.md", "Older/a.md"], ["x/Old.md"]),
        (["/\\.draft\\.md$/"], ["a/b.draft.md"], ["draft.md"]),
        (["/[/", "", "/"], [], ["a.md", "/"]),
        (["a/", "/b/"], ["a/x.md", "sub.md"], ["c.md"]),
        ([], [], ["a.md"]),
    ],
)
def test_the_owners_excluded_files(
    filters: list[str], excluded: list[str], kept: list[str]
) -> None:
    """E59; links to them still resolve, as resolution never asks."""
    is_excluded = excluder(filters)
    assert [each for each in excluded if not is_excluded(each)] == []
    assert [each for each in kept if is_excluded(each)] == []


@pytest.mark.parametrize(
    ("path", "tags", "hidden"),
    [
        ("Health/a.md", [], True),
        ("health/b/a.md", [], True),
        ("Healthy/a.md", [], False),
        ("a.md", ["#Private"], True),
        ("a.md", ["#private/x"], True),
        ("a.md", ["#privately"], False),
        ("a.md", [], False),
    ],
)
def test_private_notes(path: str, tags: list[str], hidden: bool) -> None:
    assert private(path, tags, ["Health/", "#private", ""]) is hidden


DATES = "🛫 2026-11-18 ⏳ 2026-11-19 📅 2026-11-20"
TEXT = f"""---
aliases: [N]
tags: [area/home]
up: "[[Other]]"
---
# Raw *text*

[[Other#Heading|shown]] ![[pic.png]] [[Nowhere]] [m](Other.md) #Garden

- item
  - [ ] call #x ⏰ 2026-11-21 09:00 ⛔ a,b ⏫ 🔁 every day {DATES} ^t1
- [x] b 🆔 q ✅ 2026-11-19

> q

^quote-1
"""


def shown(**options: Any) -> dict[str, Any]:
    resolver = Resolver(["a/Note.md", "b/Other.md", "pic.png"])
    found = as_json("a/Note.md", scan(TEXT), resolver.resolve, **options)
    assert json.loads(json.dumps(found)) == found
    return found


def test_a_note_as_json() -> None:
    found = shown()
    assert (found["path"], found["title"]) == ("a/Note.md", "Note")
    assert found["properties"] == {"aliases": ["N"], "tags": ["area/home"], "up": "[[Other]]"}
    assert found["aliases"] == ["N"]
    assert found["tags"] == ["#area/home", "#Garden", "#x"]
    assert found["headings"] == [{"level": 1, "text": "Raw *text*", "line": 6}]
    assert found["blocks"] == [{"id": "t1", "line": 11}, {"id": "quote-1", "line": 16}]


def test_links_as_json() -> None:
    links = shown()["links"]
    assert links[0] == {
        "kind": "link",
        "target": "Other",
        "subpath": "#Heading",
        "display": "shown",
        "line": 8,
        "property": None,
        "resolved": "b/Other.md",
    }
    assert [(each["kind"], each["target"], each["resolved"]) for each in links[1:]] == [
        ("embed", "pic.png", "pic.png"),
        ("link", "Nowhere", None),
        ("link", "Other.md", "b/Other.md"),
        ("property", "Other", "b/Other.md"),
    ]
    assert links[-1]["property"] == "up"


def test_tasks_as_json() -> None:
    first, second = shown(zone=UTC)["tasks"]
    assert (
        first.items()
        >= {
            "line": 11,
            "status": " ",
            "parent": 10,
            "due": "2026-11-20",
            "scheduled": "2026-11-19",
            "start": "2026-11-18",
            "done": None,
            "priority": "high",
            "repeat": "every day",
            "remind_at": "2026-11-21T09:00:00+00:00",
            "id": None,
            "depends_on": ["a", "b"],
            "tags": ["#x"],
            "block": "t1",
        }.items()
    )
    assert first["text"].startswith("call #x ⏰")
    assert first["text"].endswith("^t1")
    assert (second["status"], second["done"], second["id"]) == ("x", "2026-11-19", "q")
    assert shown()["tasks"][0]["remind_at"] == "2026-11-21T09:00:00"


def test_the_owners_settings_count() -> None:
    task = shown(settings=Tasks(dataview=True))["tasks"][0]
    assert task["due"] is None


def test_an_alarm_without_a_time() -> None:
    note = scan("- [ ] a ⏰ 2026-11-21")
    found = as_json("n.md", note, lambda target, source: None, zone=UTC, alarm=time(7, 30))
    assert found["tasks"][0]["remind_at"] == "2026-11-21T07:30:00+00:00"


def test_titles_are_file_names() -> None:
    assert [title(each) for each in ("a/B c.md", "x.canvas", "y.MD")] == ["B c", "x.canvas", "y"]


@scaled(80, 2000)
@given(st.text(alphabet="---\nab: [1.e9]{}#\n", max_size=60))
def test_any_note_is_valid_json(text: str) -> None:
    found = as_json("n.md", scan(f"---\n{text}\n---\n"), lambda target, source: None)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
