"""Keep a link with its words, and with the title of its page where the owner allows to ask."""

from __future__ import annotations

from itertools import chain

from octopus.core.effect import Edit, Effect
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound
from octopus.handlers.note import encode, free_names, meant, note_name, receipt
from octopus.handlers.show import CHOICES
from octopus.language.catalogue import say
from octopus.obsidian import edit
from octopus.obsidian.path import NOTE, note_path
from octopus.obsidian.plain import plain_line

#: Characters of a page's title that are kept.
TITLE = 160


@handler("link.save", capability=Capability.ADD)
async def save(ctx: Context, url: str, text: str = "", note: str = "") -> Reply:
    """Keep a link with a few words about it"""
    language = ctx.meaning.language
    path = ctx.house.link_note
    if note:
        try:
            found = await meant(ctx, note)
        except NotFound:
            found = [note_path(f"{ctx.house.inbox}/{note}" if ctx.house.inbox else note)]
        if len(found) > 1:
            what = {"url": url, "text": text}
            buttons = [Button(each, "link.save", what | {"note": each}) for each in found[:CHOICES]]
            text = say(language, "note.which")
            return Reply(text=text, buttons=tuple(buttons), reaction="🤔")
        path = found[0]
    if made := await ctx.effects.repeated():
        return receipt(ctx, made, "link.saved")
    title = await _title(ctx, url)
    line = f"[{title}]({_target(url)})" if title else url
    if path:
        effect = await _append(ctx, path, f"- {line} {text}".rstrip())
    else:
        # As it came, in its own words, unless there is a title to put in.
        body = (
            "\n\n".join(part for part in (line, text) if part) if title else _words(ctx, line, text)
        )
        names = free_names(ctx.house.inbox, note_name(title or text or url, ctx.now))
        effect = await ctx.effects.create(names, encode(body))
    return receipt(ctx, effect, "link.saved")


async def _title(ctx: Context, url: str) -> str:
    """What the page calls itself, as words and nothing else; "" where nobody may ask."""
    pages = ctx.ports.pages
    if pages is None or ctx.message.untrusted:
        return ""
    return plain_line(await pages.title(url), TITLE)


def _words(ctx: Context, url: str, text: str) -> str:
    """The message itself where it says just this; a button has no message."""
    whole = ctx.message.text.strip()
    return whole if url in whole and text in whole else f"{url} {text}".strip()


def _target(url: str) -> str:
    """The address as the target of a Markdown link: what would end it is encoded."""
    return url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


async def _append(ctx: Context, path: str, line: str) -> Effect:
    if not await ctx.effects.recorded() and await ctx.ports.vault.read(path) is None:
        names = chain([path], free_names("", path.removesuffix(NOTE)))
        return await ctx.effects.create(names, edit.append(None, line))
    return await ctx.effects.apply(Edit(path, lambda old: edit.append(old, line), encode(line)))
