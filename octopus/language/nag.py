"""Takes "keep reminding me every 10 minutes until it is done" out of a message."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"(?P<number>\d{1,5})"
_UNITS = {
    "en": (r"min(?:ute)?s?", r"h(?:ou)?rs?"),
    "de": (r"min(?:uten?)?", r"stunden?"),
    "es": (r"min(?:utos?)?", r"horas?"),
    "fr": (r"min(?:utes?)?", r"heures?"),
    "ru": (r"мин(?:ут[уы]?)?", r"час(?:а|ов)?"),
}

#: Before the interval, the word "every", the end, and what stands for it at the start.
_WORDS = {
    "en": (
        r"(?:keep|go on|carry on)\s+(?:on\s+)?(?:reminding|nagging|telling|pinging)\s+me|nag\s+me",
        r"every",
        r"(?:until|till)\s+(?:(?:it|that)(?:'s|\s+is)|i(?:'m|\s+am)|i(?:'ve|\s+have))?\s*done(?:\s+it)?",
        "remind me",
    ),
    "de": (
        r"erinner[en]?\s+mich\s+(?:dann\s+)?(?:immer\s+wieder|weiter)|nerv[e]?\s+mich",
        r"alle|jede",
        r"bis\s+(?:es|das|ich\s+es)\s+(?:erledigt|getan|gemacht)(?:\s+(?:ist|habe))?",
        "erinnere mich",
    ),
    "es": (
        r"sigue\s+record[aá]ndome(?:lo)?|insiste",
        r"cada",
        r"hasta\s+que\s+(?:est[eé]\s+hecho|lo\s+haga)",
        "recuérdame",
    ),
    "fr": (
        r"(?:continue\s+[aà]|n'arr[eê]te\s+pas\s+de)\s+me\s+(?:le\s+)?rappeler|insiste",
        r"toutes\s+les|chaque",
        r"jusqu'[aà]\s+ce\s+que\s+ce\s+soit\s+fait",
        "rappelle-moi",
    ),
    "ru": (
        r"(?:продолжай\s+)?напомина(?:й|ть)(?:\s+мне)?(?:\s+снова)?",
        r"кажды[ей]|каждую",
        r"пока\s+(?:не\s+сделаю|не\s+будет\s+сделано)",
        "напомни",
    ),
}


@dataclass(frozen=True, slots=True)
class Nagging:
    """A message without its words for nagging."""

    text: str
    minutes: int
    said: str  # the words
    first: bool  # whether nothing stands before them


def nagging(text: str) -> Nagging | None:
    """The message without the wish to be told again until it is done; None without that wish."""
    for code, pattern in _PATTERNS.items():
        match = pattern.search(text)
        if match is None:
            continue
        number, hours = int(match["number"] or 1), match["hours"] is not None
        before = text[: match.start()].rstrip(" ,;.-")
        after = text[match.end() :].lstrip(" ,;.")
        first = not before.strip()
        rest = f"{_WORDS[code][3]} {after}" if first else f"{before} {after}"
        minutes = number * 60 if hours else number
        return Nagging(rest.strip(), minutes, match[0].strip(" ,;."), first)
    return None


def _pattern(code: str) -> re.Pattern[str]:
    verb, every, until, _ = _WORDS[code]
    minute, hour = _UNITS[code]
    interval = rf"(?:{every})\s+(?:{_NUMBER}\s*)?(?:(?P<hours>{hour})|{minute})(?!\w)"
    lead = r"(?:(?:,|;|\.)?\s*(?:and|und|y|et|и)\s+)?"
    return re.compile(rf"{lead}(?<!\w)(?:{verb})\s+{interval}(?:\s+{until})?", re.IGNORECASE)


_PATTERNS = {code: _pattern(code) for code in _WORDS}
