"""Change a note as its owner says it in words; what is not understood is asked about."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import partial

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import Undecodable
from octopus.handlers.change import append_only, insert, prepend, property_, replace
from octopus.handlers.note import append, chosen
from octopus.language.catalogue import say
from octopus.language.change import Wish, wish
from octopus.obsidian.edit import Source, open_source
from octopus.obsidian.find import find_text

#: From which likeness on a word may be a corrected spelling of another one.
LIKENESS = 0.6

#: Words of a note that are compared; more would take long, and be a riddle.
WORDS = 2_000

_WORD = re.compile(r"[\w][\w./:@+-]*[\w]|\w")


@handler("note.edit", capability=Capability.CHANGE)
async def edit(ctx: Context, change: str, note: str = "") -> Reply:
    """Change a note: “replace X with Y”, “set status to done”, “add tag #home”"""
    path = await chosen(ctx, note, "note.edit", {"change": change})
    if isinstance(path, Reply):
        return path
    try:
        source = open_source(await ctx.ports.vault.read(path) or b"")
    except Undecodable as error:
        return append_only(ctx, path, error, change)
    wanted = wish(change, ctx.meaning.language)
    if wanted is None:
        return _ask(ctx, path, change, source)
    return await _do(ctx, path, wanted, source)


async def _do(ctx: Context, path: str, wanted: Wish, source: Source) -> Reply:
    args = dict(wanted.args)
    value = args.get("tag") or args.get("value")
    if wanted.kind in ("set", "add", "take", "drop"):
        return await property_(ctx, args["name"], value, path, wanted.kind)
    if wanted.kind == "under":
        return await insert(ctx, args["text"], path, args["heading"])
    if wanted.kind == "section":
        return await replace(ctx, args["text"], path, heading=args["heading"])
    if wanted.kind == "start":
        return await prepend(ctx, args["text"], path)
    if wanted.kind == "end":
        return await append(ctx, args["text"], path)
    old, new = args["old"], args.get("new", "")
    names = {name.casefold() for name in source.note.properties}
    if new and not find_text(source, old) and old.casefold() in names:
        return await property_(ctx, old, new, path)  # "change status to done"
    return await replace(ctx, new, path, old)


def _ask(ctx: Context, path: str, change: str, source: Source) -> Reply:
    """One question: what shall be done with these words?"""
    language = ctx.meaning.language
    buttons = []
    if pair := _corrected(source, change):
        old, new = pair
        label = say(language, "button.replace", old=old, new=new)
        buttons.append(Button(label, "note.replace", {"note": path, "old": old, "text": new}))
    button = partial(Button, args={"note": path, "text": change})
    buttons.append(button(say(language, "button.at_end"), "note.append"))
    buttons.append(button(say(language, "button.at_start"), "note.prepend"))
    buttons.append(Button(say(language, "button.save_note"), "note.add", {"text": change}))
    text = say(language, "edit.unclear", path=path)
    return Reply(text=text, buttons=tuple(buttons), reaction="🤔", about=path)


def _corrected(source: Source, change: str) -> tuple[str, str] | None:
    """A word of the note and the word of the change that is most like it, where one is.

    "It's BX-210" about a note that says BX-200 means that.
    """
    said = [word for word in _WORD.findall(change) if len(word) > 2]
    there = set(_WORD.findall(source.text, source.note.body)[:WORDS])
    if len(said) > 20:
        return None
    best: tuple[float, str, str] | None = None
    for new in said:
        for old in there - {new} if new not in there else ():
            likeness = SequenceMatcher(None, old.casefold(), new.casefold()).ratio()
            if likeness >= LIKENESS and (best is None or likeness > best[0]):
                best = likeness, old, new
    return best[1:] if best else None
