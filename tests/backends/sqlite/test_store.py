"""The journal, the outbox and the effects over a real file."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octopus.backends.sqlite import (
    Database,
    SqliteConversations,
    SqliteEffects,
    SqliteEvents,
    SqliteJournal,
    SqliteOutbox,
)
from octopus.core.effect import Effect, EffectState, Image
from octopus.core.event import Bus
from octopus.core.job import Job, State
from octopus.core.message import Attachment, Button, Kind, Message, Origin, Reply
from octopus.core.outgoing import Act, Delivery
from octopus.core.ports import Turn
from octopus.errors import Conflict
from tests.fakes.ports import NOON, FakeClock


class Store:
    """All parts over one file."""

    def __init__(self, path: Path, boot: str = "boot-1") -> None:
        self.clock = FakeClock()
        self.bus = Bus()
        self.database = Database(path)
        self.journal = SqliteJournal(self.database, self.bus, boot, self.clock.now)
        self.outbox = SqliteOutbox(self.database)
        self.effects = SqliteEffects(self.database, self.bus, self.clock.now)
        self.events = SqliteEvents(self.database)
        self.conversations = SqliteConversations(self.database)

    async def accepted(self, *texts: str, conversation: str = "telegram:1") -> list[Job]:
        return await self.journal.accept(
            [message(text, conversation=conversation, message_id=text) for text in texts]
        )


def message(text: str, conversation: str = "telegram:1", **more: object) -> Message:
    values = {"key": f"{conversation}:{text}", "user": "1", "sent_at": NOON, "message_id": "m"}
    return Message(text=text, conversation=conversation, **(values | more))  # type: ignore[arg-type]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    found = Store(tmp_path / "octopus.db")
    await found.database.open()
    yield found
    await found.database.close()


async def test_the_same_update_is_accepted_once(store: Store) -> None:
    first = await store.accepted("a", "b")
    again = await store.accepted("a", "b", "c")
    assert [job.message.text for job in first] == ["a", "b"]
    assert [job.message.text for job in again] == ["c"]


async def test_messages_survive_with_everything_that_belongs_to_them(store: Store) -> None:
    full = Message(
        key="k",
        conversation="telegram:1",
        user="1",
        text="Grüße \U0001f600 \x00 \ud800",
        sent_at=NOON,
        kind=Kind.EDIT,
        message_id="5",
        attachments=(Attachment("photo", "ref", "unique", "n.jpg", "image/jpeg", 10, 0),),
        origin=Origin("channel", "News", NOON - timedelta(days=1), "https://example.org/1"),
        reply_to="4",
        reply_text="before",
        album="7",
        press="",
        language="de",
    )
    (job,) = await store.journal.accept([full])
    found = await store.journal.job(job.id)
    assert found is not None
    assert found.message == full


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_text_survives_the_journal(text: str) -> None:
    one = message(text)
    assert Message.from_json(one.to_json()) == one
    reply = Reply(text=text, buttons=(Button(text, "undo", {"x": text}),))
    assert Reply.from_json(reply.to_json()) == reply


async def test_what_another_process_left_running_is_queued_again(store: Store) -> None:
    jobs = await store.accepted("a", "b", "c")
    await store.journal.start(jobs[0])
    done = await store.journal.start(jobs[1])
    await store.journal.settle(done, State.DONE, Reply(text="ok"))
    left = await SqliteJournal(store.database, store.bus, "boot-2").recover("boot-2")
    assert [(job.message.text, job.state, job.attempt) for job in left] == [
        ("a", State.QUEUED, 1),
        ("c", State.QUEUED, 0),
    ]


async def test_outcome_and_outbox_are_one(store: Store) -> None:
    (job,) = await store.accepted("a")
    reply = Reply(text="Saved", reaction="✍", buttons=(Button("Undo", "undo", {"effect": 1}),))
    settled = await store.journal.settle(await store.journal.start(job), State.DONE, reply)
    rows = await store.outbox.due("telegram:")
    assert [(row.act, row.target) for row in rows] == [(Act.REACT, "a"), (Act.SEND, "a")]
    assert settled.reply is not None
    assert rows[1].reply.buttons == settled.reply.buttons
    assert len(settled.reply.buttons[0].id.encode()) <= 64


async def test_a_failing_settlement_leaves_neither(store: Store) -> None:
    (job,) = await store.accepted("a")
    bad = Reply(text="x", buttons=(Button("b", "undo", {"no json": object()}),))
    with pytest.raises(TypeError):
        await store.journal.settle(job, State.DONE, bad)
    found = await store.journal.job(job.id)
    assert found is not None
    assert found.state is State.QUEUED
    assert await store.outbox.due("") == []


async def test_front_ends_that_ask_are_not_told(store: Store) -> None:
    (job,) = await store.accepted("a", conversation="cli:ask")
    await store.journal.settle(job, State.DONE, Reply(text="x"))
    assert await store.outbox.due("") == []


async def test_edits_and_reactions_alone(store: Store) -> None:
    one, two = await store.accepted("a", "b")
    await store.journal.settle(one, State.DONE, Reply(text="x", replaces="99"))
    await store.journal.settle(two, State.DONE, Reply(reaction="👍"))
    assert [(row.act, row.target) for row in await store.outbox.due("")] == [
        (Act.EDIT, "99"),
        (Act.REACT, "b"),
    ]


async def test_the_life_of_an_outgoing_row(store: Store) -> None:
    (job,) = await store.accepted("a")
    await store.journal.settle(job, State.DONE, Reply(text="long"))
    (row,) = await store.outbox.due("telegram:1")
    await store.outbox.sending([row])
    (row,) = await store.outbox.due("telegram:1")
    assert (row.state, row.attempt) == (Delivery.SENDING, 1)
    await store.outbox.sent(row, ["10"], last=False)
    (row,) = await store.outbox.due("telegram:1")
    assert (row.state, row.parts) == (Delivery.PENDING, ("10",))
    later = NOON + timedelta(seconds=30)
    await store.outbox.delay(row, later, "429")
    (row,) = await store.outbox.due("telegram:1")
    assert (row.not_before, row.error) == (later, "429")
    await store.outbox.sent(row, ["10", "11"])
    assert await store.outbox.due("telegram:1") == []
    for message_id in ("10", "11"):
        said = await store.journal.said("telegram:1", message_id)
        assert said is not None
        assert said[0].id == job.id
    assert await store.journal.said("telegram:2", "10") is None


async def test_where_a_reply_is_shown(store: Store) -> None:
    job, quiet, *others = await store.accepted("a", "b", "c", "d", "e")
    assert await store.journal.shown_in(job.id) == ""
    await store.journal.settle(job, State.DONE, Reply(text="long"))
    assert await store.journal.shown_in(job.id) == ""  # it is not there yet
    (row,) = await store.outbox.due("telegram:1")
    await store.outbox.sent(row, ["10", "11"])
    assert await store.journal.shown_in(job.id) == "11"  # its buttons are under the last part
    await store.journal.settle(quiet, State.DONE, Reply(reaction="👍"))
    assert await store.journal.shown_in(quiet.id) == ""
    for each in others:
        await store.journal.settle(each, State.DONE, Reply(text="receipt", receipt=True))
    rows = [row for row in await store.outbox.due("telegram:1") if row.act is Act.SEND]
    for row in rows[:2]:
        await store.outbox.sent(row, ["12"])  # one message for both
    assert await store.journal.shown_in(others[0].id) == ""
    await store.outbox.bury(rows[2], "403")
    assert await store.journal.shown_in(others[2].id) == ""


async def test_what_takes_the_place_of_a_reply_is_shown_there(store: Store) -> None:
    first, second, third = await store.accepted("a", "b", "c")
    await store.journal.settle(first, State.DONE, Reply(text="x"))
    (row,) = await store.outbox.due("telegram:1")
    await store.outbox.sent(row, ["10"])
    await store.journal.settle(second, State.DONE, Reply(text="y", replaces="10"))
    assert await store.journal.shown_in(second.id) == "10"  # on its way
    (row,) = await store.outbox.due("telegram:1")
    await store.outbox.sent(row, ["20"])  # the old one was deleted, so it came as a new one
    assert await store.journal.shown_in(second.id) == "20"
    assert await store.journal.shown_in(third.id) == ""


async def test_a_buried_row_is_never_due_again(store: Store) -> None:
    (job,) = await store.accepted("a")
    await store.journal.settle(job, State.DONE, Reply(text="x"))
    (row,) = await store.outbox.due("")
    await store.outbox.bury(row, "blocked")
    assert await store.outbox.due("") == []


async def pressed(store: Store, *, confirm: bool = False) -> tuple[Job, Message]:
    """A shown button, and the right press of it."""
    (job,) = await store.accepted("a")
    button = Button("Yes", "undo", {"effect": 3}, confirm=confirm)
    settled = await store.journal.settle(job, State.DONE, Reply(text="?", buttons=(button,)))
    (row,) = await store.outbox.due("")
    await store.outbox.sent(row, ["50"])
    assert settled.reply is not None
    press = message("", kind=Kind.PRESS, press=settled.reply.buttons[0].id, message_id="50")
    return settled, press


@pytest.mark.parametrize("language", ["uk", ""])
async def test_a_pressed_button_speaks_the_language_of_its_reply(
    store: Store, language: str
) -> None:
    (job,) = await store.accepted("a")
    reply = Reply(text="?", buttons=(Button("Так", "undo"),), language=language)
    settled = await store.journal.settle(job, State.DONE, reply)
    (row,) = await store.outbox.due("")
    await store.outbox.sent(row, ["50"])
    assert settled.reply is not None
    press = message("", kind=Kind.PRESS, press=settled.reply.buttons[0].id, message_id="50")
    found = await store.journal.button(press.press, press)
    assert found is not None
    assert (found.label, found.language) == ("Так", language)


async def test_only_the_right_press_counts(store: Store) -> None:
    _, press = await pressed(store)
    found = await store.journal.button(press.press, press)
    assert found is not None
    assert (found.intent, dict(found.args)) == ("undo", {"effect": 3})
    for forged in (
        replace(press, user="2"),
        replace(press, conversation="telegram:2"),
        replace(press, message_id="51"),
        replace(press, message_id=""),
    ):
        assert await store.journal.button(forged.press, forged) is None
    assert await store.journal.button("made up", press) is None
    at_home = replace(press, conversation="cli:ask", user="owner", message_id="x")
    assert await store.journal.button(press.press, at_home) is not None


async def test_the_buttons_of_a_copy_that_we_lost_sight_of_work_too(store: Store) -> None:
    (job, other) = await store.accepted("a", "b")
    button = Button("Undo", "undo", {"effect": 3})
    settled = await store.journal.settle(job, State.DONE, Reply(text="x", buttons=(button,)))
    await store.journal.settle(other, State.DONE, Reply(text="y"))
    row, another = await store.outbox.due("")
    await store.outbox.sending([row])  # the call reached the other side as message 49: we died
    await store.outbox.sending([row])
    await store.outbox.sent(row, ["50"])
    await store.outbox.sent(another, ["51"])
    assert settled.reply is not None
    press = message("", kind=Kind.PRESS, press=settled.reply.buttons[0].id, message_id="49")
    assert await store.journal.button(press.press, press) is not None
    for forged in (
        replace(press, message_id="51"),  # known, and of another job
        replace(press, user="2"),
        replace(press, conversation="telegram:2"),
        replace(press, message_id=""),
    ):
        assert await store.journal.button(forged.press, forged) is None


async def test_made_up_presses_leave_no_trace(store: Store) -> None:
    _, press = await pressed(store)
    before = len(await store.journal.jobs())
    forged = [
        replace(press, key="1", press="made up"),
        replace(press, key="2", press=""),
        replace(press, key="3", press="A" * 64),
        replace(press, key="4", user="2"),
        replace(press, key="5", conversation="telegram:2"),
        replace(press, key="6", message_id="51"),
    ]
    assert await store.journal.accept(forged) == []
    assert len(await store.journal.jobs()) == before
    (job,) = await store.journal.accept([replace(press, key="7")])
    assert job.message.press == press.press


async def test_a_confirmation_expires_and_counts_once(store: Store) -> None:
    job, press = await pressed(store, confirm=True)
    assert await store.journal.button(press.press, press) is not None
    store.clock.pass_(minutes=11)
    assert await store.journal.button(press.press, press) is None
    store.clock.pass_(minutes=-11)
    assert await store.journal.use(press.press, job)
    assert await store.journal.use(press.press, job)  # the same job tries again
    assert not await store.journal.use(press.press, replace(job, id=99))
    assert await store.journal.button(press.press, press) is None


async def test_absorbed_jobs_are_settled_with_the_one_that_absorbs(store: Store) -> None:
    one, two, three = await store.accepted("a", "b", "c")
    await store.journal.settle(one, State.DONE, Reply(text="album"), [two, three])
    states = [job.state for job in await store.journal.jobs()]
    assert states == [State.DONE] * 3
    assert len(await store.outbox.due("")) == 1


async def test_versions_of_a_message_in_order(store: Store) -> None:
    first = message("one", message_id="5")
    edit = message("two", message_id="5", kind=Kind.EDIT)
    press = message("", key="p", message_id="5", kind=Kind.PRESS, press="x")
    await store.journal.accept([first, edit, press])
    found = await store.journal.versions("telegram:1", "5")
    assert [job.message.text for job in found] == ["one", "two"]


async def test_dead_jobs_can_be_revived_and_others_not(store: Store) -> None:
    (job,) = await store.accepted("a")
    assert await store.journal.revive(job.id) is None
    started = await store.journal.start(job)
    await store.journal.settle(replace(started, error="bad"), State.DEAD, Reply(text="sorry"))
    revived = await store.journal.revive(job.id)
    assert revived is not None
    assert (revived.state, revived.attempt, revived.error) == (State.QUEUED, 0, "")


async def written(store: Store) -> None:
    """Wait for what was handed in without waiting."""
    await store.database.write(lambda c: None)


def effect(job: int, step: int, **more: object) -> Effect:
    values = {"id": 0, "conversation": "telegram:1", "kind": "edit", "path": "n.md"}
    values |= {"state": EffectState.INTENDED, "before": "h1", "after": "h2", "mark": "0"}
    return Effect(job=job, step=step, **(values | more))  # type: ignore[arg-type]


async def test_an_effect_keeps_its_number_and_its_images(store: Store) -> None:
    one = await store.effects.intend(effect(1, 1), Image(None, b"new"))
    again = await store.effects.intend(replace(one, before="h9"), Image(b"old", b"newer"))
    assert again.id == one.id
    assert await store.effects.image(one.id) == Image(b"old", b"newer")
    found = await store.effects.step(1, 1)
    assert found == again
    assert await store.effects.newest("telegram:1") == []
    await store.effects.finish(replace(again, state=EffectState.DONE))
    await written(store)
    assert [e.id for e in await store.effects.newest("telegram:1")] == [one.id]
    assert await store.effects.newest("telegram:2") == []
    assert [e.id for e in await store.effects.newest(None)] == [one.id]


async def test_what_is_taken_back_is_not_the_newest_any_more(store: Store) -> None:
    one = await store.effects.intend(effect(1, 1), Image(None, b""))
    await store.effects.finish(replace(one, state=EffectState.DONE))
    back = await store.effects.intend(effect(2, 1, undoes=one.id), Image(b"", None))
    await store.effects.finish(replace(back, state=EffectState.DONE))
    await written(store)
    undone = await store.effects.effect(one.id)
    assert undone is not None
    assert undone.state is EffectState.UNDONE
    assert await store.effects.newest(None) == []


async def test_what_was_made_again_is_as_old_as_the_first_time(store: Store) -> None:
    one = await store.effects.intend(effect(1, 1), Image(None, b""))
    two = await store.effects.intend(effect(2, 1), Image(None, b""))
    again = await store.effects.intend(effect(1, 1_000_001, kind="again"), Image(None, b""))
    await store.effects.finish_all(
        [
            replace(one, state=EffectState.UNDONE),
            replace(two, state=EffectState.DONE),
            replace(again, state=EffectState.DONE),
        ]
    )
    await written(store)
    assert [e.id for e in await store.effects.newest(None, 9)] == [two.id, again.id]


async def test_events_are_kept_and_replayed(store: Store) -> None:
    (job,) = await store.accepted("a")
    await store.journal.settle(job, State.DONE, Reply())
    types = [event.type for event in await store.events.after(0)]
    assert types == ["job.accepted", "job.done"]
    first = (await store.events.after(0))[0].id
    assert [event.type for event in await store.events.after(first)] == ["job.done"]


async def test_what_is_old_is_forgotten_and_what_is_open_is_not(store: Store) -> None:
    done, dead, waiting = await store.accepted("a", "b", "c")
    await store.journal.settle(done, State.DONE, Reply())
    await store.journal.settle(dead, State.DEAD, Reply())
    assert await store.events.prune(datetime.now(UTC) - timedelta(days=365 * 5)) == 0
    store.clock.pass_(days=31)
    assert await store.events.prune(store.clock.now()) > 0
    left = {job.message.text for job in await store.journal.jobs()}
    assert left == {"b", "c"}
    assert waiting.message.text in left


async def test_versions_are_kept_for_30_days_and_no_longer(store: Store) -> None:
    image = Image(b"old", b"new")
    kept = await store.effects.intend(effect(1, 1), image)
    store.clock.pass_(days=30)
    await store.events.prune(store.clock.now())
    assert await store.effects.image(kept.id) == image
    store.clock.pass_(seconds=1)
    young = await store.effects.intend(effect(1, 2), image)
    await store.events.prune(store.clock.now())
    assert await store.effects.image(kept.id) is None
    assert await store.effects.image(young.id) == image
    assert await store.effects.effect(kept.id) is not None  # what was done is known for longer


async def test_recent_is_what_stands_since_then_oldest_first(store: Store) -> None:
    image = Image(b"old", b"new")
    for step in range(4):
        one = await store.effects.intend(effect(1, step), image)
        if step != 2:
            await store.effects.finish(replace(one, state=EffectState.DONE))
        store.clock.pass_(minutes=1)
    since = store.clock.now() - timedelta(minutes=3)
    await store.database.write(lambda connection: None)  # what was handed in before is there
    found = await store.effects.recent(since)
    assert [one.step for one in found] == [1, 3]
    assert all(one.at is not None and one.at >= since for one in found)


async def test_a_name_is_claimed_by_the_first_that_is_about_to_give_it(store: Store) -> None:
    new = {"kind": "create", "before": None, "path": "Inbox/milk.md"}
    first = await store.effects.intend(effect(1, 1, **new), Image(None, b"milk"))
    again = await store.effects.intend(effect(1, 1, **new), Image(None, b"milk"))
    assert again.id == first.id
    with pytest.raises(Conflict):
        await store.effects.intend(effect(2, 1, **new), Image(None, b"milk"))
    assert await store.effects.step(2, 1) is None
    await store.effects.intend(effect(2, 1, path="Inbox/milk.md"), Image(b"", b"milk"))
    await store.effects.finish(replace(first, state=EffectState.DONE))
    other = await store.effects.intend(effect(3, 1, **new), Image(None, b"milk"))
    assert other.id > first.id


async def test_a_window_holds_the_newest_turns(store: Store) -> None:
    for number in range(10):
        turns = [Turn("user", f"question {number}"), Turn("assistant", "answer " * 10)]
        await store.conversations.add("telegram:1", number, turns)
    window = await store.conversations.window("telegram:1", 100)
    assert window[-1].text.startswith("answer")
    assert 2 <= len(window) < 20
    assert await store.conversations.window("telegram:2", 100) == []
    await store.conversations.add("telegram:1", 9, [Turn("user", "again")])
    assert (await store.conversations.window("telegram:1", 100))[-1].text == "again"


async def test_a_daemon_and_a_command_can_look_at_once(store: Store, tmp_path: Path) -> None:
    await store.accepted("a")
    beside = Database(tmp_path / "octopus.db")
    await beside.open_for_reading()
    assert len(await SqliteJournal(beside, Bus(), "").jobs()) == 1
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await beside.read(lambda c: c.execute("DELETE FROM jobs"))
    await beside.close()


async def test_many_effects_are_one_transaction(store: Store) -> None:
    some = [(effect(1, step), Image(b"old %d" % step, b"new %d" % step)) for step in (1, 2, 3)]
    kept = await store.effects.intend_all(some)
    assert [each.id for each in kept] == sorted({each.id for each in kept})
    assert await store.effects.of_job(1) == kept
    images = await store.effects.images([kept[2].id, kept[0].id, 999])
    assert images == {kept[0].id: some[0][1], kept[2].id: some[2][1]}
    done = [replace(each, state=EffectState.DONE) for each in kept]
    await store.effects.finish_all(done)
    await store.database.write(lambda connection: None)  # behind what was handed in before
    assert await store.effects.of_job(1) == done
    assert [event.data["effect"] for event in await store.events.after(0)] == [e.id for e in done]


async def test_of_many_effects_all_are_kept_or_none(store: Store) -> None:
    broken = replace(effect(1, 2), path=None)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        await store.effects.intend_all(
            [(effect(1, 1), Image(None, b"a")), (broken, Image(None, b"b"))]
        )
    assert await store.effects.of_job(1) == []
    assert await store.effects.images([1, 2]) == {}
