"""Change what a to-do says: its words, its tags, how urgent it is, how often it comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.todo import Todo
from octopus.core.view import Shown
from octopus.errors import UserError
from octopus.handlers.tick import Verb, carry_out, earlier, named
from octopus.handlers.todos import known, tasks
from octopus.language import lists
from octopus.language.catalogue import say
from octopus.language.likeness import likeness
from octopus.language.todo_text import day_label, moment, short, title
from octopus.obsidian.rule import parse_rule
from octopus.obsidian.task import PRIORITIES
from octopus.obsidian.task_words import Wish, changed

#: From this likeness on a statement about something is one about the to-do.
_NAMES = 0.85

_TEXTS = ("words", "old", "priority", "repeat", "first", "scheduled", "without")
#: What ``without`` takes out, by the name of the plugin's field.
_FIELDS = {"scheduled": "scheduled", "repeat": "recurrence", "priority": "priority"}


@handler("todo.edit", capability=Capability.CHANGE)
async def edit(
    ctx: Context,
    query: str = "",
    *,
    words: str = "",
    old: str = "",
    priority: str = "",
    repeat: str = "",
    first: str = "",
    scheduled: str = "",
    tags: Sequence[str] = (),
    without: str = "",
    add: Mapping[str, Any] | None = None,
    path: str = "",
    line: int = 0,
    text: str = "",
) -> Reply:
    """Change a to-do: make the plumber low priority; repeat it every week; tag it with #home"""
    settings, language = await tasks(ctx), ctx.meaning.language
    if add and not path and await _is_new(ctx, query):
        return await _added(ctx, add)
    wanted: dict[str, Any] = {"words": words, "old": old, "priority": priority, "repeat": repeat}
    wanted |= {"first": first, "scheduled": scheduled, "tags": [*tags], "without": without}
    wish = wish_of(wanted)
    if wish == Wish():
        return Reply(text=say(language, "todo.empty"), reaction="🤔")

    def head(todo: Todo) -> str:
        if wish.words:
            return say(language, "todo.reworded", old=short(title(todo, settings.global_filter)))
        if wish.without == "due" and (was := moment(todo, ctx.now.date(), language)):
            return say(language, "todo.undated", old=was)
        if day := wish.fields.get("scheduled"):
            label = day_label(date.fromisoformat(day), ctx.now.date(), language)
            return say(language, "todo.scheduled", day=label)
        return say(language, "todo.changed")

    args = tuple((name, value) for name, value in wanted.items() if value)
    verb = Verb("todo.edit", lambda line: changed(line, wish, settings), _open, head, args)
    return await carry_out(ctx, verb, query, Shown(path, line, text) if path else None)


def wish_of(some: Mapping[str, Any]) -> Wish:
    """What shall be otherwise, by the names of the arguments of ``edit``.

    Raises UserError for what nobody can make sense of.
    """
    wanted = {name: "" for name in _TEXTS} | {"tags": ()} | dict(some)
    priority, repeat, without = wanted["priority"], wanted["repeat"], wanted["without"]
    if priority and priority not in {*PRIORITIES, "none"}:
        raise UserError(key="todo.bad_priority", value=priority)
    if repeat and parse_rule(repeat) is None:
        raise UserError(key="todo.bad_repeat", value=repeat)
    try:
        first = date.fromisoformat(wanted["first"]) if wanted["first"] else None
        fields: dict[str, str | None] = {}
        if day := wanted["scheduled"]:
            fields["scheduled"] = date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise UserError(key="todo.no_day") from error
    if priority:
        fields["priority"] = None if priority == "none" else priority
    if repeat:
        fields["recurrence"] = repeat
    if without in _FIELDS:
        fields[_FIELDS[without]] = None
    words = str(wanted["words"]).strip()
    return Wish(words, wanted["old"], fields, tuple(wanted["tags"]), without, first)


async def _is_new(ctx: Context, query: str) -> bool:
    """Whether no to-do is called so, or an earlier run of this job has added one."""
    if await earlier(ctx) is not None:
        return False
    if await ctx.effects.recorded():
        return True
    numbered = lists.numbers(query, ctx.meaning.language)
    return not numbered and not named(ctx, query, await known(ctx), _open)


async def of_its_name(ctx: Context, wanted: Mapping[str, Any], said: str) -> Reply | None:
    """Change the one to-do that is called so, with a button that keeps the words as a note.

    ``wanted``: arguments of ``edit``. None where no to-do has the name.
    """
    query, language = str(wanted["query"]), ctx.meaning.language
    if await earlier(ctx) is None:
        found = named(ctx, query, await known(ctx), _open)
        if len(found) != 1 or likeness(query, title(found[0]), language) < _NAMES:
            return None
    reply = await ctx.skills["todo.edit"].run(ctx, **wanted)
    keep = Button(say(language, "button.save_note"), "note.add", {"text": said})
    did = {"intent": "todo.edit", "args": dict(wanted)}
    return replace(reply, buttons=(*reply.buttons, keep), did=did)


async def _added(ctx: Context, add: Mapping[str, Any]) -> Reply:
    """What the words mean where there is nothing to change: something new to do."""
    skill = ctx.skills["todo.add"]
    reply = await skill.run(ctx, **(skill.arguments(add) or {}))
    return replace(reply, did={"intent": skill.intent, "args": dict(add)})


def _open(todo: Todo) -> bool:
    return todo.open
