"""How much work something is: seconds of this thread alone, to be compared within one test."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TRIES = 5


def effort(work: Callable[[], object], *, rounds: int = 2) -> float:
    """Seconds of this thread's own time, the best of a few rounds, without collecting garbage."""
    taken = []
    for _ in range(rounds):
        gc.disable()
        try:
            start = time.thread_time()
            work()
            taken.append(time.thread_time() - start)
        finally:
            gc.enable()
    return min(taken)


def holds_once(compared: Callable[[], bool]) -> bool:
    """Whether it holds at one of several tries.

    What else runs on the machine takes the caches away at one try or another; work that grows too
    fast does so at all of them.
    """
    return any(compared() for _ in range(TRIES))
