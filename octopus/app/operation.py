"""What commands on this machine can have done, by name: with the daemon or without one."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from octopus.app.build import Octopus
from octopus.core.message import Kind
from octopus.core.outcome import job_as_json
from octopus.errors import NotFound, UserError
from octopus.frontends.control import Operation, Say

LOCAL = "cli:act"


def operations(octopus: Octopus) -> dict[str, Operation]:
    """Every operation; each takes its values and may say how far it is."""

    async def status(values: Mapping[str, Any], say: Say) -> Any:
        return dict(await octopus.status())

    return {"status": status} | _messages(octopus) | _jobs(octopus) | _index(octopus)


def _messages(octopus: Octopus) -> dict[str, Operation]:
    async def ask(values: Mapping[str, Any], say: Say) -> Any:
        return (await octopus.ask(values["text"], values["conversation"])).as_json()

    async def press(values: Mapping[str, Any], say: Say) -> Any:
        conversation = values["conversation"]
        outcome = await octopus.press(values["job"], values["button"], conversation)
        return outcome.as_json()

    async def act(values: Mapping[str, Any], say: Say) -> Any:
        wanted = json.dumps({"intent": values["intent"], "args": values["args"]})
        outcome = await octopus.ask(wanted, LOCAL, kind=Kind.ACT)
        return outcome.as_json() | {"failed": outcome.reply.failed}

    return {"ask": ask, "press": press, "act": act}


def _jobs(octopus: Octopus) -> dict[str, Operation]:
    async def retry(values: Mapping[str, Any], say: Say) -> Any:
        job = await octopus.supervisor.retry(values["job"])
        if job is None:
            raise UserError(f"Job {values['job']} is neither dead nor cancelled.")
        return {"jobs": [job_as_json(job)]}

    async def cancel(values: Mapping[str, Any], say: Say) -> Any:
        if not await octopus.supervisor.cancel(values["job"]):
            raise UserError(f"Job {values['job']} neither waits nor runs.")
        job = await octopus.journal.job(values["job"])
        if job is None:
            raise NotFound(f"There is no job {values['job']}.")
        return {"jobs": [job_as_json(job)]}

    return {"jobs.retry": retry, "jobs.cancel": cancel}


def _index(octopus: Octopus) -> dict[str, Operation]:
    async def search(values: Mapping[str, Any], say: Say) -> Any:
        hits = await octopus.index.search(values["query"], limit=values["limit"])
        return dataclasses.asdict(hits)

    async def index_status(values: Mapping[str, Any], say: Say) -> Any:
        return dataclasses.asdict(await octopus.index.status())

    async def index_rebuild(values: Mapping[str, Any], say: Say) -> Any:
        loop = asyncio.get_running_loop()

        def progress(done: float) -> None:  # called from the index's own thread
            asyncio.run_coroutine_threadsafe(say({"progress": done}), loop)

        await octopus.index.rebuild(progress)
        return dataclasses.asdict(await octopus.index.status())

    return {"search": search, "index.status": index_status, "index.rebuild": index_rebuild}
