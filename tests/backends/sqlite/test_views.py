"""Which messages show which to-dos, over a real file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from octopus.backends.sqlite import SqliteViews
from octopus.core.job import Job, State
from octopus.core.message import Button, Kind, Reply
from octopus.core.outgoing import Act, Outgoing
from octopus.core.ports import Standing
from octopus.core.view import Shown, View, ViewKind
from tests.backends.sqlite.test_store import Store, message
from tests.fakes.ports import NOON

HERE = "telegram:1"


def view(name: str, kind: ViewKind = ViewKind.RECEIPT) -> View:
    return View(kind, (Shown("T.md", 1, name, name),), when=name)


def reply(name: str, kind: ViewKind = ViewKind.RECEIPT, **more: object) -> Reply:
    button = Button("Done", "todo.tick", {"text": name})
    return Reply(text=name, buttons=(button,), view=view(name, kind), **more)  # type: ignore[arg-type]


class Phone(Store):
    """The store, and a chat that shows what comes out of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.views = SqliteViews(self.database, self.bus, self.clock.now)
        self.next_id = 100
        self.pinned: list[str] = []
        self.chat: dict[str, str] = {}

    async def settled(self, name: str, answer: Reply, **more: Any) -> Job:
        (job,) = await self.journal.accept([message(name, **more)])
        job = await self.journal.start(job)
        return await self.journal.settle(job, State.DONE, answer)

    async def deliver(self, limit: int = 100) -> list[Outgoing]:
        """Show what is due, as the front end does."""
        rows = (await self.outbox.due("telegram:"))[:limit]
        for row in rows:
            shown: tuple[str, ...] = ()
            if row.act is Act.PIN:
                self.pinned.append(await self.outbox.message_of(row.job))
            elif row.act is Act.UNPIN:
                self.pinned.remove(row.target)
            elif row.act is not Act.REACT:
                if row.act is Act.SEND:
                    self.next_id += 1
                name = row.target if row.act is Act.EDIT else str(self.next_id)
                self.chat[name] = row.reply.text
                shown = (name,)
            await self.outbox.sent(row, shown)
        return rows

    async def standing(self, most: int = 50, **ago: float) -> list[Standing]:
        since = self.clock.now() - timedelta(**(ago or {"days": 3}))
        return await self.views.standing("telegram:", since, most)


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[Phone]:
    found = Phone(tmp_path / "octopus.db")
    await found.database.open()
    yield found
    await found.database.close()


async def test_what_a_message_shows_is_known_once_it_is_there(phone: Phone) -> None:
    job = await phone.settled("a", reply("a"))
    assert await phone.standing() == []
    assert await phone.views.at(HERE, "101") is None
    assert await phone.views.latest(HERE) == view("a")
    await phone.deliver()
    (found,) = await phone.standing()
    assert (found.job, found.conversation, found.message_id) == (job.id, HERE, "101")
    assert found.reply.view == view("a")
    assert await phone.views.at(HERE, "101") == view("a")
    assert await phone.views.at("telegram:2", "101") is None
    assert await phone.views.latest("telegram:2") is None


async def test_replies_without_to_dos_are_not_kept_true(phone: Phone) -> None:
    await phone.settled("a", Reply(text="a"))
    await phone.deliver()
    assert await phone.standing() == []
    assert await phone.views.latest(HERE) is None


async def test_who_asks_from_this_machine_has_no_messages(phone: Phone) -> None:
    await phone.settled("a", reply("a"), conversation="cli:act")
    assert await phone.views.latest("cli:act") is None


async def test_a_change_is_an_edit_of_that_message(phone: Phone) -> None:
    job = await phone.settled("a", reply("a"))
    await phone.deliver()
    with phone.bus.subscribe() as events:
        (found,) = await phone.standing()
        assert await phone.views.change(found, reply("b"))
        assert (await events.get()).type == "job.told"
    (row,) = await phone.outbox.due("telegram:")
    assert (row.act, row.target, row.job, row.reply.text) == (Act.EDIT, "101", job.id, "b")
    assert row.reply.update
    await phone.deliver()
    assert phone.chat == {"101": "b"}
    (found,) = await phone.standing()
    assert found.reply.view == view("b")
    assert await phone.journal.said(HERE, "101") is not None


async def test_an_old_idea_of_the_message_changes_nothing(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    await phone.deliver()
    (found,) = await phone.standing()
    assert await phone.views.change(found, reply("b"))
    assert not await phone.views.change(found, reply("late"))
    await phone.deliver()
    assert phone.chat == {"101": "b"}


async def test_a_change_while_the_last_one_is_on_its_way(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    await phone.deliver()
    for name in ("b", "c"):
        (found,) = await phone.standing()
        assert await phone.views.change(found, reply(name))
    await phone.deliver()
    assert phone.chat == {"101": "c"}
    assert len(await phone.standing()) == 1


async def test_an_answer_that_takes_the_place_ends_what_was_shown(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    await phone.deliver()
    (found,) = await phone.standing()
    gone = Reply(text="taken back", replaces="101")
    await phone.settled("p", gone, kind=Kind.MESSAGE)
    assert await phone.standing() == []
    assert not await phone.views.change(found, reply("late"))
    await phone.deliver()
    assert phone.chat == {"101": "taken back"}


async def test_an_answer_with_to_dos_takes_over(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    await phone.deliver()
    job = await phone.settled("p", replace(reply("b"), replaces="101"))
    (found,) = await phone.standing()  # known before it is shown: an edit keeps its message
    assert (found.job, found.message_id, found.reply.text) == (job.id, "101", "b")
    await phone.deliver()
    assert len(await phone.standing()) == 1
    assert await phone.views.at(HERE, "101") == view("b")


async def test_buttons_work_before_and_after_a_change(phone: Phone) -> None:
    job = await phone.settled("a", reply("a"))
    await phone.deliver()
    old = (job.reply or Reply()).buttons[0].id
    (found,) = await phone.standing()
    both = replace(reply("b"), buttons=(*reply("b").buttons, *reply("a").buttons))
    await phone.views.change(found, both)
    await phone.deliver()
    (found,) = await phone.standing()
    new, same = found.reply.buttons
    assert same.id == old  # what does the same is the same button
    assert new.id not in {"", old}
    for button_id, text in ((new.id, "b"), (old, "a")):
        press = message("x", press=button_id, kind=Kind.PRESS, message_id="101")
        button = await phone.journal.button(button_id, press)
        assert button is not None
        assert button.args == {"text": text}
        assert await phone.journal.accept([replace(press, key=button_id)])


async def test_a_message_that_shows_several_receipts_is_left_alone(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    await phone.settled("b", reply("b"))
    for row in await phone.outbox.due("telegram:"):
        await phone.outbox.sent(row, ["200"])  # after a burst they are one message
    assert await phone.standing() == []
    assert await phone.views.at(HERE, "200") is None


async def test_a_reply_in_parts_is_left_alone(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    (row,) = await phone.outbox.due("telegram:")
    await phone.outbox.sent(row, ["200", "201"])
    assert await phone.standing() == []


async def test_what_was_refused_for_good_is_left_alone(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    (row,) = await phone.outbox.due("telegram:")
    await phone.outbox.bury(row, "blocked")
    assert await phone.standing() == []


async def test_only_the_newest_of_the_last_days(phone: Phone) -> None:
    for name in ("a", "b", "c"):
        await phone.settled(name, reply(name))
        await phone.deliver()
        phone.clock.pass_(days=1)
    assert [one.reply.text for one in await phone.standing(days=2.5)] == ["c", "b"]
    assert [one.reply.text for one in await phone.standing(2, days=9)] == ["c", "b"]


async def test_a_change_makes_a_message_no_younger(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    await phone.deliver()
    phone.clock.pass_(days=2)
    (found,) = await phone.standing()
    await phone.views.change(found, reply("b"))
    await phone.deliver()
    phone.clock.pass_(days=2)
    assert await phone.standing() == []


async def test_the_day_is_pinned_and_only_the_newest(phone: Phone) -> None:
    day = reply("friday", ViewKind.TODAY, pin=True)
    await phone.settled("a", day)
    acts = [row.act for row in await phone.outbox.due("telegram:")]
    assert acts == [Act.SEND, Act.PIN]
    await phone.deliver()
    assert phone.pinned == ["101"]
    phone.clock.pass_(days=9)
    (found,) = await phone.standing()  # however old it is
    await phone.views.change(found, reply("monday", ViewKind.TODAY))
    await phone.settled("b", replace(day, text="again"))
    assert [row.act for row in await phone.deliver()] == [Act.EDIT, Act.SEND, Act.UNPIN, Act.PIN]
    assert phone.pinned == ["102"]
    assert [one.message_id for one in await phone.standing()] == ["102"]
    assert phone.chat == {"101": "monday", "102": "again"}


async def test_two_at_once_leave_one_pinned(phone: Phone) -> None:
    await phone.settled("a", reply("x", ViewKind.TODAY, pin=True))
    await phone.settled("b", reply("y", ViewKind.TODAY, pin=True))
    assert [one.reply.text for one in await phone.standing()] == []
    await phone.deliver()
    assert [one.reply.text for one in await phone.standing()] == ["y"]
    assert phone.pinned[-1] == "102"


async def test_elsewhere_nothing_is_pinned(phone: Phone) -> None:
    await phone.settled("a", reply("a", ViewKind.TODAY, pin=True), conversation="console")
    assert [row.act for row in await phone.outbox.due("console")] == [Act.SEND]


async def test_the_latest_by_kind(phone: Phone) -> None:
    await phone.settled("l", reply("l", ViewKind.LIST))
    phone.clock.pass_(seconds=1)
    await phone.settled("r", reply("r"))
    assert await phone.views.latest(HERE) == view("r")
    assert await phone.views.latest(HERE, ViewKind.LIST) == view("l", ViewKind.LIST)
    assert await phone.views.latest(HERE, ViewKind.TODAY) is None


async def test_views_go_with_their_jobs_but_the_day_stays(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    await phone.settled("t", reply("t", ViewKind.TODAY, pin=True))
    await phone.deliver()
    await phone.events.prune(NOON + timedelta(days=40))
    assert [one.reply.text for one in await phone.standing(days=99)] == ["t"]


async def test_where_to_dos_stand_is_remembered_without_a_word(phone: Phone) -> None:
    await phone.settled("a", reply("a"))
    await phone.settled("b", reply("b"))
    await phone.deliver()
    first, second = await phone.standing()
    await phone.settled("p", Reply(text="gone", replaces=second.message_id))
    await phone.deliver()
    moved = View(ViewKind.RECEIPT, (Shown("T.md", 9, "a"),))
    await phone.views.keep([(first, moved), (second, moved)])
    assert await phone.outbox.due("telegram:") == []
    (found,) = await phone.standing()
    assert found.reply == replace(first.reply, view=moved)
    said = await phone.journal.said(HERE, second.message_id)
    assert said is not None
    assert said[1].text == "gone"
