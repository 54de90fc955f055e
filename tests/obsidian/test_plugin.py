"""Completion and recurrence, case by case as the Tasks plugin documents them (version 8).

Each case is named after what it shows: the line that is ticked, the day, the lines that are there
afterwards. Longer runs are compared with dates that a calendar gives.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from octopus.obsidian.recurrence import next_date
from octopus.obsidian.settings import Status, Tasks
from octopus.obsidian.tick import complete, parse_line

DAY = date(2026, 11, 20)  # a Friday
PLAIN = Tasks()
CREATED = Tasks(set_created=True)
BELOW = Tasks(next_line=True)
NO_DONE = Tasks(set_done=False)
DROP = Tasks(remove_scheduled=True)
VIEW = Tasks(dataview=True)
FILTER = Tasks(global_filter="#task")
LOOP = Tasks(
    statuses=(
        Status(" ", "Todo", "/", "TODO"),
        Status("/", "Doing", "x", "IN_PROGRESS"),
        Status("x", "Done", "/", "DONE"),
    )
)

CASES = {
    # What is copied to the next one, and what is not.
    "tags_go_along": (
        "- [ ] a #x 🔁 every day 📅 2026-11-20 #y",
        PLAIN,
        [
            "- [ ] a #x #y 🔁 every day 📅 2026-11-21",
            "- [x] a #x 🔁 every day 📅 2026-11-20 #y ✅ 2026-11-20",
        ],
    ),
    "priority_goes_along": (
        "- [ ] a ⏫ 🔁 every day 📅 2026-11-20",
        PLAIN,
        [
            "- [ ] a ⏫ 🔁 every day 📅 2026-11-21",
            "- [x] a ⏫ 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "the_id_stays_with_the_done_one": (
        "- [ ] a 🆔 q1 🔁 every day 📅 2026-11-20",
        PLAIN,
        [
            "- [ ] a 🔁 every day 📅 2026-11-21",
            "- [x] a 🆔 q1 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "dependencies_stay_with_the_done_one": (
        "- [ ] a ⛔ q1,q2 🔁 every day 📅 2026-11-20",
        PLAIN,
        [
            "- [ ] a 🔁 every day 📅 2026-11-21",
            "- [x] a ⛔ q1,q2 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "the_block_link_stays_with_the_done_one_and_last": (
        "- [ ] a 🔁 every day 📅 2026-11-20 ^b-1",
        PLAIN,
        [
            "- [ ] a 🔁 every day 📅 2026-11-21",
            "- [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-20 ^b-1",
        ],
    ),
    "an_old_created_date_is_not_copied": (
        "- [ ] a 🔁 every day ➕ 2020-01-01 📅 2026-11-20",
        PLAIN,
        [
            "- [ ] a 🔁 every day 📅 2026-11-21",
            "- [x] a 🔁 every day ➕ 2020-01-01 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "a_created_date_is_today_where_the_owner_wants_one": (
        "- [ ] a 🔁 every day ➕ 2020-01-01 📅 2026-11-20",
        CREATED,
        [
            "- [ ] a 🔁 every day ➕ 2026-11-20 📅 2026-11-21",
            "- [x] a 🔁 every day ➕ 2020-01-01 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "what_to_do_on_completion_goes_along": (
        "- [ ] a 🔁 every day 🏁 keep 📅 2026-11-20",
        PLAIN,
        [
            "- [ ] a 🔁 every day 🏁 keep 📅 2026-11-21",
            "- [x] a 🔁 every day 🏁 keep 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "deleted_on_completion_leaves_only_the_next": (
        "- [ ] a 🔁 every week 🏁 delete 📅 2026-11-20",
        PLAIN,
        ["- [ ] a 🔁 every week 🏁 delete 📅 2026-11-27"],
    ),
    "deleted_on_completion_once": ("- [ ] a 🏁 delete 📅 2026-11-20", PLAIN, []),
    "a_word_that_is_no_action_keeps_it": (
        "- [ ] a 🏁 burn",
        PLAIN,
        ["- [x] a 🏁 burn ✅ 2026-11-20"],
    ),
    "the_alarm_moves_with_the_due_date": (
        "- [ ] a ⏰ 2026-11-19 08:00 🔁 every week 📅 2026-11-20",
        PLAIN,
        [
            "- [ ] a ⏰ 2026-11-26 08:00 🔁 every week 📅 2026-11-27",
            "- [x] a ⏰ 2026-11-19 08:00 🔁 every week 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    # Which date counts, and how the others follow.
    "due_counts_before_scheduled_and_start": (
        "- [ ] a 🔁 every month 🛫 2026-11-01 ⏳ 2026-11-10 📅 2026-11-30",
        PLAIN,
        [
            "- [ ] a 🔁 every month 🛫 2026-12-01 ⏳ 2026-12-10 📅 2026-12-30",
            "- [x] a 🔁 every month 🛫 2026-11-01 ⏳ 2026-11-10 📅 2026-11-30 ✅ 2026-11-20",
        ],
    ),
    "scheduled_counts_where_there_is_no_due_date": (
        "- [ ] a 🔁 every week 🛫 2026-11-18 ⏳ 2026-11-20",
        PLAIN,
        [
            "- [ ] a 🔁 every week 🛫 2026-11-25 ⏳ 2026-11-27",
            "- [x] a 🔁 every week 🛫 2026-11-18 ⏳ 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "start_counts_where_there_is_nothing_else": (
        "- [ ] a 🔁 every week 🛫 2026-11-18",
        PLAIN,
        [
            "- [ ] a 🔁 every week 🛫 2026-11-25",
            "- [x] a 🔁 every week 🛫 2026-11-18 ✅ 2026-11-20",
        ],
    ),
    "a_late_one_comes_again_after_its_due_date_not_after_today": (
        "- [ ] a 🔁 every week 📅 2026-10-02",
        PLAIN,
        [
            "- [ ] a 🔁 every week 📅 2026-10-09",
            "- [x] a 🔁 every week 📅 2026-10-02 ✅ 2026-11-20",
        ],
    ),
    "a_late_one_when_done_comes_again_after_today": (
        "- [ ] a 🔁 every week when done 📅 2026-10-02",
        PLAIN,
        [
            "- [ ] a 🔁 every week when done 📅 2026-11-27",
            "- [x] a 🔁 every week when done 📅 2026-10-02 ✅ 2026-11-20",
        ],
    ),
    "an_early_one_when_done_comes_again_after_today": (
        "- [ ] a 🔁 every 10 days when done 📅 2026-12-24",
        PLAIN,
        [
            "- [ ] a 🔁 every 10 days when done 📅 2026-11-30",
            "- [x] a 🔁 every 10 days when done 📅 2026-12-24 ✅ 2026-11-20",
        ],
    ),
    "when_done_keeps_the_distance_between_the_dates": (
        "- [ ] a 🔁 every 2 weeks when done ⏳ 2026-10-01 📅 2026-10-05",
        PLAIN,
        [
            "- [ ] a 🔁 every 2 weeks when done ⏳ 2026-11-30 📅 2026-12-04",
            "- [x] a 🔁 every 2 weeks when done ⏳ 2026-10-01 📅 2026-10-05 ✅ 2026-11-20",
        ],
    ),
    "scheduled_is_dropped_where_the_owner_wants_that": (
        "- [ ] a 🔁 every week ⏳ 2026-11-18 📅 2026-11-20",
        DROP,
        [
            "- [ ] a 🔁 every week 📅 2026-11-27",
            "- [x] a 🔁 every week ⏳ 2026-11-18 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "scheduled_is_kept_where_it_is_the_only_date": (
        "- [ ] a 🔁 every week ⏳ 2026-11-20",
        DROP,
        [
            "- [ ] a 🔁 every week ⏳ 2026-11-27",
            "- [x] a 🔁 every week ⏳ 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    # Where the next one comes, and what the line around it keeps.
    "the_next_one_comes_above": (
        "- [ ] a 🔁 every day 📅 2026-11-20",
        PLAIN,
        ["- [ ] a 🔁 every day 📅 2026-11-21", "- [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-20"],
    ),
    "the_next_one_comes_below_where_the_owner_wants_that": (
        "- [ ] a 🔁 every day 📅 2026-11-20",
        BELOW,
        ["- [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-20", "- [ ] a 🔁 every day 📅 2026-11-21"],
    ),
    "a_numbered_quoted_and_indented_one_stays_so": (
        "> \t3) [ ] a 🔁 every day 📅 2026-11-20",
        PLAIN,
        [
            "> \t3) [ ] a 🔁 every day 📅 2026-11-21",
            "> \t3) [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "no_done_date_where_the_owner_wants_none": (
        "- [ ] a 🔁 every day 📅 2026-11-20",
        NO_DONE,
        ["- [ ] a 🔁 every day 📅 2026-11-21", "- [x] a 🔁 every day 📅 2026-11-20"],
    ),
    "one_in_progress_is_done_as_well": (
        "- [/] a 📅 2026-11-20",
        PLAIN,
        ["- [x] a 📅 2026-11-20 ✅ 2026-11-20"],
    ),
    "the_next_status_is_the_owners": (
        "- [/] a 🔁 every day 📅 2026-11-20",
        LOOP,
        ["- [/] a 🔁 every day 📅 2026-11-21", "- [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-20"],
    ),
    "a_done_one_stays_as_it_is": (
        "- [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-19",
        PLAIN,
        ["- [x] a 🔁 every day 📅 2026-11-20 ✅ 2026-11-19"],
    ),
    "a_cancelled_one_that_is_done_loses_that_date": (
        "- [-] a ❌ 2026-11-19",
        PLAIN,
        ["- [x] a ✅ 2026-11-20"],
    ),
    "the_dataview_format": (
        "- [ ] a  [repeat:: every day]  [due:: 2026-11-20]",
        VIEW,
        [
            "- [ ] a  [repeat:: every day]  [due:: 2026-11-21]",
            "- [x] a  [repeat:: every day]  [due:: 2026-11-20]  [completion:: 2026-11-20]",
        ],
    ),
    "emoji_are_words_in_the_dataview_format": (
        "- [ ] a 🔁 every day 📅 2026-11-20",
        VIEW,
        ["- [x] a 🔁 every day 📅 2026-11-20  [completion:: 2026-11-20]"],
    ),
    "without_the_global_filter_it_is_no_task": (
        "- [ ] a 🔁 every day 📅 2026-11-20",
        FILTER,
        ["- [x] a 🔁 every day 📅 2026-11-20"],
    ),
    "with_the_global_filter_it_is": (
        "- [ ] #task a 🔁 every day 📅 2026-11-20",
        FILTER,
        [
            "- [ ] #task a 🔁 every day 📅 2026-11-21",
            "- [x] #task a 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
        ],
    ),
    "what_stands_behind_a_foreign_word_is_not_read": (
        "- [ ] a 📅 2026-11-18 for b 🔁 every week",
        PLAIN,
        [
            "- [ ] a 📅 2026-11-18 for b 🔁 every week",
            "- [x] a 📅 2026-11-18 for b 🔁 every week ✅ 2026-11-20",
        ],
    ),
    "a_rule_that_is_none_ends_it": (
        "- [ ] a 🔁 every 0 days 📅 2026-11-20",
        PLAIN,
        ["- [x] a 🔁 every 0 days 📅 2026-11-20 ✅ 2026-11-20"],
    ),
    "a_day_that_never_comes_ends_it": (
        "- [ ] a 🔁 every February on the 30th 📅 2026-11-20",
        PLAIN,
        ["- [x] a 🔁 every February on the 30th 📅 2026-11-20 ✅ 2026-11-20"],
    ),
    "the_end_of_the_calendar_ends_it": (
        "- [ ] a 🔁 every year 📅 9999-06-01",
        PLAIN,
        ["- [x] a 🔁 every year 📅 9999-06-01 ✅ 2026-11-20"],
    ),
    "a_date_that_is_none_counts_as_none": (
        "- [ ] a 🔁 every day 📅 2026-02-30",
        PLAIN,
        ["- [ ] a 🔁 every day", "- [x] a 🔁 every day 📅 2026-02-30 ✅ 2026-11-20"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_done(name: str) -> None:
    line, settings, lines = CASES[name]
    assert complete(line, DAY, settings) == lines


# The days of a rule, one after the other.


def month_ends(start: date, count: int) -> list[date]:
    """The last days of the months after this one."""
    found = []
    year, month = start.year, start.month
    for _ in range(count):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        found.append(date(year, month, calendar.monthrange(year, month)[1]))
    return found


def the(start: date, count: int, wanted: list[bool]) -> list[date]:
    """The next days whose weekday (Monday first) is wanted."""
    found: list[date] = []
    day = start
    while len(found) < count:
        day += timedelta(days=1)
        if wanted[day.weekday()]:
            found.append(day)
    return found


def weekdays(*names: int) -> list[bool]:
    return [day in names for day in range(7)]


def every(start: date, days: int, count: int) -> list[date]:
    return [start + timedelta(days=days * n) for n in range(1, count + 1)]


def on_the(day: int, start: date, count: int) -> list[date]:
    """That day of the coming months; months that have it not are left out."""
    found: list[date] = []
    year, month = start.year, start.month
    while len(found) < count:
        last = calendar.monthrange(year, month)[1]
        if day <= last and date(year, month, day) > start:
            found.append(date(year, month, day))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def nth(weekday: int, number: int, start: date, count: int, step: int = 1) -> list[date]:
    """The n-th such weekday of every ``step``-th month, from the end where negative."""
    found: list[date] = []
    year, month = start.year, start.month
    while len(found) < count:
        days = [
            day
            for day in range(1, calendar.monthrange(year, month)[1] + 1)
            if date(year, month, day).weekday() == weekday
        ]
        day = date(year, month, days[number - 1 if number > 0 else number])
        if day > start:
            found.append(day)
        month += step
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return found


JAN31 = date(2026, 1, 31)
RUNS = {
    "every day": every(DAY, 1, 400),
    "every 3 days": every(DAY, 3, 100),
    "every week": every(DAY, 7, 60),
    "every 2 weeks": every(DAY, 14, 60),
    "every 10 weeks": every(DAY, 70, 20),
    "every weekday": the(DAY, 60, weekdays(0, 1, 2, 3, 4)),
    "every week on Sunday": the(DAY, 60, weekdays(6)),
    "every week on Tuesday, Friday": the(DAY, 60, weekdays(1, 4)),
    "every Monday, Wednesday, Friday": the(DAY, 60, weekdays(0, 2, 4)),
    "every week on Saturday and Sunday": the(DAY, 60, weekdays(5, 6)),
    "every month on the 1st": on_the(1, DAY, 40),
    "every month on the 20th": on_the(20, DAY, 40),
    "every month on the 29th": on_the(29, DAY, 40),
    "every month on the 30th": on_the(30, DAY, 40),
    "every month on the 31st": on_the(31, DAY, 40),
    "every month on the last": [date(2026, 11, 30), *month_ends(DAY, 40)],
    "every month on the last Friday": nth(4, -1, DAY, 40),
    "every month on the 2nd last Friday": nth(4, -2, DAY, 40),
    "every month on the 1st Monday": nth(0, 1, DAY, 40),
    "every month on the 3rd Thursday": nth(3, 3, DAY, 40),
    "every 6 months on the 2nd Wednesday": nth(2, 2, DAY, 12, step=6),
    "every January on the 15th": [date(year, 1, 15) for year in range(2027, 2050)],
    "every February on the last": [
        date(year, 2, 29 if calendar.isleap(year) else 28) for year in range(2027, 2050)
    ],
    "every year": [date(year, 11, 20) for year in range(2027, 2050)],
    "every 5 years": [date(year, 11, 20) for year in range(2031, 2080, 5)],
}


def run(rule: str, start: date) -> Iterator[date]:
    day: date | None = start
    while (day := next_date(rule, day, DAY)) is not None:
        yield day


@pytest.mark.parametrize("rule", RUNS)
def test_the_days_of_a_rule(rule: str) -> None:
    expected = RUNS[rule]
    found = [day for day, _ in zip(run(rule, DAY), expected, strict=False)]
    assert found == expected


def test_a_month_that_is_too_short_moves_it_back_for_good() -> None:
    """31 January, 28 February, and from then on the 28th: as the plugin warns."""
    found = [day for day, _ in zip(run("every month", JAN31), range(12), strict=False)]
    assert found == on_the(28, JAN31, 12)
    leap = [day for day, _ in zip(run("every month", date(2028, 1, 31)), range(3), strict=False)]
    assert leap == [date(2028, 2, 29), date(2028, 3, 29), date(2028, 4, 29)]


def test_a_year_without_29_february_moves_it_back_for_good() -> None:
    found = [day for day, _ in zip(run("every year", date(2028, 2, 29)), range(5), strict=False)]
    assert found == [date(year, 2, 28) for year in range(2029, 2034)]


def test_the_last_day_of_the_month_is_safe() -> None:
    found = [d for d, _ in zip(run("every month on the last", JAN31), range(24), strict=False)]
    assert found == month_ends(JAN31, 24)


def test_there_are_cases_enough() -> None:
    assert len(CASES) + len(RUNS) + 3 >= 60
    assert all(parse_line(line) for line, _, _ in CASES.values())
