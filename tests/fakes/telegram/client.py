"""Talks to a fake that runs as a process of its own; the names are those of the fake itself."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from types import TracebackType
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from tests.fakes.telegram.rules import JSON
from tests.patience import PATIENCE


class RemoteTelegram:
    """The fake Bot API in a process of its own: it outlives every kill of the bot under test."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments
        self.url = ""
        self._process: Process | None = None
        self._session: ClientSession | None = None

    async def __aenter__(self) -> RemoteTelegram:
        command = [sys.executable, "-m", "tests.fakes.telegram", "--port", "0", *self.arguments]
        self._process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        self.url = line.decode().strip()
        if not self.url.startswith("http://"):
            raise RuntimeError(f"the fake did not start: {line!r}")
        self._session = ClientSession(timeout=ClientTimeout(total=600))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
        if self._process is not None:
            if self._process.returncode is None:
                self._process.terminate()
            # communicate() also closes the pipe, which a bare wait() would leave to the collector.
            await self._process.communicate()

    @property
    def pid(self) -> int:
        """Process id of the fake."""
        assert self._process is not None
        return self._process.pid

    async def do(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the fake by name; LookupError carries what went wrong there."""
        return await self._post("do", {"name": name, "args": args, "kwargs": kwargs})

    async def fault(self, kind: str, *methods: str, **rule: Any) -> None:
        """Add a fault."""
        await self._post("fault", {"kind": kind, "methods": methods, **rule})

    async def good_weather(self) -> None:
        """Clear all faults."""
        await self._post("fault", {})

    async def set(self, **switches: Any) -> None:
        """Switch ``revoked`` or ``drafts_work``; ``pace`` is ``[interval, burst]``."""
        await self._post("set", switches)

    async def wait(
        self,
        what: str,
        *,
        exactly: int | None = None,
        at_least: int | None = None,
        timeout: float = PATIENCE,
    ) -> dict[str, int]:
        """Wait for a figure (``pending``, ``calls``, ``polls``, ``shown`` ...); TimeoutError."""
        body = {"what": what, "is": exactly, "at_least": at_least, "timeout": timeout}
        result: dict[str, int] = await self._post("wait", body)
        return result

    async def figures(self) -> dict[str, int]:
        """The counters."""
        result: dict[str, int] = await self._get("figures")
        return result

    async def report(self) -> JSON:
        """Everything that was recorded."""
        result: JSON = await self._get("report")
        return result

    async def _get(self, path: str) -> Any:
        assert self._session is not None
        async with self._session.get(f"{self.url}/_control/{path}") as response:
            return (await response.json())["result"]

    async def _post(self, path: str, body: JSON) -> Any:
        assert self._session is not None
        async with self._session.post(f"{self.url}/_control/{path}", json=body) as response:
            answer = await response.json()
        if response.status == 408:
            raise TimeoutError(answer["error"])
        if "error" in answer:
            raise LookupError(answer["error"])
        return answer["result"]
