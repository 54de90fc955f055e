"""``octopus search`` and ``octopus index``: look for notes, and at what can be found."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
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
from octopus.frontends.console import shown_on_a_line
from octopus.frontends.control import request


@click.command(context_settings=WORDS)
@click.argument("query", required=False)
@click.argument("path", required=False)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--batch", type=click.File(), help="One query a line.")
@click.option("--explain", is_flag=True, help="Say why the note PATH is or is not in the list.")
@click.option("--similar", metavar="NOTE", help="Notes about the same as this one.")
@with_json
@configured
def search(
    config: Config,
    query: str | None,
    path: str | None,
    limit: int,
    batch: TextIO | None,
    explain: bool,
    similar: str | None,
    as_json: bool,
) -> None:
    """Search the notes.

    QUERY has Obsidian's operators; put it in quotes. PATH goes with --explain only: without it,
    the notes that are found are explained.
    """
    if path is not None and not explain:
        raise click.UsageError("Put the whole query in quotes.")
    if (query is not None) + (batch is not None) + (similar is not None) != 1:
        raise click.UsageError("Give a query, or --batch FILE, or --similar NOTE.")
    if query is not None and explain:
        run(_explain(config, query, path, limit, as_json))
        return
    if similar is not None:
        run(_similar(config, similar, limit, as_json))
        return
    queries = (line.rstrip("\n") for line in batch) if batch else iter([query or ""])
    run(_search(config, queries, limit, as_json or batch is not None))


async def _search(config: Config, queries: Iterator[str], limit: int, as_json: bool) -> None:
    async with _reading(config) as index:
        for query in queries:
            _tell(await index.search(query, limit=limit), as_json)


@asynccontextmanager
async def _reading(config: Config) -> AsyncIterator[Index]:
    """The index, with the text of attachments where nobody else reads it meanwhile."""
    with _progress("Reading files") as told:
        async with searching(config, told) as index:
            yield index


@contextmanager
def _progress(label: str) -> Iterator[Callable[[float], None]]:
    """A bar on the terminal of whoever waits, from the first step on; nowhere else."""
    with ExitStack() as stack:
        bars: list[Any] = []

        def told(share: float) -> None:
            if not bars and sys.stderr.isatty():
                made = click.progressbar(length=1000, label=label, file=sys.stderr)
                bars.append(stack.enter_context(made))
            for bar in bars:
                bar.update(int(share * 1000) - bar.pos)

        yield told


async def _similar(config: Config, note: str, limit: int, as_json: bool) -> None:
    async with _reading(config) as index:
        _tell(await index.similar(note, limit=limit), as_json)


async def _explain(config: Config, query: str, path: str | None, limit: int, as_json: bool) -> None:
    async with _reading(config) as index:
        if path is not None:
            explained = [await index.explain(query, path)]
        else:
            hits = (await index.search(query, limit=limit)).hits
            explained = [await index.explain(query, hit.path) for hit in hits]
    if as_json:
        echo_json({"explanations": [dataclasses.asdict(each) for each in explained]})
        return
    for each in explained:
        where = f"{each.stage}, {each.rank} of {each.total}" if each.found else "not found"
        click.echo(shown_on_a_line(f"{each.path}: {where}"))
        for reason in each.reasons:
            click.echo(shown_on_a_line(f"    {reason}"))
    if not explained:
        click.echo("Nothing is found; name a note to see why it is not.")


def _tell(hits: Hits, as_json: bool) -> None:
    if as_json:
        echo_json(hits_as_json(hits))
    else:
        _show_hits(hits)


def hits_as_json(hits: Hits) -> dict[str, Any]:
    """The contract's ``{"total","took_ms","stage","hits"}``."""
    document = dataclasses.asdict(hits)
    document["hits"] = list(document["hits"])
    return document


_FOUND_BY = {"meaning": "  (by meaning)", "inside": "  (inside a word)"}


def _show_hits(hits: Hits) -> None:
    if hits.note:
        click.echo(shown_on_a_line(hits.note))
    for hit in hits.hits:
        by = _FOUND_BY.get(hit.by, "")
        click.echo(shown_on_a_line(f"{hit.path}:{hit.line}  {hit.title}{by}"))
        click.echo(shown_on_a_line(f"    {hit.snippet}"))
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
    click.echo(f"generation {status['generation']}, {status['lag_ms']:.0f} ms behind the files")
    if status["rebuilding"] is not None:
        click.echo(f"{status['rebuilding']:.0%} of a new index built")
    for skipped in status["skipped"]:
        click.echo(shown_on_a_line(f"  {skipped['path']}: {skipped['reason']}"))


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
    with _progress("Indexing") as told:
        document = run(call(config, "index.rebuild", told))
    if as_json:
        echo_json(document)
    else:
        click.echo(f"{document['indexed']} of {document['notes']} notes can be searched")
