"""The bot over HTTP: JSON out, plain values in, and the token never in anything that is said."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from octopus.frontends.telegram.api import MAX_DOWNLOAD, Api, ApiError, Fault
from octopus.frontends.telegram.door import open_api
from tests.fakes.telegram import OWNER, FakeTelegram

TOKEN = "7000:TEST"


@asynccontextmanager
async def opened(url: str, token: str = TOKEN) -> AsyncIterator[Api]:
    api = open_api(token, url)
    try:
        yield api
    finally:
        await api.close()


@pytest.fixture
async def api(fake: FakeTelegram) -> AsyncIterator[Api]:
    async with opened(fake.url) as api:
        yield api


@asynccontextmanager
async def server(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    """A server that is no Bot API."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_method_goes_out_as_json_and_comes_back_as_plain_values() -> None:
    seen: list[tuple[str, str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.path, request.content_type, await request.text()))
        return web.json_response({"ok": True, "result": {"message_id": 5, "odd": [1]}})

    async with server(answer) as url, opened(url) as api:
        result = await api.call(
            "SendMessage",
            chat_id=OWNER,
            text="héllo 🐙",
            link_preview_options={"is_disabled": True},
            reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
        )
    assert result == {"message_id": 5, "odd": [1]}, "nothing is validated, nothing is lost"
    [(path, content_type, body)] = seen
    assert (path, content_type) == (f"/bot{TOKEN}/sendMessage", "application/json")
    assert json.loads(body) == {
        "chat_id": OWNER,
        "text": "héllo 🐙",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
    }


async def test_false_and_zero_are_sent_too() -> None:
    bodies = []

    async def answer(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        return web.json_response({"ok": True, "result": True})

    async with server(answer) as url, opened(url) as api:
        await api.call("DeleteWebhook", drop_pending_updates=False)
        await api.call("GetUpdates", offset=0, timeout=0)
    assert bodies == [{"drop_pending_updates": False}, {"offset": 0, "timeout": 0}]


async def test_uploads_go_out_as_a_form(fake: FakeTelegram) -> None:
    from aiogram import Bot, methods, types
    from aiogram.client.telegram import TelegramAPIServer

    from octopus.frontends.telegram.session import JsonSession

    session = JsonSession(api=TelegramAPIServer.from_base(fake.url))
    bot = Bot(TOKEN, session=session)
    file = types.BufferedInputFile(b"%PDF", filename="a.pdf")
    result = await bot(methods.SendDocument(chat_id=OWNER, document=file, caption="two words"))
    assert session._session is not None
    await session._session.close()
    shown = fake.shown()[0]
    assert shown["caption"] == "two words"
    assert fake.files[shown["document"]["file_id"]].data == b"%PDF"
    assert result["message_id"] == shown["message_id"]  # type: ignore[index]


async def test_bot_id_is_the_number_of_the_token(api: Api) -> None:
    assert api.bot_id == 7000


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (400, Fault.REFUSED),
        (401, Fault.TOKEN),
        (403, Fault.FORBIDDEN),
        (404, Fault.REFUSED),
        (409, Fault.CONFLICT),
        (500, Fault.SERVER),
        (502, Fault.SERVER),
    ],
)
async def test_refusals(fake: FakeTelegram, api: Api, code: int, fault: Fault) -> None:
    fake.faults.add("status", "sendMessage", code=code, description="because")
    with pytest.raises(ApiError) as raised:
        await api.call("SendMessage", chat_id=OWNER, text="x")
    assert (raised.value.fault, raised.value.code) == (fault, code)
    assert raised.value.description == "because"


async def test_flood_names_the_seconds(fake: FakeTelegram, api: Api) -> None:
    fake.faults.add("flood", "sendMessage", seconds=17)
    with pytest.raises(ApiError) as raised:
        await api.call("SendMessage", chat_id=OWNER, text="x")
    assert (raised.value.fault, raised.value.retry_after) == (Fault.WAIT, 17.0)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage"])
async def test_a_broken_connection_is_in_doubt(fake: FakeTelegram, api: Api, kind: str) -> None:
    fake.faults.add(kind, "sendMessage")  # type: ignore[arg-type]
    with pytest.raises(ApiError) as raised:
        await api.call("SendMessage", chat_id=OWNER, text="x")
    assert raised.value.fault is Fault.BROKEN


async def test_silence_ends_with_patience(fake: FakeTelegram, api: Api) -> None:
    fake.faults.add("silence", "sendMessage")
    with pytest.raises(ApiError) as raised:
        await api.call("SendMessage", patience=0.1, chat_id=OWNER, text="x")
    assert raised.value.fault is Fault.BROKEN


async def test_nobody_there_is_not_in_doubt() -> None:
    with socket.socket() as held:  # bound, so that nobody else gets the port, and not listening
        held.bind(("127.0.0.1", 0))
        async with opened(f"http://127.0.0.1:{held.getsockname()[1]}") as api:
            with pytest.raises(ApiError) as raised:
                await api.call("SendMessage", chat_id=OWNER, text="x")
    assert raised.value.fault is Fault.UNREACHABLE


@pytest.mark.parametrize(
    "body", ["[]", '{"ok": "yes"}', "null", '{"ok": true', "", '{"result": 1}']
)
async def test_an_answer_that_is_none(body: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=body)

    async with server(answer) as url, opened(url) as api:
        with pytest.raises(ApiError) as raised:
            await api.call("SendMessage", chat_id=OWNER, text="x")
    assert raised.value.fault is Fault.BROKEN


async def test_parameters_that_a_method_does_not_take(api: Api) -> None:
    with pytest.raises(ApiError) as raised:
        await api.call("SendMessage", chat_id=OWNER, text="secret \ud800 words", entities="no")
    assert raised.value.fault is Fault.REFUSED
    assert "entities" in str(raised.value)
    assert "secret" not in str(raised.value), "the owner's words do not belong into a log"


async def test_download(fake: FakeTelegram, api: Api) -> None:
    fake.document(data=b"x" * 300_000)
    file_id = next(iter(fake.files))
    file = await api.call("GetFile", file_id=file_id)
    assert await api.download(file["file_path"]) == b"x" * 300_000


async def test_download_of_more_than_is_allowed() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(MAX_DOWNLOAD // (1 << 20) + 2):
            await response.write(b"\0" * (1 << 20))
        return response

    async with server(answer) as url, opened(url) as api:
        with pytest.raises(ApiError) as raised:
            await api.download("big")
    assert raised.value.fault is Fault.REFUSED


async def test_cancelling_a_call_is_not_an_error_of_ours(fake: FakeTelegram, api: Api) -> None:
    task = asyncio.create_task(api.call("GetUpdates", timeout=30))
    await fake.wait_for(lambda: fake.polls)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "garbage", "status", "flood"])
@pytest.mark.parametrize("method", ["SendMessage", "download"])
async def test_the_token_is_in_no_text_and_no_traceback(
    fake: FakeTelegram, kind: str, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "7000:CANARY-0123456789-abcdefghijklmnop"
    fake.token = canary
    caplog.set_level(logging.DEBUG)
    fake.document(data=b"x" * 1000)
    path = next(iter(fake.files.values())).path
    fake.faults.add(kind, method, code=404, count=None)  # type: ignore[arg-type]
    said = ""
    async with opened(fake.url, canary) as api:
        try:
            if method == "download":
                await api.download(path if kind != "status" else "gone")
            else:
                await api.call(method, chat_id=OWNER, text="x")
        except ApiError as error:
            said = "".join(traceback.format_exception(error)) + repr(error.__context__)
    assert said or (kind, method) == ("garbage", "download"), "a file is what it is"
    assert "CANARY" not in said + caplog.text


async def test_the_token_is_not_in_errors_of_the_network(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "7000:CANARY-0123456789-abcdefghijklmnop"
    for url in ("http://127.0.0.1:1", "http://no such host", "http://[::bad"):
        async with opened(url, canary) as api:
            for call in (api.call("GetMyCommands"), api.download("x")):
                with pytest.raises(ApiError) as raised:
                    await call
                said = "".join(traceback.format_exception(raised.value))
                assert "CANARY" not in said + caplog.text
