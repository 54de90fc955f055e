"""The negative control: a bot in the plain style of the tutorials. It has to fail the proof.

Nothing is wrong with any single line of it; it keeps notes, answers, knows edits and an Undo
button. Only: aiogram confirms updates before their handlers have run, and nothing is on disk.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

VAULT = Path(os.environ.get("BOT_VAULT", "vault"))
dispatcher = Dispatcher()
notes: dict[int, Path] = {}


def save(message: Message, text: str) -> Path:
    """Write the text into a note of its own."""
    words = "".join(letter for letter in text[:40] if letter.isalnum() or letter == " ")
    path = VAULT / "Inbox" / f"{words} {message.message_id}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
    notes[message.message_id] = path
    return path


@dispatcher.message()
async def on_message(message: Message, bot: Bot) -> None:
    """A search, or a note."""
    text = message.text or ""
    await bot.send_chat_action(message.chat.id, "typing")
    if text.startswith("search "):
        query = text.removeprefix("search ")
        found = [path.name for path in VAULT.rglob("*.md") if query in path.read_text()]
        await message.reply("Found: " + (", ".join(found) or "nothing"))
        return
    path = save(message, text.removeprefix("note: "))
    undo = InlineKeyboardButton(text="Undo", callback_data=str(message.message_id))
    markup = InlineKeyboardMarkup(inline_keyboard=[[undo]])
    await message.reply(f"Saved {path.name}", reply_markup=markup)


@dispatcher.edited_message()
async def on_edit(message: Message) -> None:
    """Write the note that the message became anew."""
    if path := notes.get(message.message_id):
        path.write_text((message.text or "").removeprefix("note: ") + "\n", encoding="utf-8")
        await message.reply(f"Changed {path.name}")


@dispatcher.callback_query()
async def on_press(query: CallbackQuery) -> None:
    """Undo."""
    if path := notes.pop(int(query.data or 0), None):
        path.unlink()
    await query.answer("Undone")


async def main() -> None:
    """Poll until ended."""
    server = TelegramAPIServer.from_base(os.environ["BOT_API"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
