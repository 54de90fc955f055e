"""What is shown in a chat, as calls that do not fail over an ornament."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from octopus.core.message import Button
from octopus.frontends.telegram.address import chat_of, place
from octopus.frontends.telegram.api import Api, ApiError, Fault, Upload
from octopus.frontends.telegram.render import Part, keyboard

log = logging.getLogger(__name__)

# On every text: a preview would fetch its links from Telegram's servers, and so tell others.
_NO_PREVIEW = {"is_disabled": True}

# Refusals that no simpler call can mend.
_FINAL = (
    "chat not found",
    "user is deactivated",
    "peer_id_invalid",
    "upgraded to a supergroup",
    "text is empty",
    "too long",
)
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message",
)
# What a refusal is about, by words of its description; in this order where they say nothing.
_ORNAMENTS = {
    "entities": ("entit",),
    "caption_entities": ("entit",),
    "reply_parameters": ("repl",),
    "reply_markup": ("button", "keyboard", "markup"),
}


class Calls:
    """The calls that write into chats. Each raises ApiError."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def send(
        self,
        where: str,
        part: Part,
        *,
        answers: str = "",
        buttons: Sequence[Button] = (),
        silent: bool = False,
    ) -> str:
        """A new message; returns its id. A silent one arrives without a sound."""
        params = {**place(where), **_text(part, buttons)}
        if silent:
            params["disable_notification"] = True
        if answers.isdecimal():
            params["reply_parameters"] = {
                "message_id": int(answers),
                "allow_sending_without_reply": True,
            }
        return _id(await self._simpler("SendMessage", params))

    async def send_file(
        self,
        where: str,
        upload: Upload,
        part: Part,
        *,
        photo: bool,
        answers: str = "",
        buttons: Sequence[Button] = (),
    ) -> str:
        """A file with words under it, a photo shown as one; returns the id of its message.

        What Telegram does not take for a photo goes as a file (Bot API: sendPhoto has limits).
        """
        said = {"caption": part.text} | (
            {"caption_entities": list(part.entities)} if part.entities else {}
        )
        keys = {"reply_markup": {"inline_keyboard": keyboard(buttons)}} if buttons else {}
        params: dict[str, Any] = {**place(where), **said, **keys}
        if answers.isdecimal():
            reply = {"message_id": int(answers), "allow_sending_without_reply": True}
            params["reply_parameters"] = reply
        if photo:
            try:
                return _id(await self._api.call("SendPhoto", patience=60.0, photo=upload, **params))
            except ApiError as error:
                if error.fault is not Fault.REFUSED or error.says(*_FINAL):
                    raise
        return _id(await self._simpler("SendDocument", params | {"document": upload}, 60.0))

    async def edit(
        self, where: str, message_id: str, part: Part, buttons: Sequence[Button] = ()
    ) -> bool:
        """Change a message; False when it cannot be changed (any more)."""
        if not message_id.isdecimal():
            return False
        params = {
            "chat_id": chat_of(where),
            "message_id": int(message_id),
            **_text(part, buttons),
        }
        try:
            await self._simpler("EditMessageText", params)
        except ApiError as error:
            if error.fault is Fault.REFUSED and error.says("message is not modified"):
                return True
            if error.fault is Fault.REFUSED and error.says(*_NOT_EDITABLE):
                return False
            raise
        return True

    async def react(self, where: str, message_id: str, emoji: str) -> None:
        """Put an emoji on a message."""
        await self._api.call(
            "SetMessageReaction",
            chat_id=chat_of(where),
            message_id=int(message_id),
            reaction=[{"type": "emoji", "emoji": emoji}],
        )

    async def pin(self, where: str, message_id: str, *, on: bool = True) -> None:
        """Keep a message at the top of the chat without a sound, or no longer (Bot API 9.5)."""
        params: dict[str, Any] = {"chat_id": chat_of(where), "message_id": int(message_id)}
        if on:
            await self._api.call("PinChatMessage", **params, disable_notification=True)
        else:
            await self._api.call("UnpinChatMessage", **params)

    async def draft(self, where: str, number: int, part: Part) -> None:
        """Show a text that is being written; it vanishes by itself after half a minute."""
        params = {**place(where), "draft_id": number, "text": part.text}
        if part.entities:
            params["entities"] = list(part.entities)
        await self._api.call("SendMessageDraft", patience=10.0, **params)

    async def typing(self, where: str) -> None:
        """Say that an answer is on its way; lasts five seconds."""
        await self._api.call("SendChatAction", patience=10.0, **place(where), action="typing")

    async def _simpler(self, method: str, params: dict[str, Any], patience: float = 30.0) -> Any:
        """Call, leaving out one ornament after the other while the call is refused for it."""
        while True:
            try:
                return await self._api.call(method, patience=patience, **params)
            except ApiError as error:
                ornament = _culprit(error, params)
                if ornament is None:
                    raise
                log.info("%s again without %s: %s", method, ornament, error.description)
                del params[ornament]


def _id(result: Any) -> str:
    if not isinstance(result, dict) or "message_id" not in result:
        raise ApiError(Fault.BROKEN, "the answer names no message")
    return str(result["message_id"])


def _text(part: Part, buttons: Sequence[Button]) -> dict[str, Any]:
    params: dict[str, Any] = {"text": part.text, "link_preview_options": _NO_PREVIEW}
    if part.entities:
        params["entities"] = list(part.entities)
    if buttons:
        params["reply_markup"] = {"inline_keyboard": keyboard(buttons)}
    return params


def _culprit(error: ApiError, params: dict[str, Any]) -> str | None:
    """The ornament to leave out; None when the refusal is about something else."""
    harmless = error.says("message is not modified", *_FINAL, *_NOT_EDITABLE)
    if error.fault is not Fault.REFUSED or harmless:
        return None
    present = [name for name in _ORNAMENTS if name in params]
    named = [name for name in present if error.says(*_ORNAMENTS[name])]
    return next(iter(named or present), None)
