"""Words for days, in queries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.query_date import Days, day_in_name, days

FRIDAY = date(2026, 11, 20)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2026-11-20", "2026-11-20"),
        ("Yesterday", "2026-11-19", "2026-11-19"),
        ("tomorrow", "2026-11-21", "2026-11-21"),
        ("this week", "2026-11-16", "2026-11-22"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("LAST_WEEK", "2026-11-09", "2026-11-15"),
        ("next  week", "2026-11-23", "2026-11-29"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("previous year", "2025-01-01", "2025-12-31"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("last 7 days", "2026-11-13", "2026-11-20"),
        ("past 2 months", "2026-09-20", "2026-11-20"),
        ("2 weeks ago", "2026-11-06", "2026-11-06"),
        ("1 year ago", "2025-11-20", "2025-11-20"),
        ("friday", "2026-11-20", "2026-11-20"),
        ("last friday", "2026-11-13", "2026-11-13"),
        ("monday", "2026-11-16", "2026-11-16"),
        ("november", "2026-11-01", "2026-11-30"),
        ("december", "2025-12-01", "2025-12-31"),
        ("february 2024", "2024-02-01", "2024-02-29"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-1-5", "2026-01-05", "2026-01-05"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-01-01..2026-02", "2026-01-01", "2026-02-28"),
        ("last week .. today", "2026-11-09", "2026-11-20"),
    ],
)
def test_spans(text: str, first: str, last: str) -> None:
    assert days(text, FRIDAY) == Days(d(first), d(last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        (">2026-11-01", "2026-11-02", None),
        (">= 2026-11-01", "2026-11-01", None),
        ("<last month", None, "2026-09-30"),
        ("<=last month", None, "2026-10-31"),
        (">2025", "2026-01-01", None),
        ("..2020", None, "2020-12-31"),
        ("2020..", "2020-01-01", None),
    ],
)
def test_open_spans(text: str, first: str | None, last: str | None) -> None:
    assert days(text, FRIDAY) == Days(first and d(first), last and d(last))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-01",
        "2026-02-30",
        "2026-W54",
        "0000",
        ">",
        ">soon",
        "a..b",
        "99999 days",
        "week",
        "last,\n    9999 years ago",
        "last 9999 years",
        ">9999",
        "<0001-01-01",
        "may be",
    ],
)
def test_not_understood(text: str) -> None:
    assert days(text, FRIDAY) is None


def test_month_ends_move_back() -> None:
    assert days("1 month ago", d("2026-03-31")) == Days(d("2026-02-28"), d("2026-02-28"))


def test_week_across_the_year() -> None:
    assert days("this week", d("2027-01-01")) == Days(d("2026-12-28"), d("2027-01-03"))


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), st.text(max_size=20))
def test_never_fails(today: date, text: str) -> None:
    days(text, today)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_today_is_in_its_week_month_and_year(today: date) -> None:
    for text in ("this week", "this month", "this year", "today", today.isoformat()):
        span = days(text, today)
        assert span is not None
        assert today in span
    week = days("this week", today)
    assert week is not None
    assert week.first is not None
    assert week.last == week.first + timedelta(days=6)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-11-18.md", "2026-11-18"),
        ("Friday 2026-11-20 diary.md", "2026-11-20"),
        ("20261118 meeting.md", "2026-11-18"),
        ("2026-13-45 and 2026-01-02.md", "2026-01-02"),
        ("IMG_120261118.md", None),
        ("2026-11.md", None),
        ("Roses.md", None),
    ],
)
def test_day_in_a_name(name: str, expected: str | None) -> None:
    assert day_in_name(name) == (expected and d(expected))
