"""A reminder as a value: when it rings next, and as it is kept for taking a change back."""

# ruff: noqa: DTZ001 - wall clocks have no zone
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.reminder import Reminder, ReminderState, Ring, stopped

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
CALL = Reminder(7, "call", datetime(2026, 11, 20, 9, 0), "Europe/Berlin", AT, "console")
SOON, LATER = AT - timedelta(hours=1), AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "again", "due"),
    [
        (ReminderState.ARMED, None, AT),
        (ReminderState.ARMED, SOON, SOON),
        (ReminderState.ARMED, LATER, AT),
        (ReminderState.TOLD, None, None),
        (ReminderState.TOLD, LATER, LATER),
        (ReminderState.DONE, LATER, None),
        (ReminderState.DROPPED, None, None),
    ],
)
def test_when_it_rings_next(
    state: ReminderState, again: datetime | None, due: datetime | None
) -> None:
    assert replace(CALL, state=state, again=again).due == due


def test_shown_on_the_clock_of_its_zone() -> None:
    assert CALL.shown_at.isoformat() == "2026-11-20T09:00:00+01:00"
    done = stopped(replace(CALL, again=LATER), ReminderState.DONE)
    assert (done.due, done.again) == (None, None)
    assert done.shown_at == AT


def test_a_ring_is_known_by_its_reminder_and_its_moment() -> None:
    assert Ring(CALL, AT).key == "reminder:7:2026-11-20T08:00:00.000000+00:00"
    assert Ring(CALL, LATER).key != Ring(CALL, AT).key != Ring(replace(CALL, id=8), AT).key
    assert Ring(CALL, AT, late=True, missed=3).key == Ring(CALL, AT).key


@given(
    st.builds(
        Reminder,
        id=st.integers(0, 2**60),
        text=st.text(),
        local=st.datetimes(),
        zone=st.sampled_from(["UTC", "Asia/Tokyo"]),
        at=st.datetimes(timezones=st.just(UTC)),
        conversation=st.text(),
        repeat=st.none() | st.text(),
        nag=st.integers(0, 1440),
        path=st.none() | st.text(),
        state=st.sampled_from(ReminderState),
        again=st.none() | st.datetimes(timezones=st.just(UTC)),
    )
)
def test_its_image_gives_it_back(reminder: Reminder) -> None:
    assert Reminder.from_image(reminder.image()) == reminder
