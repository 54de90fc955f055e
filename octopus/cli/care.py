"""``octopus doctor`` and ``octopus config``: is everything as it should be?"""

from __future__ import annotations

import os
from typing import Any

import click

from octopus.app.examine import examine
from octopus.cli.common import configured, loaded, run, settings
from octopus.cli.option import echo_json, with_json
from octopus.config import Config
from octopus.core.crash import POINTS


@click.command()
@click.option("--crash-points", is_flag=True, help="List the points OCTOPUS_CRASH_AT can name.")
@click.option("--model", is_flag=True, help="Have the model answer a word, too.")
@with_json
@configured
@click.pass_context
def doctor(
    ctx: click.Context, config: Config, crash_points: bool, model: bool, as_json: bool
) -> None:
    """Check every part and say how to mend what fails."""
    if crash_points:
        for name, meaning in POINTS.items():
            click.echo(name if not os.isatty(1) else f"{name:<18} {meaning}")
        return
    checks = run(examine(config, ask_model=model))
    ok = all(check["ok"] for check in checks)
    if as_json:
        echo_json({"ok": ok, "checks": checks})
    else:
        for check in checks:
            click.echo(f"{'ok  ' if check['ok'] else 'FAIL'}  {check['name']}: {check['detail']}")
            if not check["ok"]:
                click.echo(f"      {check['fix']}")
    if not ok:
        ctx.exit(1)


@click.group()
def config() -> None:
    """The settings: check them, show them."""


@config.command("check")
@with_json
@settings
def config_check(config: str | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """Report every mistake at once."""
    found = loaded(config, overrides)
    if as_json:
        echo_json({"ok": True, "file": str(found.file) if found.file else None})
        return
    click.echo(f"The settings are fine ({found.file or 'no file, built-in defaults'}).")


@config.command("show")
@with_json
@settings
def config_show(config: str | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """Every setting with its value and where it comes from; secrets are masked."""
    rows = loaded(config, overrides).show()
    if as_json:
        document: dict[str, Any] = {
            key: {"value": value, "origin": origin} for key, value, origin in rows
        }
        echo_json(document)
        return
    for key, value, origin in rows:
        click.echo(f"{key} = {value!r}  ({origin})")
