"""For making notes from templates, and inserting templates into notes that are there."""

from __future__ import annotations

from octopus.obsidian.edit import append, open_source, whole
from octopus.obsidian.name import safe_name
from octopus.obsidian.property_edit import merge_properties


def insert_template(data: bytes | None, filled: str) -> bytes:
    """The note with a template, its variables already filled in, at the end.

    Its properties are merged into the note's: values of the note stay, lists are united. A note
    that is not there yet becomes the template itself. Raises
    :class:`~octopus.errors.Undecodable` where the note must not be edited.
    """
    if not data:
        return filled.encode("utf-8", errors="replace")
    template = open_source(filled.encode("utf-8", errors="replace"), append_only=True)
    open_source(data)
    merged = merge_properties(data, template.note.properties)
    body = template.text[template.note.body :].rstrip("\r\n")
    return append(merged, body) if body.strip() else merged


def new_note(title: str, text: str = "") -> tuple[str, bytes]:
    """The file name without extension for a note called ``title``, and what to write into it.

    A title that no file name can hold is kept whole as the note's heading.
    """
    words = " ".join(whole(title).split())
    name = safe_name(words)
    head = f"# {words}" if words and name != words else ""
    body = whole(text).replace("\r\n", "\n").strip("\n")
    content = "\n\n".join(part for part in (head, body) if part)
    return name, f"{content}\n".encode() if content else b""
