"""Keep a text as a new note in the inbox, or at the end of a note that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from octopus.core.effect import Edit, Effect
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.wording import told
from octopus.errors import NotFound, Undecodable
from octopus.handlers.edit_todo import of_its_name
from octopus.handlers.show import CHOICES, bare, matching
from octopus.handlers.tick import bought
from octopus.language.catalogue import say
from octopus.language.lists import MOST_ITEMS
from octopus.obsidian import edit
from octopus.obsidian.name import UNTITLED, safe_name

#: What the note written last is called by the rules.
LAST = "last"

#: How many changes are looked at for it.
LOOK_BACK = 10

#: How many words of the text become part of the name.
NAME_WORDS = 8


@handler("note.add", capability=Capability.ADD, command="note")
async def add(
    ctx: Context,
    text: str = "",
    instead_of: str = "",
    or_todo: Mapping[str, Any] | None = None,
) -> Reply:
    """Keep a text as a new note: /note buy a lamp"""
    if not text.strip():
        return Reply(text=say(ctx.meaning.language, "note.empty"), reaction="🤔")
    if text == ctx.message.text and (ticked := await bought(ctx, text)) is not None:
        return ticked  # "bought milk", with milk on a list
    if or_todo and (changed := await of_its_name(ctx, or_todo, text)) is not None:
        return changed  # "plumber is urgent", with a to-do that is called so
    if text == ctx.message.text and await _stands(ctx, ctx.about):
        return await append(ctx, text, ctx.about)  # more words in answer to a receipt
    names = free_names(ctx.house.inbox, note_name(text, ctx.now))
    effect = await ctx.effects.create(names, encode(text))
    saved = receipt(ctx, effect, "note.saved")
    if instead_of:
        why = {"list": "note.kept_list", "reminder": "note.kept_reminder"}[instead_of]
        said = say(ctx.meaning.language, why, count=MOST_ITEMS)
        return replace(saved, text=f"{saved.text}\n{said}", receipt=False)
    return saved


async def _stands(ctx: Context, path: str) -> bool:
    return path.endswith(".md") and await ctx.ports.vault.read(path) is not None


@handler("note.append", capability=Capability.ADD)
async def append(ctx: Context, text: str, note: str = "", heading: str = "") -> Reply:
    """Add a text to the end of a note, or of a section of it."""
    language = ctx.meaning.language
    if not text.strip():
        return Reply(text=say(language, "note.empty"), reaction="🤔", failed=True)
    path = await chosen(ctx, note, "note.append", {"text": text, "heading": heading})
    if isinstance(path, Reply):
        return path
    wanted = heading or None
    try:
        effect = await ctx.effects.apply(
            Edit(path, lambda old: edit.append(old, text, heading=wanted), encode(text))
        )
    except Undecodable as error:
        said = say(language, "edit.append_only", path=path, reason=told(say, language, error))
        at_end = Button(say(language, "button.at_end"), "note.append", {"note": path, "text": text})
        buttons = (at_end,) if wanted else ()
        return Reply(text=said, buttons=buttons, reaction="🤷", failed=True, about=path)
    return receipt(ctx, effect, "note.appended")


def receipt(ctx: Context, effect: Effect, key: str) -> Reply:
    """Where it went, with a button that takes it back."""
    language = ctx.meaning.language
    undo = Button(say(language, "button.undo"), "undo", {"effect": effect.id})
    text = say(language, key, path=effect.path)
    return Reply(text=text, buttons=(undo,), reaction="✍", receipt=True, about=effect.path)


def note_name(text: str, when: datetime) -> str:
    """A portable file name from the date and the first words; the time when there are none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    words = " ".join(first.split()[:NAME_WORDS])
    title = safe_name(words, characters=80, size=150)
    return f"{when:%Y-%m-%d} {title}" if title != UNTITLED else f"{when:%Y-%m-%d %H%M%S}"


def free_names(folder: str, name: str, ending: str = ".md") -> Iterator[str]:
    """Paths to try, as Obsidian numbers them."""
    base = f"{folder}/{name}" if folder else name
    yield f"{base}{ending}"
    for number in count(1):
        yield f"{base} {number}{ending}"


def encode(text: str) -> bytes:
    """The bytes of a text as it came; only what no file can hold is replaced."""
    return edit.whole(text).encode()


async def chosen(
    ctx: Context, name: str, intent: str, args: Mapping[str, Any], slot: str = "note"
) -> str | Reply:
    """The path of the note that is meant; where several are, the question which.

    No name stands for the note that the message answers, "last" for the one written last. The
    buttons of the question mean ``intent`` with ``args`` and the path under ``slot``. Raises
    NotFound.
    """
    language, wanted = ctx.meaning.language, bare(name)
    if wanted in {"", LAST}:
        path = ctx.about or (await _written_last(ctx) if wanted else "")
        if not path:
            raise NotFound(key="note.which")
        return path
    paths = await meant(ctx, wanted)
    if len(paths) == 1:
        return paths[0]
    buttons = [Button(path, intent, {**args, slot: path}) for path in paths[:CHOICES]]
    return Reply(text=say(language, "note.which"), buttons=tuple(buttons), reaction="🤔")


async def _written_last(ctx: Context) -> str:
    """The note that this conversation wrote to last; "" for none."""
    for effect in await ctx.ports.effects.newest(ctx.message.conversation, LOOK_BACK):
        path = effect.to or effect.path
        if await _stands(ctx, path):
            return path
    return ""


async def meant(ctx: Context, name: str) -> list[str]:
    """The notes that a person may mean by this name, the likeliest first. Raises NotFound."""
    found = matching(await ctx.ports.vault.notes(), name.strip())
    if not found:
        raise NotFound(key="note.unknown", name=name)
    return sorted(found, key=len)
