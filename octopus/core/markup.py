"""Tells what a reply holds as markup from what a terminal shows."""

from __future__ import annotations

import re

_CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`)", re.DOTALL)
#: What a backslash takes the meaning from (CommonMark, "Backslash escapes").
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def unescaped(text: str, *, markdown: bool) -> str:
    """The text as a terminal shows it: Markdown without the escapes, which only Markdown needs.

    Other marks stay: they can be read, and a note is shown as it was written. Code has no escapes.
    """
    if not markdown:
        return text
    parts = _CODE.split(text)
    parts[::2] = [_ESCAPE.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts)
