"""``octopus todo``: the to-dos of the vault, added and ticked as from the phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from octopus.app.index import knowing
from octopus.cli.common import configured, run
from octopus.cli.option import WORDS, echo_json, with_json
from octopus.cli.reach import call
from octopus.config import Config
from octopus.core.todo import selected, todo_as_json
from octopus.errors import UserError
from octopus.language.todo_text import line, mark
from octopus.obsidian.path import key


@click.group()
def todo() -> None:
    """To-dos: list, add, done."""


@todo.command("list")
@click.option("--when", default="all", help='today, overdue, week, all, a day, "#tag" or a note.')
@with_json
@configured
def todo_list(config: Config, when: str, as_json: bool) -> None:
    """The open to-dos, the most urgent first."""
    run(_list(config, when.strip() or "all", as_json))


async def _list(config: Config, when: str, as_json: bool) -> None:
    zone = config.owner.zone
    today = datetime.now(zone).date()
    async with knowing(config) as notes:
        todos = await notes.todos()
    found = selected(todos, when, today)
    if found is None:
        paths = {one.path for one in todos if key(when) in _names(one.path)}
        if not paths:
            raise UserError(
                f"There are no to-dos called {when}: say today, overdue, week, all, a day "
                'such as 2026-11-20, a "#tag" or a note.'
            )
        found = selected(todos, f"[[{min(paths, key=len)}]]", today) or []
    if as_json:
        echo_json({"todos": [todo_as_json(one, zone) for one in found]})
        return
    for one in found:
        words = line(one, today, config.owner.language)
        click.echo(f"{mark(one)} {words}  ({one.path}:{one.line})")


def _names(path: str) -> set[str]:
    """What a note may be called."""
    bare = path.removesuffix(".md")
    return {key(path), key(bare), key(bare.rpartition("/")[2])}


@todo.command("add", context_settings=WORDS)
@click.argument("text", nargs=-1, required=True)
@with_json
@configured
def todo_add(config: Config, text: tuple[str, ...], as_json: bool) -> None:
    """Add a to-do: octopus todo add "call Ann on Friday"."""
    _act(config, "todo.say", as_json, text=" ".join(text))


@todo.command("done", context_settings=WORDS)
@click.argument("query", nargs=-1, required=True)
@with_json
@configured
def todo_done(config: Config, query: tuple[str, ...], as_json: bool) -> None:
    """Tick the to-do that a few words name."""
    _act(config, "todo.complete", as_json, query=" ".join(query))


def _act(config: Config, intent: str, as_json: bool, **args: Any) -> None:
    """Have it done and print the to-dos that it was about."""
    shown = run(call(config, "act", intent=intent, args=args))
    if shown["failed"] or not shown["effects"]:
        choices = [f"\n  {button['label']}" for button in shown["buttons"]]
        raise UserError(shown["reply"] + ("".join(choices) if len(choices) > 1 else ""))
    if as_json:
        echo_json({"todos": shown["todos"], "undo": shown["effects"][0]["undo"]})
    else:
        click.echo(shown["reply"])
