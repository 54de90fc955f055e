"""Put two notes together: one takes in the other, and every link to that one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from octopus.core.effect import Edit, Effect, digest
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound, Refused, Undecodable
from octopus.handlers.change import append_only
from octopus.handlers.note import chosen
from octopus.handlers.rename import Report, planned, rewrite_links_in, rewrite_links_to
from octopus.handlers.undo import trash_place
from octopus.language.catalogue import say
from octopus.obsidian.difference import difference
from octopus.obsidian.edit import open_source
from octopus.obsidian.merge import merge_notes, shared_blocks
from octopus.obsidian.path import stem
from octopus.obsidian.rename import Moves, rewrite_links
from octopus.obsidian.scan import scan
from octopus.obsidian.subpath import Sections
from octopus.obsidian.text import read


@handler("note.merge", capability=Capability.CHANGE, deadline=600.0)
async def merge(ctx: Context, into: str, note: str = "", agreed: str | bool = "") -> Reply:
    """Merge a note into another one, after asking; links to it go along"""
    made = await ctx.ports.effects.of_job(ctx.job.id)
    trashed = _trashed(made)
    if trashed is not None:  # an earlier run came to its last step
        return await _merge(ctx, trashed.path, made[0].path, made)
    other = await chosen(ctx, note, "note.merge", {"into": into, "agreed": agreed})
    if isinstance(other, Reply):
        return other
    target = await chosen(ctx, into, "note.merge", {"note": other, "agreed": agreed}, "into")
    if isinstance(target, Reply):
        return target
    if made:  # or began at least
        return await _merge(ctx, other, target, made)
    language = ctx.meaning.language
    if target == other:
        raise Refused(say(language, "merge.same", path=other))
    before = await ctx.ports.vault.read(target) or b""
    data = await ctx.ports.vault.read(other) or b""
    if shared := shared_blocks(data, before):
        raise Refused(say(language, "merge.same_block", path=other, into=target, id=shared[0]))
    try:
        moves = await _moves(ctx, other, target, before, data)
        after = _together(before, target, rewrite_links(data, other, moves), moves)
    except Undecodable as error:
        return append_only(ctx, target if _broken(before) else other, str(error))
    mark = (digest(before + b"\0" + data) or "")[:16]
    if agreed is True or agreed == mark:
        return await _merge(ctx, other, target, ())
    linking = len(await ctx.ports.notes.backlinks(other))
    lines = [
        say(language, "merge.ask", title=stem(other), into=target, path=other),
        difference(read(before), read(after)),
    ]
    if linking:
        lines.append(say(language, "merge.linked", count=linking, into=stem(target)))
    lines += await _mixed_up(ctx, other, data, moves)
    args = {"note": other, "into": target, "agreed": mark}
    button = Button(say(language, "button.merge"), "note.merge", args, confirm=True)
    return Reply(text="\n".join(lines), buttons=(button,), reaction="🤔", about=target)


async def _moves(ctx: Context, other: str, target: str, before: bytes, data: bytes) -> Moves:
    """What links mean before and after; those to a heading that both notes have, too."""
    moves = await planned(ctx, {other: target})
    whole = _together(before, target, rewrite_links(data, other, moves), moves)
    return replace(moves, sections=Sections.of(other, scan(read(data)), scan(read(whole))))


async def _mixed_up(ctx: Context, other: str, data: bytes, moves: Moves) -> list[str]:
    """Says which headings links can name no more: only the first of that name is found."""
    links = [(link.target, link.subpath) for link in scan(read(data)).links]
    own = [subpath for target, subpath in links if moves.before.resolve(target, other) == other]
    own += [subpath for target, subpath in links if not target]
    theirs = [each.subpath for each in await ctx.ports.notes.backlinks(other)]
    sections = moves.sections
    lost = [each for each in dict.fromkeys(own + theirs) if sections and sections.lost(each)]
    names = ", ".join(each.lstrip("#").replace("#", " › ") for each in lost)
    return [say(ctx.meaning.language, "merge.same_heading", headings=names)] if names else []


def _broken(data: bytes) -> bool:
    try:
        open_source(data)
    except Undecodable:
        return True
    return False


def _trashed(made: Sequence[Effect]) -> Effect | None:
    return next((effect for effect in made if effect.kind == "trash"), None)


def _together(into: bytes, target: str, moved: bytes, moves: Moves) -> bytes:
    """Both texts as one; what linked from one to the other links within the note now."""
    return merge_notes(rewrite_links(into, target, moves), moved)


async def _merge(ctx: Context, other: str, target: str, made: Sequence[Effect]) -> Reply:
    """The text first, then the links, and the other note to the trash last: a death in between
    leaves its text in both places rather than in none."""
    language = ctx.meaning.language
    trashed = _trashed(made)
    data = await _text(ctx, other, trashed)
    moves = await _moves(ctx, other, target, await _before(ctx, target, made), data)
    moved = rewrite_links(data, other, moves)

    def transform(now: bytes | None) -> bytes:
        if now is None:
            raise NotFound(say(language, "note.unknown", name=target))
        return _together(now, target, moved, moves)

    mixed_up = await _mixed_up(ctx, other, data, moves)
    merged = await ctx.effects.apply(Edit(target, transform, _added(moved)))
    report = Report()
    done = await rewrite_links_in(ctx, [e for e in made[1:] if e != trashed], moves, report)
    if trashed is None:
        await rewrite_links_to(ctx, [other], {*done, other, target}, moves, report)
    else:
        ctx.effects.skip_to(trashed)
    await ctx.effects.move(other, await trash_place(ctx, other), kind="trash")
    lines = [say(language, "merge.done", title=stem(other), into=target), *report.lines(language)]
    lines += mixed_up
    undo = Button(say(language, "button.undo"), "undo", {"effect": merged.id})
    replaces = ctx.message.message_id if ctx.message.press else ""
    text = "\n".join(lines)
    return Reply(text=text, buttons=(undo,), reaction="✍", replaces=replaces, about=target)


async def _before(ctx: Context, target: str, made: Sequence[Effect]) -> bytes:
    """The text of the note as it was before an earlier run of the job had put the other to it."""
    image = await ctx.ports.effects.image(made[0].id) if made else None
    return (image.before if image else await ctx.ports.vault.read(target)) or b""


async def _text(ctx: Context, other: str, trashed: Effect | None) -> bytes:
    """The text of the other note, wherever it is by now."""
    data = await ctx.ports.vault.read(other)
    if data is None and trashed is not None:
        data = await ctx.ports.vault.read(trashed.to)
    if data is None:
        raise NotFound(say(ctx.meaning.language, "note.unknown", name=other))
    return data


def _added(data: bytes) -> bytes:
    """The body as it comes into the other note, to be found there again."""
    text = read(data)
    return text[scan(text).body :].strip("\r\n").encode()
