"""The one door to Ollama: what goes over the wire, and its failures by their names."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from octopus.backends.ollama.choice import Installed, full, installed
from octopus.backends.ollama.fault import (
    Broken,
    Busy,
    OutOfMemory,
    ThinkRefused,
    Unreachable,
    not_installed,
)
from octopus.backends.ollama.prompt import Request
from octopus.backends.ollama.settings import OllamaSettings
from octopus.core.ports import Turn
from octopus.errors import ModelError, ModelFailed

if TYPE_CHECKING:
    import httpx
    import ollama

_MEMORY = re.compile(
    r"(system|video|gpu|device|more) memory|out of memory|cudamalloc|signal: killed|\boom\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a stream; the last one carries the counts."""

    text: str = ""
    done: bool = False
    reason: str = ""  # stop, length, load, unload
    prompt_tokens: int = 0
    tokens: int = 0


class Client:
    """Ollama over HTTP. Every failure is a ModelError whose message is for the owner."""

    def __init__(self, settings: OllamaSettings) -> None:
        self._settings = settings
        self.url = settings.url if "://" in settings.url else f"http://{settings.url}"
        self._opening = asyncio.Lock()
        self._chat: ollama.AsyncClient | None = None
        self._plain: httpx.AsyncClient | None = None

    @property
    def host(self) -> str:
        """Where the server runs."""
        return urlsplit(self.url).hostname or ""

    async def close(self) -> None:
        """Close the connections; the next question opens new ones."""
        chat, plain = self._chat, self._plain
        self._chat = self._plain = None
        if chat is not None:
            await chat.close()  # type: ignore[no-untyped-call]
        if plain is not None:
            await plain.aclose()

    async def models(self) -> list[Installed]:
        """What is installed. Raises Unreachable."""
        return [installed(entry) for entry in await self._list("/api/tags")]

    async def loaded(self) -> frozenset[str]:
        """The names of the models that are in memory. Raises Unreachable."""
        return frozenset(full(str(entry.get("name"))) for entry in await self._list("/api/ps"))

    async def stream(
        self, model: str, turns: Sequence[Turn], request: Request
    ) -> AsyncGenerator[Part, None]:
        """The answer in pieces; leaving early makes the server stop."""
        await self._open()
        assert self._chat is not None
        async with self._named(model):
            parts: AsyncIterator[ollama.ChatResponse] = await self._chat.chat(
                model,
                [{"role": turn.role, "content": turn.text} for turn in turns],
                stream=True,
                think=request.think,
                format=dict(request.schema) if request.schema else None,
                options={
                    "num_ctx": request.num_ctx,
                    "num_predict": request.answer_tokens,
                    **({"temperature": 0} if request.schema else {}),
                },
            )
            async for part in parts:
                yield Part(
                    part.message.content or "",
                    bool(part.done),
                    part.done_reason or "",
                    part.prompt_eval_count or 0,
                    part.eval_count or 0,
                )

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """A vector for each text; what is too long for the model is cut by the server."""
        await self._open()
        assert self._chat is not None
        async with self._named(model):
            response = await self._chat.embed(model, list(texts), truncate=True)
            return [list(vector) for vector in response.embeddings]

    async def _open(self) -> None:
        async with self._opening:
            if self._chat is None:
                # The vendor costs 0.2 s to import: on first use only, and beside the loop.
                self._chat, self._plain = await asyncio.to_thread(self._make)

    def _make(self) -> tuple[ollama.AsyncClient, httpx.AsyncClient]:
        import httpx  # noqa: PLC0415 - comes with the vendor, at its one door
        import ollama  # noqa: PLC0415 - the one door

        limits = self._settings
        # What is asked is private: it goes to this address, not through a proxy that the
        # environment names, and not where a redirect points.
        manners: dict[str, Any] = {"trust_env": False, "follow_redirects": False}
        probe = httpx.Timeout(limits.probe_timeout, connect=limits.connect_timeout)
        longest = limits.load_timeout + limits.request_timeout
        patient = httpx.Timeout(limits.probe_timeout, connect=limits.connect_timeout, read=longest)
        chat = ollama.AsyncClient(self.url, timeout=patient, **manners)
        # The vendor's types for these lists leave out who runs a model and what it can do.
        return chat, httpx.AsyncClient(base_url=self.url, timeout=probe, **manners)

    async def _list(self, path: str) -> list[Mapping[str, Any]]:
        await self._open()
        assert self._plain is not None
        async with self._named(""):
            response = await self._plain.get(path)
            try:
                found = response.raise_for_status().json()["models"]
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise Unreachable(
                    "What answers at {url} is not Ollama.", "model.no_ollama", url=self.url
                ) from error
            if not isinstance(found, list | None) or not all(
                isinstance(e, dict) for e in found or ()
            ):
                raise Unreachable(
                    "What answers at {url} is not Ollama.", "model.no_ollama", url=self.url
                )
            return list(found or ())

    @asynccontextmanager
    async def _named(self, model: str) -> AsyncIterator[None]:
        """Turn what the vendor raises into our own tree."""
        import httpx  # noqa: PLC0415 - loaded by now
        import ollama  # noqa: PLC0415 - loaded by now

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as error:
            raise Unreachable(
                "No model server answers at {url}.", "model.no_server", url=self.url
            ) from error
        except httpx.HTTPStatusError as error:
            raise self._refusal(model, error.response.status_code, error.response.text) from error
        except ollama.ResponseError as error:
            raise self._refusal(model, error.status_code, error.error) from error
        except httpx.TimeoutException as error:
            raise Unreachable(
                "The model server at {url} does not answer.", "model.server_silent", url=self.url
            ) from error
        except (httpx.HTTPError, ValueError) as error:  # ValueError: half a line of JSON
            raise Broken("The connection to the model broke off.", "model.cut_off") from error

    def _refusal(self, model: str, status: int, text: str) -> ModelError:
        told = " ".join(text.split())[:200] or f"HTTP {status}"
        if status == 404 and not model:
            return Unreachable(
                "What answers at {url} is not Ollama.", "model.no_ollama", url=self.url
            )
        if status == 404:
            return not_installed(model)
        if status in {429, 502, 503}:
            return Busy()
        if status == 400 and "think" in told:
            return ThinkRefused()
        if _MEMORY.search(told):
            return OutOfMemory()
        if status == 400:
            return ModelFailed("The model refused: {reason}", "model.refused", reason=told)
        return Broken("The model failed: {reason}", "model.failed", reason=told)
