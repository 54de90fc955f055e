"""``octopus search`` and ``octopus index``: look for notes, and at what can be found."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from typing import Any, TextIO

import click

from octopus.app.index import searching
from octopus.backends.lock import is_held
from octopus.cli.common import configured, run
from octopus.cli.option import WORDS, echo_json, with_json
from octopus.cli.reach import call
from octopus.config import Config
from octopus.core.ports import Index
from octopus.core.search import Hits
from octopus.frontends.control import request


@click.command(context_settings=WORDS)
@click.argument("query", required=False)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--batch", type=click.File(), help="One query a line.")
@with_json
@configured
def search(
    config: Config, query: str | None, limit: int, batch: TextIO | None, as_json: bool
) -> None:
    """Search the notes."""
    if query is None and batch is None:
        raise click.UsageError("Give a query, or --batch FILE.")
    queries = (line.rstrip("\n") for line in batch) if batch else iter([query or ""])
    run(_search(config, queries, limit, as_json or batch is not None))


async def _search(config: Config, queries: Iterator[str], limit: int, as_json: bool) -> None:
    async with searching(config) as index:
        for query in queries:
            hits = await index.search(query, limit=limit)
            if as_json:
                echo_json(hits_as_json(hits))
            else:
                _show_hits(hits)


def hits_as_json(hits: Hits) -> dict[str, Any]:
    """The contract's ``{"total","took_ms","stage","hits"}``."""
    document = dataclasses.asdict(hits)
    document["hits"] = list(document["hits"])
    return document


def _show_hits(hits: Hits) -> None:
    if hits.note:
        click.echo(hits.note)
    for hit in hits.hits:
        click.echo(f"{hit.path}:{hit.line}  {hit.title}")
        click.echo(f"    {hit.snippet}")
    click.echo(f"{hits.total} found ({hits.stage}, {hits.took_ms:.0f} ms)")


@click.group()
def index() -> None:
    """The full-text index."""


@index.command("status")
@with_json
@configured
def index_status(config: Config, as_json: bool) -> None:
    """How well the index covers the vault, with a reason for every file left out."""
    status = run(_status(config))
    if as_json:
        echo_json(status)
        return
    click.echo(f"{status['indexed']} of {status['notes']} notes can be searched")
    for skipped in status["skipped"]:
        click.echo(f"  {skipped['path']}: {skipped['reason']}")


async def _status(config: Config) -> Any:
    if is_held(config.state.path):
        return await request(config.state.path, "index.status")
    async with searching(config) as found:
        return await status_as_json(found)


async def status_as_json(index_: Index) -> dict[str, Any]:
    """The contract's ``{"notes","indexed","skipped","lag_ms","generation"}``."""
    return dataclasses.asdict(await index_.status())


@index.command("rebuild")
@with_json
@configured
def index_rebuild(config: Config, as_json: bool) -> None:
    """Make the index anew; searches go on meanwhile."""
    with click.progressbar(
        length=1000, label="Indexing", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        document = run(
            call(config, "index.rebuild", lambda done: bar.update(int(done * 1000) - bar.pos))
        )
    if as_json:
        echo_json(document)
    else:
        click.echo(f"{document['indexed']} of {document['notes']} notes can be searched")
