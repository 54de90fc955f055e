"""The fake Ollama as a server: the API of Ollama 0.32 over HTTP, with scripted answers."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.fakes.ollama.model import (
    DEFAULT_CONTEXT,
    Asked,
    Model,
    details,
    endlessly,
    fitting,
    full,
    head,
    last,
    missing,
    unsupported,
)
from tests.fakes.ollama.script import JSON, Turn, example, tokens, vector
from tests.fakes.served import Served
from tests.patience import PATIENCE

DIMENSIONS = 32
MODEL = "qwen3:4b"
EMBEDDER = "embeddinggemma:latest"


class FakeOllama(Served):
    """An Ollama on 127.0.0.1; ``async with FakeOllama() as fake:``.

    Answers come from ``fake.script`` (texts or :class:`Turn`), then from ``fake.otherwise``.
    """

    def __init__(self, *, port: int = 0, models: tuple[Model, ...] | None = None) -> None:
        found = models or (Model(MODEL), Model(EMBEDDER, ("embedding",), 2048))
        self.models = {model.name: model for model in found}
        self.port = port
        self.script: deque[Turn | str] = deque()
        self.embed_faults: deque[Turn] = deque()  # the next requests for vectors end like this
        self.otherwise: Callable[[Asked], Turn | str] = _echo
        self.asked: list[Asked] = []
        self.loads: list[tuple[str, int]] = []  # (model, num_ctx): a change loads it anew
        self.loaded: dict[str, int] = {}
        self._free = asyncio.Event()
        self._changed = asyncio.Event()

    def make_runner(self) -> web.AppRunner:
        """With every endpoint of Ollama's that is used, and some for other processes."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/", self._root)
        app.router.add_get("/api/version", self._version)
        app.router.add_get("/api/tags", self._tags)
        app.router.add_get("/api/ps", self._ps)
        app.router.add_post("/api/show", self._show)
        app.router.add_post("/api/chat", self._chat)
        app.router.add_post("/api/embed", self._embed)
        app.router.add_post("/api/pull", self._pull)
        app.router.add_post("/_control/script", self._control_script)
        app.router.add_get("/_control/asked", self._control_asked)
        return web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)

    def release(self) -> None:
        """End every hang: the connections break."""
        self._free.set()
        self._free = asyncio.Event()

    async def wait_for(self, predicate: Callable[[], Any], timeout: float = PATIENCE) -> None:
        """Wait until ``predicate()`` is true, looking again after each event; TimeoutError."""
        async with asyncio.timeout(timeout):
            while not predicate():
                self._changed.clear()
                await self._changed.wait()

    # -- small endpoints -----------------------------------------------------------------------

    async def _root(self, request: web.Request) -> web.Response:
        return web.Response(text="Ollama is running")

    async def _version(self, request: web.Request) -> web.Response:
        return web.json_response({"version": "0.32.15"})

    async def _tags(self, request: web.Request) -> web.Response:
        return web.json_response({"models": [model.tag() for model in self.models.values()]})

    async def _ps(self, request: web.Request) -> web.Response:
        expires = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
        rows = [
            {
                **self.models[name].tag(),
                "size_vram": 0,
                "expires_at": expires,
                "context_length": context,
            }
            for name, context in self.loaded.items()
        ]
        return web.json_response({"models": rows})

    async def _show(self, request: web.Request) -> web.Response:
        body = await self._note(request)
        model = self._model(body.body)
        if model is None:
            return missing(body.body)
        return web.json_response({
            "modelfile": "",
            "parameters": "temperature 0.6",
            "template": "{{ .Prompt }}",
            "details": details(),
            "model_info": {
                "general.architecture": "qwen3",
                "qwen3.context_length": model.context,
            },
            "capabilities": list(model.capabilities),
            "modified_at": "2026-11-01T12:00:00Z",
        })  # fmt: skip

    async def _embed(self, request: web.Request) -> web.StreamResponse:
        asked = await self._note(request)
        model = self._model(asked.body)
        if model is None:
            return missing(asked.body)
        if self.embed_faults:
            fault = self.embed_faults.popleft()
            if fault.hang:
                return await self._hang(request)
            return web.json_response({"error": fault.error}, status=fault.status)
        given = asked.body.get("input", [])
        texts = [given] if isinstance(given, str) else list(given)
        size = int(asked.body.get("dimensions") or DIMENSIONS)
        asked.finished = True
        return web.json_response({
            "model": model.name,
            "embeddings": [vector(text, size) for text in texts],
            "total_duration": 1_000_000,
            "load_duration": 1_000,
            "prompt_eval_count": sum(tokens(text) for text in texts),
        })  # fmt: skip

    async def _pull(self, request: web.Request) -> web.StreamResponse:
        asked = await self._note(request)
        name = full(str(asked.body.get("model", "")))
        digest = "sha256:" + "cd" * 32
        lines: list[JSON] = [{"status": "pulling manifest"}]
        if name.startswith("missing"):
            lines.append({"error": "pull model manifest: file does not exist"})
        else:
            self.models[name] = Model(name)
            pulling = {"status": "pulling cdcdcdcdcdcd", "digest": digest, "total": 1000}
            lines += [pulling, pulling | {"completed": 500}, pulling | {"completed": 1000}]
            steps = ("verifying sha256 digest", "writing manifest", "success")
            lines += [{"status": text} for text in steps]
        if asked.body.get("stream") is False:
            return web.json_response(lines[-1])
        stream = await _start(request)
        for line in lines:
            await _line(stream, line)
        asked.finished = True
        await stream.write_eof()
        return stream

    # -- chat ----------------------------------------------------------------------------------

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        asked = await self._note(request)
        model = self._model(asked.body)
        if model is None:
            return missing(asked.body)
        if problem := unsupported(model, asked.body):
            return web.json_response({"error": problem}, status=400)
        context = self._load(model, asked)
        if not asked.messages:
            return web.json_response(last(model, asked, "load", 0))
        asked.seen = fitting(asked.messages, context)
        turn = self._turn(asked, model)
        try:
            return await self._play(request, asked, model, turn)
        except (ConnectionError, asyncio.CancelledError):
            asked.left = True
            raise
        finally:
            self._changed.set()

    async def _play(
        self, request: web.Request, asked: Asked, model: Model, turn: Turn
    ) -> web.StreamResponse:
        if turn.hang == "connect":
            return await self._hang(request)
        if turn.status != 200:
            return web.json_response({"error": turn.error}, status=turn.status)
        if turn.first_token:
            await asyncio.sleep(turn.first_token)
        if asked.body.get("stream", True) is False:
            return await self._whole(request, asked, model, turn)
        stream = await _start(request)
        if turn.hang == "first":
            return await self._hang(request, stream)
        given = 0
        for message in endlessly(turn):
            if turn.cut == given or (turn.hang == "middle" and given == 1):
                return await self._hang(request, stream, cut=turn.cut == given)
            if turn.error and given >= turn.error_after:
                break
            await _line(stream, {**head(model), "message": message, "done": False})
            given += 1
            await asyncio.sleep(turn.between)
        if turn.cut is not None:
            return await self._hang(request, stream, cut=True)
        if turn.error:
            await _line(stream, {"error": turn.error})
        else:
            await _line(stream, last(model, asked, turn.done_reason, given))
            asked.finished = True
        await stream.write_eof()
        return stream

    async def _whole(
        self, request: web.Request, asked: Asked, model: Model, turn: Turn
    ) -> web.StreamResponse:
        if turn.hang or turn.endless or turn.cut is not None:
            return await self._hang(request, cut=turn.cut is not None)
        if turn.error:
            return web.json_response({"error": turn.error}, status=500)
        message: JSON = {"role": "assistant", "content": turn.content}
        if turn.thinking:
            message["thinking"] = turn.thinking
        if turn.tool_calls:
            message["tool_calls"] = [{"function": call} for call in turn.tool_calls]
        asked.finished = True
        end = last(model, asked, turn.done_reason, tokens(turn.content))
        return web.json_response(end | {"message": message})

    async def _hang(
        self, request: web.Request, stream: web.StreamResponse | None = None, cut: bool = False
    ) -> web.StreamResponse:
        """Say nothing more, and break the connection when the test lets go."""
        self._changed.set()
        if not cut:
            await self._free.wait()
        if request.transport is not None:
            request.transport.abort()
        return stream or web.Response()

    def _turn(self, asked: Asked, model: Model) -> Turn:
        answer = self.script.popleft() if self.script else self.otherwise(asked)
        turn = Turn(answer) if isinstance(answer, str) else answer
        # A server that is not told otherwise lets a model think that can.
        thinks = asked.body.get("think", "thinking" in model.capabilities)
        if not thinks and turn.content:
            turn.thinking = ""
        return turn

    def _load(self, model: Model, asked: Asked) -> int:
        options = asked.body.get("options") or {}
        context = int(options.get("num_ctx") or DEFAULT_CONTEXT)
        if asked.body.get("keep_alive") == 0 and not asked.messages:
            self.loaded.pop(model.name, None)
        elif self.loaded.get(model.name) != context:
            self.loaded[model.name] = context
            self.loads.append((model.name, context))
        return context

    def _model(self, body: JSON) -> Model | None:
        return self.models.get(full(str(body.get("model", ""))))

    async def _note(self, request: web.Request) -> Asked:
        asked = Asked(request.path, await request.json(), time.monotonic())
        self.asked.append(asked)
        self._changed.set()
        return asked

    # -- from another process ------------------------------------------------------------------

    async def _control_script(self, request: web.Request) -> web.Response:
        """``[{"content": ...}, ...]``: turns to be given next."""
        self.script.extend(Turn(**turn) for turn in await request.json())
        return web.json_response({"result": len(self.script)})

    async def _control_asked(self, request: web.Request) -> web.Response:
        """What was asked so far."""
        rows = [{"path": asked.path, "body": asked.body} for asked in self.asked]
        return web.json_response({"result": rows})


def _echo(asked: Asked) -> Turn:
    """Without a script: the smallest valid JSON, or the last message said back."""
    if asked.body.get("format"):
        return Turn(json.dumps(example(asked.body["format"])))
    said = asked.messages[-1].get("content", "")
    return Turn(f"You said: {said}", thinking="The owner said something.")


async def _start(request: web.Request) -> web.StreamResponse:
    stream = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await stream.prepare(request)
    return stream


async def _line(stream: web.StreamResponse, body: JSON) -> None:
    await stream.write(json.dumps(body, ensure_ascii=False).encode() + b"\n")
