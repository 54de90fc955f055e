"""Two days of every month: no single recurrence says that, so it is asked which."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from tests.language.reading import say

SAID = {
    "en": [
        "gym every 1st and 15th",
        "every 1st and 15th gym",
        "gym every month on the 1st and 15th",
    ],
    "de": ["Sport jeden 1. und 15.", "am 1. und 15. jedes Monats Sport"],
    "es": ["gimnasio cada 1 y 15", "gimnasio cada día 1 y 15 del mes"],
    "fr": ["sport chaque 1er et 15", "sport le 1er et le 15 de chaque mois"],
    "it": ["palestra ogni 1 e 15 del mese", "palestra il 1 e il 15 di ogni mese"],
    "pt": ["academia todo dia 1 e 15", "academia todo dia 1 e dia 15"],
    "ru": ["зал каждое 1 и 15 число", "зал каждого 1-го и 15-го числа"],
    "uk": ["зал кожного 1 і 15 числа"],
    "zh": ["每月1号和15号健身", "每月1日和15日健身"],
}


@pytest.mark.parametrize("language", languages())
def test_it_asks_which_in_place_of_a_plain_note(language: str) -> None:
    for said in SAID[language]:
        meaning = say(said, language=language)
        assert (meaning.intent, bool(meaning.question)) == ("clarify", True), said
        first, second, once = meaning.options
        found = [(each.args["due"], each.args["repeat"]) for each in (first, second)]
        assert found == [
            ("2026-12-01", "every month on the 1st"),
            ("2026-12-15", "every month on the 15th"),
        ], said
        assert (once.args["due"], once.args["repeat"]) == (None, None)
        texts = {each.args["text"] for each in meaning.options}
        assert len(texts) == 1
        (text,) = texts
        assert text in said
        assert not any(char.isdigit() for char in text)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("every 1st and 15th pay", "pay"),
        ("remind me every 1st and 15th to pay", "pay"),
        ("todo: pay rent every 1st and 15th, urgent", "pay rent"),
    ],
)
def test_what_is_to_be_done_has_none_of_the_words_for_it(said: str, text: str) -> None:
    options = say(said).options
    assert [option.args["text"] for option in options] == [text] * 3


def test_how_urgent_it_is_and_when_stays() -> None:
    urgent = say("todo: pay rent every 1st and 15th, urgent").options
    assert {option.args["priority"] for option in urgent} == {"high"}
    timed = say("every 1st and 15th at 9 pay the nanny").options[0].args
    assert timed["at"] == "2026-12-01T09:00:00+01:00" or "at 9" in timed["text"]


@pytest.mark.parametrize(
    "said",
    [
        "every Monday and Thursday gym",
        "gym every 15th",
        "every 2 and 3 hours drink",
        "meet Ann on the 1st",
        "every 1st and 32nd pay",
        "every 1st and third Monday bins",
    ],
)
def test_other_days_are_read_as_before(said: str) -> None:
    assert "two days of every month" not in " ".join(say(said).why)
