"""Commands that talk: the daemon, the terminal, one message, one press."""

from __future__ import annotations

import importlib
from collections.abc import Coroutine
from typing import Any

import click

from octopus.backends.lock import is_held
from octopus.cli.common import configured, logs, run
from octopus.cli.option import NUMBER, WORDS, echo_json, with_json
from octopus.cli.reach import call
from octopus.config import Config
from octopus.errors import BusyError
from octopus.frontends.console import Console, terminal_text
from octopus.frontends.control import request


def _serve(config: Config, *, console: bool = False) -> Coroutine[Any, Any, None]:
    """The daemon; imported here because the other commands of this file mostly talk to one."""
    daemon = importlib.import_module("octopus.app.daemon")
    served: Coroutine[Any, Any, None] = daemon.serve(
        daemon.Octopus(config, config.state.path), console=console
    )
    return served


@click.command("run")
@configured
def run_(config: Config) -> None:
    """Run the daemon, as the service does: no terminal."""
    logs(config)
    run(_serve(config))


@click.command()
@configured
def console(config: Config) -> None:
    """Run the daemon with this terminal as a front end, or join the one that runs."""
    state = config.state.path
    if not is_held(state):
        logs(config, quiet=True)
        try:
            run(_serve(config, console=True))
        except BusyError:
            pass  # another one was faster: join it
        else:
            return
    run(_client(config))


async def _client(config: Config) -> None:
    state = config.state.path

    async def ask(text: str) -> Any:
        return await request(state, "ask", text=text, conversation="cli:console")

    async def press(job: int, button: str) -> Any:
        return await request(state, "press", job=job, button=button, conversation="cli:console")

    async def ring() -> None:
        await request(state, "listen", terminal.show)

    terminal = Console(ask, press)
    await terminal.run(beside=ring())


@click.command(context_settings=WORDS)
@click.argument("text")
@with_json
@configured
def ask(config: Config, text: str, as_json: bool) -> None:
    """Send one message and wait for its final reply."""
    answer(run(call(config, "ask", text=text, conversation="cli:ask")), as_json)


@click.command(context_settings=WORDS)
@click.argument("job", type=NUMBER)
@click.argument("button")
@with_json
@configured
def press(config: Config, job: int, button: str, as_json: bool) -> None:
    """Press a button of an earlier reply."""
    answer(run(call(config, "press", job=job, button=button, conversation="cli:ask")), as_json)


def answer(shown: Any, as_json: bool) -> None:
    """Print a reply; what could not be done is an error for scripts."""
    failed = shown.pop("failed")
    show(shown, as_json)
    if failed:
        click.get_current_context().exit(1)


def show(shown: Any, as_json: bool) -> None:
    """Print a reply."""
    if as_json:
        echo_json({name: value for name, value in shown.items() if name != "markdown"})
        return
    click.echo(terminal_text(shown))
    for button in shown["buttons"]:
        click.echo(f"  octopus press {shown['job']} {button['id']}  # {button['label']}")
