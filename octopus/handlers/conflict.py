"""Tell of the copies that sync tools left when two devices changed one file."""

from __future__ import annotations

from collections.abc import Sequence

from octopus.core.graph import ConflictCopy
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.handlers.search import short
from octopus.language.catalogue import say
from octopus.obsidian.path import is_note, stem

#: Copies named in one reply; the rest is counted.
NAMED = 10

#: Buttons that open one of them.
BUTTONS = 4


@handler("conflict.list", capability=Capability.READ, command="conflicts")
async def conflicts(ctx: Context) -> Reply:
    """Copies that sync tools left when two devices changed one file"""
    await ctx.ports.notes.settle()
    found = await ctx.ports.notes.conflicts()
    if not found:
        return Reply(text=say(ctx.meaning.language, "conflict.none"), reaction="👌")
    return _listed(ctx, "conflict.found", found)


@handler("conflict.notice", capability=Capability.READ)
async def notice(ctx: Context, paths: Sequence[str]) -> Reply:
    """Say that new conflict copies have appeared"""
    found = [each for each in await ctx.ports.notes.conflicts() if each.path in paths]
    return _listed(ctx, "conflict.new", found) if found else Reply(reaction="👌")


def _listed(ctx: Context, key: str, found: Sequence[ConflictCopy]) -> Reply:
    language = ctx.meaning.language
    lines = [say(language, key, count=len(found)), ""]
    for each in found[:NAMED]:
        kind = "conflict.copy" if each.certain else "conflict.suspect"
        lines.append(say(language, kind, path=each.path, original=each.original, tool=each.tool))
    if len(found) > NAMED:
        lines.append(say(language, "conflict.more", count=len(found) - NAMED))
    notes = [each.path for each in found if is_note(each.path)]
    buttons = (Button(short(stem(path)), "note.open", {"note": path}) for path in notes[:BUTTONS])
    return Reply(text="\n".join(lines), buttons=tuple(buttons))
