"""Tells the service manager how we are: ready, stopping, and alive for its watchdog.

The protocol is sd_notify(3): datagrams of ``NAME=value`` to the socket named by
``$NOTIFY_SOCKET``. Without a service manager every call does nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from loguru import logger

#: Asked before each sign of life; False, an error or no answer in time withholds it.
Probe = Callable[[], Awaitable[bool]]


class Service:
    """The line to the service manager that started this process, if one did."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        name = environ.get("NOTIFY_SOCKET", "")
        # A name that begins with "@" is in Linux's abstract namespace, spelled with a NUL there.
        self._address = "\0" + name[1:] if name.startswith("@") else name
        self._watchdog = _seconds(environ)

    def notify(self, **variables: str) -> None:
        """Send variables such as ``STATUS="indexing"``; what cannot be sent is logged."""
        if not self._address:
            return
        text = "\n".join(f"{name}={' '.join(value.split())}" for name, value in variables.items())
        flags = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
        try:
            with socket.socket(socket.AF_UNIX, flags) as line:
                line.sendto(text.encode(), self._address)
        except OSError as error:
            logger.warning("the service manager cannot be told {}: {}", text, error)

    def stopping(self) -> None:
        """We were asked to end, and do."""
        self.notify(STOPPING="1", STATUS="stopping")

    @asynccontextmanager
    async def ready(self, probe: Probe) -> AsyncIterator[None]:
        """Say that we are ready, and give signs of life while the block runs."""
        self.notify(READY="1", STATUS="running")
        task = asyncio.create_task(self._watch(probe), name="watchdog") if self._watchdog else None
        try:
            yield
        finally:
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _watch(self, probe: Probe) -> None:
        """A third of the limit between two signs, a third for the probe, a third to spare."""
        third = self._watchdog / 3
        while True:
            if await _passes(probe, third):
                self.notify(WATCHDOG="1")
            await asyncio.sleep(third)


async def _passes(probe: Probe, limit: float) -> bool:
    try:
        async with asyncio.timeout(limit):
            alive = await probe()
    except TimeoutError:
        logger.error("no sign of life: the probe did not answer in {:.1f} s", limit)
    except Exception:  # noqa: BLE001 - whatever fails here is what the watchdog is for
        logger.exception("no sign of life: the probe failed")
    else:
        if alive:
            return True
        logger.error("no sign of life: the work does not move")
    return False


def _seconds(environ: Mapping[str, str]) -> float:
    """The watchdog's limit in seconds; 0 where there is none, or it is meant for another process.

    ``$WATCHDOG_USEC`` and ``$WATCHDOG_PID`` are as in sd_watchdog_enabled(3).
    """
    limit, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not limit.isascii() or not limit.isdigit() or pid not in {"", str(os.getpid())}:
        return 0.0
    return int(limit) / 1_000_000


__all__ = ["Probe", "Service"]
