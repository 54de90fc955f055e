"""Set reminders, look at them, and act on them when they ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.reminder import NAG_LEAST, NAG_MOST, Reminder
from octopus.errors import NotFound
from octopus.language.catalogue import say
from octopus.language.recurring import recurrence
from octopus.language.reminding import moment, ring_buttons, short
from octopus.obsidian.alarm import following, instant, repeats

#: Reminders of one list, and those of them that get a button.
LISTED, CHOICES = 30, 8

#: The last year whose moments every part of the machine can reckon with.
LAST_YEAR = 9998


@handler("reminder.add", capability=Capability.ADD)
async def add(
    ctx: Context,
    text: str = "",
    at: str = "",
    repeat: str = "",
    nag: int = 0,
    also: Sequence[str] = (),
) -> Reply:
    """Remind me of something at a moment, once or again and again"""
    language = ctx.meaning.language
    if not text.strip():
        return Reply(text=say(language, "reminder.empty"), reaction="🤔")
    when = parsed(at, ctx.now)
    if when is None:
        return _asked(ctx, text, say(language, "reminder.too_far"), ())
    if repeat and not repeats(repeat):
        once = _option(ctx, text, when, key="reminder.once")
        return _asked(ctx, text, say(language, "reminder.no_rule", repeat=repeat), (once,))
    zone = zone_name(ctx)
    local = when.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if when <= ctx.now:
        later = following(local, zone, repeat, ctx.now)
        if later is None:
            return _past(ctx, text, when)
        local, when = later.local, later.at
    where, user = home(ctx)
    wanted = Reminder(
        id=0,
        text=text.strip(),
        local=local,
        zone=zone,
        at=when.astimezone(UTC),
        conversation=where,
        user=user,
        language=language,
        repeat=repeat or None,
        nag=min(max(int(nag), NAG_LEAST), NAG_MOST) if nag else 0,
    )
    others = filter(None, (parsed(each, ctx.now) for each in also[:CHOICES]))
    every = [wanted, *(_moved(wanted, each.astimezone(ctx.now.tzinfo)) for each in others)]
    kept = []
    for each in every:
        step = ctx.effects.number()
        kept.append(await ctx.ports.reminders.add(each, job=ctx.job.id, step=step))
        await ctx.effects.kept()
    return await _receipt(ctx, kept)


def _moved(reminder: Reminder, here: datetime) -> Reminder:
    """The same reminder for another time of the day ("at 9 and at 21")."""
    return replace(reminder, local=here.replace(tzinfo=None), at=here.astimezone(UTC))


@handler("reminder.list", capability=Capability.READ, command="reminders")
async def list_(ctx: Context) -> Reply:
    """What you will be reminded of"""
    language = ctx.meaning.language
    found = await ctx.ports.reminders.armed()
    if not found:
        return Reply(text=say(language, "reminder.none"))
    lines, times, buttons = [say(language, "reminder.list", count=len(found))], [], []
    for number, each in enumerate(found[:LISTED], 1):
        when = moment(here(ctx, each), language, ctx.house.date_order)
        again = f" 🔁 {recurrence(each.repeat, language)}" if each.repeat else ""
        lines.append(f"{number}. {when} · {short(each.text)}{again}")
        times.append((when, unix(each)))
        if number <= CHOICES:
            label = f"{number}. {short(each.text, 24)}"
            buttons.append(Button(label, "reminder.show", {"id": each.id}))
    if len(found) > LISTED:
        lines.append(say(language, "reminder.more", count=len(found) - LISTED))
    return Reply(text="\n".join(lines), buttons=tuple(buttons), times=tuple(times))


@handler("reminder.show", capability=Capability.READ)
async def show(ctx: Context, id: int) -> Reply:
    """One reminder, with what can be done about it"""
    found = await known(ctx, id)
    drop = Button(say(ctx.meaning.language, "button.drop"), "reminder.drop", {"id": found.id})
    text, times = described(ctx, found)
    return Reply(
        text=text,
        buttons=(*ring_buttons(replace(found, language=ctx.meaning.language)), drop),
        times=times,
        reminder=found.id,
        about=found.path or "",
    )


# What is said.


def described(ctx: Context, reminder: Reminder) -> tuple[str, tuple[tuple[str, int], ...]]:
    """When and what, with weekday, date, time, and the zone where it is not the usual one."""
    language = ctx.meaning.language
    when = moment(here(ctx, reminder), language, ctx.house.date_order)
    key = "reminder.set" if zone_name(ctx) == ctx.house.zone else "reminder.set_zone"
    lines = [say(language, key, when=when, text=reminder.text, zone=zone_name(ctx))]
    if reminder.repeat:
        again = recurrence(reminder.repeat, language)
        lines.append(say(language, "reminder.repeats", repeat=again))
    if reminder.nag:
        lines.append(say(language, "reminder.nags", count=reminder.nag))
    return "\n".join(lines), ((when, unix(reminder)),)


async def _receipt(ctx: Context, kept: Sequence[Reminder]) -> Reply:
    said = [described(ctx, each) for each in kept]
    return Reply(
        text="\n".join(text for text, _ in said),
        buttons=await undo_button(ctx),
        reaction="✍",
        times=tuple(time for _, times in said for time in times),
        reminder=kept[0].id,
    )


async def undo_button(ctx: Context) -> tuple[Button, ...]:
    """Takes back what this message did."""
    made = await ctx.ports.effects.of_job(ctx.job.id)
    label = say(ctx.meaning.language, "button.undo")
    return (Button(label, "undo", {"effect": made[-1].id}),) if made else ()


def _past(ctx: Context, text: str, when: datetime) -> Reply:
    """What was asked for has gone by: the next such times are offered."""
    here = when.astimezone(ctx.now.tzinfo)
    words = moment(here, ctx.meaning.language, ctx.house.date_order)
    day = ctx.now.date() if here.time() > ctx.now.time() else ctx.now.date() + timedelta(days=1)
    zone = zone_name(ctx)
    same = instant(datetime.combine(day, here.time()), zone)
    morning = instant(datetime.combine(ctx.now.date() + timedelta(days=1), time(9)), zone)
    options = [_option(ctx, text, each) for each in dict.fromkeys((same, morning))]
    return _asked(ctx, text, say(ctx.meaning.language, "reminder.past", when=words), options)


def _option(ctx: Context, text: str, at: datetime, key: str = "") -> Button:
    here = at.astimezone(ctx.now.tzinfo)
    label = moment(here, ctx.meaning.language, ctx.house.date_order)
    if key:
        label = say(ctx.meaning.language, key, when=label)
    return Button(label, "reminder.add", {"text": text, "at": here.isoformat()})


def _asked(
    ctx: Context, text: str, question: str, options: tuple[Button, ...] | list[Button]
) -> Reply:
    """A question with answers; the words can be kept in any case."""
    label = say(ctx.meaning.language, "button.save_note")
    keep = Button(label, "note.add", {"text": ctx.message.text or text})
    return Reply(text=question, buttons=(*options, keep), reaction="🤔")


# What is known.


async def known(ctx: Context, number: int) -> Reminder:
    found = await ctx.ports.reminders.reminder(number)
    if found is None:
        raise NotFound(key="reminder.unknown")
    return found


def here(ctx: Context, reminder: Reminder) -> datetime:
    """When it rings, on the owner's clock."""
    return (reminder.due or reminder.at).astimezone(ctx.now.tzinfo)


def unix(reminder: Reminder) -> int:
    return int((reminder.due or reminder.at).timestamp())


def zone_name(ctx: Context) -> str:
    """The zone that the owner is in."""
    return str(ctx.now.tzinfo)


def home(ctx: Context) -> tuple[str, str]:
    """Where and whom to tell: the phone, from wherever it was asked."""
    if ctx.message.conversation.startswith(("telegram:", "console")) and not (
        ctx.message.conversation == "console" and ctx.house.home.startswith("telegram:")
    ):
        return ctx.message.conversation, ctx.message.user
    return ctx.house.home, ctx.house.home_user


def parsed(at: str, now: datetime) -> datetime | None:
    """The moment of an ISO text; None where there is none that can be reckoned with."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    return found if 2 < found.year <= LAST_YEAR else None
