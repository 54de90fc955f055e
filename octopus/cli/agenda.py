"""``octopus agenda``: what the days hold."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from octopus.app.index import knowing
from octopus.backends.calendar import CalendarFiles
from octopus.backends.sqlite import Database, SqliteReminders
from octopus.backends.vault import VaultFiles
from octopus.cli.common import configured, run
from octopus.cli.option import echo_json, with_json
from octopus.config import Config
from octopus.core.agenda import Agenda, Appointment, Day, Sources, arrange
from octopus.core.event import Bus
from octopus.core.reminder import Reminder
from octopus.core.todo import todo_as_json
from octopus.handlers.agenda import MOST_DAYS, headings, rings
from octopus.language.agenda import told

DATABASE = "octopus.db"


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="From this day, not today.")
@click.option("--days", default=1, type=click.IntRange(1, MOST_DAYS), help="How many days.")
@with_json
@configured
def agenda(config: Config, day: datetime | None, days: int, as_json: bool) -> None:
    """What is on: to-dos, reminders, appointments, the headings of the daily notes."""
    zone, found = run(_gathered(config, day, days))
    for fault in found.faults:
        click.echo(f"octopus: {fault}", err=True)
    if as_json:
        echo_json(_as_json(found, zone))
        return
    words = told(Agenda(found.today, found.days, found.overdue), config.owner.language)
    click.echo(words.text)


async def _gathered(config: Config, day: datetime | None, days: int) -> tuple[ZoneInfo, Agenda]:
    """From the files and the state, beside a daemon that may be running."""
    zone, armed = await _armed(config)
    now = datetime.now(zone)
    first = (day or now).date()
    last = first + timedelta(days=days - 1)
    async with knowing(config) as notes:
        todos = await notes.todos()
    files = VaultFiles(config.vault.path.absolute(), config_dir=config.vault.config_dir)
    with closing(files):
        texts = await headings(files, first, last, config.owner.language)
    schedule = await CalendarFiles(config.agenda.calendars).between(first, last, zone)
    sources = Sources(todos, rings(armed, first, last, zone), schedule, texts)
    return zone, arrange(sources, first, last, now)


async def _armed(config: Config) -> tuple[ZoneInfo, Sequence[Reminder]]:
    """The zone in which the owner is, and the armed reminders."""
    if not (config.state.path / DATABASE).exists():
        return config.owner.zone, ()  # nothing was ever asked
    database = Database(config.state.path / DATABASE)
    try:
        await database.open_for_reading()
        reminders = SqliteReminders(database, Bus())
        zone = await reminders.zone()
        return ZoneInfo(zone) if zone else config.owner.zone, await reminders.armed()
    finally:
        await database.close()


def _as_json(found: Agenda, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "days": [_day_as_json(day, zone) for day in found.days],
        "overdue": [todo_as_json(todo, zone) for todo in found.overdue],
        "faults": list(found.faults),
    }


def _day_as_json(day: Day, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "date": day.day.isoformat(),
        "appointments": [_appointment_as_json(one) for one in day.appointments],
        "reminders": [one.as_json() for one in day.reminders],
        "todos": [todo_as_json(todo, zone) for todo in day.todos],
        "headings": list(day.headings),
    }


def _appointment_as_json(one: Appointment) -> dict[str, Any]:
    """Days are days; times carry their offset. ``end`` of whole days is the last of them."""
    start, end = one.start or one.first, one.end or one.last
    return {
        "title": one.title,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "all_day": one.start is None,
        "place": one.place or None,
    }
