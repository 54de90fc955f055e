"""For understanding a whole note in one pass: the scanner."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from octopus.obsidian.block import Blocks
from octopus.obsidian.note import Note
from octopus.obsidian.properties import aliases_of, frontmatter, links_of, parse, tags_of

_LINE = re.compile(r"[^\n]*+\n?+")


def scan(text: str) -> Note:
    """What Obsidian would see in ``text``. Never raises, and takes time in proportion to length."""
    original, text = text, shadow(text)
    starts = list(accumulate(map(len, _LINE.findall(text)), initial=0))
    # The pattern also matches nothing at the end of the text.
    del starts[-1 if text[-1:] in ("\n", "") else -2 :]
    blocks = Blocks(text, starts)
    place = frontmatter(text) if text.startswith("---") else None
    if place is None:
        blocks.run(0)
        return _note(blocks, {}, "", 0, 0)
    yaml = plain_newlines(original[place.start : place.end])
    values, error = parse(yaml)
    first = text.count("\n", 0, place.body)
    if starts[first] != place.body:  # the fence is the last line and has no newline
        first += 1
    blocks.run(first)
    if "[[" in yaml or "\\" in yaml:  # or an escape that stands for a bracket
        blocks.inline.links.extend(links_of(values))
    return _note(blocks, values, error, place.body, first)


def shadow(text: str) -> str:
    """``text`` with every newline as "\\n" and every offset as it was."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", " \n").replace("\r", "\n")


def plain_newlines(text: str) -> str:
    """``text`` with every newline as "\n", shorter than before where it was CR LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _note(blocks: Blocks, values: Mapping[str, Any], error: str, body: int, first: int) -> Note:
    inline = blocks.inline
    return Note(
        properties=values,
        properties_error=error,
        body=body,
        body_line=first + 1,
        headings=tuple(blocks.headings),
        links=tuple(inline.links),
        body_tags=tuple(inline.tags),
        tasks=tuple(blocks.tasks),
        blocks=tuple(blocks.blocks),
        callouts=tuple(blocks.callouts),
        comments=tuple(sorted(inline.comments)),
        code=tuple(blocks.code),
        fields=tuple(inline.fields),
        footnotes=tuple(inline.footnotes),
        aliases=aliases_of(values) if values else (),
        property_tags=tags_of(values) if values else (),
    )
