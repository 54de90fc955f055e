"""Live by the clocks of another place."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound
from octopus.language.catalogue import say
from octopus.language.place import zone_of
from octopus.language.reminding import moment


@handler("zone.set", capability=Capability.CHANGE, command="timezone")
async def set_(ctx: Context, place: str = "") -> Reply:
    """Your time zone; with a place, live by its clocks: /timezone Tokyo"""
    language, before = ctx.meaning.language, str(ctx.now.tzinfo)
    if not place.strip():
        return Reply(text=say(language, "zone.now", zone=before, when=_clock(ctx, before)))
    zone = zone_of(place)
    if zone is None:
        raise NotFound(key="zone.unknown", name=place.strip())
    if zone == before:
        return Reply(text=say(language, "zone.same", zone=zone), reaction="👌")
    stored = "" if zone == ctx.house.zone else zone
    now = ctx.ports.clock.now()
    moved = await ctx.ports.reminders.move_owner(stored, ctx.house.zone, now)
    lines = [say(language, "zone.set", zone=zone, when=_clock(ctx, zone))]
    if moved:
        lines.append(say(language, "zone.moved", count=moved))
    back = Button(say(language, "zone.back", zone=before), "zone.set", {"place": before})
    return Reply(text="\n".join(lines), buttons=(back,), reaction="👌")


def _clock(ctx: Context, zone: str) -> str:
    now = ctx.ports.clock.now().astimezone(ZoneInfo(zone))
    return moment(now, ctx.meaning.language, ctx.house.date_order)
