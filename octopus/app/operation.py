"""What commands on this machine can have done, by name: with the daemon or without one."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from octopus.app.build import Octopus
from octopus.app.terminal import late, rings
from octopus.core.message import Kind
from octopus.core.outcome import job_as_json
from octopus.core.todo import todo_as_json
from octopus.core.view import View
from octopus.errors import NotFound, UserError
from octopus.frontends.control import Operation, Say
from octopus.obsidian.settings import TASKS, read_settings
from octopus.obsidian.todo_find import Finder

LOCAL = "cli:act"

Values = Mapping[str, Any]


def operations(octopus: Octopus) -> dict[str, Operation]:
    """Every operation by the name under which it is asked for."""
    desk = _Desk(octopus)
    return {
        "ask": desk.ask,
        "press": desk.press,
        "act": desk.act,
        "listen": desk.listen,
        "jobs.retry": desk.retry,
        "jobs.cancel": desk.cancel,
        "search": desk.search,
        "index.status": desk.index_status,
        "index.rebuild": desk.index_rebuild,
        "status": desk.status,
    }


class _Desk:
    """Each operation takes its values, and a way to say how far it is."""

    def __init__(self, octopus: Octopus) -> None:
        self._octopus = octopus

    async def ask(self, values: Values, say: Say) -> Any:
        """One message: ``text``, ``conversation``."""
        return (await self._octopus.ask(values["text"], values["conversation"])).shown()

    async def press(self, values: Values, say: Say) -> Any:
        """One button: ``job``, ``button``, ``conversation``."""
        job, button = values["job"], values["button"]
        return (await self._octopus.press(job, button, values["conversation"])).shown()

    async def listen(self, values: Values, say: Say) -> Any:
        """What comes to the terminal by itself, as progress, until the visitor leaves."""

        async def show(document: Mapping[str, Any]) -> None:
            await say({"progress": document})

        with self._octopus.bus.subscribe() as events:
            await late(self._octopus, show)
            await rings(self._octopus, events, show)

    async def act(self, values: Values, say: Say) -> Any:
        """An intent by its name: ``intent``, ``args``; with the to-dos that it was about."""
        wanted = json.dumps({"intent": values["intent"], "args": values["args"]})
        outcome = await self._octopus.ask(wanted, LOCAL, kind=Kind.ACT)
        todos = await self._todos(outcome.reply.view)
        return outcome.shown() | {"todos": todos, "left": list(outcome.reply.left)}

    async def _todos(self, view: View | None) -> list[dict[str, Any]]:
        """The to-dos of a reply as they stand now."""
        if view is None:
            return []
        octopus = self._octopus
        await octopus.notes.settle()
        settings = read_settings({TASKS: await octopus.vault.text_of(TASKS)}).tasks
        found = Finder(await octopus.notes.todos(), settings).all(view.items)
        return [todo_as_json(todo, octopus.owner.zone) for todo in found if todo is not None]

    async def retry(self, values: Values, say: Say) -> Any:
        """Revive a ``job``."""
        job = await self._octopus.supervisor.retry(values["job"])
        if job is None:
            raise UserError(f"Job {values['job']} is neither dead nor cancelled.")
        return {"jobs": [job_as_json(job)]}

    async def cancel(self, values: Values, say: Say) -> Any:
        """Cancel a ``job``."""
        if not await self._octopus.supervisor.cancel(values["job"]):
            raise UserError(f"Job {values['job']} neither waits nor runs.")
        job = await self._octopus.journal.job(values["job"])
        if job is None:
            raise NotFound(f"There is no job {values['job']}.")
        return {"jobs": [job_as_json(job)]}

    async def search(self, values: Values, say: Say) -> Any:
        """``query``, ``limit``."""
        hits = await self._octopus.index.search(values["query"], limit=values["limit"])
        return dataclasses.asdict(hits)

    async def index_status(self, values: Values, say: Say) -> Any:
        """The coverage of the index."""
        return dataclasses.asdict(await self._octopus.index.status())

    async def index_rebuild(self, values: Values, say: Say) -> Any:
        """Build the index anew, saying how far it is as a share of one."""
        loop = asyncio.get_running_loop()
        steps: asyncio.Queue[float | None] = asyncio.Queue()

        def progress(share: float) -> None:  # called by the thread that builds
            loop.call_soon_threadsafe(steps.put_nowait, share)

        building = asyncio.create_task(self._octopus.index.rebuild(progress))
        building.add_done_callback(lambda _: steps.put_nowait(None))
        while (share := await steps.get()) is not None:
            await say({"progress": share})
        await building
        return await self.index_status(values, say)

    async def status(self, values: Values, say: Say) -> Any:
        """One line for each part."""
        return dict(await self._octopus.status())
