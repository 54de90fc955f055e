"""The whole front end over HTTP, against a Bot API that forgets what was confirmed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest

from octopus.core.message import Button, Kind, Message, Reply
from octopus.core.outgoing import Act
from octopus.errors import DeliveryDelayed, DeliveryRefused
from tests.fakes.telegram import OWNER, FakeTelegram
from tests.frontends.telegram.house import HERE, House, eventually


async def test_message_in_and_reply_out(house: House, fake: FakeTelegram) -> None:
    async with house.running():
        sent = fake.owner_says("hello")
        await fake.wait_for(lambda: fake.answers_to(sent))
        await fake.wait_for(lambda: fake.pending == 0)
        await house.outbox.until_done()
    [shown] = fake.shown()
    assert shown["text"] == "echo: hello"
    assert shown["link_preview_options"] == {"is_disabled": True}
    assert house.outbox.rows[1].parts == (str(shown["message_id"]),)


async def test_reaction_and_text_and_buttons(fake: FakeTelegram) -> None:
    def answer(message: Message) -> Sequence[tuple[Act, Reply]]:
        reply = Reply("Saved.", reaction="📝", buttons=(Button("Undo", "undo", id="b1"),))
        return [(Act.REACT, reply), (Act.SEND, reply)]

    house = House(fake, answer)
    async with house.running():
        sent = fake.owner_says("buy milk")
        await fake.wait_for(lambda: fake.answers_to(sent) and fake.reaction(sent))
        shown = fake.shown()[0]["message_id"]
        query = fake.press(shown, "Undo")
        await fake.wait_for(lambda: query in fake.answers)
        await eventually(lambda: len(house.journal) == 2)
    assert fake.reaction(sent) == "✍"
    pressed = list(house.journal.values())[1]
    assert (pressed.kind, pressed.press) == (Kind.PRESS, "b1")
    assert pressed.message_id == str(shown)


async def test_burst_is_taken_in_few_batches_and_answered_in_order(
    house: House, fake: FakeTelegram
) -> None:
    texts = [f"message {number}" for number in range(250)]
    fake.says_many(texts)
    async with house.running():
        await fake.wait_for(lambda: len(fake.shown()) == 250)
    assert house.texts == texts
    assert fake.texts() == [f"echo: {text}" for text in texts]
    assert house.batches == [100, 100, 50]


async def test_what_was_sent_while_nobody_was_there_is_there(
    house: House, fake: FakeTelegram
) -> None:
    fake.says_many([str(number) for number in range(120)])
    async with house.running():
        await fake.wait_for(lambda: fake.pending == 0)
    assert len(house.texts) == 120
    assert fake.dropped == 0


async def test_nothing_is_confirmed_while_the_journal_refuses(
    house: House, fake: FakeTelegram
) -> None:
    house.refusals = 2
    fake.says_many(["a", "b"])
    async with house.running():
        await fake.wait_for(lambda: len(fake.polls) >= 3)
        assert {poll.offset for poll in fake.polls[:3]} == {None}
        await fake.wait_for(lambda: fake.pending == 0)
    assert house.texts == ["a", "b"]


async def test_a_restart_before_the_confirmation_doubles_nothing(
    house: House, fake: FakeTelegram
) -> None:
    accepted = asyncio.Event()
    accept = house.accept

    async def then_die(messages: Sequence[Message]) -> None:
        await accept(messages)
        accepted.set()
        await asyncio.Event().wait()

    house.accept = then_die  # type: ignore[method-assign]
    fake.says_many([str(number) for number in range(30)])
    async with house.running():
        await accepted.wait()
    assert fake.pending == 30, "written down, not confirmed"
    house.accept = accept  # type: ignore[method-assign]
    async with house.running():
        await fake.wait_for(lambda: fake.pending == 0)
        await house.outbox.until_done()
    assert len(house.journal) == 30
    assert not fake.repeats()
    assert house.batches == [30, 30], "fetched twice, kept once"


async def test_update_ids_that_start_anew_lose_nothing(house: House, fake: FakeTelegram) -> None:
    async with house.running():
        fake.owner_says("before")
        await fake.wait_for(lambda: fake.pending == 0)
    fake.restart_update_ids(17)
    fake.says_many([str(number) for number in range(100)])
    async with house.running():
        await fake.wait_for(lambda: fake.pending == 0)
    assert len(house.texts) == 101


async def test_malformed_update_among_good_ones(house: House, fake: FakeTelegram) -> None:
    for number in range(50):
        fake.owner_says(str(number))
    fake.malformed_update()
    for number in range(50, 99):
        fake.owner_says(str(number))
    async with house.running() as telegram:
        await fake.wait_for(lambda: fake.pending == 0)
        counts = telegram.status()["counts"]
    assert len(house.texts) == 99
    assert counts["malformed"] == 1


async def test_a_thousand_updates_of_strangers_groups_and_channels(
    house: House, fake: FakeTelegram
) -> None:
    chance = random.Random(1)
    told = fake.owner_says("mine")
    secret = fake.private_chat(OWNER).messages[told]
    kinds = (
        lambda n: fake.stranger_says(f"spam {n}", user=600 + n % 7),
        lambda n: fake.group_says(f"talk {n}"),
        lambda n: fake.group_says(f"talk {n}", user=777),
        lambda n: fake.channel_posts(f"news {n}"),
        lambda n: fake.forge_press(secret, f"undo-{n}", user=666),
        lambda n: fake.queue("edited_message", {**secret, "from": fake.person(666)}),
        lambda n: fake.queue("my_chat_member", {"chat": {"id": 666}, "from": {"id": 666}}),
        lambda n: fake.queue("inline_query", {"id": "1", "from": {"id": OWNER}, "query": "x"}),
        lambda n: fake.queue("message_reaction", {"chat": {"id": 666}, "message_id": 1}),
        lambda n: fake.queue("business_message", {**secret, "business_connection_id": "b"}),
        lambda n: fake.queue("message", {**secret, "sender_chat": {"id": -5, "type": "group"}}),
        lambda n: fake.queue("message", {**secret, "chat": {"id": OWNER, "type": "group"}}),
        lambda n: fake.queue("message", {**secret, "from": {"id": OWNER, "is_bot": True}}),
        lambda n: fake.queue("chat_join_request", {"chat": {"id": -5}, "from": {"id": OWNER}}),
    )
    for number in range(1_000):
        chance.choice(kinds)(number)
    queued = fake.pending
    assert queued > 900
    async with house.running() as telegram:
        await fake.wait_for(lambda: fake.pending == 0)
        await house.outbox.until_done()
        counts = telegram.status()["counts"]
    assert house.texts == ["mine"], "nothing of others is kept"
    assert [call.params["chat_id"] for call in fake.called("sendMessage")] == [OWNER]
    assert fake.answers == {}, "not even a spinner is stopped for strangers"
    assert sum(counts.values()) == queued
    assert counts["messages"] == 1


async def test_album_arrives_as_messages_that_belong_together(
    house: House, fake: FakeTelegram
) -> None:
    fake.album([b"one", b"two", b"three"], caption="Beach")
    async with house.running() as telegram:
        await fake.wait_for(lambda: fake.pending == 0)
        found = list(house.journal.values())
        files = [await telegram.files.fetch(HERE, m.attachments[0]) for m in found]
    assert len({message.album for message in found}) == 1
    assert found[0].album
    assert [message.text for message in found] == ["Beach", "", ""]
    assert files == [b"one", b"two", b"three"]


async def test_files_of_every_kind(house: House, fake: FakeTelegram) -> None:
    fake.document("a b.pdf", b"%PDF", caption="keep this")
    fake.voice(b"OggS123", seconds=5)
    fake.photo(b"jpeg")
    async with house.running() as telegram:
        await fake.wait_for(lambda: fake.pending == 0)
        document, voice, photo = house.journal.values()
        for message, data in ((document, b"%PDF"), (voice, b"OggS123"), (photo, b"jpeg")):
            assert await telegram.files.fetch(HERE, message.attachments[0]) == data
    assert (document.text, document.attachments[0].name) == ("keep this", "a b.pdf")
    assert voice.attachments[0].duration == 5


async def test_a_file_over_20_mb_is_refused_with_words(house: House, fake: FakeTelegram) -> None:
    fake.document("film.mkv", b"x", size=21 * 1024 * 1024)
    async with house.running() as telegram:
        await fake.wait_for(lambda: fake.pending == 0)
        [message] = house.journal.values()
        with pytest.raises(DeliveryRefused, match="20 MB"):
            await telegram.files.fetch(HERE, message.attachments[0])
    assert not fake.called("getFile"), "known without asking"


async def test_a_download_that_breaks_is_for_later(house: House, fake: FakeTelegram) -> None:
    fake.document(data=b"x" * 100_000)
    fake.faults.add("cut_after", "download", count=2)
    async with house.running() as telegram:
        await fake.wait_for(lambda: fake.pending == 0)
        [message] = house.journal.values()
        with pytest.raises(DeliveryDelayed) as raised:
            await telegram.files.fetch(HERE, message.attachments[0])
        fake.faults.clear()
        assert await telegram.files.fetch(HERE, message.attachments[0]) == b"x" * 100_000
    assert raised.value.retry_after > 0
    assert fake.token not in str(raised.value)


async def test_forward_edit_and_reply(house: House, fake: FakeTelegram) -> None:
    async with house.running():
        forwarded = fake.forward("Storm warning")
        await fake.wait_for(lambda: fake.answers_to(forwarded))
        shown = fake.shown()[0]["message_id"]
        fake.owner_says("done", reply_to=shown)
        fake.edit(fake.owner_says("teh note"), "the note")
        await eventually(lambda: len(house.journal) == 4)
    first, answer, note, edit = house.journal.values()
    assert first.untrusted
    assert first.origin
    assert first.origin.link == "https://t.me/harbour/77"
    assert (answer.reply_to, answer.reply_text) == (str(shown), "echo: Storm warning")
    assert (edit.kind, edit.text, edit.message_id) == (Kind.EDIT, "the note", note.message_id)


# Trouble.


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage", "status"])
async def test_polls_that_fail(house: House, fake: FakeTelegram, kind: Any) -> None:
    fake.faults.add(kind, "getUpdates", count=2)
    sent = fake.owner_says("hello")
    async with house.running():
        await fake.wait_for(lambda: fake.answers_to(sent))
    assert fake.texts() == ["echo: hello"]


async def test_half_open_connection_ends_by_itself(
    house: House, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.frontends.telegram.poller.LATE", -1.8)  # gives up after 0.2 s
    fake.faults.add("silence", "getUpdates", count=2)
    sent = fake.owner_says("hello")
    async with house.running():
        await fake.wait_for(lambda: fake.answers_to(sent))
    assert len(fake.polls) >= 3


async def test_conflict_recovers(
    house: House, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.frontends.telegram.poller._CONFLICT_WAIT", 0.05)
    fake.faults.add("status", "getUpdates", code=409, description="Conflict", count=3)
    sent = fake.owner_says("hello")
    async with house.running() as telegram:
        await fake.wait_for(lambda: fake.polls)
        await eventually(lambda: telegram.status()["state"] == "conflict")
        await fake.wait_for(lambda: fake.answers_to(sent))
        assert telegram.connected
    assert len(house.journal) == 1


async def test_revoked_token_degrades_and_comes_back(
    house: House, fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.frontends.telegram.poller._TOKEN_WAIT", 0.05)
    monkeypatch.setattr("octopus.frontends.telegram.lane._TOKEN_WAIT", 0.05)
    async with house.running() as telegram:
        await eventually(lambda: telegram.connected)
        fake.revoked = True
        house.outbox.put(Reply("while it was refused"))
        telegram.wake()
        await house.outbox.until(lambda: ("delay", (1,)) in house.outbox.log)
        fake.owner_says("hello")  # ends the poll that was accepted before
        await eventually(lambda: telegram.status()["state"] == "token")
        assert not telegram.connected
        fake.revoked = False
        await fake.wait_for(lambda: "while it was refused" in fake.texts())
        await eventually(lambda: telegram.connected)
    assert not fake.repeats()


async def test_thirty_percent_floods_lose_and_double_nothing(
    house: House, fake: FakeTelegram
) -> None:
    fake.faults.add("flood", "sendMessage", share=0.3, count=3, seconds=1)
    texts = [str(number) for number in range(60)]
    async with house.running():
        fake.says_many(texts)
        await fake.wait_for(lambda: len(fake.shown()) == 60)
        await house.outbox.until_done()
    assert fake.texts() == [f"echo: {text}" for text in texts]
    assert fake.faults.hit == 3
    assert fake.faults.early == 0, "nothing was called inside the window"


async def test_a_send_that_broke_is_repeated_and_says_so(house: House, fake: FakeTelegram) -> None:
    async with house.running():
        fake.faults.add("cut_after", "sendMessage")
        fake.owner_says("hello")
        await fake.wait_for(lambda: len(fake.shown()) == 2)
        await house.outbox.until_done()
    assert fake.texts() == ["echo: hello", "↻ echo: hello"]


async def test_blocked_is_buried_at_once_and_others_go_on(fake: FakeTelegram) -> None:
    house = House(fake)
    fake.private_chat(43)
    async with house.running() as telegram:
        fake.block(43)
        for number in range(5):
            house.outbox.put(Reply(f"to 43: {number}"), to="telegram:43")
            house.outbox.put(Reply(f"to 42: {number}"))
            house.outbox.put(Reply(f"to 99: {number}"), to="telegram:99")
        telegram.wake()
        await house.outbox.until_done()
    assert house.outbox.states() == ["dead", "sent", "dead"] * 5
    assert "blocked" in house.outbox.rows[1].error
    assert "chat not found" in house.outbox.rows[3].error
    assert fake.texts() == [f"to 42: {number}" for number in range(5)]
    assert len([call for call in fake.calls if call.params.get("chat_id") == 43]) == 5


async def test_stopping_flushes_what_was_just_put_out(house: House, fake: FakeTelegram) -> None:
    async with house.running():
        await fake.wait_for(lambda: fake.polls)
        for number in range(20):
            house.outbox.put(Reply(str(number)))
    assert fake.texts() == [str(number) for number in range(20)]
    assert set(house.outbox.states()) == {"sent"}


async def test_stopping_is_quick_and_leaves_no_task(house: House, fake: FakeTelegram) -> None:
    before = {task.get_name() for task in asyncio.all_tasks()}
    async with house.running() as telegram:
        await fake.wait_for(lambda: fake.polls)
    left = {task.get_name() for task in asyncio.all_tasks()} - before
    assert not [name for name in left if "telegram" in name]
    await telegram.close()


async def test_gap_of_more_than_a_day_is_told_to_the_owner(
    house: House, fake: FakeTelegram
) -> None:
    long_ago = "2026-11-01T08:00:00+00:00"
    house.memory.facts["telegram.contact"] = long_ago
    async with house.running():
        await eventually(lambda: house.memory.facts["telegram.contact"] != long_ago)
    assert "no contact with Telegram" in fake.texts()[0]
    assert "24 hours" in fake.texts()[0]
    async with house.running():
        await fake.wait_for(lambda: len(fake.polls) >= 2)
    assert len(fake.texts()) == 1, "once"


async def test_streamed_answer(fake: FakeTelegram) -> None:
    house = House(fake, lambda message: [])
    async with house.running() as telegram:
        sent = fake.owner_says("tell me")
        await eventually(lambda: house.journal)
        house.tell("job.running", 1)
        house.tell("reply.partial", 1, text="Once **upon**")
        await fake.wait_for(lambda: fake.chats[OWNER].drafts)
        reply = Reply("Once **upon** a time", markdown=True)
        house.outbox.put(reply, target=str(sent), job=1)
        house.tell("job.done", 1)
        await fake.wait_for(lambda: fake.answers_to(sent))
        await house.outbox.until_done()
        telegram.wake()
    assert fake.chats[OWNER].drafts[0] == {"draft_id": 1, "text": "Once upon"}
    assert fake.texts() == ["Once upon a time"]


async def test_streamed_answer_where_drafts_are_refused(fake: FakeTelegram) -> None:
    fake.drafts_work = False
    house = House(fake, lambda message: [])
    async with house.running():
        house.tell("job.running", 1)
        house.tell("reply.partial", 1, text="Once upon")
        await fake.wait_for(lambda: fake.texts() == ["Once upon"])
        buttons = (Button("Save", "save", id="s1"),)
        house.outbox.put(Reply("Once upon a time", buttons=buttons), job=1)
        house.tell("job.done", 1)
        await fake.wait_for(lambda: fake.texts() == ["Once upon a time"])
        await house.outbox.until_done()
    [shown] = fake.shown()
    assert shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "s1"
    assert house.outbox.rows[1].parts == (str(shown["message_id"]),)


async def test_an_answer_of_200_000_characters(house: House, fake: FakeTelegram) -> None:
    text = "\n".join(f"{number} 🐙 " + "word " * 30 for number in range(1_250))
    async with house.running() as telegram:
        house.outbox.put(Reply(text))
        telegram.wake()
        await house.outbox.until_done()
    assert "".join(fake.texts()) == text
    assert len(house.outbox.rows[1].parts) == len(fake.shown())
    assert not [call for call in fake.calls if call.code not in {0, 200}]


async def test_menu_is_set_from_the_skills(house: House, fake: FakeTelegram) -> None:
    from tests.frontends.telegram.test_menu import skill

    house.skills = {"note.add": skill("note.add", "note", "Keep a note")}
    async with house.running():
        await fake.wait_for(lambda: fake.commands)
    assert fake.commands == {
        "all_private_chats": [{"command": "note", "description": "Keep a note"}]
    }


async def test_nobody_allowed_is_said_at_the_start(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    house = House(fake, allowed_users=frozenset())
    async with house.running():
        fake.owner_says("hello")
        await fake.wait_for(lambda: fake.pending == 0)
    assert "allowed_users is empty" in caplog.text
    assert not house.journal
