"""Time that passes only while nothing happens, and then at once: for limits of real seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

#: Seconds without an event after which both ends of every connection are waiting for a timer.
#: Both are in this process, so what one of them sends the other can read at once.
QUIET = 0.01
TICK = 1e-6  # added to every wait, so that none ends a rounding error too early


@contextmanager
def idle_time() -> Iterator[None]:
    """Let the running loop skip to its next timer whenever it has nothing else to do.

    Limits are then reached in the order of their lengths, however slow the machine is, and nobody
    waits for them. Time stands still while a thread works for the loop.
    """
    loop: Any = asyncio.get_running_loop()
    now, busy = loop.time(), 0
    select, run = loop._selector.select, loop.run_in_executor

    def skip(timeout: float | None) -> Any:
        nonlocal now
        if timeout is None or timeout <= 0:
            return select(timeout)
        events = select(None if busy else QUIET)
        if not events:
            now += timeout + TICK
        return events

    def counted(executor: Executor | None, call: Callable[..., Any], *args: Any) -> Any:
        nonlocal busy
        future = run(executor, call, *args)
        busy += 1
        future.add_done_callback(ended)
        return future

    def ended(_: object) -> None:
        nonlocal busy
        busy -= 1

    loop.time, loop._selector.select, loop.run_in_executor = lambda: now, skip, counted
    try:
        yield
    finally:
        del loop.time, loop._selector.select, loop.run_in_executor
