"""Say how well the search index covers the vault, and why a file is left out."""

from __future__ import annotations

from octopus.core.handler import Context, Lane, handler
from octopus.core.message import Reply
from octopus.core.policy import Capability
from octopus.core.search import IndexStatus
from octopus.core.wording import told
from octopus.language.catalogue import say

#: Files that are named in one reply; the rest is counted.
NAMED = 15


@handler("index", capability=Capability.READ, command="index", lane=Lane.URGENT)
async def index(ctx: Context) -> Reply:
    """What can be searched, and what is left out and why"""
    language = ctx.meaning.language
    status = await ctx.ports.index.status()
    lines = [
        say(language, "index.covered", indexed=status.indexed, notes=status.notes),
        say(language, "index.generation", generation=status.generation),
        _behind(language, status),
    ]
    if status.rebuilding is not None:
        lines.append(say(language, "index.rebuilding", share=f"{status.rebuilding:.0%}"))
    if status.meaning:
        lines.append(say(language, "index.meaning", line=told(say, language, status.meaning)))
    if status.skipped:
        lines += ["", say(language, "index.skipped", count=len(status.skipped))]
        lines += [
            f"{each.path}: {told(say, language, each.reason)}" for each in status.skipped[:NAMED]
        ]
    if (more := len(status.skipped) - NAMED) > 0:
        lines.append(say(language, "index.more", count=more))
    return Reply(text="\n".join(lines))


def _behind(language: str, status: IndexStatus) -> str:
    if not status.lag_ms:
        return say(language, "index.current")
    return say(language, "index.lag", seconds=f"{status.lag_ms / 1000:.1f}")
