"""For doubles that answer over HTTP: they listen on 127.0.0.1 while they are entered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from aiohttp import web


class Served(ABC):
    """``async with`` starts it on ``port``, where 0 is any free one that it has from then on."""

    port: int
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Base address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @abstractmethod
    def make_runner(self) -> web.AppRunner:
        """What answers the requests."""

    @abstractmethod
    def release(self) -> None:
        """End every call that hangs."""

    async def __aenter__(self) -> Self:
        self._runner = self.make_runner()
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
        assert self._runner is not None
        await self._runner.cleanup()
