"""Recurrences in the language of a reply: nothing is left in English that a rule can say."""

from __future__ import annotations

import re

import pytest

from octopus.language.lexicon import languages
from octopus.language.recurring import recurrence
from octopus.language.repeat import Repeat

OTHERS = sorted(set(languages()) - {"en"})
UNITS = ("minute", "hour", "day", "workday", "week", "month", "year")
COMMON = [
    *(Repeat(unit, number).text for unit in UNITS for number in (1, 2, 3, 5, 11, 21, 30)),
    *(Repeat("week", number, (day,)).text for number in (1, 2) for day in range(7)),
    *(Repeat("month", number, day=day).text for number in (1, 3) for day in (1, 2, 3, 15, 31, -1)),
    *(Repeat("month", 1, (day,), nth).text for day in range(7) for nth in (1, 2, 3, 4, 5, -1)),
    *(Repeat("year", 1, month=month, day=21).text for month in range(1, 13)),
    Repeat("week", 1, (0, 2, 4)).text,
    Repeat("week", 2, (1, 3), when_done=True).text,
    "every Thursday",
    "every month on the last",
]


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_understood_is_said_without_a_word_of_english(language: str) -> None:
    english = re.compile(r"\b(?:every|on|the|when|done|week|month|day|last|\w+day|\d+th)\b")
    said = {rule: recurrence(rule, language) for rule in COMMON}
    assert {rule: words for rule, words in said.items() if words == rule} == {}
    assert [words for words in said.values() if english.search(words) or "{" in words] == []


@pytest.mark.parametrize("language", OTHERS)
def test_different_rules_are_said_differently(language: str) -> None:
    said: dict[str, set[str]] = {}
    for rule in {rule for rule in COMMON if rule not in ("every Thursday",)}:
        said.setdefault(recurrence(rule, language), set()).add(rule)
    alike = [rules for rules in said.values() if len(rules) > 1]
    assert alike == []


@pytest.mark.parametrize(
    ("language", "rule", "words"),
    [
        ("de", "every week on Thursday", "jede Woche am Donnerstag"),
        ("de", "every month on the 2nd Friday", "jeden Monat am zweiten Freitag"),
        ("de", "every 2 weeks when done", "alle 2 Wochen, gezählt ab dem Erledigen"),
        ("es", "every 3 days", "cada 3 días"),
        ("fr", "every month on the 1st", "chaque mois le 1er"),
        ("fr", "every month on the last", "chaque mois le dernier jour"),
        ("it", "every month on the last Sunday", "ogni mese l'ultima domenica"),
        ("pt", "every week on Monday, Saturday", "toda semana na segunda-feira e no sábado"),
        ("ru", "every 2 days", "каждые 2 дня"),
        ("ru", "every 5 days", "каждые 5 дней"),
        ("ru", "every month on the 2nd Tuesday", "каждый месяц во второй вторник"),
        ("uk", "every month on the 15th", "щомісяця 15-го числа"),
        ("zh", "every January on the 3rd", "每年的1月3日"),
        ("zh", "every week on Monday, Wednesday, Friday", "每周的周一、周三、周五"),
        ("de-AT", "EVERY DAY", "jeden Tag"),
    ],
)
def test_says_it_as_one_speaks(language: str, rule: str, words: str) -> None:
    assert recurrence(rule, language) == words


@pytest.mark.parametrize(
    "rule",
    [
        "every week on Caturday",
        "every month on the 2nd last Friday",
        "every month on the 9th Friday",
        "every day on the 5th",
        "every day on Monday",
        "every Monday on the 5th",
        "every January",
        "every January on the last",
        "every day for 3 times",
        "sometimes",
        "",
    ],
)
@pytest.mark.parametrize("language", languages())
def test_other_forms_stay_as_they_are_written(language: str, rule: str) -> None:
    assert recurrence(rule, language) == rule


@pytest.mark.parametrize("language", ["en", "en-GB", "xx", "", "../de"])
def test_the_plugins_words_stand_where_the_language_has_no_others(language: str) -> None:
    assert recurrence("every week on Monday", language) == "every week on Monday"
