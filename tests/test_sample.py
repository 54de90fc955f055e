"""The sample vault: every link leads somewhere, and what it says of Octopus is so."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import click
import pytest

from octopus.app.build import skills
from octopus.cli import octopus
from octopus.config import Config
from octopus.obsidian.note import Note
from octopus.obsidian.query import parse
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import scan
from tests.fakes.ports import NOON

VAULT = Path(__file__).parent.parent / "vault"
#: What runs and tries leave there belongs to whoever tried, not to the sample.
THEIRS = {"Inbox", "Attachments", ".trash"}
FILES = {
    file.relative_to(VAULT).as_posix(): file.read_text(encoding="utf-8")
    for file in sorted(VAULT.rglob("*.md"))
    if file.relative_to(VAULT).parts[0] not in THEIRS
}
NOTES: dict[str, Note] = {path: scan(text) for path, text in FILES.items()}
RESOLVER = Resolver(FILES)
READ = [path for path in FILES if not path.startswith("Templates/")]


def test_it_is_worth_reading() -> None:
    assert len(FILES) >= 12
    assert sum(len(text.split()) for text in FILES.values()) > 1500
    kinds = {"tags": 0, "tasks": 0, "properties": 0, "aliases": 0, "headings": 0}
    for note in NOTES.values():
        for kind in kinds:
            kinds[kind] += bool(getattr(note, kind))
    assert all(kinds.values()), kinds


@pytest.mark.parametrize("path", FILES)
def test_every_link_leads_to_a_note_and_its_heading(path: str) -> None:
    for link in NOTES[path].links:
        target = RESOLVER.resolve(link.target, path)
        assert target is not None, link
        if link.subpath:
            wanted = link.subpath.lstrip("#")
            assert wanted in [heading.text for heading in NOTES[target].headings]


def test_every_note_can_be_reached_from_home() -> None:
    seen, ahead = set[str](), ["Home.md"]
    while ahead:
        path = ahead.pop()
        if path not in seen:
            seen.add(path)
            targets = (RESOLVER.resolve(link.target, path) for link in NOTES[path].links)
            ahead += [target for target in targets if target]
    assert set(READ) - seen == set()


@pytest.mark.parametrize("path", READ)
def test_properties_can_be_read(path: str) -> None:
    assert NOTES[path].properties_error == ""
    assert not NOTES[path].comments


def test_the_settings_of_obsidian_are_json() -> None:
    files = list((VAULT / ".obsidian").glob("*.json"))
    assert {file.name for file in files} >= {"app.json", "daily-notes.json"}
    assert all(isinstance(json.loads(file.read_text("utf-8")), dict) for file in files)


def test_the_commands_it_names_exist() -> None:
    text = "\n".join(FILES.values())
    assert isinstance(octopus, click.Group)
    named = set(re.findall(r"`octopus ([a-z]+)", text))
    assert len(named) > 8
    assert named <= set(octopus.commands)
    slashed = set(re.findall(r"`/([a-z]+)[ `]", text))
    assert slashed == {skill.command for skill in skills({}).values() if skill.command} - {"start"}


def test_the_make_targets_it_names_exist() -> None:
    makefile = (VAULT.parent / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z]+)`", "\n".join(FILES.values())):
        assert f"\n{target}:" in makefile


def test_the_settings_it_shows_are_settings() -> None:
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", FILES["Guide/Settings.md"], re.S | re.M)
    assert Config(**tomllib.loads(shown)).ollama.model == "qwen3:4b"


def test_the_search_operators_it_shows_are_understood() -> None:
    guide = FILES["Guide/Finding things.md"]
    shown = re.findall(r"`([^`]+)`", guide[guide.index("| You write |") :])
    queries = [text for text in shown if text != "octopus index status"]
    assert len(queries) > 12
    for query in queries:
        understood = parse(query, NOON.date())
        assert understood.root is not None
        assert understood.note == "", query
