"""Nothing that is said of time is dropped silently: what is not understood whole is asked."""

from __future__ import annotations

import pytest

from octopus.core.meaning import Meaning
from tests.language.reading import say

ASKED = [
    "remind me daily at 8 until december 1st to stretch",
    "remind me every day until friday to stretch",
    "erinnere mich jeden Tag bis Freitag an die Blumen",
    "remind me every day for a week to stretch",
    "remind me friday at 9 and saturday at 10 to train",
    "remind me tomorrow and friday to water the ferns",
    "remind me the day before christmas to shop",
    "remind me three days before friday to pack",
    "remind me every monday until christmas to train",
    "remind me every monday and on the 5th to pay",
    "remind me friday or saturday to call",
    "remind me monday to friday at 8 to stretch",
    "remind me every morning and evening to brush",
    "remind me noon and midnight to check",
    "remind me two days after tomorrow to pay",
    "remind me friday after next to pay",
    "remind me tomorrow in 2 hours to call",
    "erinnere mich übernächsten Freitag an Bob",
    "remind me next week on the 5th to pay",
    "remind me next month on tuesday to pay",
]


def asked(meaning: Meaning) -> bool:
    return meaning.intent == "clarify" and bool(meaning.question) and len(meaning.options) > 1


@pytest.mark.parametrize("text", ASKED)
def test_what_is_said_twice_is_asked_about(text: str) -> None:
    assert asked(say(text))


@pytest.mark.parametrize("text", ASKED)
def test_the_buttons_keep_every_word_that_was_said_of_time(text: str) -> None:
    kept = [str(option.args["text"]) for option in say(text).options]
    words = text.split()
    assert all(word in each for each in kept for word in words[3:])
    assert all(option.args.get("repeat") is None for option in say(text).options)


@pytest.mark.parametrize(
    "text",
    [
        "rappelle-moi tous les jours à 8h jusqu'au 1er décembre de bouger",
        "recuérdame cada día hasta el viernes regar",
        "ricordami ogni giorno fino a venerdì di annaffiare",
        "me lembra todo dia até sexta de regar",
        "напоминай каждый день до пятницы полить цветы",
        "нагадуй щодня до п'ятниці полити квіти",
        "提醒我每天8点浇花到12月1日",
    ],
)
def test_an_end_or_a_second_time_is_asked_about_in_every_language(text: str) -> None:
    assert asked(say(text))


def test_a_todo_with_two_days_is_asked_about() -> None:
    assert asked(say("todo: pay the rent friday and saturday"))


def test_how_long_a_thing_lasts_is_no_second_time() -> None:
    meaning = say("remind me tomorrow at 5 for 2 hours of yoga")
    assert meaning.args["at"] == "2026-11-21T17:00:00+01:00"


def test_the_same_day_said_twice_is_no_question() -> None:
    meaning = say("remind me tomorrow saturday at 9 to train")
    assert meaning.args["at"] == "2026-11-21T09:00:00+01:00"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("remind me tomorrow about the Friday report", "Friday report"),
        ("remind me on Monday for Tuesday's lunch", "Tuesday's lunch"),
        ("remind me tomorrow to book friday's table", "friday's table"),
    ],
)
def test_a_day_that_belongs_to_the_thing_stays_with_it(text: str, kept: str) -> None:
    meaning = say(text)
    assert meaning.intent == "reminder.add"
    assert kept in meaning.args["text"]
