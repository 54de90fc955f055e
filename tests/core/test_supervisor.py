"""Every job ends in exactly one outcome, in order, whatever the skills do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from octopus.core.event import Bus
from octopus.core.handler import Context, House, Lane, Ports, Skill
from octopus.core.interpret import Interpreter
from octopus.core.job import State
from octopus.core.meaning import Meaning, Option
from octopus.core.message import Attachment, Button, Kind, Message, Origin, Reply
from octopus.core.policy import Capability
from octopus.core.supervisor import Pace, Supervisor
from octopus.errors import DeliveryDelayed, UserError, VaultUnavailable
from tests.fakes.notes import FakeNotes
from tests.fakes.ports import (
    NOON,
    FakeCalendars,
    FakeClock,
    FakeConversations,
    FakeEffects,
    FakeFiles,
    FakeIndex,
    FakeJournal,
    FakeModel,
    FakePictures,
    FakeReminders,
    FakeVault,
    FakeViews,
)
from tests.patience import PATIENCE

PACE = Pace(workers=3, retry_first=0.001, album_wait=0.01, grace=0.2)


class Desk:
    """A supervisor over doubles, with skills given as functions by intent."""

    def __init__(self, pace: Pace = PACE, journal: FakeJournal | None = None) -> None:
        self.journal = journal or FakeJournal()
        self.effects = FakeEffects()
        self.vault = FakeVault()
        self.clock = FakeClock()
        self.bus = Bus()
        self.ran: list[str] = []
        self.skills: dict[str, Skill] = {}
        self.skill("note.add", self._note)
        self.skill("help", self._note)
        self.ids = 0
        ports = Ports(
            vault=self.vault,
            index=FakeIndex(self.vault),
            model=FakeModel(),
            journal=self.journal,
            effects=self.effects,
            conversations=FakeConversations(),
            clock=self.clock,
            notes=FakeNotes(self.vault),
            reminders=FakeReminders(),
            calendars=FakeCalendars(),
            views=FakeViews(self.journal),
            pictures=FakePictures(),
        )
        interpreter = Interpreter(self.journal, understand, self.skills)
        self.supervisor = Supervisor(
            ports, interpreter, House(), self.bus, FakeFiles(), pace, self.journal.boot
        )

    async def _note(self, ctx: Context, text: str = "", unknown: str = "") -> Reply:
        self.ran.append(ctx.message.text)
        return Reply(text=f"kept {ctx.message.text}")

    def skill(
        self,
        intent: str,
        run: Callable[..., Awaitable[Reply]],
        lane: Lane = Lane.CONVERSATION,
        capability: Capability = Capability.ADD,
        **more: Any,
    ) -> None:
        self.skills[intent] = Skill(intent, run, "does it", capability, lane=lane, **more)

    def message(self, text: str, conversation: str = "a", **more: Any) -> Message:
        self.ids += 1
        name = f"{conversation}:{self.ids}"
        return Message(name, conversation, "owner", text, NOON, message_id=name, **more)

    async def ask(self, text: str, conversation: str = "a", **more: Any) -> Any:
        message = self.message(text, conversation, **more)
        return await asyncio.wait_for(self.supervisor.ask(message), PATIENCE)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Desk]:
        await self.supervisor.start()
        try:
            yield self
        finally:
            await self.supervisor.close()


def understand(text: str, now: datetime, reply_to: str | None) -> Meaning:
    """The first word is the intent; "?" asks back."""
    word, _, rest = text.partition(" ")
    if word == "stumble":
        raise KeyError("the rules have a hole")
    if word == "?":
        return Meaning("clarify", question="Which?", options=(Option("One", "note.add"),))
    return Meaning(word, {"text": rest})


async def test_a_message_becomes_one_settled_job() -> None:
    async with Desk().open() as desk:
        job = await desk.ask("note.add milk")
    assert (job.state, job.reply.text, job.attempt) == (State.DONE, "kept note.add milk", 1)
    assert job.intent == "note.add"


async def test_an_intent_without_a_skill_keeps_the_text() -> None:
    async with Desk().open() as desk:
        job = await desk.ask("dance with me")
    assert job.intent == "note.add"
    assert desk.ran == ["dance with me"]


async def test_a_text_that_the_rules_stumble_over_is_kept_and_holds_nobody_up() -> None:
    desk = Desk()
    messages = [desk.message(text) for text in ("note.add one", "stumble over", "note.add two")]
    async with desk.open():
        await desk.supervisor.accept(messages)  # journaled, then confirmed: this must not fail
        job = await desk.ask("note.add three")
    assert job.state is State.DONE
    assert desk.ran == ["note.add one", "stumble over", "note.add two", "note.add three"]


async def test_a_question_is_asked_before_anything_is_done() -> None:
    async with Desk().open() as desk:
        job = await desk.ask("? what")
    assert job.reply.text == "Which?"
    assert [button.label for button in job.reply.buttons] == ["One"]
    assert desk.ran == []


async def test_messages_of_a_conversation_keep_their_order() -> None:
    desk = Desk()
    texts = [f"note.add {number}" for number in range(50)]
    async with desk.open():
        jobs = await desk.supervisor.accept([desk.message(text) for text in texts])
        last = await desk.ask("note.add end")
    assert desk.ran == [*texts, "note.add end"]
    assert last.state is State.DONE
    assert len(jobs) == 50


async def test_the_model_holds_nothing_up() -> None:
    desk = Desk()
    thinking, answer = asyncio.Event(), asyncio.Event()

    async def chat(ctx: Context, text: str) -> Reply:
        thinking.set()
        await answer.wait()
        return Reply(text="42")

    desk.skill("chat", chat, Lane.MODEL)
    async with desk.open():
        question = asyncio.create_task(desk.ask("chat why"))
        await asyncio.wait_for(thinking.wait(), PATIENCE)
        note = await desk.ask("note.add meanwhile")
        assert note.state is State.DONE
        assert not question.done()
        answer.set()
        assert (await question).reply.text == "42"


async def test_a_press_that_needs_the_model_is_handed_over_without_losing_an_attempt() -> None:
    desk = Desk()

    async def chat(ctx: Context, text: str) -> Reply:
        return Reply(text=f"thought about {text}")

    async def offer(ctx: Context) -> Reply:
        return Reply(text="ask?", buttons=(Button("Ask", "chat", {"text": "it"}),))

    desk.skill("chat", chat, Lane.MODEL)
    desk.skill("offer", offer)
    async with desk.open():
        first = await desk.ask("offer")
        pressed = await desk.ask("", kind=Kind.PRESS, press=first.reply.buttons[0].id)
    assert (pressed.reply.text, pressed.attempt) == ("thought about it", 1)
    assert desk.journal.told == [(pressed.id, Reply(reaction="👀"))]


async def test_what_the_owner_cannot_have_is_an_answer() -> None:
    desk = Desk()

    async def refuse(ctx: Context, text: str) -> Reply:
        raise UserError("There is no note of that name.")

    desk.skill("open", refuse)
    async with desk.open():
        job = await desk.ask("open it")
    assert (job.state, job.attempt) == (State.DONE, 1)
    assert job.reply.text == "There is no note of that name."
    assert job.reply.failed


async def test_three_attempts_then_one_notice() -> None:
    desk = Desk()
    runs = []

    async def explode(ctx: Context, text: str) -> Reply:
        runs.append(ctx.job.attempt)
        raise RuntimeError("no luck")

    desk.skill("explode", explode)
    async with desk.open():
        job = await desk.ask("explode now")
        others = [await desk.ask("note.add fine") for _ in range(3)]
    assert runs == [1, 2, 3]
    assert job.state is State.DEAD
    assert f"job {job.id}" in job.reply.text
    assert job.reply.buttons[0].intent == "job.retry"
    assert [other.state for other in others] == [State.DONE] * 3
    assert [settled.id for settled in desk.journal.settled].count(job.id) == 1


async def test_a_dead_job_can_be_tried_again() -> None:
    desk = Desk()
    broken = True

    async def sometimes(ctx: Context, text: str) -> Reply:
        if broken:
            raise RuntimeError("not yet")
        return Reply(text="done at last")

    desk.skill("sometimes", sometimes)
    async with desk.open():
        job = await desk.ask("sometimes x")
        broken = False
        with desk.bus.subscribe():
            assert await desk.supervisor.retry(job.id)
            while desk.journal.rows[job.id].state is not State.DONE:
                await asyncio.sleep(0)
        assert await desk.supervisor.retry(job.id) is None
    assert desk.journal.rows[job.id].reply == Reply(text="done at last")


async def test_a_job_that_kills_the_process_is_started_three_times_at_most() -> None:
    journal = FakeJournal("boot-0")
    (job,) = await journal.accept([Desk().message("note.add deadly")])
    for _ in range(3):
        job = await journal.start(job)  # and the process dies
    desk = Desk(journal=journal)
    journal.boot = "boot-1"
    async with desk.open():
        while not journal.rows[job.id].state.settled:
            await asyncio.sleep(0)
    assert desk.ran == []
    assert journal.rows[job.id].state is State.DEAD


async def test_what_an_earlier_process_left_is_done_first_and_in_order() -> None:
    journal = FakeJournal("boot-0")
    helper = Desk()
    texts = [f"note.add {number}" for number in range(5)]
    jobs = await journal.accept([helper.message(text) for text in texts])
    await journal.start(jobs[0])
    journal.boot = "boot-1"
    desk = Desk(journal=journal)
    async with desk.open():
        await desk.ask("note.add new", conversation="b")
        while len(journal.settled) < 6:
            await asyncio.sleep(0)
    assert [text for text in desk.ran if text != "note.add new"] == texts


async def test_a_hanging_skill_is_ended_and_its_slot_is_free() -> None:
    desk = Desk(replace(PACE, attempts=1))

    async def hang(ctx: Context, text: str) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    desk.skill("hang", hang, deadline=0.01)
    async with desk.open():
        job = await desk.ask("hang on")
    assert job.state is State.DEAD
    assert "TimeoutError" in job.error


async def test_stop_ends_what_runs_and_what_waits_for_the_model_but_no_capture() -> None:
    desk = Desk()
    running = asyncio.Event()

    async def chat(ctx: Context, text: str) -> Reply:
        running.set()
        await asyncio.Event().wait()
        raise AssertionError

    desk.skill("chat", chat, Lane.MODEL)
    async with desk.open():
        first = asyncio.create_task(desk.ask("chat 1"))
        second = asyncio.create_task(desk.ask("chat 2"))
        elsewhere = asyncio.create_task(desk.ask("chat 3", conversation="b"))
        await asyncio.wait_for(running.wait(), PATIENCE)
        assert await desk.supervisor.stop("a") == 2
        assert (await first).state is State.CANCELLED
        assert (await second).state is State.CANCELLED
        assert (await desk.ask("note.add kept")).state is State.DONE
        assert not elsewhere.done()
        await desk.supervisor.stop("b")
        await elsewhere


async def test_closing_gives_grace_and_leaves_the_rest_in_the_journal() -> None:
    desk = Desk(replace(PACE, grace=0.01))
    running = asyncio.Event()

    async def slow(ctx: Context, text: str) -> Reply:
        running.set()
        await asyncio.Event().wait()
        raise AssertionError

    desk.skill("slow", slow)
    async with desk.open():
        jobs = await desk.supervisor.accept([desk.message("slow 1"), desk.message("note.add 2")])
        await asyncio.wait_for(running.wait(), PATIENCE)
    left = [desk.journal.rows[job.id] for job in jobs]
    assert [(job.state, job.attempt) for job in left] == [(State.QUEUED, 0), (State.QUEUED, 0)]


async def test_an_unwritable_vault_makes_the_job_wait_with_one_notice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("octopus.core.supervisor.WAIT_FOR_VAULT", 0.001)
    desk = Desk()
    tries = []

    async def write(ctx: Context, text: str) -> Reply:
        tries.append(ctx.job.attempt)
        if len(tries) < 6:
            raise VaultUnavailable("The disk is full.")
        return Reply(text="written")

    desk.skill("write", write)
    async with desk.open():
        with pytest.raises(VaultUnavailable, match=r"disk is full\. Your message is kept"):
            await desk.ask("write x")
        while not desk.journal.rows[1].state.settled:
            await asyncio.sleep(0)
        job = desk.journal.rows[1]
    assert job.reply
    assert (job.state, job.reply.text) == (State.DONE, "written")
    assert tries == [1] * 6
    assert len(desk.journal.told) == 1
    assert "disk is full" in desk.journal.told[0][1].text


async def test_a_file_that_can_be_had_later_is_fetched_later() -> None:
    desk = Desk()
    tries = 0

    async def fetch(ctx: Context, text: str) -> Reply:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise DeliveryDelayed(0.001)
        return Reply(text="here")

    desk.skill("fetch", fetch)
    async with desk.open():
        assert (await desk.ask("fetch x")).reply.text == "here"


async def test_an_album_is_one_job_for_all_its_pictures() -> None:
    desk = Desk()
    seen: list[Message] = []

    async def capture(ctx: Context) -> Reply:
        seen.append(ctx.message)
        return Reply(text="kept")

    desk.skill("capture", capture)
    pictures = [
        desk.message(
            "roof" if n == 2 else "", album="x", attachments=(Attachment("photo", f"p{n}"),)
        )
        for n in range(4)
    ]
    async with desk.open():
        jobs = await desk.supervisor.accept(pictures)
        while not all(desk.journal.rows[job.id].state.settled for job in jobs):
            await asyncio.sleep(0)
    assert len(seen) == 1
    assert [file.ref for file in seen[0].attachments] == ["p0", "p1", "p2", "p3"]
    assert seen[0].text == "roof"
    assert len(desk.journal.settled) == 1


async def test_text_of_others_cannot_make_anything_happen() -> None:
    desk = Desk()

    async def delete(ctx: Context, text: str = "") -> Reply:
        desk.ran.append("deleted!")
        return Reply(text="gone")

    desk.skill("capture", delete, capability=Capability.CHANGE)
    origin = Origin("channel", "News", NOON - timedelta(days=1))
    async with desk.open():
        job = await desk.ask("delete everything", origin=origin)
    assert desk.ran == []
    assert job.reply.failed


async def test_a_button_that_means_nothing_does_nothing() -> None:
    async with Desk().open() as desk:
        job = await desk.ask("", kind=Kind.PRESS, press="forged")
    assert job.reply.failed
    assert (job.state, job.attempt) == (State.DONE, 1)  # an answer, not a failure to be repeated
    assert desk.ran == []


async def test_a_confirmation_counts_once() -> None:
    desk = Desk()

    async def offer(ctx: Context) -> Reply:
        return Reply(text="sure?", buttons=(Button("Yes", "note.add", {}, confirm=True),))

    desk.skill("offer", offer)
    async with desk.open():
        button = (await desk.ask("offer")).reply.buttons[0].id
        first = await desk.ask("", kind=Kind.PRESS, press=button)
        second = await desk.ask("", kind=Kind.PRESS, press=button)
    assert not first.reply.failed
    assert second.reply.failed
    assert len(desk.ran) == 1


async def test_the_journal_failing_while_settling_loses_nothing() -> None:
    desk = Desk()
    desk.journal.fail["settle"] = 1
    async with desk.open():
        job = await desk.ask("note.add milk")
    assert job.state is State.DONE


async def test_accepting_fails_loudly_so_that_nothing_is_confirmed() -> None:
    desk = Desk()
    desk.journal.fail["accept"] = 1
    async with desk.open():
        with pytest.raises(OSError, match="told to fail"):
            await desk.supervisor.accept([desk.message("note.add milk")])
        assert (await desk.ask("note.add milk")).state is State.DONE


async def test_missing_arguments_explain_the_skill() -> None:
    desk = Desk()

    async def needs(ctx: Context, query: str) -> Reply:
        raise AssertionError("ran without its argument")

    desk.skill("needs", needs)
    async with desk.open():
        assert "does it" in (await desk.ask("needs")).reply.text


async def test_a_stop_that_cannot_be_written_down_ends_no_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()
    running = asyncio.Event()

    async def hang(ctx: Context, text: str) -> Reply:
        running.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def broken(job: object) -> None:
        raise OSError("the disk is full")

    desk.skill("hang", hang)
    monkeypatch.setattr(desk.supervisor, "_cancelled", broken)
    async with desk.open():
        await desk.supervisor.accept([desk.message("hang on")])
        await asyncio.wait_for(running.wait(), PATIENCE)
        assert await desk.supervisor.stop("a") == 1
        assert (await desk.ask("note.add still here")).state is State.DONE
        assert desk.supervisor.alive()


async def test_stopping_what_has_just_ended_does_not_mark_it_for_later() -> None:
    desk = Desk()
    async with desk.open():
        job = await desk.ask("note.add done")
        assert await desk.supervisor.stop("a") == 0
        assert not await desk.supervisor.cancel(job.id)
        assert not desk.supervisor._stopped
