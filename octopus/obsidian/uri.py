"""For links that open Obsidian (Obsidian help, "Obsidian URI")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from octopus.errors import UserError
from octopus.obsidian.path import is_note

SCHEME = "obsidian"
ACTIONS = frozenset({"open", "new", "daily", "unique", "search", "choose-vault"})


@dataclass(frozen=True, slots=True)
class Uri:
    """An ``obsidian://`` link taken apart."""

    action: str
    vault: str = ""
    file: str = ""  # without subpath
    subpath: str = ""  # with its "#"
    parameters: Mapping[str, str] = field(default_factory=dict)  # the others, decoded


def action_uri(action: str, vault: str = "", **parameters: str | bool) -> str:
    """``obsidian://action?vault=...``; everything is percent-encoded UTF-8, a space is "%20".

    True adds a bare name, as in "&append"; empty values are left out.
    """
    pairs: dict[str, str | bool] = {"vault": vault, **parameters}
    query = "&".join(
        name if value is True else f"{name}={quote(str(value), safe='')}"
        for name, value in pairs.items()
        if value
    )
    return f"{SCHEME}://{action}?{query}" if query else f"{SCHEME}://{action}"


def open_uri(vault: str, path: str, *, heading: str = "", block: str = "") -> str:
    """The link that opens a note, at a heading or a block where one is given."""
    file = path[:-3] if is_note(path) else path
    if block:
        file += f"#^{block.lstrip('^')}"
    elif heading:
        file += f"#{heading.lstrip('#').strip()}"
    return action_uri("open", vault, file=file)


def daily_uri(vault: str) -> str:
    """The link that opens today's daily note."""
    return action_uri("daily", vault)


def search_uri(vault: str, query: str) -> str:
    """The link that searches in Obsidian."""
    return action_uri("search", vault, query=query)


def parse_uri(text: str) -> Uri:
    """An ``obsidian://`` link, the short form ``obsidian://vault/NAME/Note`` included.

    Raises :class:`~octopus.errors.UserError` for anything else.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError as error:
        raise UserError("This is not an Obsidian link.", "error.uri") from error
    if parts.scheme.lower() != SCHEME:
        raise UserError("This is not an Obsidian link.", "error.uri")
    action = parts.netloc.lower()
    if action == "vault":
        vault, _, file = unquote(parts.path.lstrip("/")).partition("/")
        if parts.fragment:
            file += f"#{unquote(parts.fragment)}"
        return _uri("open", vault, file, {})
    if action not in ACTIONS:
        raise UserError("An Obsidian link cannot “{action}”.", "error.uri_action", action=action)
    # "+" is a plus here, not a space.
    query = parts.query.replace("+", "%2B")
    values = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=50))
    return _uri(action, values.pop("vault", ""), values.pop("file", ""), values)


def _uri(action: str, vault: str, file: str, values: dict[str, str]) -> Uri:
    path, mark, sub = file.partition("#")
    return Uri(action, vault, path.strip("/"), f"#{sub}" if mark else "", values)
