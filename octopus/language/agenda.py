"""Tells what the days hold, as the text of a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from octopus.core.agenda import Agenda, Appointment, Day
from octopus.core.defang import defang
from octopus.core.reminder import Reminder
from octopus.core.todo import Todo
from octopus.language.catalogue import say
from octopus.language.lexicon import languages, load

#: Lines of one kind on one day.
MOST = 25
#: Times of one event on one day; how many more there are is told.
TIMES = 3
#: Characters of one line.
LENGTH = 300

_MARKS = re.compile(r"([\\`*_~\[\]<>|$#])")


@dataclass(frozen=True, slots=True)
class Told:
    """A text. It is Markdown only where an address of others has to be kept from being a link."""

    text: str
    markdown: bool = False


def told(agenda: Agenda, language: str) -> Told:
    """The agenda, day by day; days that hold nothing are left out where there are several."""
    lines = [*_lines(agenda, language)]
    markdown = any(line.foreign and defang(line.foreign) != line.foreign for line in lines)
    return Told("\n".join(line.shown(markdown=markdown) for line in lines), markdown)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of ours, with words of others in it."""

    before: str
    foreign: str = ""
    after: str = ""

    def shown(self, *, markdown: bool) -> str:
        if not markdown:
            return f"{self.before}{self.foreign}{self.after}"
        return f"{_escaped(self.before)}{_defanged(self.foreign)}{_escaped(self.after)}"


def _escaped(text: str) -> str:
    """Words that are no Markdown, for a text that is."""
    return _MARKS.sub(r"\\\1", text)


def _defanged(text: str) -> str:
    """Words of others with their addresses as code, where nothing else is a mark."""
    bare = text.replace("`", "'").replace("[", "(").replace("]", ")")
    parts = re.split(r"(`[^`]*`)", defang(bare))
    return "".join(part if part[:1] == "`" else _escaped(part) for part in parts)


def _lines(agenda: Agenda, language: str) -> Iterator[_Line]:
    if not agenda:
        first, last = agenda.days[0].day, agenda.days[-1].day
        yield _Line(say(language, "agenda.nothing", day=span_label(first, last, agenda, language)))
    days = [day for day in agenda.days if day]
    for number, day in enumerate(days):
        if number:
            yield _Line("")
        yield _Line(day_label(day.day, agenda.today, language, capital=True))
        yield from _of_day(day, agenda, language)
    if agenda.overdue:
        if days:
            yield _Line("")
        yield _Line(say(language, "agenda.overdue"))
        late = (_todo(todo, language, since=agenda.today) for todo in agenda.overdue)
        yield from _cut(list(late), language)
    for fault in agenda.faults:
        yield _Line(say(language, "agenda.fault"), fault)


def span_label(first: date, last: date, agenda: Agenda, language: str) -> str:
    """How the days are called together."""
    label = day_label(first, agenda.today, language)
    return label if first == last else f"{label} – {day_label(last, agenda.today, language)}"


def day_label(day: date, today: date, language: str, *, capital: bool = False) -> str:
    """ "today, Fri 20.11.", "Mon 23.11."; with the year where it is another one."""
    lines = load(language if language in languages() else "en").data["lines"]
    year = f"{day.year}" if day.year != today.year else ""
    label = f"{lines['days'].split()[day.weekday()]} {day:%d.%m.}{year}"
    near = {0: lines["today"], 1: lines["tomorrow"]}.get((day - today).days)
    label = f"{near}, {label}" if near else label
    return label[:1].upper() + label[1:] if capital else label


def _of_day(day: Day, agenda: Agenda, language: str) -> Iterator[_Line]:
    timed: list[tuple[datetime, _Line]] = []
    whole: list[_Line] = []
    for _, same in groupby(sorted(day.appointments, key=_alike), key=_alike):
        some = list(same)
        for one in some[:TIMES]:
            more = len(some) - TIMES if one is some[TIMES - 1 : TIMES] or one is some[-1] else 0
            line = _appointment(one, day.day, language)
            if one.start is None or one.first < day.day:
                whole.append(line)
            else:
                timed.append((one.start, line))
        if (more := len(some) - TIMES) > 0 and timed:
            at, line = timed[-1]
            rest = say(language, "agenda.more", count=more)
            timed[-1] = at, _Line(line.before, line.foreign, f"{line.after} ({rest})")
    timed += [(one.at, _reminder(one)) for one in day.reminders]
    yield from _cut(whole, language)
    yield from _cut([line for _, line in sorted(timed, key=lambda pair: pair[0])], language)
    yield from _cut([_todo(todo, language) for todo in day.todos], language)
    if day.headings:
        words = short(", ".join(day.headings))
        yield _Line(say(language, "agenda.note", headings=words))


def _alike(one: Appointment) -> tuple[str, str]:
    return one.title, one.place


def _appointment(one: Appointment, day: date, language: str) -> _Line:
    words = ", ".join(filter(None, (one.title or "…", one.place)))
    until = ""
    if one.last > day:
        until = f" ({say(language, 'agenda.until', day=day_label(one.last, day, language))})"
    if one.start is None or one.first < day:
        return _Line("• ", words, until)
    clock = f"{one.start:%H:%M}"
    if one.end is not None and one.end > one.start and one.last == day:
        clock = f"{clock}–{one.end:%H:%M}"
    return _Line(f"{clock} ", words, until)


def _reminder(one: Reminder) -> _Line:
    return _Line(f"{one.local:%H:%M} ⏰ {short(one.text)}")


def _todo(todo: Todo, language: str, since: date | None = None) -> _Line:
    words = f"☐ {short(todo.description or todo.text)}"
    if todo.remind_at is not None:
        words = f"{words} ⏰ {todo.remind_at:%H:%M}"
    day = todo.due or todo.scheduled
    return _Line(f"{words} ({day_label(day, since, language)})" if since and day else words)


def short(text: str) -> str:
    """Words on one line."""
    text = " ".join(text.split())
    return text if len(text) <= LENGTH else text[: LENGTH - 1].rstrip() + "…"


def _cut(lines: Sequence[_Line], language: str) -> Iterable[_Line]:
    if len(lines) <= MOST:
        return lines
    more = say(language, "agenda.more", count=len(lines) - MOST + 1)
    return [*lines[: MOST - 1], _Line(more)]
