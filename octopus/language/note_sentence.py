"""What sentences about notes mean: which note, and what shall become of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from octopus.language.said import Said

_TRIM = ' \t\n"“”„«»「」『』‹›:,;'
_NAME = re.compile(r"^(?:\[\[(.+?)\]\]|(.+?))(?:\.md)?$", re.DOTALL)


def clean(text: str) -> str:
    """A name or a short text without the quotes and signs around it."""
    text = text.strip(_TRIM)
    while text[-1:] in ".!?" and text[:-1].strip():
        text = text[:-1].rstrip(_TRIM)
    return text


def note_name(text: str) -> str:
    """A note's name, without link brackets and ending."""
    match = _NAME.match(clean(text))
    return (match[1] or match[2]).strip() if match else ""


def append(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """More text for a note, at its end or under a heading."""
    note, text = note_name(slots["note"]), slots["text"].strip()
    heading = note_name(slots["heading"]) if "heading" in slots else None
    if not note or not text or heading == "":
        return None
    return {"note": note, "text": clean(text), "heading": heading}


def named_note(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """One note and no other word; all of them are none."""
    name = note_name(slots["note"])
    everything = said.language(code).words("everything")
    if not name or name.lower() in everything:
        return None
    return {"note": name}


def named(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """A rename or an edit; with a name missing it is none."""
    args = {
        key: note_name(value) if key in ("note", "from", "to", "into") else clean(value)
        for key, value in slots.items()
    }
    everything = said.language(code).words("everything")
    if not all(args.values()) or args.get("from", "").lower() in everything:
        return None
    return args


def moved(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """A rename, or a move into a folder: then the note keeps its name.

    Where no word says that it is a note, it may be a to-do.
    """
    if "or_todo" in slots:
        found = named(said, code, {"from": slots["from"], "to": slots["to"]})
        return found and found | {"or_todo": True}
    if "folder" not in slots:
        return named(said, code, slots)
    folder = clean(slots["folder"]).strip("/")
    meant = named(said, code, {"from": slots["from"], "to": folder})
    return meant and meant | {"to": f"{folder}/"}


def edited(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """A change in the owner's words; "as" puts it together where the note stood in its middle."""
    if "as" not in slots:
        return named(said, code, slots)
    note = note_name(slots["note"])
    words = {name: value.strip() for name, value in slots.items()}
    return {"note": note, "change": slots["as"].format(**words)} if note else None
