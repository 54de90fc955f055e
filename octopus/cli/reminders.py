"""``octopus reminders``: what will be told, and when."""

from __future__ import annotations

import click

from octopus.backends.sqlite import Database, SqliteReminders
from octopus.cli.common import configured, run
from octopus.cli.option import echo_json, with_json
from octopus.config import Config
from octopus.core.event import Bus
from octopus.core.reminder import Reminder

DATABASE = "octopus.db"


@click.command()
@with_json
@configured
def reminders(config: Config, as_json: bool) -> None:
    """The armed reminders, the soonest first."""
    found = run(_armed(config))
    if as_json:
        echo_json({"reminders": [each.as_json() for each in found]})
        return
    for each in found:
        again = f"  ({each.repeat})" if each.repeat else ""
        click.echo(f"{each.id:>6}  {each.shown_at:%Y-%m-%d %H:%M}  {each.text}{again}")


async def _armed(config: Config) -> list[Reminder]:
    """From the state, beside a daemon that may be running."""
    if not (config.state.path / DATABASE).exists():
        return []  # nothing was ever asked
    database = Database(config.state.path / DATABASE)
    try:
        await database.open_for_reading()
        return await SqliteReminders(database, Bus()).armed()
    finally:
        await database.close()
