"""The door for tests that run the fake as a process of its own: ``/_control/...``, JSON in and out.

``POST /_control/do {"name": "owner_says", "args": ["hello"], "kwargs": {}}`` does one thing,
``POST /_control/wait {"what": "pending", "is": 0, "timeout": 5}`` waits for a figure,
``GET /_control/report`` tells everything that was recorded.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.telegram.faults import Pace
from tests.fakes.telegram.rules import JSON
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

ACTIONS = frozenset({
    "owner_says", "says_many", "stranger_says", "group_says", "channel_posts", "send", "edit",
    "press", "forge_press", "reacts", "malformed_update", "photo", "document", "voice", "album",
    "forward", "block", "delete", "queue", "queue_raw", "restart_update_ids", "advance", "release",
    "texts", "shown", "answers_to", "reaction", "with_button", "repeats", "summary", "polled_after",
})  # fmt: skip


def add_routes(app: web.Application, fake: FakeTelegram) -> None:
    """Add the control routes for this fake."""
    door = _Door(fake)
    app.router.add_post("/_control/do", door.do)
    app.router.add_post("/_control/wait", door.wait)
    app.router.add_post("/_control/fault", door.fault)
    app.router.add_post("/_control/set", door.set)
    app.router.add_get("/_control/report", door.report)
    app.router.add_get("/_control/figures", door.figures)


class _Door:
    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake

    async def do(self, request: web.Request) -> web.Response:
        """Call one of the methods for tests."""
        body = await request.json()
        if body["name"] not in ACTIONS:
            return web.json_response({"error": f"no action {body['name']!r}"}, status=404)
        try:
            result = getattr(self.fake, body["name"])(*body.get("args", ()), **_unpack(body))
        except (LookupError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response({"result": result})

    async def fault(self, request: web.Request) -> web.Response:
        """Add a fault; an empty body clears all of them."""
        body = await request.json()
        if body:
            self.fake.faults.add(body.pop("kind"), *body.pop("methods", ()), **body)
        else:
            self.fake.faults.clear()
        return web.json_response({"result": len(self.fake.faults.rules)})

    async def set(self, request: web.Request) -> web.Response:
        """Switch ``revoked`` or ``drafts_work``; ``pace`` is ``[interval, burst]``."""
        body = await request.json()
        if "pace" in body:
            self.fake.faults.pace = Pace(*body["pace"]) if body["pace"] else None
        for name in ("revoked", "drafts_work"):
            if name in body:
                setattr(self.fake, name, bool(body[name]))
        return web.json_response({"result": True})

    async def wait(self, request: web.Request) -> web.Response:
        """Wait until a figure equals ``is`` or is at least ``at_least``; 408 when it does not."""
        body = await request.json()
        what, exact, least = body["what"], body.get("is"), body.get("at_least")

        def reached() -> bool:
            figure = figures(self.fake)[what]
            return bool(figure == exact if least is None else figure >= least)

        try:
            await self.fake.wait_for(reached, body.get("timeout", PATIENCE))
        except TimeoutError as error:
            return web.json_response({"error": str(error)}, status=408)
        return web.json_response({"result": figures(self.fake)})

    async def figures(self, request: web.Request) -> web.Response:
        """A few numbers, cheap to ask for."""
        return web.json_response({"result": figures(self.fake)})

    async def report(self, request: web.Request) -> web.Response:
        """Everything that was recorded, for comparing with what should be."""
        body = await asyncio.to_thread(report, self.fake)
        return web.json_response({"result": body})


def _unpack(body: JSON) -> JSON:
    """Keyword arguments; ``data_b64`` stands for bytes."""
    kwargs: JSON = dict(body.get("kwargs", {}))
    if "data_b64" in kwargs:
        kwargs["data"] = base64.b64decode(kwargs.pop("data_b64"))
    return kwargs


def figures(fake: FakeTelegram) -> dict[str, int]:
    """Counters that a driver waits for."""
    return {
        "pending": fake.pending,
        "calls": len(fake.calls),
        "sent": fake.accepted["sendMessage"],
        "polls": len(fake.polls),
        "shown": sum(len(chat.messages) for chat in fake.chats.values()),
        "reactions": sum(len(chat.reactions) for chat in fake.chats.values()),
        "answers": len(fake.answers),
        "early": fake.faults.early,
        "expired": fake.expired,
        "dropped": fake.dropped,
    }


def report(fake: FakeTelegram) -> JSON:
    """The whole record as JSON."""
    chats: dict[str, Any] = {}
    for number, chat in list(fake.chats.items()):
        chats[str(number)] = {
            "messages": list(chat.messages.values()),
            "deleted": list(chat.deleted),
            "reactions": {str(key): emoji for key, emoji in list(chat.reactions.items())},
            "drafts": list(chat.drafts),
            "actions": list(chat.actions),
        }
    calls = [
        {
            "number": call.number,
            "method": call.method,
            "chat_id": call.params.get("chat_id"),
            "text": call.params.get("text"),
            "message_id": call.params.get("message_id"),
            "at": call.at,
            "code": call.code,
            "description": call.description,
            "result_id": call.result.get("message_id") if isinstance(call.result, dict) else None,
        }
        for call in list(fake.calls)
    ]
    polls = [asdict(poll) for poll in list(fake.polls)]
    return {
        "bot": fake.bot["id"],
        "figures": figures(fake),
        "chats": chats,
        "calls": calls,
        "polls": polls,
        "sent_at": {str(key): at for key, at in list(fake.sent_at.items())},
        "answers": dict(fake.answers),
    }
