"""A message that was edited on the phone: what was made from it changes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from octopus.core.effect import Effect, EffectState
from octopus.core.handler import Context, Lane, handler
from octopus.core.job import Job, State
from octopus.core.meaning import Meaning
from octopus.core.message import Button, Message, Reply
from octopus.core.policy import Capability
from octopus.core.route import routed
from octopus.errors import Conflict, DeliveryDelayed
from octopus.handlers.capture import capture
from octopus.handlers.correct import moved_on
from octopus.handlers.note import add, encode, receipt
from octopus.handlers.redo import Past, Wish, carry_out, names_another, past_of, perform, redo
from octopus.language.catalogue import say

#: Seconds until we look again whether the first version has been dealt with.
LOOK_AGAIN = 2.0


@handler("message.edited", capability=Capability.CHANGE)
async def edited(ctx: Context) -> Reply:
    """Change what was made from a message after the message itself was edited."""
    message = ctx.message
    family = await ctx.ports.journal.versions(message.conversation, message.message_id)
    earlier = [job for job in family if job.id < ctx.job.id]
    if not earlier:  # we never saw the first version; keep this one
        return await (capture(ctx) if message.attachments else _anew(ctx))
    if not earlier[0].state.settled and not _thinks(ctx, earlier[0]):
        raise DeliveryDelayed(LOOK_AGAIN, "The first version of this message comes first.")
    if family[-1].id > ctx.job.id and not ctx.job.resumed:
        return Reply()  # changed once more already; that version is the one to keep
    last = earlier[-1].message
    if message.attachments and _files(message) != _files(last):
        return await capture(ctx)  # another picture in place of the first
    if message.text == last.text:
        return Reply()  # Telegram reports reactions and previews as edits, too
    try:
        if message.attachments or message.untrusted:
            return await _caption(ctx, earlier)
        return await _again(ctx, earlier)
    except Conflict as moved:
        return moved_on(ctx, str(moved), message.text)


async def _in_place(ctx: Context, earlier: Sequence[Job], reply: Reply) -> Reply:
    """One message has one outcome: the answer to the version before gives way to this one.

    It stays where what it tells of stays: nothing was done, it is only asked what to do.
    """
    effects = ctx.ports.effects
    did = [job for job in earlier if await effects.of_job(job.id)]
    stands = did and not await effects.of_job(ctx.job.id)
    if stands or reply.failed or reply.pin:
        return reply
    for job in reversed(earlier):
        if place := await ctx.ports.journal.shown_in(job.id):
            return replace(reply, replaces=place)
    return reply


def _files(message: Message) -> list[str]:
    return [file.unique_id or file.ref for file in message.attachments]


def _thinks(ctx: Context, job: Job) -> bool:
    """Whether the model is at it: that may take minutes, and writes nothing."""
    skill = ctx.skills.get(ctx.understand(job.message.text).intent)
    return job.state is State.RUNNING or bool(skill and skill.lane is Lane.MODEL)


async def _again(ctx: Context, earlier: Sequence[Job]) -> Reply:
    """What the new words mean, in place of what the old ones did."""
    first = earlier[0]
    past = await past_of(ctx, first)
    if past.undone:
        made = await ctx.ports.effects.of_job(first.id)
        raise Conflict(made[-1].path if made else "")
    meaning = _meant(ctx, first, past)
    skill = ctx.skills.get(meaning.intent) if meaning is not None else None
    if meaning is None or skill is None or skill.lane is not Lane.CONVERSATION:
        return _ask(ctx)
    if names_another(past, meaning):
        return _ask(ctx)
    if not past.effects:  # it was only talk, or a question
        return await _in_place(ctx, earlier, await perform(ctx, skill, meaning))
    return await _in_place(ctx, earlier, await redo(ctx, past, meaning))


async def _anew(ctx: Context) -> Reply:
    """A message of which only the edit arrived: done as if it were new, or kept."""
    meaning: Meaning = ctx.understand(ctx.message.text)
    skill = ctx.skills.get(meaning.intent)
    if skill is None or meaning.question is not None or skill.lane is not Lane.CONVERSATION:
        return await add(ctx, ctx.message.text)
    reply = await perform(ctx, skill, meaning)
    return replace(reply, did={"intent": meaning.intent, "args": dict(meaning.args)})


def _meant(ctx: Context, first: Job, past: Past) -> Meaning | None:
    """The new text as it would have been understood then; None where somebody has to choose.

    What was kept as a note stays one, whatever the new words look like.
    """
    text, when = ctx.message.text, first.message.sent_at
    meaning: Meaning = ctx.understand(text, when, first.message.reply_text or None)
    if meaning.intent == "correct":
        found = ctx.amend(past.meaning, str(meaning.args["change"]), text)
        return found[0] if len(found) == 1 else None
    place = routed(ctx.house.routes, replace(first.message, text=text), meaning)
    if place is not None:
        return place
    skill = ctx.skills.get(meaning.intent)
    writes = meaning.question is None and skill is not None and skill.capability.writes
    if not past.effects:
        return meaning if meaning.question is None else None
    done = past.meaning.intent
    if writes and (meaning.intent != "note.add" or done in {"", "note.add", "capture"}):
        return meaning
    if done in {"", "note.add"}:
        return Meaning("note.add", {"text": text}, language=meaning.language)
    found = ctx.amend(past.meaning, text, text)
    if len(found) == 1:
        return found[0]
    return meaning if writes else None


# Captions: the files stay where they are, and so does everything around the words.


async def _caption(ctx: Context, earlier: Sequence[Job]) -> Reply:
    note = await _note_of(ctx, earlier)
    if note is None:
        return _ask(ctx)
    image = await ctx.ports.effects.image(note.id)
    written = image.after if image else await ctx.ports.vault.read(note.path)
    olds = [job.message.text for job in reversed(earlier)]
    place = _place((image.before if image else None) or b"", written or b"", olds)
    if written is None or place is None or note.state is EffectState.UNDONE:
        raise Conflict(note.path)
    new = encode(ctx.message.text).strip(b"\r\n")
    if b"\r\n" in written:
        new = new.replace(b"\n", b"\r\n")
    wanted = written[: place[0]] + new + written[place[1] :]
    await carry_out(ctx, [Wish(note.path, written, wanted)])
    reply = receipt(ctx, ctx.effects.made[-1], "edited.changed")
    return await _in_place(ctx, earlier, reply)


async def _note_of(ctx: Context, earlier: Sequence[Job]) -> Effect | None:
    """The newest write to the note that came of the message; None where none did."""
    made: list[Effect] = []
    for job in earlier:
        effects = await ctx.ports.effects.of_job(job.id)
        made += [one for one in effects if one.kind in {"create", "edit"}][-1:]
    made = [one for one in made if one.path == made[0].path]
    standing = [one for one in made if one.state is not EffectState.UNDONE] or made
    return standing[-1] if standing else None


def _place(before: bytes, after: bytes, olds: Sequence[str]) -> tuple[int, int] | None:
    """Where in ``after`` one of the old texts stands.

    Only what we put in counts: the same words may stand in the owner's own text as well.
    """
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next(
        (i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head
    )
    for old in olds:
        for newline in (b"\n", b"\r\n"):
            text = encode(old).replace(b"\n", newline).strip(b"\r\n")
            # The common ends may have taken a bit of it: equal letters stand on both sides.
            start = after.find(text, max(0, head - len(text)), len(after) - tail + len(text))
            if text and start >= 0:
                return start, start + len(text)
    return None


def _ask(ctx: Context) -> Reply:
    language = ctx.meaning.language
    again = Button(say(language, "button.again"), "message.again", {"text": ctx.message.text})
    keep = Button(say(language, "button.save_note"), "note.add", {"text": ctx.message.text})
    return Reply(text=say(language, "edited.done_already"), buttons=(again, keep))
