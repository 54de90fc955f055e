"""Show what hangs together with a note: who links to it, who names it, what it has not got yet."""

from __future__ import annotations

from collections.abc import Sequence

from octopus.core.graph import Mention, Reference
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound
from octopus.handlers.search import short
from octopus.handlers.show import CHOICES, bare, matching
from octopus.language.catalogue import say
from octopus.obsidian.path import is_note, stem

#: Places named of each kind; a phone shows no more without scrolling far.
PLACES = 8

#: Buttons that open one of the notes.
BUTTONS = 5


@handler("note.links", capability=Capability.READ, command="links")
async def links(ctx: Context, note: str = "") -> Reply:
    """Which notes link to a note or name it: /links Heat pump"""
    language, notes = ctx.meaning.language, ctx.ports.notes
    path = await one_note(ctx, note, "note.links", "links.usage")
    if isinstance(path, Reply):
        return path
    backlinks, mentions = await notes.backlinks(path), await notes.mentions(path)
    missing = [each for each in await notes.links(path) if each.resolved is None]
    blocks = [f"{path}\n{_linked(language, backlinks)}", _named(language, mentions)]
    blocks.append(_missing(language, missing))
    sources = [each.source for each in backlinks] + [each.source for each in mentions]
    return Reply(
        text="\n\n".join(filter(None, blocks)),
        buttons=tuple(_buttons(language, path, list(dict.fromkeys(sources)))),
        about=path,
    )


async def one_note(ctx: Context, note: str, intent: str, usage: str) -> str | Reply:
    """The note that is meant, with what hangs together with it known up to now; or what is said
    where none is named, or several are called so. Raises NotFound."""
    name = bare(note) or ctx.about
    if not name:
        return Reply(text=say(ctx.meaning.language, usage), reaction="🤔")
    await ctx.ports.notes.settle()
    found = await called(ctx, name)
    return found[0] if len(found) == 1 else which(ctx, found, intent)


async def called(ctx: Context, name: str) -> list[str]:
    """The notes that a person may mean by this name. Raises NotFound."""
    files = await ctx.ports.notes.files()
    found = matching([path for path in files if is_note(path)], name.strip())
    if not found:
        raise NotFound(say(ctx.meaning.language, "note.unknown", name=name))
    return found


def which(ctx: Context, paths: Sequence[str], intent: str) -> Reply:
    """Ask which of several notes is meant."""
    buttons = tuple(Button(path, intent, {"note": path}) for path in paths[:CHOICES])
    return Reply(text=say(ctx.meaning.language, "note.which"), buttons=buttons, reaction="🤔")


def _linked(language: str, found: Sequence[Reference]) -> str:
    if not found:
        return say(language, "links.none")
    places = [_place(language, each.source, each.line) for each in found]
    head = say(language, "links.linked", count=len(found))
    return "\n".join([head, *_listed(language, places)])


def _named(language: str, found: Sequence[Mention]) -> str:
    if not found:
        return ""
    places = [f"{_place(language, each.source, each.line)}\n  {each.text}" for each in found]
    head = say(language, "links.named", count=len(found))
    return "\n".join([head, *_listed(language, places)])


def _missing(language: str, found: Sequence[Reference]) -> str:
    names = list(dict.fromkeys(each.target for each in found))
    if not names:
        return ""
    shown = ", ".join(names[:PLACES]) + (" …" if len(names) > PLACES else "")
    return say(language, "links.missing", names=shown)


def _place(language: str, path: str, line: int | None) -> str:
    where = say(language, "search.where", path=path, line=line) if line else path
    return f"• {where}"


def _listed(language: str, places: Sequence[str]) -> list[str]:
    left = len(places) - PLACES
    return [*places[:PLACES], *([say(language, "links.more", count=left)] if left > 0 else [])]


def _buttons(language: str, path: str, sources: Sequence[str]) -> list[Button]:
    buttons = [
        Button(short(stem(source)), "note.open", {"note": source}) for source in sources[:BUTTONS]
    ]
    return [*buttons, Button(say(language, "button.picture"), "note.graph", {"note": path})]
