"""Clock times: which half of the day, which day, and when it is better to ask."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from octopus.language.understand import Owner, understand
from tests.language.reading import BERLIN, NOW, say


def at(text: str, now: datetime = NOW, language: str = "en") -> str | None:
    """Day and time of the reminder, without its offset."""
    meaning = say(text, now, language)
    found = meaning.args.get("at")
    return None if found is None else found[:16]


TODAY = [  # heard on Friday 20 November 2026 at 09:30
    ("at 5 go home", "2026-11-20T17:00"),
    ("at 10 go home", "2026-11-20T10:00"),
    ("at 11 go home", "2026-11-20T11:00"),
    ("at 12 go home", "2026-11-20T12:00"),
    ("at 1 go home", "2026-11-20T13:00"),
    ("at 6 go home", "2026-11-20T18:00"),
    ("at 17 go home", "2026-11-20T17:00"),
    ("at 5pm go home", "2026-11-20T17:00"),
    ("at 5 pm go home", "2026-11-20T17:00"),
    ("at 5 p.m. go home", "2026-11-20T17:00"),
    ("at 5am go home", "2026-11-21T05:00"),
    ("at 12am go home", "2026-11-21T00:00"),
    ("at 12pm go home", "2026-11-20T12:00"),
    ("at 12:30 am go home", "2026-11-21T00:30"),
    ("at 9:29 go home", "2026-11-21T09:29"),
    ("at 9:31 go home", "2026-11-20T09:31"),
    ("at 4:30 go home", "2026-11-20T16:30"),
    ("at 04:30 go home", "2026-11-21T04:30"),
    ("at 18:05 go home", "2026-11-20T18:05"),
    ("at half past five go home", "2026-11-20T17:30"),
    ("at half five go home", "2026-11-20T17:30"),
    ("at quarter to five go home", "2026-11-20T16:45"),
    ("at a quarter past five go home", "2026-11-20T17:15"),
    ("at ten to five go home", "2026-11-20T16:50"),
    ("at twenty past five go home", "2026-11-20T17:20"),
    ("at 5 o'clock go home", "2026-11-20T17:00"),
    ("at ten fifteen go home", "2026-11-20T10:15"),
    ("at noon go home", "2026-11-20T12:00"),
    ("at midnight go home", "2026-11-21T00:00"),
    ("tonight go home", "2026-11-20T19:00"),
    ("this evening go home", "2026-11-20T19:00"),
    ("this afternoon go home", "2026-11-20T15:00"),
    ("tonight at 11 go home", "2026-11-20T23:00"),
    ("tonight at 1 go home", "2026-11-21T01:00"),
    ("tonight at 12 go home", "2026-11-21T00:00"),
    ("tonight at 8:15 go home", "2026-11-20T20:15"),
    ("in the morning go home", "2026-11-21T09:00"),
    ("tomorrow morning go home", "2026-11-21T09:00"),
    ("tomorrow morning at 7 go home", "2026-11-21T07:00"),
    ("tomorrow at 7 go home", "2026-11-21T07:00"),
    ("tomorrow at 3 go home", "2026-11-21T15:00"),
    ("tomorrow evening at 7 go home", "2026-11-21T19:00"),
    ("tomorrow afternoon go home", "2026-11-21T15:00"),
    ("monday night go home", "2026-11-23T19:00"),
    ("at 7 in the evening go home", "2026-11-20T19:00"),
    ("at 8 in the morning go home", "2026-11-21T08:00"),
    ("in 90 minutes go home", "2026-11-20T11:00"),
    ("in half an hour go home", "2026-11-20T10:00"),
    ("in an hour go home", "2026-11-20T10:30"),
    ("in a quarter of an hour go home", "2026-11-20T09:45"),
    ("in 2.5 hours go home", "2026-11-20T12:00"),
    ("in two and a half hours go home", "2026-11-20T12:00"),
    ("in 1 hour and 20 minutes go home", "2026-11-20T10:50"),
]


@pytest.mark.parametrize(("text", "expected"), TODAY)
def test_english(text: str, expected: str) -> None:
    assert at(text) == expected


SPOKEN = [
    ("de", "um halb neun abends Tür zumachen", "2026-11-20T20:30"),
    ("de", "morgen um halb neun Tür zumachen", "2026-11-21T08:30"),
    ("de", "morgen um viertel nach neun Tür zumachen", "2026-11-21T09:15"),
    ("de", "morgen um viertel vor neun Tür zumachen", "2026-11-21T08:45"),
    ("de", "morgen um dreiviertel neun Tür zumachen", "2026-11-21T08:45"),
    ("de", "morgen um zehn nach neun Tür zumachen", "2026-11-21T09:10"),
    ("de", "morgen um fünf vor halb neun Tür zumachen", "2026-11-21T08:25"),
    ("de", "morgen um 8 Uhr 30 Tür zumachen", "2026-11-21T08:30"),
    ("de", "morgen um 18.45 Uhr Tür zumachen", "2026-11-21T18:45"),
    ("de", "morgen um acht Uhr abends Tür zumachen", "2026-11-21T20:00"),
    ("de", "in anderthalb Stunden Tür zumachen", "2026-11-20T11:00"),
    ("ru", "завтра в полдевятого закрыть дверь", "2026-11-21T08:30"),
    ("ru", "завтра в половине девятого закрыть дверь", "2026-11-21T08:30"),
    ("ru", "завтра в девять вечера закрыть дверь", "2026-11-21T21:00"),
    ("ru", "завтра в 3 часа дня закрыть дверь", "2026-11-21T15:00"),
    ("ru", "завтра без десяти восемь закрыть дверь", "2026-11-21T07:50"),
    ("ru", "завтра в 8 часов 30 минут закрыть дверь", "2026-11-21T08:30"),
    ("ru", "через час и 15 минут закрыть дверь", "2026-11-20T10:45"),
    ("ru", "через час пятнадцать закрыть дверь", "2026-11-20T10:45"),
    ("uk", "через годину і 15 хвилин зачинити двері", "2026-11-20T10:45"),
    ("ru", "через полтора часа закрыть дверь", "2026-11-20T11:00"),
    ("ru", "через два с половиной часа закрыть дверь", "2026-11-20T12:00"),
    ("uk", "завтра о пів на дев'яту зачинити двері", "2026-11-21T08:30"),
    ("uk", "завтра о дев'ятій вечора зачинити двері", "2026-11-21T21:00"),
    ("uk", "завтра о 3 годині дня зачинити двері", "2026-11-21T15:00"),
    ("uk", "через півтори години зачинити двері", "2026-11-20T11:00"),
    ("es", "mañana a las ocho y media cerrar la puerta", "2026-11-21T08:30"),
    ("es", "mañana a las nueve menos cuarto cerrar la puerta", "2026-11-21T08:45"),
    ("es", "mañana a las nueve y cuarto cerrar la puerta", "2026-11-21T09:15"),
    ("es", "mañana a las 8 de la tarde cerrar la puerta", "2026-11-21T20:00"),
    ("es", "mañana a la una cerrar la puerta", "2026-11-21T13:00"),
    ("es", "en hora y media cerrar la puerta", "2026-11-20T11:00"),
    ("fr", "demain à huit heures et demie fermer la porte", "2026-11-21T08:30"),
    ("fr", "demain à neuf heures moins le quart fermer la porte", "2026-11-21T08:45"),
    ("fr", "demain à 8h fermer la porte", "2026-11-21T08:00"),
    ("fr", "demain à 8 heures 30 fermer la porte", "2026-11-21T08:30"),
    ("fr", "demain à 18h45 fermer la porte", "2026-11-21T18:45"),
    ("fr", "demain à 8 heures du soir fermer la porte", "2026-11-21T20:00"),
    ("fr", "demain à midi fermer la porte", "2026-11-21T12:00"),
    ("fr", "dans une heure et demie fermer la porte", "2026-11-20T11:00"),
    ("it", "domani alle otto e mezza chiudere la porta", "2026-11-21T08:30"),
    ("it", "domani alle nove meno un quarto chiudere la porta", "2026-11-21T08:45"),
    ("it", "domani alle nove e un quarto chiudere la porta", "2026-11-21T09:15"),
    ("it", "domani alle otto di sera chiudere la porta", "2026-11-21T20:00"),
    ("it", "domani a mezzogiorno chiudere la porta", "2026-11-21T12:00"),
    ("it", "tra un'ora e mezza chiudere la porta", "2026-11-20T11:00"),
    ("pt", "amanhã às oito e meia fechar a porta", "2026-11-21T08:30"),
    ("pt", "amanhã às nove e um quarto fechar a porta", "2026-11-21T09:15"),
    ("pt", "amanhã às 8 da noite fechar a porta", "2026-11-21T20:00"),
    ("pt", "amanhã às 18h45 fechar a porta", "2026-11-21T18:45"),
    ("pt", "amanhã ao meio-dia fechar a porta", "2026-11-21T12:00"),
    ("pt", "daqui a uma hora e meia fechar a porta", "2026-11-20T11:00"),
    ("zh", "明天八点半关门", "2026-11-21T08:30"),
    ("zh", "明天晚上八点关门", "2026-11-21T20:00"),
    ("zh", "明天下午三点一刻关门", "2026-11-21T15:15"),
    ("zh", "明天上午十点二十分关门", "2026-11-21T10:20"),
    ("zh", "明天中午关门", "2026-11-21T12:00"),
    ("zh", "明天下午3:45关门", "2026-11-21T15:45"),
    ("zh", "一个半小时后关门", "2026-11-20T11:00"),
    ("zh", "二十五分钟后关门", "2026-11-20T09:55"),
]


@pytest.mark.parametrize(("language", "text", "expected"), SPOKEN)
def test_as_it_is_spoken(language: str, text: str, expected: str) -> None:
    assert at(text, language=language) == expected


@pytest.mark.parametrize("text", ["at 8 water the plants", "at 9 water the plants", "at 7 jump"])
def test_two_likely_readings_are_asked_about(text: str) -> None:
    meaning = say(text)
    assert meaning.intent == "clarify"
    hour = int(text.split()[1])
    moments = [option.args["at"][:16] for option in meaning.options]
    assert moments == [f"2026-11-20T{hour + 12}:00", f"2026-11-21T{hour:02}:00"]
    assert {option.intent for option in meaning.options} == {"reminder.add"}


NIGHT = datetime(2026, 11, 20, 0, 40, tzinfo=BERLIN)
EVENING = datetime(2026, 11, 20, 21, 10, tzinfo=BERLIN)


def test_in_the_morning_after_midnight_is_this_morning() -> None:
    assert at("in the morning call Ann", NIGHT) == "2026-11-20T09:00"
    assert at("at 8 call Ann", NIGHT) == "2026-11-20T08:00"


def test_late_in_the_evening_a_bare_hour_is_tomorrow() -> None:
    assert at("at 8 call Ann", EVENING) == "2026-11-21T08:00"
    assert at("at 3 call Ann", EVENING) == "2026-11-21T15:00"
    assert at("tonight call Ann", EVENING) == "2026-11-20T22:00"


def test_the_parts_of_the_day_are_the_owners() -> None:
    owner = Owner(zone=BERLIN, morning=time(6, 30), evening=time(21))
    said = {
        "tomorrow morning call Ann": "2026-11-21T06:30:00+01:00",
        "tonight call Ann": "2026-11-20T21:00:00+01:00",
        "remind me tomorrow to call Ann": "2026-11-21T06:30:00+01:00",
    }
    for text, expected in said.items():
        assert understand(text, now=NOW, owner=owner).args["at"] == expected


CHANGES = [  # in Berlin the clocks went forward on 28 March 2027, back on 31 October 2027
    (
        datetime(2027, 3, 27, 12, tzinfo=BERLIN),
        "remind me tomorrow at 2:30 am to x",
        "03:30:00+02:00",
    ),
    (datetime(2027, 3, 27, 12, tzinfo=BERLIN), "remind me tomorrow at 9 to x", "09:00:00+02:00"),
    (datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN), "in 1 hour do x", "03:30:00+02:00"),
    (datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN), "in 90 minutes do x", "04:00:00+02:00"),
    (
        datetime(2027, 10, 30, 12, tzinfo=BERLIN),
        "remind me tomorrow at 2:30 am to x",
        "02:30:00+02:00",
    ),
    (datetime(2027, 10, 30, 12, tzinfo=BERLIN), "remind me tomorrow at 9 to x", "09:00:00+01:00"),
    (datetime(2027, 10, 31, 1, 30, tzinfo=BERLIN), "in 2 hours do x", "02:30:00+01:00"),
    (datetime(2027, 10, 31, 1, 30, tzinfo=BERLIN), "in 3 hours do x", "03:30:00+01:00"),
]


@pytest.mark.parametrize(("now", "text", "expected"), CHANGES)
def test_when_the_clocks_change(now: datetime, text: str, expected: str) -> None:
    assert say(text, now).args["at"][11:] == expected


NO_TIME = [
    "buy 3 packs of AA batteries",
    "order 10 eggs",
    "call 555-1234",
    "read chapter 5",
    "install version 2.4 on the laptop",
    "upgrade to 3.11",
    "book a table for 4",
    "buy 2 tickets for the 8pm show",
    "send 20 % to Ann",
    "mix 1/2 cup of sugar with milk",
    "check the ratio 3:2",
    "pay 12.50 to the baker",
    "add 1,5 l of water",
    "drive 120 km to Bremen",
    "water the morning glories",
    "walk to the march hare",
    "buy the may queen a crown",
]


@pytest.mark.parametrize("text", NO_TIME)
def test_numbers_that_are_no_time(text: str) -> None:
    meaning = say(text)
    assert meaning.intent == "todo.add"
    assert meaning.args["text"] == text
    assert meaning.args["due"] is None
    assert meaning.args["at"] is None


MINUTES = [  # a Friday
    ("fr", "rappelle-moi à midi et demi de manger", "2026-11-20T12:30", "manger"),
    ("fr", "rdv mardi à midi et quart", "2026-11-24T12:15", "rdv"),
    ("fr", "rdv mardi à midi moins le quart", "2026-11-24T11:45", "rdv"),
    ("fr", "rdv mardi à minuit et demi", "2026-11-25T00:30", "rdv"),
    ("it", "martedì a mezzogiorno e mezza dentista", "2026-11-24T12:30", "dentista"),
    ("es", "el martes a mediodía y media dentista", "2026-11-24T12:30", "dentista"),
    ("pt", "terça ao meio-dia e meia dentista", "2026-11-24T12:30", "dentista"),
    ("it", "mercoledì alle 18 e 30 palestra", "2026-11-25T18:30", "palestra"),
    ("it", "mercoledì alle 9 e 15 dentista", "2026-11-25T09:15", "dentista"),
    ("es", "el miércoles a las 9 y 15 dentista", "2026-11-25T09:15", "dentista"),
    ("pt", "quarta às 9 e 15 dentista", "2026-11-25T09:15", "dentista"),
    ("pt", "quarta às 18 e 30 dentista", "2026-11-25T18:30", "dentista"),
    ("it", "mercoledì alle 9 e 20 minuti dentista", "2026-11-25T09:20", "dentista"),
    ("uk", "завтра о шостій тридцять встати", "2026-11-21T06:30", "встати"),
    ("uk", "завтра о дев'ятій п'ятнадцять стоматолог", "2026-11-21T09:15", "стоматолог"),
    ("uk", "розбуди мене завтра о шостій тридцять", "2026-11-21T06:30", None),
]


@pytest.mark.parametrize(("language", "text", "expected", "rest"), MINUTES)
def test_minutes_behind_the_hour_belong_to_it(
    language: str, text: str, expected: str, rest: str | None
) -> None:
    meaning = say(text, language=language)
    assert str(meaning.args["at"])[:16] == expected
    assert rest is None or meaning.args["text"] == rest


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "rdv mardi le soir et demi"),
        ("en", "on tuesday at 9 and 30 eggs"),
        ("it", "martedì alle 9 e 12 uova"),
        ("es", "el martes a las 9 y 70 huevos"),
        ("it", "martedì alle 9 e 30 euro"),
    ],
)
def test_what_is_no_minute_is_not_added(language: str, text: str) -> None:
    at = str(say(text, language=language).args.get("at"))
    assert at[14:16] in {"00", ""}
