"""The wish to be told again until it is done."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.language.nag import nagging
from octopus.language.owner import Owner
from octopus.language.understand import understand

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "thing", "at", "minutes"),
    [
        ("keep reminding me every 10 minutes to drink water", "drink water", "09:40", 10),
        ("nag me every hour until it's done to call Ann", "call Ann", "10:30", 60),
        (
            "remind me at 8pm to take pills and keep reminding me every 5 min until done",
            "take pills",
            "20:00",
            5,
        ),
        (
            "erinnere mich um 20 Uhr an die Tabletten und erinnere mich weiter alle 5 Minuten",
            "Tabletten",
            "20:00",
            5,
        ),
        (
            "напомни в 20:00 выпить таблетки и напоминай каждые 10 минут пока не сделаю",
            "выпить таблетки",
            "20:00",
            10,
        ),
        (
            "recuérdame a las 20:00 tomar la pastilla y sigue recordándome cada 2 horas",
            "tomar la pastilla",
            "20:00",
            120,
        ),
    ],
)
def test_understood(text: str, thing: str, at: str, minutes: int) -> None:
    meaning = understand(text, now=NOW, owner=Owner(zone=NOW.tzinfo))
    assert meaning.intent == "reminder.add"
    assert meaning.args["text"] == thing
    assert meaning.args["nag"] == minutes
    assert str(meaning.args["at"]).split("T")[1].startswith(at)


@pytest.mark.parametrize(
    "text",
    [
        "remind me every 10 minutes to drink water",  # that is a rule, and has no end
        "keep the receipt",
        "don't nag me",
        "she keeps reminding me of spring",
    ],
)
def test_no_wish_to_be_nagged(text: str) -> None:
    meaning = understand(text, now=NOW, owner=Owner(zone=NOW.tzinfo))
    assert not meaning.args.get("nag")


def test_without_a_time_it_is_asked_and_the_wish_is_kept_in_the_answers() -> None:
    text = "remind me about the report and keep reminding me every 10 minutes"
    meaning = understand(text, now=NOW, owner=Owner(zone=NOW.tzinfo))
    assert meaning.question
    assert {option.args.get("nag") for option in meaning.options} == {10}


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    found = nagging(text)
    assert found is None or found.said in text
