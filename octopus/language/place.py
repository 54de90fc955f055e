"""Knows the time zone of a place by the names that it has in the owner's languages."""

from __future__ import annotations

import unicodedata
import zoneinfo
from collections.abc import Mapping
from functools import cache

from octopus.language.lexicon import languages, load

#: Signs that people write, or leave out, as they like.
_SAME = str.maketrans({"_": " ", "-": " ", ".": " ", "’": "'", "ʼ": "'"})

#: Areas of the tz database that are no places, or names of its own for old ones.
_LEFT_OUT = ("posix/", "right/", "SystemV/", "Etc/", "US/", "Brazil/", "Canada/", "Mexico/")


def zone_of(place: str) -> str | None:
    """The zone of "Tokyo", "Москве", "sao paulo" or "Europe/Lisbon"; None for other words."""
    return _zones().get(_fold(place))


@cache
def _zones() -> Mapping[str, str]:
    """Zones by their folded name, and by that of their city."""
    found: dict[str, str] = {}
    names = sorted(zoneinfo.available_timezones())
    for name in names:
        if not name.startswith(_LEFT_OUT) and "/" in name:
            city = _fold(name.rsplit("/", 1)[1])
            found.setdefault(city, name)
    for code in languages():  # "places" holds exemplar cities of CLDR, and what people say besides
        for zone, said in load(code).data["places"].items():
            found |= {_fold(name): zone for name in said.split("|") if _fold(name) not in found}
    return found | {_fold(name): name for name in names if not name.startswith(_LEFT_OUT[:3])}


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.strip().casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(letters.translate(_SAME).split())
