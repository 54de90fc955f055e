"""Days and times that two pieces name together, in nine languages, counted by hand."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.language.reading import BERLIN, say

FIFTH, TUESDAY = "2026-12-05T09:00:00+01:00", "2026-11-24T09:00:00+01:00"
A_WEEK, LATE = "2026-11-27T09:00:00+01:00", "2026-11-20T23:00:00+01:00"
MAY = "2027-05-05T09:00:00+02:00"

RIGHT = [
    ("remind me next month on the 5th to pay", "pay", FIFTH),
    ("remind me on the 5th of next month to pay", "pay", FIFTH),
    ("erinnere mich nächsten Monat am 5. an die Miete", "Miete", FIFTH),
    ("erinnere mich am 5. nächsten Monats an die Miete", "Miete", FIFTH),
    ("提醒我下个月5号交房租", "交房租", FIFTH),
    ("rappelle-moi le mois prochain le 5 de payer", "payer", FIFTH),
    ("recuérdame el mes que viene el día 5 pagar", "pagar", FIFTH),
    ("ricordami il mese prossimo il 5 di pagare", "pagare", FIFTH),
    ("me lembra mês que vem dia 5 de pagar", "pagar", FIFTH),
    ("напомни в следующем месяце 5 числа заплатить", "заплатить", FIFTH),
    ("нагадай наступного місяця 5 числа заплатити", "заплатити", FIFTH),
    ("remind me next year on may 5 to pay", "pay", MAY),
    ("remind me on may 5 next year to pay", "pay", MAY),
    ("remind me next week on Tuesday at 9 to call", "call", TUESDAY),
    ("remind me tuesday next week at 9 to call", "call", TUESDAY),
    ("提醒我下下周一开会", "开会", "2026-11-30T09:00:00+01:00"),
    ("remind me Friday week to pay", "pay", "2026-12-04T09:00:00+01:00"),
    ("remind me a week on Friday at 9 to pay", "pay", "2026-12-04T09:00:00+01:00"),
    ("remind me Tuesday fortnight to pay", "pay", "2026-12-08T09:00:00+01:00"),
    ("remind me a fortnight on Tuesday to pay", "pay", "2026-12-08T09:00:00+01:00"),
    ("remind me today week at 9 to pay", "pay", A_WEEK),
    (
        "remind me at 9 tomorrow to second the motion",
        "second the motion",
        "2026-11-21T09:00:00+01:00",
    ),
    ("remind me at 3pm to two more people", "two more people", "2026-11-20T15:00:00+01:00"),
    ("remind me a week from Friday to pay", "pay", "2026-12-04T09:00:00+01:00"),
    ("remind me two weeks from tomorrow at 9 to pay", "pay", FIFTH),
    ("remind me in two weeks on friday to pay", "pay", "2026-12-04T09:00:00+01:00"),
    ("erinnere mich heute in einer Woche an Miete", "Miete", A_WEEK),
    ("erinnere mich morgen in einer Woche an Miete", "Miete", "2026-11-28T09:00:00+01:00"),
    ("erinnere mich heute in acht Tagen an Miete", "Miete", A_WEEK),
    ("rappelle-moi mardi en huit de payer", "payer", "2026-12-01T09:00:00+01:00"),
    ("ricordami oggi a otto di pagare", "pagare", A_WEEK),
    ("remind me the first monday of next month to pay", "pay", "2026-12-07T09:00:00+01:00"),
    ("remind me half an hour before midnight to rest", "rest", "2026-11-20T23:30:00+01:00"),
    ("remind me an hour before noon to rest", "rest", "2026-11-20T11:00:00+01:00"),
    ("rappelle-moi une heure avant minuit de dormir", "dormir", LATE),
    ("erinnere mich eine Stunde vor Mitternacht ans Bett", "Bett", LATE),
    ("нагадай за годину до опівночі спати", "спати", LATE),
    ("напомни за час до полуночи спать", "спать", LATE),
    ("提醒我午夜前半小时睡觉", "睡觉", "2026-11-20T23:30:00+01:00"),
    ("recuérdame una hora antes de medianoche dormir", "dormir", LATE),
    ("ricordami un'ora prima di mezzanotte di dormire", "dormire", LATE),
    ("me lembra uma hora antes da meia-noite de dormir", "dormir", LATE),
    ("提醒我明年5月5日报税", "报税", MAY),
    ("erinnere mich nächstes Jahr am 5. Mai an Steuer", "Steuer", MAY),
    ("rappelle-moi l'année prochaine le 5 mai les impôts", "les impôts", MAY),
    ("recuérdame el próximo año el 5 de mayo los impuestos", "los impuestos", MAY),
    ("ricordami l'anno prossimo il 5 maggio le tasse", "le tasse", MAY),
    ("me lembra ano que vem no dia 5 de maio dos impostos", "dos impostos", MAY),
    ("напомни в следующем году 5 мая заплатить", "заплатить", MAY),
    ("нагадай наступного року 5 травня заплатити", "заплатити", MAY),
    ("erinnere mich nächste Woche am Dienstag um 9 an Anruf", "Anruf", TUESDAY),
    ("rappelle-moi la semaine prochaine mardi à 9h d'appeler", "appeler", TUESDAY),
    ("recuérdame la semana que viene el martes a las 9 llamar", "llamar", TUESDAY),
    ("ricordami la settimana prossima martedì alle 9 di chiamare", "chiamare", TUESDAY),
    ("me lembra semana que vem na terça às 9 de ligar", "ligar", TUESDAY),
    ("напомни на следующей неделе во вторник в 9 позвонить", "позвонить", TUESDAY),
    ("нагадай наступного тижня у вівторок о 9 подзвонити", "подзвонити", TUESDAY),
    ("提醒我下周二9点打电话", "打电话", TUESDAY),
    ("напомни через неделю в пятницу заплатить", "заплатить", A_WEEK),
    ("нагадай через тиждень у п'ятницю заплатити", "заплатити", A_WEEK),
    ("remind me at 5/6/27 to pay", "pay", "2027-06-05T09:00:00+02:00"),
    ("remind me at 5/6 to pay taxes", "pay taxes", "2027-06-05T09:00:00+02:00"),
]


@pytest.mark.parametrize(("text", "what", "at"), RIGHT)
def test_a_day_or_time_that_two_pieces_name(text: str, what: str, at: str) -> None:
    meaning = say(text)
    assert meaning.intent == "reminder.add"
    assert (meaning.args["text"], meaning.args["at"]) == (what, at)


@pytest.mark.parametrize(
    "text",
    [
        "rappelle-moi tous les quinze jours de payer",
        "recuérdame cada quince días pagar",
        "ricordami ogni quindici giorni di pagare",
        "me lembra a cada quinze dias de pagar",
    ],
)
def test_fifteen_days_are_two_weeks_where_both_ends_are_counted(text: str) -> None:
    assert say(text).args["repeat"] == "every 2 weeks"


def test_fifteen_days_are_fifteen_in_english_and_in_figures() -> None:
    assert say("rappelle-moi tous les 15 jours de payer").args["repeat"] == "every 15 days"
    assert say("remind me every 15 days to pay").args["repeat"] == "every 15 days"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("remind me Friday in two weeks at 10 to pay", ["2026-12-04", "2026-12-11"]),
        ("erinnere mich Freitag in einer Woche um 10 an Miete", ["2026-11-27", "2026-12-04"]),
    ],
)
def test_both_days_are_offered_where_either_may_be_meant(text: str, days: list[str]) -> None:
    meaning = say(text)
    assert meaning.intent == "clarify"
    found = [str(option.args["at"]) for option in meaning.options]
    assert found == [f"{day}T10:00:00+01:00" for day in days]


def test_a_weekday_of_a_later_week_is_sure_where_both_ways_of_counting_agree() -> None:
    monday = datetime(2026, 11, 16, 9, 30, tzinfo=BERLIN)
    meaning = say("remind me Friday in two weeks to pay", monday)
    assert meaning.args["at"] == "2026-12-04T09:00:00+01:00"


def test_a_day_that_the_next_month_does_not_have_is_asked_about() -> None:
    january = datetime(2027, 1, 10, 9, 30, tzinfo=BERLIN)
    assert say("remind me next month on the 30th to pay", january).intent == "clarify"


def test_a_span_that_lasts_is_no_distance() -> None:
    assert say("remind me to book a room for two weeks from friday").intent == "clarify"


def test_a_weekly_reminder_begins_on_its_weekday_and_not_on_the_day_before_it() -> None:
    meaning = say("remind me every monday from december 1st to train")
    assert meaning.args["at"] == "2026-12-07T09:00:00+01:00"
