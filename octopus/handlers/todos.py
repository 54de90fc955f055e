"""Show the to-dos, each with a button that ticks it, and the message of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from octopus.core.handler import Context, handler
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.core.todo import DONE, Todo, selected
from octopus.core.view import View, ViewKind
from octopus.handlers.show import LIST, bare, matching
from octopus.language.catalogue import say
from octopus.language.todo_text import day_label
from octopus.language.todo_view import Scene, chosen, shown, today_reply
from octopus.obsidian.settings import TASKS, Tasks, read_settings
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
    return await _listed(ctx, replace(view, head=_head(view, today)))


async def _listed(ctx: Context, view: View) -> Reply:
    scene = Scene(ctx.now.date(), (await tasks(ctx)).global_filter)
    found = chosen(await known(ctx), view, scene)
    rows, total = found or ([], 0)
    if not rows and view.first:  # what was on this page is done by now
        return await _listed(ctx, replace(view, first=0))
    if not rows:
        return Reply(text=say(view.language, "todo.list_none", head=view.head))
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
