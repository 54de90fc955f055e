"""Act on a reminder: when it rings, or before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from octopus.core.effect import Edit
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.reminder import Reminder, ReminderState, stopped
from octopus.core.todo import Todo
from octopus.errors import NotFound
from octopus.handlers.reminder import CHOICES, here, known, parsed, undo_button, unix, zone_name
from octopus.handlers.todos import tasks
from octopus.language.catalogue import say
from octopus.language.likeness import best
from octopus.language.reminding import moment, short
from octopus.obsidian.alarm import first_after_done, instant, when_done, words
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task_edit import Change, change_task
from octopus.obsidian.tick import parse_line, set_alarm

#: What is done with a reminder by the words for a to-do.
_VERBS = {
    "todo.complete": "reminder.done",
    "todo.reschedule": "reminder.move",
    "todo.drop": "reminder.drop",
}


@handler("reminder.done", capability=Capability.CHANGE)
async def done(ctx: Context, id: int) -> Reply:
    """What you were reminded of is done"""
    language, found = ctx.meaning.language, await known(ctx, id)
    if found.path is not None:
        return in_place(ctx, await _ticked(ctx, found))
    if found.state is ReminderState.DONE and not await ctx.effects.recorded():
        return in_place(ctx, Reply(text=say(language, "reminder.done_already", text=found.text)))
    after = _after_done(found, ctx.now)
    await _change(ctx, after)
    text = say(language, "reminder.done", text=found.text)
    times: tuple[tuple[str, int], ...] = ()
    if after.state is ReminderState.ARMED:
        when = moment(here(ctx, after), language, ctx.house.date_order)
        text = say(language, "reminder.done_next", text=found.text, when=when)
        times = ((when, unix(after)),)
    return await _changed(ctx, after, text, times)


@handler("reminder.drop", capability=Capability.CHANGE)
async def drop(ctx: Context, id: int) -> Reply:
    """Not to be reminded of this any more"""
    language, found = ctx.meaning.language, await known(ctx, id)
    if found.path is not None:
        return in_place(ctx, await _in_note(ctx, found, None))
    if found.state is ReminderState.DROPPED and not await ctx.effects.recorded():
        text = say(language, "reminder.dropped_already", text=found.text)
        return in_place(ctx, Reply(text=text))
    after = stopped(found, ReminderState.DROPPED)
    await _change(ctx, after)
    return await _changed(ctx, after, say(language, "reminder.dropped", text=found.text))


@handler("reminder.snooze", capability=Capability.CHANGE)
async def snooze(ctx: Context, id: int, minutes: int = 10) -> Reply:
    """Be reminded again in some minutes"""
    found = await known(ctx, id)
    return await _moved(ctx, found, ctx.ports.clock.now() + timedelta(minutes=minutes), off=True)


@handler("reminder.move", capability=Capability.CHANGE)
async def move(ctx: Context, id: int, at: str = "", due: str = "", days: int = 0) -> Reply:
    """Be reminded at another moment"""
    found = await known(ctx, id)
    clock = found.local.time()
    when = parsed(at, ctx.now) if at else None
    if when is None and due:
        when = instant(datetime.combine(datetime.fromisoformat(due), clock), zone_name(ctx))
    if when is None:
        day = ctx.ports.clock.now().date() + timedelta(days=days or 1)
        when = instant(datetime.combine(day, clock), zone_name(ctx))
    if when <= ctx.now:
        text = moment(when.astimezone(ctx.now.tzinfo), ctx.meaning.language, ctx.house.date_order)
        said = say(ctx.meaning.language, "reminder.past_move", when=text)
        return Reply(text=said, reaction="🤷", failed=True, reminder=found.id)
    return await _moved(ctx, found, when, off=False)


async def named_reminder(ctx: Context, intent: str, query: str) -> Reply | None:
    """Do with a reminder that stands alone what was wanted of a to-do that there is not.

    ``intent`` is that of the to-do; None where no reminder is called so either.
    """
    armed = [each for each in await ctx.ports.reminders.armed() if each.path is None]
    found = [armed[place] for place in best(query, [r.text for r in armed], ctx.meaning.language)]
    return await _done_to(ctx, intent, found) if found and intent in _VERBS else None


async def reminder_by_name(ctx: Context, intent: str, query: str) -> Reply:
    """Do with a reminder, in a note or not, what was wanted of "the dentist reminder".

    ``intent`` is that of a to-do. Without a name the only one is meant.
    """
    language, armed = ctx.meaning.language, await ctx.ports.reminders.armed()
    places = best(query, [each.text for each in armed], language) if query else range(len(armed))
    found = [armed[place] for place in places]
    if found:
        return await _done_to(ctx, intent, found)
    key = "reminder.none_like" if armed else "reminder.none_at_all"
    text = say(language, key, query=short(query)) if query else say(language, "reminder.none")
    return Reply(text=text, buttons=_choice(ctx, intent, armed), reaction="🤷", failed=True)


async def _done_to(ctx: Context, intent: str, found: Sequence[Reminder]) -> Reply:
    """Do it with the only one; of several the owner chooses."""
    if len(found) == 1:
        wanted = _wanted(ctx, intent)
        return await ctx.skills[_VERBS[intent]].run(ctx, id=found[0].id, **wanted)
    text = say(ctx.meaning.language, "reminder.which")
    return Reply(text=text, buttons=_choice(ctx, intent, found), reaction="🤔")


def _choice(ctx: Context, intent: str, found: Sequence[Reminder]) -> tuple[Button, ...]:
    buttons, verb, wanted = [], _VERBS[intent], _wanted(ctx, intent)
    for each in found[:CHOICES]:
        when = moment(here(ctx, each), ctx.meaning.language, ctx.house.date_order)
        buttons.append(Button(f"{short(each.text, 24)} · {when}", verb, {"id": each.id} | wanted))
    return tuple(buttons)


def _wanted(ctx: Context, intent: str) -> dict[str, Any]:
    """To when, where it moves."""
    if intent != "todo.reschedule":
        return {}
    return {name: ctx.meaning.args[name] for name in ("at", "due") if ctx.meaning.args.get(name)}


async def _moved(ctx: Context, found: Reminder, when: datetime, *, off: bool) -> Reply:
    """The reminder at another moment; ``off`` puts off this ring only."""
    when = when.astimezone(UTC).replace(microsecond=0)
    if found.path is not None and not off:
        return in_place(ctx, await _in_note(ctx, found, when))
    old = moment(here(ctx, found), ctx.meaning.language, ctx.house.date_order)
    if found.path is not None or (found.repeat and found.told):
        after = replace(found, again=when)
        if found.state is not ReminderState.ARMED:
            after = replace(after, state=ReminderState.TOLD)
    else:
        local = when.astimezone(ZoneInfo(found.zone)).replace(tzinfo=None)
        after = replace(found, local=local, at=when, state=ReminderState.ARMED, again=None)
    await _change(ctx, after)
    new = moment(when.astimezone(ctx.now.tzinfo), ctx.meaning.language, ctx.house.date_order)
    values = {"old": old, "when": new, "text": found.text}
    text = say(ctx.meaning.language, "reminder.moved", **values)
    return await _changed(ctx, after, text, ((new, int(when.timestamp())),))


def _after_done(found: Reminder, now: datetime) -> Reminder:
    """A reminder that was done: what repeats goes on."""
    if found.repeat and when_done(found.repeat):
        following_ = first_after_done(found.local, found.zone, found.repeat, now)
        if following_ is not None:
            return replace(
                found,
                local=following_.local,
                at=following_.at,
                state=ReminderState.ARMED,
                again=None,
            )
    going_on = found.repeat and found.state is ReminderState.ARMED
    return replace(found, again=None) if going_on else stopped(found, ReminderState.DONE)


async def _changed(
    ctx: Context, after: Reminder, text: str, times: tuple[tuple[str, int], ...] = ()
) -> Reply:
    buttons = await undo_button(ctx)
    reply = Reply(text=text, buttons=buttons, reaction="👌", times=times, reminder=after.id)
    return in_place(ctx, reply)


def in_place(ctx: Context, reply: Reply) -> Reply:
    """In the place of the message whose button was pressed."""
    return replace(reply, replaces=ctx.message.message_id) if ctx.message.press else reply


async def _change(ctx: Context, after: Reminder) -> None:
    where = ctx.message.conversation
    step = ctx.effects.number()
    await ctx.ports.reminders.change(after, job=ctx.job.id, step=step, conversation=where)
    await ctx.effects.kept()


# Alarms that stand in notes: the line is changed, and the alarm follows.


async def _ticked(ctx: Context, reminder: Reminder) -> Reply:
    """The to-do ticked as the Tasks plugin does it."""
    if await ctx.effects.recorded():
        place = {"path": reminder.path, "line": reminder.line, "text": reminder.todo}
    else:
        todo = await _todo(ctx, reminder)
        place = {"path": todo.path, "line": todo.line, "text": todo.text}
    return await ctx.skills["todo.complete"].run(ctx, **place)


async def _in_note(ctx: Context, reminder: Reminder, when: datetime | None) -> Reply:
    """The alarm in the line at another time, or taken out; the to-do stays."""
    language, settings = ctx.meaning.language, await tasks(ctx)
    local = when.astimezone(ZoneInfo(reminder.zone)).replace(tzinfo=None) if when else None
    if not await ctx.effects.repeated():
        await _edit(ctx, await _todo(ctx, reminder), _alarm(local, settings))
    if when is None or local is None:
        return await _changed(ctx, reminder, say(language, "reminder.dropped", text=reminder.text))
    old = moment(reminder.shown_at, language, ctx.house.date_order)
    new = moment(local, language, ctx.house.date_order)
    text = say(language, "reminder.moved", old=old, when=new, text=reminder.text)
    return await _changed(ctx, reminder, text, ((new, int(when.timestamp())),))


def _alarm(local: datetime | None, settings: Tasks) -> Change:
    def change(line: str) -> list[str]:
        task = parse_line(line)
        day, clock = (local.date(), local.time()) if local is not None else (None, None)
        return [str(task.with_text(set_alarm(task.text, day, clock, settings)))]

    return change


async def _edit(ctx: Context, todo: Todo, change: Change) -> None:
    def transform(old: bytes | None) -> bytes:
        if old is None:
            raise NotFound(key="reminder.unknown")
        return change_task(old, todo.line, change, text=todo.text)

    await ctx.effects.apply(Edit(todo.path, transform))


async def _todo(ctx: Context, reminder: Reminder) -> Todo:
    """The to-do that rings; of several alike the one in the note and line that is known."""
    await ctx.ports.notes.settle()
    same = [
        todo
        for todo in await ctx.ports.notes.todos()
        if todo.open and words(todo.description) == reminder.todo and todo.remind_at is not None
    ]
    exact = [todo for todo in same if todo.remind_at == reminder.local] or same
    found = min(
        exact,
        key=lambda todo: (todo.path != reminder.path, abs(todo.line - reminder.line)),
        default=None,
    )
    if found is None:
        raise NotFound(key="reminder.unknown")
    return found
