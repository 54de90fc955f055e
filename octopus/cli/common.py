"""What the commands share: settings, logs, output."""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from octopus.config import Config, Loaded, load
from octopus.log import register_secret, set_up

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def settings(function: F) -> F:
    """Options that every command takes."""
    with_set = click.option(
        "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Set vault.path=... once."
    )(function)
    return click.option("--config", type=click.Path(), help="Read the settings from this file.")(
        with_set
    )


def loaded(config: str | None, overrides: tuple[str, ...]) -> Loaded:
    """The settings. Raises ConfigError with every mistake."""
    if config is None:
        config = (click.get_current_context().find_root().obj or {}).get("config")
    flags: dict[str, object] = {}
    for override in overrides:
        key, equals, value = override.partition("=")
        if not equals:
            raise click.UsageError(f"--set {override}: write it as --set key=value")
        flags[key.strip()] = value
    return load(Path(config) if config else None, flags, dict(os.environ))


def configured(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its settings as ``config`` and logs on stderr."""

    @settings
    @functools.wraps(function)
    def wrapper(*args: Any, config: str | None, overrides: tuple[str, ...], **kwargs: Any) -> Any:
        settings_ = loaded(config, overrides).config
        logs(settings_, quiet=True)
        return function(*args, config=settings_, **kwargs)

    return wrapper


def logs(config: Config, *, quiet: bool = False) -> None:
    """Logs go to stderr; ``quiet`` for commands whose output is their answer."""
    for secret in (config.telegram.token, config.http.token):
        register_secret(secret.get_secret_value())
    level = "WARNING" if quiet and config.log.level == "INFO" else config.log.level
    file = config.state.path / "octopus.log" if config.log.file and not quiet else None
    set_up(level, as_json=config.log.as_json, file=file)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run one coroutine to its end."""
    return asyncio.run(work)
