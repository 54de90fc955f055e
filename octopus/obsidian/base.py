"""For reading bases, Obsidian's saved tables of notes, and keeping paths in them right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from octopus.obsidian.inline import WIKI
from octopus.obsidian.properties import parse
from octopus.obsidian.rename import Moves, apply
from octopus.obsidian.scan import plain_newlines
from octopus.obsidian.text import decode

_QUOTED = re.compile(r"\"([^\"\\\n]*)\"|'([^'\\\n]*)'")


@dataclass(frozen=True, slots=True)
class Base:
    """What a base shows."""

    views: tuple[str, ...] = ()  # their names
    value: Any = None  # the whole, as YAML reads it
    error: str = ""  # why it cannot be read


def read_base(data: bytes) -> Base:
    """A base; one that is broken has an ``error``. Raises Undecodable for what is no text."""
    value, error = parse(plain_newlines(decode(data)[0]))
    views = value.get("views") if not error else None
    names = [
        each["name"]
        for each in (views if isinstance(views, list) else [])
        if isinstance(each, dict) and isinstance(each.get("name"), str)
    ]
    return Base(tuple(names), None if error else value, error)


def rewrite_base(data: bytes, source: str, moves: Moves) -> bytes:
    """The base with wikilinks and quoted vault paths of moved files rewritten.

    ``source`` is the base's own path. Whatever is not the very path of a moved file stays.
    """
    text, encoding = decode(data)
    edits = []
    for match in WIKI.finditer(text):
        target = re.split(r"[#|]", match.group(1), maxsplit=1)[0]
        new = moves.retarget(target.strip(), source)
        if new is not None:
            edits.append((match.start(1), match.start(1) + len(target), new))
    for match in _QUOTED.finditer(text):
        group = 1 if match.group(1) is not None else 2
        new = _moved(match.group(group), moves)
        if new is not None and not re.search(r"['\"\\]", new):
            edits.append((*match.span(group), new))
    return encoding.encode(apply(text, edits)) if edits else data


def _moved(path: str, moves: Moves) -> str | None:
    """The new path for the old one, whether ".md" is written or not; None for other words."""
    if path in moves.moved:
        return moves.moved[path]
    new = moves.moved.get(f"{path}.md") if "/" in path else None
    return new.removesuffix(".md") if new else None
