"""How long to wait before the next attempt."""

from __future__ import annotations

import random

FIRST = 1.0  # seconds before the second attempt
CAP = 300.0


def backoff(attempt: int, first: float = FIRST, cap: float = CAP) -> float:
    """Seconds to wait after the given attempt: doubling, capped, with up to a quarter of jitter.

    The jitter keeps many jobs that failed together from coming back together.
    """
    delay = min(cap, first * 2.0 ** min(max(0, attempt - 1), 30))
    return delay * random.uniform(0.75, 1.25)  # noqa: S311 - spreading, not secrecy
