"""What the index keeps of one file."""

from __future__ import annotations

import json
import os
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octopus.backends.whoosh.scan import LARGEST_NOTE, Stamp, is_note, is_text


@dataclass(frozen=True, slots=True)
class Zone:
    """A piece of the text that says more about the note than the rest of it."""

    text: str
    weight: float  # added to the weight of each of its words


@dataclass(frozen=True, slots=True)
class Document:
    """One file as the index sees it."""

    path: str
    stamp: Stamp
    checksum: int  # CRC-32 of the bytes; tells a touched file from a changed one
    text: str = ""
    names: tuple[str, ...] = ()  # the title, then the aliases
    zones: tuple[Zone, ...] = ()
    tags: tuple[str, ...] = ()  # lower case, without "#", parents not included
    properties: dict[str, Any] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()  # note, canvas, file; task, task-todo, task-done


class Unsettled(Exception):
    """The file changed while it was read; look again later."""


TITLE_WEIGHT = 4.0
ALIAS_WEIGHT = 3.0
HEADING_WEIGHT = 1.5
TAG_WEIGHT = 1.5

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^---[ \t]*$)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+)$", re.MULTILINE)
_TAG = re.compile(r"(?:^|(?<=\s))#([^\s#!\"$%&'()*+,.:;<=>?@^`{|}~\[\]\\]+)", re.MULTILINE)
_TASK = re.compile(r"^[\s>]*(?:[-*+]|\d+[.)])[ \t]+\[(.)\][ \t]", re.MULTILINE)


def title_of(path: str) -> str:
    """A note is called what its file is called."""
    name = path.rpartition("/")[2]
    return os.path.splitext(name)[0] if is_note(path) else name  # noqa: PTH122 - hot path


def read_text(root: Path, path: str) -> tuple[bytes, str]:
    """The bytes and the text of a file, without a byte order mark, line ends as they are.

    Raises:
        OSError: the file cannot be read.
    """
    data = (root / path).read_bytes()
    text = data.decode("utf-8-sig", "replace")
    return data, canvas_text(text) if path.lower().endswith(".canvas") else text


def canvas_text(text: str) -> str:
    """The cards of a canvas as text, one below the other (JSON Canvas 1.0)."""
    try:
        board = json.loads(text or "{}")
        nodes = board.get("nodes", [])
        cards = [
            str(node.get(key, "")) for node in nodes for key in ("label", "text", "file", "url")
        ]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return ""
    return "\n\n".join(card for card in cards if card)


def read_document(root: Path, path: str, stamp: Stamp) -> Document:
    """Read one file of the vault.

    Raises:
        OSError: the file cannot be read.
        Unsettled: it was being written.
    """
    if not is_text(path) or stamp.size > LARGEST_NOTE:
        return Document(path, stamp, 0, names=(title_of(path),), kinds=("file",))
    data, text = read_text(root, path)
    if len(data) != stamp.size:
        raise Unsettled(path)
    return understand(path, stamp, data, text)


def understand(path: str, stamp: Stamp, data: bytes, text: str) -> Document:
    """Take a note's text apart."""
    fence = _FENCE.match(text)
    properties = _properties(fence.group(1)) if fence else {}
    aliases = tuple(_listed(properties, "aliases"))
    body = text[fence.end() :] if fence else text
    tags = {name.strip("/").lower() for name in _TAG.findall(body)}
    tags |= {name.lstrip("#").strip("/").lower() for name in _listed(properties, "tags")}
    marks = {mark for mark in _TASK.findall(body)}
    kinds = ["note" if is_note(path) else "canvas"]
    kinds += ["task"] * bool(marks) + ["task-todo"] * (" " in marks)
    kinds += ["task-done"] * bool(marks - {" "})
    return Document(
        path=path,
        stamp=stamp,
        checksum=zlib.crc32(data),
        text=text,
        names=(title_of(path), *aliases),
        zones=(
            *(Zone(alias, ALIAS_WEIGHT) for alias in aliases),
            *(Zone(heading, HEADING_WEIGHT) for heading in _HEADING.findall(body)),
            *(Zone(tag, TAG_WEIGHT) for tag in sorted(tags)),
        ),
        tags=tuple(sorted(tag for tag in tags if tag and not tag.isdigit())),
        properties=properties,
        kinds=tuple(kinds),
    )


def _properties(block: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    name = ""
    for line in block.splitlines():
        item = re.match(r"\s*-\s+(.*)$", line)
        pair = re.match(r"([^\s:#\-][^:]*):(?:\s+(.*))?$", line)
        if pair:
            name, value = pair.group(1).strip().strip("\"'"), (pair.group(2) or "").strip()
            if value.startswith("[") and value.endswith("]") and not value.startswith("[["):
                parts = [part.strip().strip("\"'") for part in value[1:-1].split(",")]
                found[name] = [part for part in parts if part]
            else:
                found[name] = value.strip("\"'") if value else None
        elif item and name:
            listed = found[name] if isinstance(found.get(name), list) else []
            found[name] = [*listed, item.group(1).strip().strip("\"'")]
    return found


def _listed(properties: dict[str, Any], name: str) -> list[str]:
    value = next((properties[key] for key in properties if key.lower() == name), None)
    if isinstance(value, str):
        return [value] if value else []
    return [str(item) for item in value] if isinstance(value, list) else []
