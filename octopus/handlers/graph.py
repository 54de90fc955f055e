"""Send a picture of a note and what is one and two links around it."""

from __future__ import annotations

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.handlers.links import BUTTONS, one_note
from octopus.handlers.search import short
from octopus.language.catalogue import say
from octopus.obsidian.path import is_note, stem
from octopus.obsidian.picture import picture

#: Nodes of a picture that a phone can still show readably.
MOST = 120


@handler("note.graph", capability=Capability.READ, command="graph")
async def graph(ctx: Context, note: str = "") -> Reply:
    """A picture of a note and the notes around it: /graph Heat pump"""
    language = ctx.meaning.language
    path = await one_note(ctx, note, "note.graph", "graph.usage")
    if isinstance(path, Reply):
        return path
    found = await ctx.ports.notes.neighbourhood(path, 2, MOST)
    if len(found.nodes) == 1:
        return Reply(text=say(language, "graph.alone", path=path), reaction="🤷", about=path)
    enclosure = await ctx.ports.pictures.draw(picture(found), stem(path))
    lines = [say(language, "graph.around", path=path, count=len(found.nodes) - 1)]
    if found.left_out:
        lines.append(say(language, "graph.left_out", count=found.left_out))
    near = [each.path for each in found.nodes if each.distance == 1 and each.exists]
    buttons = [
        Button(short(stem(each)), "note.graph", {"note": each}) for each in near if is_note(each)
    ]
    return Reply(
        text="\n".join(lines), buttons=tuple(buttons[:BUTTONS]), enclosure=enclosure, about=path
    )
