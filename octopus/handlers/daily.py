"""The note of a day, a week or a month: written to, shown, made from the owner's template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from octopus.core.effect import Edit
from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound, Undecodable
from octopus.handlers.note import encode, receipt
from octopus.handlers.show import show
from octopus.language.catalogue import say
from octopus.obsidian import edit
from octopus.obsidian.daily import entry, period_path, standing, template_path
from octopus.obsidian.moment import format_date
from octopus.obsidian.path import stem
from octopus.obsidian.settings import FILES, PERIODS, Settings, read_settings
from octopus.obsidian.template import has_templater, render_daily
from octopus.obsidian.text import decode


@dataclass(frozen=True, slots=True)
class Place:
    """Where the note of a period is, and what it is made of where it is not there yet."""

    path: str
    there: bool
    new: bytes = b""
    warning: str = ""  # for the owner, when the template could not be used


@handler("daily.append", capability=Capability.ADD)
async def append(ctx: Context, text: str, date: str = "", period: str = "daily") -> Reply:
    """Write a line into the note of a day, a week or a month"""
    language = ctx.meaning.language
    if not text.strip():
        return Reply(text=say(language, "daily.empty"), reaction="🤔")
    day = _day(ctx, date)
    place = await find(ctx, day, period)
    line = _line(ctx, text, day, period)

    def transform(old: bytes | None) -> bytes:
        return _inserted(place.new if old is None else old, line, ctx.house.daily_heading)

    kind = "edit" if place.there else "create"
    effect = await ctx.effects.apply(Edit(place.path, transform, encode(line), kind=kind))
    reply = receipt(ctx, effect, "note.appended")
    if place.warning:
        return replace(reply, text=f"{reply.text}\n{place.warning}", receipt=False)
    return reply


@handler("daily.open", capability=Capability.READ)
async def open_(ctx: Context, date: str = "", period: str = "daily") -> Reply:
    """Show the note of a day, a week or a month"""
    day = _day(ctx, date)
    place = await find(ctx, day, period)
    if place.there:
        return await show(ctx, place.path)
    language = ctx.meaning.language
    make = Button(
        say(language, "button.make_note"),
        "daily.create",
        {"date": day.isoformat(), "period": period},
    )
    return Reply(text=say(language, "daily.missing", path=place.path), buttons=(make,))


@handler("daily.create", capability=Capability.ADD)
async def create(ctx: Context, date: str = "", period: str = "daily") -> Reply:
    """Make the note of a day, a week or a month from the owner's template"""
    place = await find(ctx, _day(ctx, date), period)
    if place.there and not await ctx.effects.recorded():
        return await show(ctx, place.path)
    effect = await ctx.effects.apply(
        Edit(place.path, lambda old: place.new if old is None else old, kind="create")
    )
    reply = receipt(ctx, effect, "note.saved")
    return replace(reply, text="\n".join(filter(None, (reply.text, place.warning))))


@handler("daily", capability=Capability.ADD, command="daily")
async def daily(ctx: Context, text: str = "") -> Reply:
    """Show today's note; with a text, write it there: /daily slept well"""
    return await (append(ctx, text) if text.strip() else open_(ctx))


async def find(ctx: Context, day: date, period: str = "daily") -> Place:
    """The note of ``period`` that holds ``day``, in the spelling that the vault has for it.

    Raises NotFound for a period that is none, PathError for a format that leads out of the vault.
    """
    if period not in PERIODS:
        raise NotFound(key="daily.no_day", day=period)
    vault = ctx.ports.vault
    settings = read_settings({name: await vault.text_of(name) for name in FILES})
    path = period_path(settings, day, period=period, language=ctx.house.language)
    if await vault.read(path) is None:
        path = standing(path, await vault.notes())
        if await vault.read(path) is None:
            return await _new(ctx, settings, path, day, period)
    return Place(path, there=True)


async def _new(ctx: Context, settings: Settings, path: str, day: date, period: str) -> Place:
    """The note as Obsidian would make it. What only its plugin Templater can fill in is left out,
    and so is a template that is not there: the note is made all the same, and the owner told."""
    language, where = ctx.meaning.language, settings.periods[period]
    name = template_path(where.template)
    if not name:
        return Place(path, there=False)
    data = await ctx.ports.vault.read(standing(name, await ctx.ports.vault.notes()))
    if data is None:
        return Place(path, False, warning=say(language, "daily.no_template", path=name))
    try:
        text, encoding = decode(data)
    except Undecodable:
        return Place(path, False, warning=say(language, "daily.no_template", path=name))
    if has_templater(text):
        return Place(path, False, warning=say(language, "daily.templater", path=name))
    filled = render_daily(
        text,
        title=stem(path),
        day=day,
        now=ctx.now,
        form=where.format,
        language=ctx.house.language,
    )
    return Place(path, False, encoding.encode(filled))


def _line(ctx: Context, text: str, day: date, period: str) -> str:
    """The line as the owner wants it: with the time where it happens now, else without one."""
    now, house = ctx.now, ctx.house
    known = day == now.date() and period == "daily"
    time = format_date(now, house.daily_time, house.language) if known else ""
    return entry(text, house.daily_line, time)


def _inserted(old: bytes, line: str, heading: str) -> bytes:
    """The note with the line under the owner's heading, which is made where it is missing.

    In a note that is not text no heading can be found: the line goes to its end.
    """
    if heading.strip():
        try:
            return edit.append(old, line, heading=heading, create=True)
        except Undecodable:
            pass
    return edit.append(old, line)


def _day(ctx: Context, text: str) -> date:
    """The day of an argument, today where there is none. Raises NotFound."""
    if not text:
        return ctx.now.date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(key="daily.no_day", day=text) from error
