"""Paths that lead out of a vault, or try to, made by the thousand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote

#: Names that mean something elsewhere, or nothing at all.
_ENDS = (
    "secret.md",
    "canary/secret.md",
    "etc/passwd",
    "etc/shadow",
    ".ssh/id_rsa",
    "proc/self/environ",
    "note.md",
    "made.md",
    "out.md",
    "Windows/win.ini",
    "",
)
_UPS = (
    "..",
    "...",
    ". .",
    "..;",
    "\u2025",
    "\uff0e\uff0e",
    "%2e%2e",
    "%252e%252e",
    "..\u200b",
    ".",
)
_SEPARATORS = ("/", "//", "\\", "/./", "%2f", "%5c", "\u2215", "\u2044", "\uff0f", "/\\", "\0/")
_HEADS = (
    "",
    "/",
    "//",
    "\\\\server\\share\\",
    "C:/",
    "C:\\",
    "c:",
    "~/",
    "~root/",
    "file:///",
    "file://",
    "obsidian://open?path=",
    "/proc/self/cwd/",
    "/proc/self/root/",
    "/dev/fd/3/",
    "./",
    "folder/",
    "link/",  # a folder outside
    "swap/",  # a folder, or a link to one outside, by turns
    "folder/link/",
    ".obsidian/",
    ".trash/",
    ".git/",
    "linked.md/",
    "\0",
    " ",
    "\n",
)
_TAILS = ("", "/", "\0", "\0.md", ".md", "#heading", "|alias", "%00.md", " ", ".", "::$DATA", "?")
_WHOLE = (
    "link",
    "linked.md",
    "dangling.md",
    "swap",
    "swap.md",
    "loop",
    "loop/loop/secret.md",
    "hard/../linked.md",
    "a" * 300,
    "\u00e9" * 200,
    "x/" * 20 + "y.md",
    "\ud800.md",
    "a\udc80.md",
    "CON",
    "NUL.md",
    "-rf",
    "--help",
    "$(touch made.md)",
    "`touch made.md`",
    "{secret}.md",
    "%s%n.md",
    "\u202egnp.md",
)


def payloads(count: int, seed: int = 1, outside: str = "/canary") -> Iterator[str]:
    """``count`` different ones; ``outside`` is the absolute path of a folder to be aimed at."""
    dice, known = random.Random(seed), set[str]()
    whole = [*_WHOLE, outside, f"{outside}/secret.md", f"{outside}/../canary/secret.md"]
    while len(known) < count:
        if whole:
            path = whole.pop()
        else:
            separator = dice.choice(_SEPARATORS)
            ups = separator.join([dice.choice(_UPS)] * dice.choice((0, 1, 2, 3, 8)))
            end = dice.choice(_ENDS)
            if dice.random() < 0.2:
                end = outside.lstrip("/") + "/" + end
            parts = [part for part in (ups, end) if part]
            path = dice.choice(_HEADS) + separator.join(parts) + dice.choice(_TAILS)
            if dice.random() < 0.1:
                path = quote(path, safe="", errors="replace")
            if dice.random() < 0.05:
                at = dice.randrange(len(path) + 1)
                path = path[:at] + dice.choice(("\0", "\r", "\u0000", "\\", "/", "..")) + path[at:]
        if path not in known:
            known.add(path)
            yield path
