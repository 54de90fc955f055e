"""Show a note, found by its path or its title, one page at a time."""

from __future__ import annotations

import re
from dataclasses import replace

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.handlers.search import listing, open_buttons
from octopus.language.catalogue import say
from octopus.obsidian.path import key, stem
from octopus.obsidian.quote import page, without_comments
from octopus.obsidian.scan import scan
from octopus.obsidian.text import read
from octopus.obsidian.todos import is_list

#: Characters of a note in one reply; a Telegram message holds 4,096.
LENGTH = 3_000

#: "The shopping list" may be a note called "Shopping".
LIST = re.compile(r"\s+list$", re.IGNORECASE)

#: Notes offered where a name means several.
CHOICES = 8


@handler("note.open", capability=Capability.READ)
async def show(ctx: Context, note: str = "", offset: int = 0, plain: bool = False) -> Reply:
    """Show a note"""
    language = ctx.meaning.language
    name = bare(note) or ctx.about
    if not name:
        return Reply(text=say(language, "note.usage"), reaction="🤔")
    notes = await ctx.ports.vault.notes()
    paths = matching(notes, name) or matching(notes, LIST.sub("", name))
    if len(paths) > 1:
        buttons = tuple(Button(path, "note.open", {"note": path}) for path in paths[:CHOICES])
        return Reply(text=say(language, "note.which"), buttons=buttons, reaction="🤔")
    data = await ctx.ports.vault.read(paths[0]) if paths else None
    if data is None:
        return await _close_to(ctx, name)
    if not plain and not offset and is_list(read(data)) and "todo.list" in ctx.skills:
        return await _list(ctx, paths[0])
    return _page(ctx, paths[0], read(data), max(0, offset))


async def _list(ctx: Context, path: str) -> Reply:
    """A note of nothing but to-dos, each with a button that ticks it."""
    reply = await ctx.skills["todo.list"].run(ctx, when=f"[[{path}]]")
    whole = {"note": path, "plain": True}
    button = Button(say(ctx.meaning.language, "button.show"), "note.open", whole)
    return replace(reply, buttons=(*reply.buttons, button), about=path)


def matching(paths: list[str], name: str) -> list[str]:
    """The notes that a name means: the very path first, then the title, case left aside."""
    wanted = key(name.removesuffix(".md"))
    exact = [path for path in paths if name in {path, path.removesuffix(".md")}]
    same = [path for path in paths if key(path.removesuffix(".md")) == wanted]
    titled = [path for path in paths if key(stem(path)) == wanted]
    return exact or same or titled


def bare(text: str) -> str:
    """The bare name of a note that may be written as a link."""
    name = text.strip()
    if name.startswith("[[") and name.endswith("]]"):
        name = name[2:-2].split("|", 1)[0].split("#", 1)[0].strip()
    return name


def _page(ctx: Context, path: str, text: str, offset: int) -> Reply:
    language = ctx.meaning.language
    body = without_comments(text)[scan(text).body :].strip("\n")
    if not body.strip():
        return Reply(text=say(language, "note.blank", path=path), about=path)
    part, end = page(body, min(offset, len(body)), LENGTH)
    name = path.replace("`", "'")
    lines = [f"`{name}`", "", part.strip("\n")]
    buttons = []
    if end < len(body):
        left = body.count("\n", end) + 1
        lines += ["", say(language, "note.more", count=left)]
        more = {"note": path, "offset": end}
        buttons.append(Button(say(language, "button.more"), "note.open", more))
    return Reply(text="\n".join(lines), buttons=tuple(buttons), markdown=True, about=path)


async def _close_to(ctx: Context, name: str) -> Reply:
    """No note has this name: what a search finds, to choose from."""
    language = ctx.meaning.language
    found = await ctx.ports.index.search(name, limit=5)
    if not found.hits:
        return Reply(text=say(language, "note.unknown", name=name), reaction="🤷", failed=True)
    text = f"{say(language, 'note.none_like', name=name)}\n\n{listing(language, found.hits)}"
    return Reply(text=text, buttons=tuple(open_buttons(found.hits)), reaction="🤷")
