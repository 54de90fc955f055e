"""``octopus note`` continued: the changes inside notes, each at once and with an undo."""

from __future__ import annotations

import click

from octopus.cli.common import configured
from octopus.cli.note import act, note
from octopus.cli.option import WORDS, with_json
from octopus.config import Config

_LINE = click.IntRange(min=1)


@note.command("prepend", context_settings=WORDS)
@click.argument("path")
@click.argument("text")
@with_json
@configured
def prepend(config: Config, path: str, text: str, as_json: bool) -> None:
    """Add a text to the beginning of a note, below its properties."""
    act(config, "note.prepend", as_json, note=path, text=text)


@note.command("insert", context_settings=WORDS)
@click.argument("path")
@click.argument("text")
@click.option("--heading", help="At the end of the section under this heading.")
@click.option("--block", help="Below the block with this id, like ^plan.")
@click.option("--create", is_flag=True, help="Make the heading where it is not there.")
@with_json
@configured
def insert(
    config: Config,
    path: str,
    text: str,
    heading: str | None,
    block: str | None,
    create: bool,
    as_json: bool,
) -> None:
    """Add a text under a heading or below a block."""
    if bool(heading) == bool(block):
        raise click.UsageError("Say where: --heading or --block.")
    where = {"heading": heading, "block": block, "create": create}
    act(config, "note.insert", as_json, note=path, text=text, **where)


@note.command("replace", context_settings=WORDS)
@click.argument("path")
@click.argument("text")
@click.option("--heading", help="The section under this heading; the heading itself stays.")
@click.option("--block", help="The block with this id; the id stays.")
@click.option("--old", help="These words where they stand first, or with --all everywhere.")
@click.option("--all", "every", is_flag=True, help="Wherever the words of --old stand.")
@with_json
@configured
def replace(
    config: Config,
    path: str,
    text: str,
    heading: str | None,
    block: str | None,
    old: str | None,
    every: bool,
    as_json: bool,
) -> None:
    """Put a text in place of a section, of a block or of words; octopus undo takes it back."""
    if [bool(heading), bool(block), bool(old)].count(True) != 1:
        raise click.UsageError("Say what: one of --heading, --block and --old.")
    what = {"heading": heading, "block": block, "old": old, "every": every, "agreed": True}
    act(config, "note.replace", as_json, note=path, text=text, **what)


@note.command("property", context_settings=WORDS)
@click.argument("path")
@click.argument("name")
@click.argument("value", required=False)
@click.option("--add", "action", flag_value="add", help="Add the value to a list.")
@click.option("--take", "action", flag_value="take", help="Take the value from a list.")
@click.option("--drop", "action", flag_value="drop", help="Remove the property.")
@with_json
@configured
def property_(
    config: Config, path: str, name: str, value: str | None, action: str | None, as_json: bool
) -> None:
    """Set a property of a note, add to it, take from it or remove it."""
    action = action or "set"
    if (value is None) != (action == "drop"):
        raise click.UsageError("Give a value, or --drop and none.")
    act(config, "note.property", as_json, note=path, name=name, value=value, action=action)


@note.command("template", context_settings=WORDS)
@click.argument("path")
@click.argument("template")
@with_json
@configured
def template(config: Config, path: str, template: str, as_json: bool) -> None:
    """Add a template to a note: its text to the end, its properties to those there."""
    act(config, "note.template", as_json, note=path, template=template)


@note.command("task", context_settings=WORDS)
@click.argument("path")
@click.argument("line", type=_LINE)
@click.option("--do", default="toggle", help="toggle, done, todo, cancel, remove, or a sign.")
@click.option("--due", help="Move it to this day, YYYY-MM-DD.")
@click.option("--to", help="Move it to this note.")
@click.option("--heading", help="Move it under this heading.")
@with_json
@configured
def task(
    config: Config,
    path: str,
    line: int,
    do: str,
    due: str | None,
    to: str | None,
    heading: str | None,
    as_json: bool,
) -> None:
    """Change the task in this line of a note."""
    if to or heading:
        act(config, "note.task.move", as_json, note=path, line=line, to=to, heading=heading)
    elif due is not None:
        act(config, "note.task", as_json, note=path, line=line, do="due", due=due)
    else:
        act(config, "note.task", as_json, note=path, line=line, do=do)


@note.command("move", context_settings=WORDS)
@click.argument("path")
@click.argument("folder")
@with_json
@configured
def move(config: Config, path: str, folder: str, as_json: bool) -> None:
    """Move a note into a folder ("/" is the vault's root); all links to it go along."""
    to = f"/{folder.strip('/')}/" if folder.strip("/") else "/"
    act(config, "note.rename", as_json, **{"from": path, "to": to})


@note.command("merge", context_settings=WORDS)
@click.argument("path")
@click.argument("into")
@with_json
@configured
def merge(config: Config, path: str, into: str, as_json: bool) -> None:
    """Merge a note into another one; all links to it go along, and it goes to the trash."""
    act(config, "note.merge", as_json, note=path, into=into, agreed=True)
