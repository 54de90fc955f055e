"""What the Bot API refuses, and in which words: limits from the Bot API 9.5 documentation."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

JSON = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CALLBACK_DATA = 64
MAX_DOWNLOAD = 20 * 1024 * 1024

# As listed at ReactionTypeEmoji.
_REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 "
    "🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ "
    "🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
_CHAT_ACTIONS = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note"
)
_ENTITY_TYPES = (
    "mention hashtag cashtag bot_command url email phone_number bold italic underline "
    "strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention "
    "custom_emoji date_time"
)
REACTIONS = frozenset(_REACTIONS.split())
CHAT_ACTIONS = frozenset(_CHAT_ACTIONS.split())
ENTITY_TYPES = frozenset(_ENTITY_TYPES.split())

_HTML_ENTITIES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "span": "spoiler",
}


class ApiError(Exception):
    """A refusal as the Bot API words it: the body is ``{"ok": false, ...}``."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> JSON:
        """The JSON document of the answer."""
        body: JSON = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad(description: str, **parameters: int) -> ApiError:
    """A 400; the API puts ``Bad Request: `` in front."""
    return ApiError(400, f"Bad Request: {description}", **parameters)


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit of every limit and every entity offset."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_text(
    params: JSON, *, what: str = "text", limit: int = MAX_TEXT
) -> tuple[str, list[JSON]]:
    """The text and entities to show, after parsing; raises :class:`ApiError`."""
    caption = what == "caption"
    text = str(params.get(what, ""))
    entities = params.get("caption_entities" if caption else "entities") or []
    mode = str(params.get("parse_mode", ""))
    if mode:
        text, entities = _parse(text, mode)
    else:
        check_entities(text, entities)
    if not caption and not text.strip():
        raise bad("message text is empty")
    if utf16(text) > limit:
        raise bad("message caption is too long" if caption else "message is too long")
    return text, [entity for entity in entities if entity["length"] > 0]


def check_entities(text: str, entities: list[JSON]) -> None:
    """Entities must lie within the text and must not cut a surrogate pair."""
    if not entities:
        return
    borders = {0}
    at = 0
    for char in text:
        at += 2 if ord(char) > 0xFFFF else 1
        borders.add(at)
    for number, entity in enumerate(entities):
        start, length = entity.get("offset"), entity.get("length")
        problem = ""
        if not isinstance(start, int) or not isinstance(length, int) or start < 0 or length < 0:
            problem = "has no valid offset or length"
        elif start not in borders or start + length not in borders:
            problem = f"with offset {start} and length {length} is out of bounds"
        elif entity.get("type") not in ENTITY_TYPES:
            problem = f'has unsupported type "{entity.get("type")}"'
        elif entity["type"] == "text_link" and not entity.get("url"):
            problem = "of type text_link has no url"
        elif entity["type"] == "date_time" and not _is_moment(entity):
            problem = "of type date_time has no valid time or format"
        if problem:
            raise bad(f"can't parse entities: entity #{number} {problem}")


def _is_moment(entity: JSON) -> bool:
    """A Unix time, and a format that Telegram documents: r|w?[dD]?[tT]?"""
    moment, shape = entity.get("unix_time"), entity.get("date_time_format", "")
    valid = isinstance(moment, int) and not isinstance(moment, bool) and moment >= 0
    return valid and re.fullmatch(r"r|w?[dD]?[tT]?", str(shape)) is not None


def check_markup(markup: Any) -> JSON | None:
    """An inline keyboard must be valid to the last button; other markups pass as they are."""
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not str(button.get("text", "")).strip():
                raise bad("can't parse inline keyboard button: Text must be non-empty")
            _check_button(button)
    return markup


def _check_button(button: JSON) -> None:
    data, url = button.get("callback_data"), button.get("url")
    if data is not None:
        if not 1 <= len(str(data).encode()) <= MAX_CALLBACK_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif url is not None:
        if not str(url).startswith(("http://", "https://", "tg://")):
            raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    elif not button.keys() & {"web_app", "copy_text", "switch_inline_query_current_chat"}:
        raise bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )


def check_reaction(reaction: Any) -> str:
    """The one emoji to show, or "" to take the reaction away."""
    if not reaction:
        return ""
    if len(reaction) > 1:
        raise bad("REACTIONS_TOO_MANY")
    emoji = str(reaction[0].get("emoji", "")).replace("\ufe0f", "")
    if reaction[0].get("type") != "emoji" or emoji not in REACTIONS:
        raise bad("REACTION_INVALID")
    return emoji


def _parse(text: str, mode: str) -> tuple[str, list[JSON]]:
    """Only HTML is parsed here; for the rest the fake says that it cannot, rather than guess."""
    if mode.upper() != "HTML":
        raise bad(f"unsupported parse_mode {mode!r} (this fake reads HTML and entities)")
    parser = _Html()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise bad(f"can't parse entities: Can't find end tag corresponding to {parser.open[-1][0]}")
    return "".join(parser.parts), parser.entities


class _Html(HTMLParser):
    """Telegram's small HTML: an unknown or unclosed tag is an error."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.entities: list[JSON] = []
        self.open: list[tuple[str, int, dict[str, str | None]]] = []
        self.at = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HTML_ENTITIES:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append((tag, self.at, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad(f'can\'t parse entities: Unexpected end tag "{tag}"')
        _, start, attrs = self.open.pop()
        entity: JSON = {
            "type": _HTML_ENTITIES[tag],
            "offset": start,
            "length": self.at - start,
        }
        if tag == "a":
            entity["url"] = attrs.get("href") or ""
        if "expandable" in attrs:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
        self.at += utf16(data)
