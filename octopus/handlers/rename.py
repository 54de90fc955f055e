"""Rename or move a note, with every link to it and in it kept right."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from octopus.core.effect import Change, Edit, Effect
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.writer import BATCH
from octopus.errors import NotFound, PathError, Refused, TooLarge, Undecodable
from octopus.handlers.note import meant
from octopus.handlers.show import CHOICES, bare, matching
from octopus.handlers.tick import earlier, named
from octopus.handlers.todos import known
from octopus.language.catalogue import say
from octopus.obsidian.base import rewrite_base
from octopus.obsidian.canvas import rewrite_canvas
from octopus.obsidian.conflict import copy_of
from octopus.obsidian.name import UNTITLED, numbered_path, safe_name
from octopus.obsidian.path import NOTE, folder, is_note, join, key, normal, stem, suffix
from octopus.obsidian.rename import Moves, links_hold, may_link, rewrite_links
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.settings import read_settings
from octopus.obsidian.text import read

#: What can hold links to a note, beside notes.
LINKING = {".canvas", ".base"}

#: Files that are read in one go.
READ = 500

#: Files named in one reply that still have the old name.
NAMED = 8


@handler("note.rename", capability=Capability.CHANGE, deadline=600.0)
async def rename(ctx: Context, from_: str, to: str, or_todo: bool = False) -> Reply:
    """Rename or move a note and keep the links to it"""
    made = await ctx.ports.effects.of_job(ctx.job.id)
    if or_todo and (reply := await _of_todo(ctx, from_, to)) is not None:
        return reply
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


async def _of_todo(ctx: Context, name: str, to: str) -> Reply | None:
    """The same for a to-do, where no note is called so; None where none is either."""
    if await earlier(ctx) is None:
        if await ctx.effects.recorded() or matching(await ctx.ports.vault.notes(), bare(name)):
            return None
        if not named(ctx, name, await known(ctx), lambda todo: todo.open):
            return None
    args = {"query": name, "words": to}
    reply = await ctx.skills["todo.edit"].run(ctx, **args)
    return replace(reply, did={"intent": "todo.edit", "args": args})


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
    moves = await planned(ctx, {old: new})
    moved = await ctx.effects.move(old, new)
    report = Report()
    done = await rewrite_links_in(ctx, made[1:], moves, report)
    await rewrite_links_to(ctx, [old, new], {*done, old}, moves, report)
    return _renamed(ctx, moved, report)


async def planned(ctx: Context, moved: Mapping[str, str]) -> Moves:
    """What links mean before and after; as seen before the first step, in a second run too."""
    files = await ctx.ports.vault.paths()
    made = await ctx.ports.effects.of_job(ctx.job.id)
    gone = {effect.to for effect in made if effect.to}
    before = Resolver(path for path in files if path not in gone)
    for old in moved:
        before.add(old)
    form = read_settings({"app.json": await ctx.ports.vault.text_of("app.json")}).app.link_format
    return Moves.plan(moved, before, form)


async def rewrite_links_in(
    ctx: Context, made: Sequence[Effect], moves: Moves, report: Report
) -> set[str]:
    """The files that an earlier run of the job began with: again, under the same numbers."""
    for effect in made:
        ctx.effects.skip_to(effect)
        report.add(effect.path, await _rewrite(ctx, effect.path, moves))
    return {effect.path for effect in made}


async def rewrite_links_to(
    ctx: Context, names: Sequence[str], done: Collection[str], moves: Moves, report: Report
) -> None:
    """Every file with a link by one of these names, but for those that are done.

    Conflict copies are no notes yet, but what is taken over from them one day would bring the old
    links back.
    """
    seeking = await ctx.ports.notes.seeking(names)
    files = await ctx.ports.vault.paths()
    other = [path for path in files if suffix(path) in LINKING or (is_note(path) and copy_of(path))]
    inside = [new for old, new in moves.moved.items() if old in done]
    await _rewrite_all(ctx, sorted({*seeking, *other, *inside} - {*done}), moves, report)


@dataclass(slots=True)
class Report:
    """What became of the files that had to change."""

    changed: int = 0
    left: list[str] = field(default_factory=list)

    def add(self, path: str, written: bool) -> None:
        """One file."""
        if written:
            self.changed += 1
        else:
            self.left.append(path)

    def lines(self, language: str) -> list[str]:
        """The same for the owner."""
        lines = [say(language, "rename.links", count=self.changed)] if self.changed else []
        if self.left:
            names = ", ".join(self.left[:NAMED]) + (" …" if len(self.left) > NAMED else "")
            lines.append(say(language, "rename.left", paths=names))
        return lines


async def _rewrite_all(ctx: Context, paths: Sequence[str], moves: Moves, report: Report) -> None:
    """Look at files, and write those of which a link has to change."""
    batch: list[tuple[Change, bytes | None]] = []
    for begin in range(0, len(paths), READ):
        part = paths[begin : begin + READ]
        for path, data in zip(part, await ctx.ports.vault.read_all(part), strict=True):
            if data is None:
                continue  # gone, too long for a note, or reached by a link: none of ours
            new = _new_content(data, path, moves)
            if new is None:
                report.add(path, written=False)
            elif new != data:
                batch.append((_rewriting(path, moves, (data, new)), data))
            if len(batch) == BATCH:
                await _write(ctx, batch, report)
                batch = []
    await _write(ctx, batch, report)


async def _write(
    ctx: Context, batch: Sequence[tuple[Change, bytes | None]], report: Report
) -> None:
    for (change, _), made in zip(batch, await ctx.effects.apply_all(batch), strict=True):
        report.add(change.path, isinstance(made, Effect))


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


def _new_content(data: bytes, path: str, moves: Moves) -> bytes | None:
    """The file with its links kept right; None where they had to change, but cannot."""
    source = _source(path, moves)
    if source == path and not may_link(data, moves.names):
        return data
    try:
        new = _rewritten(data, path, moves)
    except Undecodable:
        broken = not is_note(path) and any(name in key(read(data)) for name in moves.names)
        return None if broken or not links_hold(data, data, source, moves) else data
    if new != data or not is_note(path):
        return new
    return data if links_hold(data, data, source, moves) else None


def _rewriting(path: str, moves: Moves, known: tuple[bytes, bytes] | None = None) -> Edit:
    """The change of one file; ``known`` is a content with what becomes of it."""

    def transform(now: bytes | None) -> bytes:
        if now is None:
            raise NotFound
        return known[1] if known and now == known[0] else _rewritten(now, path, moves)

    return Edit(path, transform)


async def _rewrite(ctx: Context, path: str, moves: Moves) -> bool:
    """Write one file; False where it must not be touched (any more)."""
    try:
        await ctx.effects.apply(_rewriting(path, moves))
    except (NotFound, Refused, Undecodable, TooLarge):
        return False
    return True


def _renamed(ctx: Context, moved: Effect, report: Report) -> Reply:
    language = ctx.meaning.language
    lines = [say(language, "rename.done", path=moved.to), *report.lines(language)]
    undo = Button(say(language, "button.undo"), "undo", {"effect": moved.id})
    replaces = ctx.message.message_id if ctx.message.press else ""
    text = "\n".join(lines)
    return Reply(
        text=text,
        buttons=(undo,),
        reaction="✍",
        replaces=replaces,
        about=moved.to,
        left=tuple(report.left),
    )
