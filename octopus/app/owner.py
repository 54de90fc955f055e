"""The owner as the rules of the house need to know them."""

from __future__ import annotations

from octopus.config import Config
from octopus.core.route import Route
from octopus.language.owner import Owner


def owner(config: Config) -> Owner:
    """What the rules of language need to know."""
    return Owner(
        language=config.owner.language,
        zone=config.owner.zone,
        morning=config.owner.morning,
        noon=config.owner.noon,
        afternoon=config.owner.afternoon,
        evening=config.owner.evening,
        date_order=config.owner.date_order,
    )


def routes(config: Config) -> tuple[Route, ...]:
    """Which message goes to which note, in the owner's order."""
    return tuple(each.route(number) for number, each in enumerate(config.capture.routes, 1))
