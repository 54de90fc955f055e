"""Take back what was written, newest first, without touching what the owner did since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from octopus.core.effect import Change, Edit, Effect, EffectState, Image, digest
from octopus.core.handler import Context, handler
from octopus.core.job import Job
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.reminder import Reminder, ReminderState, stopped
from octopus.core.writer import BATCH
from octopus.errors import NotFound, Refused, TooLarge
from octopus.handlers.note import free_names
from octopus.language.catalogue import say
from octopus.language.reminding import moment
from octopus.language.todo_text import short
from octopus.obsidian.difference import WIDTH, net_words
from octopus.obsidian.merge import Clash, merge3
from octopus.obsidian.path import NOTE, key
from octopus.obsidian.text import read

TRASH = ".trash"
REMINDER = "reminder"

MOVE = "move"

#: Characters that are shown of what was taken back.
WORDS = 80

#: How many jobs of a conversation are looked at for corrections of one of them.
LOOK_BACK = 50

#: Lines of a reply; a merge can have changed a thousand files.
LINES = 10

#: Lines shown of each side of a place that cannot be taken back.
CLASHING = 6


class Taken(NamedTuple):
    """An effect that was taken back, and what is said of it; "" where its words are to be said."""

    effect: Effect
    said: str = ""
    there: bool = True  # False where the file had nothing of it any more


@handler("undo", capability=Capability.CHANGE, command="undo", deadline=600.0)
async def undo(
    ctx: Context, effect: int | str | None = None, force: bool = False, kind: str = ""
) -> Reply:
    """Take the last change back; again for the one before"""
    language = ctx.meaning.language
    effects = await _wanted(ctx, _number(ctx, effect), kind)
    try:
        changed = await _foresee(ctx, effects)  # no comes before any yes
    except (NotFound, Refused):
        if effect is None and not ctx.message.reply_to:
            await _give_up(ctx, effects)
        raise
    if changed and not force:
        confirm = {"effect": effects[0].id, "force": True}
        button = Button(say(language, "button.trash"), "undo", confirm, confirm=True)
        text = say(language, "undo.edited", path=changed[0])
        return Reply(text=text, buttons=(button,), reaction="🤔", about=changed[0])
    lines = await _told(ctx, await take_back(ctx, effects))
    if len(lines) > LINES:
        lines[LINES - 1 :] = [say(language, "undo.more", count=len(lines) - LINES + 1)]
    return Reply(
        text="\n".join(lines),
        buttons=await _further(ctx, effects[0]),
        reaction="👌",
        replaces=ctx.message.message_id if ctx.message.press else "",
        about=effects[0].path,
    )


async def _give_up(ctx: Context, effects: Sequence[Effect]) -> None:
    """What cannot be taken back is said once: next time the one before is meant."""
    await ctx.ports.effects.finish_all(
        [replace(effect, state=EffectState.UNDONE) for effect in effects]
    )


async def _further(ctx: Context, effect: Effect) -> tuple[Button, ...]:
    """The button that goes on, where a pressed one took back a correction: it was the only one."""
    job = await ctx.ports.journal.job(effect.job) if ctx.message.press else None
    for one in reversed(await relatives(ctx, job)) if job else ():
        for made in reversed(await ctx.ports.effects.of_job(one.id)):
            if made.state is EffectState.DONE and not made.undoes:
                return (
                    Button(say(ctx.meaning.language, "button.undo"), "undo", {"effect": made.id}),
                )
    return ()


def _number(ctx: Context, effect: int | str | None) -> int | None:
    """The effect's number, given by a button or typed after the command."""
    if not isinstance(effect, str):
        return effect
    typed = effect.strip()
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 19):
        raise NotFound(key="undo.unknown")
    return int(typed) if typed else None


async def _wanted(ctx: Context, effect_id: int | None, kind: str) -> list[Effect]:
    """The effects of one message, newest first; that of the last one that made such a ``kind``."""
    if effect_id is None and ctx.message.reply_to:
        effect_id = await _answered(ctx)
    named = effect_id is not None
    if effect_id is None:
        # Who sits at the machine itself means the last change, whoever asked for it.
        at_home = ctx.message.conversation.startswith(("cli:", "console"))
        conversation = None if at_home else ctx.message.conversation
        newest = await ctx.ports.effects.newest(conversation, LOOK_BACK if kind else 1)
        newest = [each for each in newest if kind in {"", each.kind}]
        # A retry of this very job finds its own work under way, not something older.
        own = await ctx.ports.effects.of_job(ctx.job.id)
        if own:
            first = await ctx.ports.effects.effect(own[0].undoes)
            newest = [first] if first else newest
        if not newest:
            raise NotFound(key="undo.nothing")
        effect_id = newest[0].id
    found = await ctx.ports.effects.effect(effect_id)
    if found is None:
        raise NotFound(key="undo.unknown")
    family = await ctx.ports.effects.of_job(found.job)
    if named and (job := await ctx.ports.journal.job(found.job)):
        # Asked for by its receipt: what corrected it since goes with it.
        later = [one for one in await relatives(ctx, job) if one.id > job.id]
        for one in later:
            family += await ctx.ports.effects.of_job(one.id)
    own_steps = {e.undoes for e in await ctx.ports.effects.of_job(ctx.job.id)}
    alive = [e for e in family if e.state is EffectState.DONE or e.id in own_steps]
    if not alive:
        raise Refused(key="undo.already", path=found.path)
    return alive[::-1]


async def relatives(ctx: Context, job: Job) -> list[Job]:
    """The job where it began and all that corrected it, oldest first."""
    journal, root_id = ctx.ports.journal, int(job.plan.get("corrects", job.id))
    root = await journal.job(root_id) or job
    later = await journal.latest(root.lane, ctx.job.id, LOOK_BACK)
    return [root, *(one for one in reversed(later) if one.plan.get("corrects") == root_id)]


async def _answered(ctx: Context) -> int | None:
    """What the message answered by this one did: its own receipt, or the message itself."""
    where, journal = ctx.message.conversation, ctx.ports.journal
    said = await journal.said(where, ctx.message.reply_to)
    jobs = [said[0]] if said else await journal.versions(where, ctx.message.reply_to)
    for job in reversed(jobs):
        if effects := await ctx.ports.effects.of_job(job.id):
            return effects[-1].id
    return None


async def _foresee(ctx: Context, effects: Sequence[Effect]) -> list[str]:
    """The new files that the owner has changed since. Raises Refused, NotFound where something
    cannot be taken back at all."""
    begun = {own.undoes for own in await ctx.ports.effects.of_job(ctx.job.id)}
    rest = [each for each in effects if each.state is EffectState.DONE and each.id not in begun]
    changed = []
    then: dict[str, bytes | None] = {}  # as files will be once the later effects are taken back
    for run in runs(rest):
        first = run[0]
        if first.to:
            await _may_move(ctx, first)
        elif first.kind == "create":
            known = first.path in then
            now = then[first.path] if known else await ctx.ports.vault.read(first.path)
            if now is not None and digest(now) != first.after:
                changed.append(first.path)
        elif first.kind != REMINDER:
            for change, now in await _backward(ctx, run):
                then[change.path] = change.apply(then.get(change.path, now))
    return changed


def runs(effects: Iterable[Effect]) -> Iterator[list[Effect]]:
    """The effects in their order: edits of different files together, all else one by one."""
    run: list[Effect] = []
    for effect in effects:
        if run and (
            not (_edits(effect) and _edits(run[-1]))
            or len(run) == BATCH
            or effect.path in {each.path for each in run}
        ):
            yield run
            run = []
        run.append(effect)
    if run:
        yield run


def _edits(effect: Effect) -> bool:
    return not effect.to and effect.kind not in {"create", REMINDER}


async def _may_move(ctx: Context, effect: Effect) -> None:
    vault = ctx.ports.vault
    if await vault.read(effect.to) is None:
        raise NotFound(key="undo.gone", path=effect.to)
    if key(effect.to) != key(effect.path) and await vault.exists(effect.path):
        raise Refused(key="undo.taken", path=effect.path)


async def take_back(ctx: Context, effects: Sequence[Effect]) -> list[Taken]:
    """Take effects back in this order. Raises Refused, NotFound."""
    return [taken for run in runs(effects) for taken in await _take_back(ctx, run)]


async def _take_back(ctx: Context, run: Sequence[Effect]) -> list[Taken]:
    language, effect = ctx.meaning.language, run[0]
    if effect.kind == "create":
        return [Taken(effect, await _trash(ctx, effect))]
    if effect.kind == REMINDER:
        return [Taken(effect, await _reminder(ctx, effect))]
    if effect.to:
        await ctx.effects.move(effect.to, effect.path, kind="undo", undoes=effect.id)
        key = "undo.renamed" if effect.kind == MOVE else "undo.moved"
        return [Taken(effect, say(language, key, path=effect.path, to=effect.to))]
    taken = []
    if ctx.job.resumed:  # some of them may be taken back already
        for each in run:
            made = await ctx.effects.repeated()
            if made is None:
                ((change, _),) = await _backward(ctx, [each])
                made = await ctx.effects.apply(change)
            taken.append(Taken(each, there=made.before != made.after))
        return taken
    outcomes = await ctx.effects.apply_all(await _backward(ctx, run))
    for each, outcome in zip(run, outcomes, strict=True):
        if not isinstance(outcome, Effect):
            raise outcome
        taken.append(Taken(each, there=outcome.before != outcome.after))
    return taken


async def _told(ctx: Context, taken: Sequence[Taken]) -> list[str]:
    """What was taken back, a line for each file, with the words that it was about."""
    if any(each.effect.kind == REMINDER and each.effect.undoes for each in taken):
        # A correction: what stands again is said, not that the corrected one is gone.
        taken = [each for each in taken if each.effect.kind != REMINDER or each.effect.undoes]
    there = {each.effect.path for each in taken if each.there}
    files: dict[str, list[Effect]] = {}
    for each in reversed(taken):
        if not each.said:
            files.setdefault(each.effect.path, []).append(each.effect)
    if any(each.effect.kind == MOVE for each in taken):  # the rest are links to what was renamed
        links = say(ctx.meaning.language, "undo.links", count=len(files))
        return [each.said for each in taken if each.said] + [links] * bool(files)
    images = await ctx.ports.effects.images([each.effect.id for each in taken])
    lines = []
    for each in taken:
        if each.said:
            lines.append(each.said)
        elif made := files.pop(each.effect.path, None):
            known = [images[one.id] for one in made if one.id in images]
            lines.append(_in_words(ctx.meaning.language, made[0], known, there))
    return lines


def _in_words(language: str, first: Effect, known: Sequence[Image], there: Collection[str]) -> str:
    """What went and what is back of one file, from its changes, oldest first; ``there`` are the
    files that had something of them still."""
    path = first.path
    if not path.endswith(NOTE):
        known = []  # no words
    gone, come = net_words((image.before or b"", image.after or b"") for image in known)
    if first.kind == "create":
        key = "undo.made" if come else "undo.trashed"
        return say(language, key, path=path, what=short(come, WORDS))
    if gone:
        return say(language, "undo.as_before", path=path, what=short(gone, WORDS))
    key = "undo.restored" if path in there else "undo.not_there"
    return say(language, key if come else "undo.plain", path=path, what=short(come, WORDS))


async def _reminder(ctx: Context, effect: Effect) -> str:
    """A reminder as it was; what has gone by since stays silent. Raises Refused."""
    language, image = ctx.meaning.language, await ctx.ports.effects.image(effect.id)
    if image is None or image.after is None:
        raise Refused(key="undo.too_old", path=effect.path)
    after = Reminder.from_image(image.after)
    if image.before is None:
        before, key = stopped(after, ReminderState.DROPPED), "reminder.undone_set"
    else:
        before, key = Reminder.from_image(image.before), "reminder.undone"
        if before.due is not None and before.due <= ctx.now:
            before, key = stopped(before, ReminderState.TOLD), "reminder.undone_past"
    step, where = ctx.effects.number(), ctx.message.conversation
    await ctx.ports.reminders.change(
        before, job=ctx.job.id, step=step, conversation=where, undoes=effect.id
    )
    await ctx.effects.kept()
    when = moment(before.at.astimezone(ctx.now.tzinfo), language, ctx.house.date_order)
    return say(language, key, text=before.text, when=when)


async def _trash(ctx: Context, effect: Effect) -> str:
    language = ctx.meaning.language
    if not await ctx.effects.recorded():
        key = None
        if await ctx.ports.vault.read(effect.path) is None:
            key = "undo.gone"
        elif await _embedded(ctx, effect):
            key = "undo.in_use"
        if key is not None:  # nothing to take back, and next time the one before is meant
            ctx.effects.skip()
            await ctx.ports.effects.finish(replace(effect, state=EffectState.UNDONE))
            return say(language, key, path=effect.path)
    place = await trash_place(ctx, effect.path)
    await ctx.effects.move(effect.path, place, kind="undo", undoes=effect.id)
    return ""


async def _embedded(ctx: Context, effect: Effect) -> bool:
    """Whether another note shows this file: the same picture, sent twice, is kept once."""
    if effect.path.endswith(".md"):
        return False
    own = {one.path for one in await ctx.ports.effects.of_job(effect.job)}
    name = effect.path.rsplit("/", 1)[-1].encode()
    for path in await ctx.ports.vault.notes():
        if path not in own and name in (await _readable(ctx, path)):
            return True
    return False


async def _readable(ctx: Context, path: str) -> bytes:
    try:
        return await ctx.ports.vault.read(path) or b""
    except TooLarge:
        return b""


async def _backward(ctx: Context, run: Sequence[Effect]) -> list[tuple[Change, bytes | None]]:
    """What takes edits out of their files, with the present content of each. Raises Refused."""
    images = await ctx.ports.effects.images([effect.id for effect in run])
    now = await ctx.ports.vault.read_all([effect.path for effect in run])
    changes = [_change_back(ctx, effect, images.get(effect.id)) for effect in run]
    return list(zip(changes, now, strict=True))


def _change_back(ctx: Context, effect: Effect, image: Image | None) -> Edit:
    """Takes an edit out of the file's present text; raises Refused, NotFound, as it does."""
    language, path = ctx.meaning.language, effect.path
    if image is None or image.before is None or image.after is None:
        raise Refused(key="undo.too_old", path=path)
    before, after = image.before, image.after

    def back(now: bytes | None) -> bytes:
        if now is None:
            raise NotFound(key="undo.gone", path=path)
        if now == after:
            return before
        merged = merge3(after, now, before)
        if merged.conflict:
            raise Refused(_clashing(language, path, merged.clashes[0]))
        return merged.data

    return Edit(path, back, kind="undo", undoes=effect.id)


def _clashing(language: str, path: str, clash: Clash) -> str:
    """What is said of a place that the owner has changed, too: both texts, to choose from."""
    lines = [say(language, "undo.conflict", path=path)]
    for name, data in (("undo.clash_mine", clash.base), ("undo.clash_now", clash.ours)):
        text = read(data).rstrip("\r\n").splitlines()
        shown = [line if len(line) <= WIDTH else f"{line[:WIDTH]}…" for line in text[:CLASHING]]
        more = ["…"] if len(text) > CLASHING else []
        lines += ["", say(language, name), *(shown or ["—"]), *more]
    return "\n".join(lines)


async def trash_place(ctx: Context, path: str) -> str:
    """A free path in the vault's trash that keeps the place where the file was."""
    stem, dot, ending = path.rpartition(".")
    for place in free_names(TRASH, stem if dot else path, dot + ending if dot else ""):
        if not await ctx.ports.vault.exists(place):
            return place
    raise AssertionError("the numbers never end")
