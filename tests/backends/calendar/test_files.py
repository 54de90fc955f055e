"""Calendar files as programs write them: zones, changed occurrences, bad files, limits, caching."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus.backends.calendar import CalendarFiles
from octopus.backends.calendar.event import MOST, Event, occurrences
from octopus.backends.calendar.files import LARGEST
from octopus.backends.calendar.parse import clean, parse
from octopus.backends.calendar.rule import Budget, Rule
from octopus.backends.calendar.split import may_matter, split
from octopus.core.agenda import Appointment

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")

#: A zone of its own, as Outlook sends them along: Berlin's rules under a name that nobody knows.
ZONE = """BEGIN:VTIMEZONE
TZID:Company Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def event(*lines: str, uid: str = "u1", title: str = "Dentist") -> str:
    rows = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"SUMMARY:{title}"]
    return "\n".join([*rows, *lines, "END:VEVENT"]) + "\n"


def calendar(*parts: str) -> bytes:
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\n" + "".join(parts) + "END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


async def on(
    folder: Path, data: bytes, first: str, last: str = "", zone: ZoneInfo = BERLIN
) -> list[Appointment]:
    """What a file holds on these days; nothing may be wrong with it."""
    (folder / "work.ics").write_bytes(data)
    files = CalendarFiles([folder / "work.ics"])
    days = date.fromisoformat(first), date.fromisoformat(last or first)
    schedule = await files.between(*days, zone)
    assert schedule.faults == ()
    return list(schedule.appointments)


def starts(found: Sequence[Appointment]) -> list[str]:
    return [f"{one.start:%Y-%m-%d %H:%M%z}" if one.start else f"{one.first}" for one in found]


# One event.


async def test_a_time_in_a_zone(tmp_path: Path) -> None:
    data = calendar(
        event(
            "DTSTART;TZID=America/New_York:20261120T100000",
            "DTEND;TZID=America/New_York:20261120T113000",
            "LOCATION:Main St\\, 5",
        )
    )
    (found,) = await on(tmp_path, data, "2026-11-20")
    assert (found.title, found.place) == ("Dentist", "Main St, 5")
    assert found.start == datetime(2026, 11, 20, 16, 0, tzinfo=BERLIN)
    assert found.end == datetime(2026, 11, 20, 17, 30, tzinfo=BERLIN)
    assert (found.first, found.last) == (date(2026, 11, 20), date(2026, 11, 20))


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART:20261120T090000Z",
        "DTSTART;TZID=Europe/Berlin:20261120T100000",
        'DTSTART;TZID="Europe/Berlin":20261120T100000',
        "DTSTART;TZID=W. Europe Standard Time:20261120T100000",
        "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261120T100000",
        "DTSTART;TZID=Company Time:20261120T100000",
        "DTSTART:20261120T100000",  # floating: ten o'clock wherever the owner is
        "DTSTART;TZID=Nowhere/Known:20261120T100000",  # the same, for want of anything better
    ],
)
async def test_zones_by_any_name(tmp_path: Path, start: str) -> None:
    found = await on(tmp_path, calendar(ZONE, event(start)), "2026-11-20")
    assert starts(found) == ["2026-11-20 10:00+0100"]


async def test_floating_time_follows_the_owner(tmp_path: Path) -> None:
    data = calendar(event("DTSTART:20261120T080000", "DURATION:PT1H"))
    found = await on(tmp_path, data, "2026-11-20", zone=NEW_YORK)
    assert starts(found) == ["2026-11-20 08:00-0500"]


async def test_the_owners_zone_says_which_day_it_is(tmp_path: Path) -> None:
    data = calendar(event("DTSTART:20261121T033000Z"))
    assert starts(await on(tmp_path, data, "2026-11-20", zone=NEW_YORK)) == [
        "2026-11-20 22:30-0500"
    ]
    assert await on(tmp_path, data, "2026-11-20") == []
    assert starts(await on(tmp_path, data, "2026-11-21")) == ["2026-11-21 04:30+0100"]


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        (["DTSTART;VALUE=DATE:20261120"], "2026-11-20", "2026-11-20"),
        (["DTSTART;VALUE=DATE:20261120", "DTEND;VALUE=DATE:20261121"], "2026-11-20", "2026-11-20"),
        (["DTSTART;VALUE=DATE:20261119", "DTEND;VALUE=DATE:20261123"], "2026-11-19", "2026-11-22"),
        (["DTSTART;VALUE=DATE:20261119", "DURATION:P2D"], "2026-11-19", "2026-11-20"),
        (["DTSTART;VALUE=DATE:20261120", "DTEND;VALUE=DATE:20261101"], "2026-11-20", "2026-11-20"),
        (["DTSTART:20261119T220000Z", "DTEND:20261120T230000Z"], "2026-11-19", "2026-11-20"),
        (["DTSTART:20261120T210000Z", "DURATION:P1DT2H"], "2026-11-20", "2026-11-21"),
        (["DTSTART:20261120T210000Z", "DTEND:20261120T200000Z"], "2026-11-20", "2026-11-20"),
    ],
)
async def test_the_days_that_it_touches(
    tmp_path: Path, lines: list[str], first: str, last: str
) -> None:
    data = calendar(event(*lines))
    (found,) = await on(tmp_path, data, "2026-11-20")
    assert (f"{found.first}", f"{found.last}") == (first, last)
    before = date.fromisoformat(first) - timedelta(days=1)
    after = date.fromisoformat(last) + timedelta(days=1)
    assert await on(tmp_path, data, f"{before}") == []
    assert await on(tmp_path, data, f"{after}") == []


async def test_an_hour_that_is_an_hour_when_the_clock_is_put_back(tmp_path: Path) -> None:
    data = calendar(
        event(
            "DTSTART;TZID=Europe/Berlin:20261025T013000",
            "DTEND;TZID=Europe/Berlin:20261025T033000",
        )
    )
    (found,) = await on(tmp_path, data, "2026-10-25")
    assert found.start is not None
    assert found.end is not None
    assert found.end.astimezone(UTC) - found.start.astimezone(UTC) == timedelta(hours=3)
    assert f"{found.end:%H:%M}" == "03:30"


async def test_a_day_on_the_wall_clock_over_the_change(tmp_path: Path) -> None:
    lines = "DTSTART;TZID=Europe/Berlin:20261024T120000", "DURATION:P1D"
    (found,) = await on(tmp_path, calendar(event(*lines)), "2026-10-24")
    assert f"{found.end:%d %H:%M}" == "25 12:00"


# Coming again.


async def test_weekly_over_both_changes_of_the_clock(tmp_path: Path) -> None:
    data = calendar(event("DTSTART;TZID=Europe/Berlin:20260322T100000", "RRULE:FREQ=WEEKLY"))
    assert starts(await on(tmp_path, data, "2026-03-22", "2026-04-05")) == [
        "2026-03-22 10:00+0100",
        "2026-03-29 10:00+0200",
        "2026-04-05 10:00+0200",
    ]
    assert starts(await on(tmp_path, data, "2026-10-18", "2026-11-01")) == [
        "2026-10-18 10:00+0200",
        "2026-10-25 10:00+0100",
        "2026-11-01 10:00+0100",
    ]


async def test_a_meeting_abroad_moves_for_three_weeks(tmp_path: Path) -> None:
    """New York puts its clock on earlier than Berlin: 8 and 29 March 2026."""
    data = calendar(event("DTSTART;TZID=America/New_York:20260303T090000", "RRULE:FREQ=WEEKLY"))
    assert starts(await on(tmp_path, data, "2026-03-03", "2026-03-31")) == [
        "2026-03-03 15:00+0100",
        "2026-03-10 14:00+0100",
        "2026-03-17 14:00+0100",
        "2026-03-24 14:00+0100",
        "2026-03-31 15:00+0200",
    ]


async def test_a_time_that_does_not_exist_and_one_that_exists_twice(tmp_path: Path) -> None:
    """RFC 5545, 3.3.5: the offset before the gap counts, and the first of two."""
    data = calendar(event("DTSTART;TZID=Europe/Berlin:20260327T023000", "RRULE:FREQ=DAILY"))
    assert starts(await on(tmp_path, data, "2026-03-28", "2026-03-30")) == [
        "2026-03-28 02:30+0100",
        "2026-03-29 03:30+0200",
        "2026-03-30 02:30+0200",
    ]
    assert starts(await on(tmp_path, data, "2026-10-24", "2026-10-26")) == [
        "2026-10-24 02:30+0200",
        "2026-10-25 02:30+0200",
        "2026-10-26 02:30+0100",
    ]


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RRULE:FREQ=DAILY;COUNT=3"], "02 03 04"),
        (["RRULE:FREQ=DAILY;UNTIL=20261104T090000Z"], "02 03 04"),
        (["RRULE:FREQ=DAILY;UNTIL=20261104T085959Z"], "02 03"),
        (["RRULE:FREQ=DAILY;UNTIL=20261104T100000"], "02 03 04"),
        (["RRULE:FREQ=DAILY;UNTIL=20261104"], "02 03 04"),
        (["RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3"], "02 04 11"),  # the start counts
        (["RRULE:FREQ=WEEKLY;COUNT=2", "RDATE;TZID=Europe/Berlin:20261105T100000"], "02 05 09"),
        (["RDATE;VALUE=PERIOD:20261105T090000Z/PT1H,20261107T090000Z/PT1H"], "02 05 07"),
        (["RRULE:FREQ=DAILY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20261103T100000"], "02 04 05"),
        (["RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20261103T090000Z,20261105T090000Z"], "02 04"),
        (["RRULE:FREQ=DAILY;COUNT=4", "EXDATE;VALUE=DATE:20261103"], "02 04 05"),
        (["RRULE:FREQ=WEEKLY;COUNT=2", "RRULE:FREQ=DAILY;COUNT=2"], "02 03 09"),
        (["RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], "02"),
    ],
)
async def test_more_and_fewer(tmp_path: Path, lines: list[str], days: str) -> None:
    data = calendar(event("DTSTART;TZID=Europe/Berlin:20261102T100000", *lines))
    found = await on(tmp_path, data, "2026-11-01", "2026-11-30")
    assert [one[8:10] for one in starts(found)] == days.split()


async def test_counting_begins_long_before(tmp_path: Path) -> None:
    data = calendar(event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY;COUNT=324"))
    assert starts(await on(tmp_path, data, "2026-11-19", "2026-11-30")) == [
        "2026-11-19",
        "2026-11-20",
    ]


async def test_birthdays(tmp_path: Path) -> None:
    data = calendar(event("DTSTART;VALUE=DATE:19240229", "RRULE:FREQ=YEARLY", title="Grandma"))
    assert starts(await on(tmp_path, data, "2028-02-01", "2028-03-01")) == ["2028-02-29"]
    assert await on(tmp_path, data, "2027-02-01", "2027-03-31") == []


async def test_long_ones_that_began_before(tmp_path: Path) -> None:
    data = calendar(
        event(
            "DTSTART;VALUE=DATE:20261105",
            "DTEND;VALUE=DATE:20261115",
            "RRULE:FREQ=MONTHLY;COUNT=3",
        )
    )
    (found,) = await on(tmp_path, data, "2026-12-14")
    assert (f"{found.first}", f"{found.last}") == ("2026-12-05", "2026-12-14")


# Changed occurrences.

SERIES = event("DTSTART;TZID=Europe/Berlin:20261102T100000", "RRULE:FREQ=DAILY;COUNT=5")


def changed(rid: str, *lines: str, title: str = "Moved") -> str:
    return event(f"RECURRENCE-ID{rid}", *lines, title=title)


async def test_one_is_moved(tmp_path: Path) -> None:
    data = calendar(
        SERIES,
        changed(
            ";TZID=Europe/Berlin:20261103T100000",
            "DTSTART;TZID=Europe/Berlin:20261110T150000",
        ),
    )
    found = await on(tmp_path, data, "2026-11-01", "2026-11-30")
    assert [(each[8:16], one.title) for each, one in zip(starts(found), found, strict=True)] == [
        ("02 10:00", "Dentist"),
        ("04 10:00", "Dentist"),
        ("05 10:00", "Dentist"),
        ("06 10:00", "Dentist"),
        ("10 15:00", "Moved"),
    ]


@pytest.mark.parametrize("name", [":20261103T090000Z", ";TZID=America/New_York:20261103T040000"])
async def test_named_in_another_zone(tmp_path: Path, name: str) -> None:
    data = calendar(SERIES, changed(name, "DTSTART:20261103T150000Z"))
    found = await on(tmp_path, data, "2026-11-03")
    assert [one.title for one in found] == ["Moved"]


async def test_cancelled(tmp_path: Path) -> None:
    cancelled = changed(
        ":20261103T090000Z", "DTSTART:20261103T090000Z", "STATUS:CANCELLED", title="Dentist"
    )
    found = await on(tmp_path, calendar(SERIES, cancelled), "2026-11-01", "2026-11-30")
    assert [one[8:10] for one in starts(found)] == ["02", "04", "05", "06"]
    gone = event("DTSTART:20261103T090000Z", "STATUS:CANCELLED", "RRULE:FREQ=DAILY")
    assert await on(tmp_path, calendar(gone), "2026-11-01", "2026-11-30") == []


async def test_this_and_all_that_follow(tmp_path: Path) -> None:
    later = changed(
        ";RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261104T100000",
        "DTSTART;TZID=Europe/Berlin:20261104T113000",
        "DTEND;TZID=Europe/Berlin:20261104T120000",
        title="Later",
    )
    found = await on(tmp_path, calendar(SERIES, later), "2026-11-01", "2026-11-30")
    assert [(each[8:16], one.title) for each, one in zip(starts(found), found, strict=True)] == [
        ("02 10:00", "Dentist"),
        ("03 10:00", "Dentist"),
        ("04 11:30", "Later"),
        ("05 11:30", "Later"),
        ("06 11:30", "Later"),
    ]
    ended = later.replace("SUMMARY", "STATUS:CANCELLED\nSUMMARY")
    found = await on(tmp_path, calendar(SERIES, ended), "2026-11-01", "2026-11-30")
    assert [one[8:10] for one in starts(found)] == ["02", "03"]


async def test_a_folder_is_one_calendar(tmp_path: Path) -> None:
    """CalDAV servers keep a file for each event; its changes may be in another one."""
    folder = tmp_path / "personal"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.ics").write_bytes(calendar(SERIES))
    moved = changed(":20261103T090000Z", "DTSTART:20261103T150000Z")
    (folder / "deep" / "b.ics").write_bytes(calendar(moved))
    (folder / "readme.txt").write_text("no calendar")
    schedule = await CalendarFiles([folder]).between(date(2026, 11, 3), date(2026, 11, 3), BERLIN)
    assert starts(schedule.appointments) == ["2026-11-03 16:00+0100"]
    assert schedule.faults == ()


async def test_the_same_event_in_two_calendars_is_told_once(tmp_path: Path) -> None:
    for name in ("a.ics", "b.ics"):
        (tmp_path / name).write_bytes(calendar(SERIES))
    files = CalendarFiles([tmp_path / "a.ics", tmp_path / "b.ics"])
    schedule = await files.between(date(2026, 11, 3), date(2026, 11, 3), BERLIN)
    assert len(schedule.appointments) == 1


async def test_in_order(tmp_path: Path) -> None:
    data = calendar(
        event("DTSTART:20261120T150000Z", uid="1", title="b"),
        event("DTSTART:20261120T080000Z", uid="2", title="a"),
        event("DTSTART;VALUE=DATE:20261120", uid="3", title="whole"),
        event("DTSTART:20261119T150000Z", uid="", title="before"),
        event("DTSTART:20261119T140000Z", uid="", title="no uid"),
    )
    found = await on(tmp_path, data, "2026-11-19", "2026-11-20")
    assert [one.title for one in found] == ["no uid", "before", "whole", "a", "b"]


# What is wrong with a file.

GOOD = event("DTSTART:20261120T090000Z", uid="good", title="Good")
BROKEN = {
    "no text": b"\x00\xff\xfe\x80",
    "nothing": b"",
    "another format": b"<html></html>",
    "cut off": calendar(GOOD)[:-40],
    "no start": calendar(event(), GOOD),
    "no day": calendar(event("DTSTART:20261399T999999"), GOOD),
    "an odd rule": calendar(event("DTSTART:20261101T090000Z", "RRULE:FREQ=OFTEN"), GOOD),
    "never": calendar(event("DTSTART:20261101T090000Z", "RRULE:FREQ=DAILY;INTERVAL=0"), GOOD),
    "too often": calendar(
        event("DTSTART:20000101T090000Z", "RRULE:FREQ=SECONDLY;COUNT=1000000000"), GOOD
    ),
    "odd place": calendar(event("DTSTART:20260101T090000Z", "RRULE:FREQ=HOURLY;BYSETPOS=1"), GOOD),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_bad_file_is_named_once_and_hides_no_other(tmp_path: Path, name: str) -> None:
    (tmp_path / "bad.ics").write_bytes(BROKEN[name])
    (tmp_path / "fine.ics").write_bytes(calendar(GOOD))
    files = CalendarFiles([tmp_path / "bad.ics", tmp_path / "fine.ics"])
    day = date(2026, 11, 20)
    schedule = await files.between(day, day, BERLIN)
    assert [one.title for one in schedule.appointments] == ["Good"]
    if name != "nothing":
        (fault,) = schedule.faults
        assert fault.startswith("bad.ics")
        assert len(fault) < 500
    again = await files.between(day, day, BERLIN)
    assert again.faults == ()
    assert again.appointments == schedule.appointments


async def test_what_is_not_there_or_too_large(tmp_path: Path) -> None:
    with (tmp_path / "huge.ics").open("wb") as file:
        file.truncate(LARGEST + 1)
    os.mkfifo(tmp_path / "pipe.ics")
    (tmp_path / "locked.ics").mkdir()
    files = CalendarFiles(
        [
            tmp_path / "huge.ics",
            tmp_path / "nope.ics",
            tmp_path / "pipe.ics",
            tmp_path / "locked.ics",
        ]
    )
    schedule = await files.between(date(2026, 11, 20), date(2026, 11, 20), BERLIN)
    assert [fault.replace(f"{tmp_path}/", "") for fault in schedule.faults] == [
        "huge.ics is larger than 10 MB",
        "nope.ics is not there",
        "pipe.ics is no file",
    ]


async def test_every_second_for_ever_is_told_a_few_times(tmp_path: Path) -> None:
    data = calendar(event("DTSTART:20000101T000000Z", "RRULE:FREQ=SECONDLY"), GOOD)
    found = await on(tmp_path, data, "2026-11-20")
    assert len(found) == MOST + 1


@given(st.binary(max_size=300), st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_events_or_a_reason(noise: bytes, at: int) -> None:
    whole = calendar(ZONE, SERIES, GOOD)
    for data in (noise, whole[:at] + noise + whole[at:], whole[: at + 200]):
        try:
            events, wrong = parse(data)
        except ValueError:
            continue
        assert all(isinstance(one, str) for one in wrong)
        day = date(2026, 11, 3)
        for one in events:
            list(occurrences([one], day, day + timedelta(days=7), BERLIN, Budget(10**6)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\\nb", "a\\nb"),
        ("two\nlines\tand  more ", "two lines and more"),
        ("\u202eevil\u202c\u200b x\x07", "evil x"),
        ("x" * 300, "x" * 199 + "…"),
        ("\ud83d", ""),
    ],
)
def test_foreign_words_on_one_line(text: str, shown: str) -> None:
    assert clean(text) == shown


# What is kept.


async def test_a_file_is_read_again_only_when_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(data: bytes, since: date, until: date) -> tuple[list[Event], list[str]]:
        read.append(len(data))
        return parse(data, since, until)

    monkeypatch.setattr("octopus.backends.calendar.files.parse", counted)
    path, day = tmp_path / "a.ics", date(2026, 11, 20)
    path.write_bytes(calendar(GOOD))
    files = CalendarFiles([path])
    for _ in range(3):
        assert len((await files.between(day, day, BERLIN)).appointments) == 1
    assert len(read) == 1
    path.write_bytes(calendar(GOOD, SERIES))
    found = (await files.between(date(2026, 11, 3), day, BERLIN)).appointments
    assert len(found) == 5
    assert len(read) == 2
    for year in (2027, 2025, 2028, 2024, 2026):  # other years are read when they are asked for
        await files.between(date(year, 1, 1), date(year, 12, 31), BERLIN)
    assert len(read) == 4
    path.unlink()
    schedule = await files.between(day, day, BERLIN)
    assert schedule.appointments == ()
    assert schedule.faults[0].endswith("a.ics is not there")


async def test_without_calendars_nothing_is_loaded() -> None:
    schedule = await CalendarFiles([]).between(date(2026, 1, 1), date(2026, 1, 2), BERLIN)
    assert (schedule.appointments, schedule.faults) == ((), ())


async def test_long_ago_and_far_ahead(tmp_path: Path) -> None:
    dates = ("19991231", "20261120", "20991231")
    single = [event(f"DTSTART;VALUE=DATE:{day}", uid=day, title=day) for day in dates]
    (tmp_path / "a.ics").write_bytes(calendar(*single))
    files = CalendarFiles([tmp_path / "a.ics"])
    for day in [*dates, *dates[::-1]]:
        when = date.fromisoformat(day)
        schedule = await files.between(when, when, BERLIN)
        assert [each.title for each in schedule.appointments] == [day]
    for when in (date.min, date.max):
        assert (await files.between(when, when, BERLIN)).appointments == ()


# Taken apart.


@pytest.mark.parametrize(
    ("lines", "matters"),
    [
        (["DTSTART:20261120T100000Z"], True),
        (["DTSTART:20250101T100000Z"], False),
        (["DTSTART:20280101T100000Z"], False),
        (["DTSTART;VALUE=DATE:20250101", "DTEND;VALUE=DATE:20290101"], True),
        (["dtstart;tzid=Europe/Berlin:20250101T100000", "rrule:FREQ=DAILY"], True),
        (["DTSTART:20250101T100000Z", "RDATE:20261120T100000Z"], True),
        (["DTSTART:20250101T100000Z", "RECURRENCE-ID:20261120T100000Z"], True),
        (["DTSTART:20250101T100000Z", "DURATION:P3Y"], True),
        (["DTSTART;TZID=Europe/Ber", " lin:20250101T100000"], True),  # folded: looked at
        (["DTSTART:20261122T100000Z"], True),  # near enough for some zone
        ([], True),
    ],
)
def test_only_what_is_certainly_over_is_passed_by(lines: list[str], matters: bool) -> None:
    day = date(2026, 11, 20)
    (block,) = split(calendar(event(*lines))).events
    assert may_matter(block, day, day) is matters


def test_what_is_no_event_is_left_out() -> None:
    odd = "BEGIN:VTODO\nSUMMARY:x\nBEGIN:VALARM\nEND:VALARM\nEND:VTODO\n"
    alarm = "BEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM"
    both = calendar(odd, event(alarm)) + calendar(ZONE, GOOD)  # two calendars in one file
    found = split(b"\xef\xbb\xbf" + both)
    assert len(found.events) == 2
    assert b"VTODO" not in found.head
    assert found.head.count(b"BEGIN:VCALENDAR") == 1
    assert b"END:VCALENDAR" not in found.head
    assert found.head.count(b"BEGIN:VTIMEZONE") == 1
    assert found.whole


async def test_two_calendars_in_one_file(tmp_path: Path) -> None:
    both = calendar(GOOD) + calendar(ZONE, event("DTSTART;TZID=Company Time:20261120T080000"))
    assert [one.title for one in await on(tmp_path, both, "2026-11-20")] == ["Dentist", "Good"]


async def test_what_is_cut_off_still_holds_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(calendar(GOOD, SERIES)[:-60])
    files = CalendarFiles([tmp_path / "a.ics"])
    schedule = await files.between(date(2026, 11, 20), date(2026, 11, 20), BERLIN)
    assert [one.title for one in schedule.appointments] == ["Good"]
    assert schedule.faults == ("a.ics: it is cut off",)


async def test_one_broken_line_hides_no_more_than_its_neighbours(tmp_path: Path) -> None:
    many = [event("DTSTART:20261120T090000Z", uid=f"{n}", title=f"{n:03}") for n in range(250)]
    many[0] = many[0].replace("SUMMARY:000", "a line that is none")
    (tmp_path / "a.ics").write_bytes(calendar(*many))
    files = CalendarFiles([tmp_path / "a.ics"])
    schedule = await files.between(date(2026, 11, 20), date(2026, 11, 20), BERLIN)
    assert len(schedule.appointments) >= 150
    assert len(schedule.faults) <= 1


def test_very_many_that_never_end_are_no_trap() -> None:
    found = split(b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 100_000)
    assert found.events == ()
    assert not found.whole


# Any zone, any day: the wall clock stays.


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/Sao_Paulo", "UTC"]),
    st.dates(date(2024, 1, 1), date(2027, 12, 1)),
    st.integers(0, 23),
)
@settings(max_examples=200, deadline=None)
def test_daily_is_once_on_each_day_of_its_own_zone(
    theirs: str, ours: str, day: date, hour: int
) -> None:
    start = datetime(2023, 5, 1, hour, 15, tzinfo=ZoneInfo(theirs))
    one = Event("u", "t", start, length=timedelta(minutes=10), rules=(Rule.read("FREQ=DAILY"),))
    last = day + timedelta(days=9)
    found = list(occurrences([one], day, last, ZoneInfo(ours), Budget(10**5)))
    wanted = []
    for number in range(-3, 14):  # every instant that may touch these days
        at = datetime.combine(day + timedelta(days=number), start.timetz())
        at = at.replace(tzinfo=ZoneInfo(theirs)).astimezone(UTC)
        here = at.astimezone(ZoneInfo(ours)).date()
        ends = (at + timedelta(minutes=10, microseconds=-1)).astimezone(ZoneInfo(ours)).date()
        if here <= last and ends >= day:
            wanted.append(at)
    assert [each.start.astimezone(UTC) for each in found if each.start] == wanted
