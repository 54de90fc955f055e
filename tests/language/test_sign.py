"""Signs of the Tasks plugin in a message are read as what they are, and none stays behind."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from octopus.language.sign import signed
from octopus.language.understand import understand

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "buy milk 🔁 every day 📅 2026-12-01",
            {"text": "buy milk", "due": "2026-12-01", "repeat": "every day"},
        ),
        (
            "buy tea 📅 2026-12-03 ⏫ #shop",
            {"text": "buy tea #shop", "due": "2026-12-03", "priority": "high"},
        ),
        (
            "buy milk ✅ 2020-01-01 🔁 every 2 weeks on Sunday 📅 2026-12-01",
            {
                "text": "buy milk ✅ 2020-01-01",
                "due": "2026-12-01",
                "repeat": "every 2 weeks on Sunday",
            },
        ),
        ("Milch kaufen 📅 2026-12-01", {"text": "Milch kaufen", "due": "2026-12-01"}),
        ("call Ann tomorrow 🔽", {"text": "call Ann", "due": "2026-11-21", "priority": "low"}),
        (
            "buy cocoa 🔁 every day 🏁 delete",
            {"text": "buy cocoa 🏁 delete", "due": "2026-11-20", "repeat": "every day"},
        ),
        ("buy tea 🔁 every week on Monday", {"text": "buy tea", "due": "2026-11-23"}),
        ("buy tea tomorrow 🔁 every week", {"text": "buy tea", "due": "2026-11-21"}),
        ("call Ann ⏳ 2026-12-01", {"text": "call Ann ⏳ 2026-12-01", "due": None}),
    ],
)
def test_signs_are_fields(text: str, expected: dict[str, Any]) -> None:
    meaning = understand(text, now=NOW)
    assert meaning.intent == "todo.add"
    assert {name: meaning.args[name] for name in expected} == expected


def test_the_sign_of_an_alarm_is_no_word() -> None:
    meaning = understand("buy tea ⏰ 2026-11-23 10:00", now=NOW)
    assert (meaning.intent, meaning.args["text"]) == ("reminder.add", "buy tea")
    assert meaning.args["at"].startswith("2026-11-23T10:00")


@pytest.mark.parametrize(
    "text", ["- [ ] ⏰ 2026-11-23 10:00", "todo: ⏰ 2026-11-23 10:00", "⏰ 2026-11-23 10:00"]
)
def test_an_alarm_of_nothing_is_no_reminder(text: str) -> None:
    assert understand(text, now=NOW).question == "What should I remind you of?"


@pytest.mark.parametrize(
    "text", ["note: the 📅 2026-12-01 sign", "search 📅 2026-12-01", "buy a 📅", "a 📅 2026-02-30"]
)
def test_elsewhere_they_are_left_alone(text: str) -> None:
    assert understand(text, now=NOW).intent != "todo.add" or signed(text) is None


@example("📅⏫⏫")
@given(st.text(st.sampled_from("ab 📅🔁⏫✅2026-1every#\n"), max_size=40))
def test_any_mixture_is_read_without_a_fault(text: str) -> None:
    understand(text, now=NOW)
    found = signed(text)
    assert found is None or signed(found.words) is None or "📅" not in found.words
