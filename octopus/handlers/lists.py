"""Show a list by its name, or what there is to buy, with a button for each thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.todo import Todo
from octopus.core.view import Shown, View, ViewKind
from octopus.handlers.show import CHOICES, LIST, bare, matching
from octopus.handlers.todos import known, pressed, tasks
from octopus.language.catalogue import say
from octopus.language.likeness import best
from octopus.language.list_sentence import onto
from octopus.language.shopping import is_shopping, thing
from octopus.language.todo_text import title
from octopus.language.todo_view import PAGE, Scene, shown
from octopus.obsidian.path import note_path, stem


@handler("list.show", capability=Capability.READ)
async def show_named(ctx: Context, list: str = "") -> Reply:
    """A list with a button for each thing: what do I need to buy"""
    todos, name = await known(ctx), bare(list) or "shopping"
    path = await list_note(ctx, name, todos) or _like(ctx, name, todos)
    there = [todo for todo in todos if todo.open and todo.path == path]
    if not path:
        home = note_path(ctx.house.todo_note)
        there = [t for t in todos if t.open and t.path == home and _same(t.heading, name)]
    elsewhere = _to_buy(ctx, todos, there) if is_shopping(name) else []
    if path and (not elsewhere or len(there) + len(elsewhere) > PAGE):
        whole = await ctx.skills["note.open"].run(ctx, note=path)
        if whole.view is not None or not there:
            return whole
        return await ctx.skills["todo.list"].run(ctx, when=f"[[{path}]]")
    if there or elsewhere:
        return await _shown(ctx, [*there, *elsewhere], name)
    return _unknown(ctx, name, todos)


async def list_note(ctx: Context, name: str, todos: Sequence[Todo]) -> str:
    """The path of the note that a list is kept in; "" where there is none of this name.

    What there is to buy is one list, whatever it is called in which language.
    """
    notes, plain = await ctx.ports.vault.notes(), LIST.sub("", name)
    for spelling in (name, f"{plain} list", plain):
        if found := matching(notes, spelling):
            return min(found, key=len)
    if not is_shopping(name):
        return ""
    return next((path for path in _sizes(ctx, todos) if is_shopping(stem(path))), "")


async def put_onto(ctx: Context, text: str, todos: Sequence[Todo]) -> tuple[list[str], str] | None:
    """The things that "cheese to packing" puts onto a list that there is, and its note."""
    for things, name in onto(text, ctx.meaning.language):
        path = await list_note(ctx, name, todos)
        if path in _sizes(ctx, todos):
            return things, path
    return None


def _like(ctx: Context, name: str, todos: Sequence[Todo]) -> str:
    """The only list with nearly this name."""
    paths = [*_sizes(ctx, todos)]
    named = best(name, [stem(path) for path in paths], ctx.meaning.language)
    return paths[named[0]] if len(named) == 1 else ""


def _sizes(ctx: Context, todos: Sequence[Todo]) -> Counter[str]:
    """The notes with to-dos and how many are open, the longest first, but for the to-do note."""
    home = note_path(ctx.house.todo_note)
    sizes = Counter({todo.path: 0 for todo in todos if todo.path != home})
    sizes.update(todo.path for todo in todos if todo.open and todo.path != home)
    return Counter(dict(sizes.most_common()))


def _same(heading: str, name: str) -> bool:
    return heading.strip().casefold() == name.casefold() or (
        is_shopping(heading.strip()) and is_shopping(name)
    )


def _to_buy(ctx: Context, todos: Sequence[Todo], besides: Sequence[Todo]) -> list[Todo]:
    """To-dos of the to-do note that say to buy something."""
    home, language = note_path(ctx.house.todo_note), ctx.meaning.language
    return [
        todo
        for todo in todos
        if todo.open
        and todo.path == home
        and todo not in besides
        and (thing(title(todo), language) or thing(title(todo), ctx.house.language))
    ]


async def _shown(ctx: Context, todos: Sequence[Todo], name: str) -> Reply:
    language, hidden = ctx.meaning.language, (await tasks(ctx)).global_filter
    part = todos[:PAGE]
    items = tuple(Shown.of(todo, title(todo, hidden)) for todo in part)
    head = say(language, "list.to_buy") if is_shopping(name) else name
    view = View(ViewKind.LIST, items, language, head, total=len(part))
    if len(todos) > PAGE:
        view = replace(view, tail=say(language, "todo.more", count=len(todos) - PAGE))
    reply = shown(view, part, Scene(ctx.now.date(), hidden))
    return replace(reply, replaces=pressed(ctx))


def _unknown(ctx: Context, name: str, todos: Sequence[Todo]) -> Reply:
    """There is no such list: those that there are."""
    language, paths = ctx.meaning.language, [*_sizes(ctx, todos)][:CHOICES]
    if not paths:
        return Reply(text=say(language, "list.none", name=name), reaction="🤷", failed=True)
    text = say(language, "list.unknown", name=name)
    buttons = tuple(Button(stem(path), "todo.list", {"when": f"[[{path}]]"}) for path in paths)
    return Reply(text=text, buttons=buttons, reaction="🤷", failed=True)
