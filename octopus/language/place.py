"""Knows the time zone of a place by its name, as the tz database spells it."""

from __future__ import annotations

import unicodedata
import zoneinfo
from collections.abc import Mapping
from functools import cache

#: Large places whose clocks the tz database keeps under the name of another city.
_OTHER = {
    "beijing": "Asia/Shanghai",
    "delhi": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
    "osaka": "Asia/Tokyo",
    "kyoto": "Asia/Tokyo",
    "japan": "Asia/Tokyo",
    "barcelona": "Europe/Madrid",
    "munich": "Europe/Berlin",
    "hamburg": "Europe/Berlin",
    "cologne": "Europe/Berlin",
    "germany": "Europe/Berlin",
    "milan": "Europe/Rome",
    "italy": "Europe/Rome",
    "france": "Europe/Paris",
    "geneva": "Europe/Zurich",
    "edinburgh": "Europe/London",
    "st petersburg": "Europe/Moscow",
    "saint petersburg": "Europe/Moscow",
    "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "las vegas": "America/Los_Angeles",
    "boston": "America/New_York",
    "washington": "America/New_York",
    "miami": "America/New_York",
    "nyc": "America/New_York",
    "houston": "America/Chicago",
    "dallas": "America/Chicago",
    "montreal": "America/Toronto",
    "rio de janeiro": "America/Sao_Paulo",
    "rio": "America/Sao_Paulo",
    "abu dhabi": "Asia/Dubai",
    "cape town": "Africa/Johannesburg",
    "hanoi": "Asia/Ho_Chi_Minh",
    "canberra": "Australia/Sydney",
    "bali": "Asia/Makassar",
}

#: Areas of the tz database that are no places, or names of its own for old ones.
_LEFT_OUT = ("posix/", "right/", "SystemV/", "Etc/", "US/", "Brazil/", "Canada/", "Mexico/")


def zone_of(place: str) -> str | None:
    """The zone of "Tokyo", "sao paulo" or "Europe/Lisbon"; None for what nobody calls so."""
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
    found |= _OTHER
    return found | {_fold(name): name for name in names if not name.startswith(_LEFT_OUT[:3])}


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.strip().casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(letters.replace("_", " ").replace("-", " ").replace(".", " ").split())
