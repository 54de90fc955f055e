"""Only emoji that Telegram allows are ever put on a message."""

from __future__ import annotations

import pytest

from octopus.frontends.telegram.reaction import _MAP, ALLOWED, nearest
from tests.fakes.telegram.rules import REACTIONS


def test_the_list_is_that_of_the_bot_api() -> None:
    assert ALLOWED == REACTIONS


@pytest.mark.parametrize("emoji", ["👌", "✍", "✍️", "💔", "🤷", "👀", "🤔", "❤️", "⚡️", "🕊️"])
def test_allowed_ones_stay(emoji: str) -> None:
    assert nearest(emoji) == emoji.replace("\ufe0f", "")


@pytest.mark.parametrize(
    ("emoji", "instead"),
    [("✅", "👌"), ("📝", "✍"), ("❌", "💔"), ("⏰", "👀"), ("⚠️", "🤔"), ("☑️", "👌")],
)
def test_others_become_the_nearest(emoji: str, instead: str) -> None:
    assert nearest(emoji) == instead


def test_unknown_ones_say_at_least_whether_it_went_well() -> None:
    assert nearest("🦑") == "👍"
    assert nearest("🦑", failed=True) == "💔"
    assert nearest("", failed=True) == "💔"


def test_nothing_maps_to_what_is_not_allowed() -> None:
    assert set(_MAP.values()) <= ALLOWED
    assert not set(_MAP) & ALLOWED
