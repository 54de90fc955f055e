"""What a raw message carries: its words, its files, and where it was first written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from octopus.core.message import Attachment, Origin

Raw = Mapping[str, Any]

# In this order: an animation comes with a document of the same file beside it.
_FILES = ("animation", "document", "voice", "audio", "video", "video_note", "sticker")
_MIME = {"voice": "audio/ogg", "video_note": "video/mp4", "photo": "image/jpeg"}


def text_of(raw: Raw) -> str:
    """The words of a message: text, caption, or what stands for a place, a contact, a list."""
    for name in ("text", "caption"):
        if raw.get(name):
            if not isinstance(raw[name], str):
                raise TypeError("not a text")
            return str(raw[name])
    for name, say in _SAID.items():
        if isinstance(raw.get(name), Mapping):
            return say(raw[name])
    return ""


def _place(raw: Raw) -> str:
    return f"geo:{raw['latitude']},{raw['longitude']}"


def _venue(raw: Raw) -> str:
    return "\n".join((str(raw["title"]), str(raw["address"]), _place(raw["location"])))


def _contact(raw: Raw) -> str:
    name = " ".join(str(raw[key]) for key in ("first_name", "last_name") if raw.get(key))
    return f"{name}: {raw['phone_number']}"


def _poll(raw: Raw) -> str:
    return "\n".join((str(raw["question"]), *(f"- {item['text']}" for item in raw["options"])))


def _dice(raw: Raw) -> str:
    return f"{raw['emoji']} {raw['value']}"


def _checklist(raw: Raw) -> str:
    boxes = ("x" if "completion_date" in item else " " for item in raw["tasks"])
    tasks = zip(boxes, raw["tasks"], strict=True)
    return "\n".join((str(raw["title"]), *(f"- [{box}] {item['text']}" for box, item in tasks)))


_SAID: dict[str, Callable[[Raw], str]] = {
    "venue": _venue,  # before location, which every venue has too
    "location": _place,
    "contact": _contact,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
}


def media_of(raw: Raw) -> str:
    """What the words of a message stand for: a location, a contact, a poll; "" for words."""
    found = next((name for name in _SAID if isinstance(raw.get(name), Mapping)), "")
    return "location" if found == "venue" else found


def attachments(raw: Raw) -> tuple[Attachment, ...]:
    """The file of a message. The Bot API sends one a message; albums are several messages."""
    if raw.get("photo"):
        largest = max(raw["photo"], key=lambda size: size["width"] * size["height"])
        return (_attachment("photo", largest),)
    for kind in _FILES:
        if raw.get(kind):
            return (_attachment(kind, raw[kind]),)
    return ()


def _attachment(kind: str, raw: Raw) -> Attachment:
    mime = str(raw.get("mime_type") or _MIME.get(kind, ""))
    if kind == "sticker" and not mime:
        animated = "application/x-tgsticker" if raw.get("is_animated") else "image/webp"
        mime = "video/webm" if raw.get("is_video") else animated
    return Attachment(
        kind=kind,
        ref=str(raw["file_id"]),
        unique_id=str(raw.get("file_unique_id", "")),
        name=str(raw.get("file_name") or ""),
        mime=mime,
        size=int(raw.get("file_size") or 0),
        duration=int(raw.get("duration") or 0),
    )


def origin(raw: Raw) -> Origin | None:
    """Where a forward was first written; None for what the sender wrote."""
    found = raw.get("forward_origin")
    if isinstance(found, Mapping):
        return _forwarded(found, raw)
    if bot := raw.get("via_bot"):  # words that a bot wrote, chosen by the sender
        return Origin("user", _name(bot), _date(raw["date"]))
    return None


def _forwarded(found: Raw, raw: Raw) -> Origin:
    kind = str(found.get("type", ""))
    date = _date(found.get("date", raw["date"]))
    if kind == "user":
        return Origin(kind, _name(found["sender_user"]), date)
    if kind in {"chat", "channel"}:
        place = found["sender_chat" if kind == "chat" else "chat"]
        return Origin(kind, _name(place), date, _link(place, found.get("message_id")))
    return Origin("hidden_user", str(found.get("sender_user_name", "")), date)


def _name(raw: Raw) -> str:
    if raw.get("title"):
        return str(raw["title"])
    parts = [str(raw[key]) for key in ("first_name", "last_name") if raw.get(key)]
    return " ".join(parts) or str(raw.get("username", ""))


def _link(chat: Raw, message: Any) -> str:
    """The address of a post: by name for public chats, by number for channels without one."""
    if chat.get("username"):
        link = f"https://t.me/{chat['username']}"
    elif message is not None and str(chat["id"]).startswith("-100"):
        link = f"https://t.me/c/{str(chat['id']).removeprefix('-100')}"
    else:
        return ""
    return link if message is None else f"{link}/{message}"


def _date(value: Any) -> datetime:
    return datetime.fromtimestamp(value, UTC)
