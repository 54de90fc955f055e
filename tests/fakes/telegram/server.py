"""The fake Bot API as a server: HTTP in front of the world, and a door for the tests."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from aiohttp import web
from aiohttp.web_request import FileField

from tests.fakes.served import Served
from tests.fakes.telegram import control
from tests.fakes.telegram.faults import Fault, Faults, refusal
from tests.fakes.telegram.methods import METHODS
from tests.fakes.telegram.owner import Owner
from tests.fakes.telegram.rules import JSON, ApiError
from tests.fakes.telegram.world import Call, Poll

# Texts stay texts even when they look like JSON; everything else of a form is JSON.
_TEXTS = frozenset({
    "text", "caption", "callback_query_id", "file_id", "parse_mode", "action", "url", "title",
    "description", "language_code", "message_effect_id", "emoji", "name", "query",
})  # fmt: skip
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class FakeTelegram(Served, Owner):
    """A Bot API on 127.0.0.1 for one bot; ``async with FakeTelegram() as fake:``.

    ``fake.url`` is the base for ``TelegramAPIServer.from_base``. Nothing leaves the machine.
    """

    def __init__(self, *, port: int = 0, **settings: Any) -> None:
        super().__init__(**settings)
        self.faults = Faults()
        self.port = port
        self._silent = asyncio.Event()

    def make_runner(self) -> web.AppRunner:
        """With the Bot API, the files, and what other processes control it by."""
        app = web.Application(client_max_size=64 * 1024 * 1024, middlewares=[_cuts])
        app.router.add_route("*", "/bot{token}/{method}", self._api)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        control.add_routes(app, self)
        # A handler must not outlive its client for long: a stopped bot leaves its poll behind.
        return web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def __aexit__(self, *error: Any) -> None:
        self._wake()
        await super().__aexit__(*error)

    def release(self) -> None:
        """End every silence: the calls that hang are cut."""
        self._silent.set()
        self._silent = asyncio.Event()

    # -- requests ------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        if self.revoked or request.match_info["token"] != self.token:
            return _answer(ApiError(401, "Unauthorized").body(), 401)
        params = await _params(request)
        lower = request.match_info["method"].lower()
        if lower == "getupdates":
            return await self._get_updates(request, params)
        name, method = METHODS.get(lower, (request.match_info["method"], None))
        call = Call(len(self.calls), name, params, time.monotonic())
        self.calls.append(call)
        fault = self.faults.pick(name, params)
        self.touch()
        try:
            if fault is not None:
                await self._suffer(fault, request)
            if method is None:
                raise ApiError(404, "Not Found: method not found")
            call.result = result = method(self, params)
        except ApiError as error:
            call.code, call.description = error.code, error.description
            self.touch()
            return _answer(error.body(), error.code)
        call.code = 200
        self.accepted[name] += 1
        self.touch()
        if fault is not None and fault.kind == "cut_after":
            raise Cut
        return _answer({"ok": True, "result": result}, 200, fault)

    async def _get_updates(self, request: web.Request, params: JSON) -> web.StreamResponse:
        poll = Poll(time.monotonic(), params.get("offset"))
        self.polls.append(poll)
        fault = self.faults.pick("getUpdates", params)
        self.touch()
        try:
            if fault is not None:
                await self._suffer(fault, request)
            if self.webhook:
                raise ApiError(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; "
                    "use deleteWebhook to delete the webhook first",
                )
            batch = await self._batch(params)
        except ApiError as error:
            poll.code = error.code
            self.touch()
            return _answer(error.body(), error.code)
        poll.code = 200
        poll.given = [update["update_id"] for update in batch]
        self.touch()
        if fault is not None and fault.kind == "cut_after":
            raise Cut
        return _answer({"ok": True, "result": batch}, 200, fault)

    async def _batch(self, params: JSON) -> list[JSON]:
        allowed = params.get("allowed_updates")
        if allowed is not None:
            self.allowed = frozenset(allowed) if allowed else None
        self.confirm(params.get("offset"))
        limit = min(max(int(params.get("limit") or 100), 1), 100)
        return await self.fetch(limit, float(params.get("timeout") or 0))

    async def _suffer(self, fault: Fault, request: web.Request) -> None:
        """What happens before the method runs."""
        if fault.kind in ("flood", "status"):
            raise refusal(fault)
        if fault.kind == "cut_before":
            raise Cut
        if fault.kind == "silence":
            await self._silent.wait()
            raise Cut
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        call = Call(len(self.calls), "download", {"path": path}, time.monotonic(), 404)
        self.calls.append(call)
        stored = next((file for file in self.files.values() if file.path == path), None)
        if request.match_info["token"] != self.token or stored is None or stored.missing:
            return _answer(ApiError(404, "Not Found").body(), 404)
        fault = self.faults.pick("download", call.params)
        try:
            if fault is not None:
                await self._suffer(fault, request)
        except ApiError as error:
            return _answer(error.body(), error.code)
        if fault is not None and fault.kind == "cut_after":
            await _cut_midway(request, stored.data)
        call.code = 200
        self.touch()
        return web.Response(body=stored.data, content_type="application/octet-stream")


async def _cut_midway(request: web.Request, data: bytes) -> NoReturn:
    response = web.StreamResponse(headers={"Content-Length": str(len(data) or 1)})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    raise Cut


class Cut(Exception):
    """The connection is to break: the client sees a reset instead of an answer."""


@web.middleware
async def _cuts(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except Cut:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _answer(body: JSON, status: int, fault: Fault | None = None) -> web.Response:
    text = "<html>oops" if fault is not None and fault.kind == "garbage" else _dumps(body)
    return web.Response(
        body=text.encode("utf-8", "surrogatepass"), status=status, content_type="application/json"
    )


async def _params(request: web.Request) -> JSON:
    """Parameters from the query string, a form, a multipart form with files, or JSON."""
    params: JSON = {key: _value(key, value) for key, value in request.query.items()}
    if request.content_type == "application/json":
        body = await request.json()
        params.update(body)
        return params
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        files: dict[str, tuple[str, bytes]] = {}
        form = await request.post()
        for key, value in form.items():
            if isinstance(value, FileField):
                files[key] = (value.filename, value.file.read())
            else:
                params[key] = _value(key, str(value))
        _attach(params, files)
    return params


def _value(key: str, value: str) -> Any:
    if key in _TEXTS:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _attach(params: JSON, files: dict[str, tuple[str, bytes]]) -> None:
    """Put uploaded files where the parameters name them (``attach://key``) or by their field."""
    for key, value in list(params.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            params[key] = files.pop(value.removeprefix("attach://"), None)
    params.update(files)
