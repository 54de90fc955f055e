"""For knowing which files belong to the vault, and which the owner has excluded from searches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from octopus.obsidian.query_regex import Unreadable, compiled

# What editors and sync tools leave beside a file while they write it.
_TEMPORARY = re.compile(
    r"(?:\.syncthing\..*\.tmp|~syncthing~.*|.*\.icloud|.*\.(?:tmp|temp|swp|swx|part|partial|crdownload)"
    r"|~\$.*|.*~|#.*#|\.#.*|Thumbs\.db|desktop\.ini|Icon\r)",
    re.IGNORECASE,
)


def in_vault(path: str) -> bool:
    """Whether Obsidian takes the file at ``path`` for a part of the vault.

    Files and folders that begin with a dot are not (.obsidian, .trash, .git, .stfolder), nor are
    the temporary files of editors and sync tools.
    """
    parts = path.split("/")
    return not any(part.startswith(".") for part in parts) and not _TEMPORARY.fullmatch(parts[-1])


def excluder(filters: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path is under the owner's "Excluded files" (``userIgnoreFilters``).

    A filter is the beginning of a path, or a regular expression between slashes that may match
    anywhere. One that cannot be read excludes nothing. Excluded notes still resolve as links.
    """
    prefixes: list[str] = []
    patterns: list[re.Pattern[str]] = []
    for each in filters:
        if len(each) > 2 and each.startswith("/") and each.endswith("/"):
            try:
                patterns.append(compiled(each[1:-1], "", True))
            except Unreadable:
                continue
        elif each.strip("/"):
            prefixes.append(each.lstrip("/"))
    return lambda path: _excluded(path, prefixes, patterns)


def _excluded(path: str, prefixes: Sequence[str], patterns: Sequence[re.Pattern[str]]) -> bool:
    folded = path.casefold()
    return any(folded.startswith(prefix.casefold()) for prefix in prefixes) or any(
        pattern.search(path) for pattern in patterns
    )
