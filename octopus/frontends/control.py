"""The way in for commands on this machine: JSON lines over a socket in the state directory."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any

from loguru import logger

from octopus.errors import (
    Ambiguous,
    BusyError,
    NotFound,
    NotListening,
    OctopusError,
    Refused,
    UserError,
    VaultError,
    VaultUnavailable,
)

SOCKET = "octopus.sock"

#: A pasted text may be long; a line beyond this is refused.
LINE_LIMIT = 8 * 1024 * 1024

#: The daemon is trusted to know what it sends.
ANSWER_LIMIT = 1024 * 1024 * 1024

Say = Callable[[Mapping[str, Any]], Coroutine[Any, Any, None]]
Operation = Callable[[Mapping[str, Any], Say], Awaitable[Any]]

_ERRORS: dict[str, type[OctopusError]] = {
    kind.__name__: kind
    for kind in (UserError, NotFound, Ambiguous, Refused, BusyError, VaultError, VaultUnavailable)
}


@contextlib.contextmanager
def _address(folder: Path) -> Iterator[str]:
    """A short name for the socket: the path of a Unix socket may have only 108 bytes."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)


class ControlServer:
    """Answers requests ``{"op": name, ...}``, one a connection.

    Lines ``{"progress": ...}`` may come first; the last is ``{"result": ...}`` or ``{"error"}``.
    """

    def __init__(self, folder: Path, operations: Mapping[str, Operation]) -> None:
        self._folder = folder
        self._operations = operations
        self._server: asyncio.Server | None = None
        self._visitors: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Only the user who runs Octopus can connect."""
        path = self._folder / SOCKET
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with _address(self._folder) as address:
                listener.bind(address)
            path.chmod(0o600)  # before anybody can connect; a umask would hold for all threads
            self._server = await asyncio.start_unix_server(
                self._visit, sock=listener, limit=LINE_LIMIT
            )
        except BaseException:
            listener.close()
            raise

    async def close(self) -> None:
        """Hang up on everybody."""
        if self._server is not None:
            self._server.close()
            for visitor in tuple(self._visitors):
                visitor.cancel()
            await asyncio.gather(*self._visitors, return_exceptions=True)
            await self._server.wait_closed()
        (self._folder / SOCKET).unlink(missing_ok=True)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._visitors.add(task)
        try:
            # Cancelled is who is hung up on; asyncio would log that as a fault of ours.
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await self._answer(reader, writer)
        finally:
            self._visitors.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(document: Mapping[str, Any]) -> None:
            writer.write(json.dumps(document).encode() + b"\n")
            await writer.drain()

        try:
            request = json.loads(await reader.readline())
            operation = self._operations[request.pop("op")]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            await say({"error": "UserError", "message": "This request is not understood."})
            return
        try:
            result = await operation(request, say)
        except OctopusError as error:
            await say({"error": type(error).__name__, "message": str(error)})
        except Exception as error:  # noqa: BLE001 - the visitor is told, the log has the rest
            logger.exception("a control request failed")
            await say({"error": "OctopusError", "message": f"{type(error).__name__}: {error}"})
        else:
            await say({"result": result})


async def request(
    folder: Path, op: str, progress: Callable[[Any], None] | None = None, **values: Any
) -> Any:
    """Ask the daemon that holds ``folder``; returns its result.

    Raises the error that the daemon names, NotListening when nobody is there, and BusyError
    when the daemon went away: it may have done what was asked, or still do it.
    """
    async for document in _talk(folder, {"op": op, **values}):
        if "progress" in document:
            if progress is not None:
                progress(document["progress"])
        elif "error" in document:
            kind = _ERRORS.get(document["error"], OctopusError)
            raise kind(document["message"])
        else:
            return document["result"]
    raise BusyError("The daemon went away before it had answered. Try again.")


async def _talk(folder: Path, document: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
    line = json.dumps(document).encode() + b"\n"
    if len(line) > LINE_LIMIT:
        raise UserError(f"That is more than {LINE_LIMIT // 2**20} MB; send it in parts.")
    try:
        with _address(folder) as address:
            reader, writer = await asyncio.open_unix_connection(address, limit=ANSWER_LIMIT)
    except OSError as error:
        raise NotListening from error
    try:
        writer.write(line)
        await writer.drain()
        # A line without its end was cut off by the end of the daemon.
        while (line := await reader.readline()).endswith(b"\n"):
            yield json.loads(line)
    except ConnectionError:
        return
    finally:
        writer.close()


__all__ = ["SOCKET", "ControlServer", "Operation", "Say", "request"]
