"""Rows go out in order, once, at Telegram's pace, and what was in doubt says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from octopus.core.message import Button, Reply
from octopus.core.outgoing import Act, Delivery, Outgoing
from octopus.frontends.telegram.api import ApiError, Fault
from octopus.frontends.telegram.calls import Calls
from octopus.frontends.telegram.lane import Lane, Tools
from octopus.frontends.telegram.pace import BURST, Pace
from octopus.frontends.telegram.render import content
from tests.frontends.telegram.house import HERE, FakeApi, FakeOutbox, refused
from tests.patience import PATIENCE

BROKEN = ApiError(Fault.BROKEN, "reset")
SERVER = ApiError(Fault.SERVER, "Bad Gateway")
UNREACHABLE = ApiError(Fault.UNREACHABLE, "no route")
FORBIDDEN = ApiError(Fault.FORBIDDEN, "Forbidden: bot was blocked by the user")


class Bench:
    """One lane on a scripted Bot API."""

    def __init__(
        self,
        *,
        interval: float = 0.0,
        use_reactions: bool = True,
        placeholders: dict[int, str] | None = None,
        **answers: Sequence[Any],
    ) -> None:
        self.api = FakeApi(**answers)
        self.outbox = FakeOutbox()
        self.pace = Pace(interval, 0)
        self.placeholders = placeholders or {}
        self.tools = Tools(
            self.outbox, Calls(self.api), self.pace, self.claim, use_reactions=use_reactions
        )
        self.lane = Lane(HERE, self.tools)

    async def claim(self, job: int) -> str:
        return self.placeholders.pop(job, "")

    def put(self, *replies: Reply | str, act: Act = Act.SEND, target: str = "7") -> None:
        """Rows into outbox and lane."""
        for reply in replies:
            reply = Reply(reply) if isinstance(reply, str) else reply
            self.lane.put(self.outbox.put(reply, act=act, target=target))

    async def done(self) -> None:
        """Wait until every row is settled, and close."""
        await self.outbox.until_done()
        await self.lane.close(1.0)

    @property
    def texts(self) -> list[str]:
        return [params["text"] for params in self.api.called("SendMessage")]

    def log(self) -> list[tuple[str, tuple[int, ...]]]:
        """What was written into the outbox."""
        return [entry for entry in self.outbox.log if entry[0] != "due"]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow one another at once."""
    monkeypatch.setattr("octopus.frontends.telegram.lane._FIRST", 0.001)
    monkeypatch.setattr("octopus.frontends.telegram.lane._CAP", 0.002)
    monkeypatch.setattr("octopus.frontends.telegram.lane._TOKEN_WAIT", 0.001)


async def test_in_order_and_recorded_around_each_call() -> None:
    bench = Bench()
    bench.put("one", "two", "three")
    await bench.done()
    assert bench.texts == ["one", "two", "three"]
    assert bench.log() == [
        ("sending", (1,)),
        ("sent", (1,)),
        ("sending", (2,)),
        ("sent", (2,)),
        ("sending", (3,)),
        ("sent", (3,)),
    ]
    assert [row.parts for row in bench.outbox.rows.values()] == [("100",), ("101",), ("102",)]


async def test_the_mark_is_on_disk_before_the_call() -> None:
    seen: list[str] = []

    def answer(params: dict[str, Any]) -> Any:
        seen.extend(bench.outbox.states())
        return {"message_id": 1}

    bench = Bench(SendMessage=[answer])
    bench.put("x")
    await bench.done()
    assert seen == ["sending"]


async def test_never_are_two_rows_on_their_way() -> None:
    seen: list[list[str]] = []

    def answer(params: dict[str, Any]) -> Any:
        seen.append(bench.outbox.states())
        return {"message_id": len(seen)}

    bench = Bench(SendMessage=[answer])
    bench.put(*map(str, range(20)))
    await bench.done()
    assert [states.count("sending") for states in seen] == [1] * 20
    assert [states.count("sent") for states in seen] == list(range(20))


async def test_first_part_answers_and_last_part_has_the_buttons() -> None:
    bench = Bench()
    bench.put(Reply("a" * 4000 + "\n" + "b" * 4000, buttons=(Button("Undo", "undo", id="b1"),)))
    await bench.done()
    first, last = bench.api.called("SendMessage")
    assert first["reply_parameters"]["message_id"] == 7
    assert "reply_markup" not in first
    assert "reply_parameters" not in last
    assert last["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "b1"
    assert bench.outbox.rows[1].parts == ("100", "101")
    assert [name for name, _ in bench.log()] == ["sending", "sent", "sending", "sent"]


async def test_a_long_reply_goes_on_where_it_stopped() -> None:
    bench = Bench()
    text = "a" * 4000 + "\n" + "b" * 4000 + "\n" + "c" * 4000
    row = replace(bench.outbox.put(Reply(text), target="7"), parts=("55",))
    bench.lane.put(row)
    await bench.done()
    assert [piece[0] for piece in bench.texts] == ["b", "c"]
    assert bench.outbox.rows[1].parts == ("55", "100", "101")


async def test_left_in_the_middle_by_a_crash_is_sent_again_and_says_so() -> None:
    bench = Bench()
    bench.lane.put(bench.outbox.put(Reply("one"), state=Delivery.SENDING))
    bench.put("two")
    await bench.done()
    assert bench.texts == ["↻ one", "two"], "only the one that may have been shown"


async def test_receipts_left_by_a_crash_were_one_message_and_are_one_again() -> None:
    bench = Bench()
    for number in range(5):
        reply = Reply(f"Saved {number}", receipt=True)
        bench.lane.put(bench.outbox.put(reply, state=Delivery.SENDING))
    bench.put(Reply("Saved 5", receipt=True))
    await bench.done()
    assert len(bench.texts) == 2
    assert bench.texts[0].startswith("↻ • Saved 0\n• Saved 1")
    assert bench.texts[1] == "Saved 5"


async def test_broken_call_is_repeated_and_says_so() -> None:
    bench = Bench(SendMessage=[BROKEN, {"message_id": 5}, {"message_id": 6}])
    bench.put("one", "two")
    await bench.done()
    assert bench.texts == ["one", "↻ one", "two"]
    assert "delay" not in [name for name, _ in bench.log()], "a crash must still see the doubt"


@pytest.mark.parametrize("error", [SERVER, UNREACHABLE, ApiError(Fault.TOKEN, "Unauthorized")])
async def test_call_that_was_not_taken_is_repeated_as_it_was(error: ApiError) -> None:
    bench = Bench(SendMessage=[error, error, {"message_id": 5}])
    bench.put("one", "two")
    await bench.done()
    assert bench.texts == ["one", "one", "one", "two"]
    assert [name for name, _ in bench.log()][:4] == ["sending", "delay", "sending", "delay"]


async def test_flood_holds_everything_of_the_chat() -> None:
    wait = ApiError(Fault.WAIT, "Too Many Requests", retry_after=0.05)
    bench = Bench(SendMessage=[wait, {"message_id": 5}])
    bench.put("one")
    await bench.outbox.until(lambda: ("delay", (1,)) in bench.outbox.log)
    calls = len(bench.api.calls)
    bench.put(Reply(reaction="👌"), act=Act.REACT)
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(bench.api.calls) == calls, "no other method meanwhile"
    await bench.done()
    assert bench.texts == ["one", "one"]
    assert bench.api.called("SetMessageReaction")
    assert bench.outbox.rows[1].not_before is not None


async def test_a_wait_that_an_earlier_process_was_told_is_kept() -> None:
    bench = Bench()
    until = datetime.now(UTC) + timedelta(seconds=0.1)
    bench.lane.put(bench.outbox.put(Reply("one"), not_before=until))
    await bench.done()
    assert datetime.now(UTC) >= until


@pytest.mark.parametrize("error", [FORBIDDEN, refused("chat not found")])
async def test_refused_for_good_is_buried_with_one_call_each(error: ApiError) -> None:
    bench = Bench(SendMessage=[error])
    bench.put("one", "two")
    await bench.done()
    assert bench.outbox.states() == ["dead", "dead"]
    assert bench.outbox.rows[1].error == str(error)
    assert len(bench.api.calls) == 2


async def test_empty_text_is_settled_without_a_call() -> None:
    bench = Bench()
    bench.put(" \n ", "after")
    await bench.done()
    assert bench.texts == ["after"]
    assert bench.outbox.states() == ["sent", "sent"]


async def test_a_mistake_of_ours_does_not_hold_up_the_rows_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(rows: list[Outgoing]) -> Any:
        if rows[0].id == 1:
            raise KeyError("boom")
        return content(rows)

    monkeypatch.setattr("octopus.frontends.telegram.lane.content", broken)
    bench = Bench()
    bench.put("one", "two")
    await bench.done()
    assert bench.outbox.states() == ["dead", "sent"]
    assert "boom" in caplog.text


# Receipts.


async def test_receipts_that_had_to_wait_become_one() -> None:
    bench = Bench(interval=0.05)
    bench.put(*(Reply(f"Saved {number}", receipt=True) for number in range(100)))
    await bench.done()
    assert bench.texts[:BURST] == [f"Saved {number}" for number in range(BURST)]
    assert len(bench.texts) == BURST + 1
    assert bench.texts[-1].startswith(f"• Saved {BURST}\n")
    assert f"+{100 - BURST - 30}" in bench.texts[-1]
    last = str(100 + BURST)
    assert bench.outbox.shown[last] == list(range(BURST + 1, 101)), "all know their message"
    assert set(bench.outbox.states()) == {"sent"}


async def test_without_a_rush_every_receipt_is_its_own() -> None:
    bench = Bench()
    bench.put(*(Reply(f"Saved {number}", receipt=True) for number in range(50)))
    await bench.done()
    assert len(bench.texts) == 50


async def test_other_replies_are_never_merged_and_keep_their_place() -> None:
    bench = Bench(interval=0.01)
    bench.put(*(Reply(f"a{number}", receipt=True) for number in range(10)))
    bench.put("the answer")
    bench.put(Reply("**m**", receipt=True, markdown=True))
    bench.put(*(Reply(f"b{number}", receipt=True) for number in range(10)))
    await bench.done()
    place = bench.texts.index("the answer")
    assert all("a" in text for text in bench.texts[:place])
    assert bench.texts[place + 1] == "m"
    assert all("b" in text for text in bench.texts[place + 2 :])
    assert set(bench.outbox.states()) == {"sent"}


async def test_merged_receipts_are_marked_together_and_buried_together() -> None:
    bench = Bench(interval=0.01)
    answers: list[Any] = [{"message_id": number} for number in range(BURST)]
    bench.api.answers["SendMessage"] = [*answers, FORBIDDEN]
    bench.put(*(Reply(f"Saved {number}", receipt=True) for number in range(BURST + 3)))
    await bench.done()
    assert ("sending", (5, 6, 7)) in bench.log()
    assert bench.outbox.states()[BURST:] == ["dead"] * 3


# Edits.


async def test_edit_and_its_fall_back() -> None:
    bench = Bench(EditMessageText=[True, refused("message can't be edited")])
    bench.put("new text", act=Act.EDIT, target="55")
    bench.put("other text", act=Act.EDIT, target="56")
    await bench.done()
    assert bench.texts == ["other text"]
    assert "reply_parameters" not in bench.api.called("SendMessage")[0]
    assert bench.outbox.rows[1].parts == ("55",)
    assert bench.outbox.rows[2].parts == ("100",)


async def test_a_long_edit_goes_on_in_new_messages() -> None:
    bench = Bench()
    bench.put("a" * 4000 + "\n" + "b" * 4000, act=Act.EDIT, target="55")
    await bench.done()
    assert bench.api.names() == ["EditMessageText", "SendMessage"]
    assert bench.outbox.rows[1].parts == ("55", "100")


async def test_an_edit_in_doubt_is_simply_made_again() -> None:
    bench = Bench(EditMessageText=[BROKEN, refused("message is not modified")])
    bench.put("new", act=Act.EDIT, target="55")
    await bench.done()
    assert [params["text"] for params in bench.api.called("EditMessageText")] == ["new", "new"]
    assert bench.outbox.states() == ["sent"]


async def test_placeholder_becomes_the_reply() -> None:
    bench = Bench(placeholders={1: "77"})
    bench.put(Reply("done", buttons=(Button("Undo", "undo", id="b"),)), "next")
    await bench.done()
    [edit] = bench.api.called("EditMessageText")
    assert (edit["message_id"], edit["text"]) == (77, "done")
    assert "reply_markup" in edit
    assert bench.texts == ["next"]
    assert bench.outbox.rows[1].parts == ("77",)


async def test_placeholder_that_is_gone() -> None:
    bench = Bench(placeholders={1: "77"}, EditMessageText=[refused("message to edit not found")])
    bench.put("done")
    await bench.done()
    assert bench.texts == ["done"]


# Reactions.


async def test_reactions_go_beside_the_messages() -> None:
    bench = Bench(interval=1_000)
    bench.put(*map(str, range(BURST + 1)))  # the last one waits for a quarter of an hour
    bench.put(Reply(reaction="✅"), act=Act.REACT, target="7")
    await bench.outbox.until(lambda: bench.outbox.states()[-1] == "sent")
    [params] = bench.api.called("SetMessageReaction")
    assert params["reaction"] == [{"type": "emoji", "emoji": "👌"}]
    await bench.lane.close(0)


async def test_of_two_reactions_on_one_message_the_last_counts() -> None:
    bench = Bench()
    bench.put(Reply(reaction="👀"), act=Act.REACT, target="7")
    bench.put(Reply(reaction="👀"), act=Act.REACT, target="8")
    bench.put(Reply(reaction="👌"), act=Act.REACT, target="7")
    await bench.done()
    shown = [
        (p["message_id"], p["reaction"][0]["emoji"]) for p in bench.api.called("SetMessageReaction")
    ]
    assert shown == [(8, "👀"), (7, "👌")]
    assert bench.outbox.states() == ["sent"] * 3


async def test_reactions_are_tried_again() -> None:
    bench = Bench(SetMessageReaction=[SERVER, BROKEN, UNREACHABLE, True])
    bench.put(Reply(reaction="👌"), act=Act.REACT)
    await bench.done()
    assert len(bench.api.calls) == 4
    assert bench.outbox.states() == ["sent"]


async def test_refused_reaction_beside_a_text_is_dropped() -> None:
    bench = Bench(SetMessageReaction=[refused("REACTION_INVALID")])
    bench.put(Reply("text", reaction="👌"), act=Act.REACT)
    await bench.done()
    assert bench.texts == []
    assert bench.outbox.states() == ["sent"]


async def test_refused_reaction_that_was_everything_becomes_words() -> None:
    bench = Bench(SetMessageReaction=[refused("REACTION_INVALID")])
    bench.put(Reply(reaction="👌"), act=Act.REACT, target="7")
    await bench.done()
    assert bench.texts == ["👌"]
    assert bench.api.called("SendMessage")[0]["reply_parameters"]["message_id"] == 7
    assert bench.outbox.states() == ["sent"]


async def test_reaction_in_a_chat_that_blocked_us_is_buried() -> None:
    bench = Bench(SetMessageReaction=[FORBIDDEN])
    bench.put(Reply(reaction="👌"), act=Act.REACT)
    await bench.done()
    assert bench.outbox.states() == ["dead"]
    assert bench.texts == []


async def test_where_reactions_are_switched_off() -> None:
    bench = Bench(use_reactions=False)
    bench.put(Reply(reaction="👀"), act=Act.REACT)
    bench.put(Reply("said in words", reaction="👌"), act=Act.REACT)
    bench.put(Reply(reaction="👌"), act=Act.REACT)
    bench.put("after")
    await bench.done()
    assert "SetMessageReaction" not in bench.api.names()
    assert bench.texts == ["👌", "after"], "an outcome that was only a reaction is seen"
    assert bench.outbox.states() == ["sent"] * 4


# The outbox itself.


async def test_an_outbox_that_cannot_be_written_sends_nothing_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench()
    bench.outbox.failures = 3
    bench.put("one")
    await bench.outbox.until_done()
    assert bench.texts == ["one"]
    assert "cannot be written" in caplog.text

    def fail(params: dict[str, Any]) -> Any:
        bench.outbox.failures = 3
        return {"message_id": 5}

    bench.api.answers["SendMessage"] = [fail, {"message_id": 6}]
    bench.put("two", "three")
    await bench.done()
    assert bench.texts == ["one", "two", "three"]


async def test_closing_does_not_cut_a_call_in_two() -> None:
    bench = Bench()
    bench.api.gate = asyncio.Event()
    bench.put("one", "two")
    await bench.outbox.until(lambda: bench.outbox.states()[0] == "sending")
    closing = asyncio.create_task(bench.lane.close(0))
    for _ in range(5):
        await asyncio.sleep(0)
    bench.api.gate.set()
    await closing
    assert bench.outbox.states() == ["sent", "pending"]
    assert bench.texts == ["one"]


async def test_closing_does_not_wait_for_the_pace() -> None:
    bench = Bench(interval=1_000)
    bench.put(*map(str, range(BURST + 2)))
    await bench.outbox.until(lambda: bench.outbox.states().count("sent") == BURST)
    async with asyncio.timeout(PATIENCE):
        await bench.lane.close(0.05)
    assert bench.outbox.states()[BURST:] == ["pending"] * 2, "none of them is in doubt"
    assert not bench.lane.busy


async def test_a_conversation_of_somebody_else_has_no_lane() -> None:
    bench = Bench()
    for name in ("console", "telegram:", "telegram:x", "http:42"):
        with pytest.raises(ValueError, match=r".+"):
            Lane(name, bench.tools)


async def test_what_is_silent_goes_out_without_a_sound() -> None:
    bench = Bench()
    bench.put(Reply("at night", silent=True), Reply("by day"))
    await bench.done()
    sent = bench.api.called("SendMessage")
    assert [p.get("disable_notification") for p in sent] == [True, None]
