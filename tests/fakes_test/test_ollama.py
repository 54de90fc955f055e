"""The fake Ollama, asked by Ollama's own client."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from ollama import AsyncClient, ChatResponse, ResponseError

from tests.fakes.ollama import (
    EMBEDDER,
    MODEL,
    FakeOllama,
    Model,
    Turn,
    busy,
    only_thinking,
    out_of_memory,
    repetition,
)
from tests.patience import PATIENCE

HELLO = [{"role": "user", "content": "hello"}]


async def stream(fake: FakeOllama, **more: Any) -> list[ChatResponse]:
    """All parts of a streamed answer."""
    async with AsyncClient(fake.url, timeout=PATIENCE) as client:
        parts = await client.chat(MODEL, HELLO, stream=True, think=False, **more)
        return [part async for part in parts]


async def whole(fake: FakeOllama, **more: Any) -> ChatResponse:
    """An answer in one piece."""
    async with AsyncClient(fake.url, timeout=PATIENCE) as client:
        settings: dict[str, Any] = {"think": False, "messages": HELLO, **more}
        answer: ChatResponse = await client.chat(MODEL, **settings)
        return answer


async def test_a_streamed_answer(model: FakeOllama) -> None:
    model.script.append(Turn("The lamp is in the hall.", piece=5))
    parts = await stream(model, options={"num_ctx": 8192})
    assert "".join(part.message.content or "" for part in parts) == "The lamp is in the hall."
    assert [part.done for part in parts] == [False] * 5 + [True]
    assert parts[-1].done_reason == "stop"
    assert (parts[-1].prompt_eval_count, parts[-1].eval_count) == (2, 5)
    (asked,) = model.asked
    assert asked.finished
    assert asked.messages == HELLO
    assert asked.body["options"] == {"num_ctx": 8192}
    assert asked.body["think"] is False


async def test_without_a_script_it_says_it_back(model: FakeOllama) -> None:
    answer = await whole(model)
    assert answer.message.content == "You said: hello"


async def test_thinking_comes_unless_it_is_switched_off(model: FakeOllama) -> None:
    assert (await whole(model)).message.thinking is None
    assert (await whole(model, think=True)).message.thinking
    assert (await whole(model, think=None)).message.thinking  # on by default: always say so


async def test_models_that_cannot(model: FakeOllama) -> None:
    model.models[MODEL] = Model(MODEL, ("completion",))
    with pytest.raises(ResponseError, match="does not support thinking") as refused:
        await whole(model, think=True)
    assert refused.value.status_code == 400
    tool = {"type": "function", "function": {"name": "f", "parameters": {}}}
    with pytest.raises(ResponseError, match="does not support tools"):
        await whole(model, tools=[tool])
    async with AsyncClient(model.url) as client:
        with pytest.raises(ResponseError, match="does not support chat"):
            await client.chat(EMBEDDER, HELLO)


async def test_tool_calls_are_objects(model: FakeOllama) -> None:
    call = {"name": "search_notes", "arguments": {"query": "lamp", "limit": 3}}
    model.script.append(Turn("Let me look.", tool_calls=[call]))
    model.script.append(Turn("Let me look.", tool_calls=[call]))
    parts = await stream(model)
    calls = [found for part in parts for found in part.message.tool_calls or []]
    assert [found.function.name for found in calls] == ["search_notes"]
    assert calls[0].function.arguments == {"query": "lamp", "limit": 3}
    answer = await whole(model)
    assert answer.message.tool_calls is not None


async def test_a_schema_gets_valid_json(model: FakeOllama) -> None:
    schema = {
        "type": "object",
        "properties": {
            "intent": {"type": "string", "enum": ["note.add", "search"]},
            "confidence": {"type": "number"},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            "date": {"anyOf": [{"type": "null"}, {"type": "string"}]},
        },
        "required": ["intent", "confidence", "tags", "date"],
    }
    answer = await whole(model, format=schema)
    assert json.loads(answer.message.content or "") == {
        "intent": "note.add",
        "confidence": 0.0,
        "tags": [""],
        "date": None,
    }


async def test_a_cut_by_length(model: FakeOllama) -> None:
    model.script.append(Turn('{"intent": "no', done_reason="length"))
    assert (await whole(model)).done_reason == "length"


async def test_loading_and_unloading(model: FakeOllama) -> None:
    async with AsyncClient(model.url) as client:
        loaded = await client.chat(MODEL, [], options={"num_ctx": 8192})
        assert loaded.done_reason == "load"
        assert [row.context_length for row in (await client.ps()).models] == [8192]
        await client.chat(MODEL, HELLO, options={"num_ctx": 8192})
        assert model.loads == [(MODEL, 8192)]
        await client.chat(MODEL, HELLO)  # another context: the model is loaded anew
        assert model.loads == [(MODEL, 8192), (MODEL, 4096)]
        gone = await client.chat(MODEL, [], keep_alive=0)
        assert gone.done_reason == "unload"
        assert (await client.ps()).models == []


async def test_a_history_that_does_not_fit_loses_its_front(model: FakeOllama) -> None:
    messages = [
        {"role": "system", "content": "rules"},
        *({"role": "user", "content": f"{number} " + "x" * 400} for number in range(10)),
    ]
    await whole(model, messages=messages, options={"num_ctx": 300})
    seen = [message["content"].split()[0] for message in model.asked[0].seen]
    assert seen[0] == "rules"
    assert seen[-1] == "9"
    assert len(seen) < len(messages)
    assert len(model.asked[0].messages) == len(messages)


async def test_an_unknown_model(model: FakeOllama) -> None:
    async with AsyncClient(model.url) as client:
        with pytest.raises(ResponseError, match="try pulling it first") as refused:
            await client.chat("llama9", HELLO)
        assert refused.value.status_code == 404
        with pytest.raises(ResponseError):
            await client.show("llama9")
        with pytest.raises(ResponseError):
            await client.embed("llama9", "x")


@pytest.mark.parametrize(
    ("turn", "status", "words"),
    [
        (busy(), 503, "server busy, please try again"),
        (out_of_memory(), 500, "requires more system memory"),
    ],
)
async def test_refusals(model: FakeOllama, turn: Turn, status: int, words: str) -> None:
    model.script.extend([turn, turn])
    with pytest.raises(ResponseError, match=words) as refused:
        await whole(model)
    assert refused.value.status_code == status
    with pytest.raises(ResponseError, match=words):
        await stream(model)
    assert await stream(model)  # the next one works again


async def test_an_error_inside_the_stream(model: FakeOllama) -> None:
    model.script.append(Turn("some text that breaks", error="unexpected EOF", error_after=2))
    got = []
    async with AsyncClient(model.url) as client:
        parts = await client.chat(MODEL, HELLO, stream=True)
        with pytest.raises(ResponseError, match="unexpected EOF"):  # noqa: PT012
            async for part in parts:
                got.append(part.message.content)
    assert got == ["some tex", "t that b"]
    assert not model.asked[0].finished


async def test_a_cut_stream(model: FakeOllama) -> None:
    model.script.append(Turn("some text that breaks", cut=1))
    with pytest.raises(httpx.HTTPError):
        await stream(model)
    assert not model.asked[0].finished


async def test_a_cut_at_the_very_end_has_no_last_line(model: FakeOllama) -> None:
    model.script.append(Turn("12345678", cut=9))
    with pytest.raises(httpx.HTTPError):
        await stream(model)


@pytest.mark.parametrize("phase", ["connect", "first", "middle"])
@pytest.mark.parametrize("streamed", [True, False])
async def test_hanging(model: FakeOllama, phase: Any, streamed: bool) -> None:
    model.script.append(Turn("some text that never ends", hang=phase))
    asking = asyncio.create_task(stream(model) if streamed else whole(model))
    await model.wait_for(lambda: model.asked)
    assert not asking.done()
    model.release()
    with pytest.raises((httpx.HTTPError, ConnectionError)):
        await asyncio.wait_for(model_release(model, asking), PATIENCE)


async def model_release(model: FakeOllama, asking: asyncio.Task[Any]) -> Any:
    """Let go again and again: the fake may not have reached its hang yet."""
    while not asking.done():
        model.release()
        await asyncio.sleep(0)
    return await asking


async def test_a_client_that_leaves_is_seen(model: FakeOllama) -> None:
    model.script.append(Turn("x", hang="first"))
    asking = asyncio.create_task(stream(model))
    await model.wait_for(lambda: model.asked)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await model.wait_for(lambda: model.asked[0].left or model.asked[0].finished)


async def test_only_thoughts(model: FakeOllama) -> None:
    model.script.append(only_thinking())
    parts = await stream(model)
    assert "".join(part.message.content or "" for part in parts) == ""
    assert "".join(part.message.thinking or "" for part in parts)
    assert parts[-1].done


async def test_endless_repetition(model: FakeOllama) -> None:
    model.script.append(repetition("G"))
    count = 0
    async with AsyncClient(model.url) as client:
        async for part in await client.chat(MODEL, HELLO, stream=True):
            assert part.message.content == "G" * 8
            count += 1
            if count == 50:
                break
    await model.wait_for(lambda: model.asked[0].left)


async def test_a_slow_first_token(model: FakeOllama) -> None:
    model.script.append(Turn("late", first_token=30))
    async with AsyncClient(model.url, timeout=0.05) as client:
        with pytest.raises(httpx.TimeoutException):
            await client.chat(MODEL, HELLO)


async def test_listing_and_showing(model: FakeOllama) -> None:
    model.models["big:cloud"] = Model("big:cloud", remote=True)
    async with AsyncClient(model.url) as client:
        names = [found.model for found in (await client.list()).models]
        assert names == [MODEL, EMBEDDER, "big:cloud"]
        shown = await client.show(MODEL)
        assert shown.capabilities == ["completion", "tools", "thinking"]
        assert shown.modelinfo is not None
        assert shown.modelinfo["qwen3.context_length"] == 32_768
    async with httpx.AsyncClient(base_url=model.url, timeout=PATIENCE) as plain:
        assert (await plain.get("/")).text == "Ollama is running"
        assert (await plain.get("/api/version")).json() == {"version": "0.32.15"}
        tags = (await plain.get("/api/tags")).json()["models"]
        assert [tag["name"] for tag in tags if "remote_host" in tag] == ["big:cloud"]


async def test_vectors_are_the_same_for_ever_and_know_shared_words(model: FakeOllama) -> None:
    async with AsyncClient(model.url) as client:
        texts = ["the lamp in the hall", "a lamp for the hall", "pension papers"]
        answer = await client.embed("embeddinggemma", texts)
        again = await client.embed("embeddinggemma", texts[0])
        small = await client.embed("embeddinggemma", texts[0], dimensions=8)
    one, two, three = answer.embeddings
    assert list(again.embeddings[0]) == list(one)
    assert sum(value * value for value in one) == pytest.approx(1)
    assert dot(one, two) > dot(one, three)
    assert len(small.embeddings[0]) == 8
    assert answer.prompt_eval_count == 14


def dot(one: Any, two: Any) -> float:
    return float(sum(a * b for a, b in zip(one, two, strict=True)))


async def test_pulling(model: FakeOllama) -> None:
    async with AsyncClient(model.url) as client:
        steps = [step.status async for step in await client.pull("gemma4:e2b", stream=True)]
        assert steps[0] == "pulling manifest"
        assert steps[-1] == "success"
        assert (await client.chat("gemma4:e2b", HELLO)).message.content == "You said: hello"
        with pytest.raises(ResponseError, match="file does not exist"):
            async for _ in await client.pull("missing", stream=True):
                pass
