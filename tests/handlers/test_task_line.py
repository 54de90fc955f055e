"""A task changed where it stands, and moved with everything below it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.desk import Desk, died_everywhere, reply_of

LIST = b"# A\r\n- [ ] one \xf0\x9f\x93\x85 2026-11-20\r\n  - [ ] below\r\n- [x] two\r\n\r\n## B\r\n"
FILES = {"List.md": LIST, "Other.md": b"# Later\n"}


def desk() -> Desk:
    return Desk(FILES)


def line(text: str) -> bytes:
    return text.encode()


ONE = "- [ ] one 📅 2026-11-20"
CHANGES: list[tuple[dict[str, Any], str, str]] = [
    ({"line": 2}, "- [ ] one 📅 2026-11-20", "- [x] one 📅 2026-11-20 ✅ 2026-11-20"),
    ({"line": 2, "do": "done"}, "- [ ] one 📅 2026-11-20", "- [x] one 📅 2026-11-20 ✅ 2026-11-20"),
    (
        {"line": 2, "do": "cancel"},
        "- [ ] one 📅 2026-11-20",
        "- [-] one 📅 2026-11-20 ❌ 2026-11-20",
    ),
    ({"line": 2, "do": "/"}, "- [ ] one", "- [/] one"),
    ({"line": 4, "do": "todo"}, "- [x] two", "- [ ] two"),
    ({"line": 2, "do": "due", "due": "2026-12-01"}, "📅 2026-11-20", "📅 2026-12-01"),
    ({"line": 2, "do": "due"}, "one 📅 2026-11-20", "one"),
    ({"line": 2, "do": "remove"}, "- [ ] one 📅 2026-11-20\r\n  - [ ] below\r\n", ""),
    ({"line": 9, "do": "todo", "text": "two"}, "- [x] two", "- [ ] two"),
]


@pytest.mark.parametrize(("args", "old", "new"), CHANGES)
async def test_a_task_changes_and_nothing_beside_it(
    args: dict[str, Any], old: str, new: str
) -> None:
    wanted = LIST.replace(line(old), line(new))
    async for where, house in died_everywhere(
        desk, lambda house: house.act("note.task", note="List", **args)
    ):
        assert house.vault.files["List.md"] == wanted, where
    async with desk().open() as house:
        await house.act("note.task", note="List", **args)
        await house.act("undo")
    assert house.vault.files == FILES


@pytest.mark.parametrize(
    "args",
    [
        {"line": 1},
        {"line": 99},
        {"line": 2, "do": "fly"},
        {"line": 2, "do": "due", "due": "soon"},
        {"line": 2, "text": "not there"},
    ],
)
async def test_what_cannot_be_is_said(args: dict[str, Any]) -> None:
    async with desk().open() as house:
        job = await house.act("note.task", note="List", **args)
    assert reply_of(job).failed
    assert house.vault.files == FILES


MOVED = {
    "List.md": b"# A\r\n- [x] two\r\n\r\n## B\r\n",
    "Other.md": line("# Later\n- [ ] one 📅 2026-11-20\n  - [ ] below\n"),
}


async def test_a_task_moves_with_everything_below_it_and_one_undo_takes_it_back() -> None:
    async with desk().open() as house:
        job = await house.act("note.task.move", note="List", line=2, to="Other", heading="Later")
        assert house.vault.files == MOVED
        await house.press(job)
    assert house.vault.files == FILES


async def test_a_death_at_any_moment_moves_it_once() -> None:
    async def run(house: Desk) -> None:
        await house.act("note.task.move", note="List", line=2, to="Other", heading="Later")

    async for where, house in died_everywhere(desk, run):
        assert house.vault.files == MOVED, where


async def test_a_task_moves_under_another_heading_of_its_note() -> None:
    async with desk().open() as house:
        await house.act("note.task.move", note="List", line=4, heading="B")
    assert house.vault.files["List.md"] == LIST.replace(b"- [x] two\r\n", b"") + b"- [x] two\r\n"


@pytest.mark.parametrize(
    "args", [{"line": 2}, {"line": 1, "to": "Other"}, {"line": 2, "to": "None"}]
)
async def test_a_task_that_cannot_move_stays(args: dict[str, Any]) -> None:
    async with desk().open() as house:
        job = await house.act("note.task.move", note="List", **args)
    assert reply_of(job).failed
    assert house.vault.files == FILES
