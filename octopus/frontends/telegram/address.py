"""Chats and topics as names of conversations, and back."""

from __future__ import annotations

from typing import Any

PREFIX = "telegram:"


def conversation(chat: int, topic: int | None = None) -> str:
    """``telegram:42``, or ``telegram:42/7`` for a topic of its own within the chat."""
    return f"{PREFIX}{chat}" if topic is None else f"{PREFIX}{chat}/{topic}"


def chat_of(name: str) -> int:
    """The chat of a conversation. Raises ValueError for a name that is none of ours."""
    if not name.startswith(PREFIX):
        raise ValueError(f"{name} is not a conversation of Telegram")
    return int(name.removeprefix(PREFIX).partition("/")[0])


def place(name: str) -> dict[str, Any]:
    """The parameters that send a message into a conversation. Raises ValueError."""
    topic = name.partition("/")[2]
    params: dict[str, Any] = {"chat_id": chat_of(name)}
    if topic:
        params["message_thread_id"] = int(topic)
    return params
