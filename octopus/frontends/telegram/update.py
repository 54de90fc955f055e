"""Raw updates of the Bot API become messages of ours; who may write is decided first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from octopus.core.message import Kind, Message
from octopus.frontends.telegram.address import PREFIX, conversation
from octopus.frontends.telegram.content import attachments, media_of, origin, text_of

Raw = Mapping[str, Any]

#: What the poller asks for; everything else never leaves Telegram.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query")

_KINDS = {"message": Kind.MESSAGE, "edited_message": Kind.EDIT}

# What Telegram says about the chat in the shape of a message (Bot API: Message).
_SERVICE = frozenset({
    "pinned_message", "message_auto_delete_timer_changed", "successful_payment", "users_shared",
    "chat_shared", "connected_website", "write_access_allowed", "passport_data",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "general_forum_topic_hidden", "general_forum_topic_unhidden", "boost_added",
    "chat_background_set", "web_app_data", "new_chat_title", "new_chat_photo",
    "delete_chat_photo", "gift", "unique_gift", "refunded_payment", "video_chat_started",
    "video_chat_ended", "video_chat_scheduled", "video_chat_participants_invited",
    "proximity_alert_triggered", "migrate_to_chat_id", "migrate_from_chat_id",
})  # fmt: skip


class Ignored(StrEnum):
    """Why an update is passed over without a trace but a counter."""

    STRANGER = "stranger"  # not one of the allowed users
    PLACE = "place"  # a group, a channel, somebody else's business account
    KIND = "kind"  # nothing that a person wrote or pressed


class Malformed(ValueError):
    """An update that does not have the shape that the Bot API documents."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the updates of one bot. ``allowed`` are numeric user ids, never names."""

    bot: int
    allowed: frozenset[int]

    def read(self, update: Raw, now: datetime) -> Message | Ignored:
        """The message in an update. Raises Malformed; the text is not in the exception."""
        try:
            for name, kind in _KINDS.items():
                if name in update:
                    return self._message(update[name], kind)
            if "callback_query" in update:
                return self._press(update["callback_query"], now)
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError) as no:
            raise Malformed(type(no).__name__) from None
        return Ignored.KIND

    def _message(self, raw: Raw, kind: Kind) -> Message | Ignored:
        refusal = self._refusal(raw.get("from"), raw["chat"]) or _foreign(raw)
        if refusal:
            return refusal
        if not _SERVICE.isdisjoint(raw):
            return Ignored.KIND
        chat, number = _integer(raw["chat"]["id"]), _integer(raw["message_id"])
        edited = _integer(raw.get("edit_date", 0)) if kind is Kind.EDIT else 0
        text = text_of(raw)
        version = f"{edited}:{_digest(text)}" if kind is Kind.EDIT else "0"
        answered = raw.get("reply_to_message") or {}
        quote = (raw.get("quote") or {}).get("text")
        return Message(
            key=f"{PREFIX}{self.bot}:{kind.value}:{chat}:{number}:{version}",
            conversation=_conversation(raw),
            user=str(_integer(raw["from"]["id"])),
            text=text,
            sent_at=datetime.fromtimestamp(edited or _integer(raw["date"]), UTC),
            kind=kind,
            message_id=str(number),
            attachments=attachments(raw),
            origin=origin(raw),
            reply_to=str(answered.get("message_id", "")),
            reply_text=str(quote or text_of(answered)),
            album=str(raw.get("media_group_id", "")),
            language=str(raw["from"].get("language_code", "")),
            media=media_of(raw),
            topic=str(_topic(raw) or ""),
            topic_name=str((answered.get("forum_topic_created") or {}).get("name", "")),
        )

    def _press(self, raw: Raw, now: datetime) -> Message | Ignored:
        shown = raw.get("message") or {}
        refusal = self._refusal(raw["from"], shown.get("chat") or {})
        if refusal:
            return refusal
        return Message(
            key=f"{PREFIX}{self.bot}:{Kind.PRESS.value}:{_text(raw['id'])}",
            conversation=_conversation(shown),
            user=str(_integer(raw["from"]["id"])),
            text="",
            sent_at=now,
            kind=Kind.PRESS,
            message_id=str(_integer(shown["message_id"])),
            press=_text(raw["data"]),
            language=str(raw["from"].get("language_code", "")),
        )

    def _refusal(self, sender: Any, chat: Any) -> Ignored | None:
        """None for an allowed person who writes in their own private chat."""
        kind, place = chat.get("type"), chat.get("id")
        user = sender.get("id") if isinstance(sender, Mapping) else None
        if type(user) is not int or user not in self.allowed or sender.get("is_bot"):
            return Ignored.STRANGER
        if kind != "private" or place != user:
            return Ignored.PLACE
        return None


def _foreign(raw: Raw) -> Ignored | None:
    """Messages that carry a person's id and yet were not written by that person to us."""
    odd = ("sender_chat", "business_connection_id", "sender_business_bot", "guest_bot_caller_user")
    return Ignored.PLACE if any(raw.get(name) for name in odd) else None


def query_id(update: Raw) -> str:
    """The id under which a pressed button waits for an answer; "" for other updates."""
    query = update.get("callback_query")
    return str(query.get("id", "")) if isinstance(query, Mapping) else ""


def _conversation(raw: Raw) -> str:
    return conversation(_integer(raw["chat"]["id"]), _topic(raw))


def _topic(raw: Raw) -> int | None:
    topic = raw.get("message_thread_id") if raw.get("is_topic_message") else None
    return None if topic is None else _integer(topic)


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("not an integer")
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("not a text")
    return value


def _digest(text: str) -> str:
    """Tells two edits within one second apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
