"""Tick, drop and reopen to-dos: named in a few words, by number, in answer, or by a button."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import time
from itertools import groupby
from typing import Any

from octopus.core.effect import Effect
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.todo import Todo, selected, urgency
from octopus.core.view import Shown, View, ViewKind
from octopus.errors import NotFound
from octopus.handlers.ring import named_reminder, reminder_by_name
from octopus.handlers.show import CHOICES
from octopus.handlers.todos import known, latest_receipt, pressed, refreshed, tasks
from octopus.language import lists
from octopus.language.catalogue import say
from octopus.language.likeness import GOOD, best, likeness
from octopus.language.recurring import recurrence
from octopus.language.shopping import bought as bought_thing
from octopus.language.shopping import thing
from octopus.language.todo_text import OPEN, moment, short, title
from octopus.obsidian.path import note_path
from octopus.obsidian.rule import parse_rule
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import Tasks
from octopus.obsidian.tick import cancel, complete, reopen
from octopus.obsidian.todo_change import Change, Ticked, plan_of
from octopus.obsidian.todo_find import Finder
from octopus.obsidian.todos import todos as todos_of

_MARKS = "0123456789.☐☑☒✍⏰• "  # what stands before the words in our own messages


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that is done to to-dos."""

    intent: str
    change: Change
    wants: Callable[[Todo], bool]  # which to-dos can be meant
    head: Callable[[Todo], str]  # what is said of it afterwards
    args: tuple[tuple[str, Any], ...] = ()  # what a button that chooses one has to carry on
    box: str = " "  # what stands in the box before
    ends: bool = False  # whether what comes of it is not open any more


@handler("todo.complete", capability=Capability.CHANGE)
async def complete_(
    ctx: Context, query: str = "", path: str = "", line: int = 0, text: str = ""
) -> Reply:
    """Tick a to-do that is done"""
    verb = await _completing(ctx)
    return await carry_out(ctx, verb, query, Shown(path, line, text) if path else None)


@handler("todo.drop", capability=Capability.CHANGE)
async def drop(
    ctx: Context, query: str = "", path: str = "", line: int = 0, text: str = ""
) -> Reply:
    """Cancel a to-do: it stays in its note as cancelled"""
    settings, day = await tasks(ctx), ctx.now.date()
    head = say(ctx.meaning.language, "todo.dropped")
    verb = Verb("todo.drop", lambda line: cancel(line, day, settings), _open, lambda todo: head)
    return await carry_out(ctx, verb, query, Shown(path, line, text) if path else None)


@handler("todo.tick", capability=Capability.CHANGE)
async def tick(ctx: Context, path: str, line: int, text: str, done: bool = True) -> Reply:
    """Tick the to-do of a button, or untick it"""
    item = Shown(path, line, text)
    if done:
        return await carry_out(ctx, await _completing(ctx), "", item)
    settings = await tasks(ctx)
    head = say(ctx.meaning.language, "todo.reopened")
    verb = Verb(
        "todo.tick",
        lambda line: reopen(line, settings),
        lambda todo: not todo.open,
        lambda todo: head,
        (("done", False),),
        box="x",
    )
    return await carry_out(ctx, verb, "", item)


@handler("todo.undo", capability=Capability.CHANGE, deadline=600.0)
async def undo(ctx: Context, effect: int) -> Reply:
    """Take back what was done to to-dos, and show them as they are then"""
    reply = await ctx.skills["undo"].run(ctx, effect=effect)
    at_hand = await pressed_view(ctx)
    if reply.failed or any(button.confirm for button in reply.buttons) or at_hand is None:
        return reply
    alone = at_hand.kind is ViewKind.RECEIPT
    further = next((button.args["effect"] for button in reply.buttons), 0)
    view = replace(at_hand, effect=further, head=reply.text if alone else at_hand.head)
    todos = await known(ctx)
    if alone and not await _of_view(ctx, view, todos, _open):
        return reply  # what was added is gone
    again = refreshed(view, todos, ctx.now.date(), await tasks(ctx))
    return replace(again, reaction="👌", replaces=pressed(ctx))


async def bought(ctx: Context, text: str) -> Reply | None:
    """Tick what somebody says they bought; None where nothing to buy is called so."""
    query = bought_thing(text, ctx.meaning.language)
    if query is None:
        return None
    verb = await _completing(ctx)
    if await earlier(ctx) is not None:
        return await carry_out(ctx, verb, "", None)
    found = named(ctx, query, await known(ctx), lambda todo: _to_buy(ctx, todo, query))
    if len(found) > 1:
        return _ask(ctx, verb, found)
    return await carry_out(ctx, verb, "", Shown.of(found[0])) if found else None


def _to_buy(ctx: Context, todo: Todo, query: str) -> bool:
    """Whether it stands on a list, says to buy something, or is nothing but the thing."""
    words, language = title(todo), ctx.meaning.language
    on_list = todo.path != note_path(ctx.house.todo_note)
    return todo.open and (
        on_list or thing(words, language) is not None or likeness(words, query, language) >= GOOD
    )


def _open(todo: Todo) -> bool:
    return todo.open


async def _completing(ctx: Context) -> Verb:
    settings, day, language = await tasks(ctx), ctx.now.date(), ctx.meaning.language

    def change(line: str) -> list[str]:
        return complete(line, day, settings)

    def head(todo: Todo) -> str:
        if not todo.repeat or parse_rule(todo.repeat) is None:
            return say(language, "todo.done")
        lines = change(f"- [{todo.status}] {todo.text}")
        note = scan("\n".join(lines))
        following = [one for one in todos_of(todo.path, note, settings, time(9)) if one.open]
        if not following:
            return say(language, "todo.done_last", rule=recurrence(todo.repeat, language))
        when = moment(following[0], day, language) or "…"
        return say(language, "todo.done_next", when=when)

    return Verb("todo.complete", change, _open, head, ends=True)


async def carry_out(ctx: Context, verb: Verb, query: str, item: Shown | None) -> Reply:
    """Find out what is meant, change it once however often this runs, and show it."""
    plan = await earlier(ctx)
    if plan is None and item is None and ctx.meaning.args.get("kind") == "reminder":
        return await reminder_by_name(ctx, verb.intent, query)
    if plan is None:
        meant = await _meant(ctx, verb, query, item)
        if isinstance(meant, Reply):
            return meant
        hidden = (await tasks(ctx)).global_filter
        chosen = [asdict(Shown.of(todo, title(todo, hidden))) for todo in meant]
        head = verb.head(meant[0]) if len(meant) == 1 else ""
        plan = {"items": chosen, "head": head}
    items = [Shown(**each) for each in plan["items"]]
    made = await _apply(ctx, verb, items, json.dumps(plan, ensure_ascii=False))
    if not made:
        return Reply(text=say(ctx.meaning.language, "todo.all_gone"), reaction="🤷", failed=True)
    settings = await tasks(ctx)
    after = [_after(verb, item, settings) for _, group in made for item in group]
    if len(after) == 1 and not after[0].line:
        return await _removed(ctx, after[0], made[0][0])
    return await _result(ctx, after, plan["head"], made[0][0])


def _after(verb: Verb, item: Shown, settings: Tasks) -> Shown:
    """The to-do as the change leaves it; in line 0 where it is taken out."""
    note = scan("\n".join(verb.change(f"- [{verb.box}] {item.text}")))
    found = todos_of(item.path, note, settings, time(9))
    left = [one for one in found if not (verb.ends and one.open)]
    return replace(item, text=left[0].text) if left else item.gone()


async def _removed(ctx: Context, item: Shown, effect: Effect) -> Reply:
    """Done, and as the owner wishes not there any more."""
    language, at_hand = ctx.meaning.language, await pressed_view(ctx)
    if at_hand is not None and at_hand.numbered:
        return await _result(ctx, [item], "", effect)
    text = say(language, "todo.done_removed", path=effect.path, title=item.title)
    undo = Button(say(language, "button.undo"), "undo", {"effect": effect.id})
    return Reply(text=text, buttons=(undo,), reaction="👌", replaces=_place(ctx, at_hand))


async def earlier(ctx: Context) -> dict[str, Any] | None:
    """What an earlier run of this job had found out when it came as far as writing."""
    for effect in await ctx.ports.effects.of_job(ctx.job.id):
        if found := plan_of(effect.mark):
            plan: dict[str, Any] = json.loads(found)
            return plan if "items" in plan else None
    return None


async def _apply(
    ctx: Context, verb: Verb, items: Sequence[Shown], plan: str
) -> list[tuple[Effect, list[Shown]]]:
    """One write for each note; what the owner moved in this very moment is looked for again."""
    done = []
    for path, group in _by_note(items):
        try:
            effect = await ctx.effects.apply(Ticked(path, tuple(group), verb.change, plan))
        except NotFound:
            done += await _once_more(ctx, verb, group, plan)
        else:
            done.append((effect, group))
    return done


def _by_note(items: Sequence[Shown]) -> list[tuple[str, list[Shown]]]:
    ordered = sorted(items, key=lambda item: item.path)
    return [(path, list(group)) for path, group in groupby(ordered, key=lambda item: item.path)]


async def _once_more(
    ctx: Context, verb: Verb, items: Sequence[Shown], plan: str
) -> list[tuple[Effect, list[Shown]]]:
    finder = Finder(await known(ctx), await tasks(ctx))
    found = [finder.one(item) for item in items]  # never one with other words
    moved = [Shown.of(todo, title(todo)) for todo in found if todo and verb.wants(todo)]
    done = []
    for path, group in _by_note(moved):
        try:
            effect = await ctx.effects.apply(Ticked(path, tuple(group), verb.change, plan))
        except NotFound:
            continue  # it is gone for good
        done.append((effect, group))
    return done


async def _result(ctx: Context, items: Sequence[Shown], head: str, effect: Effect) -> Reply:
    """The message with the pressed button as it is now, or a receipt."""
    language, settings = ctx.meaning.language, await tasks(ctx)
    todos, day = await known(ctx), ctx.now.date()
    at_hand = await pressed_view(ctx)
    alone = at_hand is None or not at_hand.numbered
    if at_hand is not None:
        shown = tuple(items) if alone else at_hand.items
        view = replace(at_hand, items=shown, effect=effect.id, head=head if alone else at_hand.head)
    else:
        head = head or say(language, "todo.marked", count=len(items))
        view = View(ViewKind.RECEIPT, tuple(items), language, head, effect=effect.id)
    reply = refreshed(view, todos, day, settings)
    alone = len(items) == 1 and at_hand is None
    return replace(reply, reaction="👌", receipt=alone, replaces=_place(ctx, at_hand))


def _place(ctx: Context, at_hand: View | None) -> str:
    """The message that the result takes the place of: a list, a receipt, or our own question."""
    return pressed(ctx) if at_hand is not None or ctx.meaning.args.get("choice") else ""


async def pressed_view(ctx: Context) -> View | None:
    """What the message shows whose button was pressed."""
    if not ctx.message.press:
        return None
    return await ctx.ports.views.at(ctx.message.conversation, ctx.message.message_id)


# What is meant.


async def _meant(ctx: Context, verb: Verb, query: str, item: Shown | None) -> list[Todo] | Reply:
    """The to-dos to change, or what has to be asked or said first."""
    todos, language = await known(ctx), ctx.meaning.language
    if item is not None:
        return await _pointed(ctx, verb, item, todos)
    query = query.strip()
    answered = await _answered(ctx)
    if query and query != ctx.message.reply_text.strip():
        found = await _numbered(ctx, query, todos, answered) or named(ctx, query, todos, verb.wants)
        found = [todo for todo in found if verb.wants(todo)]
        return found if len(found) == 1 else await _several(ctx, verb, query, todos, found)
    if query and answered is None:
        rows = [row for row in query.splitlines() if OPEN in row] or query.splitlines()[:1]
        words = [row.lstrip(_MARKS).partition(" · ")[0] for row in rows]
        each = {
            (one.path, one.line): one for w in words for one in named(ctx, w, todos, verb.wants)
        }
        found = list(each.values())
        return found if len(found) == 1 else await _several(ctx, verb, words[0], todos, found)
    found = []
    for view in (answered,) if answered else (await latest_receipt(ctx), await _newest(ctx)):
        found = found or (await _of_view(ctx, view, todos, verb.wants) if view else [])
    if len(found) == 1:
        return found
    some = (
        found or selected(todos, "today", ctx.now.date()) or selected(todos, "all", ctx.now.date())
    )
    if not some:
        return Reply(text=say(language, "todo.none_open"), reaction="🤷", failed=True)
    return _ask(ctx, verb, some)


async def _pointed(ctx: Context, verb: Verb, item: Shown, todos: list[Todo]) -> list[Todo] | Reply:
    """The to-do of a button, wherever it stands now."""
    found = Finder(todos, await tasks(ctx)).one(item)
    if found is not None and verb.wants(found):
        return [found]
    at_hand = await pressed_view(ctx)
    if at_hand is not None:  # pressed twice, or ticked in Obsidian meanwhile: show how it is
        reply = refreshed(at_hand, todos, ctx.now.date(), await tasks(ctx))
        return replace(reply, replaces=pressed(ctx))
    if found is None:
        return Reply(text=say(ctx.meaning.language, "todo.all_gone"), reaction="🤷", failed=True)
    return Reply(text=say(ctx.meaning.language, "todo.already", title=short(title(found))))


async def _answered(ctx: Context) -> View | None:
    """What the message shows that this one answers."""
    if not ctx.message.reply_to:
        return None
    return await ctx.ports.views.at(ctx.message.conversation, ctx.message.reply_to)


async def _newest(ctx: Context) -> View | None:
    return await ctx.ports.views.latest(ctx.message.conversation)


async def _of_view(
    ctx: Context, view: View, todos: list[Todo], wants: Callable[[Todo], bool]
) -> list[Todo]:
    found = Finder(todos, await tasks(ctx)).all(view.items)
    return [todo for todo in found if todo is not None and wants(todo)]


async def _numbered(
    ctx: Context, query: str, todos: list[Todo], answered: View | None
) -> list[Todo]:
    """ "2", "1, 3 and 4": the to-dos with these numbers in the list that was shown last."""
    numbers = lists.numbers(query, ctx.meaning.language)
    view = answered
    for kind in (None, ViewKind.LIST, ViewKind.TODAY) if numbers else ():
        if view is not None and view.numbered and view.item(numbers[-1]) is not None:
            break
        view = await ctx.ports.views.latest(ctx.message.conversation, kind)
    items = [view.item(number) for number in numbers] if view is not None and view.numbered else []
    there = [item for item in items if item is not None]
    found = Finder(todos, await tasks(ctx)).all(there)
    return [todo for todo in found if todo is not None]


def named(ctx: Context, query: str, todos: list[Todo], wants: Callable[[Todo], bool]) -> list[Todo]:
    """Those that the words name best; equal ones of one note count as one, the first of them."""
    some = sorted(filter(wants, todos), key=urgency)
    names = [title(todo) for todo in some]
    found: dict[tuple[str, str], Todo] = {}
    for place in best(query, names, ctx.meaning.language):
        found.setdefault((some[place].path, names[place].casefold()), some[place])
    return list(found.values())


async def _several(
    ctx: Context, verb: Verb, query: str, todos: list[Todo], found: list[Todo]
) -> list[Todo] | Reply:
    """Several things in one message, several that are as likely, or none."""
    if found and lists.numbers(query, ctx.meaning.language):
        return found
    if found:
        return _ask(ctx, verb, found)
    parts = lists.parted(query, ctx.meaning.language)
    each = [named(ctx, part, todos, verb.wants) for part in parts]
    if len(parts) > 1 and all(len(one) == 1 for one in each):
        return [one[0] for one in each]
    language = ctx.meaning.language
    if (alone := await named_reminder(ctx, verb.intent, query)) is not None:
        return alone
    whole = ctx.message.text.strip() if verb.intent == "todo.drop" else ""  # it may be to be done
    add = Button(say(language, "button.add"), "todo.say", {"text": whole or query})
    text = say(language, "todo.none_like", query=short(query))
    return Reply(text=text, buttons=(add,), reaction="🤷", failed=True)


def _ask(ctx: Context, verb: Verb, found: Sequence[Todo]) -> Reply:
    """Which of them?"""
    day, language = ctx.now.date(), ctx.meaning.language
    buttons = []
    for todo in found[:CHOICES]:
        when = moment(todo, day, language)
        label = short(title(todo), 40) + (f" · {when}" if when else "")
        args = {**Shown.of(todo).reference(), **dict(verb.args), "choice": True}
        buttons.append(Button(label, verb.intent, args))
    return Reply(text=say(language, "todo.which"), buttons=tuple(buttons), reaction="🤔")
