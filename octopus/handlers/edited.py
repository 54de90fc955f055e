"""A message that was edited on the phone: the note made from it changes, no second one is made."""

from __future__ import annotations

from collections.abc import Sequence

from octopus.core.effect import Edit, Effect, EffectState
from octopus.core.handler import Context, Lane, handler
from octopus.core.job import Job, State
from octopus.core.message import Button, Message, Reply
from octopus.core.policy import Capability
from octopus.errors import Conflict, DeliveryDelayed
from octopus.handlers.capture import capture
from octopus.handlers.note import add, encode, receipt
from octopus.language.catalogue import say
from octopus.obsidian.merge import merge3

#: Seconds until we look again whether the first version has been dealt with.
LOOK_AGAIN = 2.0


@handler("message.edited", capability=Capability.CHANGE)
async def edited(ctx: Context) -> Reply:
    """Change what was made from a message after the message itself was edited."""
    message = ctx.message
    family = await ctx.ports.journal.versions(message.conversation, message.message_id)
    earlier = [job for job in family if job.id < ctx.job.id]
    if not earlier:  # we never saw the first version; keep this one
        return await (capture(ctx) if message.attachments else add(ctx, message.text))
    if not earlier[0].state.settled and not _thinks(ctx, earlier[0]):
        raise DeliveryDelayed(LOOK_AGAIN, "The first version of this message comes first.")
    if family[-1].id > ctx.job.id and not ctx.job.resumed:
        return Reply()  # changed once more already; that version is the one to keep
    last = earlier[-1].message
    if message.attachments and _files(message) != _files(last):
        return await capture(ctx)  # another picture in place of the first
    if message.text == last.text:
        return Reply()  # Telegram reports reactions and previews as edits, too
    note = await _note_of(ctx, earlier)
    if note is None:
        return _ask(ctx)
    return await _change(ctx, note, [job.message.text for job in reversed(earlier)])


def _files(message: Message) -> list[str]:
    return [file.unique_id or file.ref for file in message.attachments]


def _thinks(ctx: Context, job: Job) -> bool:
    """Whether the model is at it: that may take minutes, and writes nothing."""
    skill = ctx.skills.get(ctx.understand(job.message.text).intent)
    return job.state is State.RUNNING or bool(skill and skill.lane is Lane.MODEL)


async def _note_of(ctx: Context, earlier: Sequence[Job]) -> Effect | None:
    """The newest write to the note that came of the message; None where none did."""
    made: list[Effect] = []
    for job in earlier:
        effects = await ctx.ports.effects.of_job(job.id)
        made += [one for one in effects if one.kind in {"create", "edit"}][-1:]
    made = [one for one in made if one.path == made[0].path]
    standing = [one for one in made if one.state is not EffectState.UNDONE] or made
    return standing[-1] if standing else None


async def _change(ctx: Context, note: Effect, olds: Sequence[str]) -> Reply:
    """Put the new text where the old one stands in what we wrote, and merge that with today's."""
    image = await ctx.ports.effects.image(note.id)
    pairs = [pair for old in olds for pair in _spellings(ctx, old)]
    written = image.after if image else await ctx.ports.vault.read(note.path)
    place = _place((image.before if image else None) or b"", written or b"", pairs)
    if written is None or place is None or note.state is EffectState.UNDONE:
        return _moved_on(ctx, note.path)
    start, end, new = place
    wanted = written[:start] + new + written[end:]

    def change(now: bytes | None) -> bytes:
        merged = merge3(written, now, wanted) if now is not None else None
        if merged is None or merged.conflict:
            raise Conflict
        return merged.data

    try:
        effect = await ctx.effects.apply(Edit(note.path, change))
    except Conflict:
        return _moved_on(ctx, note.path)
    return receipt(ctx, effect, "edited.changed")


def _place(
    before: bytes, after: bytes, pairs: Sequence[tuple[str, str]]
) -> tuple[int, int, bytes] | None:
    """Where in ``after`` one of the old texts stands, and what takes its place.

    Only what we put in counts: the same words may stand in the owner's own text as well.
    """
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next(
        (i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head
    )
    for old, new in pairs:
        for newline in (b"\n", b"\r\n"):
            text = encode(old).replace(b"\n", newline).strip(b"\r\n")
            # The common ends may have taken a bit of it: equal letters stand on both sides.
            start = after.find(text, max(0, head - len(text)), len(after) - tail + len(text))
            if text and start >= 0:
                return start, start + len(text), encode(new).replace(b"\n", newline).strip(b"\r\n")
    return None


def _spellings(ctx: Context, old: str) -> list[tuple[str, str]]:
    """The old text as it may stand in the note, whole or without the words that asked to keep
    it, each with the new text in the same form."""
    new = ctx.message.text
    kept, again = _kept(ctx, old), _kept(ctx, new)
    if not kept or kept == old:
        return [(old, new)]
    return [(old, new), (kept, again or new.removeprefix(old.removesuffix(kept)))]


def _kept(ctx: Context, text: str) -> str:
    """The part of a text that is kept when it asks for that; "" where it does not."""
    args = ctx.understand(text).args
    kept = args.get("text") or args.get("args")
    return kept if isinstance(kept, str) and kept.strip() else ""


def _moved_on(ctx: Context, path: str) -> Reply:
    language = ctx.meaning.language
    keep = Button(say(language, "button.save_note"), "note.add", {"text": ctx.message.text})
    text = say(language, "edited.moved_on", path=path)
    return Reply(text=text, buttons=(keep,), reaction="🤔", failed=True)


def _ask(ctx: Context) -> Reply:
    language = ctx.meaning.language
    again = Button(say(language, "button.again"), "message.again", {"text": ctx.message.text})
    keep = Button(say(language, "button.save_note"), "note.add", {"text": ctx.message.text})
    return Reply(text=say(language, "edited.done_already"), buttons=(again, keep))
