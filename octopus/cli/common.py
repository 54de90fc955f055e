"""What the commands share: settings, output, errors, the way to the daemon."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from octopus.app import Octopus, operations
from octopus.backends.lock import is_held
from octopus.config import Config, Loaded, load
from octopus.errors import BusyError, ConfigError, NotListening, OctopusError, SchemaError
from octopus.frontends.control import Say, request
from octopus.log import register_secret, set_up

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

EX_TEMPFAIL = 75
EX_CONFIG = 78


def exit_code(error: OctopusError) -> int:
    """As sysexits.h has them: 75 try again, 78 configuration, 1 everything else."""
    if isinstance(error, ConfigError | SchemaError):
        return EX_CONFIG
    return EX_TEMPFAIL if isinstance(error, BusyError) else 1


def say_error(error: OctopusError) -> None:
    """One line an error on stderr, saying what to do."""
    for line in str(error).splitlines():
        click.echo(f"octopus: {line}", err=True)


def settings(function: F) -> F:
    """Options that every command takes."""
    with_set = click.option(
        "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Set vault.path=... once."
    )(function)
    return click.option("--config", type=click.Path(), help="Read the settings from this file.")(
        with_set
    )


def with_json(function: F) -> F:
    """The option of commands that print data."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(
        function
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


async def call(
    config: Config, op: str, progress: Callable[[Any], None] | None = None, **values: Any
) -> Any:
    """Have something done: by the daemon where one runs, by ourselves otherwise.

    Raises BusyError when somebody holds the state directory and does not answer.
    """
    state = config.state.path
    if is_held(state):
        # Nobody listens while the daemon starts, or when a short command holds the lock.
        with contextlib.suppress(NotListening):
            return await request(state, op, progress, **values)
    try:
        async with Octopus(config, state).opened() as octopus:
            return await operations(octopus)[op](values, _reporter(progress))
    except BusyError:
        return await request(state, op, progress, **values)


def _reporter(progress: Callable[[Any], None] | None) -> Say:
    async def say(document: Mapping[str, Any]) -> None:
        if progress is not None:
            progress(document["progress"])

    return say


def echo_json(document: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False))
