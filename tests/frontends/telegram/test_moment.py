"""Moments in a message: the phone shows them by its own clock; at night they come silently."""

from __future__ import annotations

from dataclasses import replace

import pytest

from octopus.core.message import Reply
from octopus.core.outgoing import Act, Outgoing
from octopus.frontends.telegram.render import MOMENT, content, parts
from tests.fakes.telegram.rules import ApiError, check_entities

WHEN = "Sat 21.11.2026 09:00"
AT = 1795334400


def test_words_that_say_a_moment_are_an_entity_that_the_api_takes() -> None:
    text = f"⏰ {WHEN} · 🦔 feed the hedgehog"
    (part,) = parts(text, times=((WHEN, AT),))
    (entity,) = part.entities
    assert entity == {
        "type": "date_time",
        "offset": 2,
        "length": len(WHEN),
        "unix_time": AT,
        "date_time_format": MOMENT,
    }
    check_entities(part.text, list(part.entities))


def test_offsets_count_utf16_units_and_equal_moments_are_found_one_after_the_other() -> None:
    text = f"😀 {WHEN}\n• {WHEN} · second"
    (part,) = parts(text, times=((WHEN, AT), (WHEN, AT)))
    assert [entity["offset"] for entity in part.entities] == [3, 3 + len(WHEN) + 3]
    check_entities(part.text, list(part.entities))


def test_words_that_are_not_there_are_left_out() -> None:
    (part,) = parts("nothing of time", times=((WHEN, AT), ("", AT)))
    assert part.entities == ()


def test_a_reply_keeps_its_moments_in_the_outbox() -> None:
    reply = Reply(text=WHEN, times=((WHEN, AT),), silent=True, reminder=7)
    again = Reply.from_json(reply.to_json())
    assert again == reply
    row = Outgoing(1, 1, "telegram:7", Act.SEND, "", again)
    assert content([row]).parts[0].entities[0]["unix_time"] == AT


@pytest.mark.parametrize(
    "wrong",
    [
        {"unix_time": "soon"},
        {"unix_time": None},
        {"unix_time": True},
        {"unix_time": -1},
        {"date_time_format": "HH:mm"},
        {"date_time_format": "rD"},
        {"date_time_format": "tD"},
    ],
)
def test_the_fake_refuses_what_the_api_would_refuse(wrong: dict[str, object]) -> None:
    entity = {"type": "date_time", "offset": 0, "length": 3, "unix_time": AT}
    check_entities("now", [entity])
    for shape in ("", "r", "wDT", "t", "wd", MOMENT):
        check_entities("now", [entity | {"date_time_format": shape}])
    with pytest.raises(ApiError, match="date_time"):
        check_entities("now", [entity | wrong])


def test_a_row_of_an_older_octopus_has_no_moments() -> None:
    reply = Reply(text="x")
    old = reply.to_json().replace('"times": [], ', "").replace('"silent": false, ', "")
    assert "times" not in old
    assert Reply.from_json(old) == replace(reply)
