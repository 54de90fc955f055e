"""What the README says is so: skills, commands, targets, files, and its example runs."""

from __future__ import annotations

import re
import tomllib
from types import ModuleType

import click
import pytest

from octopus.app.build import skills
from octopus.cli import octopus
from octopus.config import Config
from octopus.core.handler import collect
from octopus.language.said import SHAPES
from tests.handlers.scene import Scene
from tests.readme import README, updated

TEXT = README.read_text(encoding="utf-8")
ROOT = README.parent


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    return [content for name, content in found if name == language]


def test_the_table_of_skills_is_current() -> None:
    assert updated(TEXT) == TEXT, "run: python -m tests.readme"


def test_every_command_of_octopus_that_is_named_exists() -> None:
    assert isinstance(octopus, click.Group)
    named = set(re.findall(r"`octopus ([a-z]+)", TEXT))
    assert named
    assert named <= set(octopus.commands)


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)`", TEXT)) <= targets
    assert {"run", "test", "check"} <= targets


@pytest.mark.parametrize("path", re.findall(r"\]\(([^):]+)\)", TEXT))
def test_every_file_that_is_linked_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_settings_shown_are_settings() -> None:
    (shown,) = blocks("toml")
    given = tomllib.loads(shown)
    assert given
    assert Config(**given).telegram.allowed_users == (12345,)


def test_the_folders_shown_are_the_folders() -> None:
    (tree,) = (block for block in blocks("") if block.startswith("octopus/"))
    shown = set(re.findall(r"([a-z]+)/", tree)) - {"octopus"}
    package = ROOT / "octopus"
    assert shown == {file.parent.name for file in package.glob("*/__init__.py")}


async def test_the_example_skill_runs() -> None:
    (code,) = blocks("python")
    module = ModuleType("coin")
    exec(compile(code, "README.md", "exec"), module.__dict__)
    (skill,) = collect([module]).values()
    assert (skill.command, skill.summary) == ("coin", "Toss a coin")
    reply = await skill.run(Scene().ctx())
    assert reply.text in {"Heads.", "Tails."}
    assert "coin" not in skills({})


def test_everything_that_the_rules_understand_has_a_skill() -> None:
    """Commands and questions are dealt with before a skill is looked for."""
    assert set(SHAPES) - set(skills({})) == {"command", "clarify"}
