"""What is told unasked: the day in the morning, and in the evening what is left of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from octopus.core.agenda import is_overdue
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.todo import Todo, urgency
from octopus.errors import VaultUnavailable
from octopus.handlers.agenda import gathered, tick_buttons
from octopus.handlers.todos import known
from octopus.language.agenda import reviewed, told
from octopus.language.catalogue import say

#: To-dos of the evening that have buttons.
CHOICES = 8


@handler("brief", capability=Capability.READ)
async def brief(ctx: Context, until: str = "") -> Reply:
    """Tell in the morning what the day holds; nothing where it holds nothing"""
    if _over(ctx, until):
        return Reply()
    day = ctx.now.date()
    try:
        found = await gathered(ctx, day, day)
    except VaultUnavailable:  # who asked for nothing needs no excuse
        return Reply()
    if not found.pressing:
        return Reply()
    language = ctx.meaning.language
    text = told(found, language)
    return Reply(
        text=f"{say(language, 'brief.morning')}\n\n{text.text}",
        buttons=tuple(tick_buttons(found.todos)),
        markdown=text.markdown,
        silent=True,
    )


@handler("review", capability=Capability.READ)
async def review(ctx: Context, until: str = "") -> Reply:
    """Tell in the evening what is still open and what was done; nothing where it is nothing"""
    if _over(ctx, until):
        return Reply()
    language, today = ctx.meaning.language, ctx.now.date()
    try:
        todos = await known(ctx)
    except VaultUnavailable:
        return Reply()
    still = sorted(
        (todo for todo in todos if todo.open and (todo.day == today or is_overdue(todo, today))),
        key=urgency,
    )
    done = [todo for todo in todos if todo.done == today and not todo.open]
    if not still and not done:
        return Reply()
    reply = Reply(text=reviewed(still, done, today, language), silent=True)
    if not still:
        return reply
    legend = say(language, "brief.legend")
    buttons = tuple(_choices(still[:CHOICES]))
    return replace(reply, text=f"{reply.text}\n\n{legend}", buttons=buttons)


def _choices(todos: Sequence[Todo]) -> Iterable[Button]:
    """Three buttons for each, as the legend explains them."""
    for number, todo in enumerate(todos, 1):
        where = {"path": todo.path, "line": todo.line, "text": todo.text}
        yield Button(f"✓ {number}", "todo.tick", where | {"done": True})
        yield Button(f"→ {number}", "todo.reschedule", where | {"days": 1})
        yield Button(f"✕ {number}", "todo.drop", where)


def _over(ctx: Context, until: str) -> bool:
    """Whether it is too late to be told: we were not there in time."""
    now = ctx.ports.clock.now()
    return bool(until) and now > datetime.fromisoformat(until)
