"""Which to-dos are meant by today, this week, a tag; and how they are written for scripts."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.message import Button, Reply
from octopus.core.todo import Todo, selected, todo_as_json, urgency
from octopus.core.view import Shown, View, ViewKind

TODAY = date(2026, 11, 20)  # a Friday


def todo(text: str = "a", line: int = 1, **more: object) -> Todo:
    values = {"path": "T.md", "status": " ", "open": True, "description": text} | more
    return Todo(line=line, text=text, **values)  # type: ignore[arg-type]


def day(ahead: int) -> date:
    return TODAY + timedelta(days=ahead)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("today", [-1, 0]),
        ("overdue", [-1]),
        ("week", [-1, 0, 1, 2]),
        ("next week", [3, 9]),
        ("all", [-1, 0, 1, 2, 3, 9, 10]),
        ("", [-1, 0, 1, 2, 3, 9, 10]),
        ("2026-11-21", [1]),
        (" 2026-11-21 ", [1]),
    ],
)
def test_by_their_day(when: str, found: list[int]) -> None:
    every = [todo(due=day(ahead)) for ahead in (10, 9, 3, 2, 1, 0, -1)]
    assert selected(every, when, TODAY) == [todo(due=day(ahead)) for ahead in found]


@pytest.mark.parametrize("when", ["soon", "2026-02-30", "2026-13-01", "10000-01-01", "[[x", "0"])
def test_what_means_no_day_is_none(when: str) -> None:
    assert selected([todo()], when, TODAY) is None


def test_by_tag_with_those_below_and_whatever_the_case() -> None:
    some = [
        todo("a #Home", tags=("#Home",)),
        todo("b #home/shed", tags=("#home/shed",)),
        todo("c #homework", tags=("#homework",)),
    ]
    assert selected(some, "#home", TODAY) == some[:2]
    assert selected(some, "#home/shed", TODAY) == some[1:2]
    assert selected(some, "#x", TODAY) == []


def test_by_note() -> None:
    some = [todo(path="A/B.md"), todo(path="B.md")]
    assert selected(some, "[[B.md]]", TODAY) == some[1:]


def test_done_ones_are_never_asked_for() -> None:
    assert selected([todo(open=False, due=TODAY)], "today", TODAY) == []
    assert selected([todo(open=False)], "all", TODAY) == []


def test_the_day_is_the_due_one_else_the_scheduled_one_else_the_alarm() -> None:
    alarm = datetime(2026, 11, 22, 9)  # noqa: DTZ001 - the owner's wall clock
    assert todo(due=day(0), scheduled=day(1), remind_at=alarm).day == day(0)
    assert todo(scheduled=day(1), remind_at=alarm).day == day(1)
    assert todo(remind_at=alarm).day == day(2)
    assert todo(start=day(3)).day is None


def test_the_most_urgent_comes_first() -> None:
    def at(hour: int) -> datetime:
        return datetime(2026, 11, 20, hour)  # noqa: DTZ001

    ordered = [
        todo("late", due=day(-1)),
        todo("highest", due=day(0), priority="highest"),
        todo("high", due=day(0), priority="high"),
        todo("at nine", due=day(0), remind_at=at(9)),
        todo("at ten", due=day(0), remind_at=at(10)),
        todo("some time", due=day(0)),
        todo("low", due=day(0), priority="low"),
        todo("later", due=day(1)),
        todo("never, but high", priority="high"),
        todo("never"),
        todo("never, below", line=2),
        todo("lowest", priority="lowest"),
    ]
    assert sorted(ordered[::-1], key=urgency) == ordered


@given(st.lists(st.integers(-40, 40), max_size=30))
def test_today_and_later_days_together_are_all(days: list[int]) -> None:
    every = [todo(due=day(ahead), line=line) for line, ahead in enumerate(days)]
    later = [one for one in every if one.due and one.due > TODAY]
    found = selected(every, "today", TODAY)
    assert found is not None
    assert sorted([*found, *later], key=urgency) == sorted(every, key=urgency)
    week = selected(every, "week", TODAY) or []
    following = selected(every, "next week", TODAY) or []
    assert not {one.line for one in week} & {one.line for one in following}
    assert set(one.line for one in found) <= set(one.line for one in week)


def test_for_scripts() -> None:
    one = todo(
        "call ⏰ 2026-11-21 09:00 📅 2026-11-21 #x",
        due=day(1),
        remind_at=datetime(2026, 11, 21, 9),  # noqa: DTZ001
        priority="high",
        repeat="every day",
        tags=("#x",),
    )
    assert todo_as_json(one, UTC) == {
        "path": "T.md",
        "line": 1,
        "text": "call ⏰ 2026-11-21 09:00 📅 2026-11-21 #x",
        "status": " ",
        "due": "2026-11-21",
        "remind_at": "2026-11-21T09:00:00+00:00",
        "priority": "high",
        "repeat": "every day",
        "tags": ["#x"],
    }
    assert todo_as_json(todo(), None)["remind_at"] is None


def test_a_reply_with_a_view_is_kept_whole() -> None:
    item = Shown("T.md", 3, "a 📅 2026-11-20", "a", "Today")
    view = View(ViewKind.LIST, (item,), "de", "Head", "tail", "week", 10, 11, 7)
    reply = Reply("x", (Button("b", "todo.tick", item.reference(), "id"),), view=view, pin=True)
    assert Reply.from_json(reply.to_json()) == reply
    assert View.read(asdict(view)) == view
    old = '{"text": "x", "buttons": [], "reaction": "", "about": ""}'  # before there were views
    assert Reply.from_json(old).view is None


def test_items_are_numbered_on_from_the_pages_before() -> None:
    items = tuple(Shown("T.md", line, "x") for line in (1, 2, 3))
    view = View(ViewKind.LIST, items, first=10)
    assert view.item(11) == items[0]
    assert view.item(13) == items[2]
    assert [view.item(number) for number in (0, 1, 10, 14, -1)] == [None] * 5


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("done all", [-9, -4, 0]),
        ("done today", [0]),
        ("done week", [-4, 0]),
        ("done 2026-11-16", [-4]),
        ("done 2026-11-09..2026-11-15", [-9]),
        ("done 2026-11-01..2026-11-30", [-9, -4, 0]),
        ("done next week", []),
    ],
)
def test_what_was_done_by_the_day_on_which_it_was(when: str, found: list[int]) -> None:
    done = [todo(open=False, status="x", done=day(ahead)) for ahead in (0, -4, -9)]
    others = [todo(due=TODAY), todo(open=False, status="-"), todo(done=TODAY)]
    wanted = [todo(open=False, status="x", done=day(ahead)) for ahead in found]
    assert selected([*others, *done], when, TODAY) == wanted


@pytest.mark.parametrize("when", ["done", "done soon", "done #home", "2026-11-20..soon", ".."])
def test_what_names_no_days_is_none(when: str) -> None:
    assert selected([todo(open=False, done=TODAY)], when, TODAY) is None


def test_by_two_days_by_how_urgent_and_without_a_day() -> None:
    ranks = ("low", None, "high", "highest", "medium", "lowest")
    every = [todo(str(rank), line, priority=rank) for line, rank in enumerate(ranks, 1)]
    dated = [todo("a", 7, due=day(1)), todo("b", 8, due=day(3)), todo("c", 9, due=day(9))]
    assert selected(dated, "2026-11-21..2026-11-23", TODAY) == dated[:2]
    assert selected([*every, *dated], "undated", TODAY) == selected(every, "all", TODAY)
    important = selected([*every, *dated], "important", TODAY) or []
    assert [one.priority for one in important] == ["highest", "high"]
    by_rank = selected([*every, *dated], "by priority", TODAY) or []
    assert [one.text for one in by_rank] == [
        *("highest", "high", "medium", "a", "b", "c", "None", "low", "lowest")
    ]
