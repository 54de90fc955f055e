"""For putting words of others into a note as words: they link, tag and format nothing."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~=$%^{}!])")
_SPACE = re.compile(r"\s+")
#: A field of Dataview begins with a name and two colons.
_FIELD = re.compile(r"::")


def plain_line(text: str, characters: int = 200) -> str:
    """``text`` on one line without invisible characters, its Markdown escaped.

    At most ``characters`` long before the escaping; what is cut off shows as "…".
    """
    visible = "".join(
        " " if unicodedata.category(char).startswith("Z") or char in "\t\n\r" else char
        for char in unicodedata.normalize("NFC", text)
        if char in "\t\n\r" or not unicodedata.category(char).startswith("C")
    )
    line = _SPACE.sub(" ", visible).strip()
    if len(line) > characters:
        line = line[: characters - 1].rstrip() + "…"
    return _FIELD.sub(": :", _SPECIAL.sub(r"\\\1", line))
