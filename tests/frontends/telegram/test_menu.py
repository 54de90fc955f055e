"""The menu is that of the skills, and set only when it has to be."""

from __future__ import annotations

import pytest

from octopus.core.handler import Context, Skill
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.frontends.telegram.api import ApiError, Fault
from octopus.frontends.telegram.menu import commands, set_menu
from tests.frontends.telegram.house import FakeApi, refused


async def _run(ctx: Context) -> Reply:
    return Reply()


def skill(intent: str, command: str, summary: str) -> Skill:
    return Skill(intent, _run, summary, Capability.PURE, command)


SKILLS = [
    skill("search", "search", "Find notes"),
    skill("note.add", "note", "Keep a note"),
    skill("smalltalk", "", "Answer a greeting"),
]
MENU = [
    {"command": "note", "description": "Keep a note"},
    {"command": "search", "description": "Find notes"},
]


def test_skills_with_a_command_sorted() -> None:
    assert commands(SKILLS) == MENU


def test_limits_of_the_bot_api() -> None:
    many = [skill(f"i{number}", f"c{number:03}", "x" * 300) for number in range(150)]
    found = commands(many)
    assert len(found) == 100
    assert {len(entry["description"]) for entry in found} == {256}


async def test_menu_that_is_right_is_left_alone() -> None:
    api = FakeApi(GetMyCommands=[MENU])
    assert not await set_menu(api, SKILLS)
    assert api.names() == ["GetMyCommands"]


@pytest.mark.parametrize("present", [[], MENU[:1], MENU[::-1], None])
async def test_menu_that_differs_is_set(present: object) -> None:
    api = FakeApi(GetMyCommands=[present])
    assert await set_menu(api, SKILLS)
    [params] = api.called("SetMyCommands")
    assert params == {"commands": MENU, "scope": {"type": "all_private_chats"}}


@pytest.mark.parametrize("method", ["GetMyCommands", "SetMyCommands"])
@pytest.mark.parametrize("error", [refused("BOT_COMMAND_INVALID"), ApiError(Fault.SERVER, "x")])
async def test_refusal_is_a_line_in_the_log(
    method: str, error: ApiError, caplog: pytest.LogCaptureFixture
) -> None:
    api = FakeApi(GetMyCommands=[[]])
    api.answers[method] = [error]
    assert not await set_menu(api, SKILLS)
    assert len(caplog.records) == 1
    assert "menu" in caplog.text
