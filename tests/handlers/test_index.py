"""How well the index covers the vault, told in the chat."""

from __future__ import annotations

from octopus.core.search import IndexStatus, Skipped
from octopus.handlers.index import NAMED, index
from tests.fakes.desk import Desk, reply_of
from tests.fakes.ports import FakeIndex
from tests.handlers.scene import Scene


class Stated(FakeIndex):
    """Has the status that it was given."""

    def __init__(self, status: IndexStatus) -> None:
        super().__init__()
        self.stated = status

    async def status(self) -> IndexStatus:
        return self.stated


async def told(status: IndexStatus, language: str = "en") -> list[str]:
    reply = await index(Scene(index=Stated(status)).ctx(language=language))
    return reply.text.splitlines()


async def test_all_is_well() -> None:
    lines = await told(IndexStatus(12, 12, (), 0.0, 3))
    assert lines == [
        "12 of 12 notes can be searched.",
        "Generation 3 of the index.",
        "It is up to date.",
    ]


async def test_behind_and_rebuilding_and_by_meaning() -> None:
    lines = await told(IndexStatus(12, 10, (), 2340.0, 3, 0.256, "gemma, 3 of 9 paragraphs"))
    assert lines[2:] == [
        "It is 2.3 s behind the files.",
        "A new index is being built: 26%.",
        "By meaning: gemma, 3 of 9 paragraphs.",
    ]


async def test_what_is_left_out_is_named_with_its_reason() -> None:
    lines = await told(IndexStatus(3, 2, (Skipped("a/B.md", "a symbolic link"),), 0.0, 1))
    assert lines[-3:] == ["", "1 file is left out:", "a/B.md: a symbolic link"]


async def test_very_many_left_out_are_counted() -> None:
    skipped = tuple(Skipped(f"{n}.md", "too large") for n in range(NAMED + 4))
    lines = await told(IndexStatus(99, 80, skipped, 0.0, 1))
    assert f"{NAMED + 4} files are left out:" in lines
    assert lines[-2:] == [f"{NAMED - 1}.md: too large", "… and 4 more"]


async def test_odd_names_are_shown_as_they_are() -> None:
    lines = await told(IndexStatus(1, 0, (Skipped("{path} %s.md", "{reason}"),), 0.0, 1))
    assert lines[-1] == "{path} %s.md: {reason}"


async def test_as_a_command() -> None:
    async with Desk({"a.md": b"x"}).open() as house:
        assert "1 of 1 notes" in reply_of(await house.say("/index")).text
