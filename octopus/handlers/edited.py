"""A message that was edited on the phone: the note made from it changes, no second one is made."""

from __future__ import annotations

from octopus.core.effect import Edit
from octopus.core.handler import Context, handler
from octopus.core.job import Job, State
from octopus.core.message import Button, Kind, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound
from octopus.handlers.note import add, encode, receipt
from octopus.language.catalogue import say


@handler("message.edited", capability=Capability.CHANGE)
async def edited(ctx: Context) -> Reply:
    """Change what was made from a message after the message itself was edited."""
    message = ctx.message
    family = await ctx.ports.journal.versions(message.conversation, message.message_id)
    earlier = [job for job in family if job.id < ctx.job.id]
    if not earlier or earlier[0].message.kind is Kind.EDIT:
        return await add(ctx, message.text)  # we never saw the first version; keep this one
    old = next(job for job in reversed(earlier) if job.state is not State.CANCELLED).message.text
    if old == message.text:
        return Reply()  # Telegram reports reactions and previews as edits, too
    effects = await ctx.ports.effects.of_job(earlier[0].id)
    notes = [effect for effect in effects if effect.path.endswith(".md")]
    if not notes:
        return _ask(ctx, earlier[0])
    return await _change(ctx, notes[-1].path, old, message.text)


async def _change(ctx: Context, path: str, old: str, new: str) -> Reply:
    current = await ctx.ports.vault.read(path)
    kept = next((text for text in _spellings(ctx, old) if encode(text) in (current or b"")), None)
    if current is None or kept is None:
        raise NotFound(say(ctx.meaning.language, "edited.moved_on", path=path))
    before, after = encode(kept), encode(_like(kept, old, new))

    def replace(data: bytes | None) -> bytes:
        if data is None or before not in data:
            raise NotFound(say(ctx.meaning.language, "edited.moved_on", path=path))
        return data.replace(before, after, 1)

    effect = await ctx.effects.apply(Edit(path, replace, after))
    return receipt(ctx, effect, "edited.changed")


def _spellings(ctx: Context, text: str) -> list[str]:
    """The text as it may stand in the note: whole, or without the word that asked to keep it."""
    kept = ctx.understand(text).args.get("text")
    return [text, kept] if isinstance(kept, str) and kept.strip() else [text]


def _like(kept: str, old: str, new: str) -> str:
    """The new text, shortened in front as the old one was."""
    lead = old[: len(old) - len(kept)] if old.endswith(kept) else ""
    return new.removeprefix(lead)


def _ask(ctx: Context, job: Job) -> Reply:
    language = ctx.meaning.language
    again = Button(say(language, "button.again"), "message.again", {"text": ctx.message.text})
    keep = Button(say(language, "button.save_note"), "note.add", {"text": ctx.message.text})
    return Reply(text=say(language, "edited.done_already"), buttons=(again, keep))
