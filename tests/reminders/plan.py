"""What is asked for in the proof, and what happens to the machine meanwhile; all from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.reminders.oracle import DAYS, Plan, utc

#: Zones with every kind of change: half hours, both hemispheres, none, midnight, a whole hour.
ZONES = (
    *("Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Moscow", "Europe/Istanbul"),
    *("Europe/Dublin", "Europe/Chisinau", "Atlantic/Azores", "America/New_York"),
    *("America/Chicago", "America/Denver", "America/Los_Angeles", "America/St_Johns"),
    *("America/Havana", "America/Santiago", "America/Asuncion", "America/Sao_Paulo"),
    *("America/Nuuk", "America/Scoresbysund", "America/Anchorage", "America/Phoenix"),
    *("Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Beirut"),
    *("Asia/Jerusalem", "Asia/Gaza", "Asia/Amman", "Asia/Damascus", "Africa/Cairo"),
    *("Africa/Casablanca", "Africa/Johannesburg", "Australia/Sydney", "Australia/Adelaide"),
    *("Australia/Lord_Howe", "Australia/Brisbane", "Pacific/Auckland", "Pacific/Chatham"),
    "Pacific/Apia",
)

START = datetime(2026, 3, 20, 6, 0, tzinfo=UTC)  # before most clocks change


@dataclass(frozen=True)
class Stretch:
    """The time that one process sees on the wall clock, from start to death."""

    begin: datetime
    end: datetime
    crash: str = ""  # the named point at which it dies; "": by SIGKILL at ``end``, or later
    jumps: tuple[tuple[datetime, timedelta], ...] = ()  # when the clock is set, and by how much


def plans(count: int, seed: int, days: int) -> list[Plan]:
    """Reminders of all kinds, most of them told once."""
    dice = random.Random(seed)
    made = []
    for number in range(1, count + 1):
        zone = dice.choice(ZONES)
        minute = dice.randrange(days * 24 * 60)
        local = (START + timedelta(minutes=minute)).replace(tzinfo=None)
        if dice.random() < 0.3:  # many at the same moment, as people ask for them
            local = local.replace(hour=dice.choice((2, 3, 9, 19)), minute=dice.choice((0, 30)))
        if utc(local, zone) <= START:
            local += timedelta(days=2)
        made.append(Plan(number, local, zone, _rule(dice, local)))
    return made


def _rule(dice: random.Random, local: datetime) -> str | None:
    if dice.random() < 0.8:
        return None
    if dice.random() < 0.03:  # few, since they ring so often
        return dice.choice(("every 90 minutes", "every 7 hours"))
    return dice.choice(
        (
            *("every day", "every 3 days", "every weekday" if local.weekday() < 5 else "every day"),
            f"every week on {DAYS[local.weekday()]}",
            f"every 2 weeks on {DAYS[local.weekday()]}",
            "every month" if local.day <= 28 else "every day",
        )
    )


POINTS = ("reminder.due", "reminder.firing", "reminder.fired", "outbox.called", "")


def stretches(days: int, seed: int, kills: int) -> list[Stretch]:
    """The life of the machine: killed, away for three days, its clock set forwards and back."""
    dice = random.Random(seed + 1)
    found = []
    now = START
    length = timedelta(days=days) / max(1, kills)
    for number in range(kills):
        end = now + length * dice.uniform(0.3, 1.2)
        jumps = []
        if number % 3 == 1:
            by = dice.choice((timedelta(hours=1), timedelta(days=1))) * dice.choice((1, -1))
            jumps.append((now + (end - now) / 2, by))
            end += max(by, timedelta())
        found.append(Stretch(now, end, POINTS[number % len(POINTS)], tuple(jumps)))
        away = timedelta(days=3) if number % 5 == 2 else timedelta(minutes=dice.randrange(90))
        now = end + away
        if number % 7 == 3:
            now -= timedelta(hours=1)  # it comes up with a clock that is behind
    found.append(Stretch(now, max(now, START + timedelta(days=days)) + timedelta(days=4)))
    return found
