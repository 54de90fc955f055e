"""Change what was just done: "no, I meant Wednesday" never makes a second thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from octopus.core.handler import Context, Lane, handler
from octopus.core.job import Job
from octopus.core.meaning import Meaning
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import Conflict
from octopus.handlers.redo import Past, changes, names_another, past_of, perform, redo
from octopus.handlers.show import matching
from octopus.language.amend import into_note
from octopus.language.catalogue import say
from octopus.language.instead import there
from octopus.language.reminding import moment
from octopus.obsidian.path import stem

#: How many messages back a correction is looked for something to correct.
LAST = 10

#: Choices offered where a correction can be read in more than one way.
CHOICES = 4


@handler("correct", capability=Capability.CHANGE)
async def correct(
    ctx: Context,
    change: str = "",
    job: int = 0,
    intent: str = "",
    args: Mapping[str, Any] | None = None,
    edit: Mapping[str, Any] | None = None,
) -> Reply:
    """Change what was done last: no, I meant Wednesday"""
    target = await ctx.ports.journal.job(job) if job else await _target(ctx)
    if edit and (target is None or not _takes(target, edit)):
        return await _edit(ctx, edit)
    if target is None or target.lane != ctx.message.conversation:
        return unclear(ctx, change)
    past = await past_of(ctx, target)
    if intent:  # chosen from several
        return await change_to(ctx, past, Meaning(intent, args or {}, language=_language(ctx)))
    for done in _readings(target, past):
        if edit and ("at" not in done.args or "repeat" not in edit):
            return await change_to(ctx, past, replace(done, args={**done.args, **edit}))
        found = ctx.amend(done, change, ctx.message.text)
        elsewhere = await _elsewhere(ctx, done, change)
        if elsewhere is not None and (_has_place(done) or len(found) != 1):
            found = (elsewhere,) if _has_place(done) else (elsewhere, *found)
        if found and _wordless(target, done):
            return _again(ctx, target, done, found[0])
        if len(found) == 1:
            return await change_to(ctx, replace(past, meaning=done), found[0])
        if found:
            return _choose(ctx, past, done, found)
    return unclear(ctx, change)


async def _edit(ctx: Context, wanted: Mapping[str, Any]) -> Reply:
    """Change the to-do that was spoken of last, whatever was done with it."""
    meaning = replace(ctx.meaning, intent="todo.edit", args=dict(wanted))
    reply = await perform(ctx, ctx.skills[meaning.intent], meaning)
    return replace(reply, did={"intent": meaning.intent, "args": dict(wanted)})


def _takes(job: Job, edit: Mapping[str, Any]) -> bool:
    """Whether what was done has a place for this; else it is about a to-do as it stands now."""
    return "options" in job.plan or {*edit} - {"first"} <= {*(job.plan.get("args") or {})}


async def change_to(ctx: Context, past: Past, meaning: Meaning) -> Reply:
    """Have this in place of what was done, or of what was asked."""
    skill = ctx.skills.get(meaning.intent)
    if skill is None or skill.lane is not Lane.CONVERSATION or past.undone:
        return unclear(ctx, ctx.message.text)
    if names_another(past, meaning):
        return unclear(ctx, ctx.message.text)
    if not past.effects:  # a question, or something that was only read
        reply = await perform(ctx, skill, meaning)
        return replace(reply, did={"intent": meaning.intent, "args": dict(meaning.args)})
    try:
        return await redo(ctx, past, meaning)
    except Conflict as moved:
        return moved_on(ctx, str(moved), ctx.message.text)


async def _elsewhere(ctx: Context, done: Meaning, change: str) -> Meaning | None:
    """The same in another note, where the change is nothing but the name of one."""
    notes = await ctx.ports.vault.notes()
    for name in there(change, (done.language, _language(ctx))):
        if "list" in done.args:
            if await _is_list(ctx, notes, name, known=bool(done.args["list"])):
                return replace(done, args={**done.args, "list": name})
        elif len(found := matching(notes, name)) == 1:
            return into_note(done, stem(found[0]))
    return None


async def _is_list(ctx: Context, notes: list[str], name: str, *, known: bool) -> bool:
    """Whether to-dos can go there: to a note that has some, or where a list was named before."""
    found = {*matching(notes, name), *matching(notes, f"{name} list")}
    return bool(found) and (known or bool(await ctx.ports.notes.todos(found)))


def _has_place(done: Meaning) -> bool:
    """Whether it was said where it goes: then a name alone is another place."""
    return bool(done.args.get("note") or done.args.get("list"))


async def _target(ctx: Context) -> Job | None:
    """The job that is corrected: the one answered, or the last that did or asked something."""
    where, journal = ctx.message.conversation, ctx.ports.journal
    if ctx.message.reply_to:
        said = await journal.said(where, ctx.message.reply_to)
        jobs = [said[0]] if said else await journal.versions(where, ctx.message.reply_to)
        if jobs:
            return jobs[-1]
    for number, job in enumerate(await journal.latest(where, ctx.job.id, LAST)):
        if job.intent == "undo":
            return None
        if "options" in job.plan or await _stands(ctx, job):
            return job
        if number == 0 and {"date", "when", "at"} & set(job.plan.get("args") or {}):
            return job  # a question about a day
    return None


async def _stands(ctx: Context, job: Job) -> bool:
    """Whether something that the job wrote can be changed; on a second run its own undoing
    does not count."""
    own = {effect.undoes for effect in await ctx.ports.effects.of_job(ctx.job.id)}
    made = await ctx.ports.effects.of_job(job.id)
    return any(not e.undoes and (e.state == "done" or e.id in own) for e in made)


def _readings(job: Job, past: Past) -> list[Meaning]:
    """What was done; of a question what the answers to it would have done."""
    options = job.plan.get("options")
    if not options:
        return [past.meaning] if past.meaning.intent else []
    return [Meaning(str(each["intent"]), each["args"]) for each in options]


def _choose(ctx: Context, past: Past, done: Meaning, found: tuple[Meaning, ...]) -> Reply:
    language = _language(ctx)
    buttons = []
    for meaning in found[:CHOICES]:
        args = {"job": past.root.id, "intent": meaning.intent, "args": dict(meaning.args)}
        buttons.append(Button(changes(language, done.args, meaning.args), "correct", args))
    return Reply(text=say(language, "correct.which"), buttons=tuple(buttons), reaction="🤔")


def _wordless(job: Job, done: Meaning) -> bool:
    """Whether it was asked what to remind of: the text is only the words of the command."""
    words = str(job.plan.get("words") or job.message.text).strip()
    return "options" in job.plan and "at" in done.args and done.args.get("text") == words


def _again(ctx: Context, job: Job, done: Meaning, meaning: Meaning) -> Reply:
    """The same question once more, at another time."""
    at = datetime.fromisoformat(str(meaning.args["at"]))
    args = dict(meaning.args)
    button = Button(
        moment(at, _language(ctx), ctx.house.date_order),
        meaning.intent,
        args,
    )
    options = [{"intent": meaning.intent, "args": args}]
    did = {"intent": "clarify", "options": options, "words": done.args["text"]}
    question = job.reply.text if job.reply else say(_language(ctx), "correct.which")
    return Reply(text=question, buttons=(button,), reaction="🤔", did=did)


def unclear(ctx: Context, change: str) -> Reply:
    """Nothing that could be changed so: one short question, the text kept by a press."""
    language = _language(ctx)
    text = ctx.message.text or change
    keep = Button(say(language, "button.save_note"), "note.add", {"text": text})
    new = Button(say(language, "button.new"), "message.again", {"text": change or text})
    buttons = (keep, new) if change else (keep,)
    return Reply(text=say(language, "correct.unclear"), buttons=buttons, reaction="🤔")


def moved_on(ctx: Context, path: str, text: str) -> Reply:
    """The owner has changed the same place since: left alone."""
    language = _language(ctx)
    keep = Button(say(language, "button.save_note"), "note.add", {"text": text})
    said = say(language, "edited.moved_on", path=path)
    return Reply(text=said, buttons=(keep,), reaction="🤔", failed=True)


def _language(ctx: Context) -> str:
    return ctx.meaning.language
