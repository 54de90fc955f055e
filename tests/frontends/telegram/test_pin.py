"""The message of the day stays at the top of the chat, without a sound, and one at a time."""

from __future__ import annotations

import pytest

from octopus.core.message import Reply
from octopus.core.outgoing import Act, Delivery
from octopus.frontends.telegram.api import ApiError, Fault
from tests.frontends.telegram.house import HERE, refused
from tests.frontends.telegram.test_lane import FORBIDDEN, SERVER, UNREACHABLE, Bench

WAIT = ApiError(Fault.WAIT, "Too Many Requests: retry after 0", retry_after=0.001)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow one another at once."""
    monkeypatch.setattr("octopus.frontends.telegram.lane._FIRST", 0.001)
    monkeypatch.setattr("octopus.frontends.telegram.lane._CAP", 0.002)
    monkeypatch.setattr("octopus.frontends.telegram.lane._TOKEN_WAIT", 0.001)


def put_day(bench: Bench, text: str = "Today") -> None:
    """A message and its pin, as one job puts them out."""
    job = len(bench.outbox.rows) + 1
    bench.lane.put(bench.outbox.put(Reply(text), target="7", job=job))
    bench.lane.put(bench.outbox.put(Reply(), act=Act.PIN, job=job))


async def test_what_was_shown_just_now_is_pinned_silently() -> None:
    bench = Bench()
    put_day(bench)
    bench.put("next")
    await bench.done()
    assert bench.api.names() == ["SendMessage", "PinChatMessage", "SendMessage"]
    assert bench.api.called("PinChatMessage") == [
        {"chat_id": int(HERE.partition(":")[2]), "message_id": 100, "disable_notification": True}
    ]
    assert all(row.state is Delivery.SENT for row in bench.outbox.rows.values())


async def test_after_a_restart_the_message_is_known_from_the_outbox() -> None:
    bench = Bench()
    shown = bench.outbox.put(Reply("Today"), job=5)
    await bench.outbox.sent(shown, ["321"])
    bench.lane.put(bench.outbox.put(Reply(), act=Act.PIN, job=5))
    await bench.done()
    assert [call["message_id"] for call in bench.api.called("PinChatMessage")] == [321]


async def test_the_one_before_is_let_go() -> None:
    bench = Bench()
    bench.put(Reply(), act=Act.UNPIN, target="88")
    await bench.done()
    assert [call["message_id"] for call in bench.api.called("UnpinChatMessage")] == [88]


async def test_a_message_that_was_never_shown_cannot_be_pinned() -> None:
    bench = Bench(SendMessage=[FORBIDDEN])
    put_day(bench)
    bench.put("next")
    await bench.done()
    assert "PinChatMessage" not in bench.api.names()
    assert bench.outbox.rows[2].state is Delivery.SENT


@pytest.mark.parametrize("fault", [SERVER, UNREACHABLE, WAIT])
async def test_it_is_tried_again_while_it_may_still_work(fault: ApiError) -> None:
    bench = Bench(PinChatMessage=[fault, fault, True])
    put_day(bench)
    await bench.done()
    assert bench.api.names().count("PinChatMessage") == 3
    assert bench.api.names().count("SendMessage") == 1


@pytest.mark.parametrize("fault", [FORBIDDEN, refused("not enough rights to pin a message")])
async def test_a_refusal_holds_nothing_up(fault: ApiError) -> None:
    bench = Bench(PinChatMessage=[fault])
    put_day(bench)
    bench.put("next")
    await bench.done()
    assert bench.texts == ["Today", "next"]
    assert [row.state for row in bench.outbox.rows.values()] == [Delivery.SENT] * 3


GONE = refused("message to edit not found")


async def test_a_message_that_was_deleted_is_not_shown_again_to_be_kept_true() -> None:
    bench = Bench(EditMessageText=[GONE])
    bench.put(Reply("changed", update=True), act=Act.EDIT, target="88")
    bench.put(Reply("an answer"), act=Act.EDIT, target="89")
    await bench.done()
    assert bench.texts == ["an answer"]  # what somebody waits for is shown all the same
    assert all(row.state is Delivery.SENT for row in bench.outbox.rows.values())
