"""The Bot API's methods: each takes the world and its parameters, and answers or refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram.owner import Owner
from tests.fakes.telegram.rules import (
    CHAT_ACTIONS,
    JSON,
    MAX_CAPTION,
    MAX_DOWNLOAD,
    ApiError,
    bad,
    check_markup,
    check_reaction,
    check_text,
    utf16,
)
from tests.fakes.telegram.world import Chat

Method = Callable[[Owner, JSON], Any]
_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
_MARKUP_SAME = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


def get_me(world: Owner, params: JSON) -> JSON:
    return {
        **world.bot,
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_webhook(world: Owner, params: JSON) -> bool:
    world.webhook = str(params.get("url", ""))
    return True


def delete_webhook(world: Owner, params: JSON) -> bool:
    world.webhook = ""
    if params.get("drop_pending_updates"):
        world.dropped += world.pending
        world.confirm(1 << 60)
    return True


def get_webhook_info(world: Owner, params: JSON) -> JSON:
    return {
        "url": world.webhook,
        "has_custom_certificate": False,
        "pending_update_count": world.pending,
    }


def set_my_commands(world: Owner, params: JSON) -> bool:
    commands = params.get("commands") or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for item in commands:
        if not _COMMAND.match(str(item.get("command", "")).removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(item.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(params)] = commands
    return True


def get_my_commands(world: Owner, params: JSON) -> list[JSON]:
    return world.commands.get(_scope(params), [])


def delete_my_commands(world: Owner, params: JSON) -> bool:
    world.commands.pop(_scope(params), None)
    return True


def _scope(params: JSON) -> str:
    scope = (params.get("scope") or {}).get("type", "default")
    return f"{scope}/{params.get('language_code', '')}".rstrip("/")


def send_message(world: Owner, params: JSON) -> JSON:
    chat = world.chat(params.get("chat_id"))
    text, entities = check_text(params)
    fields: JSON = {"text": text}
    if entities:
        fields["entities"] = entities
    if options := params.get("link_preview_options"):
        fields["link_preview_options"] = options
    return _post(world, chat, params, fields)


def _post(world: Owner, chat: Chat, params: JSON, fields: JSON) -> JSON:
    """Show a message of the bot. Everything is checked before anything is shown."""
    markup = check_markup(params.get("reply_markup"))
    answered = _answered(chat, params)
    message: JSON = {
        "message_id": next(world.message_ids),
        "from": world.bot,
        "chat": chat.data,
        "date": int(world.now()),
        **fields,
    }
    if answered is not None:
        message["reply_to_message"] = answered
    if markup and "inline_keyboard" in markup:
        message["reply_markup"] = markup
    if "message_thread_id" in params:
        message["message_thread_id"] = params["message_thread_id"]
    chat.messages[message["message_id"]] = message
    return message


def _answered(chat: Chat, params: JSON) -> JSON | None:
    reply = params.get("reply_parameters") or {}
    message_id = reply.get("message_id", params.get("reply_to_message_id"))
    if message_id is None:
        return None
    message = chat.messages.get(message_id)
    if message is None:
        if reply.get("allow_sending_without_reply") or params.get("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def send_message_draft(world: Owner, params: JSON) -> bool:
    if not world.drafts_work:
        raise ApiError(404, "Not Found: method not found")
    chat = world.chat(params.get("chat_id"))
    if chat.data["type"] != "private":
        raise bad("TEXTDRAFT_PEER_INVALID")
    if not params.get("draft_id"):
        raise bad("draft_id must be non-zero")
    text = ""
    if params.get("text"):
        text, _ = check_text(params)
    chat.drafts.append({"draft_id": params["draft_id"], "text": text})
    return True


def send_chat_action(world: Owner, params: JSON) -> bool:
    chat = world.chat(params.get("chat_id"))
    if params.get("action") not in CHAT_ACTIONS:
        raise bad("wrong parameter action in request")
    chat.actions.append(params["action"])
    return True


def _own(world: Owner, params: JSON, what: str) -> JSON:
    """The bot's own message that is to be changed."""
    chat = world.chat(params.get("chat_id"))
    message = chat.messages.get(params.get("message_id", 0))
    if message is None:
        raise bad(f"message to {what} not found")
    if message["from"]["id"] != world.bot["id"]:
        raise bad(f"message can't be {what}ed")
    return message


def edit_message_text(world: Owner, params: JSON) -> JSON:
    message = _own(world, params, "edit")
    if "text" not in message:
        raise bad("there is no text in the message to edit")
    text, entities = check_text(params)
    return _change(message, params, {"text": text, "entities": entities or None})


def edit_message_caption(world: Owner, params: JSON) -> JSON:
    message = _own(world, params, "edit")
    text, entities = check_text(params, what="caption", limit=MAX_CAPTION)
    return _change(message, params, {"caption": text, "caption_entities": entities or None})


def edit_message_reply_markup(world: Owner, params: JSON) -> JSON:
    return _change(_own(world, params, "edit"), params, {})


def _change(message: JSON, params: JSON, fields: JSON) -> JSON:
    markup = check_markup(params.get("reply_markup"))
    if markup is not None and not markup.get("inline_keyboard"):
        markup = None
    fields = {**fields, "reply_markup": markup}
    if all(message.get(name) == value for name, value in fields.items()):
        raise bad(_MARKUP_SAME)
    for name, value in fields.items():
        if value is None:
            message.pop(name, None)
        else:
            message[name] = value
    message["edit_date"] = max(message["date"], message.get("edit_date", 0)) + 1
    return message


def delete_message(world: Owner, params: JSON) -> bool:
    chat = world.chat(params.get("chat_id"))
    message_id = params.get("message_id", 0)
    if message_id not in chat.messages:
        raise bad("message to delete not found")
    if chat.messages[message_id]["date"] < world.now() - 48 * 3600:
        raise bad("message can't be deleted for everyone")
    chat.deleted.append(chat.messages.pop(message_id))
    return True


def set_message_reaction(world: Owner, params: JSON) -> bool:
    chat = world.chat(params.get("chat_id"))
    emoji = check_reaction(params.get("reaction"))
    message_id = params.get("message_id", 0)
    if message_id not in chat.messages:
        raise bad("message to react not found")
    if emoji:
        chat.reactions[message_id] = emoji
    else:
        chat.reactions.pop(message_id, None)
    return True


def answer_callback_query(world: Owner, params: JSON) -> bool:
    query = str(params.get("callback_query_id", ""))
    if query not in world.queries:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if utf16(str(params.get("text", ""))) > 200:
        raise bad("MESSAGE_TOO_LONG")
    world.answers[query] = params
    return True


def pin_chat_message(world: Owner, params: JSON) -> bool:
    chat = world.chat(params.get("chat_id"))
    if params.get("message_id") not in chat.messages:
        raise bad("message to pin not found")
    chat.pinned.append(params["message_id"])
    return True


def unpin_chat_message(world: Owner, params: JSON) -> bool:
    chat = world.chat(params.get("chat_id"))
    message_id = params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(message_id)
    return True


def get_chat(world: Owner, params: JSON) -> JSON:
    chat = world.chat(params.get("chat_id"))
    return {
        **chat.data,
        "accent_color_id": 0,
        "max_reaction_count": 1,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def _send_file(kind: str) -> Method:
    def send(world: Owner, params: JSON) -> JSON:
        chat = world.chat(params.get("chat_id"))
        text, entities = check_text(params, what="caption", limit=MAX_CAPTION)
        file = _incoming(world, params.get(kind), kind)
        fields: JSON = {kind: file}
        if text:
            fields |= {"caption": text, "caption_entities": entities}
        return _post(world, chat, params, fields)

    return send


def _incoming(world: Owner, value: Any, kind: str) -> Any:
    """A file that the bot sends: uploaded bytes, or the id of a file that is there already."""
    if isinstance(value, tuple):
        name, data = value
        if not data:
            raise bad("file must be non-empty")
        stored = world.store(data, f"{kind}s/{name}")
    elif isinstance(value, str) and value in world.files:
        name = world.files[value].path.rpartition("/")[2]
        known = world.files[value]
        stored = {"file_id": value, "file_unique_id": known.unique_id, "file_size": known.size}
    elif value:
        raise bad("wrong remote file identifier specified: Wrong padding in the string")
    else:
        raise bad(f"there is no {kind} in the request")
    if kind == "photo":
        return [{**stored, "width": 1280, "height": 960}]
    if kind in ("voice", "audio"):
        return {**stored, "duration": 1}
    return {**stored, "file_name": name}


def get_file(world: Owner, params: JSON) -> JSON:
    file_id = str(params.get("file_id", ""))
    stored = world.files.get(file_id)
    if stored is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if stored.size > MAX_DOWNLOAD:
        raise bad("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


_ALL: dict[str, Method] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "getChat": get_chat,
    "sendDocument": _send_file("document"),
    "sendPhoto": _send_file("photo"),
    "sendVoice": _send_file("voice"),
    "sendAudio": _send_file("audio"),
    "getFile": get_file,
}

# Method names are case-insensitive (Bot API: Making requests).
METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method) for name, method in _ALL.items()
}
