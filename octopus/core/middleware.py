"""What every skill passes through, in the order of one list."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from octopus.core.interpret import Work
from octopus.core.message import Reply
from octopus.core.policy import allowed
from octopus.core.wording import Say, told
from octopus.errors import OctopusError, PathError, Refused, TooLarge, Undecodable, UserError

Run = Callable[[Work], Awaitable[Reply]]
Middleware = Callable[[Run, Work], Awaitable[Reply]]


async def errors_to_replies(say: Say, run: Run, work: Work) -> Reply:
    """What the owner asked and cannot have is an answer, not a failure."""
    try:
        return await run(work)
    except (UserError, PathError, TooLarge, Undecodable) as error:  # no later try would help
        return refusal(say, work.meaning.language, error)


def refusal(say: Say, language: str, error: OctopusError) -> Reply:
    """The reply that an error becomes."""
    return Reply(text=told(say, language, error), reaction="🤷", failed=True)


async def policy(run: Run, work: Work) -> Reply:
    """Text that others wrote never makes anything happen but its own keeping."""
    skill = work.skill
    if skill is not None and not allowed(skill.capability, untrusted=work.message.untrusted):
        raise Refused("That came from somebody else, so I only keep it.", "job.untrusted")
    return await run(work)


async def deadline(run: Run, work: Work) -> Reply:
    """A skill that hangs is ended; its slot is free again."""
    limit = work.skill.deadline if work.skill else None
    async with asyncio.timeout(limit):
        return await run(work)


async def privacy(run: Run, work: Work) -> Reply:
    """What the owner has called private is in no reply that leaves this machine."""
    reply = await run(work)
    if work.guard is None:
        return reply
    return await work.guard.clean(reply, work.message.text, work.meaning.language)


def middlewares(say: Say) -> tuple[Middleware, ...]:
    """From the outside in."""
    return (privacy, partial(errors_to_replies, say), policy, deadline)


def compose(run: Run, middlewares: Sequence[Middleware]) -> Run:
    """Wrap ``run`` so that the first middleware is the outermost."""
    for middleware in reversed(middlewares):
        run = partial(middleware, run)
    return run
