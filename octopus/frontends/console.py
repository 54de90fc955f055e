"""The terminal as a front end: a line in, a reply out."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TextIO

#: Answers of the shape of ``octopus ask --json``.
Shown = Mapping[str, Any]
Ask = Callable[[str], Awaitable[Shown]]
Press = Callable[[int, str], Awaitable[Shown]]

HELP = "Type a message. [1] presses the first button of the last reply; Ctrl-D ends."


async def lines(source: TextIO) -> AsyncIterator[str]:
    """The lines of a stream without blocking the loop; ends with the stream.

    A thread reads, because a terminal, a pipe and a file have no common asynchronous way. It is
    a daemon thread: nothing can wake it from a read, and the process must still end.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        for line in source:
            loop.call_soon_threadsafe(queue.put_nowait, line.rstrip("\n"))
        loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, name="console", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line


class Console:
    """Reads messages and prints what becomes of them, one after the other."""

    def __init__(
        self, ask: Ask, press: Press, source: TextIO = sys.stdin, sink: TextIO = sys.stdout
    ) -> None:
        self._ask = ask
        self._press = press
        self._source = source
        self._sink = sink
        self._last: Shown | None = None

    async def run(self) -> None:
        """Until the end of the input."""
        interactive = self._source.isatty()
        if interactive:
            self._print(HELP)
        self._prompt(interactive)
        async for line in lines(self._source):
            if line.strip():
                if not interactive:
                    self._print(f"> {line}")
                self.show(await self._answer(line))
            self._prompt(interactive)

    def show(self, shown: Shown) -> None:
        """Print one reply with its buttons."""
        self._last = shown
        self._print(str(shown["reply"]) or "-")
        buttons: Sequence[Mapping[str, str]] = shown["buttons"]
        if buttons:
            labels = (f"[{n}] {button['label']}" for n, button in enumerate(buttons, 1))
            self._print("  " + "  ".join(labels))

    async def _answer(self, line: str) -> Shown:
        text = line.strip()
        buttons = self._last["buttons"] if self._last else []
        if self._last and text.startswith("[") and text.endswith("]") and text[1:-1].isdigit():
            number = int(text[1:-1])
            if 1 <= number <= len(buttons):
                return await self._press(self._last["job"], buttons[number - 1]["id"])
        return await self._ask(line)

    def _prompt(self, interactive: bool) -> None:
        if interactive:
            self._sink.write("> ")
            self._sink.flush()

    def _print(self, text: str) -> None:
        self._sink.write(text + "\n")
        self._sink.flush()
