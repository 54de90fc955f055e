"""What the days hold: to-dos, reminders, appointments and the headings of the daily notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from octopus.core.reminder import Reminder
from octopus.core.todo import Todo, urgency


@dataclass(frozen=True, slots=True)
class Appointment:
    """One occurrence of an event in a calendar. Its words are written by others: only shown."""

    title: str
    first: date  # in the owner's zone
    last: date  # the last day that it touches
    start: datetime | None = None  # aware, in the owner's zone; None for whole days
    end: datetime | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the calendars hold."""

    appointments: tuple[Appointment, ...] = ()
    faults: tuple[str, ...] = ()  # a sentence for each file that could not be read


@dataclass(frozen=True, slots=True)
class Day:
    """One day."""

    day: date
    appointments: tuple[Appointment, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    todos: tuple[Todo, ...] = ()
    headings: tuple[str, ...] = ()  # of the daily note

    def __bool__(self) -> bool:
        return bool(self.appointments or self.reminders or self.todos or self.headings)


@dataclass(frozen=True, slots=True)
class Agenda:
    """Some days one after the other."""

    today: date
    days: tuple[Day, ...]
    overdue: tuple[Todo, ...] = ()  # only where today is among the days
    faults: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.overdue or any(self.days))

    @property
    def pressing(self) -> bool:
        """Whether there is more than headings of notes."""
        found = any(day.appointments or day.reminders or day.todos for day in self.days)
        return found or bool(self.overdue)

    @property
    def todos(self) -> tuple[Todo, ...]:
        """All of them in the order in which they are told."""
        return (*(todo for day in self.days for todo in day.todos), *self.overdue)


@dataclass(frozen=True, slots=True)
class Sources:
    """What an agenda is made of."""

    todos: Sequence[Todo] = ()
    reminders: Sequence[Reminder] = ()
    schedule: Schedule = field(default_factory=Schedule)
    headings: Mapping[date, tuple[str, ...]] = field(default_factory=dict)


def arrange(sources: Sources, first: date, last: date, now: datetime) -> Agenda:
    """The days from ``first`` to ``last``, both included, as the owner sees them at ``now``.

    ``now`` is aware, in the owner's zone. Each thing is told once, on the first day that it is
    for; an appointment on every day that it touches.
    """
    today, zone = now.date(), now.tzinfo
    late: tuple[Todo, ...] = ()
    open_ = sorted((todo for todo in sources.todos if todo.open), key=urgency)
    if first <= today <= last:
        late = tuple(todo for todo in open_ if is_overdue(todo, today))
    told = {(todo.path, todo.line) for todo in late}
    days = []
    for day in _days(first, last):
        todos = [t for t in open_ if day in _dates(t) and (t.path, t.line) not in told]
        told |= {(todo.path, todo.line) for todo in todos}
        shown = {(todo.path, todo.text) for todo in (*late, *todos)}
        days.append(
            Day(
                day,
                tuple(a for a in sources.schedule.appointments if a.first <= day <= a.last),
                tuple(
                    reminder
                    for reminder in sources.reminders
                    if (reminder.due or reminder.at).astimezone(zone).date() == day
                    and (reminder.path, reminder.todo) not in shown
                ),
                tuple(todos),
                sources.headings.get(day, ()),
            )
        )
    return Agenda(today, tuple(days), late, sources.schedule.faults)


def is_overdue(todo: Todo, today: date) -> bool:
    """Whether its day is over."""
    return todo.open and todo.day is not None and todo.day < today


def _dates(todo: Todo) -> set[date | None]:
    alarm = todo.remind_at.date() if todo.remind_at else None
    return {todo.due, todo.scheduled, alarm} - {None}


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
