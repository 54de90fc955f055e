"""What the days hold: to-dos, reminders, appointments, the headings of the daily notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

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
from octopus.language.todo_text import LABEL, mark, short, title
from octopus.obsidian.alarm import elapsed, following
from octopus.obsidian.daily import period_path, standing
from octopus.obsidian.path import key, stem
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import FILES, read_settings
from octopus.obsidian.text import read

#: Days of one answer.
MOST_DAYS = 62
#: To-dos that have a button.
BUTTONS = 10
LAST = date.max


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
