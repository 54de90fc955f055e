"""Put a note into the vault's trash, after asking."""

from __future__ import annotations

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound
from octopus.handlers.note import meant
from octopus.handlers.show import CHOICES, bare
from octopus.handlers.undo import trash_place
from octopus.language.catalogue import say
from octopus.obsidian.path import NOTE, stem


@handler("note.delete", capability=Capability.CHANGE, deadline=120.0)
async def delete(ctx: Context, note: str = "", force: bool = False) -> Reply:
    """Move a note to the trash, after asking"""
    name = bare(note) or ctx.about
    if not name:
        raise NotFound(key="note.which")
    if force:  # agreed to for this very note, and no other one of that name
        return await _trash(ctx, name)
    found = await meant(ctx, name)
    if len(found) > 1:
        buttons = [Button(path, "note.delete", {"note": path}) for path in found[:CHOICES]]
        text = say(ctx.meaning.language, "note.which")
        return Reply(text=text, buttons=tuple(buttons), reaction="🤔")
    return await _ask(ctx, found[0])


async def _ask(ctx: Context, path: str) -> Reply:
    language = ctx.meaning.language
    text = say(language, "delete.ask", title=stem(path), path=path)
    if count := await _linking(ctx, path):
        text += " " + say(language, "delete.linked", count=count)
    agreed = {"note": path, "force": True}
    button = Button(say(language, "button.trash"), "note.delete", agreed, confirm=True)
    return Reply(text=text, buttons=(button,), reaction="🤔", about=path)


async def _linking(ctx: Context, path: str) -> int:
    """How many other notes link to it."""
    return len({each.source for each in await ctx.ports.notes.backlinks(path)})


async def _trash(ctx: Context, name: str) -> Reply:
    language = ctx.meaning.language
    made = await ctx.ports.effects.of_job(ctx.job.id)  # an earlier run may have moved it already
    paths = [made[0].path] if made else await ctx.ports.vault.notes()
    path = next((each for each in (name, name + NOTE) if each in paths), None)
    if path is None:
        raise NotFound(key="note.unknown", name=name)
    effect = await ctx.effects.move(path, await trash_place(ctx, path), kind="trash")
    undo = Button(say(language, "button.undo"), "undo", {"effect": effect.id})
    replaces = ctx.message.message_id if ctx.message.press else ""
    text = say(language, "undo.trashed", path=path)
    return Reply(text=text, buttons=(undo,), reaction="👌", replaces=replaces)
