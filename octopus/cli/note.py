"""``octopus note`` and ``octopus undo``: notes as they are understood, and changes to them."""

from __future__ import annotations

from typing import Any

import click

from octopus.backends.vault import VaultFiles
from octopus.cli.common import configured, run
from octopus.cli.option import NUMBER, WORDS, echo_json, with_json
from octopus.cli.reach import call
from octopus.config import Config
from octopus.errors import NotFound, UserError
from octopus.obsidian.path import is_note
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import FILES, read_settings
from octopus.obsidian.show import as_json as as_object
from octopus.obsidian.text import read


@click.group()
def note() -> None:
    """Notes: show, make, change, rename, merge, delete."""


@note.command("show")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@with_json
@configured
def note_show(config: Config, paths: tuple[str, ...], as_json: bool) -> None:
    """A note as it is understood; with --json one object a line."""
    run(_show_notes(config, paths, as_json))


async def _show_notes(config: Config, paths: tuple[str, ...], as_json: bool) -> None:
    vault = VaultFiles(config.vault.path.absolute(), config_dir=config.vault.config_dir)
    try:
        resolver = Resolver(await vault.paths())
        tasks = read_settings({name: await vault.text_of(name) for name in FILES}).tasks
        for path in paths:
            name = path if is_note(path) else f"{path}.md"
            data = await vault.read(name)
            if data is None:
                raise NotFound(f"There is no note {name}.")
            if not as_json:
                click.echo(data.decode("utf-8", "replace"), nl=not data.endswith(b"\n"))
                continue
            zone, alarm = config.owner.zone, config.owner.morning
            note = scan(read(data))
            echo_json(
                as_object(name, note, resolver.resolve, settings=tasks, zone=zone, alarm=alarm)
            )
    finally:
        vault.close()


def act(config: Config, intent: str, as_json: bool, **args: Any) -> None:
    """Have an intent done and print the contract's ``{"path","changed","undo"}``."""
    args = {name: value for name, value in args.items() if value is not None}
    shown = run(call(config, "act", intent=intent, args=args))
    effects = shown["effects"]
    if shown["failed"] or (not effects and shown["buttons"]):  # a question is no change either
        raise UserError(shown["reply"])
    document = {
        "path": effects[0]["path"] if effects else args.get("note"),
        "changed": list(dict.fromkeys(effect["path"] for effect in effects)),
        "undo": effects[0]["undo"] if effects else None,
    }
    if intent == "note.rename":
        document["left"] = shown["left"]
    if as_json:
        echo_json(document)
        if shown["left"]:
            names = ", ".join(shown["left"])
            click.echo(f"octopus: links that could not be changed are left in {names}", err=True)
    else:
        click.echo(shown["reply"])


@note.command("new", context_settings=WORDS)
@click.argument("title")
@click.argument("text", default="")
@click.option("--template", help="The template to make it from, instead of vault.template.")
@with_json
@configured
def note_new(config: Config, title: str, text: str, template: str | None, as_json: bool) -> None:
    """Make a note with this title in the inbox."""
    act(config, "note.new", as_json, title=title, text=text, template=template)


@note.command("append", context_settings=WORDS)
@click.argument("path")
@click.argument("text")
@click.option("--heading", help="At the end of the section under this heading.")
@with_json
@configured
def note_append(config: Config, path: str, text: str, heading: str | None, as_json: bool) -> None:
    """Add a text to the end of a note."""
    act(config, "note.append", as_json, note=path, text=text, heading=heading)


@note.command("rename", context_settings=WORDS)
@click.argument("old")
@click.argument("new")
@with_json
@configured
def note_rename(config: Config, old: str, new: str, as_json: bool) -> None:
    """Rename or move a note; all links to it go along.

    A bare name leaves the note in its folder, "Folder/" moves it there, "/" is the vault's root.
    """
    act(config, "note.rename", as_json, **{"from": old, "to": new})


@note.command("delete", context_settings=WORDS)
@click.argument("path")
@with_json
@configured
def note_delete(config: Config, path: str, as_json: bool) -> None:
    """Move a note to the vault's trash, at once; octopus undo brings it back."""
    act(config, "note.delete", as_json, note=path, force=True)


@click.command()
@click.argument("effect", type=NUMBER, required=False, metavar="[ID]")
@click.option("--force", is_flag=True, help="Also when you have changed the note since.")
@with_json
@configured
def undo(config: Config, effect: int | None, force: bool, as_json: bool) -> None:
    """Take the last write back, or the one with this number."""
    wanted = {"force": force} | ({"effect": effect} if effect is not None else {})
    shown = run(call(config, "act", intent="undo", args=wanted))
    conflict = shown["reply"] if shown["failed"] or not shown["effects"] else None
    if as_json:
        lines = shown["reply"].splitlines()
        if len(lines) != len(shown["effects"]):
            lines = [shown["reply"]] * len(shown["effects"])
        undone = [
            {"path": effect["path"], "what": line}
            for effect, line in zip(shown["effects"], lines, strict=True)
        ]
        echo_json({"undone": undone, "conflict": conflict})
    elif conflict:
        raise UserError(conflict)
    else:
        click.echo(shown["reply"])
