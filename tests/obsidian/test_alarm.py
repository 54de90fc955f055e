"""When an alarm rings: wall clock, zone and rule."""

# ruff: noqa: DTZ001 - wall clocks have no zone
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.obsidian.alarm import elapsed, first_after_done, following, instant, repeats, when_done
from tests.reminders.oracle import Plan, occurrences
from tests.reminders.plan import ZONES

MONDAY = datetime(2026, 11, 16, 9, 0)
BERLIN = "Europe/Berlin"


def after(repeat: str | None, moment: datetime, local: datetime = MONDAY, told: int = 0) -> str:
    """The next time on the wall clock, and what was missed before it."""
    found = following(local, BERLIN, repeat, moment.replace(tzinfo=UTC), told)
    return f"{found.local:%a %d %H:%M} {found.missed}" if found else "none"


@pytest.mark.parametrize(
    ("repeat", "day", "expected"),
    [
        (None, 16, "none"),
        ("every day", 16, "Tue 17 09:00 0"),
        ("every day", 19, "Fri 20 09:00 3"),
        ("every weekday", 20, "Mon 23 09:00 4"),
        ("every 2 weeks on Monday", 16, "Mon 30 09:00 0"),
        ("every week on Monday", 24, "Mon 30 09:00 1"),
        ("every month", 16, "Wed 16 09:00 0"),
        ("every month on the last", 16, "Mon 30 09:00 0"),
        ("every day when done", 16, "none"),
        ("every day until November 17 2026", 16, "Tue 17 09:00 0"),
        ("every day until November 17 2026", 17, "none"),
        ("nonsense", 16, "none"),
        ("every 0 days", 16, "none"),
        ("every 9999 years", 16, "none"),
    ],
)
def test_the_next_time_by_a_rule(repeat: str | None, day: int, expected: str) -> None:
    assert after(repeat, datetime(2026, 11, day, 12)) == expected


def test_a_rule_that_ends_after_some_times() -> None:
    noon = datetime(2026, 11, 16, 12)
    assert after("every day for 3 times", noon, told=1) == "Tue 17 09:00 0"
    assert after("every day for 3 times", noon, told=3) == "none"
    assert after("every day for 3 times", datetime(2026, 11, 30), told=1) == "none"


def test_minutes_and_hours_pass_also_while_clocks_are_moved() -> None:
    local = datetime(2026, 10, 25, 1, 30)  # an hour and a half before the clocks go back
    begin = instant(local, BERLIN)
    found = following(local, BERLIN, "every 2 hours", begin)
    assert found is not None
    assert found.at - begin == timedelta(hours=2)
    assert found.local == datetime(2026, 10, 25, 2, 30)
    late = following(local, BERLIN, "every 10 minutes", begin + timedelta(minutes=35))
    assert late is not None
    assert (late.at - begin, late.missed) == (timedelta(minutes=40), 3)


@pytest.mark.parametrize(
    ("repeat", "minutes"),
    [
        ("every minute", 1),
        ("every 10 minutes", 10),
        ("Every two hours", 120),
        ("every hour", 60),
        ("every 0 minutes", None),
        ("every 999999999 hours", None),
        ("every day", None),
        ("every minutes ago", None),
    ],
)
def test_rules_of_minutes_and_hours(repeat: str, minutes: int | None) -> None:
    assert elapsed(repeat) == (None if minutes is None else timedelta(minutes=minutes))


def test_what_is_a_rule() -> None:
    assert repeats("every 10 minutes")
    assert repeats("every month on the 2nd last Friday")
    assert not repeats("every 0 days")
    assert not repeats("")
    assert when_done("every 3 days when done")
    assert not when_done("every 3 days")
    assert not when_done(None)


def test_counted_from_when_it_was_done() -> None:
    done = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # half past eleven in the evening there
    found = first_after_done(MONDAY, BERLIN, "every 3 days when done", done)
    assert found is not None
    assert found.local == datetime(2026, 11, 23, 9, 0)
    assert first_after_done(MONDAY, BERLIN, "nonsense", done) is None


RULES = st.one_of(
    st.sampled_from(["every day", "every weekday", "every 90 minutes", "every 7 hours"]),
    st.integers(2, 40).map(lambda number: f"every {number} days"),
)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(
        lambda moment: moment.replace(second=0, microsecond=0)
    ),
    st.sampled_from(ZONES),
    RULES,
    st.integers(0, 60 * 24 * 30),
)
@settings(deadline=None, max_examples=200)
def test_whenever_one_looks_nothing_is_left_out(
    local: datetime, zone: str, repeat: str, minutes: int
) -> None:
    if repeat == "every weekday" and local.weekday() > 4:
        return
    begin = instant(local, zone)
    look = begin + timedelta(minutes=minutes)
    found = following(local, zone, repeat, look)
    assert found is not None
    due = list(occurrences(Plan(1, local, zone, repeat), found.at))
    assert due[-1] == found.at > look
    assert len(due) == found.missed + 2  # the first, those that were missed, and this one
