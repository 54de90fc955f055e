"""The terminal's own conversation: what is told there, asked for or not, each once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from octopus.app.build import Octopus
from octopus.core.event import Subscription
from octopus.core.job import Job
from octopus.core.message import Kind
from octopus.core.outgoing import Outgoing

CONSOLE = "console"

Show = Callable[[dict[str, Any]], Awaitable[None]]


async def late(octopus: Octopus, show: Show) -> None:
    """Show what no earlier terminal has shown."""
    for row in await octopus.outbox.due(CONSOLE):
        await _show(octopus, row, show, "(late) ")


async def rings(octopus: Octopus, events: Subscription, show: Show) -> None:
    """Show what comes by itself, such as reminders, for as long as there are events."""
    async for event in events:
        own = event.data.get("conversation") == CONSOLE
        if own and event.type == "job.done" and event.data.get("kind") == Kind.ALARM:
            for row in await octopus.outbox.due(CONSOLE):
                if row.job == event.data["job"]:
                    await _show(octopus, row, show)


async def answered(octopus: Octopus, job: Job) -> None:
    """The outcome of this job was shown as the answer to what was typed."""
    for row in await octopus.outbox.due(CONSOLE):
        if row.job == job.id:  # what comes by itself is not shown yet
            await _done(octopus, row)


async def _show(octopus: Octopus, row: Outgoing, show: Show, mark: str = "") -> None:
    buttons = [{"id": each.id, "label": each.label} for each in row.reply.buttons]
    await show(
        {
            "reply": mark + row.reply.text,
            "markdown": row.reply.markdown,
            "buttons": buttons,
            "job": row.job,
        }
    )
    await _done(octopus, row)


async def _done(octopus: Octopus, row: Outgoing) -> None:
    await octopus.outbox.sent(row, [f"{row.conversation}:{row.id}"])
