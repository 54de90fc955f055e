"""Tells what the days hold, as the text of a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from octopus.core.agenda import Agenda, Appointment, Day
from octopus.core.defang import defang
from octopus.core.todo import Todo
from octopus.core.wording import told as fault_told
from octopus.language.catalogue import say
from octopus.language.todo_text import day_label, mark, short, title
from octopus.language.todo_text import line as todo_line

#: Lines of one kind on one day.
MOST = 25
#: Times of one event on one day; how many more there are is told.
TIMES = 3

_NUMBER = re.compile(r"^([0-9]+)(?=[.)])")
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


def reviewed(still: Sequence[Todo], done: Sequence[Todo], today: date, language: str) -> str:
    """What of the day is still open, numbered, and what was done."""
    lines: list[str] = []
    if still:
        lines.append(say(language, "brief.open"))
        lines += [
            f"{n}. {mark(todo)} {todo_line(todo, today, language)}"
            for n, todo in enumerate(still[:MOST], 1)
        ]
        if len(still) > MOST:
            lines.append(say(language, "agenda.more", count=len(still) - MOST))
    if done:
        lines += [""] if lines else []
        lines.append(say(language, "todo.done_today", count=len(done)))
        lines += [f"{mark(todo)} {short(title(todo))}" for todo in done[:MOST]]
        if len(done) > MOST:
            lines.append(say(language, "agenda.more", count=len(done) - MOST))
    return "\n".join(lines)


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
    return _NUMBER.sub(r"\1\\", _MARKS.sub(r"\\\1", text))


def _defanged(text: str) -> str:
    """Words of others with their addresses as code, where nothing else is a mark."""
    bare = text.replace("`", "'").replace("[", "(").replace("]", ")")
    parts = re.split(r"(`[^`]*`)", defang(bare))
    return "".join(part if part[:1] == "`" else _escaped(part) for part in parts)


def _lines(agenda: Agenda, language: str) -> Iterator[_Line]:
    if not agenda:
        yield _Line(say(language, "agenda.nothing", day=span_label(agenda, language)))
    numbers = {(todo.path, todo.line): n for n, todo in enumerate(agenda.todos, 1)}
    days = [day for day in agenda.days if day]
    blocks = [list(_of_day(day, agenda, language, numbers)) for day in days]
    if agenda.overdue:
        late = [_todo(todo, agenda.today, language, numbers) for todo in agenda.overdue]
        blocks.append([_Line(say(language, "agenda.overdue")), *_cut(late, language)])
    blocks += [
        [_Line(say(language, "agenda.fault"), f" {fault_told(say, language, fault)}")]
        for fault in agenda.faults
    ]
    for number, block in enumerate(blocks):
        if number or not agenda:
            yield _Line("")
        yield from block


def span_label(agenda: Agenda, language: str) -> str:
    """How the days are called together."""
    first, last = agenda.days[0].day, agenda.days[-1].day
    label = day_label(first, agenda.today, language)
    return label if first == last else f"{label} – {day_label(last, agenda.today, language)}"


def _of_day(
    day: Day, agenda: Agenda, language: str, numbers: Mapping[tuple[str, int], int]
) -> Iterator[_Line]:
    name = day_label(day.day, agenda.today, language)
    yield _Line(name[:1].upper() + name[1:])
    whole: list[_Line] = []
    timed = [
        (one.shown_at, _Line(f"{one.shown_at:%H:%M} ⏰ {short(one.text)}")) for one in day.reminders
    ]
    for _, same in groupby(sorted(day.appointments, key=_alike), key=_alike):
        some = list(same)
        for number, one in enumerate(some[:TIMES], 1):
            left = len(some) - TIMES if number == TIMES else 0
            line = _appointment(one, day.day, agenda.today, language, left)
            if one.start is None or one.first < day.day:
                whole.append(line)
            else:
                timed.append((one.start, line))
    yield from _cut(whole, language)
    yield from _cut([line for _, line in sorted(timed, key=lambda pair: pair[0])], language)
    todos = [_todo(todo, agenda.today, language, numbers, day.day) for todo in day.todos]
    yield from _cut(todos, language)
    if day.headings:
        headings = short(", ".join(day.headings))
        yield _Line(say(language, "agenda.note", headings=headings))


def _alike(one: Appointment) -> tuple[str, str]:
    return one.title, one.place


def _appointment(one: Appointment, day: date, today: date, language: str, left: int) -> _Line:
    """One event; ``left`` is how often it is there again and not shown."""
    words = ", ".join(filter(None, (one.title or "…", one.place)))
    until = ""
    if one.last > day:
        until = f" ({say(language, 'agenda.until', day=day_label(one.last, today, language))})"
    if left > 0:
        until += f" ({say(language, 'agenda.more', count=left)})"
    if one.start is None or one.first < day:
        return _Line("• ", words, until)
    clock = f"{one.start:%H:%M}"
    if one.end is not None and one.end > one.start and one.last == day:
        clock = f"{clock}–{one.end:%H:%M}"
    return _Line(f"{clock} ", words, until)


def _todo(
    todo: Todo,
    today: date,
    language: str,
    numbers: Mapping[tuple[str, int], int],
    day: date | None = None,
) -> _Line:
    """A to-do; its day is told where it does not stand under that day."""
    if todo.day == day:
        at = f" · {todo.remind_at:%H:%M}" if todo.remind_at else ""
        words = f"{short(title(todo))}{at}"
    else:
        words = todo_line(todo, today, language)
    return _Line(f"{numbers[todo.path, todo.line]}. {mark(todo)} {words}")


def _cut(lines: Sequence[_Line], language: str) -> Iterable[_Line]:
    if len(lines) <= MOST:
        return lines
    more = say(language, "agenda.more", count=len(lines) - MOST + 1)
    return [*lines[: MOST - 1], _Line(more)]
