"""The owner as the rules of language need to know them."""

from __future__ import annotations

from octopus.config import Config
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
