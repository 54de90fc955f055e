"""``octopus jobs``: what was asked and what became of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import click

from octopus.backends.sqlite import Database, SqliteJournal
from octopus.cli.common import configured, run, settings
from octopus.cli.option import NUMBER, echo_json, with_json
from octopus.cli.reach import call
from octopus.config import Config
from octopus.core.event import Bus
from octopus.core.job import Job, State
from octopus.core.outcome import job_as_json
from octopus.errors import NotFound

DATABASE = "octopus.db"


def _choice(function: Any) -> Any:
    """The options of a list of jobs."""
    for option in (
        click.option("--state", type=click.Choice([state.value for state in State])),
        click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000)),
    ):
        function = option(function)
    return function


@configured
def _list(config: Config, state: str | None, limit: int, as_json: bool) -> None:
    found = run(_jobs(config, State(state) if state else None, limit))
    if as_json:
        echo_json({"jobs": [job_as_json(job) for job in found]})
        return
    for job in found:
        line = f"{job.id:>6}  {job.state.value:<9}  {job.received_at:%Y-%m-%d %H:%M:%S}  "
        click.echo(f"{line}{job.kind:<8} {job.intent} {job.error}".rstrip())


@click.group(invoke_without_command=True)
@_choice
@with_json
@settings
def jobs(**values: Any) -> None:
    """The journal: what was asked and what became of it."""
    if click.get_current_context().invoked_subcommand is None:
        _list(**values)


@jobs.command("list")
@_choice
@with_json
@settings
def jobs_list(**values: Any) -> None:
    """The newest jobs."""
    _list(**values)


@jobs.command("show")
@click.argument("job_id", type=NUMBER, metavar="ID")
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


async def _jobs(config: Config, state: State | None, limit: int) -> list[Job]:
    if not (config.state.path / DATABASE).exists():
        return []  # nothing was ever asked
    async with reading(config) as journal:
        return await journal.jobs(state, limit)


@asynccontextmanager
async def reading(config: Config) -> AsyncIterator[SqliteJournal]:
    """The journal, beside a daemon that may be running."""
    database = Database(config.state.path / DATABASE)
    try:
        await database.open_for_reading()
        yield SqliteJournal(database, Bus(), "")
    finally:
        await database.close()


def _change(op: str) -> Any:
    @click.argument("job_id", type=NUMBER, metavar="ID")
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
