"""Times as they are typed on phones: each was once read wrong without a word."""

from __future__ import annotations

import pytest

from tests.language.reading import say

RIGHT = [  # language, said, thing, at, repeat
    ("en", "dentist tmrw 230pm", "dentist", "2026-11-21T14:30", None),
    ("en", "meeting 1230pm", "meeting", "2026-11-20T12:30", None),
    ("en", "at 1900 dinner with kim", "dinner with kim", "2026-11-20T19:00", None),
    ("en", "remind me tomorrow at 0730 to run", "run", "2026-11-21T07:30", None),
    ("en", "8.30 tomorrow haircut", "haircut", "2026-11-21T08:30", None),
    ("en", "call mum sunday arvo", "call mum", "2026-11-22T15:00", None),
    (
        "en",
        "remind me every half hour to stretch",
        "stretch",
        "2026-11-20T10:00",
        "every 30 minutes",
    ),
    ("en", "rent every 15th at 9", "rent", "2026-12-15T09:00", "every month on the 15th"),
    ("de", "in ner stunde wäsche", "wäsche", "2026-11-20T10:30", None),
    ("de", "morgen 8.30 Zahnarzt", "Zahnarzt", "2026-11-21T08:30", None),
    ("de", "morgen halb 8 arzt", "arzt", "2026-11-21T07:30", None),
    ("es", "mañana a las 3 y media dentista", "dentista", "2026-11-21T15:30", None),
    ("fr", "demain 15h30 coiffeur", "coiffeur", "2026-11-21T15:30", None),
    ("it", "domani 8.30 dentista", "dentista", "2026-11-21T08:30", None),
    ("ru", "завтра 8.30 врач", "врач", "2026-11-21T08:30", None),
    ("ru", "через полтора часа выключить духовку", "выключить духовку", "2026-11-20T11:00", None),
    ("uk", "нагадай у п'ятницу ввечері забрати", "забрати", "2026-11-27T19:00", None),
    ("zh", "明早八点半看牙医", "看牙医", "2026-11-21T08:30", None),
]


@pytest.mark.parametrize(("code", "text", "thing", "at", "repeat"), RIGHT)
def test_the_time_is_read(code: str, text: str, thing: str, at: str, repeat: str | None) -> None:
    meaning = say(text, language=code)
    assert (meaning.intent, meaning.args["text"]) == ("reminder.add", thing)
    assert meaning.args["at"].startswith(at)
    assert meaning.args["repeat"] == repeat


@pytest.mark.parametrize(
    ("code", "text", "thing"),
    [
        ("en", "rent due every 1st", "rent"),
        ("en", "every 1st of the month pay rent", "pay rent"),
        ("de", "jeden 1. des Monats Miete", "Miete"),
        ("it", "ogni primo del mese affitto", "affitto"),
    ],
)
def test_a_day_of_every_month(code: str, text: str, thing: str) -> None:
    args = say(text, language=code).args
    assert (args["text"], args["due"]) == (thing, "2026-12-01")
    assert args["repeat"] == "every month on the 1st"


@pytest.mark.parametrize(
    ("code", "text", "thing"),
    [
        ("fr", "tous les 15 du mois payer edf", "payer edf"),
        ("es", "cada 15 del mes pagar luz", "pagar luz"),
        ("ru", "каждое 15 число платить", "платить"),
    ],
)
def test_a_day_number_of_every_month(code: str, text: str, thing: str) -> None:
    args = say(text, language=code).args
    assert (args["text"], args["due"]) == (thing, "2026-12-15")
    assert args["repeat"] == "every month on the 15th"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "remind me from 9 to 5 every hour to stand up"),
        ("en", "remind me every 6 hours to take antibiotics for 5 days"),
        ("en", "remind me every day twice to take pills"),
        ("en", "remind me twice a day to take pills"),
        ("de", "erinnere mich zweimal am tag an tabletten"),
        ("es", "recuérdame dos veces al día la pastilla"),
        ("fr", "rappelle-moi 2 fois par jour les gouttes"),
        ("it", "ricordami due volte al giorno le gocce"),
        ("ru", "напомни два раза в день капли"),
        ("uk", "нагадай двічі на день краплі"),
        ("zh", "每天提醒我两次吃药"),
    ],
)
def test_what_one_reminder_cannot_hold_is_asked_for(code: str, text: str) -> None:
    assert say(text, language=code).intent == "clarify"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("version 2.10 tomorrow", "version 2.10"),
        ("pay 1250 tomorrow", "pay 1250"),
        ("call 5551230 tomorrow", "call 5551230"),
        ("в 1941 началась война", "в 1941 началась война"),
        ("remind me every day to practise for 2 hours", "practise for 2 hours"),
        ("remind me every week to rent a car for 3 days", "rent a car for 3 days"),
        ("remind me every day to read the letter twice", "read the letter twice"),
    ],
)
def test_other_numbers_stay_in_the_words(text: str, thing: str) -> None:
    assert say(text).args["text"] == thing
