"""Show the to-dos, each with a button that ticks it, and the message of the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from octopus.core.handler import Context, handler
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.core.todo import DONE, Todo, selected
from octopus.core.view import View, ViewKind
from octopus.errors import VaultError
from octopus.handlers.show import LIST, bare, matching
from octopus.language.catalogue import say
from octopus.language.todo_text import day_label, short
from octopus.language.todo_view import Scene, chosen, shown, today_reply
from octopus.obsidian.daily import period_path, standing
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import FILES, TASKS, Tasks, read_settings
from octopus.obsidian.text import read
from octopus.obsidian.todo_find import Finder

_HEADS = {
    "today": "todo.list_today",
    "overdue": "todo.list_overdue",
    "week": "todo.list_week",
    "next week": "todo.list_next_week",
    "all": "todo.list_all",
    "important": "todo.list_important",
    "undated": "todo.list_undated",
    "by priority": "todo.list_all",
}

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: Lines of a daily note that are told beside what was done.
DIARY = 10

#: Messages back that "it" may mean the to-do of.
SPOKEN = 10


async def tasks(ctx: Context) -> Tasks:
    """The owner's settings of the Tasks plugin."""
    return read_settings({TASKS: await ctx.ports.vault.text_of(TASKS)}).tasks


async def known(ctx: Context) -> list[Todo]:
    """All to-dos, what was written up to now among them."""
    await ctx.ports.notes.settle()
    return await ctx.ports.notes.todos()


def refreshed(view: View, todos: Sequence[Todo], today: date, settings: Tasks) -> Reply:
    """What a message that shows this view has to show now."""
    scene = Scene(today, settings.global_filter)
    if view.kind is ViewKind.TODAY:
        return today_reply(todos, view, scene)
    return shown(view, Finder(todos, settings).all(view.items), scene)


@handler("todo.list", capability=Capability.READ, command="todo")
async def show_list(ctx: Context, when: str = "", first: int = 0) -> Reply:
    """Your to-dos; with a text, add one: /todo call Ann on Friday"""
    language, today = ctx.meaning.language, ctx.now.date()
    when = when.strip() or "all"
    if when.lower() in _HEADS:
        when = when.lower()
    if selected((), when, today) is None:
        paths = matching(await ctx.ports.vault.notes(), bare(when))
        if ctx.message.text.startswith("/") and "todo.say" in ctx.skills:
            return await ctx.skills["todo.say"].run(ctx, text=when)
        paths = paths or matching(await ctx.ports.vault.notes(), LIST.sub("", bare(when)))
        tag = f"#{when.lstrip('#').replace(' ', '-')}"
        if not paths and selected(await known(ctx), tag, today):
            return await show_list(ctx, tag)  # a project may be a tag
        if not paths:
            text = say(language, "todo.list_unknown", when=when)
            return Reply(text=text, reaction="🤷", failed=True)
        when = f"[[{min(paths, key=len)}]]"
    view = View(ViewKind.LIST, language=language, when=when, first=max(0, first))
    tail = await _diary(ctx, when, today)
    return await _listed(ctx, replace(view, head=_head(view, today), tail=tail))


async def _listed(ctx: Context, view: View) -> Reply:
    scene = Scene(ctx.now.date(), (await tasks(ctx)).global_filter)
    found = chosen(await known(ctx), view, scene)
    rows, total = found or ([], 0)
    if not rows and view.first:  # what was on this page is done by now
        return await _listed(ctx, replace(view, first=0))
    if not rows:
        none = say(view.language, "todo.list_none", head=view.head)
        return Reply(text="\n".join(part for part in (none, view.tail) if part))
    view = replace(view, items=tuple(item for item, _ in rows), total=total)
    return replace(shown(view, [todo for _, todo in rows], scene), replaces=pressed(ctx))


def _head(view: View, today: date) -> str:
    when, language = view.when, view.language
    if when.startswith("#"):
        return say(language, "todo.list_tag", tag=when)
    if when.startswith("[["):
        return say(language, "todo.list_note", path=when[2:-2])
    if when.startswith(DONE):
        return _done_head(when.removeprefix(DONE), today, language)
    if when[:1].isdigit():
        return say(language, "todo.list_day", day=_days(when, today, language))
    return say(language, _HEADS[when])


async def _diary(ctx: Context, when: str, today: date) -> str:
    """What the daily note says of the one day on which something was done."""
    name = today.isoformat() if when == f"{DONE}today" else when.removeprefix(DONE)
    if not when.startswith(DONE) or not _DAY.fullmatch(name):
        return ""
    vault = ctx.ports.vault
    try:
        settings = read_settings({name: await vault.text_of(name) for name in FILES})
        path = period_path(settings, date.fromisoformat(name), language=ctx.house.language)
        path = standing(path, await vault.notes())
        text = read(await vault.read(path) or b"")
    except VaultError:
        return ""  # it is told where the note is asked for
    note = scan(text)
    besides = {each.line for each in note.headings} | {each.line for each in note.tasks}
    rows = enumerate(text[note.body :].splitlines(), note.body_line)
    lines = [short(row.strip()) for number, row in rows if row.strip() and number not in besides]
    if not lines:
        return ""
    more = ["…"] if len(lines) > DIARY else []
    return "\n".join(["", say(ctx.meaning.language, "todo.diary"), *lines[:DIARY], *more])


def _done_head(when: str, today: date, language: str) -> str:
    """What was done, and when that was."""
    if when == "all":
        return say(language, "todo.list_done")
    if when == "week":
        return say(language, "todo.list_done_week")
    label = day_label(today, today, language) if when == "today" else _days(when, today, language)
    return say(language, "todo.list_done_on", day=label)


def _days(when: str, today: date, language: str) -> str:
    """One day, or the first and the last of some."""
    first, _, last = when.partition("..")
    ends = dict.fromkeys(day for day in (first, last) if day)
    return " – ".join(day_label(date.fromisoformat(day), today, language) for day in ends)


@handler("todo.today", capability=Capability.READ, command="today")
async def today(ctx: Context, first: int = 0) -> Reply:
    """What is due today, kept at the top of the chat"""
    at_hand = await ctx.ports.views.latest(ctx.message.conversation, ViewKind.TODAY)
    language = at_hand.language if at_hand and ctx.message.press else ctx.meaning.language
    view = View(ViewKind.TODAY, language=language, first=max(0, first))
    reply = refreshed(view, await known(ctx), ctx.now.date(), await tasks(ctx))
    return replace(reply, replaces=pressed(ctx), pin=not ctx.message.press)


def pressed(ctx: Context) -> str:
    """The message whose button was pressed: what comes of it takes its place."""
    return ctx.message.message_id if ctx.message.press else ""


async def latest_receipt(ctx: Context) -> View | None:
    """The receipt of what was said last, if it is one: a list that is only kept true since counts
    as newer among the views, though nobody spoke of it."""
    for job in await ctx.ports.journal.latest(ctx.message.conversation, ctx.job.id, SPOKEN):
        view = job.reply.view if job.reply is not None else None
        if view is not None:
            return view if view.kind is ViewKind.RECEIPT else None
    return None
