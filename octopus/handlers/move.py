"""Move to-dos to another day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.todo import Todo
from octopus.core.view import Shown
from octopus.errors import UserError
from octopus.handlers.edit_todo import wish_of
from octopus.handlers.tick import Verb, carry_out
from octopus.handlers.todos import tasks
from octopus.language.catalogue import say
from octopus.language.todo_text import day_label, moment
from octopus.obsidian.task_words import changed
from octopus.obsidian.tick import reschedule


@handler("todo.reschedule", capability=Capability.CHANGE)
async def reschedule_(
    ctx: Context,
    query: str = "",
    *,
    due: str = "",
    at: str = "",
    days: int | None = None,
    path: str = "",
    line: int = 0,
    text: str = "",
    edit: Mapping[str, Any] | None = None,
) -> Reply:
    """Move a to-do to another day ("none": no day); its alarm moves along

    ``edit``: what else shall become of it, as ``todo.edit`` takes it.
    """
    settings, language = await tasks(ctx), ctx.meaning.language
    if not due and not at and days is None:
        return _ask(ctx, query)
    try:
        when = _when(ctx, due, at, days)
    except (ValueError, OverflowError) as error:
        raise UserError(key="todo.no_day") from error
    clock = when.time() if isinstance(when, datetime) else None
    day = when.date() if isinstance(when, datetime) else when
    wish = wish_of(edit or {})

    def change(line: str) -> list[str]:
        (moved,) = reschedule(line, day, settings, at=clock)
        return changed(moved, wish, settings) if edit else [moved]

    def head(todo: Todo) -> str:
        old = moment(todo, ctx.now.date(), language)
        if day is None:
            return say(language, "todo.undated", old=old)
        new = day_label(day, ctx.now.date(), language) + (f" {clock:%H:%M}" if clock else "")
        key = "todo.moved" if old else "todo.dated"
        return say(language, key, old=old, new=new)

    args = (("due", due), ("at", at), ("days", days), *((("edit", edit),) if edit else ()))
    verb = Verb("todo.reschedule", change, _open, head, args)
    return await carry_out(ctx, verb, query, Shown(path, line, text) if path else None)


def _when(ctx: Context, due: str, at: str, days: int | None) -> date | datetime | None:
    """The new day, with a time where one was said; None for none."""
    if days is not None:
        return ctx.now.date() + timedelta(days=days)
    if at:
        found = datetime.fromisoformat(at)
        return found.astimezone(ctx.now.tzinfo) if found.tzinfo else found
    return date.fromisoformat(due) if due != "none" else None


def _ask(ctx: Context, query: str) -> Reply:
    """To when?"""
    language, day = ctx.meaning.language, ctx.now.date()
    monday = 7 - day.weekday()
    buttons = [
        Button(
            day_label(day + timedelta(days=ahead), day, language),
            "todo.reschedule",
            {"query": query, "days": ahead, "choice": True},
        )
        for ahead in sorted({1, 2, monday})
    ]
    return Reply(text=say(language, "todo.when"), buttons=tuple(buttons), reaction="🤔")


def _open(todo: Todo) -> bool:
    return todo.open
