"""For naming files of the vault: no component of a path leads anywhere but down."""

from __future__ import annotations

from octopus.errors import PathError
from octopus.obsidian.name import TRASH


def inside(path: str) -> tuple[str, ...]:
    """The components of a path, none of which leads anywhere but down."""
    parts = tuple(path.split("/"))
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise PathError(
            "Not a path inside the vault: {path}", "error.path_foreign", path=repr(path)
        )
    if not is_text(path):
        raise PathError("{path} cannot be the name of a file.", "error.path_name", path=repr(path))
    if any(len(part.encode()) > 255 for part in parts):
        raise PathError("This name is too long for a file.", "error.name_long")
    return parts


def is_text(name: str) -> bool:
    """False for names with bytes that are no UTF-8: no other program could show them."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def visible(path: str) -> tuple[str, ...]:
    """As :func:`inside`; hidden files and folders are not part of a vault."""
    parts = inside(path)
    if any(part.startswith(".") for part in parts):
        raise PathError(
            "{path} is hidden, so it is not part of the vault.",
            "error.path_hidden",
            path=repr(path),
        )
    return parts


def readable(path: str) -> tuple[str, ...]:
    """As :func:`visible`, and the trash."""
    if path.startswith(f"{TRASH}/"):
        visible(path[len(TRASH) + 1 :])
        return inside(path)
    return visible(path)
