"""For writing links the way the owner's settings ask for."""

from __future__ import annotations

import posixpath
import re

from octopus.obsidian.name import safe_name
from octopus.obsidian.path import NOTE, folder, is_note, join, stem
from octopus.obsidian.resolve import Resolver
from octopus.obsidian.settings import App, new_note_folder

# What a wikilink's target cannot hold.
_UNWIKI = re.compile(r"[\[\]#|^\n]|%%")
# Obsidian itself encodes only spaces; the others would end the destination or change its meaning.
_ENCODED = re.compile(r"[\s%#?<>\\\"|^`\x00-\x1f\x7f]")
_PARENTHESES = re.compile(r"[()]")


def link_text(resolver: Resolver, path: str, source: str, form: str = "shortest") -> str:
    """The target that means ``path`` in a link in ``source``, without ".md".

    ``form`` is Obsidian's ``newLinkFormat``: shortest (the bare name where it is unique in the
    vault, else the whole path), relative or absolute. The result is checked to resolve to ``path``;
    where it would not, the whole path is taken.
    """
    whole = path[: -len(NOTE)] if is_note(path) else path
    text = whole
    if form == "relative":
        text = posixpath.relpath(whole, folder(source) or ".")
    elif form == "shortest" and len(resolver.same_name(path)) < 2:
        text = posixpath.basename(whole)
    for candidate in (text, whole):
        if resolver.resolve(candidate, source) == path:
            return candidate
    return path


def encode_destination(path: str) -> str:
    """``path`` as the destination of a Markdown link."""
    path = _ENCODED.sub(_percent, path)
    if not _balanced(path):
        path = _PARENTHESES.sub(_percent, path)
    return path


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())


def _balanced(text: str) -> bool:
    """Whether parentheses match, at one level: no deeper ones are understood everywhere."""
    depth = 0
    for char in _PARENTHESES.findall(text):
        depth += 1 if char == "(" else -1
        if depth not in (0, 1):
            return False
    return depth == 0


def wikilink(target: str, *, label: str | None = None, embed: bool = False) -> str:
    """``[[target|label]]``; a label that says the same as the target is left out."""
    mark = "!" if embed else ""
    shown = label.replace("]]", "] ]").replace("\n", " ").strip() if label else ""
    if not shown or (shown == target and not embed):
        return f"{mark}[[{target}]]"
    return f"{mark}[[{target}|{shown}]]"


def markdown_link(path: str, label: str, *, subpath: str = "", embed: bool = False) -> str:
    """``[label](path#subpath)`` with what needs it escaped or encoded."""
    shown = re.sub(r"([\[\]\\])", r"\\\1", " ".join(label.split()))
    return f"{'!' if embed else ''}[{shown}]({encode_destination(path)}{_fragment(subpath)})"


def _fragment(sub: str) -> str:
    sub = re.sub(r"[\s%<>\\]", _percent, sub)
    return sub if _balanced(sub) else _PARENTHESES.sub(_percent, sub)


def write_link(
    resolver: Resolver,
    path: str,
    source: str,
    app: App,
    *,
    subpath: str = "",
    label: str | None = None,
    embed: bool = False,
) -> str:
    """A whole link to ``path`` for the note ``source``, as Obsidian would write it there.

    ``subpath`` starts with "#". A name that a wikilink cannot hold gets a Markdown link.
    """
    text = link_text(resolver, path, source, app.link_format)
    if app.markdown_links or _UNWIKI.search(text):
        target = text + NOTE if is_note(path) and not is_note(text) else text
        return markdown_link(target, label or stem(path), subpath=subpath, embed=embed)
    return wikilink(text + subpath, label=label, embed=embed)


def new_path(target: str, source: str, app: App) -> str:
    """The path of the note that a link to nothing stands for, made portable.

    A folder in the link is respected, else the owner's place for new notes.
    """
    parts = [safe_name(part) for part in target.split("/") if part.strip(". ")]
    name = parts.pop() if parts else safe_name("")
    name = name[: -len(NOTE)] if is_note(name) else name
    where = "/".join(parts) or new_note_folder(app, source)
    return join(where, name + NOTE)
