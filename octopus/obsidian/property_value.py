"""For taking what a person types as the value of a property the way Obsidian's editor would."""

from __future__ import annotations

import re
from collections.abc import Mapping

from octopus.obsidian.properties import LISTS

Single = str | int | float
Value = Single | bool | list[str] | None

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,15})\.[0-9]{1,15}")
_YES = frozenset({"true", "yes", "on", "1", "x"})
_NO = frozenset({"false", "no", "off", "0", ""})
_LIST_TYPES = frozenset({"multitext", "tags", "aliases"})


def typed(name: str, text: str, types: Mapping[str, str], *, single: bool = False) -> Value:
    """``text`` as the type that the owner's ``types.json`` gives the property.

    Without a type there, numbers, "true" and "false" are what they look like, "[a, b]" is a list
    and the rest is text; tags and aliases are lists. ``single``: one item of a list.
    """
    text = text.strip()
    known = {each.casefold(): kind for each, kind in types.items()}
    kind = known.get(name.casefold(), "")
    listed = name.lower() in LISTS or kind in _LIST_TYPES
    if listed:
        items = [_item(name, each) for each in re.split(r"[,，、]", text.strip("[]"))]
        return _item(name, text) if single else [each for each in items if each]
    if kind == "checkbox" and text.lower() in _YES | _NO:
        return text.lower() in _YES
    if kind in ("text", "date", "datetime"):
        return text
    return _guessed(text) if not single else _number(text)


def _item(name: str, text: str) -> str:
    text = text.strip().strip("\"'")
    return text.lstrip("#") if name.lower() == "tags" else text


def _guessed(text: str) -> Value:
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return [each for part in text[1:-1].split(",") if (each := part.strip().strip("\"'"))]
    if text in ("true", "false"):
        return text == "true"
    return _number(text)


def _number(text: str) -> Single:
    if _WHOLE.fullmatch(text) and text != "-0":
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
