"""The calendars that the owner has named: found, read when they change, asked for some days."""

from __future__ import annotations

import asyncio
import logging
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import islice
from pathlib import Path

from octopus.backends.calendar.event import Event, occurrences
from octopus.backends.calendar.parse import parse, reason_of
from octopus.backends.calendar.rule import Budget, Exhausted
from octopus.core.agenda import Appointment, Schedule
from octopus.errors import Sentence

log = logging.getLogger(__name__)

#: Bytes of one file. Ten years of a busy person's calendar have about three million.
LARGEST = 10 * 1024 * 1024
#: Files in one folder: servers for CalDAV keep a file for each event.
MOST_FILES = 20_000
#: Days and times looked at for one event, and for one question.
STEPS, ALL_STEPS = 100_000, 3_000_000

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _File:
    """What was read in one file; it holds while the stamp stays, for some years."""

    stamp: Stamp
    years: tuple[int, int]  # the first and the last
    events: tuple[Event, ...] = ()
    faults: tuple[str, ...] = ()


class CalendarFiles:
    """Fills the ``Calendars`` port from files, and from folders with many of them."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._files: dict[Path, _File] = {}
        self._told: set[str] = set()
        self._lock = asyncio.Lock()

    async def between(self, first: date, last: date, zone: tzinfo) -> Schedule:
        """What happens on these days of the owner's ``zone``, the earliest first.

        What is wrong with a file is told once, and again when it is wrong in another way.
        """
        if not self._paths:
            return Schedule()
        async with self._lock:
            schedule = await asyncio.to_thread(self._between, first, last, zone)
        news = tuple(fault for fault in schedule.faults if fault not in self._told)
        self._told = set(schedule.faults)
        for fault in news:
            log.info("calendar: %s", fault)
        return Schedule(schedule.appointments, news)

    def _between(self, first: date, last: date, zone: tzinfo) -> Schedule:
        found: dict[Appointment, None] = {}
        faults: dict[str, None] = {}
        total = Budget(ALL_STEPS)
        known: dict[Path, _File] = {}
        for path in self._paths:
            # A folder is one calendar: an event and its changes may be files of their own.
            events: list[Event] = []
            for each in _listed(path, faults):
                known[each] = file = self._read(each, (first.year - 1, last.year + 1))
                events += file.events
                faults |= dict.fromkeys(file.faults)
            for family in _families(events):
                budget = Budget(min(STEPS, total.left))
                before = budget.left
                try:
                    for one in occurrences(family, first, last, zone, budget):
                        found[one] = None
                except (Exhausted, ValueError, OverflowError) as error:
                    faults[_cut_short(path, family[0].title, error)] = None
                total.left -= before - max(0, budget.left)
        self._files = known
        return Schedule(tuple(sorted(found, key=_order)), tuple(faults))

    def _read(self, path: Path, years: tuple[int, int]) -> _File:
        try:
            status = path.stat()
            stamp = status.st_mtime_ns, status.st_size, status.st_ino
            known = self._files.get(path)
            if known is not None and known.stamp == stamp:
                if known.years[0] <= years[0] + 1 and years[1] - 1 <= known.years[1]:
                    return known
                years = min(years[0], known.years[0]), max(years[1], known.years[1])
            if status.st_size > LARGEST:
                limit = LARGEST // (1024 * 1024)
                return _File(
                    stamp,
                    years,
                    faults=(
                        Sentence(
                            "{name} is larger than {limit} MB",
                            "calendar.large",
                            name=path.name,
                            limit=limit,
                        ),
                    ),
                )
            if not stat.S_ISREG(status.st_mode):
                return _File(
                    stamp,
                    years,
                    faults=(Sentence("{name} is no file", "calendar.no_file", name=path.name),),
                )
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)  # it may grow meanwhile
            events, wrong = parse(data, *_days(years))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return _File((0, 0, 0), years, faults=(_unreadable(path, reason),))
        except ValueError as error:
            return _File(stamp, years, faults=(_unreadable(path, reason_of(error)),))
        return _File(stamp, years, tuple(events), tuple(_of_file(path, one) for one in wrong))


def _days(years: tuple[int, int]) -> tuple[date, date]:
    first, last = max(date.min.year, years[0]), min(date.max.year, years[1])
    return date(first, 1, 1), date(last, 12, 31)


def _listed(path: Path, faults: dict[str, None]) -> list[Path]:
    """The files of one entry of the configuration."""
    if not path.is_dir():
        if not path.exists():
            faults[Sentence("{path} is not there", "calendar.gone", path=path)] = None
            return []
        return [path]
    files = sorted(islice(path.rglob("*.ics"), MOST_FILES + 1))
    if len(files) > MOST_FILES:
        faults[_too_many(path)] = None
    return files[:MOST_FILES]


def _families(events: Sequence[Event]) -> Iterator[list[Event]]:
    """Each event with those that change single occurrences of it; of two alike the last counts."""
    found: dict[str, dict[object, Event]] = {}
    for number, event in enumerate(events):
        family = found.setdefault(event.uid or f"\0{number}", {})
        family[event.stands_for] = event
    for family in found.values():
        yield list(family.values())


def _order(one: Appointment) -> tuple[date, bool, datetime, str]:
    """By day, whole days first, then by time."""
    start = one.start or datetime.combine(one.first, time(), UTC)
    return one.first, one.start is not None, start, one.title


def _of_file(path: Path, fault: str) -> Sentence:
    return Sentence("{name}: {fault}", "calendar.of_file", name=path.name, fault=fault)


def _unreadable(path: Path, reason: str) -> Sentence:
    return Sentence(
        "{name} cannot be read: {reason}", "calendar.unreadable", name=path.name, reason=reason
    )


def _cut_short(path: Path, title: str, error: Exception) -> Sentence:
    often = Sentence("it repeats too often", "calendar.often")
    fault = Sentence(
        "“{title}” is cut short: {reason}",
        "calendar.cut_short",
        title=title or "…",
        reason=often if isinstance(error, Exhausted) else reason_of(error),
    )
    return _of_file(path, fault)


def _too_many(path: Path) -> Sentence:
    return Sentence(
        "{name} has more than {count} files; the rest is left out",
        "calendar.files",
        name=path.name,
        count=MOST_FILES,
    )
