"""Commands that change the vault; they go through the daemon where one runs."""

from __future__ import annotations

from typing import Any

import click

from octopus.cli.common import call, configured, echo_json, run, with_json
from octopus.cli.look import note
from octopus.cli.talk import show
from octopus.config import Config
from octopus.errors import UserError


def _act(config: Config, intent: str, as_json: bool, **args: Any) -> None:
    """Have an intent done and print the contract's ``{"path","changed","undo"}``."""
    args = {name: value for name, value in args.items() if value is not None}
    shown = run(call(config, "act", intent=intent, args=args))
    if shown["failed"]:
        raise UserError(shown["reply"])
    effects = shown["effects"]
    document = {
        "path": effects[0]["path"] if effects else None,
        "changed": [effect["path"] for effect in effects],
        "undo": effects[0]["undo"] if effects else None,
    }
    if as_json:
        echo_json(document)
    else:
        show(shown, as_json=False)


@note.command("new")
@click.argument("title")
@click.argument("text", default="")
@with_json
@configured
def note_new(config: Config, title: str, text: str, as_json: bool) -> None:
    """Make a note with this title in the inbox."""
    _act(config, "note.new", as_json, title=title, text=text)


@note.command("append")
@click.argument("path")
@click.argument("text")
@click.option("--heading", help="At the end of the section under this heading.")
@with_json
@configured
def note_append(config: Config, path: str, text: str, heading: str | None, as_json: bool) -> None:
    """Add a text to the end of a note."""
    _act(config, "note.append", as_json, note=path, text=text, heading=heading)


@click.command()
@click.argument("effect", type=int, required=False, metavar="[ID]")
@with_json
@configured
def undo(config: Config, effect: int | None, as_json: bool) -> None:
    """Take the last write back, or the one with this number."""
    shown = run(call(config, "act", intent="undo", args={"effect": effect} if effect else {}))
    conflict = shown["reply"] if shown["failed"] or not shown["effects"] else None
    if as_json:
        undone = [{"path": e["path"], "what": shown["reply"]} for e in shown["effects"]]
        echo_json({"undone": undone, "conflict": conflict})
    elif conflict:
        raise UserError(conflict)
    else:
        click.echo(shown["reply"])


COMMANDS = (undo,)
