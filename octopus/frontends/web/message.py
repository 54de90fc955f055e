"""Takes messages over HTTP, and answers with the outcome or with the way to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Annotated, Any
from weakref import WeakValueDictionary

from loguru import logger
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from starlette.requests import Request
from starlette.responses import Response

from octopus.core.event import Event, Subscription
from octopus.core.outcome import Outcome
from octopus.errors import OctopusError
from octopus.frontends.web.answer import FAILED, BadRequest, Json, Unsupported, of_error
from octopus.frontends.web.backstage import Backstage, Curtain
from octopus.frontends.web.stream import EventStream, live, sent


def _whole(text: object) -> object:
    """Halves of surrogate pairs, which JSON can spell, become the replacement character."""
    if isinstance(text, str):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class Incoming(BaseModel):
    """The body of ``POST /api/messages``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[
        str,
        BeforeValidator(_whole),
        Field(min_length=1, max_length=100_000, description="the message"),
    ]
    conversation: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}\z"),
        Field(
            description="which talk it belongs to: 1 to 64 letters, digits, dots, - or _, "
            "not beginning with a dot"
        ),
    ] = "api"


class Messages:
    """``POST /api/messages``."""

    def __init__(self, backstage: Backstage, curtain: Curtain) -> None:
        self._backstage = backstage
        self._curtain = curtain
        self._doors: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def post(self, request: Request) -> Response:
        """The outcome as JSON, or as events where the caller accepts those."""
        incoming = await _read(request)
        conversation = f"http:{incoming.conversation}"
        if "text/event-stream" in request.headers.get("accept", ""):
            return EventStream(self._stages(incoming.text, conversation))
        async with self._asked(incoming.text, conversation) as (_, _, outcome):
            return Json((await self._curtain.unless_fallen(outcome)).as_json())

    async def _stages(self, text: str, conversation: str) -> AsyncIterator[str]:
        """The job's events, the reply as it grows, at last ``outcome`` or ``error``."""
        async with self._asked(text, conversation) as (job, subscription, outcome):
            if job is not None:
                async for line in self._until_done(job, subscription, outcome):
                    yield line
            try:
                yield sent("outcome", (await self._curtain.unless_fallen(outcome)).as_json())
            except OctopusError as error:
                _, name, message = of_error(error)
                yield sent("error", {"error": name, "message": message})
            except Exception:  # noqa: BLE001 - the status is sent already; the caller is told here
                logger.exception("a streamed message failed")
                yield sent("error", {"error": "OctopusError", "message": FAILED})

    async def _until_done(
        self, job: Event, subscription: Subscription, outcome: asyncio.Future[Outcome]
    ) -> AsyncIterator[str]:
        yield sent(job.type, _plain(job))
        end = Event("end", job.at)
        outcome.add_done_callback(lambda _: subscription.put(end))
        async for event in live(subscription, self._curtain):
            if event is None:
                yield ": still at it\n\n"
            elif event is end:
                return
            elif event.data.get("job") == job.data["job"]:
                yield sent(event.type, _plain(event))

    @asynccontextmanager
    async def _asked(
        self, text: str, conversation: str
    ) -> AsyncIterator[tuple[Event | None, Subscription, asyncio.Future[Outcome]]]:
        """Ask, and know which job it became.

        One message of a conversation is let in after the other, so that the first job accepted
        after it came is its own. Leaving the block early leaves the job alone.
        """
        door = self._doors.setdefault(conversation, asyncio.Lock())
        with ExitStack() as stack:
            async with door:
                subscription = stack.enter_context(self._backstage.bus.subscribe())
                outcome = asyncio.ensure_future(self._backstage.ask(text, conversation))
                stack.callback(_let_go, outcome)
                job = await _accepted(subscription, conversation, outcome)
            yield job, subscription, outcome


def _let_go(outcome: asyncio.Future[Outcome]) -> None:
    """Wait no longer; a failure that nobody waits for any more was logged where it happened."""
    if not outcome.cancel() and not outcome.cancelled():
        outcome.exception()


async def _accepted(
    subscription: Subscription, conversation: str, outcome: asyncio.Future[Outcome]
) -> Event | None:
    """The event of the job; None when the message was answered, or refused, without one."""
    while True:
        event = asyncio.create_task(subscription.get())
        either: set[asyncio.Future[Any]] = {event, outcome}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not event.done():
            event.cancel()
            return None
        found = event.result()
        if found.type == "job.accepted" and found.data.get("conversation") == conversation:
            return found


def _plain(event: Event) -> dict[str, Any]:
    return {"at": event.at.isoformat(), **event.data}


_WANTED = 'Send {"text": "...", "conversation": "..."}.'


async def _read(request: Request) -> Incoming:
    """The message in the body. Raises BadRequest naming each mistake, Unsupported."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Unsupported('Send JSON, with the header "Content-Type: application/json".')
    try:
        return Incoming.model_validate(json.loads(await request.body()))
    except (ValueError, RecursionError) as error:
        if not isinstance(error, ValidationError):
            raise BadRequest(f"This is not JSON. {_WANTED}") from None
        found = [
            ".".join(str(part) for part in item["loc"]) + ": " + item["msg"]
            if item["loc"]
            else item["msg"]
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise BadRequest(f"{'; '.join(found)}. {_WANTED}") from None
