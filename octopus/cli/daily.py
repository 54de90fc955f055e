"""``octopus daily``: the note of a day, a week or a month."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime

import click

from octopus.backends.vault import VaultFiles
from octopus.cli.common import configured, run
from octopus.cli.note import act
from octopus.cli.option import echo_json, with_json
from octopus.config import Config
from octopus.obsidian.daily import period_path, standing
from octopus.obsidian.settings import FILES, PERIODS, read_settings
from octopus.obsidian.text import read


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Of this day, not today.")
@click.option("--period", default="daily", type=click.Choice(list(PERIODS)), help="Which note.")
@click.option("--append", "text", metavar="TEXT", help="Write this into it.")
@with_json
@configured
def daily(
    config: Config, day: datetime | None, period: str, text: str | None, as_json: bool
) -> None:
    """Where the daily note is, and what it says; with --append, write into it."""
    when = (day or datetime.now(config.owner.zone)).date()
    if text is None:
        run(_daily(config, when, period, as_json))
    else:
        # Without a day it is today, and gets the time of day.
        named = when.isoformat() if day else None
        act(config, "daily.append", as_json, text=text, date=named, period=period)


async def _daily(config: Config, day: date, period: str, as_json: bool) -> None:
    vault = VaultFiles(config.vault.path.absolute(), config_dir=config.vault.config_dir)
    with closing(vault):
        settings = read_settings({name: await vault.text_of(name) for name in FILES})
        path = period_path(settings, day, period=period, language=config.owner.language)
        data = await vault.read(path)
        if data is None and (path := standing(path, await vault.notes())):
            data = await vault.read(path)
    for warning in settings.warnings:
        click.echo(f"octopus: {warning}", err=True)
    if as_json:
        echo_json({"path": path, "exists": data is not None})
        return
    click.echo(path)
    if data is not None:
        click.echo(f"\n{read(data)}", nl=not data.endswith(b"\n"))
