"""How one would do it without a store that is asked: timers in memory. It must not pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from tests.reminders.oracle import Plan, Told
from tests.reminders.plan import Stretch


def live(plans: Sequence[Plan], stretches: Sequence[Stretch]) -> list[Told]:
    """What is told by timers that are set anew at each start, and by the rule "a day later"."""
    told = []
    for stretch in stretches:
        for plan in plans:
            at = plan.first.replace(tzinfo=ZoneInfo(plan.zone)).astimezone(UTC)
            while at <= stretch.end:
                if at >= stretch.begin:  # what came due while it was down has no timer any more
                    told.append(Told(plan.number, at, 0))
                if plan.repeat is None:
                    break
                at += _step(plan.repeat)
    return told


def _step(repeat: str) -> timedelta:
    words = repeat.split()
    number = int(words[1]) if words[1].isdigit() else 1
    unit = next((word for word in words if word.rstrip("s") in _UNITS), "day").rstrip("s")
    return _UNITS[unit] * number


_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}
