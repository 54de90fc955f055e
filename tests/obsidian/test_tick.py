"""Ticking and moving tasks as the Tasks plugin does it."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.errors import NotFound, UserError
from octopus.obsidian.recurrence import next_date
from octopus.obsidian.rule import parse_rule
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import Status, Tasks
from octopus.obsidian.task import inferred_scheduled, misread, new_task, parse_task, write_task
from octopus.obsidian.task_edit import (
    change_task,
    find_task,
    move_task,
    move_task_within,
    remove_task,
)
from octopus.obsidian.tick import (
    cancel,
    change_fields,
    complete,
    parse_line,
    reopen,
    reschedule,
    reword,
    set_alarm,
    set_field,
    set_status,
    toggle,
)
from tests.obsidian.nasty import scaled

TODAY = date(2026, 11, 20)
TASKS = Tasks()
DATAVIEW = Tasks(dataview=True)


@pytest.mark.parametrize(
    ("text", "fields", "description"),
    [
        ("a", {}, "a"),
        ("a 📅 2026-11-20", {"due": "2026-11-20"}, "a"),
        ("a 📆 2026-11-20", {"due": "2026-11-20"}, "a"),
        ("a 🗓️2026-11-20", {"due": "2026-11-20"}, "a"),
        ("a ⌛ 2026-11-20 🛫 2026-11-19", {"scheduled": "2026-11-20", "start": "2026-11-19"}, "a"),
        ("a ⏫", {"priority": "high"}, "a"),
        ("a ⏬️", {"priority": "lowest"}, "a"),
        ("a 🔺 📅 2026-11-20", {"priority": "highest", "due": "2026-11-20"}, "a"),
        ("a 📅 2026-11-20 🔼", {"priority": "medium", "due": "2026-11-20"}, "a"),
        (
            "a 🔁 every week on Tuesday, Friday",
            {"recurrence": "every week on Tuesday, Friday"},
            "a",
        ),
        ("a 🆔 a-b_1 ⛔ c, d,e", {"id": "a-b_1", "depends_on": "c, d,e"}, "a"),
        ("a 🏁 delete ➕ 2026-01-01", {"on_completion": "delete", "created": "2026-01-01"}, "a"),
        ("a ✅ 2026-11-20 ^id", {"done": "2026-11-20"}, "a"),
        ("a ❌ 2026-11-20", {"cancelled": "2026-11-20"}, "a"),
        ("a #x 📅 2026-11-20 #y", {"due": "2026-11-20"}, "a #x #y"),
        (
            "a 📅 2026-11-18 for #x 🔁 every week",
            {"recurrence": "every week"},
            "a 📅 2026-11-18 for #x",
        ),
        ("b 📅 18.11.2026", {}, "b 📅 18.11.2026"),
        ("📅 2026-11-20", {"due": "2026-11-20"}, ""),
        ("a ⏰ 2026-11-21 09:00 📅 2026-11-21", {"due": "2026-11-21"}, "a ⏰ 2026-11-21 09:00"),
        ("a 📅 2026-11-21 ⏰ 2026-11-21 09:00", {}, "a 📅 2026-11-21 ⏰ 2026-11-21 09:00"),
        ("a 📅 2026-11-20 b", {}, "a 📅 2026-11-20 b"),
        ("a [due:: 2026-11-20]", {}, "a [due:: 2026-11-20]"),
    ],
)
def test_fields_are_read_from_the_end(text: str, fields: dict[str, str], description: str) -> None:
    todo = parse_task(text)
    assert dict(todo.fields) == fields
    assert todo.description == description


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a  [due:: 2026-11-20]", {"due": "2026-11-20"}),
        ("a (due:: 2026-11-20)", {"due": "2026-11-20"}),
        (
            "a [priority:: high]  [repeat:: every day]  [completion:: 2026-11-20]",
            {"priority": "high", "recurrence": "every day", "done": "2026-11-20"},
        ),
        ("a [id:: x], [dependsOn:: y,z]", {"id": "x", "depends_on": "y,z"}),
        ("a 📅 2026-11-20", {}),
    ],
)
def test_the_dataview_format(text: str, fields: dict[str, str]) -> None:
    assert dict(parse_task(text, DATAVIEW).fields) == fields


def test_one_task_in_full() -> None:
    todo = parse_task("call #home ⏰ 2026-11-21 9:05 ⛔ a,b 🔼 🔁 every day 📅 2026-11-21 #x ^blk")
    assert todo.due == date(2026, 11, 21)
    assert todo.priority == "medium"
    assert todo.recurrence == "every day"
    assert todo.depends_on == ("a", "b")
    assert todo.tags == ("#home", "#x")
    assert todo.block == "blk"
    assert todo.remind_at(time(8)) == datetime(2026, 11, 21, 9, 5)  # noqa: DTZ001
    assert parse_task("x ⏰ 2026-11-21").remind_at(time(8)) == datetime(2026, 11, 21, 8)  # noqa: DTZ001
    assert parse_task("x").remind_at(time(8)) is None
    assert parse_task("x 📅 2026-13-45").due is None


@pytest.mark.parametrize(
    ("path", "text", "settings", "day"),
    [
        ("Daily/2026-11-20.md", "a", Tasks(filename_as_scheduled=True), date(2026, 11, 20)),
        ("20261120 Fri.md", "a", Tasks(filename_as_scheduled=True), date(2026, 11, 20)),
        ("2026-11-20.md", "a", Tasks(), None),
        ("2026-11-20.md", "a 📅 2026-11-21", Tasks(filename_as_scheduled=True), None),
        ("2026-13-20.md", "a", Tasks(filename_as_scheduled=True), None),
        ("2026-11-20/x.md", "a", Tasks(filename_as_scheduled=True), None),
        (
            "Daily/2026-11-20.md",
            "a",
            Tasks(filename_as_scheduled=True, filename_folders=("/Daily/",)),
            date(2026, 11, 20),
        ),
        (
            "Other/2026-11-20.md",
            "a",
            Tasks(filename_as_scheduled=True, filename_folders=("Daily",)),
            None,
        ),
    ],
)
def test_a_date_from_the_name_of_the_note(
    path: str, text: str, settings: Tasks, day: date | None
) -> None:
    assert inferred_scheduled(parse_task(text), path, settings) == day


def test_what_the_plugin_does_not_read_is_said() -> None:
    assert misread("a 📅 2026-11-18 for #x 🔁 every week", TASKS) == ("📅",)
    assert misread("b 📅 18.11.2026", TASKS) == ("📅",)
    assert misread("b 📅 2026-02-30", TASKS) == ("📅",)
    assert misread("fine 🔁 every day 📅 2026-11-20", TASKS) == ()


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("- [ ] a", ["- [x] a ✅ 2026-11-20"]),
        ("\t* [ ] a ^id", ["\t* [x] a ✅ 2026-11-20 ^id"]),
        ("> 1. [/] a 📅 2026-11-21", ["> 1. [x] a 📅 2026-11-21 ✅ 2026-11-20"]),
        ("- [ ]  two  spaces  ", ["- [x]  two  spaces ✅ 2026-11-20  "]),
        ("- [ ] a 📅 2026-11-21 #t", ["- [x] a 📅 2026-11-21 #t ✅ 2026-11-20"]),
        ("- [-] a ❌ 2026-11-19", ["- [x] a ✅ 2026-11-20"]),
        ("- [x] a ✅ 2026-11-19", ["- [x] a ✅ 2026-11-19"]),
        ("- [ ] a 🏁 delete", []),
        ("- [ ] a 🏁 keep", ["- [x] a 🏁 keep ✅ 2026-11-20"]),
        (
            "- [ ] a 🔁 every month 📅 2026-01-31",
            [
                "- [ ] a 🔁 every month 📅 2026-02-28",
                "- [x] a 🔁 every month 📅 2026-01-31 ✅ 2026-11-20",
            ],
        ),
        (
            "- [ ] a 🆔 x ⛔ y 🔁 every day 📅 2026-11-20 ^b",
            [
                "- [ ] a 🔁 every day 📅 2026-11-21",
                "- [x] a 🆔 x ⛔ y 🔁 every day 📅 2026-11-20 ✅ 2026-11-20 ^b",
            ],
        ),
        (
            "- [ ] a 🔁 every week 🛫 2026-11-18 ⏳ 2026-11-19 📅 2026-11-21",
            [
                "- [ ] a 🔁 every week 🛫 2026-11-25 ⏳ 2026-11-26 📅 2026-11-28",
                "- [x] a 🔁 every week 🛫 2026-11-18 ⏳ 2026-11-19 📅 2026-11-21 ✅ 2026-11-20",
            ],
        ),
        (
            "- [ ] a 🔁 every day when done 📅 2026-11-01",
            [
                "- [ ] a 🔁 every day when done 📅 2026-11-21",
                "- [x] a 🔁 every day when done 📅 2026-11-01 ✅ 2026-11-20",
            ],
        ),
        (
            "- [ ] a 🔁 every day 🏁 delete 📅 2026-11-20",
            ["- [ ] a 🔁 every day 🏁 delete 📅 2026-11-21"],
        ),
        (
            "- [ ] a 🔁 every day ➕ 2026-01-01 📅 2026-11-20",
            [
                "- [ ] a 🔁 every day 📅 2026-11-21",
                "- [x] a 🔁 every day ➕ 2026-01-01 📅 2026-11-20 ✅ 2026-11-20",
            ],
        ),
        (
            "- [ ] a ⏰ 2026-11-20 08:30 🔁 every day 📅 2026-11-20",
            [
                "- [ ] a ⏰ 2026-11-21 08:30 🔁 every day 📅 2026-11-21",
                "- [x] a ⏰ 2026-11-20 08:30 🔁 every day 📅 2026-11-20 ✅ 2026-11-20",
            ],
        ),
        (
            "- [ ] a 🔁 every day",
            ["- [ ] a 🔁 every day", "- [x] a 🔁 every day ✅ 2026-11-20"],
        ),
        (
            "- [ ] a 🔁 every nonsense 📅 2026-11-20",
            ["- [x] a 🔁 every nonsense 📅 2026-11-20 ✅ 2026-11-20"],
        ),
    ],
)
def test_done(line: str, done: list[str]) -> None:
    assert complete(line, TODAY, TASKS) == done


def test_done_as_the_owner_has_set_it() -> None:
    line = "- [ ] a 🔁 every day ⏳ 2026-11-19 📅 2026-11-20"
    below = complete(line, TODAY, Tasks(next_line=True, remove_scheduled=True, set_created=True))
    assert below == [
        "- [x] a 🔁 every day ⏳ 2026-11-19 📅 2026-11-20 ✅ 2026-11-20",
        "- [ ] a 🔁 every day ➕ 2026-11-20 📅 2026-11-21",
    ]
    assert complete("- [ ] a", TODAY, Tasks(set_done=False)) == ["- [x] a"]
    assert cancel("- [ ] a", TODAY, Tasks(set_cancelled=False)) == ["- [-] a"]
    assert complete("- [ ] a  [due:: 2026-11-20]", TODAY, DATAVIEW) == [
        "- [x] a  [due:: 2026-11-20]  [completion:: 2026-11-20]"
    ]


def test_without_the_global_filter_it_is_only_a_box() -> None:
    tasks = Tasks(global_filter="#task")
    assert complete("- [ ] a 🔁 every day 📅 2026-11-20", TODAY, tasks) == [
        "- [x] a 🔁 every day 📅 2026-11-20"
    ]
    assert complete("- [ ] #task a", TODAY, tasks) == ["- [x] #task a ✅ 2026-11-20"]
    assert reopen("- [x] a ✅ 2026-11-20", tasks) == ["- [ ] a ✅ 2026-11-20"]


@pytest.mark.parametrize(
    ("line", "opened"),
    [
        ("- [x] a ✅ 2026-11-20", "- [ ] a"),
        ("- [x] a 📅 2026-11-20 ✅ 2026-11-20 ^b", "- [ ] a 📅 2026-11-20 ^b"),
        ("- [-] a ❌ 2026-11-20", "- [ ] a"),
        ("- [ ] a", "- [ ] a"),
        ("- [X] a", "- [ ] a"),
        ("- [x] a ✅ 2026-11-20 #t", "- [ ] a #t"),
    ],
)
def test_reopening(line: str, opened: str) -> None:
    assert reopen(line, TASKS) == [opened]


def test_cancelling_and_other_statuses() -> None:
    assert cancel("- [ ] a 🔁 every day", TODAY, TASKS) == ["- [-] a 🔁 every day ❌ 2026-11-20"]
    assert cancel("- [x] a ✅ 2026-11-19", TODAY, TASKS) == ["- [-] a ❌ 2026-11-20"]
    assert cancel("- [-] a", TODAY, TASKS) == ["- [-] a"]
    assert set_status("- [ ] a", "/", TODAY, TASKS) == ["- [/] a"]
    assert set_status("- [x] a ✅ 2026-11-19", "/", TODAY, TASKS) == ["- [/] a"]
    assert toggle("- [ ] a", TODAY, TASKS) == ["- [x] a ✅ 2026-11-20"]
    assert toggle("- [x] a ✅ 2026-11-19", TODAY, TASKS) == ["- [ ] a"]
    assert toggle("- [?] a", TODAY, TASKS) == ["- [x] a ✅ 2026-11-20"]


def test_custom_statuses() -> None:
    custom = (
        Status(" ", "Todo", "h", "TODO"),
        Status("h", "Hold", "d", "ON_HOLD"),
        Status("d", "Done", "n", "DONE"),
        Status("n", "Note", " ", "NON_TASK"),
        Status("x", "Crossed", " ", "NON_TASK"),
    )
    tasks = Tasks(statuses=custom)
    assert toggle("- [ ] a", TODAY, tasks) == ["- [h] a"]
    assert toggle("- [h] a", TODAY, tasks) == ["- [d] a ✅ 2026-11-20"]
    assert complete("- [ ] a 🔁 every day 📅 2026-11-20", TODAY, tasks)[0].startswith("- [ ] a")
    assert complete("- [ ] a", TODAY, tasks) == ["- [d] a ✅ 2026-11-20"]


@scaled(80, 2000)
@given(st.sampled_from(["- [ ] a", "- [ ] a 📅 2026-11-20 #t", "> - [ ] b ⏫ ^x", "\t1. [ ] c  "]))
def test_done_and_reopened_is_the_same_line(line: str) -> None:
    (done,) = complete(line, TODAY, TASKS)
    assert reopen(done, TASKS) == [line]


@pytest.mark.parametrize(
    ("line", "due", "options", "after"),
    [
        ("- [ ] a", TODAY, {}, "- [ ] a 📅 2026-11-20"),
        ("- [ ] a 📅 2026-11-18 ^b", TODAY, {}, "- [ ] a 📅 2026-11-20 ^b"),
        ("- [ ] a ⏳ 2026-11-18", TODAY, {}, "- [ ] a ⏳ 2026-11-20"),
        ("- [ ] a 📆 2026-11-18 #t", TODAY, {}, "- [ ] a 📅 2026-11-20 #t"),
        ("- [ ] a 📅 2026-11-18", None, {}, "- [ ] a"),
        ("- [ ] a ⏰ 2026-11-18 09:00 📅 2026-11-18", None, {}, "- [ ] a"),
        (
            "- [ ] a ⏰ 2026-11-18 09:00 📅 2026-11-19",
            TODAY,
            {},
            "- [ ] a ⏰ 2026-11-19 09:00 📅 2026-11-20",
        ),
        (
            "- [ ] a ⏰ 2026-11-18 09:00 📅 2026-11-18",
            TODAY,
            {"at": time(14)},
            "- [ ] a ⏰ 2026-11-20 14:00 📅 2026-11-20",
        ),
        ("- [ ] a ⏰ 2026-11-18 09:00", TODAY, {}, "- [ ] a ⏰ 2026-11-20 09:00"),
        (
            "- [ ] a 📅 2026-11-18",
            TODAY,
            {"at": time(9)},
            "- [ ] a ⏰ 2026-11-20 09:00 📅 2026-11-20",
        ),
        (
            "- [ ] a ⏰ 2026-11-18 09:00 📅 2026-11-18",
            TODAY,
            {"alarm": False},
            "- [ ] a ⏰ 2026-11-18 09:00 📅 2026-11-20",
        ),
    ],
)
def test_rescheduling(line: str, due: date | None, options: dict[str, object], after: str) -> None:
    assert reschedule(line, due, TASKS, **options) == [after]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "after"),
    [
        ("priority", "high", "a ⏫ 🔁 every day 📅 2026-11-20 #t ^b"),
        ("id", "x1", "a 🆔 x1 🔁 every day 📅 2026-11-20 #t ^b"),
        ("start", "2026-11-19", "a 🔁 every day 🛫 2026-11-19 📅 2026-11-20 #t ^b"),
        ("done", "2026-11-20", "a 🔁 every day 📅 2026-11-20 #t ✅ 2026-11-20 ^b"),
        ("due", None, "a 🔁 every day #t ^b"),
        ("recurrence", None, "a 📅 2026-11-20 #t ^b"),
        ("due", "2027-01-01", "a 🔁 every day 📅 2027-01-01 #t ^b"),
    ],
)
def test_one_field_is_set_where_the_plugin_writes_it(
    name: str, value: str | None, after: str
) -> None:
    assert set_field("a 🔁 every day 📅 2026-11-20 #t ^b", name, value, TASKS) == after


def test_wrong_fields_are_refused() -> None:
    assert change_fields("- [ ] a", {"priority": "low", "due": None}, TASKS) == ["- [ ] a 🔽"]
    for wrong in ({"priority": "urgent"}, {"colour": "red"}):
        with pytest.raises(UserError):
            change_fields("- [ ] a", wrong, TASKS)
    for line in ("a", "- a", "- [ ]a", "-[ ] a"):
        with pytest.raises(UserError):
            parse_line(line)


def test_alarms_and_words() -> None:
    assert (
        set_alarm("a 📅 2026-11-20", TODAY, time(9), TASKS) == "a ⏰ 2026-11-20 09:00 📅 2026-11-20"
    )
    assert set_alarm("a ⏰ 2026-11-20 09:00 b", None, None, TASKS) == "a b"
    line = "- [/] a ⏰ 2026-11-20 09:00 🔼 📅 2026-11-20 ^b"
    assert reword(line, "new\nwords", TASKS) == [
        "- [/] new words ⏰ 2026-11-20 09:00 🔼 📅 2026-11-20 ^b"
    ]
    assert reword("- [ ] #task a", "b", Tasks(global_filter="#task")) == ["- [ ] #task b"]


def test_new_tasks_are_what_the_plugin_reads() -> None:
    assert new_task("call\n mom", {}, TASKS, TODAY) == "- [ ] call mom"
    tasks = Tasks(global_filter="#task", set_created=True)
    line = new_task(
        "call",
        {"due": "2026-11-21", "priority": "high"},
        tasks,
        TODAY,
        remind_on=TODAY,
        remind_time=time(9),
    )
    assert line == "- [ ] #task call ⏰ 2026-11-20 09:00 ⏫ ➕ 2026-11-20 📅 2026-11-21"
    assert new_task("a #task", {}, Tasks(global_filter="#task"), TODAY) == "- [ ] a #task"


@scaled(80, 2000)
@given(
    st.dictionaries(
        st.sampled_from(["due", "start", "scheduled", "done", "created"]), st.dates().map(str)
    ),
    st.sampled_from([TASKS, DATAVIEW]),
    st.sampled_from([None, "high", "lowest"]),
    st.sampled_from([None, "every week on Sunday"]),
)
def test_what_is_written_reads_back(
    dates: dict[str, str], tasks: Tasks, priority: str | None, rule: str | None
) -> None:
    fields = {**dates, **({"priority": priority} if priority else {})}
    fields |= {"recurrence": rule} if rule else {}
    todo = parse_task(write_task("some #words", fields, tasks, block="b"), tasks)
    assert dict(todo.fields) == fields
    assert (todo.description, todo.block) == ("some #words", "b")


@pytest.mark.parametrize(
    ("rule", "start", "following"),
    [
        ("every day", "2026-11-20", "2026-11-21"),
        ("every 3 days", "2026-11-20", "2026-11-23"),
        ("every weekday", "2026-11-20", "2026-11-23"),
        ("every week", "2026-11-20", "2026-11-27"),
        ("every week on Sunday", "2026-11-20", "2026-11-22"),
        ("every week on Tuesday, Friday", "2026-11-20", "2026-11-24"),
        ("every 2 weeks", "2026-11-20", "2026-12-04"),
        ("every 2 weeks on Monday", "2026-11-20", "2026-11-30"),
        ("every month", "2026-11-20", "2026-12-20"),
        ("every month", "2026-01-31", "2026-02-28"),
        ("every month", "2024-01-31", "2024-02-29"),
        ("every month", "2026-02-28", "2026-03-28"),
        ("every 2 months", "2026-12-31", "2027-02-28"),
        ("every month on the 31st", "2026-01-31", "2026-03-31"),
        ("every month on the 1st", "2026-11-20", "2026-12-01"),
        ("every month on the last", "2026-01-31", "2026-02-28"),
        ("every month on the last", "2026-02-28", "2026-03-31"),
        ("every month on the last Friday", "2026-11-20", "2026-11-27"),
        ("every month on the 2nd last Friday", "2026-11-20", "2026-12-18"),
        ("every month on the second Wednesday", "2026-11-20", "2026-12-09"),
        ("every 6 months on the 2nd Wednesday", "2026-11-20", "2027-05-12"),
        ("every January on the 15th", "2026-11-20", "2027-01-15"),
        ("every April and December on the 1st and 24th", "2026-11-20", "2026-12-01"),
        ("every year", "2026-11-20", "2027-11-20"),
        ("every year", "2024-02-29", "2025-02-28"),
        ("every 4 years", "2024-02-29", "2028-02-29"),
        ("every monday", "2026-11-20", "2026-11-23"),
        ("every mo, we", "2026-11-23", "2026-11-25"),
        ("EVERY Two Weeks", "2026-11-20", "2026-12-04"),
        ("every day until January 1, 2027", "2026-11-20", "2026-11-21"),
        ("every day until 1 January 2020", "2026-11-20", None),
        ("every month when done", "2020-01-01", "2026-12-20"),
        ("every week on Sunday when done", "2020-01-01", "2026-11-22"),
        ("every February on the 31st", "2026-11-20", None),
        ("every 99999 years", "2026-11-20", None),
        ("every", "2026-11-20", None),
        ("every blue moon", "2026-11-20", None),
        ("each day", "2026-11-20", None),
        ("every month on the 999th", "2026-11-20", None),
        ("", "2026-11-20", None),
    ],
)
def test_recurrence(rule: str, start: str, following: str | None) -> None:
    found = next_date(rule, date.fromisoformat(start), TODAY)
    assert (found.isoformat() if found else None) == following


def test_recurrence_without_a_date_counts_from_today() -> None:
    assert next_date("every week", None, TODAY) == date(2026, 11, 27)


@scaled(80, 2000)
@given(st.text(alphabet="every day week month on the last 1st2nd, until for mon jan", max_size=60))
def test_any_rule_is_read_and_ends(text: str) -> None:
    parse_rule(text)
    parse_rule(f"every {text}")


@scaled(80, 2000)
@given(
    st.sampled_from(["every month", "every 2 months", "every year", "every week", "every weekday"]),
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
def test_the_next_date_is_later(rule: str, start: date) -> None:
    found = next_date(rule, start, TODAY)
    assert found is not None
    assert start < found


NOTE = b"# T\r\n- [ ] a \xf0\x9f\x93\x85 2026-11-20\r\n  - [ ] sub\r\n\r\n- [ ] b\r\n# U\r\n- [ ] c"


def done(line: str) -> list[str]:
    return complete(line, TODAY, TASKS)


def test_a_task_in_its_note() -> None:
    after = change_task(NOTE, 5, done)
    assert after == NOTE.replace(b"- [ ] b\r\n", b"- [x] b \xe2\x9c\x85 2026-11-20\r\n")
    after = change_task(NOTE, 7, done)
    assert after == NOTE.replace(b"- [ ] c", b"- [x] c \xe2\x9c\x85 2026-11-20")
    assert change_task(NOTE, 5, lambda line: []) == NOTE.replace(b"- [ ] b\r\n", b"")
    assert change_task(NOTE, 5, lambda line: [line, "- new"]) == NOTE.replace(
        b"- [ ] b\r\n", b"- [ ] b\r\n- new\r\n"
    )


def test_a_task_is_found_again_when_the_note_moved_on() -> None:
    moved = b"new line\r\n" + NOTE
    assert change_task(moved, 5, done, text="b") == b"new line\r\n" + change_task(NOTE, 5, done)
    note = scan("- [ ] a\n- [ ] a\n- [ ] a")
    assert find_task(note, 2, "a").line == 2
    with pytest.raises(NotFound):
        change_task(NOTE, 5, done, text="gone")
    with pytest.raises(NotFound):
        change_task(NOTE, 4, done)


def test_tasks_move_with_what_is_below_them() -> None:
    left, there = move_task(NOTE, 2, b"x\n", text="a 📅 2026-11-20")
    assert left == b"# T\r\n\r\n- [ ] b\r\n# U\r\n- [ ] c"
    assert there == "x\n- [ ] a 📅 2026-11-20\n  - [ ] sub\n".encode()
    left, there = move_task(NOTE, 3, None)
    assert there == b"- [ ] sub\n"
    assert b"sub" not in left
    within = move_task_within(NOTE, 5, "U")
    assert within.endswith(b"# U\r\n- [ ] c\r\n- [ ] b")
    assert remove_task(NOTE, 7) == NOTE[: -len(b"\r\n- [ ] c")]
