"""A job that takes long is seen to be done; its reply comes last and once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from octopus.core.event import Event
from octopus.frontends.telegram.api import ApiError, Fault
from octopus.frontends.telegram.calls import Calls
from octopus.frontends.telegram.pace import Pace
from octopus.frontends.telegram.stream import Stream, Timing
from tests.frontends.telegram.house import HERE, START, FakeApi, eventually, refused
from tests.patience import PATIENCE

QUICK = Timing(first=0.005, typing=0.02, draft=0.005, draft_again=0.05, edit=0.005)
NO_DRAFTS: Sequence[Any] = [refused("TEXTDRAFT_PEER_INVALID")]


class Bench:
    def __init__(self, timing: Timing = QUICK, **answers: Sequence[Any]) -> None:
        self.api = FakeApi(**answers)
        self.pace = Pace(0, 0)
        self.stream = Stream(Calls(self.api), self.pace, timing)

    def tell(self, type_: str, text: str = "", *, job: int = 1, to: str = HERE) -> None:
        self.stream.on(Event(type_, START, {"job": job, "conversation": to, "text": text}))

    @property
    def drafts(self) -> list[str]:
        return [params["text"] for params in self.api.called("SendMessageDraft")]

    @property
    def edits(self) -> list[str]:
        return [params["text"] for params in self.api.called("EditMessageText")]

    async def quiet(self) -> None:
        """Nothing more is called, whatever waits."""
        before = len(self.api.calls)
        await asyncio.sleep(0.05)
        assert len(self.api.calls) == before


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    yield bench
    await bench.stream.close()


async def test_a_quick_job_shows_nothing() -> None:
    bench = Bench(Timing(first=0.02))
    bench.tell("job.running")
    await asyncio.sleep(0)
    bench.tell("job.done")
    await bench.quiet()
    assert bench.api.calls == []


async def test_a_long_job_is_typing_until_it_ends(bench: Bench) -> None:
    bench.tell("job.running")
    await eventually(lambda: len(bench.api.called("SendChatAction")) >= 3)
    bench.tell("job.done")
    await bench.quiet()
    assert bench.api.called("SendChatAction")[0] == {"chat_id": 42, "action": "typing"}


@pytest.mark.parametrize("end", ["job.dead", "job.cancelled", "job.queued", "job.done"])
async def test_every_end_is_an_end(bench: Bench, end: str) -> None:
    bench.tell("job.running")
    await eventually(lambda: bench.api.calls)
    bench.tell(end)
    await bench.quiet()


async def test_drafts_grow_under_one_number(bench: Bench) -> None:
    bench.tell("job.running", job=9)
    for text in ("Once", "Once upon", "Once upon **a time**"):
        bench.tell("reply.partial", text, job=9)
        wanted = text.replace("*", "")
        await eventually(lambda wanted=wanted: wanted in bench.drafts)  # type: ignore[misc]
    assert {params["draft_id"] for params in bench.api.called("SendMessageDraft")} == {9}
    assert bench.api.called("SendMessageDraft")[-1]["entities"][0]["type"] == "bold"


async def test_drafts_are_not_sent_for_every_word() -> None:
    bench = Bench(Timing(first=0.0, draft=0.05))
    bench.tell("job.running")
    for number in range(200):
        bench.tell("reply.partial", f"word {number}")
        await asyncio.sleep(0)
    await eventually(lambda: "word 199" in bench.drafts)
    assert len(bench.drafts) <= 3
    await bench.stream.close()


async def test_a_draft_is_shown_again_before_it_vanishes(bench: Bench) -> None:
    bench.tell("job.running")
    bench.tell("reply.partial", "thinking")
    await eventually(lambda: len(bench.drafts) >= 3)
    assert set(bench.drafts) == {"thinking"}


async def test_notice_until_there_are_words(bench: Bench) -> None:
    bench.tell("job.running")
    bench.tell("reply.notice", "The model is being loaded.")
    await eventually(lambda: bench.drafts)
    bench.tell("reply.partial", "Hello")
    await eventually(lambda: "Hello" in bench.drafts)
    bench.tell("reply.notice", "still loading")
    await asyncio.sleep(0.02)
    assert "still loading" not in bench.drafts


async def test_of_a_long_text_the_end_is_shown(bench: Bench) -> None:
    bench.tell("job.running")
    bench.tell("reply.partial", "a" * 5000 + "\nthe end")
    await eventually(lambda: bench.drafts)
    assert bench.drafts[0].endswith("the end")
    assert len(bench.drafts[0]) <= 4096


async def test_nothing_comes_after_the_reply(bench: Bench) -> None:
    bench.tell("job.running")
    bench.tell("reply.partial", "Once")
    await eventually(lambda: bench.drafts)
    bench.api.gate = asyncio.Event()
    bench.tell("reply.partial", "Once upon")
    await eventually(lambda: len(bench.drafts) >= 2)
    claiming = asyncio.create_task(bench.stream.claim(1))
    await asyncio.sleep(0.01)
    assert not claiming.done(), "a call that is under way is waited for"
    bench.api.gate.set()
    assert await claiming == ""
    bench.tell("reply.partial", "Once upon a time")
    await bench.quiet()


async def test_claim_does_not_wait_for_a_hold(bench: Bench) -> None:
    bench.tell("job.running")
    bench.pace.hold(42, 1_000)
    bench.tell("reply.partial", "Once")
    await asyncio.sleep(0.02)
    async with asyncio.timeout(PATIENCE):
        assert await bench.stream.claim(1) == ""


async def test_flood_is_obeyed_by_everybody() -> None:
    bench = Bench(SendMessageDraft=[ApiError(Fault.WAIT, "flood", retry_after=1_000)])
    bench.tell("job.running")
    bench.tell("reply.partial", "Once")
    await eventually(lambda: bench.drafts)
    await eventually(lambda: bench.pace.crowded(42))
    bench.tell("reply.partial", "Once upon")
    await bench.quiet()
    await bench.stream.close()


async def test_refused_drafts_become_one_message_that_is_edited() -> None:
    bench = Bench(SendMessageDraft=NO_DRAFTS)
    bench.tell("job.running")
    bench.tell("reply.partial", "Once")
    await eventually(lambda: bench.api.called("SendMessage"))
    bench.tell("reply.partial", "Once upon")
    await eventually(lambda: bench.edits == ["Once upon"])
    bench.tell("job.done")
    assert await bench.stream.claim(1) == "100"
    assert await bench.stream.claim(1) == "", "once"
    assert len(bench.drafts) == 1, "refused once, not asked again"
    assert len(bench.api.called("SendMessage")) == 1
    await bench.stream.close()


async def test_unchanged_placeholder_is_not_edited() -> None:
    bench = Bench(SendMessageDraft=NO_DRAFTS)
    bench.tell("job.running")
    bench.tell("reply.partial", "Once")
    await eventually(lambda: len(bench.api.called("SendChatAction")) >= 3)
    assert bench.edits == []
    await bench.stream.close()


async def test_placeholder_outlives_a_hand_over() -> None:
    bench = Bench(SendMessageDraft=NO_DRAFTS)
    bench.tell("job.running")
    bench.tell("reply.notice", "Waiting")
    await eventually(lambda: bench.stream._placeholders)
    bench.tell("job.queued")
    bench.tell("job.running")
    bench.tell("reply.partial", "Once")
    await eventually(lambda: bench.edits == ["Once"])
    assert await bench.stream.claim(1) == "100"
    await bench.stream.close()


async def test_entities_that_are_refused_cost_the_marks_not_the_drafts() -> None:
    bench = Bench(SendMessageDraft=[refused("can't parse entities"), True])
    bench.tell("job.running")
    bench.tell("reply.partial", "**Once**")
    await eventually(lambda: len(bench.drafts) == 2)
    assert "entities" not in bench.api.called("SendMessageDraft")[1]
    assert bench.api.called("SendMessage") == []
    await bench.stream.close()


@pytest.mark.parametrize("fault", [Fault.SERVER, Fault.UNREACHABLE, Fault.BROKEN])
async def test_trouble_of_the_network_passes(fault: Fault) -> None:
    bench = Bench(SendChatAction=[ApiError(fault, "x"), ApiError(fault, "x"), True])
    bench.tell("job.running")
    await eventually(lambda: len(bench.api.calls) >= 4)
    await bench.stream.close()


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.TOKEN])
async def test_where_nothing_can_be_shown_nothing_is_tried(fault: Fault) -> None:
    bench = Bench(SendChatAction=[ApiError(fault, "x")])
    bench.tell("job.running")
    await eventually(lambda: bench.api.calls)
    await bench.quiet()
    assert len(bench.api.calls) == 1
    assert await bench.stream.claim(1) == ""


async def test_jobs_of_others_are_not_shown(bench: Bench) -> None:
    bench.tell("job.running", to="console")
    bench.tell("job.running", to="http:desk", job=2)
    bench.tell("reply.partial", "x", job=7)
    bench.stream.on(Event("job.running", START, {}))
    bench.stream.on(Event("effect.done", START, {"conversation": HERE, "job": "x"}))
    await bench.quiet()
    assert bench.api.calls == []


async def test_close_leaves_no_task() -> None:
    bench = Bench()
    for job in range(20):
        bench.tell("job.running", job=job)
    await asyncio.sleep(0)
    await bench.stream.close()
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not [name for name in names if name.startswith("telegram-show")]
