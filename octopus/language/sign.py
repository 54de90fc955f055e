"""For the signs of the Tasks plugin in a message: taken out together with their values.

Words are read without them, so that no sign stays behind where a date was read, and no date is
taken from a sign that means something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_PRIORITIES = {"🔺": "highest", "⏫": "high", "🔼": "medium", "🔽": "low", "⏬": "lowest"}
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SIGNS = "📅📆🗓🔁⏳⌛🛫➕✅❌🏁" + "".join(_PRIORITIES)
_FIELD = re.compile(
    rf"(?:[📅📆🗓]\ufe0f? *(?P<due>{_DAY})"
    rf"|🔁\ufe0f? *(?P<repeat>every [a-zA-Z0-9 ,!]*[a-zA-Z0-9!])(?=\s*(?:[{_SIGNS}#^]|$))"
    rf"|(?P<priority>[{''.join(_PRIORITIES)}])\ufe0f?"
    rf"|(?P<other>[⏳⌛🛫➕✅❌]\ufe0f? *(?P<day>{_DAY})|🏁\ufe0f? *(?:delete|keep)))"
    rf"(?=[\s{_SIGNS}]|$)"
)
_ALARM = re.compile(rf"(?:^\s*[-*+] \[ \](?=\s*⏰))?\s*⏰\ufe0f? *(?={_DAY}\b)")


def without_alarm(text: str) -> str | None:
    """The message without the sign before its alarm, which is read as words; None without one."""
    found = None if "\n" in text.strip() else _ALARM.search(text)
    return f"{text[: found.start()]} {text[found.end() :]}".strip() if found else None


@dataclass(frozen=True, slots=True)
class Signed:
    """What a message says by signs, and the words that are left."""

    words: str
    due: str | None = None  # ISO 8601
    repeat: str | None = None  # in the plugin's words
    priority: str | None = None
    others: str = ""  # signs that have no argument of their own, as they were written


def signed(text: str) -> Signed | None:
    """The signs of a message of one line; None where there are none, or their days are none."""
    if "\n" in text.strip():
        return None
    fields = list(_FIELD.finditer(text))
    if not fields:
        return None
    found: dict[str, str] = {}
    for field in fields:
        found |= {name: value for name, value in field.groupdict().items() if value is not None}
        try:
            date.fromisoformat(field["due"] or field["day"] or "2000-01-01")
        except ValueError:
            return None
    return Signed(
        words=" ".join(_FIELD.sub(" ", text).split()),
        due=found.get("due"),
        repeat=found.get("repeat"),
        priority=_PRIORITIES.get(found.get("priority", "")),
        others=" ".join(field["other"] for field in fields if field["other"]),
    )
