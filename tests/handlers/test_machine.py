"""What the owner asks of the machine itself."""

from __future__ import annotations

import asyncio

from octopus.core.job import State
from octopus.core.message import Attachment
from tests.fakes.desk import Desk, reply_of
from tests.patience import PATIENCE


async def test_status_has_a_line_for_every_part() -> None:
    async with Desk({"a.md": b"x"}).open() as house:
        lines = reply_of(await house.say("/status")).text.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["Jobs", "Notes", "Reminders", "Model"]
    assert "1 of 1" in lines[1]


async def test_stop_without_anything_running() -> None:
    async with Desk().open() as house:
        assert reply_of(await house.say("/stop")).text == "Nothing is running."


async def test_stop_ends_what_runs_beside_it() -> None:
    house, begun = Desk(attachments={"p": b"x"}), asyncio.Event()

    async def fetch(*args: object) -> bytes:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    house.files.fetch = fetch  # type: ignore[assignment,method-assign]
    async with house.open():
        photo = house.message("roof", attachments=(Attachment("photo", "p"),))
        (job,) = await house.supervisor.accept([photo])
        await asyncio.wait_for(begun.wait(), PATIENCE)
        stop = await house.say("/stop")
        ended = await house.settled(job)
    assert reply_of(stop).text == "Stopped 1 job."
    assert ended.state is State.CANCELLED


async def test_a_job_that_was_given_up_is_tried_again_by_its_button() -> None:
    house = Desk()
    real, broken = house.vault.write, True

    async def write(path: str, data: bytes, expect: str | None) -> None:
        if broken:
            raise ValueError("a bug")
        await real(path, data, expect)

    house.vault.write = write  # type: ignore[method-assign]
    async with house.open():
        job = await house.say("note: buy a lamp")
        assert job.state is State.DEAD
        assert house.vault.files == {}
        broken = False
        pressed = await house.press(job)
        done = await house.settled(job)
    assert not reply_of(pressed).failed
    assert done.state is State.DONE
    assert house.notes() == {"Inbox/2026-11-20 buy a lamp.md": "buy a lamp"}


async def test_a_job_that_is_done_needs_no_other_try() -> None:
    async with Desk().open() as house:
        done = await house.say("note: lamp")
        job = await house.act("job.retry", job=done.id)
    assert reply_of(job).failed
    assert len(house.notes()) == 1


async def test_again_does_what_can_be_done_at_once_and_asks_for_the_rest() -> None:
    async with Desk({"Lamp.md": b"a lamp"}).open() as house:
        found = await house.act("message.again", text="search lamp")
        kept = await house.act("message.again", text="note: shade")
        unclear = await house.act("message.again", text="CON")
        command = await house.act("message.again", text="/undo")
    assert "Lamp" in reply_of(found).text
    assert "Saved" in reply_of(kept).text
    assert [button.intent for button in reply_of(unclear).buttons] == ["note.add"]
    assert "Moved to the trash" in reply_of(command).text
    assert house.notes() == {"Lamp.md": "a lamp"}
