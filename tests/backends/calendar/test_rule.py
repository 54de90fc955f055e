# ruff: noqa: DTZ001 - rules are reckoned on a wall clock, which has no zone
"""Recurrence rules against an independent calculation, the examples of RFC 5545, and bad rules."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from octopus.backends.calendar.rule import Budget, Exhausted, Rule

START = datetime(1997, 9, 2, 9, 0)


def some(text: str, start: datetime = START, until: datetime = datetime(2010, 1, 1)) -> list[str]:
    """The first ten, as RFC 5545 writes its examples."""
    times = Rule.read(text).times(start, start, until, Budget(10**6))
    return [f"{at:%Y-%m-%d %H:%M}" for at in islice(times, 10)]


def days(text: str, start: datetime = START) -> list[str]:
    return [each[:10] for each in some(text, start)]


class TestExamples:
    """RFC 5545, 3.8.5.3; the start is Tuesday, 2 September 1997, 09:00."""

    @pytest.mark.parametrize(
        ("rule", "first"),
        [
            ("FREQ=DAILY;INTERVAL=10", "1997-09-02 1997-09-12 1997-09-22 1997-10-02"),
            ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997-09-02 1997-09-16 1997-09-30"),
            ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,TH", "1997-09-02 1997-09-04 1997-09-16"),
            ("FREQ=MONTHLY;BYDAY=1FR", "1997-09-05 1997-10-03 1997-11-07 1997-12-05"),
            ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU", "1997-09-07 1997-09-28 1997-11-02"),
            ("FREQ=MONTHLY;BYDAY=-2MO", "1997-09-22 1997-10-20 1997-11-17 1997-12-22"),
            ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28 1997-10-29 1997-11-28 1997-12-29"),
            ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "1997-09-30 1997-10-01 1997-10-31 1997-11-01"),
            ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13 1998-03-13 1998-11-13 1999-08-13"),
            ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997-09-13 1997-10-11"),
            ("FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04 1997-10-07 1997-11-06"),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29 1997-10-30 1997-11-27"),
            ("FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200", "2000-01-01 2000-04-09 2000-07-18"),
            ("FREQ=YEARLY;BYDAY=20MO", "1998-05-18 1999-05-17 2000-05-15"),
            ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1998-05-11 1999-05-17 2000-05-15"),
            ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1998-03-05 1998-03-12 1998-03-19 1998-03-26"),
            ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1997-11-04"),
            ("FREQ=YEARLY;BYMONTH=6,7", "1998-06-02 1998-07-02 1999-06-02"),
            ("FREQ=YEARLY", "1997-09-02 1998-09-02 1999-09-02"),
        ],
    )
    def test_days(self, rule: str, first: str) -> None:
        wanted = first.split()
        assert days(rule)[: len(wanted)] == wanted

    def test_the_start_of_the_week_matters(self) -> None:
        start = datetime(1997, 8, 5, 9)
        rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST="
        assert days(rule + "MO", start)[:4] == [
            "1997-08-05",
            "1997-08-10",
            "1997-08-19",
            "1997-08-24",
        ]
        assert days(rule + "SU", start)[:4] == [
            "1997-08-05",
            "1997-08-17",
            "1997-08-19",
            "1997-08-31",
        ]

    @pytest.mark.parametrize(
        ("rule", "first"),
        [
            ("FREQ=HOURLY;INTERVAL=3", "09:00 12:00 15:00 18:00 21:00 00:00"),
            ("FREQ=MINUTELY;INTERVAL=15", "09:00 09:15 09:30 09:45 10:00"),
            ("FREQ=MINUTELY;INTERVAL=90", "09:00 10:30 12:00 13:30 15:00 16:30"),
            ("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40", "09:00 09:20 09:40 10:00 10:20 10:40"),
            ("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,16", "09:00 09:20 09:40 16:00 16:20 16:40"),
        ],
    )
    def test_times(self, rule: str, first: str) -> None:
        wanted = first.split()
        assert [each[11:] for each in some(rule)][: len(wanted)] == wanted

    def test_a_month_without_that_day_is_left_out(self) -> None:
        start = datetime(2007, 1, 31, 9)
        assert days("FREQ=MONTHLY", start)[:3] == ["2007-01-31", "2007-03-31", "2007-05-31"]
        leap = datetime(2024, 2, 29, 9)
        found = Rule.read("FREQ=YEARLY").times(leap, leap, datetime(2033, 1, 1), Budget(10**5))
        assert [at.year for at in found] == [2024, 2028, 2032]


NUMBERS = {
    "BYMONTH": st.sampled_from(["1", "2,3", "11", "1,6,12"]),
    "BYMONTHDAY": st.sampled_from(["1", "13", "29,30,31", "-1", "-31", "15,-2"]),
    "BYYEARDAY": st.sampled_from(["1", "60", "365,366", "-1", "100,200,-100"]),
    "BYDAY": st.sampled_from(["MO", "SA,SU", "MO,TU,WE,TH,FR", "FR"]),
    "BYHOUR": st.sampled_from(["0", "9,17", "23"]),
    "BYMINUTE": st.sampled_from(["0,30", "59"]),
    "BYSECOND": st.sampled_from(["0", "15,45"]),
}


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that both sides understand alike."""
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    names = draw(st.sets(st.sampled_from(sorted(NUMBERS)), max_size=3))
    parts = {name: draw(NUMBERS[name]) for name in sorted(names)}
    if frequency in {"YEARLY", "MONTHLY"} and draw(st.booleans()):
        parts["BYDAY"] = draw(st.sampled_from(["1MO", "-1FR", "2TU,-2TH", "5SU"]))
    if frequency == "YEARLY" and draw(st.integers(0, 4)) == 0:
        parts = {"BYWEEKNO": draw(st.sampled_from(["1", "20,52", "53", "-1"])), "BYDAY": "MO,SU"}
    if frequency in {"WEEKLY", "DAILY", "HOURLY"}:
        parts.pop("BYYEARDAY", None)
    if frequency == "MONTHLY":
        parts.pop("BYYEARDAY", None)
    if frequency != "HOURLY" and "BYHOUR" not in parts and draw(st.integers(0, 3)) == 0:
        parts["BYSETPOS"] = draw(st.sampled_from(["1", "-1", "2", "1,-1"]))
    parts["WKST"] = draw(st.sampled_from(["MO", "SU"]))
    interval = draw(st.integers(1, 5))
    return f"FREQ={frequency};INTERVAL={interval};" + ";".join(f"{k}={v}" for k, v in parts.items())


@given(
    rules(),
    st.datetimes(datetime(2019, 1, 1), datetime(2026, 12, 31)).map(
        lambda at: at.replace(microsecond=0)
    ),
    st.integers(0, 2000),
    st.integers(0, 90),
)
@settings(max_examples=400, deadline=None)
def test_as_dateutil_reckons(text: str, start: datetime, after: int, length: int) -> None:
    """Two implementations that share no line give the same times in any window."""
    since = datetime.combine(start.date() + timedelta(days=after), time())
    until = since + timedelta(days=length)
    try:
        oracle = rrulestr(f"{text};UNTIL={until:%Y%m%dT%H%M%S}", dtstart=start)
    except ValueError:  # it sees at once that this never fits
        assume(False)
    wanted = []
    for at in oracle:
        if at >= since:
            wanted.append(at)
    found = Rule.read(text).times(start, since, until, Budget(10**7))
    assert list(found) == wanted, text


class TestCost:
    @pytest.mark.parametrize(
        "text",
        [
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # the start is a Tuesday
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
            "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO",
        ],
    )
    def test_what_never_fits_costs_its_days(self, text: str) -> None:
        budget = Budget(100)
        since, until = datetime(2026, 11, 1), datetime(2026, 11, 30)
        assert list(Rule.read(text).times(START, since, until, budget)) == []
        assert budget.left >= 100 - 30

    def test_every_second_costs_what_is_taken(self) -> None:
        budget = Budget(4000)
        rule = Rule.read("FREQ=SECONDLY")
        since = datetime(2026, 11, 20, 23, 0)
        found = rule.times(START, since, since + timedelta(days=1), budget)
        assert next(found) == since
        assert budget.left > 0

    def test_too_much_is_given_up(self) -> None:
        rule = Rule.read("FREQ=SECONDLY;BYHOUR=23")
        found = rule.times(START, datetime(2026, 11, 20), datetime(2026, 11, 21), Budget(1000))
        with pytest.raises(Exhausted):
            list(found)

    def test_the_ends_of_the_calendar(self) -> None:
        start = datetime(1, 1, 1)
        found = Rule.read("FREQ=DAILY").times(start, start, datetime(1, 1, 3), Budget(10))
        assert len(list(found)) == 3
        last = datetime(9999, 12, 30)
        for text in ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=YEARLY;BYWEEKNO=52;BYDAY=FR"):
            list(Rule.read(text).times(last, last, datetime(9999, 12, 31, 23), Budget(1000)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "INTERVAL=1",
        "FREQ=OFTEN",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=x",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=" + "9" * 40,
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;BYMONTHDAY=32",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;BYHOUR=-1",
        "FREQ=DAILY;BYHOUR=",
        "FREQ=DAILY;BYHOUR=٣",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;WKST=XX",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=YEARLY;RSCALE=CHINESE",
        "nonsense",
    ],
)
def test_a_rule_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Rule.read(text)


@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    for rule in (text, f"FREQ=DAILY;{text}", f"FREQ=YEARLY;BYDAY={text}"):
        try:
            read = Rule.read(rule)
        except ValueError:
            continue
        try:
            list(islice(read.times(START, START, START + timedelta(days=40), Budget(2000)), 20))
        except (Exhausted, ValueError):
            continue


def test_a_place_within_a_day_is_not_known() -> None:
    rule = Rule.read("FREQ=HOURLY;BYSETPOS=1")
    with pytest.raises(ValueError, match="BYSETPOS"):
        list(rule.times(START, START, START + timedelta(days=1), Budget(1000)))


def test_weeks_at_the_turn_of_the_year() -> None:
    """2020 has 53 weeks, 2021 has 52; 1 January 2021 is in the last week of 2020."""
    start = datetime(2020, 1, 1)
    last = Rule.read("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TH")
    found = last.times(start, start, datetime(2022, 12, 31), Budget(5000))
    assert [at.date() for at in found] == [
        date(2020, 12, 31),
        date(2021, 12, 30),
        date(2022, 12, 29),
    ]
