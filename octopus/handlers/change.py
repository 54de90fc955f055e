"""Change what stands in a note: new lines at a place in it, other words, a property."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from octopus.core.effect import Edit, digest
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.wording import told
from octopus.errors import NotFound, Refused, Undecodable
from octopus.handlers.note import chosen, encode
from octopus.language.catalogue import say
from octopus.obsidian import edit
from octopus.obsidian.difference import changed_lines, difference
from octopus.obsidian.find import around, find_text, replace_text
from octopus.obsidian.property_edit import (
    add_to_property,
    remove_from_property,
    remove_property,
    set_property,
)
from octopus.obsidian.property_value import Single, typed
from octopus.obsidian.replace import append_block, replace_block, replace_section
from octopus.obsidian.settings import read_settings
from octopus.obsidian.text import read

Transform = Callable[[bytes], bytes]

#: Letters of a word on a button.
LABEL = 24


@handler("note.prepend", capability=Capability.ADD)
async def prepend(ctx: Context, text: str, note: str = "") -> Reply:
    """Add a text to the beginning of a note, below its properties"""
    path = await chosen(ctx, note, "note.prepend", {"text": text})
    if isinstance(path, Reply):
        return path
    return await changed(ctx, path, partial(edit.prepend, text=text), text)


@handler("note.insert", capability=Capability.ADD)
async def insert(
    ctx: Context,
    text: str,
    note: str = "",
    heading: str = "",
    block: str = "",
    create: bool = False,
) -> Reply:
    """Add a text to the section of a heading, or below a block"""
    where = {"text": text, "heading": heading, "block": block, "create": create}
    path = await chosen(ctx, note, "note.insert", where)
    if isinstance(path, Reply):
        return path
    transform: Transform = (
        partial(append_block, block=block, text=text)
        if block
        else partial(edit.append, text=text, heading=heading or None, create=create)
    )
    return await changed(ctx, path, transform, text)


@handler("note.replace", capability=Capability.CHANGE)
async def replace(
    ctx: Context,
    text: str = "",
    note: str = "",
    old: str = "",
    heading: str = "",
    block: str = "",
    every: bool | None = None,
    agreed: str | bool = "",
) -> Reply:
    """Put a text in place of words, of a section or of a block, after asking where much goes"""
    what = {"text": text, "old": old, "heading": heading, "block": block, "every": every}
    path = await chosen(ctx, note, "note.replace", what)
    if isinstance(path, Reply):
        return path
    what |= {"note": path}
    if old:
        places = await _places(ctx, path, old)
        if len(places) > 1 and every is None and not agreed:
            return _which_place(ctx, what, places)
        transform: Transform = partial(replace_text, old=old, new=text, every=bool(every))
        return await _agreed(ctx, what, transform, agreed or bool(text))
    if block:
        return await _agreed(ctx, what, partial(replace_block, block=block, text=text), agreed)
    if not heading:
        raise Refused(key="edit.what")
    return await _agreed(ctx, what, partial(replace_section, heading=heading, text=text), agreed)


@handler("note.property", capability=Capability.CHANGE)
async def property_(
    ctx: Context, name: str, value: Any = None, note: str = "", action: str = "set"
) -> Reply:
    """Set a property of a note, add to it, take from it or remove it"""
    path = await chosen(
        ctx, note, "note.property", {"name": name, "value": value, "action": action}
    )
    if isinstance(path, Reply):
        return path
    types = read_settings({"types.json": await ctx.ports.vault.text_of("types.json")}).types
    if isinstance(value, str):
        value = typed(name, value, types, single=action in ("add", "take"))
    return await changed(ctx, path, _property_edit(name, value, action))


def _property_edit(name: str, value: Any, action: str) -> Transform:
    if action == "drop" or (action == "set" and value is None):
        return partial(remove_property, name=name)
    if action == "set":
        return partial(set_property, name=name, value=value)
    if action not in ("add", "take") or not isinstance(value, Single):
        raise Refused(key="edit.bad_property", do=action)
    change = add_to_property if action == "add" else remove_from_property
    return partial(change, name=name, value=value)


async def changed(ctx: Context, path: str, transform: Transform, text: str = "") -> Reply:
    """Make one edit and show it; ``text`` are lines that it brings in and that are found again.

    A note that is not to be edited is left alone, and its owner told why.
    """
    language = ctx.meaning.language

    def apply(now: bytes | None) -> bytes:
        if now is None:
            raise NotFound(key="note.unknown", name=path)
        return transform(now)

    try:
        if not await ctx.effects.recorded():
            now = await ctx.ports.vault.read(path)
            if apply(now) == now:  # nothing to write, and nothing to take back
                return Reply(text=say(language, "edit.same", path=path), reaction="👌", about=path)
        effect = await ctx.effects.apply(Edit(path, apply, encode(text)))
    except Undecodable as error:
        return append_only(ctx, path, error, text)
    image = await ctx.ports.effects.image(effect.id)
    undo = Button(say(language, "button.undo"), "undo", {"effect": effect.id})
    lines = [say(language, "edited.changed", path=path)]
    if image is not None:
        lines.append(difference(read(image.before or b""), read(image.after or b"")))
    replaces = ctx.message.message_id if ctx.message.press else ""
    return Reply(
        text="\n".join(lines), buttons=(undo,), reaction="✍", replaces=replaces, about=path
    )


def append_only(ctx: Context, path: str, error: Undecodable, text: str = "") -> Reply:
    """Why a note was left alone; a text for it can still go to its end."""
    language = ctx.meaning.language
    buttons = []
    if text.strip():
        label = say(language, "button.at_end")
        buttons.append(Button(label, "note.append", {"note": path, "text": text}))
    reason = told(say, language, error)
    said = say(language, "edit.append_only", path=path, reason=reason)
    return Reply(text=said, buttons=tuple(buttons), reaction="🤷", failed=True, about=path)


async def _agreed(
    ctx: Context, what: Mapping[str, Any], transform: Transform, agreed: str | bool
) -> Reply:
    """Make an edit that takes something away, once its owner has seen it and said yes.

    ``agreed`` is the mark of what was seen: where the note says something else by now, it is
    shown again. True stands for a yes to whatever there is.
    """
    path, language = str(what["note"]), ctx.meaning.language
    if agreed is True or await ctx.effects.recorded():
        return await changed(ctx, path, transform)
    now = await ctx.ports.vault.read(path) or b""
    try:
        before, after = read(now), read(transform(now))
    except Undecodable as error:
        return append_only(ctx, path, error, str(what["text"]))
    lines = "\n".join(changed_lines(before, after))
    mark = (digest(lines.encode("utf-8", "replace")) or "")[:16]
    if agreed == mark:
        return await changed(ctx, path, transform)
    button = Button(
        say(language, "button.change"), "note.replace", {**what, "agreed": mark}, confirm=True
    )
    text = f"{say(language, 'edit.ask', path=path)}\n{difference(before, after)}"
    return Reply(text=text, buttons=(button,), reaction="🤔", about=path)


async def _places(ctx: Context, path: str, old: str) -> list[str]:
    """Where words stand in a note, each in its line. Raises NotFound where they do not."""
    data = await ctx.ports.vault.read(path)
    try:
        source = edit.open_source(data or b"")
    except Undecodable:
        return []  # said when the change is tried
    found = find_text(source, old)
    if not found and not await ctx.effects.recorded():
        raise NotFound(key="edit.no_text", text=old, path=path)
    return [around(source, span) for span in found]


def _which_place(ctx: Context, what: Mapping[str, Any], places: list[str]) -> Reply:
    language = ctx.meaning.language
    every = say(language, "button.every", count=len(places))
    first = say(language, "button.first", text=places[0][:LABEL])
    buttons = (
        Button(every, "note.replace", {**what, "every": True}),
        Button(first, "note.replace", {**what, "every": False}),
    )
    text = say(language, "edit.several", text=what["old"], path=what["note"], count=len(places))
    return Reply(text=text, buttons=buttons, reaction="🤔", about=str(what["note"]))
