"""A calendar is taken apart without losing an event, however it is written, cut or mixed."""

from __future__ import annotations

import codecs
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.backends.calendar.parse import parse
from octopus.backends.calendar.split import may_matter, split

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
OPEN, CLOSE = b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n"
ZONE = b"BEGIN:VTIMEZONE\r\nTZID:Here\r\nEND:VTIMEZONE\r\n"


def event(number: int, more: bytes = b"") -> bytes:
    """One event as a server writes it."""
    return b"BEGIN:VEVENT\r\nUID:%d\r\n%sEND:VEVENT\r\n" % (number, more)


def other(kind: bytes, number: int) -> bytes:
    """Something that is no event, with a word of its own that looks like one."""
    return b"BEGIN:%s\r\nUID:%d\r\nSUMMARY:BEGIN:VEVENT\r\nEND:%s\r\n" % (kind, number, kind)


pieces = st.lists(
    st.one_of(
        st.builds(event, st.integers(0, 999), st.sampled_from([b"", b"SUMMARY:END:VEVENT\r\n"])),
        st.builds(
            event,
            st.integers(0, 999),
            st.just(b"BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"),
        ),
        st.builds(
            other, st.sampled_from([b"VTODO", b"VJOURNAL", b"VFREEBUSY"]), st.integers(0, 999)
        ),
        st.just(ZONE),
    ),
    max_size=8,
)


@given(pieces)
def test_every_event_comes_out_as_it_went_in(some: list[bytes]) -> None:
    parts = split(OPEN + b"".join(some) + CLOSE)
    assert list(parts.events) == [piece for piece in some if piece.startswith(b"BEGIN:VEVENT")]
    assert parts.head == OPEN + b"".join(piece for piece in some if piece == ZONE)
    assert parts.whole
    assert parts.is_calendar


@given(pieces, st.data())
def test_a_file_that_is_cut_anywhere_keeps_what_came_before(
    some: list[bytes], data: st.DataObject
) -> None:
    whole = OPEN + b"".join(some) + CLOSE
    at = data.draw(st.integers(len(OPEN), len(whole) - len(CLOSE)))
    parts = split(whole[:at])
    assert not parts.whole
    every = split(whole).events
    assert parts.events == every[: len(parts.events)]
    complete = [piece for piece in every if whole[:at].count(piece) >= every.count(piece)]
    assert len(parts.events) >= len(complete)


@pytest.mark.parametrize("end", [b"END:VEVENT", b"END:VEVENT\r", b"END:VEVENT\r\nX-LAST:1"])
def test_a_last_line_without_its_end_costs_no_event(end: bytes) -> None:
    start = b"DTSTART:20261120T100000Z\r\n"
    whole = OPEN + event(1, start) + event(2, start)
    found, faults = parse(whole.removesuffix(b"END:VEVENT\r\n") + end)
    assert [each.uid for each in found] == ["1", "2"]
    assert faults == ["it is cut off"]


@given(pieces)
def test_any_end_of_line_any_case_and_a_mark_of_order_are_the_same(some: list[bytes]) -> None:
    whole = OPEN + b"".join(some) + CLOSE
    count = len(split(whole).events)
    assert len(split(codecs.BOM_UTF8 + whole).events) == count
    assert len(split(whole.replace(b"\r\n", b"\n")).events) == count
    assert len(split(whole.lower()).events) == count


@given(pieces, pieces)
def test_two_calendars_are_one_with_the_events_of_both(one: list[bytes], two: list[bytes]) -> None:
    first, second = (OPEN + b"".join(each) + CLOSE for each in (one, two))
    parts = split(first + second)
    assert parts.events == split(first).events + split(second).events
    assert parts.head.count(OPEN) == 1
    assert parts.whole


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd_to_be_taken_apart(data: bytes) -> None:
    parts = split(data)
    assert parts.is_calendar or parts.head == b""
    assert all(each.strip() for each in parts.events)


@given(DAYS, st.integers(0, 30), DAYS, st.integers(0, 60), st.booleans())
def test_nothing_that_touches_these_days_is_passed_by(
    start: date, length: int, since: date, days: int, timed: bool
) -> None:
    """Wherever the zones of the event and of the owner are."""
    end, until = start + timedelta(days=length), since + timedelta(days=days)
    clock = "T100000Z" if timed else ""
    lines = f"DTSTART;VALUE=X:{start:%Y%m%d}{clock}\r\nDTEND:{end:%Y%m%d}{clock}\r\n"
    matters = may_matter(event(1, lines.encode()), since, until)
    near = timedelta(days=1)
    if start - near <= until and end + near >= since:
        assert matters
    elif start - 4 * near > until or end + 4 * near < since:
        assert not matters


@pytest.mark.parametrize(
    "line", ["RRULE:FREQ=DAILY", "rdate:20260101", "RECURRENCE-ID;X=1:20260101", "DURATION:P400D"]
)
@given(start=DAYS, since=DAYS)
def test_what_happens_on_other_days_too_is_never_passed_by(
    line: str, start: date, since: date
) -> None:
    lines = f"DTSTART:{start:%Y%m%d}\r\n{line}\r\n".encode()
    assert may_matter(event(1, lines), since, since)


@pytest.mark.parametrize("since", [date.min, date.max])
def test_at_the_ends_of_the_calendar_nothing_fails(since: date) -> None:
    assert may_matter(event(1, f"DTSTART:{since:%Y%m%d}".rjust(16).encode()), since, since)
    assert may_matter(event(1, b"SUMMARY:no start\r\n"), since, since)
