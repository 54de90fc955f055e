"""The days between two dates: each thing on its days, told once, whatever there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from octopus.core.agenda import Agenda, Appointment, Day, Schedule, Sources, arrange, is_overdue
from octopus.core.reminder import Reminder, ReminderState
from octopus.core.todo import Todo, urgency

TODAY = date(2026, 11, 20)
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=BERLIN)

ahead = st.integers(-4, 6)
maybe = st.none() | ahead
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def _todo(line: int, due: int | None, alarm: int | None, clock: time, *, open_: bool) -> Todo:
    return Todo(
        "T.md",
        line,
        " " if open_ else "x",
        open_,
        f"todo {line}",
        f"todo {line}",
        due=None if due is None else day(due),
        remind_at=None if alarm is None else datetime.combine(day(alarm), clock),
    )


@st.composite
def todo_lists(draw: st.DrawFn) -> list[Todo]:
    count = draw(st.integers(0, 8))
    return [
        _todo(line, draw(maybe), draw(maybe), draw(clocks), open_=draw(st.booleans()))
        for line in range(1, count + 1)
    ]


def reminder(number: int, at: datetime, **more: object) -> Reminder:
    values = {"text": f"r{number}", "local": at.replace(tzinfo=None), "zone": "Europe/Berlin"}
    values |= {"at": at, "conversation": "console"}
    return Reminder(number, **values | more)  # type: ignore[arg-type]


@given(todo_lists(), ahead, st.integers(0, 8))
def test_every_open_todo_of_the_days_is_told_once(
    todos: list[Todo], first: int, length: int
) -> None:
    last = first + length
    found = arrange(Sources(todos), day(first), day(last), NOW)
    told = [todo.line for todo in found.todos]
    assert len(told) == len(set(told))
    wanted = set()
    for todo in todos:
        days = {todo.due, todo.remind_at.date() if todo.remind_at else None} - {None}
        among = any(day(first) <= each <= day(last) for each in days if each)
        late = first <= 0 <= last and is_overdue(todo, TODAY)
        if todo.open and (among or late):
            wanted.add(todo.line)
    assert set(told) == wanted


@given(todo_lists(), ahead, st.integers(0, 8))
def test_days_follow_each_other_and_their_todos_are_in_order(
    todos: list[Todo], first: int, length: int
) -> None:
    found = arrange(Sources(todos), day(first), day(first + length), NOW)
    assert [each.day for each in found.days] == [day(first + n) for n in range(length + 1)]
    for some in (*(each.todos for each in found.days), found.overdue):
        assert list(some) == sorted(some, key=urgency)
    if not first <= 0 <= first + length:
        assert found.overdue == ()


@given(st.lists(st.tuples(ahead, st.integers(0, 5)), max_size=6), ahead, st.integers(0, 8))
def test_an_appointment_stands_on_each_day_that_it_touches(
    spans: list[tuple[int, int]], first: int, length: int
) -> None:
    some = [Appointment(f"a{n}", day(a), day(a + more)) for n, (a, more) in enumerate(spans)]
    found = arrange(Sources(schedule=Schedule(tuple(some))), day(first), day(first + length), NOW)
    for number, (begin, more) in enumerate(spans):
        shown = [each.day for each in found.days if some[number] in each.appointments]
        touched = range(max(begin, first), min(begin + more, first + length) + 1)
        assert shown == [day(at) for at in touched]


@given(st.integers(-90, 90))
def test_a_reminder_stands_on_the_owners_day(hours: int) -> None:
    at = (NOW + timedelta(hours=hours)).astimezone(UTC)
    found = arrange(Sources((), [reminder(1, at)]), day(-4), day(6), NOW)
    days = [each.day for each in found.days if each.reminders]
    assert days == [at.astimezone(BERLIN).date()]


def test_one_that_was_put_off_stands_where_it_rings_next() -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=BERLIN)
    later = datetime(2026, 11, 22, 9, tzinfo=BERLIN)
    off = reminder(1, at, state=ReminderState.TOLD, again=later)
    found = arrange(Sources((), [off]), TODAY, day(3), NOW)
    assert [each.day for each in found.days if each.reminders] == [day(2)]


def test_the_alarm_of_a_todo_that_is_shown_is_not_told_beside_it() -> None:
    at = datetime(2026, 11, 21, 9, tzinfo=BERLIN)
    todo = _todo(3, 1, 1, time(9), open_=True)
    alarm = reminder(1, at, path="T.md", todo="todo 3")
    other = reminder(2, at, path="Other.md", todo="todo 3")
    found = arrange(Sources([todo], [alarm, other]), TODAY, day(1), NOW)
    assert found.days[1].reminders == (other,)
    assert found.days[1].todos == (todo,)


def test_headings_alone_are_something_but_nothing_pressing() -> None:
    found = arrange(Sources(headings={TODAY: ("Plan",), day(9): ("Far",)}), TODAY, day(1), NOW)
    assert [each.headings for each in found.days] == [("Plan",), ()]
    assert found
    assert not found.pressing
    assert not arrange(Sources(), TODAY, day(1), NOW)
    assert Agenda(TODAY, (Day(TODAY),), (_todo(1, -1, None, time(9), open_=True),)).pressing


def test_what_could_not_be_read_is_said_even_of_empty_days() -> None:
    found = arrange(Sources(schedule=Schedule(faults=("a.ics is gone",))), TODAY, TODAY, NOW)
    assert found.faults == ("a.ics is gone",)
    assert not found


def test_a_last_day_before_the_first_is_no_day() -> None:
    assert arrange(Sources([_todo(1, 0, None, time(9), open_=True)]), day(1), TODAY, NOW).days == ()
