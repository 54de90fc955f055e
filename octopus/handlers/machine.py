"""What the owner asks of the machine itself: help, status, stop, once more."""

from __future__ import annotations

from octopus.core.handler import Context, Lane, handler
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.errors import NotFound
from octopus.language.catalogue import say


@handler("start", capability=Capability.PURE, command="start")
async def start(ctx: Context) -> Reply:
    """Say hello and what can be done"""
    return Reply(text=say(ctx.meaning.language, "start"))


@handler("help", capability=Capability.PURE, command="help")
async def help_(ctx: Context, unknown: str = "") -> Reply:
    """What you can ask for"""
    language = ctx.meaning.language
    lines = [say(language, "help.unknown", name=unknown)] if unknown else []
    lines += [say(language, "help.intro"), ""]
    commands = sorted(skill.command for skill in ctx.skills.values() if skill.command)
    summaries = {skill.command: skill.summary for skill in ctx.skills.values()}
    lines += [f"/{name} - {say_command(language, name, summaries[name])}" for name in commands]
    return Reply(text="\n".join(lines), reaction="🤷" if unknown else "")


def say_command(language: str, name: str, summary: str) -> str:
    """What a command does, in the owner's language where it is known."""
    try:
        return say(language, f"command.{name}")
    except KeyError:
        return summary


@handler("smalltalk", capability=Capability.PURE)
async def smalltalk(ctx: Context) -> Reply:
    """Answer a greeting or thanks with a reaction"""
    return Reply(reaction="👍")


@handler("status", capability=Capability.PURE, command="status", lane=Lane.URGENT)
async def status(ctx: Context) -> Reply:
    """How the machine is doing"""
    lines = await ctx.control.status()
    return Reply(text="\n".join(f"{name}: {line}" for name, line in lines.items()))


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
        raise NotFound(say(ctx.meaning.language, "job.not_dead", job=job))
    return Reply(text=say(ctx.meaning.language, "job.retried", job=job))
