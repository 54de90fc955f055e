"""Server-sent events: as they happen, and again for those who were away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from octopus.core.event import Event, Subscription
from octopus.core.ports import Events
from octopus.frontends.web.answer import BadRequest
from octopus.frontends.web.backstage import Backstage, Curtain

#: Seconds of silence after which a comment is sent, so that proxies keep the line open.
HEARTBEAT = 15.0
_PAGE = 500


class EventStream(StreamingResponse):
    """A response of server-sent events, kept out of every cache and buffer."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[str]) -> None:
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def sent(type_: str, data: Any, event_id: int = 0) -> str:
    """One event as it goes over the line. JSON has no line breaks, so nothing can be forged."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {type_}\ndata: {json.dumps(data)}\n\n"


def _event(event: Event) -> str:
    data = {"id": event.id or None, "at": event.at.isoformat(), **event.data}
    return sent(event.type, data, event.id)


class Follower:
    """Follows the events for one listener without a gap.

    Kept events are numbered: where a number is skipped (the listener was slow, or the kept
    events of an earlier time are wanted) they are read from the journal.
    """

    def __init__(self, backstage: Backstage, curtain: Curtain, types: Collection[str]) -> None:
        self._backstage = backstage
        self._curtain = curtain
        self._types = types

    async def follow(self, after: int | None) -> AsyncIterator[str]:
        """Everything after this id, then all that happens; without an id only the latter."""
        with self._backstage.bus.subscribe() as subscription:
            yield ": this is where the events begin\n\n"
            last = after
            if last is not None:
                async for event in _kept(self._backstage.events, last):
                    last = event.id
                    if self._wanted(event):
                        yield _event(event)
            async for found in live(subscription, self._curtain):
                if found is None:
                    yield ": nothing new\n\n"
                elif found.id == 0:
                    if self._wanted(found):
                        yield _event(found)
                elif last is None or found.id == last + 1:
                    last = found.id
                    if self._wanted(found):
                        yield _event(found)
                elif found.id > last:
                    async for event in _kept(self._backstage.events, last):
                        last = event.id
                        if self._wanted(event):
                            yield _event(event)

    def _wanted(self, event: Event) -> bool:
        """Types are whole names, or the part before a dot."""
        return not self._types or any(
            event.type == wanted or event.type.startswith(f"{wanted}.") for wanted in self._types
        )


async def _kept(events: Events, after: int) -> AsyncIterator[Event]:
    while page := await events.after(after, _PAGE):
        for event in page:
            yield event
        after = page[-1].id


async def live(subscription: Subscription, curtain: Curtain) -> AsyncIterator[Event | None]:
    """Events until we stop; None after each heartbeat of silence."""
    falls = asyncio.create_task(curtain.wait())
    get: asyncio.Task[Event] | None = None
    try:
        while not falls.done():
            get = get or asyncio.create_task(subscription.get())
            await asyncio.wait({get, falls}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            if get.done():
                event, get = get.result(), None
                yield event
            elif not falls.done():
                yield None
    finally:
        falls.cancel()
        if get is not None:
            get.cancel()


def stream_events(request: Request, backstage: Backstage, curtain: Curtain) -> Response:
    """``GET /api/events?after=ID&types=a,b``. A returning browser sends Last-Event-ID instead."""
    given = request.headers.get("last-event-id") or request.query_params.get("after")
    if given is not None and not (given.isascii() and given.isdigit() and len(given) < 19):
        raise BadRequest('"after" must be the id of an event, a number such as 0.')
    types = [name for name in request.query_params.get("types", "").split(",") if name]
    after = int(given) if given is not None else None
    return EventStream(Follower(backstage, curtain, types).follow(after))
