"""Find notes, the best first, with buttons that open them."""

from __future__ import annotations

import asyncio
import contextlib

from octopus.core.handler import Context, handler
from octopus.core.message import Button, Reply
from octopus.core.policy import Capability
from octopus.core.search import Hit, Hits
from octopus.core.wording import told
from octopus.language.catalogue import say

#: Hits on one page: what a phone shows without scrolling far.
PAGE = 5

#: Seconds that a search waits for the index to catch up.
FRESH_WITHIN = 2.0

#: What is said of hits that do not have the words as they were typed.
_FOUND_BY = {"meaning": "search.by_meaning", "inside": "search.inside_a_word"}

_LABEL = 28  # characters of a title on a button


@handler("search", capability=Capability.READ, command="search")
async def search(ctx: Context, query: str = "", offset: int | None = None) -> Reply:
    """Search your notes: /search lamp"""
    language = ctx.meaning.language
    query = " ".join(query.split())
    if not query:
        return Reply(text=say(language, "search.usage"), reaction="🤔")
    start = max(0, offset or 0)
    await up_to_date(ctx)
    found = await ctx.ports.index.search(query, limit=PAGE, offset=start)
    lines = [_summary(language, query, start, found)]
    lines += [told(say, language, found.note)] if found.note else []
    lines += ["", listing(language, found.hits, start + 1)] if found.hits else []
    buttons = [*open_buttons(found.hits, start + 1), *_pages(language, query, start, found)]
    if found.suggestion:
        lines += ["", say(language, "search.suggestion", suggestion=found.suggestion)]
        buttons.append(Button(found.suggestion, "search", {"query": found.suggestion}))
    turned = offset is not None and ctx.message.press
    return Reply(
        text="\n".join(lines),
        buttons=tuple(buttons),
        reaction="" if found.hits else "🤷",
        replaces=ctx.message.message_id if turned else "",
        about=found.hits[0].path if found.total == 1 and found.hits else "",
    )


async def up_to_date(ctx: Context) -> None:
    """Let what was written a moment ago be found too, unless that takes long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FRESH_WITHIN):
            await ctx.ports.index.settle()


def listing(language: str, hits: tuple[Hit, ...], first: int = 1) -> str:
    """Numbered titles with where and what, as plain text."""
    blocks = []
    for number, hit in enumerate(hits, first):
        key = "search.under" if hit.heading and hit.heading != hit.title else "search.where"
        where = say(language, key, path=hit.path, heading=hit.heading, line=hit.line)
        if hit.by in _FOUND_BY:
            where = say(language, _FOUND_BY[hit.by], where=where)
        snippet = " ".join(hit.snippet.split())
        blocks.append("\n".join(filter(None, (f"{number}. {hit.title}", where, snippet))))
    return "\n\n".join(blocks)


def open_buttons(hits: tuple[Hit, ...], first: int = 1) -> list[Button]:
    """One button for each hit, with its number."""
    return [
        Button(f"{number}. {short(hit.title)}", "note.open", {"note": hit.path})
        for number, hit in enumerate(hits, first)
    ]


def short(title: str) -> str:
    """A title that fits on a button."""
    return title if len(title) <= _LABEL else f"{title[: _LABEL - 1].rstrip()}…"


def _summary(language: str, query: str, start: int, found: Hits) -> str:
    if not found.hits:
        return say(language, "search.end" if start else "search.none", query=query)
    if start == 0 and found.total <= PAGE:
        return say(language, "search.found", count=found.total, query=query)
    last = start + len(found.hits)
    return say(language, "search.page", first=start + 1, last=last, count=found.total, query=query)


def _pages(language: str, query: str, start: int, found: Hits) -> list[Button]:
    buttons = []
    if start > 0:
        before = {"query": query, "offset": max(0, start - PAGE)}
        buttons.append(Button(say(language, "button.previous"), "search", before))
    if start + len(found.hits) < found.total:
        after = {"query": query, "offset": start + PAGE}
        buttons.append(Button(say(language, "button.more"), "search", after))
    return buttons
