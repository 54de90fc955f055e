"""What the days hold: to-dos, reminders, appointments, the headings of the daily notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from octopus.core.agenda import Agenda, Sources, arrange
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.todo import Todo
from octopus.errors import NotFound, VaultError
from octopus.handlers.todos import known
from octopus.language.agenda import told
from octopus.language.catalogue import say
from octopus.language.todo_text import LABEL, mark, short, title
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
        await ctx.ports.reminders.armed(),
        await ctx.ports.calendars.between(first, last, zone),
        await _headings(ctx, first, last),
    )
    return arrange(sources, first, last, ctx.now)


def tick_buttons(todos: Iterable[Todo]) -> Iterable[Button]:
    """A button for each to-do, with its number in the text, that ticks it."""
    for number, todo in enumerate(todos, 1):
        if number > BUTTONS:
            return
        where = {"path": todo.path, "line": todo.line, "text": todo.text, "done": True}
        yield Button(f"{mark(todo)} {number}. {short(title(todo), LABEL)}", "todo.tick", where)


async def _headings(ctx: Context, first: date, last: date) -> dict[date, tuple[str, ...]]:
    """What stands in the daily notes, but for a heading that only repeats the note's name."""
    vault, found = ctx.ports.vault, {}
    settings = read_settings({name: await vault.text_of(name) for name in FILES})
    paths = await vault.notes()
    there = {key(path) for path in paths}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        try:
            path = period_path(settings, day, language=ctx.house.language)
            data = await vault.read(standing(path, paths)) if key(path) in there else None
        except VaultError:
            continue  # it is told where the note is asked for
        headings = [each.text for each in scan(read(data)).headings] if data else []
        found[day] = tuple(text for text in headings if key(text) != key(stem(path)))
    return found


def _day(ctx: Context, text: str, default: date) -> date:
    """The day of an argument. Raises NotFound."""
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(say(ctx.meaning.language, "agenda.no_day", day=text)) from error
