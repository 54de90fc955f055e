"""For reading canvases (JSON Canvas 1.0) and keeping their files right when notes move."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from octopus.errors import Undecodable
from octopus.obsidian.text import decode

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*+"')
_COLON = re.compile(r"\s*:\s*")


@dataclass(frozen=True, slots=True)
class Node:
    """One card of a canvas; unknown keys are left out here and stay in the file."""

    id: str
    type: str  # text, file, link or group
    text: str = ""  # of text cards: Markdown
    file: str = ""  # vault path
    subpath: str = ""  # with its "#"
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from one card to another."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Canvas:
    """What is on a canvas."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Every file shown on it, once."""
        return tuple(dict.fromkeys(node.file for node in self.nodes if node.file))


def read_canvas(data: bytes) -> Canvas:
    """A canvas; an empty file is an empty one, as a new canvas is. Raises Undecodable."""
    value = _load(decode(data)[0])
    nodes, edges = value.get("nodes"), value.get("edges")
    return Canvas(
        tuple(_node(each) for each in _dicts(nodes)),
        tuple(
            Edge(_text(each, "fromNode"), _text(each, "toNode"), _text(each, "label"))
            for each in _dicts(edges)
        ),
    )


def _load(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Undecodable("This canvas is not valid JSON.", "error.canvas") from error
    if not isinstance(value, dict):
        raise Undecodable("This canvas is not valid JSON.", "error.canvas")
    return value


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _node(value: dict[str, Any]) -> Node:
    return Node(*(_text(value, key) for key in Node.__slots__))


def rewrite_canvas(data: bytes, moved: Mapping[str, str]) -> bytes:
    """The canvas with the files of its cards renamed; every other byte stays."""
    text, encoding = decode(data)
    wanted = {
        node.file for node in read_canvas(data).nodes if node.type == "file" and node.file in moved
    }
    if not wanted:
        return data
    parts, at, value_next = [], 0, False
    for match in _STRING.finditer(text):
        if value_next:
            file = json.loads(match.group())
            if file in wanted:
                parts += [text[at : match.start()], json.dumps(moved[file], ensure_ascii=False)]
                at = match.end()
        colon = _COLON.match(text, match.end())
        value_next = bool(colon) and match.group() == '"file"'
        if colon and text[colon.end() : colon.end() + 1] != '"':
            value_next = False
    return encoding.encode("".join([*parts, text[at:]]))
