"""Task lines whose words, tags and fields are changed one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.errors import UserError
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import parse_task
from octopus.obsidian.task_words import Wish, changed
from octopus.obsidian.tick import parse_line

TASKS = Tasks()
LINE = "\t- [ ] call the plumber #home ⏰ 2026-11-24 09:00 ⏫ 🔁 every week 📅 2026-11-24 ^sink"


def one(line: str, settings: Tasks = TASKS, **wish: Any) -> str:
    (found,) = changed(line, Wish(**wish), settings)
    return found


def test_nothing_wished_leaves_every_character() -> None:
    assert one(LINE) == LINE


@pytest.mark.parametrize(
    ("wish", "old", "new"),
    [
        ({"fields": {"priority": "low"}}, "⏫", "🔽"),
        ({"fields": {"priority": None}}, " ⏫", ""),
        ({"fields": {"recurrence": "every month"}}, "every week", "every month"),
        ({"fields": {"recurrence": None}}, " 🔁 every week", ""),
        ({"fields": {"scheduled": "2026-11-23"}}, "📅", "⏳ 2026-11-23 📅"),
        ({"without": "alarm"}, " ⏰ 2026-11-24 09:00", ""),
        ({"without": "#home"}, " #home", ""),
        ({"without": "#HOME"}, " #home", ""),
        ({"without": "#hom"}, "", ""),
        ({"tags": ("#garden",)}, "09:00 ", "09:00 #garden "),
        ({"tags": ("#Home",)}, "", ""),
        ({"words": "ring the plumber"}, "call", "ring"),
        ({"words": "electrician", "old": "plumber"}, "plumber", "electrician"),
        ({"words": "electrician", "old": "Plumber"}, "plumber", "electrician"),
        ({"words": "call the plumber twice", "old": "plumber"}, "plumber", "plumber twice"),
        ({"words": "wait", "old": "roof"}, "call the plumber", "wait"),
        ({"words": "wait #later"}, "call the plumber #home", "wait #later"),
    ],
)
def test_only_what_is_wished_for_is_otherwise(wish: dict[str, Any], old: str, new: str) -> None:
    assert one(LINE, **wish) == LINE.replace(old, new, 1)


def test_without_a_date_the_alarm_goes_too() -> None:
    assert one(LINE, without="due") == "\t- [ ] call the plumber #home ⏫ 🔁 every week ^sink"


@pytest.mark.parametrize(
    ("line", "first", "due"),
    [
        ("- [ ] a", date(2026, 11, 20), " 📅 2026-11-20"),
        ("- [ ] a", None, ""),
        ("- [ ] a 📅 2026-12-01", date(2026, 11, 20), " 📅 2026-12-01"),
    ],
)
def test_what_begins_to_repeat_has_a_day(line: str, first: date | None, due: str) -> None:
    found = one(line, fields={"recurrence": "every week"}, first=first)
    assert found == f"- [ ] a 🔁 every week{due}"


def test_a_day_that_comes_by_the_alarm_is_enough_to_repeat_from() -> None:
    line = "- [ ] a ⏰ 2026-11-24 09:00"
    found = one(line, fields={"recurrence": "every week"}, first=date(2026, 11, 20))
    assert found == f"{line} 🔁 every week"


def test_the_global_filter_stays_whatever_is_said() -> None:
    settings = Tasks(global_filter="#task")
    assert one("- [ ] #task a", settings, words="b") == "- [ ] #task b"
    assert one("- [ ] a #task", settings, without="#task") == "- [ ] a #task"


def test_fields_in_brackets_keep_their_form() -> None:
    settings = Tasks(dataview=True)
    line = "- [ ] a  [due:: 2026-11-24]"
    assert one(line, settings, tags=("#x",)) == "- [ ] a #x [due:: 2026-11-24]"
    found = one(line, settings, fields={"priority": "low"})
    assert found == "- [ ] a  [priority:: low]  [due:: 2026-11-24]"


def test_a_priority_that_there_is_none_of_changes_nothing() -> None:
    with pytest.raises(UserError):
        one(LINE, fields={"priority": "very"})


WORDS = st.lists(
    st.sampled_from(["call", "Ann", "#home", "#a/b", "the", "roof", "猫", "ёж"]), min_size=1
).map(" ".join)
FIELDS = st.sampled_from(
    ["", " ⏫", " 🔁 every week 📅 2026-11-24", " 📅 2026-11-24", " ⏳ 2026-11-01"]
)


@given(WORDS, FIELDS, st.sampled_from(["", " ^id-1"]), st.sampled_from(["#home", "#new", "#a/b"]))
def test_a_tag_comes_and_goes_and_the_rest_is_as_it_was(
    words: str, fields: str, block: str, tag: str
) -> None:
    line = f"- [ ] {words}{fields}{block}"
    with_it = one(line, tags=(tag,))
    before, after = (parse_task(parse_line(each).text, TASKS) for each in (line, with_it))
    assert tag in after.tags
    assert after.fields == before.fields
    assert after.block == before.block
    if tag not in before.tags:
        assert one(with_it, without=tag) == line
