"""For writing values as YAML that Obsidian and every other reader understands the same way."""

from __future__ import annotations

import json
import re
from typing import Any

from octopus.obsidian.properties import scalar

_INDICATORS = "!&*-?:,[]{}#|>@`\"'%="
# YAML 1.1 readers, which many tools still are, take these for booleans.
_BOOLEAN = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|~)")
_RISKY = re.compile(r":(?:\s|$)|\s#|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|^\s|\s$")
_FLOW = re.compile(r"[,\[\]{}]")


def write_scalar(value: Any, *, flow: bool = False, style: str = "") -> str:
    """``value`` on one line: plain where that reads as the same, else in double quotes.

    ``style`` is the quote that was there before, and is kept. ``flow``: inside "[ ]".
    """
    if value is None:
        return "null" if flow else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    if style == "'" and not _RISKY.search(text.replace(": ", "").replace(" #", "")):
        return "'" + text.replace("'", "''") + "'"
    if style != '"' and _is_plain(text, flow):
        return text
    return _escaped(text)


def _is_plain(text: str, flow: bool) -> bool:
    if not text or _RISKY.search(text) or _BOOLEAN.fullmatch(text):
        return False
    if text[0] in _INDICATORS and not (text[0] in "-?:" and len(text) > 1 and text[1].isalnum()):
        return False
    if flow and _FLOW.search(text):
        return False
    if text.startswith(("---", "...")):
        return False
    return bool(scalar(text) == text)


def _escaped(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(
        r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda m: f"\\u{ord(m.group()):04x}", quoted
    )


def write_property(name: str, value: Any) -> str:
    """A whole property, lists in block form indented by two as Obsidian writes them; no newline."""
    key = write_scalar(name)
    if isinstance(value, list | tuple):
        if not value:
            return f"{key}: []"
        return "\n".join([f"{key}:", *(f"  - {write_scalar(each) or 'null'}" for each in value)])
    return f"{key}: {write_scalar(value)}".rstrip(" ")
