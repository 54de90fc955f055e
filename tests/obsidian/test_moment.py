"""Dates written as moment.js writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.obsidian.moment import format_date
from octopus.obsidian.moment_locale import LOCALES, locale
from tests.obsidian.nasty import scaled

WHEN = datetime(2026, 11, 20, 9, 5, 7, 123456, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("gggg-[W]ww", "2026-W47"),
        ("[Week] W, Do MMMM", "Week 47, 20th November"),
        ("yyyy-MM-DD", "2026-11-20"),
        ("YYYY-MM-DD", "2026-11-20"),
        ("YY Y YYYYY YYYYYY", "26 2026 02026 +002026"),
        ("y yy yyy yo", "2026 2026 2026 2026th"),
        ("M MM MMM MMMM Mo", "11 11 Nov November 11th"),
        ("D DD Do", "20 20 20th"),
        ("DDD DDDD DDDo", "324 324 324th"),
        ("d dd ddd dddd do", "5 Fr Fri Friday 5th"),
        ("e E", "5 5"),
        ("w ww wo W WW Wo", "47 47 47th 47 47 47th"),
        ("gg gggg GG GGGG", "26 2026 26 2026"),
        ("Q Qo YYYY-[Q]Q", "4 4th 2026-Q4"),
        ("H HH h hh k kk A a", "9 09 9 09 9 09 AM am"),
        ("m mm s ss S SS SSS SSSSSS", "5 05 7 07 1 12 123 123000"),
        ("Hmm Hmmss hmm", "905 90507 905"),
        ("Z ZZ z", "+01:00 +0100 "),
        ("X x", "1795161907 1795161907123"),
        ("L", "11/20/2026"),
        ("l", "11/20/2026"),
        ("LL", "November 20, 2026"),
        ("ll", "Nov 20, 2026"),
        ("LLLL", "Friday, November 20, 2026 9:05 AM"),
        ("LT LTS", "9:05 AM 9:05:07 AM"),
        ("[L] L [MM]", "L 11/20/2026 MM"),
        ("\\MM \\L", "MM L"),
        ("dddd, Do MMM, YYYY", "Friday, 20th Nov, 2026"),
        ("[]", ""),
        ("[ope", "[op5"),  # an open bracket is literal, what follows are tokens
        ("日 – YYYY年", "日 – 2026年"),
        ("YYYY/MM-MMMM/YYYY-MM-DD", "2026/11-November/2026-11-20"),
        ("", ""),
    ],
)
def test_tokens(form: str, text: str) -> None:
    assert format_date(WHEN, form) == text


@pytest.mark.parametrize(
    ("language", "form", "text"),
    [
        ("de", "dddd, D. MMMM YYYY", "Freitag, 20. November 2026"),
        ("de", "LL Do", "20. November 2026 20."),
        ("fr", "LL dd", "20 novembre 2026 ve"),
        ("es", "LL", "20 de noviembre de 2026"),
        ("ru", "D MMMM", "20 ноября"),
        ("ru", "MMMM YYYY", "ноябрь 2026"),
        ("ru", "Do MMM", "20-го нояб."),
        ("pl", "D MMMM, MMMM", "20 listopada, listopada"),
        ("uk", "dddd LL", "п’ятниця 20 листопада 2026 р."),
        ("it", "L", "20/11/2026"),
        ("nl", "L Do", "20-11-2026 20ste"),
        ("pt-BR", "LL", "20 de novembro de 2026"),
        ("zh-CN", "LL dddd A", "2026年11月20日 星期五 上午"),
        ("zh", "Wo", "47周"),
        ("ja", "LL ddd", "2026年11月20日 金"),
        ("xx", "MMMM", "November"),
        ("", "MMMM", "November"),
    ],
)
def test_names_are_in_the_language_of_the_interface(language: str, form: str, text: str) -> None:
    assert format_date(WHEN, form, language) == text


@pytest.mark.parametrize(
    ("day", "english", "german"),
    [
        (date(2026, 1, 1), "2026-01", "2026-01"),
        (date(2026, 12, 26), "2026-52", "2026-52"),
        (date(2026, 12, 27), "2027-01", "2026-52"),
        (date(2027, 1, 1), "2027-01", "2026-53"),
        (date(2027, 1, 3), "2027-02", "2026-53"),
        (date(2027, 1, 4), "2027-02", "2027-01"),
        (date(2028, 1, 1), "2028-01", "2027-52"),
        (date(2024, 12, 30), "2025-01", "2025-01"),
    ],
)
def test_weeks_at_the_turn_of_the_year(day: date, english: str, german: str) -> None:
    assert format_date(day, "gggg-ww", "en") == english
    assert format_date(day, "gggg-ww", "de") == german


@scaled(80, 2000)
@given(st.dates())
def test_german_weeks_are_iso_weeks(day: date) -> None:
    calendar = day.isocalendar()
    assert format_date(day, "gggg-ww", "de") == f"{calendar.year:04}-{calendar.week:02}"
    assert format_date(day, "GGGG-WW-E") == f"{calendar.year:04}-{calendar.week:02}-{calendar[2]}"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th")]
)
def test_english_ordinals(number: int, text: str) -> None:
    assert format_date(date(2026, 1, number), "Do") == text


@pytest.mark.parametrize(
    ("number", "text"), [(20, "20th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (31, "31st")]
)
def test_english_ordinals_above_twenty(number: int, text: str) -> None:
    assert format_date(date(2026, 1, number), "Do") == text


def test_noon_and_midnight() -> None:
    midnight = datetime(2026, 1, 1, tzinfo=UTC)
    assert format_date(midnight, "h:mm A kk") == "12:00 AM 24"
    assert format_date(midnight.replace(hour=12), "h:mm a kk") == "12:00 pm 12"
    assert format_date(midnight, "Z") == "+00:00"


def test_every_language_is_complete() -> None:
    for language in LOCALES.values():
        assert len(language.months) == len(language.months_short) == 12
        assert {len(language.weekdays), len(language.weekdays_short)} == {7}
        assert len(language.weekdays_min) == 7
        assert len(language.months_after_day) == len(language.short_after_day)
        assert len(language.months_after_day) in (0, 12)


def test_a_country_falls_back_to_its_language() -> None:
    assert locale("de_AT") is LOCALES["de"]
    assert locale("pt") is LOCALES["pt"]
    assert locale("pt_BR") is LOCALES["pt-br"]


@scaled(80, 2000)
@given(st.text(max_size=50), st.sampled_from(sorted(LOCALES)))
def test_any_format_gives_text(form: str, language: str) -> None:
    assert isinstance(format_date(WHEN, form, language), str)
