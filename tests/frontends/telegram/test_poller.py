"""Written down first, confirmed afterwards; every kind of trouble ends by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from octopus.core.event import Bus, Event, Subscription
from octopus.core.message import Message
from octopus.frontends.telegram.api import ApiError, Fault
from octopus.frontends.telegram.contact import Contact, Link
from octopus.frontends.telegram.poller import Poller
from octopus.frontends.telegram.update import ALLOWED_UPDATES, Reader
from tests.frontends.telegram.house import FakeApi, FakeTime
from tests.frontends.telegram.test_update import OWNER, message, press
from tests.patience import PATIENCE

Answer = Any


class Bench:
    """A poller on a scripted Bot API; it runs until the script is used up."""

    def __init__(self, *answers: Answer, webhook: Sequence[Answer] = (True,)) -> None:
        self.end = asyncio.Event()
        self.api = FakeApi(GetUpdates=[*answers, self._end], DeleteWebhook=list(webhook))
        self.time = FakeTime()
        self.bus = Bus()
        self.contact = Contact(self.bus, self.time.now)
        self.accepted: list[list[str]] = []
        self.refusals: list[Exception] = []
        self.offsets_at_accept: list[int] = []
        reader = Reader(7000, frozenset({OWNER}))
        self.poller = Poller(self.api, reader, self.accept, self.contact, self.time, timeout=25)

    async def accept(self, messages: Sequence[Message]) -> None:
        self.offsets_at_accept.append(len(self.api.called("GetUpdates")))
        if self.refusals:
            raise self.refusals.pop(0)
        self.accepted.append([found.text or found.press for found in messages])

    async def run(self) -> list[Event]:
        """Poll until the script ends; returns the events."""
        with self.bus.subscribe() as events:
            task = asyncio.create_task(self.poller.run())
            await asyncio.wait_for(self.end.wait(), PATIENCE)
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return _drain(events)

    @property
    def offsets(self) -> list[int | None]:
        """With what each poll confirmed."""
        return [params.get("offset") for params in self.api.called("GetUpdates")]

    async def _end(self, params: dict[str, Any]) -> Any:
        self.end.set()
        await asyncio.Event().wait()  # a long poll into which nothing comes


def _drain(events: Subscription) -> list[Event]:
    found = []
    while not events._queue.empty():
        found.append(events._queue.get_nowait())
    return found


def links(events: Sequence[Event]) -> list[str]:
    """The states of the connection that were told."""
    return [event.data["state"] for event in events if event.type == "telegram.link"]


def update(number: int, **fields: Any) -> dict[str, Any]:
    """A message of the owner with this update id, its text the same number."""
    return message(**{"text": str(number), "message_id": number} | fields) | {"update_id": number}


def server_error(count: int) -> list[ApiError]:
    return [ApiError(Fault.SERVER, "Bad Gateway", code=502)] * count


async def test_first_poll_has_no_offset_and_nothing_is_dropped() -> None:
    bench = Bench([update(5), update(6)])
    await bench.run()
    assert bench.api.names()[:2] == ["DeleteWebhook", "GetUpdates"]
    assert bench.api.called("DeleteWebhook") == [{"drop_pending_updates": False}]
    first = bench.api.called("GetUpdates")[0]
    assert first == {"limit": 100, "timeout": 25, "allowed_updates": list(ALLOWED_UPDATES)}
    assert bench.offsets == [None, 7]
    assert bench.accepted == [["5", "6"]]


async def test_a_batch_is_confirmed_only_after_it_was_accepted() -> None:
    bench = Bench([update(5)], [update(6)])
    await bench.run()
    assert bench.offsets_at_accept == [1, 2], "the next poll, which confirms, comes later"
    assert bench.offsets == [None, 6, 7]


async def test_what_cannot_be_written_down_is_not_confirmed() -> None:
    bench = Bench([update(5)], [update(5)], [update(5), update(6)])
    bench.refusals = [OSError("disk full"), RuntimeError("busy")]
    events = await bench.run()
    assert bench.offsets == [None, None, None, 7]
    assert bench.accepted == [["5", "6"]]
    assert links(events) == ["up", "journal", "up"]
    assert len(bench.time.slept) == 2
    assert bench.time.slept[1] > bench.time.slept[0] * 1.1, "each wait is longer"


async def test_trouble_of_the_journal_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(*[[update(5)]] * 6)
    bench.refusals = [OSError("disk full")] * 5
    events = await bench.run()
    assert links(events) == ["up", "journal", "up"]
    assert "5" not in [record.getMessage() for record in caplog.records]


async def test_strangers_are_counted_confirmed_and_nothing_else() -> None:
    stranger = update(5, **{"from": {"id": 666}, "chat": {"id": 666, "type": "private"}})
    group = update(6, chat={"id": -5, "type": "group"})
    bench = Bench([stranger, group, {"update_id": 7, "poll": {}}])
    await bench.run()
    assert bench.offsets == [None, 8]
    assert bench.accepted == []
    assert bench.poller.counts == {"stranger": 1, "place": 1, "kind": 1, "messages": 0}
    assert set(bench.api.names()) == {"DeleteWebhook", "GetUpdates"}


async def test_one_malformed_update_does_not_hold_up_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    batch = [update(number) for number in range(100)]
    batch[50] = update(50, date="a secret of the owner")
    bench = Bench(batch)
    await bench.run()
    assert len(bench.accepted[0]) == 99
    assert bench.offsets == [None, 100]
    assert bench.poller.counts["malformed"] == 1
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= 30]
    assert len(warnings) == 1
    assert "50" in warnings[0]
    assert "secret" not in caplog.text


async def test_a_batch_that_has_no_ids_is_not_fetched_in_a_hurry() -> None:
    bench = Bench([{"message": 1}, 5, None], [{"update_id": True}])
    await bench.run()
    assert bench.offsets == [None, None, None]
    assert len(bench.time.slept) == 2


@pytest.mark.parametrize("answer", [{"not": "a list"}, None, "x", True])
async def test_an_answer_that_is_no_list(answer: Any) -> None:
    bench = Bench(answer, [update(5)])
    await bench.run()
    assert bench.accepted == [["5"]]
    assert len(bench.time.slept) == 1


async def test_presses_are_answered_and_the_poll_does_not_wait_for_it() -> None:
    bench = Bench([press() | {"update_id": 5}], [update(6)])
    bench.api.answers["AnswerCallbackQuery"] = [ApiError(Fault.REFUSED, "query is too old")]
    await bench.run()
    assert bench.accepted == [["undo-1"], ["6"]]
    assert bench.api.called("AnswerCallbackQuery") == [{"callback_query_id": "991"}]


async def test_a_strangers_press_is_not_answered() -> None:
    bench = Bench([press(**{"from": {"id": 666}}) | {"update_id": 5}])
    await bench.run()
    assert bench.api.called("AnswerCallbackQuery") == []


async def test_conflict_is_told_once_and_polls_stay_half_a_minute_apart(
    caplog: pytest.LogCaptureFixture,
) -> None:
    conflict = ApiError(Fault.CONFLICT, "Conflict: terminated by other getUpdates", code=409)
    bench = Bench(*[conflict] * 20, [update(5)])
    events = await bench.run()
    assert bench.time.slept == [30.0] * 20
    assert links(events) == ["up", "conflict", "up"]
    assert sum(record.levelno >= logging.ERROR for record in caplog.records) == 1
    assert bench.accepted == [["5"]]


async def test_a_webhook_that_somebody_set_is_removed_again() -> None:
    conflict = ApiError(Fault.CONFLICT, "can't use getUpdates method while webhook is active")
    bench = Bench(conflict, [update(5)])
    await bench.run()
    assert bench.api.names()[:4] == ["DeleteWebhook", "GetUpdates"] * 2


@pytest.mark.parametrize(
    "error",
    [
        ApiError(Fault.TOKEN, "Unauthorized", code=401),
        ApiError(Fault.REFUSED, "Not Found", code=404),
    ],
)
async def test_refused_token_is_one_line_and_slow_looks(
    error: ApiError, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench([update(5)], *[error] * 10, [update(6)])
    events = await bench.run()
    assert bench.time.slept == [60.0] * 10
    assert links(events) == ["up", "token", "up"]
    assert sum(record.levelno >= logging.WARNING for record in caplog.records) == 1
    assert bench.accepted == [["5"], ["6"]]


async def test_flood_is_waited_out() -> None:
    bench = Bench(ApiError(Fault.WAIT, "Too Many Requests", retry_after=17.0), [update(5)])
    await bench.run()
    assert bench.time.slept == [17.0]


@pytest.mark.parametrize("fault", [Fault.UNREACHABLE, Fault.BROKEN])
async def test_a_lost_network_is_found_again_within_ten_seconds(fault: Fault) -> None:
    bench = Bench(*[ApiError(fault, "gone")] * 200, [update(5)])
    events = await bench.run()
    assert max(bench.time.slept) < 10
    assert bench.time.slept[0] < 1
    assert len(set(bench.time.slept)) > 190, "with jitter"
    assert links(events) == ["up", "down", "up"]


async def test_six_hours_of_server_errors_cost_less_than_a_thousand_polls() -> None:
    bench = Bench(*server_error(1_000))
    await bench.run()
    assert sum(bench.time.slept) > timedelta(hours=6).total_seconds()


async def test_one_hiccup_is_not_worth_a_line(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench([update(1)], *server_error(1), [update(2)], *server_error(1), [update(3)])
    events = await bench.run()
    assert links(events) == ["up"]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert max(bench.time.slept) < 1, "the count starts anew after each success"


async def test_the_start_is_tried_again_too() -> None:
    bench = Bench([update(5)], webhook=[*server_error(3), True])
    await bench.run()
    assert len(bench.api.called("DeleteWebhook")) == 4
    assert bench.accepted == [["5"]]


async def test_offset_is_forgotten_after_six_idle_days() -> None:
    # Update ids may start anew after a week; a higher offset would confirm them unseen.
    bench = Bench([update(900)])
    idle = [0]

    def quiet(params: dict[str, Any]) -> Any:
        idle[0] += 1
        bench.time.moment += timedelta(hours=1)
        return []

    bench.api.answers["GetUpdates"][1:1] = [quiet] * 150
    bench.api.answers["GetUpdates"][-1:-1] = [[update(17)]]
    await bench.run()
    assert idle == [150]
    assert bench.offsets[1:145] == [901] * 144
    assert bench.offsets[-3:-1] == [None, None]
    assert bench.offsets[-1] == 18
    assert bench.accepted == [["900"], ["17"]]


async def test_cancelling_leaves_no_task_behind() -> None:
    for _ in range(50):
        bench = Bench([press() | {"update_id": 5}])
        bench.api.gate = asyncio.Event()
        task = asyncio.create_task(bench.poller.run())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    assert not {task.get_name() for task in rest if "telegram" in task.get_name()}


async def test_connection_is_known() -> None:
    bench = Bench([update(5)])
    before = bench.contact.link
    await bench.run()
    assert (before, bench.contact.link) == (Link.NEW, Link.UP)
    assert bench.contact.up.is_set()
