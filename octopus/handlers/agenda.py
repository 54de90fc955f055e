"""What the days hold: to-dos, reminders, appointments, the headings of the daily notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from octopus.core.agenda import Agenda, Sources, arrange
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.ports import Vault
from octopus.core.reminder import Reminder
from octopus.core.todo import Todo
from octopus.errors import NotFound, VaultError
from octopus.handlers.todos import known
from octopus.language.agenda import told
from octopus.language.catalogue import say
from octopus.language.likeness import best
from octopus.language.todo_text import LABEL, day_label, mark, short, title
from octopus.language.wanted import asks_when, content
from octopus.obsidian.alarm import elapsed, following
from octopus.obsidian.daily import period_path, standing
from octopus.obsidian.path import key, stem
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import FILES, read_settings
from octopus.obsidian.text import read

#: How far ahead something is looked for by its name.
AHEAD = timedelta(days=366)
#: Of what was done, the latest that are told, and one.
MOST_DONE = 4
#: Days of one answer.
MOST_DAYS = 62
#: To-dos that have a button.
BUTTONS = 10
LAST = date.max

Named = TypeVar("Named")


@handler("agenda", capability=Capability.READ, command="agenda")
async def agenda(ctx: Context, date: str = "", to: str = "") -> Reply:
    """What is on: /agenda tomorrow"""
    language, today = ctx.meaning.language, ctx.now.date()
    first = _day(ctx, date, today)
    last = max(first, _day(ctx, to, first))
    furthest = first + min(timedelta(days=MOST_DAYS - 1), LAST - first)
    found = await gathered(ctx, first, min(last, furthest))
    text = told(found, language)
    lines = [text.text]
    if last > furthest:
        lines += ["", say(language, "agenda.too_long", count=MOST_DAYS)]
    buttons = tuple(tick_buttons(found.todos))
    return Reply(text="\n".join(lines), buttons=buttons, markdown=text.markdown)


async def gathered(ctx: Context, first: date, last: date) -> Agenda:
    """Everything about the days from ``first`` to ``last``, both included."""
    zone = ctx.now.tzinfo
    assert zone is not None
    sources = Sources(
        await known(ctx),
        rings(await ctx.ports.reminders.armed(), first, last, zone),
        await ctx.ports.calendars.between(first, last, zone),
        await headings(ctx.ports.vault, first, last, ctx.house.language),
    )
    return arrange(sources, first, last, ctx.now)


async def planned(ctx: Context, question: str) -> Reply | None:
    """What is ahead of what a question asks the time of ("when is the dentist"); None for nothing.

    Of what was asked with a past in it ("when did I last ...") the to-dos that are done.
    """
    language = ctx.meaning.language
    tense = asks_when(question, language)
    if tense is None:
        return None
    words, todos = content(question, language), await known(ctx)
    for query in dict.fromkeys((" ".join(words), *words)):  # "my dentist appointment"
        found = await (_ahead(ctx, query, todos) if tense == "ahead" else _past(ctx, query, todos))
        if found is not None:
            return found
    return None


async def _past(ctx: Context, query: str, todos: Sequence[Todo]) -> Reply | None:
    language, today = ctx.meaning.language, ctx.now.date()
    done = [todo for todo in todos if todo.done is not None and not todo.open]
    done = sorted(_named(ctx, query, done, title), key=lambda each: each.done or today)
    lines = [
        f"{mark(each)} {short(title(each))} · {day_label(each.done or today, today, language)}"
        for each in done[:-MOST_DONE:-1]
    ]
    return Reply(text="\n".join(lines)) if lines else None


async def _ahead(ctx: Context, query: str, todos: Sequence[Todo]) -> Reply | None:
    language, today, zone = ctx.meaning.language, ctx.now.date(), ctx.now.tzinfo
    assert zone is not None
    last = today + min(AHEAD, LAST - today)
    armed = _named(ctx, query, await ctx.ports.reminders.armed(), lambda each: each.text)
    schedule = await ctx.ports.calendars.between(today, last, zone)
    events = _named(ctx, query, schedule.appointments, lambda each: each.title)
    sources = Sources(
        _named(ctx, query, [todo for todo in todos if todo.open and todo.day], title),
        rings(armed, today, today, zone),
        replace(schedule, appointments=tuple(events)),
    )
    found = arrange(sources, today, last, ctx.now)
    text = told(found, language)
    buttons = tuple(tick_buttons(found.todos))
    return Reply(text=text.text, buttons=buttons, markdown=text.markdown) if found else None


def _named(
    ctx: Context, query: str, some: Sequence[Named], name: Callable[[Named], str]
) -> list[Named]:
    """Those that the words name best."""
    places = best(query, [name(each) for each in some], ctx.meaning.language)
    return [some[place] for place in sorted(places)]


def rings(reminders: Iterable[Reminder], first: date, last: date, zone: tzinfo) -> list[Reminder]:
    """The reminders each as often as it rings on these days; as kept, one has only its next time.

    What rings every few minutes or hours is told once.
    """
    since = datetime.combine(first, time(), zone) - timedelta(seconds=1)
    until = datetime.combine(last, time.max, zone)
    found = []
    for reminder in reminders:
        each = reminder
        found.append(each)
        by_days = reminder.repeat is not None and elapsed(reminder.repeat) is None
        while by_days:
            after = max(each.at, since)
            next_ = following(each.local, each.zone, each.repeat, after, each.told + 1)
            if next_ is None or next_.at > until:
                break
            told = each.told + 1 + next_.missed
            each = replace(each, local=next_.local, at=next_.at, again=None, told=told)
            found.append(each)
    return found


def tick_buttons(todos: Iterable[Todo]) -> Iterable[Button]:
    """A button for each to-do, with its number in the text, that ticks it."""
    for number, todo in enumerate(todos, 1):
        if number > BUTTONS:
            return
        where = {"path": todo.path, "line": todo.line, "text": todo.text, "done": True}
        yield Button(f"{mark(todo)} {number}. {short(title(todo), LABEL)}", "todo.tick", where)


async def headings(
    vault: Vault, first: date, last: date, language: str
) -> dict[date, tuple[str, ...]]:
    """What stands in the daily notes, but for a heading that only repeats the note's name.

    ``language`` is that of Obsidian's interface.
    """
    found = {}
    settings = read_settings({name: await vault.text_of(name) for name in FILES})
    paths = await vault.notes()
    there = {key(path) for path in paths}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        try:
            path = period_path(settings, day, language=language)
            data = await vault.read(standing(path, paths)) if key(path) in there else None
        except VaultError:
            continue  # it is told where the note is asked for
        texts = [each.text for each in scan(read(data)).headings] if data else []
        found[day] = tuple(text for text in texts if key(text) != key(stem(path)))
    return found


def _day(ctx: Context, text: str, default: date) -> date:
    """The day of an argument. Raises NotFound."""
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(key="agenda.no_day", day=text) from error
