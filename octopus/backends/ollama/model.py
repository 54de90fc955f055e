"""Answers through Ollama, or says in one sentence why there is no answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from octopus.backends.ollama.choice import Installed, choose, full, is_cloud
from octopus.backends.ollama.client import Client, Part
from octopus.backends.ollama.fault import (
    Broken,
    Empty,
    Fault,
    NotInstalled,
    OutOfMemory,
    Silent,
    Unreachable,
    not_installed,
)
from octopus.backends.ollama.prompt import Prompt, Request
from octopus.backends.ollama.settings import OllamaSettings
from octopus.backends.ollama.stream import Text, spoken, visible
from octopus.backends.ollama.turnstile import Turnstile
from octopus.core.ports import Answer, Turn
from octopus.errors import ModelError, ModelFailed, ModelUnavailable, Sentence

log = logging.getLogger(__name__)

#: Where work waits that nobody waits for.
BACKGROUND = 9

LOADING = "The model is being loaded; that can take a minute."

_FELL_SILENT = Sentence("The model fell silent ({seconds} s).", "model.fell_silent")
_NOT_BEGUN = Sentence("The model did not begin ({seconds} s).", "model.not_begun")
_NOT_LOADED = Sentence("The model could not be loaded in time ({seconds} s).", "model.not_loaded")

#: Pieces above the agreed length after which a server that ignores it is left.
PATIENCE = 64


@dataclass(slots=True)
class Asking:
    """One call of ``chat`` under way."""

    limit: asyncio.Timeout
    model: Installed
    cold: bool
    on_text: Callable[[str], None]
    on_wait: Callable[[str], None]
    text: Text = field(default_factory=Text)
    prompt: Prompt = field(default_factory=lambda: Prompt((), 0))


class OllamaModel:
    """Fills the ``Model`` port. One request at a time; the owner's come first."""

    def __init__(self, settings: OllamaSettings) -> None:
        self._settings = settings
        self._client = Client(settings)
        self._turnstile = Turnstile()
        self._num_ctx = settings.num_ctx
        self._down: tuple[float, ModelError] | None = None  # until when, and why
        self._chosen: tuple[float, Installed] | None = None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def status(self) -> str:
        """One line: which model, loaded or not, or why there is none."""
        try:
            async with asyncio.timeout(self._settings.probe_timeout):
                model = await self._model()
                loaded = full(model.name) in await self._client.loaded()
        except TimeoutError:
            return Sentence("no answer from {url}", "model.silent", url=self._client.url)
        except ModelError as error:
            return Sentence("none: {reason}", "model.none", reason=error)
        if loaded:
            return Sentence("{model}, loaded", "model.loaded", model=model.name)
        return Sentence("{model}, not loaded yet", "model.unloaded", model=model.name)

    async def chat(
        self,
        turns: Sequence[Turn],
        *,
        on_text: Callable[[str], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
        schema: Mapping[str, Any] | None = None,
        priority: int = 0,
    ) -> Answer:
        """Answer the last turn; what is less urgent has a higher ``priority``.

        ``details`` of the answer: ``reason`` (stop, length, repetition, time), ``dropped``
        (older turns left out), ``cut`` (the last turn was shortened), ``unread`` (the server
        left out part of the prompt), ``digest`` of the model.
        Raises ModelUnavailable, ModelFailed; the message is for the owner.
        """
        self._fail_if_down()
        async with self._turnstile.turn(priority):
            self._fail_if_down()
            try:
                return await self._ask(turns, on_text, on_wait, schema)
            except Unreachable as error:
                until = asyncio.get_running_loop().time() + self._settings.down_for
                self._down = until, error
                raise
            except NotInstalled:
                self._chosen = None
                raise

    async def embed(
        self, model: str, texts: Sequence[str], *, background: bool
    ) -> list[list[float]]:
        """One vector for each text. In the ``background``, after everybody who waits.

        Otherwise beside what runs: a query is short, and somebody waits for its answer.
        Raises ModelUnavailable, ModelFailed.
        """
        if not self._settings.allow_cloud and (
            is_cloud(model) or self._client.host.endswith("ollama.com")
        ):
            raise _not_at_home(model)
        self._fail_if_down()
        turn = self._turnstile.turn(BACKGROUND) if background else contextlib.nullcontext()
        async with turn:
            try:
                async with asyncio.timeout(self._settings.load_timeout):
                    found = await self._client.embed(model, texts)
            except TimeoutError:
                raise Silent(
                    "The model for search by meaning does not answer.", "model.no_vectors"
                ) from None
        sizes = {len(vector) for vector in found}
        if len(found) != len(texts) or len(sizes) > 1 or 0 in sizes:
            raise ModelFailed("The model gave vectors that do not fit.", "model.odd_vectors")
        return found

    async def _ask(
        self,
        turns: Sequence[Turn],
        on_text: Callable[[str], None] | None,
        on_wait: Callable[[str], None] | None,
        schema: Mapping[str, Any] | None,
    ) -> Answer:
        answer_tokens = min(self._settings.answer_tokens, self._num_ctx // 3)
        request = Request(tuple(turns), self._num_ctx, answer_tokens, schema=schema)
        model = await self._model()
        cold = full(model.name) not in await self._client.loaded()
        asking: Asking | None = None
        try:
            async with asyncio.timeout(self._settings.request_timeout) as limit:
                asking = Asking(limit, model, cold, on_text or _ignore, on_wait or _ignore)
                return await self._try(asking, request)
        except TimeoutError:
            if asking is not None and (text := spoken(asking.text.raw)):
                return _answer(asking, text, "time")
            raise ModelFailed("The model took too long and was stopped.", "model.slow") from None

    async def _try(self, asking: Asking, request: Request) -> Answer:
        """Ask, and ask again for what another try may mend."""
        seen: Counter[type[Fault]] = Counter()
        while True:
            try:
                return await self._once(asking, request)
            except Fault as fault:
                kind = type(fault)
                seen[kind] += 1
                log.warning("asking %s: %s", asking.model.name, fault)
                if seen[kind] > kind.again:
                    raise
                request = fault.mend(request)
                if kind is OutOfMemory:
                    self._num_ctx = request.num_ctx  # it will not fit the next time either
                if kind.waits:
                    await asyncio.sleep(self._settings.busy_wait * 2 ** (seen[kind] - 1))

    async def _once(self, asking: Asking, request: Request) -> Answer:
        asking.prompt = request.fitted()
        asking.text = text = Text()
        shown = ""
        parts = self._client.stream(asking.model.name, asking.prompt.turns, request)
        async with aclosing(parts):
            part = await self._first(asking, parts)
            while not part.done:
                text.add(part.text)
                if text.stuck():
                    return _finish(asking, "repetition")
                if text.pieces > request.answer_tokens + PATIENCE:
                    return _finish(asking, "length")
                if part.text and (now := visible(text.raw)) != shown:
                    shown = now
                    asking.on_text(now)
                part = await self._next(parts, self._settings.token_timeout, _FELL_SILENT)
            text.add(part.text)
        return _finish(asking, part.reason or "stop", part)

    async def _first(self, asking: Asking, parts: AsyncGenerator[Part, None]) -> Part:
        """The first piece. A cold model has its own limit: leaving would stop the loading."""
        if not asking.cold:
            return await self._next(parts, self._settings.first_token_timeout, _NOT_BEGUN)
        loop = asyncio.get_running_loop()
        limits = self._settings
        asking.limit.reschedule(loop.time() + limits.load_timeout + limits.request_timeout)
        notice = loop.call_later(limits.notice_after, asking.on_wait, LOADING)
        asking.on_wait = _ignore  # said once, however often it is tried
        try:
            part = await self._next(parts, limits.load_timeout, _NOT_LOADED)
        finally:
            notice.cancel()
        asking.cold = False
        asking.limit.reschedule(loop.time() + limits.request_timeout)
        return part

    async def _next(self, parts: AsyncGenerator[Part, None], limit: float, late: Sentence) -> Part:
        try:
            async with asyncio.timeout(limit):
                return await anext(parts)
        except TimeoutError:
            raise Silent(str(late), late.key, seconds=f"{limit:g}") from None
        except StopAsyncIteration:
            raise Broken(
                "The model stopped in the middle of its answer.", "model.stopped"
            ) from None

    async def _model(self) -> Installed:
        """The model to ask. Raises ModelUnavailable with what to do about it."""
        settings, now = self._settings, asyncio.get_running_loop().time()
        if self._chosen is not None and now < self._chosen[0]:
            return self._chosen[1]
        if not settings.allow_cloud and (
            is_cloud(settings.model) or self._client.host.endswith("ollama.com")
        ):
            raise _not_at_home(settings.model or self._client.host)
        models = await self._client.models()
        found = _pick(models, settings)
        self._chosen = now + settings.choice_for, found
        return found

    def _fail_if_down(self) -> None:
        if self._down is None:
            return
        until, error = self._down
        if asyncio.get_running_loop().time() < until:
            raise Unreachable(error.sentence)
        self._down = None


def _pick(models: Sequence[Installed], settings: OllamaSettings) -> Installed:
    if not settings.model:
        chosen = choose(models, allow_cloud=settings.allow_cloud)
        if chosen is None:
            raise NotInstalled(
                "Ollama has no model that can chat: ollama pull {model}",
                "model.nothing",
                model="qwen3:4b",
            )
        return chosen
    named = [model for model in models if full(model.name) == full(settings.model)]
    if not named:
        raise not_installed(settings.model)
    if named[0].cloud and not settings.allow_cloud:
        raise _not_at_home(settings.model)
    return named[0]


def _not_at_home(name: str) -> ModelUnavailable:
    return ModelUnavailable(
        "{name} does not run at home. To send it your text all the same: ollama.allow_cloud.",
        "model.cloud",
        name=name,
    )


def _finish(asking: Asking, reason: str, last: Part | None = None) -> Answer:
    text = spoken(asking.text.raw)
    if not text:
        raise Empty()
    return _answer(asking, text, reason, last)


def _answer(asking: Asking, text: str, reason: str, last: Part | None = None) -> Answer:
    prompt = asking.prompt
    read = last.prompt_tokens if last else 0
    unread = 0 < read < prompt.least
    if unread:
        log.warning("%s read %d tokens of about %d", asking.model.name, read, prompt.tokens)
    details = {
        "reason": reason,
        "dropped": prompt.dropped,
        "cut": prompt.cut,
        "unread": unread,
        "prompt_tokens": read,
        "tokens": last.tokens if last else asking.text.pieces,
        "digest": asking.model.digest,
    }
    return Answer(text, asking.model.name, reason == "stop", details)


def _ignore(_: str) -> None:
    """Nobody listens."""
