"""Change one task where it stands: its box, its day, its place."""

from __future__ import annotations

from datetime import date
from functools import partial

from octopus.core.effect import Edit
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound, Refused, Undecodable
from octopus.handlers.change import append_only, changed
from octopus.handlers.note import chosen
from octopus.handlers.todos import tasks
from octopus.language.catalogue import say
from octopus.obsidian.edit import append, open_source
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task_edit import (
    Change,
    change_task,
    find_task,
    move_task,
    move_task_within,
    remove_task,
)
from octopus.obsidian.text import read
from octopus.obsidian.tick import cancel, complete, reopen, reschedule, set_status, toggle


@handler("note.task", capability=Capability.CHANGE)
async def task(
    ctx: Context, line: int, note: str = "", do: str = "toggle", text: str = "", due: str = ""
) -> Reply:
    """Tick, reopen, cancel or reschedule the task in a line of a note, or take it out"""
    what = {"line": line, "do": do, "text": text, "due": due}
    path = await chosen(ctx, note, "note.task", what)
    if isinstance(path, Reply):
        return path
    if do == "remove":
        return await changed(ctx, path, partial(remove_task, line=line, text=text or None))
    change = _change(do, due, ctx.now.date(), await tasks(ctx))
    return await changed(
        ctx, path, partial(change_task, line=line, change=change, text=text or None)
    )


def _change(do: str, due: str, today: date, settings: Tasks) -> Change:
    """What is to happen to the line. Raises Refused for what nobody knows."""
    changes: dict[str, Change] = {
        "toggle": partial(toggle, today=today, settings=settings),
        "done": partial(complete, today=today, settings=settings),
        "todo": partial(reopen, settings=settings),
        "cancel": partial(cancel, today=today, settings=settings),
    }
    if do == "due":
        try:
            day = date.fromisoformat(due) if due else None
        except ValueError:
            raise Refused(f"{due} is not a day like 2026-11-21.") from None
        return partial(reschedule, due=day, settings=settings)
    if len(do) == 1:
        return partial(set_status, symbol=do, today=today, settings=settings)
    if do not in changes:
        raise Refused(f"A task can be {', '.join(changes)}, due, remove or one sign; not {do}.")
    return changes[do]


@handler("note.task.move", capability=Capability.CHANGE)
async def move(
    ctx: Context, line: int, note: str = "", to: str = "", heading: str = "", text: str = ""
) -> Reply:
    """Move a task, and everything below it, to another note or under another heading"""
    what = {"line": line, "to": to, "heading": heading, "text": text}
    path = await chosen(ctx, note, "note.task.move", what)
    if isinstance(path, Reply):
        return path
    target = await chosen(ctx, to, "note.task.move", {**what, "note": path}, "to") if to else path
    if isinstance(target, Reply):
        return target
    if target != path:
        return await _across(ctx, path, target, line, text, heading)
    if not heading:
        raise Refused(say(ctx.meaning.language, "edit.where"))
    within = partial(move_task_within, line=line, heading=heading, text=text or None, create=True)
    return await changed(ctx, path, within)


async def _across(
    ctx: Context, path: str, target: str, line: int, text: str, heading: str
) -> Reply:
    """First into the other note, then out of this one: a death in between loses nothing."""
    language = ctx.meaning.language
    data = await ctx.ports.vault.read(path) or b""
    try:
        found = find_task(open_source(data).note, line, text or None)
        moved = read(move_task(data, found.line, b"", text=found.text)[1])
    except NotFound:
        if not await ctx.effects.recorded():
            raise
        found, moved = None, ""  # it is in the other note already, and taken out of this one
    except Undecodable as error:
        return append_only(ctx, path, str(error))

    def put(now: bytes | None) -> bytes:
        return append(now, moved, heading=heading or None, create=True)

    def take(now: bytes | None) -> bytes:
        return remove_task(now or b"", line, text=found.text if found else text or None)

    try:
        effect = await ctx.effects.apply(Edit(target, put, moved.encode()))
    except Undecodable as error:
        return append_only(ctx, target, str(error))
    await ctx.effects.apply(Edit(path, take))
    undo = Button(say(language, "button.undo"), "undo", {"effect": effect.id})
    said = say(language, "edit.moved", path=target)
    return Reply(text=said, buttons=(undo,), reaction="✍", about=target)
