"""``octopus vault``: how the notes hang together."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from octopus.app.index import knowing
from octopus.backends.pictures import png
from octopus.backends.vault import VaultFiles
from octopus.cli.common import configured, run
from octopus.cli.option import echo_json, with_json
from octopus.config import Config
from octopus.core.graph import Mention, Neighbourhood, OutlineEntry, Reference, TagNode
from octopus.core.ports import Notes
from octopus.errors import NotFound, UserError
from octopus.obsidian.graph import flat
from octopus.obsidian.path import NOTE, is_note
from octopus.obsidian.picture import picture, svg

T = TypeVar("T")

MOST_MENTIONS = 10_000


@contextmanager
def _files(config: Config) -> Iterator[VaultFiles]:
    """The vault for reading, beside a daemon that may be running."""
    vault = VaultFiles(config.vault.path.absolute(), config_dir=config.vault.config_dir)
    try:
        yield vault
    finally:
        vault.close()


@click.group()
def vault() -> None:
    """How the notes hang together: links, tags, outlines, numbers."""


async def _known(config: Config, ask: Callable[[Notes], Awaitable[T]]) -> T:
    """The answer to one question; a note that cannot be read is named on stderr."""
    async with knowing(config) as notes:
        for path, why in (await notes.unread()).items():
            click.echo(f"octopus: {path} is left out: {why}", err=True)
        return await ask(notes)


async def _named(notes: Notes, path: str) -> str:
    """The path as the vault has it; ".md" may be left out."""
    name = await notes.find(path)
    if name is None:
        raise NotFound(f"There is no file {path}.")
    return name


def _show(as_json: bool, document: dict[str, Any], lines: Iterable[str]) -> None:
    if as_json:
        echo_json(document)
        return
    for line in lines:
        click.echo(line)


def _reference(each: Reference) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "target": each.target,
        "subpath": each.subpath or None,
        "display": each.display,
        "line": each.line,
        "property": each.property,
        "resolved": each.resolved,
    }


def _place(each: Reference) -> str:
    """Where a link stands; those of properties have no line."""
    if each.line is None:
        return f"{each.source} ({each.property})"
    return f"{each.source}:{each.line}"


@vault.command("links")
@click.argument("path")
@with_json
@configured
def links(config: Config, path: str, as_json: bool) -> None:
    """The links in a note, and what they mean."""

    async def ask(notes: Notes) -> tuple[str, list[Reference]]:
        name = await _named(notes, path)
        return name, await notes.links(name)

    name, found = run(_known(config, ask))
    document = {"path": name, "links": [_reference(each) for each in found]}
    _show(as_json, document, (f"{each.display} -> {each.resolved or '?'}" for each in found))


@vault.command("backlinks")
@click.argument("path")
@with_json
@configured
def backlinks(config: Config, path: str, as_json: bool) -> None:
    """The links of other notes to a file."""

    async def ask(notes: Notes) -> tuple[str, list[Reference]]:
        name = await _named(notes, path)
        return name, await notes.backlinks(name)

    name, found = run(_known(config, ask))
    rows = [{"path": each.source} | _reference(each) for each in found]
    lines = (f"{_place(each)}  {each.display}" for each in found)
    _show(as_json, {"path": name, "backlinks": rows}, lines)


@vault.command("unresolved")
@with_json
@configured
def unresolved(config: Config, as_json: bool) -> None:
    """What links name that is not there, and where."""
    found = run(_known(config, lambda notes: notes.unresolved()))
    where = {
        name: list(dict.fromkeys(each.source for each in references))
        for name, references in found.items()
    }
    rows = [
        {"target": name, "count": len(found[name]), "sources": sources}
        for name, sources in where.items()
    ]
    lines = (f"{name}  {', '.join(sources)}" for name, sources in where.items())
    _show(as_json, {"unresolved": rows}, lines)


@vault.command("orphans")
@with_json
@configured
def orphans(config: Config, as_json: bool) -> None:
    """The notes that no other note links to."""
    found = run(_known(config, lambda notes: notes.orphans()))
    _show(as_json, {"orphans": found}, found)


@vault.command("deadends")
@with_json
@configured
def deadends(config: Config, as_json: bool) -> None:
    """The notes that link to no other file."""
    found = run(_known(config, lambda notes: notes.deadends()))
    _show(as_json, {"deadends": found}, found)


@vault.command("tags")
@with_json
@configured
def tags(config: Config, as_json: bool) -> None:
    """The tags as a tree, each with the number of its notes."""
    found = run(_known(config, lambda notes: notes.tags()))
    lines = (f"{'  ' * depth}{tag.name}  {tag.count}" for depth, tag in flat(found))
    _show(as_json, {"tags": _tags(found)}, lines)


def _tags(found: tuple[TagNode, ...]) -> list[dict[str, Any]]:
    """``{"tag","count","children"}``; built from the leaves up, however deep the tree is."""
    done: dict[int, dict[str, Any]] = {}
    for _, tag in reversed(list(flat(found))):
        children = [done[id(child)] for child in tag.children]
        done[id(tag)] = {"tag": tag.name, "count": tag.count, "children": children}
    return [done[id(tag)] for tag in found]


@vault.command("outline")
@click.argument("path")
@with_json
@configured
def outline(config: Config, path: str, as_json: bool) -> None:
    """The headings of a note."""

    async def ask(notes: Notes) -> tuple[str, list[OutlineEntry]]:
        name = await notes.find(path if is_note(path) else path + NOTE)
        if name is None:
            raise NotFound(f"There is no note {path}.")
        return name, await notes.outline(name)

    name, found = run(_known(config, ask))
    rows = [dataclasses.asdict(each) for each in found]
    lines = (f"{'  ' * each.depth}{each.text}" for each in found)
    _show(as_json, {"path": name, "headings": rows}, lines)


@vault.command("mentions")
@click.argument("path")
@with_json
@configured
def mentions(config: Config, path: str, as_json: bool) -> None:
    """Where other notes name a note without a link to it."""

    async def ask(notes: Notes) -> tuple[str, list[Mention]]:
        name = await _named(notes, path)
        return name, await notes.mentions(name, MOST_MENTIONS)

    name, found = run(_known(config, ask))
    rows = [
        {"path": each.source, "line": each.line, "name": each.name, "text": each.text}
        for each in found
    ]
    lines = (f"{each.source}:{each.line}  {each.text}" for each in found)
    _show(as_json, {"path": name, "mentions": rows}, lines)


@vault.command("picture")
@click.argument("path")
@click.option("-o", "--output", type=click.Path(), help="A file ending in .svg or .png.")
@click.option("--depth", default=2, show_default=True, type=click.IntRange(1, 3))
@configured
def show_picture(config: Config, path: str, output: str | None, depth: int) -> None:
    """A picture of a note and what is around it; as SVG where no file is named."""

    async def ask(notes: Notes) -> Neighbourhood:
        return await notes.neighbourhood(await _named(notes, path), depth)

    drawing = picture(run(_known(config, ask)))
    if output is None:
        click.echo(svg(drawing), nl=False)
    elif output.lower().endswith(".png"):
        data = png(drawing)
        if data is None:
            raise UserError("PNG needs Pillow: pip install 'octopus[picture]', or name an .svg.")
        Path(output).write_bytes(data)
    else:
        Path(output).write_text(svg(drawing), "utf-8")


@vault.command("conflicts")
@with_json
@configured
def conflicts(config: Config, as_json: bool) -> None:
    """The copies that sync tools left when two devices changed one file."""
    found = run(_known(config, lambda notes: notes.conflicts()))
    rows = [dataclasses.asdict(each) for each in found]
    lines = (f"{each.path}  {each.tool}, a copy of {each.original}" for each in found)
    _show(as_json, {"conflicts": rows}, lines)


@vault.command("stats")
@with_json
@configured
def stats(config: Config, as_json: bool) -> None:
    """The numbers of the vault."""
    numbers = dataclasses.asdict(run(_known(config, lambda notes: notes.stats())))
    _show(as_json, numbers, (f"{name}: {number}" for name, number in numbers.items()))
