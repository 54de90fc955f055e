"""What people do in the chats: write, edit, press, forward, send files."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Sequence
from itertools import count
from typing import Any

from tests.fakes.telegram.rules import JSON, utf16
from tests.fakes.telegram.world import Chat, StoredFile, World

_MARKS = re.compile(r"(?P<url>https?://\S+)|(?<!\S)(?P<bot_command>/[A-Za-z0-9_]{1,32})")
INACCESSIBLE_AFTER = 48 * 3600  # seconds; older messages come as InaccessibleMessage


class Owner(World):
    """The people's side. Every method that sends returns the new ``message_id``."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._ids = count(1)

    def owner_says(
        self,
        text: str,
        *,
        user: int | None = None,
        chat: int | None = None,
        reply_to: int | None = None,
        **extra: Any,
    ) -> int:
        """A text message, from the owner in the private chat unless told otherwise.

        ``extra`` are further fields of the Bot API's Message (``quote``, ``message_thread_id``).
        """
        fields: JSON = {"text": text, **extra}
        if entities := _entities(text):
            fields.setdefault("entities", entities)
        return self.send(fields, user=user, chat=chat, reply_to=reply_to)

    def says_many(self, texts: Sequence[str], **extra: Any) -> list[int]:
        """Several messages at once, in order."""
        return [self.owner_says(text, **extra) for text in texts]

    def stranger_says(self, text: str, *, user: int = 666) -> int:
        """A private message of somebody who is not the owner."""
        self.private_chat(user)
        return self.owner_says(text, user=user, chat=user)

    def group_says(self, text: str, *, user: int | None = None, chat: int = -500) -> int:
        """A message in a group, by the owner unless told otherwise."""
        self.group(chat)
        return self.owner_says(text, user=user, chat=chat)

    def channel_posts(self, text: str, *, chat: int = -1009) -> int:
        """A post of a channel in which the bot is."""
        if chat not in self.chats:
            self.chats[chat] = Chat({"id": chat, "type": "channel", "title": "News"})
        message = self._message({"text": text}, self.chats[chat], None)
        self.queue("channel_post", message)
        return int(message["message_id"])

    def send(
        self,
        fields: JSON,
        *,
        user: int | None = None,
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """A message with these fields; the base of all others."""
        user = self.owner if user is None else user
        place = self.private_chat(user) if chat is None else self.chats[chat]
        if reply_to is not None:
            answered = dict(place.messages[reply_to])
            answered.pop("reply_to_message", None)
            fields = {**fields, "reply_to_message": answered}
        message = self._message(fields, place, user)
        self.sent_at[message["message_id"]] = time.monotonic()
        self.queue("message", message)
        return int(message["message_id"])

    def _message(self, fields: JSON, chat: Chat, user: int | None) -> JSON:
        message: JSON = {
            "message_id": next(self.message_ids),
            "date": int(self.now()),
            "chat": chat.data,
        }
        if user is None:
            message["sender_chat"] = chat.data
        else:
            message["from"] = self.person(user)
        message.update(fields)
        # The queued copy stays as it was sent; this one changes with edits.
        chat.messages[message["message_id"]] = {"from": {"id": 0}, **message}
        return message

    def person(self, user: int) -> JSON:
        """The Bot API's User for this id."""
        name = "Owner" if user == self.owner else "Stranger"
        return {"id": user, "is_bot": False, "first_name": name, "language_code": "en"}

    # -- on messages that are there ------------------------------------------------------------

    def edit(self, message_id: int, text: str, *, chat: int | None = None) -> int:
        """The sender changes a message; a caption where it is a file."""
        message = self.chats[self.owner if chat is None else chat].messages[message_id]
        field = "text" if "text" in message else "caption"
        message.update({field: text, "edit_date": int(self.now())})
        for name in ("entities", "caption_entities"):
            message.pop(name, None)
        if entities := _entities(text):
            message["entities" if field == "text" else "caption_entities"] = entities
        return self.queue("edited_message", dict(message))

    def press(self, message_id: int, button: str, *, chat: int | None = None) -> str:
        """Press a button that is shown under a message, by label or data; returns the query id.

        A part of the label will do. Raises LookupError when no such button is there.
        """
        message = self.chats[self.owner if chat is None else chat].messages[message_id]
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [item for row in rows for item in row]
        for item in buttons:
            if button in item["text"] or button == item.get("callback_data"):
                return self.forge_press(message, item["callback_data"])
        raise LookupError(f"no button {button!r} in {[item['text'] for item in buttons]}")

    def forge_press(
        self, message: JSON | int, data: str, *, user: int | None = None, chat: int | None = None
    ) -> str:
        """A callback query with any data, from anybody."""
        user = self.owner if user is None else user
        if isinstance(message, int):
            place = self.chats[self.owner if chat is None else chat]
            message = place.messages[message]
        if message["date"] < self.now() - INACCESSIBLE_AFTER:
            message = {"message_id": message["message_id"], "chat": message["chat"], "date": 0}
        query: JSON = {
            "id": str(7_000_000 + next(self._ids)),
            "from": self.person(user),
            "chat_instance": str(message["chat"]["id"]),
            "message": dict(message),
            "data": data,
        }
        self.queries[query["id"]] = query
        self.queue("callback_query", query)
        return str(query["id"])

    def reacts(self, message_id: int, emoji: str) -> int:
        """The owner reacts to a message; only arrives when ``message_reaction`` is allowed."""
        return self.queue(
            "message_reaction",
            {
                "chat": self.chats[self.owner].data,
                "message_id": message_id,
                "user": self.person(self.owner),
                "date": int(self.now()),
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": emoji}],
            },
        )

    def malformed_update(self) -> int:
        """An update that no model of the Bot API fits."""
        return self.queue_raw({"message": {"message_id": "?", "date": "never", "chat": None}})

    # -- files ---------------------------------------------------------------------------------

    def store(self, data: bytes | str, path: str, *, size: int | None = None) -> JSON:
        """Keep a file on the server; returns the fields of the Bot API's File.

        ``size`` may be larger than ``data``: then only the size is said to be so.
        """
        raw = data.encode() if isinstance(data, str) else data
        number = next(self._ids)
        unique = f"U{zlib.crc32(raw):08x}"
        stored = StoredFile(path.format(n=number), raw, len(raw) if size is None else size, unique)
        file_id = f"F{number:06d}{unique}"
        self.files[file_id] = stored
        return {"file_id": file_id, "file_unique_id": unique, "file_size": stored.size}

    def photo(self, data: bytes | str = b"\xff\xd8jpeg", *, caption: str = "", **more: Any) -> int:
        """A photo in three sizes; the last is the largest."""
        sizes = [
            {**self.store(data, "photos/file_{n}.jpg"), "width": width, "height": width * 3 // 4}
            for width in (90, 320, 1280)
        ]
        return self._file({"photo": sizes}, caption, more)

    def document(
        self,
        name: str = "report.pdf",
        data: bytes | str = b"%PDF-1.7",
        *,
        mime: str = "application/pdf",
        caption: str = "",
        size: int | None = None,
        **more: Any,
    ) -> int:
        """A file sent as it is. ``size`` alone makes it look large (21 MB and the like)."""
        file = self.store(data, "documents/file_{n}", size=size)
        document = {**file, "file_name": name, "mime_type": mime}
        return self._file({"document": document}, caption, more)

    def voice(
        self, data: bytes | str = b"OggS", *, seconds: int = 3, caption: str = "", **more: Any
    ) -> int:
        """A voice note, Opus in Ogg."""
        file = self.store(data, "voice/file_{n}.oga")
        return self._file(
            {"voice": {**file, "duration": seconds, "mime_type": "audio/ogg"}}, caption, more
        )

    def album(
        self, items: Sequence[bytes | str] = (b"1", b"2", b"3"), *, caption: str = ""
    ) -> list[int]:
        """2 to 10 photos that belong together: as many updates; the first has the caption."""
        group = f"G{next(self._ids)}"
        return [
            self.photo(data, caption="" if place else caption, media_group_id=group)
            for place, data in enumerate(items)
        ]

    def forward(
        self,
        text: str,
        *,
        kind: str = "channel",
        name: str = "Harbour News",
        date: int = 1_700_000_000,
        message_id: int = 77,
        username: str = "harbour",
    ) -> int:
        """A forwarded text; ``kind`` is user, hidden_user, chat or channel."""
        origin: JSON = {"type": kind, "date": date}
        if kind == "user":
            origin["sender_user"] = {"id": 99, "is_bot": False, "first_name": name}
        elif kind == "hidden_user":
            origin["sender_user_name"] = name
        else:
            place = {"id": -1001, "type": kind if kind == "channel" else "supergroup"}
            place |= {"title": name, "username": username}
            origin["chat" if kind == "channel" else "sender_chat"] = place
            if kind == "channel":
                origin["message_id"] = message_id
        return self.owner_says(text, forward_origin=origin)

    def _file(self, fields: JSON, caption: str, more: JSON) -> int:
        if caption:
            fields["caption"] = caption
        places = {name: more.pop(name) for name in ("user", "chat", "reply_to") if name in more}
        return self.send({**fields, **more}, **places)

    def block(self, chat: int | None = None, *, blocked: bool = True) -> None:
        """The owner blocks the bot: every method that names the chat answers 403."""
        self.chats[self.owner if chat is None else chat].blocked = blocked

    def delete(self, message_id: int, chat: int | None = None) -> None:
        """A message disappears; the bot is not told."""
        place = self.chats[self.owner if chat is None else chat]
        place.deleted.append(place.messages.pop(message_id))


def _entities(text: str) -> list[JSON]:
    """The entities that Telegram finds by itself: links and commands."""
    return [
        {
            "type": found.lastgroup,
            "offset": utf16(text[: found.start()]),
            "length": utf16(found.group()),
        }
        for found in _MARKS.finditer(text)
    ]
