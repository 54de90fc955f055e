"""Do what was done before once more with other words: in the same places, as one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from itertools import chain
from typing import Any, cast

from octopus.core.effect import Edit, Effect, EffectState
from octopus.core.handler import Context, Lane, Skill, handler, usage
from octopus.core.job import Job
from octopus.core.meaning import Meaning
from octopus.core.message import Button, Kind, Reply
from octopus.core.policy import Capability
from octopus.core.ports import Notes
from octopus.core.rehearsal import Overlay, Rehearsal
from octopus.core.todo import Todo
from octopus.errors import Conflict
from octopus.handlers.note import free_names
from octopus.handlers.undo import relatives, take_back, trash_place
from octopus.language.catalogue import say
from octopus.language.recurring import recurrence
from octopus.obsidian.merge import merge3
from octopus.obsidian.moment import format_date
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import FILES, read_settings
from octopus.obsidian.text import read
from octopus.obsidian.todos import todos

#: What goes into a file that many things go into: a note never takes its place.
_LISTS = {"todo.add", "todo.add_many", "daily.append", "note.append"}

_RENAME = "note.rename"

#: Effects on files that can be made over again; a renamed note is not named back and forth.
_FILES = {"create", "edit", "trash"}


@dataclass(frozen=True, slots=True)
class Past:
    """What came of one message and of the corrections to it."""

    root: Job  # where it began
    meaning: Meaning  # what was done in the end
    effects: tuple[Effect, ...]  # what stands of it, oldest first
    undone: bool = False  # something was done, and nothing of it stands


@dataclass(frozen=True, slots=True)
class Wish:
    """What a file should become: what we left there, and what it should be instead."""

    path: str
    after: bytes | None  # None: there was no such file
    wanted: bytes | None  # None: there should be none


@handler("message.again", capability=Capability.ADD)
async def again(ctx: Context, text: str) -> Reply:
    """Do an edited message as if it were new"""
    meaning = ctx.understand(text)
    skill = ctx.skills.get(meaning.intent)
    if skill is None or meaning.question is not None or skill.lane is not Lane.CONVERSATION:
        button = Button(say(ctx.meaning.language, "button.save_note"), "note.add", {"text": text})
        return Reply(text=say(ctx.meaning.language, "again.send"), buttons=(button,))
    return await perform(ctx, skill, meaning)


async def perform(ctx: Context, skill: Skill, meaning: Meaning) -> Reply:
    """Run the skill with the arguments that were understood."""
    args = skill.arguments(meaning.args)
    if args is None:
        return usage(ctx.house.say, ctx.meaning.language, skill)
    return await skill.run(replace(ctx, meaning=meaning), **args)


async def past_of(ctx: Context, job: Job) -> Past:
    """What stands of a job and of everything that corrected it since."""
    family = await relatives(ctx, job)
    root = family[0]
    mine = {own.undoes for own in await ctx.ports.effects.of_job(ctx.job.id)}
    alive: list[Effect] = []
    last, undone = root, False
    for one in family:
        made = await ctx.ports.effects.of_job(one.id)
        # What a correction took back for good is no part of what it left.
        kept = [e for e in made if not e.undoes]
        stands = [e for e in kept if e.state is EffectState.DONE or e.id in mine]
        undone = undone or bool(made)
        if stands:
            last, alive = one, alive + stands
    plan = last.plan
    language = ctx.understand(root.message.text, root.message.sent_at).language
    done = Meaning(str(plan.get("intent", "")), plan.get("args") or {}, language=language)
    return Past(root, done, tuple(alive), undone and not alive)


def names_another(past: Past, meaning: Meaning) -> bool:
    """Whether one note was renamed and another one is to be: no change of the first."""
    old, new = past.meaning, meaning
    return old.intent == new.intent == _RENAME and old.args.get("from") != new.args.get("from")


async def redo(ctx: Context, past: Past, meaning: Meaning) -> Reply:
    """Have the meaning in place of what was done. Raises Conflict where the owner has changed the
    same lines since, and what the skill raises; nothing is written then."""
    skill = ctx.skills[meaning.intent]
    if past.meaning.intent == meaning.intent == _RENAME:
        return await _rename_on(ctx, past, skill, meaning)
    files = [effect for effect in past.effects if effect.kind in _FILES]
    tracks = await _tracks(ctx, files)
    own = await ctx.ports.effects.of_job(ctx.job.id)
    base = {e.path: await _before(ctx, e) for e in own if e.path not in tracks and not e.undoes}
    overlay = Overlay(ctx.ports.vault, base | {path: t.before for path, t in tracks.items()})
    reply = await _rehearsed(ctx, past, meaning, skill, overlay, files)
    wishes = await _wishes(ctx, overlay, tracks, base)
    others = [effect for effect in past.effects if effect.kind not in _FILES]
    if not overlay.written and not (ctx.effects.made or own):  # it asks, or cannot
        return replace(reply, buttons=_rewired(reply.buttons, past))
    if not own:
        await _check(ctx, wishes)
    await carry_out(ctx, wishes)
    await take_back(ctx, others[::-1])
    return _said(ctx, past, meaning, reply)


async def _rename_on(ctx: Context, past: Past, skill: Skill, meaning: Meaning) -> Reply:
    """Another name for what was renamed: it goes on from where it is, links and all."""
    here = [effect.to for effect in past.effects if effect.to][-1]
    onward = replace(meaning, args={"from": here, "to": meaning.args["to"]})
    did = {"intent": _RENAME, "args": dict(meaning.args), "corrects": past.root.id}
    return replace(await perform(ctx, skill, onward), did=did)


async def carry_out(ctx: Context, wishes: Sequence[Wish]) -> None:
    """Write what is wanted, the owner's changes kept. Raises Conflict."""
    for wish in wishes:
        if wish.wanted is None:
            place = await trash_place(ctx, wish.path)
            await ctx.effects.move(wish.path, place, kind="trash")
        elif wish.after is None:
            stem, dot, ending = wish.path.rpartition(".")
            names = chain([wish.path], free_names("", stem, dot + ending))
            await ctx.effects.create(names, wish.wanted)
        else:
            await ctx.effects.apply(Edit(wish.path, partial(_merged, wish)))


async def _check(ctx: Context, wishes: Sequence[Wish]) -> None:
    """No comes before any yes: all can be written, or nothing is."""
    for wish in wishes:
        now = await ctx.ports.vault.read(wish.path)
        if wish.wanted is not None and wish.after is not None:
            _merged(wish, now)
        elif wish.wanted is None and now != wish.after:
            raise Conflict(path=wish.path)


def _merged(wish: Wish, now: bytes | None) -> bytes:
    if now is None:
        raise Conflict(path=wish.path)
    try:
        return _three(wish.after or b"", now, wish.wanted or b"")
    except Conflict as error:
        raise Conflict(path=wish.path) from error


def _three(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    merged = merge3(base, ours, theirs)
    if merged.conflict:
        raise Conflict
    return merged.data


@dataclass(frozen=True, slots=True)
class _Track:
    """What we did to one file, first and last."""

    before: bytes | None  # before anything was done
    after: bytes | None  # after the first of it
    grown: bytes | None  # the same, with what the owner has changed until the last of it
    last: bytes | None  # after the last of it

    def instead(self, wanted: bytes | None) -> bytes | None:
        """``wanted`` in place of ``after``, with the owner's changes. Raises Conflict."""
        if self.grown == self.after:
            return wanted
        if wanted is None or self.after is None or self.grown is None:
            raise Conflict
        return _three(self.after, self.grown, wanted)


async def _tracks(ctx: Context, files: Sequence[Effect]) -> dict[str, _Track]:
    """By file. Raises Conflict where what we wrote is kept no longer, or cannot be told apart from
    what the owner did."""
    found: dict[str, _Track] = {}
    for path in dict.fromkeys(effect.path for effect in files):
        images: list[tuple[bytes | None, bytes | None]] = []
        for effect in files:
            if effect.path == path:
                image = await ctx.ports.effects.image(effect.id)
                if image is None:
                    raise Conflict(path=path)
                images.append((image.before, None if effect.to else image.after))
        grown = images[-1][1]
        for before, after in reversed(images[1:]):
            known = before is not None and after is not None and grown is not None
            grown = _three(after or b"", grown or b"", before or b"") if known else before
        found[path] = _Track(*images[0], grown, images[-1][1])
    return found


async def _before(ctx: Context, effect: Effect) -> bytes | None:
    image = await ctx.ports.effects.image(effect.id)
    return image.before if image else None


async def _rehearsed(
    ctx: Context,
    past: Past,
    meaning: Meaning,
    skill: Skill,
    overlay: Overlay,
    files: Sequence[Effect],
) -> Reply:
    """The skill's answer, and in the overlay what it would have written at that time."""
    first = past.root.message
    said = await ctx.ports.journal.said(first.conversation, first.reply_to)
    named = files if past.meaning.intent not in _LISTS else ()
    then = replace(
        ctx,
        message=replace(first, text=_words(ctx, past, meaning)),
        now=first.sent_at.astimezone(ctx.now.tzinfo),
        about=said[1].about if said and first.reply_to else "",
        effects=Rehearsal(ctx.effects, overlay, named),
        ports=replace(
            ctx.ports, vault=overlay, notes=cast("Notes", _Notes(ctx.ports.notes, overlay))
        ),
    )
    return await perform(then, skill, meaning)


def _words(ctx: Context, past: Past, meaning: Meaning) -> str:
    """The message as it would have been with these words."""
    first, old, new = past.root.message.text, past.meaning.args, meaning.args
    if isinstance(new.get("text"), str) and first == old.get("text"):
        return str(new["text"])
    if ctx.message.kind is not Kind.EDIT and "url" in new and "url" in old:
        return first.replace(str(old["url"]), str(new["url"]))
    return ctx.message.text


async def _wishes(
    ctx: Context,
    overlay: Overlay,
    tracks: Mapping[str, _Track],
    base: Mapping[str, bytes | None],
) -> list[Wish]:
    """First what comes into being, then what goes."""
    wishes = []
    for path in dict.fromkeys((*overlay.written, *tracks)):
        if track := tracks.get(path):
            try:
                wishes.append(Wish(path, track.last, track.instead(overlay.files[path])))
            except Conflict as error:
                raise Conflict(path=path) from error
        else:
            was = base[path] if path in base else await ctx.ports.vault.read(path)
            wishes.append(Wish(path, was, overlay.files[path]))
    return [wish for wish in wishes if wish.wanted != wish.after]


def _rewired(buttons: Sequence[Button], past: Past) -> tuple[Button, ...]:
    """Buttons of a question that came up: what they do takes the place of what was done, too."""
    return tuple(
        replace(
            button,
            intent="correct",
            args={"job": past.root.id, "intent": button.intent, "args": dict(button.args)},
        )
        for button in buttons
    )


def _said(ctx: Context, past: Past, meaning: Meaning, reply: Reply) -> Reply:
    """What was changed, and a button that takes just this back."""
    language = meaning.language
    newest = next((effect.id for effect in reversed(ctx.effects.made) if not effect.undoes), 0)
    undo = Button(say(language, "button.undo"), "undo", {"effect": newest})
    rest = tuple(button for button in reply.buttons if button.intent not in _UNDO)
    view = replace(reply.view, effect=newest) if reply.view else None
    what = changes(language, past.meaning.args, meaning.args)
    same = meaning.intent == past.meaning.intent and what
    if same and reply.about and meaning.intent in _KEPT:
        text = say(language, "correct.in", what=what, path=reply.about)
    else:
        changed = say(language, "correct.changed", what=what) if same else ""
        text = "\n".join(part for part in (changed, reply.text) if part)
    did = {"intent": meaning.intent, "args": dict(meaning.args), "corrects": past.root.id}
    replaces = ctx.message.message_id if ctx.message.press else ""
    buttons = (*((undo,) if newest else ()), *rest)
    return replace(reply, text=text, buttons=buttons, view=view, did=did, replaces=replaces)


#: Buttons of the skill that would take back what was only rehearsed.
_UNDO = {"undo", "todo.undo"}

#: Where the words themselves are what was kept: the reply need not repeat what the skill says.
_KEPT = {"note.add", "note.append", "daily.append", "link.save"}
_NAMED = ("text", "query", "items", "url", "note", "list", "at", "due", "date", "repeat")
_SHOWN = 60  # characters


def changes(language: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What is different, "old → new", for the owner."""
    found = []
    for name in (*_NAMED, "priority"):
        was, now = old.get(name), new.get(name)
        if was == now or (name == "due" and new.get("at") and old.get("at")):
            continue
        if isinstance(was, list | tuple) and isinstance(now, list | tuple):
            gone = [item for item in was if item not in now]
            come = [item for item in now if item not in was]
            was, now = ", ".join(gone), ", ".join(come)
        before = f"{_shown(language, name, was)} " if was else ""
        found.append(f"{before}→ {_shown(language, name, now)}")
    return "; ".join(found)


def _shown(language: str, name: str, value: Any) -> str:
    if not value:
        return "–"
    if name in {"at", "due", "date"}:
        form = "ddd YYYY-MM-DD HH:mm" if name == "at" else "ddd YYYY-MM-DD"
        return format_date(datetime.fromisoformat(str(value)), form, language)
    if name == "repeat":
        return recurrence(str(value), language)
    line = " ".join(str(value).split())
    return line if len(line) <= _SHOWN else line[:_SHOWN].rstrip() + "…"


class _Notes:
    """What is known of the notes, but the to-dos of an overlay's files as they are there."""

    def __init__(self, real: Notes, overlay: Overlay) -> None:
        self._real = real
        self._overlay = overlay

    async def todos(self) -> list[Todo]:
        """Every task line, those of the overlay as they are there."""
        files = self._overlay.files
        found = [todo for todo in await self._real.todos() if todo.path not in files]
        texts = {name: await self._overlay.text_of(name) for name in FILES}
        tasks = read_settings(texts).tasks
        for path, data in files.items():
            if data is not None and path.endswith(".md") and not path.startswith("."):
                found += todos(path, scan(read(data)), tasks, time(9))
        return sorted(found, key=lambda todo: (todo.path, todo.line))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)
