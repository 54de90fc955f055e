"""Conflict copies, as the chat tells of them."""

from __future__ import annotations

from octopus.handlers.conflict import NAMED, conflicts, notice
from tests.handlers.scene import Scene, labels

COPY = "Plan.sync-conflict-20261120-093000-ABCDEFG.md"
FILES = {"Plan.md": b"one", COPY: b"two", "pic (Conflicted copy Phone 202611200930).png": b""}


async def test_they_are_listed_with_what_they_are_copies_of() -> None:
    reply = await conflicts(Scene(FILES).ctx())
    assert f"• {COPY}, a copy of Plan.md (Syncthing)" in reply.text
    assert "a copy of pic.png (Obsidian Sync)" in reply.text
    assert [button.args for button in reply.buttons] == [{"note": COPY}]


async def test_none_is_good_news() -> None:
    assert "no conflict copies" in (await conflicts(Scene({"Plan.md": b""}).ctx())).text


async def test_a_notice_is_about_those_that_are_new_and_still_there() -> None:
    reply = await notice(Scene(FILES).ctx(), [COPY, "gone.sync-conflict-20261120-093000.md"])
    assert COPY in reply.text
    assert "pic" not in reply.text
    assert labels(reply) == ["Plan.sync-conflict-20261120…"]
    assert (await notice(Scene(FILES).ctx(), ["gone.md"])).text == ""


async def test_many_are_one_message() -> None:
    files = {f"N{n:02}.sync-conflict-20261120-093000-ABCDEFG.md": b"" for n in range(50)}
    reply = await notice(Scene(files).ctx(), list(files))
    assert "50 copies" in reply.text
    assert f"and {50 - NAMED} more" in reply.text
    assert len(reply.text) < 2000
