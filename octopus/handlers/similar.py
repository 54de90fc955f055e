"""Find notes about the same as one that the owner names or has just opened."""

from __future__ import annotations

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.wording import told
from octopus.errors import NotFound
from octopus.handlers.note import meant
from octopus.handlers.search import PAGE, listing, open_buttons, up_to_date
from octopus.handlers.show import CHOICES, bare
from octopus.language.catalogue import say


@handler("similar", capability=Capability.READ, command="similar")
async def similar(ctx: Context, note: str = "") -> Reply:
    """Find notes about the same: /similar Groceries"""
    language = ctx.meaning.language
    name = bare(note) or ctx.about
    if not name:
        return Reply(text=say(language, "similar.usage"), reaction="🤔")
    paths = await meant(ctx, name)
    if len(paths) > 1:
        buttons = [Button(path, "similar", {"note": path}) for path in paths[:CHOICES]]
        return Reply(text=say(language, "note.which"), buttons=tuple(buttons), reaction="🤔")
    await up_to_date(ctx)
    try:
        found = await ctx.ports.index.similar(paths[0], limit=PAGE)
    except NotFound as error:  # the index leaves it out, and says in /index why
        return Reply(text=told(say, language, error), reaction="🤷", about=paths[0], failed=True)
    if not found.hits:
        text = say(language, "similar.none", path=paths[0])
        return Reply(text=text, reaction="🤷", about=paths[0])
    title = say(language, "similar.found", path=paths[0])
    return Reply(
        text=f"{title}\n\n{listing(language, found.hits)}",
        buttons=tuple(open_buttons(found.hits)),
        about=paths[0],
    )
