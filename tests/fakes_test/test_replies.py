"""What the bot sends is checked as the Bot API checks it, and recorded as the owner sees it."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
)
from aiohttp import ClientResponseError, ClientSession

from tests.fakes.telegram import OWNER, FakeTelegram, Pace


def keyboard(data: str = "u1", text: str = "Undo") -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text=text, callback_data=data)
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


async def test_a_message_is_shown(fake: FakeTelegram, bot: Bot) -> None:
    asked = fake.owner_says("hello")
    sent = await bot.send_message(
        OWNER,
        "bold *as it is*",
        entities=[MessageEntity(type="bold", offset=0, length=4)],
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(message_id=asked),
        reply_markup=keyboard(),
    )
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == asked
    assert sent.entities is not None
    (shown,) = fake.shown()
    assert shown["text"] == "bold *as it is*"
    assert shown["link_preview_options"] == {"is_disabled": True}
    assert fake.answers_to(asked) == [shown]
    assert fake.texts() == ["bold *as it is*"]


@pytest.mark.parametrize("text", ["true", "12", '{"a": 1}', "null", "[]", "a&b=c+d%20", "\u202e"])
async def test_texts_that_look_like_something_else(fake: FakeTelegram, bot: Bot, text: str) -> None:
    await bot.send_message(OWNER, text)
    assert fake.texts() == [text]


async def test_lengths_count_utf16_units(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(OWNER, "a" * 4096)
    await bot.send_message(OWNER, "😀" * 2048)
    with pytest.raises(TelegramBadRequest, match="message is too long"):
        await bot.send_message(OWNER, "😀" * 2048 + "a")
    assert len(fake.shown()) == 2


@pytest.mark.parametrize("text", [" ", "\n\t \n"])
async def test_empty_texts(fake: FakeTelegram, bot: Bot, text: str) -> None:
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await bot.send_message(OWNER, text)
    assert fake.shown() == []


@pytest.mark.parametrize(
    ("offset", "length"),
    [(0, 6), (6, 1), (-1, 2), (1, 1), (0, 1)],  # past the end, within a surrogate pair
)
async def test_entities_out_of_bounds(
    fake: FakeTelegram, bot: Bot, offset: int, length: int
) -> None:
    entity = MessageEntity(type="bold", offset=offset, length=length)
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(OWNER, "😀abc", entities=[entity])
    await bot.send_message(
        OWNER, "😀abc", entities=[MessageEntity(type="bold", offset=0, length=5)]
    )
    assert len(fake.shown()) == 1


async def test_html(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(OWNER, "<b>😀 a</b> &lt; <i>c</i>", parse_mode="HTML")
    (shown,) = fake.shown()
    assert shown["text"] == "😀 a < c"
    assert [(item["type"], item["offset"], item["length"]) for item in shown["entities"]] == [
        ("bold", 0, 4),
        ("italic", 7, 1),
    ]


@pytest.mark.parametrize("text", ["<b>open", "<x>no</x>", "a</b>", "<b><i>a</b></i>"])
async def test_broken_html(fake: FakeTelegram, bot: Bot, text: str) -> None:
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(OWNER, text, parse_mode="HTML")
    assert fake.shown() == []


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard("x" * 65), "BUTTON_DATA_INVALID"),
        (keyboard("ж" * 33), "BUTTON_DATA_INVALID"),
        (keyboard(text=" "), "Text must be non-empty"),
        (
            InlineKeyboardMarkup(
                inline_keyboard=[[InlineKeyboardButton(text="Open", url="obsidian://open")]]
            ),
            "Wrong HTTP URL",
        ),
    ],
)
async def test_bad_buttons(
    fake: FakeTelegram, bot: Bot, markup: InlineKeyboardMarkup, words: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=words):
        await bot.send_message(OWNER, "Saved", reply_markup=markup)
    assert fake.shown() == []
    await bot.send_message(OWNER, "Saved", reply_markup=keyboard("x" * 64))


async def test_replies_to_what_is_gone(fake: FakeTelegram, bot: Bot) -> None:
    asked = fake.owner_says("hello")
    fake.delete(asked)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(OWNER, "a", reply_parameters=ReplyParameters(message_id=asked))
    sent = await bot.send_message(
        OWNER,
        "a",
        reply_parameters=ReplyParameters(message_id=asked, allow_sending_without_reply=True),
    )
    assert sent.reply_to_message is None


async def test_editing(fake: FakeTelegram, bot: Bot) -> None:
    asked = fake.owner_says("hello")
    sent = await bot.send_message(OWNER, "one", reply_markup=keyboard())
    number = sent.message_id
    await bot.edit_message_text("two", chat_id=OWNER, message_id=number)
    (shown,) = fake.shown()
    assert shown["text"] == "two"
    assert "reply_markup" not in shown  # an edit without a keyboard takes it away
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("two", chat_id=OWNER, message_id=number)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=OWNER, message_id=number + 99)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("x", chat_id=OWNER, message_id=asked)
    await bot.edit_message_reply_markup(
        chat_id=OWNER, message_id=number, reply_markup=keyboard("u2")
    )
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(
            chat_id=OWNER, message_id=number, reply_markup=keyboard("u2")
        )
    assert fake.press(number, "u2")


async def test_deleting(fake: FakeTelegram, bot: Bot) -> None:
    sent = await bot.send_message(OWNER, "one")
    await bot.delete_message(OWNER, sent.message_id)
    assert fake.shown() == []
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(OWNER, sent.message_id)


async def test_reactions(fake: FakeTelegram, bot: Bot) -> None:
    number = fake.owner_says("hello")
    for emoji in ("👀", "✍", "✍️"):
        await bot.set_message_reaction(OWNER, number, [ReactionTypeEmoji(emoji=emoji)])
    assert fake.reaction(number) == "✍"
    with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
        await bot.set_message_reaction(OWNER, number, [ReactionTypeEmoji(emoji="✅")])
    with pytest.raises(TelegramBadRequest, match="message to react not found"):
        await bot.set_message_reaction(OWNER, number + 99, [ReactionTypeEmoji(emoji="👀")])
    await bot.set_message_reaction(OWNER, number, [])
    assert fake.reaction(number) == ""


async def test_drafts_and_actions(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_chat_action(OWNER, "typing")
    await bot.send_message_draft(OWNER, 7, text="Th")
    await bot.send_message_draft(OWNER, 7, text="Thinking")
    chat = fake.chats[OWNER]
    assert chat.actions == ["typing"]
    assert [draft["text"] for draft in chat.drafts] == ["Th", "Thinking"]
    with pytest.raises(TelegramBadRequest, match="draft_id must be non-zero"):
        await bot.send_message_draft(OWNER, 0, text="x")
    fake.drafts_work = False
    with pytest.raises(TelegramNotFound):
        await bot.send_message_draft(OWNER, 7, text="x")
    with pytest.raises(TelegramBadRequest, match="wrong parameter action"):
        await bot.send_chat_action(OWNER, "dancing")


async def test_commands(fake: FakeTelegram, bot: Bot) -> None:
    commands = [BotCommand(command="note", description="Keep a note")]
    await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
    assert fake.commands["all_private_chats"] == [{"command": "note", "description": "Keep a note"}]
    told = await bot.get_my_commands(scope=BotCommandScopeAllPrivateChats())
    assert [item.command for item in told] == ["note"]
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="No-Good", description="x")])


async def test_files_go_both_ways(fake: FakeTelegram, bot: Bot) -> None:
    file = BufferedInputFile(b"# Note\n", "note.md")
    sent = await bot.send_document(OWNER, file, caption="Here", reply_markup=keyboard())
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("note.md", 7)
    back = await bot.download(sent.document)
    assert back is not None
    assert back.read() == b"# Note\n"
    again = await bot.send_document(OWNER, sent.document.file_id)
    assert again.document is not None
    photo = await bot.send_photo(OWNER, BufferedInputFile(b"jpeg", "a.jpg"))
    assert photo.photo
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await bot.send_document(OWNER, sent.document.file_id, caption="x" * 1025)
    with pytest.raises(TelegramBadRequest, match="wrong remote file"):
        await bot.send_document(OWNER, "F-no-such")
    assert len(fake.shown()) == 3


async def test_large_and_missing_files(fake: FakeTelegram, bot: Bot) -> None:
    fake.document("film.mkv", size=21 * 1024 * 1024)
    fake.document("gone.pdf", b"x")
    film, gone = [update.message for update in await bot.get_updates()]
    assert film is not None
    assert film.document is not None
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(film.document.file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file_id"):
        await bot.get_file("F-no-such")
    assert gone is not None
    assert gone.document is not None
    fake.files[gone.document.file_id].missing = True
    with pytest.raises(ClientResponseError):
        await bot.download(gone.document.file_id)


async def test_pinning(fake: FakeTelegram, bot: Bot) -> None:
    sent = await bot.send_message(OWNER, "Today")
    await bot.pin_chat_message(OWNER, sent.message_id, disable_notification=True)
    assert fake.chats[OWNER].pinned == [sent.message_id]
    await bot.unpin_chat_message(OWNER, message_id=sent.message_id)
    assert fake.chats[OWNER].pinned == []


async def test_me_and_chat(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot) == (7000, True)
    chat = await bot.get_chat(OWNER)
    assert chat.type == "private"


async def test_chats_that_cannot_be_written_to(fake: FakeTelegram, bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(31337, "x")
    fake.block()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(OWNER, "x")
    fake.block(blocked=False)
    await bot.send_message(OWNER, "x")
    fake.group(-500).moved_to = -100500
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(-500, "x")
    assert moved.value.migrate_to_chat_id == -100500


async def test_a_flood_and_calls_that_come_too_early(fake: FakeTelegram, bot: Bot) -> None:
    fake.faults.add("flood", "sendMessage", seconds=600)
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as told:
            await bot.send_message(OWNER, "x")
        assert told.value.retry_after == 600
    assert (fake.faults.hit, fake.faults.early) == (1, 1)
    await bot.send_chat_action(OWNER, "typing")  # other methods are not concerned
    fake.faults.clear()
    await bot.send_message(OWNER, "x")
    assert [call.code for call in fake.called("sendMessage")] == [429, 429, 200]


async def test_a_share_of_calls_fails(fake: FakeTelegram, bot: Bot) -> None:
    fake.faults.add("status", "sendMessage", count=None, share=0.3, code=500)
    failed = 0
    for number in range(60):
        try:
            await bot.send_message(OWNER, str(number))
        except Exception:  # noqa: BLE001 - only counted
            failed += 1
    assert 5 <= failed <= 35
    assert len(fake.shown()) == 60 - failed


async def test_cut_connections(fake: FakeTelegram, bot: Bot) -> None:
    fake.faults.add("cut_before", "sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(OWNER, "one")
    assert fake.shown() == []
    fake.faults.add("cut_after", "sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(OWNER, "two")
    assert fake.texts() == ["two"]  # it arrived, the bot cannot know
    await bot.send_message(OWNER, "two")
    assert fake.repeats() == {"two": 2}


async def test_faults_of_one_chat_spare_the_others(fake: FakeTelegram, bot: Bot) -> None:
    fake.private_chat(43)
    fake.faults.add("status", "sendMessage", chat=43, code=500)
    await bot.send_message(OWNER, "fine")
    with pytest.raises(Exception, match="Bad Gateway"):
        await bot.send_message(43, "not fine")


@pytest.mark.parametrize("form", ["json", "form", "query", "multipart"])
async def test_every_kind_of_body(fake: FakeTelegram, form: str) -> None:
    url = f"{fake.url}/bot{fake.token}/SendMessage"  # names are case-insensitive
    entities = [{"type": "bold", "offset": 0, "length": 2}]
    plain: dict[str, Any] = {"chat_id": OWNER, "text": "hi", "entities": entities}
    coded = {
        "chat_id": str(OWNER),
        "text": "hi",
        "entities": '[{"type":"bold","offset":0,"length":2}]',
    }
    async with ClientSession() as session:
        if form == "json":
            request = session.post(url, json=plain)
        elif form == "form":
            request = session.post(url, data=coded)
        elif form == "query":
            request = session.get(url, params=coded)
        else:
            from aiohttp import FormData

            body = FormData(default_to_multipart=True)
            for key, value in coded.items():
                body.add_field(key, value)
            request = session.post(url, data=body)
        async with request as response:
            assert (await response.json())["ok"] is True
    (shown,) = fake.shown()
    assert (shown["text"], shown["entities"]) == ("hi", entities)


async def test_an_unknown_method(fake: FakeTelegram) -> None:
    async with (
        ClientSession() as session,
        session.get(f"{fake.url}/bot{fake.token}/sendTelepathy") as response,
    ):
        assert response.status == 404
        assert (await response.json())["description"] == "Not Found: method not found"


async def test_calls_are_in_order_with_times(fake: FakeTelegram, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        await bot.send_message(OWNER, text)
    calls = fake.called("sendMessage")
    assert [call.params["text"] for call in calls] == ["one", "two", "three"]
    assert [call.number for call in calls] == sorted(call.number for call in calls)
    assert calls[0].at <= calls[1].at <= calls[2].at
    assert all(call.ok for call in calls)


async def test_a_bot_that_is_too_fast(fake: FakeTelegram, bot: Bot) -> None:
    fake.faults.pace = Pace(interval=3600, burst=3)
    for number in range(3):
        await bot.send_message(OWNER, str(number))
    with pytest.raises(TelegramRetryAfter) as told:
        await bot.send_message(OWNER, "too fast")
    assert 3500 <= told.value.retry_after <= 3600
    await bot.send_chat_action(OWNER, "typing")  # no message: not counted
    assert fake.faults.early == 1
    assert len(fake.shown()) == 3


async def test_the_pace_lets_messages_through_again(fake: FakeTelegram, bot: Bot) -> None:
    fake.faults.pace = Pace(interval=1e-9, burst=1)
    for number in range(20):
        await bot.send_message(OWNER, str(number))
    assert len(fake.shown()) == 20


async def test_messages_by_button(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(OWNER, "no button")
    sent = await bot.send_message(OWNER, "Saved", reply_markup=keyboard(text="↩ Undo"))
    (found,) = fake.with_button("Undo")
    assert found["message_id"] == sent.message_id
    assert fake.press(sent.message_id, "Undo")
    await bot.edit_message_reply_markup(chat_id=OWNER, message_id=sent.message_id)
    assert fake.with_button("Undo") == []


async def test_only_accepted_calls_are_counted(fake: FakeTelegram, bot: Bot) -> None:
    fake.faults.add("status", "sendMessage")
    with pytest.raises(Exception, match="Bad Gateway"):
        await bot.send_message(OWNER, "one")
    await bot.send_message(OWNER, "one")
    assert fake.accepted["sendMessage"] == 1
