"""The daemon: everything opened in one order, front ends last, and closed in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from loguru import logger

from octopus.app.aftercare import Aftercare
from octopus.app.build import Octopus
from octopus.app.conflicts import Conflicts
from octopus.app.live import LiveViews
from octopus.app.operation import operations
from octopus.app.terminal import CONSOLE, answered, late, rings
from octopus.core.message import Message
from octopus.core.outcome import Outcome
from octopus.core.wording import told
from octopus.errors import Sentence
from octopus.frontends.console import Console
from octopus.frontends.control import ControlServer
from octopus.frontends.scheduler import Scheduler
from octopus.frontends.service import Service
from octopus.frontends.watcher import Watcher
from octopus.language.catalogue import say
from octopus.log import register_secret

if TYPE_CHECKING:
    from octopus.frontends.telegram import Telegram


async def serve(octopus: Octopus, *, console: bool = False) -> None:
    """Run until SIGTERM or SIGINT; with ``console`` until its input ends."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    service = Service()
    # Imported first: work that an earlier process left must not stand started meanwhile.
    telegram = _telegram(octopus)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(octopus.opened(index=False))
        await stack.enter_async_context(_running(ControlServer(octopus.state, operations(octopus))))
        await stack.enter_async_context(_running(telegram))
        await octopus.open_derived()
        await stack.enter_async_context(_opened(Watcher(octopus.vault_path, octopus.hint)))
        await stack.enter_async_context(_running(_live(octopus)))
        await stack.enter_async_context(_running(_conflicts(octopus)))
        await stack.enter_async_context(_running(_web(octopus)))
        await stack.enter_async_context(_running(octopus.alarms))
        await stack.enter_async_context(_running(_aftercare(octopus)))
        await stack.enter_async_context(_running(_scheduler(octopus)))
        await stack.enter_async_context(service.ready(octopus.alive))
        logger.info("Octopus is ready; the vault is {}", octopus.vault_path)
        terminal = asyncio.create_task(_console(octopus)) if console else None
        waiting = [task for task in (terminal, asyncio.create_task(stop.wait())) if task]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        service.stopping()
        for task in waiting:
            task.cancel()
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        logger.info("Octopus stops")
    for outcome in ended:  # a terminal that broke is told, once everything is closed
        if isinstance(outcome, Exception):
            raise outcome


def _scheduler(octopus: Octopus) -> Scheduler:
    """Upkeep, and the look at what is due; woken when something else may be due next."""
    scheduler = Scheduler({"prune": octopus.prune}, look=octopus.look, clock=octopus.clock)
    octopus.reminders.subscribe(scheduler.wake)
    return scheduler


async def _console(octopus: Octopus) -> None:
    """Serve the terminal; what an earlier run could not show comes first."""

    async def shown(outcome: Outcome) -> Any:
        await answered(octopus, outcome.job)
        return outcome.shown()

    async def ask(text: str) -> Any:
        return await shown(await octopus.ask(text, CONSOLE))

    async def press(job: int, button: str) -> Any:
        return await shown(await octopus.press(job, button, CONSOLE))

    async def show(document: Mapping[str, Any]) -> None:
        terminal.show(document)

    words = partial(told, say, octopus.config.owner.language)
    terminal = Console(ask, press, tell=words)
    with octopus.bus.subscribe() as events:
        await late(octopus, show)
        await terminal.run(beside=rings(octopus, events, show))


def _telegram(octopus: Octopus) -> Telegram | None:
    """The Telegram front end; nothing of it is imported without a token."""
    config = octopus.config.telegram
    token = config.token.get_secret_value()
    if not token:
        return None
    door = importlib.import_module("octopus.frontends.telegram")

    async def accept(messages: Sequence[Message]) -> None:
        await octopus.supervisor.accept(messages)

    telegram: Telegram = door.Telegram(
        door.TelegramSettings(
            token=token,
            allowed_users=frozenset(config.allowed_users),
            api_base=config.api_base,
            poll_timeout=config.poll_timeout,
            use_reactions=config.use_reactions,
            chat_interval=config.chat_interval,
            total_rate=config.total_rate,
            language=octopus.owner.language,
        ),
        accept=accept,
        outbox=octopus.outbox,
        bus=octopus.bus,
        skills=octopus.skills,
        memory=octopus.database,
    )
    octopus.files.by_front_end["telegram"] = telegram.files
    octopus.supervisor.parts[Sentence("Telegram", "status.telegram")] = telegram.line
    return telegram


def _aftercare(octopus: Octopus) -> Aftercare:
    return Aftercare(
        octopus.effects,
        octopus.vault,
        octopus.clock,
        octopus.journal,
        octopus.bus,
        octopus.config.owner.language,
        octopus.tell,
    )


def _conflicts(octopus: Octopus) -> Conflicts:
    accept, memory = octopus.supervisor.accept, octopus.database
    return Conflicts(
        octopus.notes, memory, accept, octopus.clock, octopus.home(), octopus.owner.language
    )


def _live(octopus: Octopus) -> LiveViews:
    notes = octopus.seen_from("telegram:").notes
    return LiveViews(notes, octopus.views, octopus.vault, octopus.clock)


def _web(octopus: Octopus) -> Any:
    """The HTTP listener; nothing of it is imported where it is switched off."""
    config = octopus.config.http
    if not config.enabled:
        return None
    door = importlib.import_module("octopus.frontends.web")
    seen = octopus.seen_from("http:")
    backstage = door.Backstage(
        ask=octopus.ask,
        search=seen.index,
        journal=octopus.journal,
        events=octopus.events,
        bus=octopus.bus,
        status=octopus.status,
        notes=seen.notes,
        clock=octopus.clock,
        reminders=octopus.reminders,
    )
    return door.Web(config, octopus.state, backstage, register_secret)


@asynccontextmanager
async def _running(part: Any) -> AsyncIterator[None]:
    """Start a part and close it at the end; a part that is switched off is None."""
    if part is None:
        yield
        return
    await part.start()
    try:
        yield
    finally:
        await part.close()


@asynccontextmanager
async def _opened(part: Watcher) -> AsyncIterator[None]:
    await part.open()
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            await part.close()
