"""Write to-dos into the vault as the Tasks plugin does: one, a whole list, or what a text says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from octopus.core.effect import Effect
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.todo import Todo
from octopus.core.view import Shown, View, ViewKind
from octopus.errors import Conflict
from octopus.handlers.lists import list_note, put_onto
from octopus.handlers.note import encode
from octopus.handlers.show import bare, matching
from octopus.handlers.todos import known, pressed, tasks
from octopus.language.catalogue import say
from octopus.language.shopping import thing
from octopus.language.todo_text import title
from octopus.language.todo_view import PAGE, Scene, shown
from octopus.obsidian.edit import append
from octopus.obsidian.name import safe_name
from octopus.obsidian.path import note_path
from octopus.obsidian.rule import parse_rule
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import PRIORITIES, new_task
from octopus.obsidian.text import read
from octopus.obsidian.todo_change import Added, plan_of
from octopus.obsidian.todo_find import usual_note, words_of
from octopus.obsidian.todos import todos as todos_of

#: So often the same thing has to have stood in a note before it goes there by itself.
HABIT = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where new to-dos go, and why."""

    path: str
    heading: str = ""
    count: int = 0  # how often the same stood there before; 0 where that was no reason


@dataclass(frozen=True, slots=True)
class Wish:
    """The fields of a new to-do, and what could not be made of what was asked for."""

    fields: dict[str, str]
    remind_on: date | None
    remind_time: time | None
    problems: tuple[str, ...]


@handler("todo.add", capability=Capability.ADD)
async def add(
    ctx: Context,
    text: str = "",
    due: str = "",
    at: str = "",
    repeat: str = "",
    priority: str = "",
    list: str = "",
) -> Reply:
    """Add a to-do: buy a lamp tomorrow, high priority"""
    if not text.strip():
        return Reply(text=say(ctx.meaning.language, "todo.empty"), reaction="🤔")
    settings, todos = await tasks(ctx), await known(ctx)
    if not list and (found := await put_onto(ctx, text, todos)) is not None:
        things, list = found[0], f"[[{found[1]}]]"
        if len(things) > 1 and not (due or at or repeat):
            did = _did("todo.add_many", {"items": things, "list": list})
            return replace(await add_many(ctx, things, list), did=did)
        text = things[0] if len(things) == 1 else text
    wish = _wish(ctx, due, at, repeat, priority)
    place, words = await _place(ctx, list), text
    if not list:
        place, words = _learned(ctx, todos, text, settings) or (place, text)
    line = new_task(
        words,
        wish.fields,
        settings,
        ctx.now.date(),
        remind_on=wish.remind_on,
        remind_time=wish.remind_time,
    )
    again = _stands(todos, place.path, words, settings)
    plan = {"path": place.path, "heading": place.heading, "lines": [line]}
    plan |= {"head": _why(ctx, place, again=again), "problems": wish.problems}
    return await _added(ctx, plan, settings)


@handler("todo.add_many", capability=Capability.ADD)
async def add_many(
    ctx: Context, items: Iterable[str] = (), list: str = "", again: bool = False
) -> Reply:
    """Add several to-dos at once: shopping: milk, eggs, bread"""
    language = ctx.meaning.language
    wanted = [" ".join(str(item).split()) for item in items]
    wanted = [*dict.fromkeys(item for item in wanted if item)]
    if not wanted:
        return Reply(text=say(language, "todo.empty"), reaction="🤔")
    settings, todos = await tasks(ctx), await known(ctx)
    place = await _place(ctx, list)
    if not list:
        place = _learned_many(ctx, todos, wanted, settings) or place
    there = [] if again else [i for i in wanted if _stands(todos, place.path, i, settings)]
    new = [item for item in wanted if item not in there]
    lines = [new_task(item, {}, settings, ctx.now.date()) for item in new]
    plan = {"path": place.path, "heading": place.heading, "lines": lines, "there": there}
    key = "todo.added_many" if len(new) > 1 else "todo.added"
    plan |= {"head": say(language, key, count=len(new), path=place.path)}
    return await _added(ctx, plan, settings)


@handler("todo.say", capability=Capability.ADD)
async def said(ctx: Context, text: str = "") -> Reply:
    """Make a to-do of a text, with the day and the time that it speaks of"""
    meaning = ctx.understand(text)
    args = {name: value for name, value in meaning.args.items() if value is not None}
    known_intent = meaning.intent if meaning.question is None else ""
    if known_intent == "todo.add_many":
        return replace(await add_many(ctx, **args), did=_did("todo.add_many", args))
    if known_intent not in {"todo.add", "reminder.add"}:
        args = {"text": text}
    return replace(await add(ctx, **args), did=_did("todo.add", args))


def _did(intent: str, args: dict[str, Any]) -> dict[str, Any]:
    """What a correction of it is about."""
    return {"intent": intent, "args": args}


def _wish(ctx: Context, due: str, at: str, repeat: str, priority: str) -> Wish:
    """The fields of the line; what makes no sense is left out and said."""
    language, problems = ctx.meaning.language, []
    fields: dict[str, str] = {}
    day = _day(due)
    moment = _moment(at, ctx)
    if due and day is None:
        problems.append(say(language, "todo.bad_due", value=due))
    if at and moment is None:
        problems.append(say(language, "todo.bad_at", value=at))
    if repeat and parse_rule(repeat) is None:
        problems.append(say(language, "todo.bad_repeat", value=repeat))
    elif repeat:
        fields["recurrence"] = repeat
    if priority and priority not in PRIORITIES:
        problems.append(say(language, "todo.bad_priority", value=priority))
    elif priority:
        fields["priority"] = priority
    day = day or (moment.date() if moment else None)
    if day is not None:
        fields["due"] = day.isoformat()
    rings = moment.date() if moment else None
    return Wish(fields, rings, moment.time() if moment else None, tuple(problems))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _moment(text: str, ctx: Context) -> datetime | None:
    """On the owner's wall clock."""
    try:
        found = datetime.fromisoformat(text) if text else None
        if found is not None and found.tzinfo is not None:
            found = found.astimezone(ctx.now.tzinfo)
    except (ValueError, OverflowError):
        return None
    return found


# Where it goes.


async def _place(ctx: Context, name: str) -> Place:
    """The note of a list, a section of the to-do note that is called so, or the to-do note."""
    notes = await ctx.ports.vault.notes()
    home = note_path(ctx.house.todo_note)
    home = min(matching(notes, home), key=len, default=home)
    name = bare(name)
    if not name:
        return Place(home)
    if path := await list_note(ctx, name, await known(ctx)):
        return Place(path)
    data = await ctx.ports.vault.read(home)
    for heading in scan(read(data)).headings if data else ():
        if heading.text.strip().casefold() == name.casefold():
            return Place(home, heading.text)
    folder = home.rpartition("/")[0]
    file = f"{safe_name(name[:1].upper() + name[1:])}.md"
    return Place(f"{folder}/{file}" if folder else file)


def _learned(
    ctx: Context, todos: list[Todo], text: str, settings: Tasks
) -> tuple[Place, str] | None:
    """The note in which what is to be bought has stood before, and what it is called there."""
    for words in (text, thing(text, ctx.meaning.language)):
        found = words and usual_note(todos, words, settings, besides=note_path(ctx.house.todo_note))
        if words and found and found[1] >= HABIT:
            return Place(found[0], count=found[1]), words
    return None


def _learned_many(
    ctx: Context, todos: list[Todo], items: list[str], settings: Tasks
) -> Place | None:
    """The note in which at least half of these things have stood before."""
    found = [_learned(ctx, todos, item, settings) for item in items]
    paths = [each[0].path for each in found if each]
    best = max(paths, key=paths.count, default="")
    return Place(best) if best and paths.count(best) * 2 >= len(items) else None


def _stands(todos: list[Todo], path: str, text: str, settings: Tasks) -> bool:
    """Whether the note has an open to-do of the same words."""
    wanted = words_of(text, settings).casefold()
    return any(
        todo.open and todo.path == path and words_of(todo.text, settings).casefold() == wanted
        for todo in todos
    )


def _why(ctx: Context, place: Place, *, again: bool) -> str:
    if place.count:
        return say(ctx.meaning.language, "todo.added_home", path=place.path, count=place.count)
    key = "todo.added_again" if again else "todo.added"
    return say(ctx.meaning.language, key, path=place.path)


# How it gets there.


async def _added(ctx: Context, plan: dict[str, Any], settings: Tasks) -> Reply:
    """Write the lines of the plan once, however often this runs, and show them."""
    known_plan = await _earlier(ctx)
    plan = known_plan or plan
    language, there = ctx.meaning.language, plan.get("there", [])
    tail = list(plan.get("problems", ()))
    buttons: tuple[Button, ...] = ()
    if there:
        titles = ", ".join(there[:PAGE]) + (" …" if len(there) > PAGE else "")
        tail.append(say(language, "todo.there", path=plan["path"], titles=titles))
        args = {"items": there, "list": f"[[{plan['path']}]]", "again": True}
        buttons = (Button(say(language, "button.add_anyway"), "todo.add_many", args),)
    if not plan["lines"]:
        text = "\n".join([say(language, "todo.nothing_new", path=plan["path"]), *tail])
        return Reply(text=text, buttons=buttons, reaction="🤷")
    effect = await _write(ctx, plan)
    plan["tail"] = "\n".join(tail)
    reply = await _receipt(ctx, plan, effect, settings)
    return replace(reply, buttons=(*reply.buttons, *buttons))


async def _earlier(ctx: Context) -> dict[str, Any] | None:
    """What an earlier run of this job had in mind when it came as far as writing."""
    for effect in await ctx.ports.effects.of_job(ctx.job.id):
        if found := plan_of(effect.mark):
            plan: dict[str, Any] = json.loads(found)
            return plan
        image = await ctx.ports.effects.image(effect.id)
        if effect.kind == "create" and image is not None and image.after is not None:
            lines = read(image.after).splitlines()
            head = say(ctx.meaning.language, "todo.added", path=effect.path)
            return {"path": effect.path, "heading": "", "lines": lines, "head": head}
    return None


async def _write(ctx: Context, plan: dict[str, Any]) -> Effect:
    path, heading = plan["path"], plan["heading"] or None
    data = encode("\n".join(plan["lines"]))
    made = await ctx.ports.effects.of_job(ctx.job.id)
    new = made[0].kind == "create" if made else await ctx.ports.vault.read(path) is None
    if new:
        try:
            return await ctx.effects.create(iter((path,)), data + b"\n")
        except Conflict:
            made = []  # somebody was faster: it is there now
    change = Added(
        path,
        lambda old: append(old, data.decode(), heading=heading, create=bool(heading)),
        data,
        plan=json.dumps(plan, ensure_ascii=False),
    )
    return await ctx.effects.apply(change)


async def _receipt(ctx: Context, plan: dict[str, Any], effect: Effect, settings: Tasks) -> Reply:
    """The new to-dos as they stand in the note, with buttons."""
    note = scan("\n".join(plan["lines"][:PAGE]))
    new = [
        replace(todo, line=await _line(ctx, effect.path, todo.text, todo.line))
        for todo in todos_of(effect.path, note, settings, time(9))
    ]
    items = tuple(Shown.of(todo, title(todo, settings.global_filter)) for todo in new)
    view = View(
        ViewKind.RECEIPT,
        items,
        ctx.meaning.language,
        plan["head"],
        plan["tail"],
        total=len(plan["lines"]),
        effect=effect.id,
    )
    reply = shown(view, new, Scene(ctx.now.date(), settings.global_filter))
    return replace(reply, reaction="✍", receipt=len(items) == 1, replaces=pressed(ctx))


async def _line(ctx: Context, path: str, text: str, usual: int) -> int:
    """Where the newest to-do of this text stands."""
    data = await ctx.ports.vault.read(path)
    found = [task.line for task in scan(read(data)).tasks if task.text == text] if data else []
    return found[-1] if found else usual
