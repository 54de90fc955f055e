"""Make notes from templates, and put templates into notes that are there."""

from __future__ import annotations

from functools import partial

from octopus.core.handler import Context, handler
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.core.wording import told
from octopus.errors import NotFound, TooLarge
from octopus.handlers.change import changed
from octopus.handlers.note import chosen, encode, free_names, receipt
from octopus.handlers.show import matching
from octopus.language.catalogue import say
from octopus.obsidian.daily import template_path
from octopus.obsidian.edit import append
from octopus.obsidian.insert import insert_template
from octopus.obsidian.name import safe_name
from octopus.obsidian.path import join, stem
from octopus.obsidian.settings import FILES, Templates, read_settings
from octopus.obsidian.template import has_templater, render
from octopus.obsidian.text import read


@handler("note.new", capability=Capability.ADD)
async def new(ctx: Context, title: str, text: str = "", template: str = "") -> Reply:
    """Make a note with a title of its own in the inbox, from a template where there is one"""
    name = safe_name(title)
    filled, problem = await _for_new(ctx, name, template)
    words = " ".join(title.split())
    if not filled and words != name:  # a title that no file name can hold
        text = f"# {words}\n\n{text}".rstrip()
    data = append(filled.encode("utf-8", "replace"), text) if filled and text else encode(text)
    effect = await ctx.effects.create(
        free_names(ctx.house.inbox, name), data if text or not filled else encode(filled)
    )
    reply = receipt(ctx, effect, "note.saved")
    return reply if not problem else _with(reply, problem)


def _with(reply: Reply, line: str) -> Reply:
    return Reply(
        text=f"{reply.text}\n{line}", buttons=reply.buttons, reaction="🤔", about=reply.about
    )


@handler("note.template", capability=Capability.ADD)
async def insert(ctx: Context, template: str, note: str = "") -> Reply:
    """Add a template to the end of a note, its properties to those of the note"""
    path = await chosen(ctx, note, "note.template", {"template": template})
    if isinstance(path, Reply):
        return path
    text = await _template(ctx, template)
    if has_templater(text):
        return Reply(text=say(ctx.meaning.language, "template.templater"), failed=True)
    filled = await _filled(ctx, text, stem(path))
    return await changed(ctx, path, partial(insert_template, filled=filled))


async def _for_new(ctx: Context, name: str, template: str) -> tuple[str, str]:
    """The text of a new note before anything is put in, and what has to be said about it.

    A template asked for by name must be there; where the owner's own one is missing or only
    Obsidian can fill it in, the note is plain.
    """
    language, wanted = ctx.meaning.language, template or ctx.house.template
    if not wanted:
        return "", ""
    try:
        text = await _template(ctx, wanted)
    except NotFound as error:
        if template:
            raise
        return "", told(say, language, error)
    if has_templater(text):
        return "", say(language, "template.templater")
    return await _filled(ctx, text, name), ""


async def _filled(ctx: Context, text: str, title: str) -> str:
    return render(text, title=title, now=ctx.now, templates=await _templates(ctx))


async def _templates(ctx: Context) -> Templates:
    texts = {name: await ctx.ports.vault.text_of(name) for name in FILES}
    return read_settings(texts).templates


async def _template(ctx: Context, wanted: str) -> str:
    """The text of a template: by its path, in the templates' folder, or by its name alone."""
    path, folder = template_path(wanted), (await _templates(ctx)).folder
    notes = await ctx.ports.vault.notes()
    inside = [each for each in notes if folder and each.startswith(f"{folder}/")]
    names = [path, join(folder, path)]
    found = next((name for name in names if name in notes), None)
    found = found or next(iter(matching(inside, wanted) or matching(notes, wanted)), None)
    try:
        data = await ctx.ports.vault.read(found) if found else None
    except TooLarge:
        data = None
    if data is None:
        raise NotFound(key="template.none", name=wanted)
    return read(data)
