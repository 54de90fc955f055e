"""The fakes as processes of their own: scripted and inspected over HTTP."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE

import httpx
import pytest
from aiogram.exceptions import TelegramServerError, TelegramUnauthorizedError
from ollama import AsyncClient

from tests.fakes.telegram import OWNER, RemoteTelegram
from tests.fakes_test.conftest import bot_for, close
from tests.patience import PATIENCE

pytestmark = pytest.mark.process


async def test_the_bot_api_as_a_process() -> None:
    async with RemoteTelegram() as fake:
        bot = bot_for(fake.url)
        number = await fake.do("owner_says", "hello")
        await fake.do("document", "a.pdf", data_b64="JVBERg==", caption="bill")
        first, second = await bot.get_updates()
        assert first.message is not None
        assert first.message.message_id == number
        assert second.message is not None
        assert second.message.document is not None
        assert second.message.document.file_size == 4
        await bot.send_message(OWNER, "hi")
        await bot.get_updates(offset=second.update_id + 1)
        figures = await fake.wait("pending", exactly=0)
        assert figures["shown"] == 3
        report = await fake.report()
        texts = [message.get("text") for message in report["chats"][str(OWNER)]["messages"]]
        assert texts == ["hello", None, "hi"]
        assert [call["method"] for call in report["calls"]] == ["sendMessage"]
        assert report["polls"][0]["given"] == [first.update_id, second.update_id]
        await close(bot)


async def test_scripting_faults_from_outside() -> None:
    async with RemoteTelegram("--token", "9:OTHER") as fake:
        bot = bot_for(fake.url, "9:OTHER")
        await fake.fault("status", "getMe", code=503)
        with pytest.raises(TelegramServerError):
            await bot.get_me()
        assert (await bot.get_me()).id == 9
        await fake.fault("status", "getMe", count=None)
        await fake.good_weather()
        await bot.get_me()
        await fake.set(revoked=True)
        with pytest.raises(TelegramUnauthorizedError):
            await bot.get_me()
        await close(bot)


async def test_mistakes_are_told() -> None:
    async with RemoteTelegram() as fake:
        with pytest.raises(LookupError, match="no action"):
            await fake.do("__init__")
        with pytest.raises(LookupError, match="KeyError"):
            await fake.do("edit", 99, "x")
        with pytest.raises(TimeoutError, match="pending=0"):
            await fake.wait("pending", at_least=1, timeout=0.01)


async def test_ollama_as_a_process() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.ollama", stdout=PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with (
        httpx.AsyncClient(base_url=url, timeout=PATIENCE) as control,
        AsyncClient(url) as client,
    ):
        await control.post("/_control/script", json=[{"content": "from afar"}])
        answer = await client.chat("qwen3:4b", [{"role": "user", "content": "hello"}])
        assert answer.message.content == "from afar"
        asked = (await control.get("/_control/asked")).json()["result"]
        assert [row["path"] for row in asked] == ["/api/chat"]
    process.terminate()
    await process.communicate()
    assert process.returncode == 0
