"""Amounts of time that no calendar holds: a sentence in the owner's language, and the text kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.language.lexicon import languages, load
from octopus.language.scan import Scan
from octopus.language.token import Text
from tests.language.reading import NOW, say

#: What to do, and "remind me ... to do it" with a place for the time, in every language.
ASKED = {
    "en": ("feed the parrot", "remind me {} to feed the parrot"),
    "de": ("den Papagei füttern", "erinnere mich {} daran den Papagei füttern"),
    "es": ("dar de comer al loro", "recuérdame {} dar de comer al loro"),
    "fr": ("nourrir le perroquet", "rappelle-moi {} de nourrir le perroquet"),
    "it": ("nutrire il pappagallo", "ricordami {} di nutrire il pappagallo"),
    "pt": ("alimentar o papagaio", "lembra-me {} de alimentar o papagaio"),
    "ru": ("покормить попугая", "напомни {} покормить попугая"),
    "uk": ("погодувати папугу", "нагадай {} погодувати папугу"),
    "zh": ("喂鹦鹉", "{}提醒我喂鹦鹉"),
}
#: "every n years", "in n days", "every n days", "in n minutes".
AMOUNTS = {
    "en": ("every {} years", "in {} days", "every {} days", "in {} minutes"),
    "de": ("alle {} Jahre", "in {} Tagen", "alle {} Tage", "in {} Minuten"),
    "es": ("cada {} años", "dentro de {} días", "cada {} días", "en {} minutos"),
    "fr": ("tous les {} ans", "dans {} jours", "tous les {} jours", "dans {} minutes"),
    "it": ("ogni {} anni", "tra {} giorni", "ogni {} giorni", "tra {} minuti"),
    "pt": ("a cada {} anos", "daqui a {} dias", "a cada {} dias", "em {} minutos"),
    "ru": ("каждые {} лет", "через {} дней", "каждые {} дней", "через {} минут"),
    "uk": ("кожні {} років", "через {} днів", "кожні {} днів", "через {} хвилин"),
    "zh": ("每{}年", "{}天后", "每{}天", "{}分钟后"),
}
NO_DAY = {
    "en": ("on 31 June", "on 5.5.10000", "at 25:61"),
    "de": ("am 31. Juni", "am 5.5.10000", "um 25:61"),
    "es": ("el 31 de junio", "el 5.5.10000", "a las 25:61"),
    "fr": ("le 31 juin", "le 5.5.10000", "à 25:61"),
    "it": ("il 31 giugno", "il 5.5.10000", "alle 25:61"),
    "pt": ("no dia 31 de junho", "em 5.5.10000", "às 25:61"),
    "ru": ("31 июня", "5.5.10000", "в 25:61"),
    "uk": ("31 червня", "5.5.10000", "о 25:61"),
    "zh": ("6月31日", "10000年5月5日", "25:61"),
}
WHENS = [
    (code, when)
    for code, (years, in_days, every_days, in_minutes) in AMOUNTS.items()
    for when in (
        years.format("99999999999999"),
        in_days.format("9999999999"),
        in_minutes.format("9" * 60),
        every_days.format("-1"),
        in_minutes.format("-5"),
        every_days.format("0"),
        *NO_DAY[code],
    )
]


def test_every_language_is_asked() -> None:
    assert set(ASKED) == set(AMOUNTS) == set(NO_DAY) == set(languages())


@pytest.mark.parametrize(("code", "when"), WHENS)
def test_no_such_time_is_said_and_the_text_is_kept(code: str, when: str) -> None:
    thing, command = ASKED[code]
    message = command.format(when)
    meaning = say(message, language=code)
    assert (meaning.intent, meaning.language) == ("clarify", code)
    assert meaning.question == load(code).data["lines"]["no_such_day"]
    kept = [option.args["text"] for option in meaning.options]
    assert message in kept
    assert all(thing in text for text in kept)
    assert not any(option.args.get("at") for option in meaning.options)


@pytest.mark.parametrize(
    ("message", "minutes"),
    [
        ("remind me in 5 minutes to stir", 5),
        ("remind me in - 5 minutes to stir", 5),  # a dash is no minus
        ("remind me tomorrow-5 minutes is enough", None),
    ],
)
def test_a_dash_is_no_minus(message: str, minutes: int | None) -> None:
    found = say(message).args.get("at")
    if minutes is None:
        assert not str(found).startswith((NOW + timedelta(minutes=5)).isoformat()[:16])
    else:
        assert found in (None, (NOW + timedelta(minutes=minutes)).isoformat())


@given(st.sampled_from(sorted(AMOUNTS)), st.integers(-(10**40), 10**40), st.integers(0, 3))
def test_no_amount_raises_and_nothing_is_armed_in_the_past(code: str, number: int, n: int) -> None:
    meaning = say(ASKED[code][1].format(AMOUNTS[code][n].format(number)), language=code)
    at = meaning.args.get("at")
    assert at is None or at >= NOW.isoformat()
    if number < 0:
        assert meaning.question


def test_a_long_number_is_one_number() -> None:
    scan = Scan(Text("9" * 5000), load("en"))
    assert [edge.kind for edge in scan.edges[0]] == ["number"]
