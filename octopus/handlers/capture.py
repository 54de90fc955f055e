"""Keep what came with files, and what others wrote: attachments beside a note that embeds them."""

from __future__ import annotations

import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from octopus.core.effect import Edit, Effect, EffectState
from octopus.core.handler import Context, handler
from octopus.core.job import State
from octopus.core.message import Attachment, Message, Origin, Reply
from octopus.core.policy import Capability
from octopus.core.route import Route
from octopus.core.wording import told
from octopus.errors import DeliveryRefused, PathError, TooLarge
from octopus.handlers.note import encode, free_names, note_name, receipt
from octopus.language.catalogue import say
from octopus.obsidian import edit
from octopus.obsidian.name import UNTITLED, safe_name
from octopus.obsidian.path import NOTE, join, note_path
from octopus.obsidian.plain import plain_line
from octopus.obsidian.settings import attachment_folder, read_settings
from octopus.obsidian.template import render, variables

#: Obsidian plays .ogg and not .oga or .opus (Obsidian help, "Accepted file formats").
_ENDINGS = {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "video_note": ".mp4"}
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ENDING = re.compile(r"[A-Za-z0-9_-]{1,12}")
_RENAMED = {".oga": ".ogg", ".opus": ".ogg", ".jpe": ".jpg"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the files of one message."""

    paths: tuple[str, ...]
    refused: tuple[str, ...]  # a sentence for each file that could not be had


@handler("capture", capability=Capability.ADD)
async def capture(ctx: Context, route: str = "", path: str = "", text: str | None = None) -> Reply:
    """Keep files, forwards and what the owner's routes name, each in its note"""
    message = ctx.message if text is None else replace(ctx.message, text=text)
    chosen = next((each for each in ctx.house.routes if each.name == route), None)
    place = _place(ctx, message, chosen)
    kept = await _keep_files(ctx, place)
    if not kept.paths and not message.text.strip() and not message.origin:
        if not message.attachments:
            return Reply(text=say(ctx.meaning.language, "note.empty"), reaction="🤔")
        return Reply(text="\n".join(kept.refused), reaction="🤷", failed=True)
    album = await _earlier_part(ctx)
    if album is not None:
        effect = await _append(ctx, album, kept.paths)
    elif chosen is not None and chosen.append:
        effect = await _add_to(ctx, place, chosen, _filled(ctx, message, chosen, kept.paths))
    else:
        body = _filled(ctx, message, chosen, kept.paths)
        if message.origin:
            body = _marked(message.origin, chosen, body)
        data = encode(body)
        effect = await ctx.effects.create(free_names("", place[: -len(NOTE)]), data)
    reply = receipt(ctx, effect, "note.saved")
    if kept.refused:
        text = "\n".join((reply.text, *kept.refused))
        return replace(reply, text=text, reaction="🤔", receipt=False)
    return reply


def _title(message: Message) -> str:
    """What the note is named after: the words, the sender of a forward, the first file."""
    if message.text.strip():
        return message.text
    if message.origin:
        return message.origin.name or message.origin.kind
    file = message.attachments[0]
    return file.name.rpartition(".")[0] or file.name or file.kind.replace("_", " ").capitalize()


def _place(ctx: Context, message: Message, route: Route | None) -> str:
    """The path of the note. What others named can be a name in it, never a way out."""
    if route is None:
        return join(ctx.house.inbox, f"{note_name(_title(message), ctx.now)}{NOTE}")
    values = {name: _name(value) for name, value in _values(message, ()).items()}
    title = _name(next(iter(_title(message).splitlines()), ""))
    language = ctx.house.language
    try:
        filled = render(route.to, title=title, now=ctx.now, language=language, values=values)
        return note_path(filled)
    except PathError:  # a folder that is nothing but what was filled in, too long, and the like
        return join(ctx.house.inbox, f"{note_name(_title(message), ctx.now)}{NOTE}")


def _name(text: str) -> str:
    return safe_name(text, characters=80, size=150) if text.strip() else UNTITLED


def _values(message: Message, paths: Sequence[str]) -> dict[str, str]:
    """What templates may hold beside dates."""
    url = _URL.search(message.text)
    origin = message.origin
    file = posixpath.basename(paths[0]) if paths else ""
    named = message.attachments[0].name if message.attachments else ""
    return {
        "text": message.text,
        "url": url[0].rstrip(".,;:!?)'") if url else origin.link if origin else "",
        "source": _line(origin.name) if origin else "",
        "filename": _line(file or named),
        "files": _embeds(paths),
        "topic": _line(message.topic_name or message.topic),
    }


def _line(text: str) -> str:
    """A name on one line: in properties it can add no other one."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _filled(ctx: Context, message: Message, route: Route | None, paths: Sequence[str]) -> str:
    """What is written: the text as it came and its files, as the route wants them."""
    if route is None or not route.content:
        return "\n\n".join(part for part in (message.text, _embeds(paths)) if part)
    values = _values(message, paths)
    title = next(iter(_title(message).splitlines()), "")
    body = render(
        route.content, title=title, now=ctx.now, language=ctx.house.language, values=values
    )
    names = set(variables(route.content))
    if paths and "files" not in names:  # no file is kept without a note that shows it
        body = f"{body}\n\n{_embeds(paths)}"
    return body


async def _add_to(ctx: Context, path: str, route: Route, text: str) -> Effect:
    """At the end of a note of the owner's; what others wrote stands there as a quote of theirs."""
    if ctx.message.origin:
        text = quoted(ctx.message.origin, text)
    heading = route.heading or None
    if not await ctx.effects.recorded() and await ctx.ports.vault.read(path) is None:
        data = edit.append(None, text, heading=heading, create=True)
        return await ctx.effects.create(chain([path], free_names("", path[: -len(NOTE)])), data)
    if made := await ctx.effects.repeated():
        return made
    # Two quotes with nothing between them would be one.
    new = f"\n{text}" if ctx.message.origin else text
    return await ctx.effects.apply(
        Edit(path, lambda old: edit.append(old, new, heading=heading, create=True), encode(text))
    )


def quoted(origin: Origin, text: str) -> str:
    """A callout that holds a foreign text and says whose it is."""
    lines = [f"> [!quote] source: {plain_line(_who(origin))}"]
    if origin.link:
        lines.append(f"> <{origin.link}>")
    return "\n".join([*lines, *(f"> {line}".rstrip() for line in text.splitlines())])


def _who(origin: Origin) -> str:
    return f"{origin.kind.replace('_', ' ')} {origin.name}".strip()


def _embeds(paths: Sequence[str]) -> str:
    return "\n".join(f"![[{path}]]" for path in paths)


def _marked(origin: Origin, route: Route | None, body: str) -> str:
    """The body below properties that say whose it is, together with those of the template."""
    ours = source(origin)
    if route is None or not route.content.startswith("---\n"):
        return ours + body
    head = route.content.split("\n---", 1)[0]
    named = {line.partition(":")[0] for line in head.splitlines()}
    lines = [line for line in ours.splitlines()[1:-1] if line.partition(":")[0] not in named]
    return "\n".join(["---", *lines, body.removeprefix("---\n")])


def source(origin: Origin) -> str:
    """Properties that say who wrote a text that the owner did not write."""
    lines = [f"source: {_yaml(_who(origin))}"]
    if origin.link:
        lines.append(f"url: {_yaml(origin.link)}")
    lines.append(f"date: {origin.date:%Y-%m-%dT%H:%M:%S}")
    return "---\n" + "\n".join(lines) + "\n---\n"


def _yaml(text: str) -> str:
    """Foreign text as a YAML scalar that links to nothing, what cannot be seen escaped."""
    text = text.replace("[[", "[ [").replace("]]", "] ]")
    shown = (c if c.isprintable() else f"\\U{ord(c):08x}" for c in edit.whole(text))
    return '"' + "".join(f"\\{c}" if c in '"\\' else c for c in shown) + '"'


async def _earlier_part(ctx: Context) -> Effect | None:
    """The note of the same album, when this picture came after it was made."""
    message = ctx.message
    if not message.album:
        return None
    for job in await ctx.ports.journal.album(message.conversation, message.album):
        if job.id < ctx.job.id and job.state is State.DONE:
            made = await ctx.ports.effects.of_job(job.id)
            note = made[-1] if made and made[-1].state is EffectState.DONE else None
            if note and await ctx.ports.vault.read(note.path) is not None:
                return note
    return None


async def _append(ctx: Context, note: Effect, paths: Sequence[str]) -> Effect:
    parts = [ctx.message.text, _embeds(paths)]
    text = "\n\n".join(part for part in parts if part)
    return await ctx.effects.apply(
        Edit(note.path, lambda old: edit.append(old, text), encode(text))
    )


async def _keep_files(ctx: Context, note: str) -> Kept:
    app = read_settings({"app.json": await ctx.ports.vault.text_of("app.json")}).app
    folder = attachment_folder(app, note)
    paths, refused = [], []
    for file in ctx.message.attachments:
        try:
            paths.append(await _keep_file(ctx, folder, file))
        except DeliveryRefused as error:
            ctx.effects.skip()
            refused.append(told(say, ctx.meaning.language, error))
    return Kept(tuple(paths), tuple(refused))


async def _keep_file(ctx: Context, folder: str, file: Attachment) -> str:
    limit = ctx.house.attachment_limit
    name = file.name or file.kind.replace("_", " ")
    too_big = DeliveryRefused(key="file.too_big", name=name, limit=limit // (1024 * 1024))
    if file.size > limit:
        raise too_big
    if made := await ctx.effects.repeated():  # it may not be there to be fetched any more
        return made.path
    data = await ctx.fetch(file)
    if len(data) > limit:
        raise too_big
    stem, ending = _file_name(file, data)
    if not await ctx.effects.recorded() and (same := await _same(ctx, folder, stem, ending, data)):
        ctx.effects.skip()
        return same
    return (await ctx.effects.create(free_names(folder, stem, ending), data)).path


async def _same(ctx: Context, folder: str, stem: str, ending: str, data: bytes) -> str:
    """Where the same file is already, sent once before; "" for nowhere."""
    for path in free_names(folder, stem, ending):
        try:
            there = await ctx.ports.vault.read(path)
        except TooLarge:
            continue
        if there == data:
            return path
        if there is None:
            return ""
    return ""


def _file_name(file: Attachment, data: bytes) -> tuple[str, str]:
    """A name without its ending, and the ending.

    What has no name of its own is named after its content: sent again, it is the same file.
    """
    name, dot, last = file.name.rpartition(".")
    named = bool(name and dot and _ENDING.fullmatch(last))
    ending = f".{last.lower()}" if named else ""
    ending = ending or _ENDINGS.get(file.kind) or mimetypes.guess_extension(file.mime) or ".bin"
    stem = safe_name(name if named else file.name, characters=80, size=150)
    if not file.name.strip():
        stem = f"{file.kind.replace('_', ' ').capitalize()} {hashlib.sha256(data).hexdigest()[:12]}"
    return stem, _RENAMED.get(ending, ending)
