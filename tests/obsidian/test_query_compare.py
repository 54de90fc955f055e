"""Numbers are compared with numbers, dates with dates, and text with nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.query_compare import compares, limit_of

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("value", "op", "limit", "holds"),
    [
        ("4", "<", "5", True),
        ("5", "<", "5", False),
        ("5", "<=", "5", True),
        ("10", ">", "9", True),
        ("-1.5", ">=", "-2", True),
        (" 3 ", "<", "5", True),
        ("1e3", ">", "999", True),
        ("Draft", ">", "5", False),
        ("Draft", "<", "5", False),
        ("Draft", ">=", "Draft", False),
        ("5 apples", ">", "4", False),
        ("nan", "<", "5", False),
        ("inf", ">", "5", False),
        ("1_000", ">", "5", False),
        ("٣", "<", "5", False),
        ("", "<", "5", False),
        ("2026-11-20", "<", "2026-11-21", True),
        ("2026-11-20", ">=", "2026-11-20", True),
        ("2026-11-20T23:00:00", ">", "2026-11-20", False),
        ("2026-11-20T23:00", "<=", "2026-11-20", True),
        ("2026-11-20T23:00:00", ">", "2026-11-20T22:30", True),
        ("2026-11-20", "<", "2026-11-20T00:01", True),
        ("2026-02-30", "<", "2026-11-20", False),
        ("2026-11-20", ">", "5", False),
        ("5", "<", "2026-11-20", False),
        ("20 November", "<", "2026-11-21", False),
    ],
)
def test_compares(value: str, op: str, limit: str, holds: bool) -> None:
    assert compares(value, op, limit) is holds


@pytest.mark.parametrize(
    ("op", "text", "limit"),
    [
        ("<", "5", "5"),
        (">", " -2.5 ", "-2.5"),
        ("<", "2026", "2026"),
        ("<", "2026-11-20", "2026-11-20"),
        ("<", "2026-11-20T08:00", "2026-11-20T08:00"),
        ("<", "today", "2026-11-20"),
        (">", "yesterday", "2026-11-19"),
        ("<", "2026-02", "2026-02-01"),
        ("<=", "2026-02", "2026-02-28"),
        (">", "2026-02", "2026-02-28"),
        (">=", "2026-02", "2026-02-01"),
        (">=", "last week", "2026-11-09"),
        ("<=", "last week", "2026-11-15"),
        (">", "Draft", None),
        (">", "", None),
        (">", "2026-02-30", None),
    ],
)
def test_what_it_is_compared_with(op: str, text: str, limit: str | None) -> None:
    assert limit_of(op, text, TODAY) == limit


@given(st.decimals(-9999, 9999, places=2), st.decimals(-9999, 9999, places=2))
def test_one_of_three(left: object, right: object) -> None:
    holds = [compares(str(left), op, str(right)) for op in ("<", ">")]
    equal = compares(str(left), "<=", str(right)) and compares(str(left), ">=", str(right))
    assert [*holds, equal].count(True) == 1


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_text_is_answered(value: str, limit: str) -> None:
    assert compares(value, "<", limit) in {True, False}
    assert isinstance(limit_of(">", limit, TODAY), str | None)
