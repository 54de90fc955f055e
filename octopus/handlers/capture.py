"""Keep what came with files, and what others wrote: attachments beside a note that embeds them."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from octopus.core.effect import Edit, Effect, EffectState
from octopus.core.handler import Context, handler
from octopus.core.job import State
from octopus.core.message import Attachment, Message, Origin, Reply
from octopus.core.policy import Capability
from octopus.errors import DeliveryRefused, TooLarge
from octopus.handlers.note import encode, free_names, note_name, receipt
from octopus.language.catalogue import say
from octopus.obsidian import edit
from octopus.obsidian.name import safe_name
from octopus.obsidian.path import join
from octopus.obsidian.settings import attachment_folder, read_settings

#: Obsidian plays .ogg and not .oga or .opus (Obsidian help, "Accepted file formats").
_ENDINGS = {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "video_note": ".mp4"}
_ENDING = re.compile(r"[A-Za-z0-9_-]{1,12}")
_RENAMED = {".oga": ".ogg", ".opus": ".ogg", ".jpe": ".jpg"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the files of one message."""

    paths: tuple[str, ...]
    refused: tuple[str, ...]  # a sentence for each file that could not be had


@handler("capture", capability=Capability.ADD)
async def capture(ctx: Context) -> Reply:
    """Keep files and forwards as they came, in one note"""
    message = ctx.message
    name = note_name(_title(message), ctx.now)
    kept = await _keep_files(ctx, join(ctx.house.inbox, f"{name}.md"))
    if not kept.paths and not message.text.strip() and not message.origin:
        return Reply(text="\n".join(kept.refused), reaction="🤷", failed=True)
    album = await _earlier_part(ctx)
    if album is not None:
        effect = await _append(ctx, album, kept.paths)
    else:
        data = encode(_body(message, kept.paths))
        effect = await ctx.effects.create(free_names(ctx.house.inbox, name), data)
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


def _body(message: Message, paths: Sequence[str]) -> str:
    """The note: where it is from, the text as it came, the files."""
    parts = [message.text] if message.text else []
    if paths:
        parts.append(_embeds(paths))
    body = "\n\n".join(parts)
    return source(message.origin) + body if message.origin else body


def _embeds(paths: Sequence[str]) -> str:
    return "\n".join(f"![[{path}]]" for path in paths)


def source(origin: Origin) -> str:
    """Properties that say who wrote a text that the owner did not write."""
    kind = origin.kind.replace("_", " ")
    lines = [f"source: {_yaml(f'{kind} {origin.name}'.strip())}"]
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
            refused.append(str(error))
    return Kept(tuple(paths), tuple(refused))


async def _keep_file(ctx: Context, folder: str, file: Attachment) -> str:
    limit = ctx.house.attachment_limit
    name = file.name or file.kind.replace("_", " ")
    too_big = DeliveryRefused(
        say(ctx.meaning.language, "file.too_big", name=name, limit=limit // (1024 * 1024))
    )
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
