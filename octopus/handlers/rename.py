"""Rename or move a note, with every link to it and in it kept right."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from octopus.core.effect import Edit, Effect
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound, PathError, Refused, TooLarge, Undecodable
from octopus.handlers.note import meant
from octopus.handlers.show import CHOICES, bare
from octopus.language.catalogue import say
from octopus.obsidian.base import rewrite_base
from octopus.obsidian.canvas import rewrite_canvas
from octopus.obsidian.name import UNTITLED, numbered_path, safe_name
from octopus.obsidian.path import NOTE, folder, is_note, join, key, normal, stem, suffix
from octopus.obsidian.rename import Moves, links_hold, may_link, rewrite_links
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.settings import read_settings
from octopus.obsidian.text import read

#: What can hold links to a note.
LINKING = {NOTE, ".canvas", ".base"}

#: Files named in one reply that still have the old name.
NAMED = 8


@handler("note.rename", capability=Capability.CHANGE, deadline=600.0)
async def rename(ctx: Context, from_: str, to: str) -> Reply:
    """Rename or move a note and keep the links to it"""
    made = await ctx.ports.effects.of_job(ctx.job.id)
    if made:  # an earlier run had begun, so the note may have its new name already
        return await _move(ctx, made[0].path, made[0].to, made)
    language = ctx.meaning.language
    found = await meant(ctx, bare(from_))
    if len(found) > 1:
        buttons = [Button(path, "note.rename", {"from": path, "to": to}) for path in found]
        text = say(language, "note.which")
        return Reply(text=text, buttons=tuple(buttons[:CHOICES]), reaction="🤔")
    old, files = found[0], await ctx.ports.vault.paths()
    new = place(old, bare(to), files)
    if stem(new) == UNTITLED != stem(old):
        raise Refused(say(language, "rename.no_name", name=to))
    if new == old:
        raise Refused(say(language, "rename.same", path=old))
    if key(new) != key(old) and await ctx.ports.vault.exists(new):
        return _taken(ctx, old, new, files)
    return await _move(ctx, old, new, ())


def place(old: str, to: str, files: Sequence[str]) -> str:
    """Where the note goes: a bare name stays in its folder, "/" is the vault's root.

    "Folder/" keeps the note's name. Folders that are there are taken as they are spelled; new
    names are made portable. Raises Refused for a way out of the vault.
    """
    wanted = posixpath.join(to, posixpath.basename(old)) if to.endswith("/") else to
    try:
        parts = normal(wanted if "/" in wanted else join(folder(old), wanted)).split("/")
    except PathError as error:
        raise Refused(str(error)) from error
    known = {key(above): above for path in files for above in _folders(path)}
    here = ""
    for part in parts[:-1]:
        here = known.get(key(join(here, part)), join(here, safe_name(part)))
    name = parts[-1][: -len(NOTE)] if is_note(parts[-1]) else parts[-1]
    same = name == stem(old)
    return join(here, posixpath.basename(old) if same else safe_name(name) + NOTE)


def _folders(path: str) -> list[str]:
    above = [folder(path)]
    while above[-1]:
        above.append(folder(above[-1]))
    return above[:-1]


def _taken(ctx: Context, old: str, new: str, files: Sequence[str]) -> Reply:
    """Another file is called so: a name that is free, or a look at it."""
    language = ctx.meaning.language
    known = {key(path): path for path in files}
    free = numbered_path(new, lambda path: key(path) in known)
    label = say(language, "button.call_it", name=stem(free))
    buttons = [Button(label, "note.rename", {"from": old, "to": f"/{free}"})]
    there = known.get(key(new), new)
    if there in files:
        buttons.append(Button(say(language, "button.show"), "note.open", {"note": there}))
    text = say(language, "rename.taken", path=there)
    return Reply(text=text, buttons=tuple(buttons), reaction="🤔", about=old)


async def _move(ctx: Context, old: str, new: str, made: Sequence[Effect]) -> Reply:
    """Move first: where that fails, nothing has happened. Then the links, file by file."""
    files = await ctx.ports.vault.paths()
    before = Resolver(path for path in files if path != new)
    before.add(old)
    form = read_settings({"app.json": await ctx.ports.vault.text_of("app.json")}).app.link_format
    moves = Moves.plan({old: new}, before, form)
    moved = await ctx.effects.move(old, new)
    done, step = set[str](), 1
    changed, left = 0, list[str]()
    for effect in made[1:]:  # in the same order again, with the same numbers
        for _ in range(effect.step - step - 1):
            ctx.effects.skip()
        step = effect.step
        done.add(effect.path)
        if await _rewrite(ctx, effect.path, moves):
            changed += 1
        else:
            left.append(effect.path)
    for path in sorted({*files, new} - {old} - done):
        if suffix(path) in LINKING and (needed := await _needed(ctx, path, moves)) is not None:
            if needed and await _rewrite(ctx, path, moves):
                changed += 1
            else:
                left.append(path)
    return _renamed(ctx, moved, changed, left)


def _source(path: str, moves: Moves) -> str:
    """Where the file was before."""
    return next((old for old, new in moves.moved.items() if new == path), path)


def _rewritten(data: bytes, path: str, moves: Moves) -> bytes:
    source = _source(path, moves)
    if suffix(path) == ".canvas":
        return rewrite_canvas(data, moves.moved)
    if suffix(path) == ".base":
        return rewrite_base(data, source, moves)
    return rewrite_links(data, source, moves)


async def _needed(ctx: Context, path: str, moves: Moves) -> bool | None:
    """Whether links of this file have to change; None: no. False: they had to, but cannot."""
    try:
        data = await ctx.ports.vault.read(path)
    except (TooLarge, PathError):
        return None  # no note is that long, and a link out of the vault is none of ours
    source = _source(path, moves)
    if data is None or (source == path and not may_link(data, moves.names)):
        return None
    try:
        new = _rewritten(data, path, moves)
    except Undecodable:
        broken = not is_note(path) and any(name in key(read(data)) for name in moves.names)
        return False if broken or not links_hold(data, data, source, moves) else None
    if new != data:
        return True
    return None if not is_note(path) or links_hold(data, data, source, moves) else False


async def _rewrite(ctx: Context, path: str, moves: Moves) -> bool:
    """Write one file; False where it must not be touched (any more)."""

    def transform(now: bytes | None) -> bytes:
        if now is None:
            raise NotFound
        return _rewritten(now, path, moves)

    try:
        await ctx.effects.apply(Edit(path, transform))
    except (NotFound, Refused, Undecodable, TooLarge):
        return False
    return True


def _renamed(ctx: Context, moved: Effect, changed: int, left: Sequence[str]) -> Reply:
    language = ctx.meaning.language
    lines = [say(language, "rename.done", path=moved.to)]
    if changed:
        lines.append(say(language, "rename.links", count=changed))
    if left:
        names = ", ".join(left[:NAMED]) + (" …" if len(left) > NAMED else "")
        lines.append(say(language, "rename.left", paths=names))
    undo = Button(say(language, "button.undo"), "undo", {"effect": moved.id})
    replaces = ctx.message.message_id if ctx.message.press else ""
    text = "\n".join(lines)
    return Reply(text=text, buttons=(undo,), reaction="✍", replaces=replaces, about=moved.to)
