"""Keep what came with files, and what others wrote: attachments beside a note that embeds them."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass

from octopus.core.effect import Edit, Effect
from octopus.core.handler import Context, handler
from octopus.core.job import State
from octopus.core.message import Attachment, Message, Origin, Reply
from octopus.core.policy import Capability
from octopus.errors import DeliveryRefused
from octopus.handlers.note import encode, free_names, note_name, receipt
from octopus.language.catalogue import say
from octopus.obsidian import edit
from octopus.obsidian.name import safe_name
from octopus.obsidian.path import join
from octopus.obsidian.settings import attachment_folder, read_settings

#: Obsidian plays .ogg and not .oga or .opus (Obsidian help, "Accepted file formats").
_ENDINGS = {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "video_note": ".mp4"}
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
    title = _title(message)
    note = join(ctx.house.inbox, note_name(title, ctx.now) + ".md")
    kept = await _keep_files(ctx, note)
    if not kept.paths and not message.text.strip() and not message.origin:
        return Reply(text="\n".join(kept.refused), reaction="🤷", failed=True)
    album = await _earlier_part(ctx)
    if album is not None:
        effect = await _append(ctx, album, kept.paths)
    else:
        data = encode(_body(message, kept.paths))
        names = free_names(ctx.house.inbox, note_name(title, ctx.now))
        effect = await ctx.effects.create(names, data)
    reply = receipt(ctx, effect, "note.saved")
    if kept.refused:
        return Reply(
            text="\n".join((reply.text, *kept.refused)),
            buttons=reply.buttons,
            reaction="🤔",
            about=reply.about,
        )
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
        parts.append("\n".join(f"![[{path}]]" for path in paths))
    body = "\n\n".join(parts)
    return source(message.origin) + body if message.origin else body


def source(origin: Origin) -> str:
    """Properties that say who wrote a text that the owner did not write."""
    kind = origin.kind.replace("_", " ")
    lines = [f"source: {_yaml(f'{kind} {origin.name}'.strip())}"]
    if origin.link:
        lines.append(f"url: {_yaml(origin.link)}")
    lines.append(f"date: {origin.date:%Y-%m-%dT%H:%M:%S}")
    return "---\n" + "\n".join(lines) + "\n---\n"


def _yaml(text: str) -> str:
    """Text as a double-quoted YAML scalar; JSON's strings are a subset of those."""
    return json.dumps(text, ensure_ascii=False)


async def _earlier_part(ctx: Context) -> Effect | None:
    """The note of the same album, when this picture came after it was made."""
    message = ctx.message
    if not message.album:
        return None
    for job in await ctx.ports.journal.album(message.conversation, message.album):
        if job.id < ctx.job.id and job.state is State.DONE:
            made = await ctx.ports.effects.of_job(job.id)
            notes = [effect for effect in made if effect.path.endswith(".md")]
            if notes and await ctx.ports.vault.read(notes[0].path) is not None:
                return notes[0]
    return None


async def _append(ctx: Context, note: Effect, paths: Sequence[str]) -> Effect:
    text = "\n".join(f"![[{path}]]" for path in paths)
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
    if file.size > ctx.house.attachment_limit:
        limit = ctx.house.attachment_limit // (1024 * 1024)
        name = file.name or file.kind
        raise DeliveryRefused(say(ctx.meaning.language, "file.too_big", name=name, limit=limit))
    data = await ctx.fetch(file)
    stem, ending = _file_name(ctx, file)
    if not await ctx.effects.recorded():
        for path in free_names(folder, stem, ending):
            there = await ctx.ports.vault.read(path)
            if there == data:  # the same picture was sent before
                ctx.effects.skip()
                return path
            if there is None:
                break
    return (await ctx.effects.create(free_names(folder, stem, ending), data)).path


def _file_name(ctx: Context, file: Attachment) -> tuple[str, str]:
    name, dot, ending = file.name.rpartition(".")
    ending = f".{safe_name(ending).lower()}" if dot and name else ""
    ending = ending or _ENDINGS.get(file.kind) or mimetypes.guess_extension(file.mime) or ".bin"
    stem = safe_name(name if dot and name else file.name, characters=80, size=150)
    if not file.name:
        kind = file.kind.replace("_", " ").capitalize()
        stem = f"{kind} {ctx.now:%Y-%m-%d %H%M%S}"
    return stem, _RENAMED.get(ending, ending)
