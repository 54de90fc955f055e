"""For naming files inside the vault: relative, with "/", never a way out."""

from __future__ import annotations

import posixpath
import re
import unicodedata

from octopus.errors import PathError

NOTE = ".md"
# Obsidian help, "Accepted file formats" (1.9). ``.opus`` and ``.oga`` are not among them.
IMAGES = frozenset({".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})
AUDIO = frozenset({".flac", ".m4a", ".mp3", ".ogg", ".wav", ".webm", ".3gp"})
VIDEO = frozenset({".mkv", ".mov", ".mp4", ".ogv", ".webm"})
FORMATS = frozenset({NOTE, ".base", ".canvas", ".pdf"}) | IMAGES | AUDIO | VIDEO

_DRIVE = re.compile(r"[A-Za-z]:(?:/|$)")  # "Q: plan.md" is a name, "C:/plan.md" is not
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_COMPONENT = 255  # bytes: the limit of ext4, APFS and NTFS come close enough
MAX_PATH = 4096  # bytes: PATH_MAX of Linux


def normal(path: str) -> str:
    """The vault-relative form of ``path``: no "./", no doubled or outer slashes.

    A single leading "/" means the vault's root, as in Obsidian's own settings. Raises
    :class:`~octopus.errors.PathError` for whatever could lead elsewhere or cannot be a file:
    "..", drive letters, network paths, backslashes, control characters, over-long names.
    """
    if not path.strip("/ "):
        raise PathError("This path is empty.", "error.path_empty")
    if _CONTROL.search(path):
        raise PathError("This path has a control character in it.", "error.path_control")
    if path.startswith("//") or "\\" in path or _DRIVE.match(path.lstrip("./")):
        raise PathError("Not a path inside the vault: {path}", "error.path_foreign", path=path)
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not all(part.strip() for part in parts):
        raise PathError("A name in this path is only space: {path}", "error.path_blank", path=path)
    if not parts or ".." in parts:
        raise PathError("This path leads out of the vault: {path}", "error.path_out", path=path)
    try:
        sizes = [len(part.encode()) for part in parts]
    except UnicodeEncodeError as error:
        raise PathError("This path is not valid text.", "error.path_text") from error
    if max(sizes) > MAX_COMPONENT or sum(sizes) + len(sizes) > MAX_PATH:
        raise PathError("This path is too long for a file system.", "error.path_long")
    return "/".join(parts)


def note_path(path: str) -> str:
    """``path`` as the path of a note: normal, and ending in ".md"."""
    path = normal(path)
    return path if is_note(path) else path + NOTE


def is_note(path: str) -> bool:
    """True for Markdown files, whatever the case of their extension."""
    return path[-3:].lower() == NOTE


def stem(path: str) -> str:
    """The name of a note as Obsidian shows it; other files keep their extension."""
    name = posixpath.basename(path)
    return name[:-3] if is_note(name) else name


def folder(path: str) -> str:
    """The folder that holds ``path``, "" for the root."""
    return posixpath.dirname(path)


def suffix(path: str) -> str:
    """The extension in lower case with its dot, "" where there is none."""
    return posixpath.splitext(path)[1].lower()


def join(*parts: str) -> str:
    """Folder names and a file name as one path; empty ones and outer slashes are left out."""
    return "/".join(part.strip("/") for part in parts if part.strip("/"))


def key(path: str) -> str:
    """What two spellings of one name have in common: case, and composed or decomposed accents.

    Obsidian matches without case; macOS and iCloud hand out decomposed names (NFD). Names are only
    compared this way, no file is ever renamed for it.
    """
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
