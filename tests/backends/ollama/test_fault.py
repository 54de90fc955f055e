"""What goes wrong with Ollama: each fault ends in an answer or in one named error."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from octopus.backends.ollama import OllamaModel, OllamaSettings
from octopus.backends.ollama.fault import (
    Broken,
    Busy,
    NotInstalled,
    OutOfMemory,
    Silent,
    Unreachable,
)
from octopus.core.ports import Turn
from octopus.errors import ModelFailed, ModelUnavailable
from tests.backends.ollama.conftest import Make
from tests.fakes.idle import idle_time
from tests.fakes.ollama import MODEL, FakeOllama, busy, out_of_memory
from tests.fakes.ollama import Turn as Said

HELLO = [Turn("user", "hello")]
SHORT = {"first_token_timeout": 0.3, "token_timeout": 0.3}


@pytest.fixture(autouse=True)
async def nobody_waits(fake: FakeOllama) -> AsyncIterator[None]:
    """Limits are reached once nothing else can happen, and never because of a busy machine."""
    with idle_time():
        yield


@asynccontextmanager
async def answering(data: bytes, *, then_wait: bool = False) -> AsyncIterator[str]:
    """A server that says the same to everything, and then closes or waits for ever."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(data)
            await writer.drain()
            if then_wait:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


# -- silence, phase by phase -------------------------------------------------------------------


async def test_nobody_listens(make: Make) -> None:
    with socket.socket() as held:  # bound, so that nobody else gets the port, and not listening
        held.bind(("127.0.0.1", 0))
        model = make(url=f"http://127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(ModelUnavailable, match="No model server answers at http://127"):
            await model.chat(HELLO)
        assert (await model.status()).startswith("none: No model server answers")


async def test_the_connection_is_taken_and_nothing_comes(make: Make) -> None:
    async with answering(b"", then_wait=True) as url:
        model = make(url=url, probe_timeout=0.3)
        with pytest.raises(ModelUnavailable, match="does not answer"):
            await model.chat(HELLO)
        assert "none" in await model.status() or "no answer" in await model.status()


@pytest.mark.parametrize("phase", ["connect", "first"])
async def test_a_loaded_model_does_not_begin(fake: FakeOllama, make: Make, phase: str) -> None:
    fake.loaded[MODEL] = 8192
    fake.otherwise = lambda asked: Said("never", hang="connect" if phase == "connect" else "first")
    with pytest.raises(Silent, match="did not begin"):
        await make(**SHORT).chat(HELLO)
    assert len(fake.asked) == 2  # tried once more, then said so


async def test_silence_in_the_middle(fake: FakeOllama, make: Make) -> None:
    fake.otherwise = lambda asked: Said("It is four, of course.", hang="middle", piece=4)
    seen: list[str] = []
    with pytest.raises(Silent, match="fell silent"):
        await make(**SHORT).chat(HELLO, on_text=seen.append)
    assert seen == ["It i", "It i"]


async def test_silence_before_the_end(make: Make) -> None:
    """Everything was said but that it is done: still not an answer."""
    chat = b'{"model":"m","message":{"role":"assistant","content":"Four."},"done":false}\n'
    bodies = {b"/api/tags": b'{"models":[{"name":"m:1b"}]}', b"/api/ps": b'{"models":[]}'}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        body = bodies.get(path, chat)
        length = len(body) if path in bodies else 999
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n%b" % (length, body))
        if path not in bodies:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    seen: list[str] = []
    model = make(url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", **SHORT)
    with pytest.raises(Silent, match="fell silent"):
        await model.chat(HELLO, on_text=seen.append)
    assert seen == ["Four.", "Four."]
    server.close()


async def test_a_hang_mended_by_the_second_try(fake: FakeOllama, make: Make) -> None:
    fake.loaded[MODEL] = 8192
    fake.script.extend([Said("x", hang="first"), Said("Four.")])
    assert (await make(**SHORT).chat(HELLO)).text == "Four."


async def test_too_long_altogether(fake: FakeOllama, make: Make) -> None:
    fake.loaded[MODEL] = 8192
    fake.script.append(Said("x", hang="first"))
    with pytest.raises(ModelFailed, match="took too long"):
        await make(request_timeout=0.3).chat(HELLO)


async def test_out_of_time_but_with_something_to_show(fake: FakeOllama, make: Make) -> None:
    fake.loaded[MODEL] = 8192
    fake.script.append(Said("The first half, and then", hang="middle", piece=14))
    answer = await make(request_timeout=0.3).chat(HELLO)
    assert (answer.text, answer.complete) == ("The first half", False)
    assert answer.details["reason"] == "time"


async def test_other_work_goes_on_while_the_model_hangs(fake: FakeOllama, make: Make) -> None:
    fake.loaded[MODEL] = 8192
    fake.otherwise = lambda asked: Said("x", hang="first")
    asking = asyncio.create_task(make(**SHORT).chat(HELLO))
    await fake.wait_for(lambda: fake.asked)
    for _ in range(100):
        await asyncio.sleep(0)
    assert not asking.done()
    with pytest.raises(Silent):
        await asking


# -- a cold model ------------------------------------------------------------------------------


async def test_a_cold_model_is_waited_for_and_announced_once(fake: FakeOllama, make: Make) -> None:
    fake.script.append(Said("Four.", first_token=0.2))
    notices: list[str] = []
    answer = await make(**SHORT).chat(HELLO, on_wait=notices.append)
    assert answer.text == "Four."
    assert len(notices) == 1
    assert "loaded" in notices[0]
    assert len(fake.asked) == 1  # not cancelled, not asked again
    assert not fake.asked[0].left


async def test_a_quick_start_is_not_announced(fake: FakeOllama, make: Make) -> None:
    notices: list[str] = []
    await make(notice_after=60.0).chat(HELLO, on_wait=notices.append)
    assert notices == []


async def test_a_loaded_model_is_not_announced(fake: FakeOllama, make: Make) -> None:
    fake.loaded[MODEL] = 8192
    fake.script.append(Said("Four.", first_token=0.02))
    notices: list[str] = []
    await make().chat(HELLO, on_wait=notices.append)
    assert notices == []


async def test_loading_does_not_eat_the_time_of_the_answer(fake: FakeOllama, make: Make) -> None:
    fake.script.append(Said("Four.", first_token=0.3))
    assert (await make(request_timeout=0.2).chat(HELLO)).text == "Four."


async def test_loading_that_never_ends(fake: FakeOllama, make: Make) -> None:
    fake.otherwise = lambda asked: Said("x", hang="connect")
    with pytest.raises(Silent):
        await make(load_timeout=0.3, **SHORT).chat(HELLO)


# -- refusals ----------------------------------------------------------------------------------


async def test_a_busy_server_is_asked_again(fake: FakeOllama, make: Make) -> None:
    fake.script.extend([busy(), busy(), busy(), "Four."])
    assert (await make().chat(HELLO)).text == "Four."


async def test_a_server_that_stays_busy(fake: FakeOllama, make: Make) -> None:
    fake.otherwise = lambda asked: busy()
    with pytest.raises(Busy):
        await make().chat(HELLO)
    assert len(fake.asked) == 4


async def test_out_of_memory_shrinks_the_context_once(fake: FakeOllama, make: Make) -> None:
    fake.script.append(out_of_memory())
    model = make()
    assert (await model.chat(HELLO)).complete
    assert [asked.body["options"]["num_ctx"] for asked in fake.asked] == [8192, 4096]
    await model.chat(HELLO)
    assert fake.asked[-1].body["options"]["num_ctx"] == 4096  # it would not fit again


@pytest.mark.parametrize(
    "text",
    [
        "model requires more system memory (5.6 GiB) than is available (3.1 GiB)",
        "llama runner process has terminated: signal: killed",
        "cudaMalloc failed: out of memory",
    ],
)
async def test_out_of_memory_has_a_name_and_is_not_hammered(
    fake: FakeOllama, make: Make, text: str
) -> None:
    fake.otherwise = lambda asked: Said(status=500, error=text)
    with pytest.raises(OutOfMemory, match="smaller"):
        await make().chat(HELLO)
    assert len(fake.asked) == 2


async def test_another_failure_is_told_in_the_servers_words(fake: FakeOllama, make: Make) -> None:
    fake.otherwise = lambda asked: Said(status=500, error="unexpected EOF")
    with pytest.raises(Broken, match="unexpected EOF"):
        await make().chat(HELLO)
    assert len(fake.asked) == 2


async def test_a_refusal_is_not_repeated(fake: FakeOllama, make: Make) -> None:
    fake.otherwise = lambda asked: Said(status=400, error="invalid options")
    with pytest.raises(ModelFailed, match="invalid options"):
        await make().chat(HELLO)
    assert len(fake.asked) == 1


async def test_not_found(fake: FakeOllama, make: Make) -> None:
    fake.otherwise = lambda asked: Said(status=404, error='model "qwen3:4b" not found')
    with pytest.raises(NotInstalled, match="ollama pull qwen3:4b"):
        await make().chat(HELLO)


# -- broken streams ----------------------------------------------------------------------------

TEXT = "The lamp in the hall is broken, and the new bulb is in the second drawer."


@pytest.mark.parametrize("piece", [1, 7, 30])
async def test_a_cut_stream_is_never_taken_for_an_answer(
    fake: FakeOllama, make: Make, piece: int
) -> None:
    pieces = -(-len(TEXT) // piece)
    model = make()
    for cut in {0, 1, pieces // 2, pieces - 1, pieces}:
        fake.script.extend([Said(TEXT, piece=piece, cut=cut), Said(TEXT, piece=piece, cut=cut)])
        with pytest.raises(ModelFailed):
            await model.chat(HELLO)


async def test_a_cut_stream_is_mended_by_asking_again(fake: FakeOllama, make: Make) -> None:
    fake.script.extend([Said(TEXT, cut=3), Said(TEXT)])
    seen: list[str] = []
    answer = await make().chat(HELLO, on_text=seen.append)
    assert (answer.text, answer.complete) == (TEXT, True)
    assert seen[-1] == TEXT


async def test_an_error_inside_the_stream(fake: FakeOllama, make: Make) -> None:
    fake.otherwise = lambda asked: Said(TEXT, error="an error was encountered", error_after=3)
    with pytest.raises(Broken, match="an error was encountered"):
        await make().chat(HELLO)


async def test_out_of_memory_inside_the_stream(fake: FakeOllama, make: Make) -> None:
    fake.script.append(Said(TEXT, error="llama runner: out of memory", error_after=3))
    assert (await make().chat(HELLO)).complete
    assert fake.asked[-1].body["options"]["num_ctx"] == 4096


@pytest.mark.parametrize(
    "page",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"models":"no"',
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
    ],
)
async def test_something_else_lives_at_the_address(make: Make, page: bytes) -> None:
    async with answering(page) as url:
        model = make(url=url)
        with pytest.raises((ModelUnavailable, ModelFailed)):
            await model.chat(HELLO)
        assert (await model.status()).startswith("none: ")


# -- being down is remembered --------------------------------------------------------------------


async def test_a_server_that_is_down_is_not_asked_for_each_message() -> None:
    calls = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        writer.close()

    held = socket.socket()  # bound, and not listening yet
    held.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{held.getsockname()[1]}"
    model = OllamaModel(OllamaSettings(url=url, down_for=60))
    with pytest.raises(Unreachable):
        await model.chat(HELLO)
    server = await asyncio.start_server(count, sock=held)
    for _ in range(50):
        with pytest.raises(Unreachable, match="No model server answers"):
            await model.chat(HELLO)
    assert calls == 0
    await model.close()
    server.close()


async def test_and_asked_again_when_it_may_be_back(fake: FakeOllama, make: Make) -> None:
    model = make(down_for=0.0)
    url, model._client.url = model._client.url, "http://127.0.0.1:9"
    with pytest.raises(Unreachable):
        await model.chat(HELLO)
    await model._client.close()
    model._client.url = url
    assert (await model.chat(HELLO)).text
