"""The terminal as a front end: a line in, a reply out."""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, TextIO

from octopus.core.markup import unescaped
from octopus.errors import OctopusError, UserError, VaultUnavailable

#: Answers of the shape of ``octopus ask --json``, and ``markdown`` where the text is that.
Shown = Mapping[str, Any]
Ask = Callable[[str], Awaitable[Shown]]
Press = Callable[[int, str], Awaitable[Shown]]

HELP = "Type a message. [1] presses the first button of the last reply; Ctrl-D ends."


#: Lines read ahead of the answers.
AHEAD = 1_000

#: Text of others must not command the terminal: control characters are shown, not sent.
_CONTROLS = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
_CONTROLS |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
#: These turn text round, so that a name looks like another one.
_CONTROLS |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)
_BREAKS = {ord("\n"): 0x240A, ord("\t"): 0x2409, 0x2028: 0xFFFD, 0x2029: 0xFFFD}


def shown_safely(text: str) -> str:
    """``text`` as any terminal can show it."""
    return text.encode("utf-8", "replace").decode().translate(_CONTROLS)


def shown_on_a_line(text: str) -> str:
    """A name or another ``text`` that has to be on one line, as any terminal can show it."""
    return shown_safely(text).translate(_BREAKS)


def terminal_text(shown: Shown) -> str:
    """The words of a reply as a terminal shows them."""
    return unescaped(str(shown["reply"]), markdown=bool(shown.get("markdown")))


async def lines(source: TextIO) -> AsyncIterator[str]:
    """The lines of a stream without blocking the loop; ends with the stream.

    A thread reads, because a terminal, a pipe and a file have no common asynchronous way. It is
    a daemon thread: nothing can wake it from a read, and the process must still end. Raises
    what reading raises.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | BaseException | None] = asyncio.Queue()
    room = threading.Semaphore(AHEAD)

    def put(item: str | BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def read() -> None:
        try:
            for line in source:
                room.acquire()
                put(line.rstrip("\n"))
        except (OSError, ValueError) as error:
            put(error)
        else:
            put(None)

    threading.Thread(target=read, name="console", daemon=True).start()
    while (item := await queue.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
        room.release()


class Console:
    """Reads messages and prints what becomes of them, one after the other."""

    def __init__(
        self,
        ask: Ask,
        press: Press,
        source: TextIO | None = None,
        sink: TextIO | None = None,
        tell: Callable[[OctopusError], str] = str,
    ) -> None:
        """``tell`` says an error to the owner."""
        self._ask = ask
        self._press = press
        self._source = source or sys.stdin
        self._sink = sink or sys.stdout
        self._tell = tell
        self._last: Shown | None = None

    async def run(self, beside: Coroutine[Any, Any, None] | None = None) -> None:
        """Until the end of the input; ``beside`` shows meanwhile what comes by itself."""
        other = asyncio.ensure_future(beside) if beside is not None else None
        try:
            await self._run()
        finally:
            if other is not None:
                other.cancel()
                await asyncio.gather(other, return_exceptions=True)

    async def _run(self) -> None:
        for stream in (self._source, self._sink):
            if isinstance(stream, io.TextIOWrapper):  # what it cannot write it must not die of
                stream.reconfigure(errors="replace")
        interactive = self._source.isatty()
        if interactive:
            self._print(HELP)
        self._prompt(interactive)
        async for line in lines(self._source):
            if line.strip():
                if not interactive:
                    self._print(f"> {line}")
                try:
                    self.show(await self._answer(line))
                except (UserError, VaultUnavailable) as error:
                    self._print(self._tell(error))
            self._prompt(interactive)

    def show(self, shown: Shown) -> None:
        """Print one reply with its buttons."""
        self._last = shown
        self._print(terminal_text(shown) or "-")
        buttons: Sequence[Mapping[str, str]] = shown["buttons"]
        if buttons:
            labels = (f"[{n}] {button['label']}" for n, button in enumerate(buttons, 1))
            self._print("  " + "  ".join(labels))

    async def _answer(self, line: str) -> Shown:
        if self._last is not None:
            choices = {f"[{n}]": button for n, button in enumerate(self._last["buttons"], 1)}
            if button := choices.get(line.strip()):
                return await self._press(self._last["job"], button["id"])
        return await self._ask(line)

    def _prompt(self, interactive: bool) -> None:
        if interactive:
            self._sink.write("> ")
            self._sink.flush()

    def _print(self, text: str) -> None:
        self._sink.write(shown_safely(text) + "\n")
        self._sink.flush()
