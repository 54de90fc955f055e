"""What the rules need to know of the owner to understand a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, tzinfo


@dataclass(frozen=True, slots=True)
class Owner:
    """Language, zone and habits; the times say what "in the morning" and so on mean."""

    language: str = "en"
    zone: tzinfo | None = None  # None: the zone of the moment that is given as now
    morning: time = time(9)
    noon: time = time(12)
    afternoon: time = time(15)
    evening: time = time(19)
    date_order: str = "dmy"  # or "mdy": which number comes first in 5/12
    lists: tuple[str, ...] = ()  # names of the owner's lists
