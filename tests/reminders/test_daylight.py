"""Forty zones over five years: never twice, never skipped, the wall clock stays what it was."""

# ruff: noqa: DTZ001 - wall clocks have no zone
from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from octopus.obsidian.alarm import following, instant
from tests.reminders.oracle import Plan, occurrences, utc
from tests.reminders.plan import ZONES

FULL = os.environ.get("OCTOPUS_TEST_SCALE") == "full"
YEARS = range(2024, 2029)
TIMES = (time(0, 0), time(1, 30), time(2, 30), time(9, 0))
#: Zones of the small run, each with a way of its own of moving its clocks.
SOME = (
    *("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Beirut"),
    *("Africa/Casablanca", "Pacific/Chatham", "America/Nuuk", "Asia/Tokyo"),
)


def changes(zone: str) -> list[date]:
    """The days on which the clocks of a zone are moved."""
    place, day, found = ZoneInfo(zone), date(YEARS[0], 1, 1), []
    while day.year in YEARS:
        following_ = day + timedelta(days=1)
        first, second = (datetime.combine(each, time(), UTC) for each in (day, following_))
        if first.astimezone(place).utcoffset() != second.astimezone(place).utcoffset():
            found.append(day)
        day = following_
    return found


@pytest.mark.parametrize("zone", ZONES if FULL else SOME)
@pytest.mark.parametrize("clock", TIMES)
def test_every_day_is_once_a_day_whatever_the_clocks_do(zone: str, clock: time) -> None:
    begin = datetime.combine(date(YEARS[0], 1, 1), clock)
    end = datetime(YEARS[-1] if FULL else YEARS[1], 1, 1, tzinfo=UTC)
    plan = Plan(1, begin, zone, "every day")
    wanted = list(occurrences(plan, end))
    local, at = begin, instant(begin, zone)
    told = []
    while at <= end:
        told.append(at)
        found = following(local, zone, "every day", at)
        assert found is not None
        assert found.missed == 0
        local, at = found.local, found.at
    assert told == wanted
    assert all(timedelta(hours=20) < b - a < timedelta(hours=28) for a, b in pairwise(told))


@pytest.mark.parametrize("zone", ZONES)
def test_each_quarter_of_the_days_on_which_clocks_are_moved(zone: str) -> None:
    days = [day + timedelta(days=more) for day in changes(zone) for more in (-1, 0, 1)]
    for day in days if FULL else days[:12]:
        for quarter in range(96):
            local = datetime.combine(day, time(quarter // 4, quarter % 4 * 15))
            moment = instant(local, zone)
            assert moment == utc(local, zone), (zone, local)
            shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            assert shown >= local  # a time that does not exist moves to the next that does


def test_there_are_forty_zones_and_most_of_them_move_their_clocks() -> None:
    assert len(set(ZONES)) >= 40
    assert sum(bool(changes(zone)) for zone in ZONES) >= 25


def test_an_hour_that_is_missed_out_and_one_that_comes_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = instant(datetime(2026, 3, 29, 2, 30), "Europe/Berlin")
    assert spring.astimezone(berlin).isoformat() == "2026-03-29T03:00:00+02:00"
    autumn = instant(datetime(2026, 10, 25, 2, 30), "Europe/Berlin")
    assert autumn.astimezone(berlin).isoformat() == "2026-10-25T02:30:00+02:00"
    day = instant(datetime(2011, 12, 30, 9, 0), "Pacific/Apia")  # a day that Samoa left out
    assert day.astimezone(ZoneInfo("Pacific/Apia")).isoformat() == "2011-12-31T00:00:00+14:00"
    found = following(
        datetime(2026, 3, 29, 2, 30), "Europe/Berlin", "every day", spring
    )  # the time is moved for this day alone
    assert found is not None
    assert found.local == datetime(2026, 3, 30, 2, 30)
