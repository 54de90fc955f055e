"""What people do reaches the bot in shapes that aiogram's own types accept."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.types import (
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageOriginChannel,
    Update,
)

from tests.fakes.telegram import OWNER, FakeTelegram


async def the_update(bot: Bot) -> Update:
    (update,) = await bot.get_updates()
    return update


async def the_message(bot: Bot) -> Message:
    message = (await the_update(bot)).message
    assert message is not None
    return message


async def test_a_text(fake: FakeTelegram, bot: Bot) -> None:
    number = fake.owner_says("see https://example.org/a?b=1 😀 end")
    message = await the_message(bot)
    assert message.message_id == number
    assert message.from_user is not None
    assert (message.from_user.id, message.chat.type) == (OWNER, "private")
    assert message.entities is not None
    assert [entity.type for entity in message.entities] == ["url"]
    assert message.entities[0].extract_from(message.text or "") == "https://example.org/a?b=1"


async def test_a_command_is_marked(fake: FakeTelegram, bot: Bot) -> None:
    fake.owner_says("/note buy milk and/or bread")
    message = await the_message(bot)
    assert [(item.type, item.offset, item.length) for item in message.entities or []] == [
        ("bot_command", 0, 5)
    ]


async def test_a_reply(fake: FakeTelegram, bot: Bot) -> None:
    first = fake.owner_says("one")
    fake.owner_says("two", reply_to=first, quote={"text": "on", "position": 0})
    _, update = await bot.get_updates()
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.text == "one"
    assert update.message.quote is not None


async def test_an_edit(fake: FakeTelegram, bot: Bot) -> None:
    number = fake.owner_says("helo")
    fake.edit(number, "hello")
    sent, edited = await bot.get_updates()
    assert sent.message is not None
    assert sent.message.text == "helo"  # what was queued does not change afterwards
    assert edited.edited_message is not None
    assert (edited.edited_message.message_id, edited.edited_message.text) == (number, "hello")
    assert edited.edited_message.edit_date


async def test_strangers_groups_and_channels(fake: FakeTelegram, bot: Bot) -> None:
    fake.stranger_says("let me in")
    fake.group_says("hello all")
    fake.channel_posts("news")
    stranger, group, channel = await bot.get_updates()
    assert stranger.message is not None
    assert stranger.message.chat.id == 666
    assert group.message is not None
    assert group.message.chat.type == "group"
    assert channel.channel_post is not None
    assert channel.channel_post.from_user is None


async def test_an_album_is_several_messages(fake: FakeTelegram, bot: Bot) -> None:
    numbers = fake.album([b"a", b"b", b"c", b"d"], caption="roof before repair")
    messages = [update.message for update in await bot.get_updates()]
    assert [message.message_id for message in messages if message] == numbers
    assert len({message.media_group_id for message in messages if message}) == 1
    captions = [message.caption for message in messages if message]
    assert captions == ["roof before repair", None, None, None]


async def test_a_photo_has_sizes_and_bytes(fake: FakeTelegram, bot: Bot) -> None:
    fake.photo(b"\xff\xd8 picture", caption="warranty drill")
    message = await the_message(bot)
    assert message.photo is not None
    assert [size.width for size in message.photo] == [90, 320, 1280]
    found = await bot.download(message.photo[-1])
    assert found is not None
    assert found.read() == b"\xff\xd8 picture"


async def test_documents_and_voice(fake: FakeTelegram, bot: Bot) -> None:
    fake.document("../../evil.pdf", b"%PDF", caption="bill")
    fake.voice(b"OggS...", seconds=18)
    document, voice = [update.message for update in await bot.get_updates()]
    assert document is not None
    assert document.document is not None
    assert document.document.file_name == "../../evil.pdf"
    assert voice is not None
    assert voice.voice is not None
    assert voice.voice.duration == 18


async def test_the_same_bytes_have_the_same_unique_id(fake: FakeTelegram, bot: Bot) -> None:
    fake.document("a.pdf", b"same")
    fake.document("b.pdf", b"same")
    one, two = [update.message for update in await bot.get_updates()]
    assert one is not None
    assert one.document is not None
    assert two is not None
    assert two.document is not None
    assert one.document.file_unique_id == two.document.file_unique_id
    assert one.document.file_id != two.document.file_id


@pytest.mark.parametrize(
    ("kind", "origin"),
    [("user", "user"), ("hidden_user", "hidden_user"), ("chat", "chat"), ("channel", "channel")],
)
async def test_forwards(fake: FakeTelegram, bot: Bot, kind: str, origin: str) -> None:
    fake.forward("ships came in", kind=kind, name="Harbour")
    message = await the_message(bot)
    assert message.text == "ships came in"
    assert message.forward_origin is not None
    assert message.forward_origin.type == origin
    if isinstance(message.forward_origin, MessageOriginChannel):
        assert message.forward_origin.chat.title == "Harbour"


async def ask(bot: Bot) -> Message:
    button = InlineKeyboardButton(text="Undo", callback_data="u1")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    return await bot.send_message(OWNER, "Saved", reply_markup=markup)


async def the_press(bot: Bot) -> CallbackQuery:
    query = (await the_update(bot)).callback_query
    assert query is not None
    return query


async def test_a_press_by_label_and_by_data(fake: FakeTelegram, bot: Bot) -> None:
    message = await ask(bot)
    by_label = fake.press(message.message_id, "Undo")
    by_data = fake.press(message.message_id, "u1")
    queries = [update.callback_query for update in await bot.get_updates()]
    assert [(query.id, query.data) for query in queries if query] == [
        (by_label, "u1"),
        (by_data, "u1"),
    ]
    assert queries[0] is not None
    assert isinstance(queries[0].message, Message)
    await bot.answer_callback_query(by_label, text="Taken back")
    assert fake.answers[by_label]["text"] == "Taken back"
    assert by_data not in fake.answers


async def test_a_button_that_is_not_there(fake: FakeTelegram, bot: Bot) -> None:
    message = await ask(bot)
    with pytest.raises(LookupError, match="no button 'Redo' in \\['Undo'\\]"):
        fake.press(message.message_id, "Redo")


async def test_a_forged_press(fake: FakeTelegram, bot: Bot) -> None:
    message = await ask(bot)
    fake.forge_press(message.message_id, "anything", user=666)
    query = await the_press(bot)
    assert (query.from_user.id, query.data) == (666, "anything")


async def test_a_press_on_an_old_message(fake: FakeTelegram, bot: Bot) -> None:
    message = await ask(bot)
    fake.advance(hours=49)
    fake.press(message.message_id, "Undo")
    query = await the_press(bot)
    assert isinstance(query.message, InaccessibleMessage)
    assert query.message.message_id == message.message_id
