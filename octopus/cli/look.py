"""Commands that only look: explain, search, note show, jobs, index status."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TextIO

import click

from octopus.app import Octopus, owner, searching
from octopus.backends.lock import is_held
from octopus.backends.sqlite import Database, SqliteJournal
from octopus.backends.vault import VaultFiles
from octopus.cli.common import call, configured, echo_json, run, with_json
from octopus.config import Config
from octopus.core.event import Bus
from octopus.core.job import State
from octopus.core.meaning import Meaning
from octopus.core.outcome import job_as_json
from octopus.core.ports import Index
from octopus.core.search import Hits
from octopus.errors import NotFound, UserError
from octopus.frontends.control import request
from octopus.language.understand import Owner, understand

note_as_json: Any = None


@click.command()
@click.argument("text", required=False)
@click.option("--now", help="Understand it as if heard at this time (ISO 8601).")
@click.option("--batch", type=click.File(), help='JSON lines {"text","now","reply_to"}.')
@with_json
@configured
def explain(
    config: Config, text: str | None, now: str | None, batch: TextIO | None, as_json: bool
) -> None:
    """Say what would be done with a message, doing nothing."""
    who = owner(config)
    if batch is not None:
        for line in batch:
            if line.strip():
                asked = json.loads(line)
                meaning = _meaning(who, asked["text"], asked.get("now"), asked.get("reply_to"))
                echo_json(_explained(meaning))
        return
    if text is None:
        raise click.UsageError("Give a text, or --batch FILE.")
    meaning = _meaning(who, text, now, None)
    if as_json:
        echo_json(_explained(meaning))
        return
    click.echo(f"{meaning.intent} ({meaning.language}, by {meaning.source})")
    for name, value in meaning.args.items():
        if value is not None:
            click.echo(f"  {name}: {value}")
    if meaning.question:
        click.echo(f"  asks: {meaning.question}  {[option.label for option in meaning.options]}")
    for reason in meaning.why:
        click.echo(f"  because {reason}")


def _meaning(who: Owner, text: str, now: str | None, reply_to: str | None) -> Meaning:
    try:
        moment = datetime.fromisoformat(now) if now else datetime.now(who.zone)
    except ValueError as error:
        raise click.UsageError(f"{now!r} is not a time: write 2026-11-20T09:30+01:00") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=who.zone)
    return understand(text, now=moment, owner=who, reply_to=reply_to)


def _explained(meaning: Meaning) -> dict[str, Any]:
    return {
        "intent": meaning.intent,
        "source": meaning.source,
        "language": meaning.language,
        "args": dict(meaning.args),
        "question": meaning.question,
        "buttons": [
            {"label": option.label, "intent": option.intent, "args": dict(option.args)}
            for option in meaning.options
        ],
        "why": list(meaning.why),
    }


@click.command()
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
def jobs() -> None:
    """The journal: what was asked and what became of it."""


@jobs.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@with_json
@configured
def jobs_list(config: Config, state: str | None, limit: int, as_json: bool) -> None:
    """The newest jobs."""
    found = run(_jobs(config, State(state) if state else None, limit))
    if as_json:
        echo_json({"jobs": [job_as_json(job) for job in found]})
        return
    for job in found:
        line = f"{job.id:>6}  {job.state.value:<9}  {job.received_at:%Y-%m-%d %H:%M:%S}  "
        click.echo(f"{line}{job.kind:<8} {job.intent} {job.error}".rstrip())


@jobs.command("show")
@click.argument("job_id", type=int, metavar="ID")
@with_json
@configured
def jobs_show(config: Config, job_id: int, as_json: bool) -> None:
    """One job."""

    async def one() -> Any:
        async with reading(config) as journal:
            job = await journal.job(job_id)
            if job is None:
                raise NotFound(f"There is no job {job_id}.")
            return job

    job = run(one())
    document = job_as_json(job) | {"text": job.message.text}
    document["reply"] = job.reply.text if job.reply else None
    if as_json:
        echo_json({"jobs": [document]})
        return
    for name, value in document.items():
        click.echo(f"{name}: {value}")


async def _jobs(config: Config, state: State | None, limit: int) -> list[Any]:
    async with reading(config) as journal:
        return await journal.jobs(state, limit)


@asynccontextmanager
async def reading(config: Config) -> AsyncIterator[SqliteJournal]:
    """The journal, beside a daemon that may be running."""
    database = Database(config.state.path / "octopus.db")
    try:
        await database.open_for_reading()
        yield SqliteJournal(database, Bus(), "")
    finally:
        await database.close()


def _change(op: str) -> Any:
    @click.argument("job_id", type=int, metavar="ID")
    @with_json
    @configured
    def command(config: Config, job_id: int, as_json: bool) -> None:
        document = run(call(config, op, job=job_id))
        if as_json:
            echo_json(document)
        else:
            click.echo(f"Job {job_id}: {document['jobs'][0]['state']}")

    return command


retry = jobs.command("retry", help="Try a dead or cancelled job again.")(_change("jobs.retry"))
cancel = jobs.command("cancel", help="Cancel a job that waits or runs.")(_change("jobs.cancel"))


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


@click.group()
def note() -> None:
    """Notes: show, new, append."""


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
        everything = await vault.notes()
        for path in paths:
            name = path if path.endswith(".md") else f"{path}.md"
            data = await vault.read(name)
            if data is None:
                raise NotFound(f"There is no note {name}.")
            document = note_as_json(name, data, everything)
            if as_json:
                echo_json(document)
            else:
                click.echo(data.decode("utf-8", "replace"), nl=not data.endswith(b"\n"))
    finally:
        vault.close()


COMMANDS = (explain, search, jobs, index, note)

__all__ = ["COMMANDS", "Octopus", "UserError", "note"]
