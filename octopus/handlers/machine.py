"""What the owner asks of the machine itself: status, stop, once more, a word of greeting."""

from __future__ import annotations

from octopus.core.handler import Context, Lane, handler
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.core.wording import told
from octopus.errors import NotFound
from octopus.language.catalogue import say
from octopus.language.talk import talk


@handler("smalltalk", capability=Capability.PURE)
async def smalltalk(ctx: Context) -> Reply:
    """Answer a greeting with a line, thanks and the like with a reaction"""
    text, reaction = talk(ctx.message.text, ctx.meaning.language)
    return Reply(text=text, reaction=reaction)


@handler("status", capability=Capability.PURE, command="status", lane=Lane.URGENT)
async def status(ctx: Context) -> Reply:
    """How the machine is doing"""
    language, lines = ctx.meaning.language, await ctx.control.status()
    shown = [
        say(language, "status.line", part=told(say, language, part), line=told(say, language, line))
        for part, line in lines.items()
    ]
    return Reply(text="\n".join(shown))


@handler("stop", capability=Capability.PURE, command="stop", lane=Lane.URGENT)
async def stop(ctx: Context) -> Reply:
    """Stop what is running right now"""
    ended = await ctx.control.stop(ctx.message.conversation)
    key = "stop.ended" if ended else "stop.nothing"
    return Reply(text=say(ctx.meaning.language, key, count=ended), reaction="👌")


@handler("job.retry", capability=Capability.ADD)
async def retry(ctx: Context, job: int) -> Reply:
    """Try a failed job once more"""
    if await ctx.control.retry(job) is None:
        raise NotFound(key="job.not_dead", job=job)
    return Reply(text=say(ctx.meaning.language, "job.retried", job=job))
