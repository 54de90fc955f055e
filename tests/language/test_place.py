"""Time zones by the names that people use."""

from __future__ import annotations

import zoneinfo

import pytest

from octopus.language.place import zone_of


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("Tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao_paulo", "America/Sao_Paulo"),
        ("EUROPE/LISBON", "Europe/Lisbon"),
        ("America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("Port-au-Prince", "America/Port-au-Prince"),
        ("St. Johns", "America/St_Johns"),
        ("Munich", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("GMT", "GMT"),
    ],
)
def test_known(place: str, zone: str) -> None:
    assert zone_of(place) == zone
    zoneinfo.ZoneInfo(zone)


@pytest.mark.parametrize("place", ["", "Atlantis", "trouble", "../etc/passwd", "\0", "a" * 999])
def test_unknown(place: str) -> None:
    assert zone_of(place) is None


def test_every_zone_is_found_by_its_own_name_and_is_one() -> None:
    for name in zoneinfo.available_timezones():
        found = zone_of(name)
        assert found is not None
        assert found == name or found.casefold() in name.casefold() or "/" not in name, name
