"""Recurrences in the words of the Tasks plugin, and the first day on which they fall."""

from __future__ import annotations

from datetime import date

import pytest

from octopus.language.repeat import Repeat, next_such
from tests.language.reading import say

SAID = [
    ("en", "jump every day", "every day", "2026-11-20"),
    ("en", "jump daily", "every day", "2026-11-20"),
    ("en", "jump every 3 days", "every 3 days", "2026-11-20"),
    ("en", "jump every other day", "every 2 days", "2026-11-20"),
    ("en", "jump every week", "every week", "2026-11-20"),
    ("en", "jump weekly", "every week", "2026-11-20"),
    ("en", "jump every 2 weeks", "every 2 weeks", "2026-11-20"),
    ("en", "jump every two weeks", "every 2 weeks", "2026-11-20"),
    ("en", "jump every weekday", "every weekday", "2026-11-20"),
    ("en", "jump on weekdays", "every weekday", "2026-11-20"),
    ("en", "jump every Monday", "every week on Monday", "2026-11-23"),
    ("en", "jump on Mondays", "every week on Monday", "2026-11-23"),
    ("en", "jump every Friday", "every week on Friday", "2026-11-27"),
    ("en", "jump every mon, wed and fri", "every week on Monday, Wednesday, Friday", "2026-11-23"),
    ("en", "jump every Tuesday and Thursday", "every week on Tuesday, Thursday", "2026-11-24"),
    ("en", "jump every other Tuesday", "every 2 weeks on Tuesday", "2026-11-24"),
    ("en", "jump every second Tuesday", "every 2 weeks on Tuesday", "2026-11-24"),
    ("en", "jump every month", "every month", "2026-11-20"),
    ("en", "jump monthly on the 3rd", "every month on the 3rd", "2026-12-03"),
    ("en", "jump every month on the 31st", "every month on the 31st", "2026-12-31"),
    ("en", "jump on the 15th of every month", "every month on the 15th", "2026-12-15"),
    ("en", "jump on the first of every month", "every month on the 1st", "2026-12-01"),
    ("en", "jump on the last day of every month", "every month on the last", "2026-11-30"),
    (
        "en",
        "jump on the first Monday of every month",
        "every month on the 1st Monday",
        "2026-12-07",
    ),
    ("en", "jump every last Friday of the month", "every month on the last Friday", "2026-11-27"),
    ("en", "jump every 6 months", "every 6 months", "2026-11-20"),
    ("en", "jump every year", "every year", "2026-11-20"),
    ("en", "jump yearly", "every year", "2026-11-20"),
    ("en", "jump every April 15", "every April on the 15th", "2027-04-15"),
    ("en", "jump every 1 May", "every May on the 1st", "2027-05-01"),
    ("en", "jump every weekend", "every week on Saturday", "2026-11-21"),
    ("en", "jump every 10 days when done", "every 10 days when done", "2026-11-20"),
    ("de", "jeden Tag gießen", "every day", "2026-11-20"),
    ("de", "täglich gießen", "every day", "2026-11-20"),
    ("de", "alle drei Tage gießen", "every 3 days", "2026-11-20"),
    ("de", "jeden Montag gießen", "every week on Monday", "2026-11-23"),
    ("de", "montags gießen", "every week on Monday", "2026-11-23"),
    ("de", "montags und donnerstags gießen", "every week on Monday, Thursday", "2026-11-23"),
    ("de", "jeden zweiten Dienstag gießen", "every 2 weeks on Tuesday", "2026-11-24"),
    ("de", "werktags gießen", "every weekday", "2026-11-20"),
    ("de", "am ersten jeden Monats gießen", "every month on the 1st", "2026-12-01"),
    ("de", "jeden ersten Montag im Monat gießen", "every month on the 1st Monday", "2026-12-07"),
    ("de", "am letzten Tag jeden Monats gießen", "every month on the last", "2026-11-30"),
    ("de", "jährlich gießen", "every year", "2026-11-20"),
    ("ru", "каждый день поливать", "every day", "2026-11-20"),
    ("ru", "ежедневно поливать", "every day", "2026-11-20"),
    ("ru", "каждые три дня поливать", "every 3 days", "2026-11-20"),
    ("ru", "каждый понедельник поливать", "every week on Monday", "2026-11-23"),
    ("ru", "по понедельникам поливать", "every week on Monday", "2026-11-23"),
    ("ru", "по будням поливать", "every weekday", "2026-11-20"),
    ("ru", "каждую вторую среду поливать", "every 2 weeks on Wednesday", "2026-11-25"),
    ("ru", "в последний день каждого месяца поливать", "every month on the last", "2026-11-30"),
    ("ru", "каждый год поливать", "every year", "2026-11-20"),
    ("uk", "щодня поливати", "every day", "2026-11-20"),
    ("uk", "кожні три дні поливати", "every 3 days", "2026-11-20"),
    ("uk", "щопонеділка поливати", "every week on Monday", "2026-11-23"),
    ("uk", "по буднях поливати", "every weekday", "2026-11-20"),
    ("uk", "щомісяця поливати", "every month", "2026-11-20"),
    ("es", "todos los días regar", "every day", "2026-11-20"),
    ("es", "cada tres días regar", "every 3 days", "2026-11-20"),
    ("es", "los lunes regar las plantas", "every week on Monday", "2026-11-23"),
    ("es", "cada lunes y jueves regar", "every week on Monday, Thursday", "2026-11-23"),
    ("es", "entre semana regar las plantas", "every weekday", "2026-11-20"),
    ("es", "el último día de cada mes regar", "every month on the last", "2026-11-30"),
    ("es", "cada año regar las plantas", "every year", "2026-11-20"),
    ("fr", "tous les jours arroser", "every day", "2026-11-20"),
    ("fr", "tous les trois jours arroser", "every 3 days", "2026-11-20"),
    ("fr", "chaque lundi arroser", "every week on Monday", "2026-11-23"),
    ("fr", "tous les lundis arroser", "every week on Monday", "2026-11-23"),
    ("fr", "un mardi sur deux arroser", "every 2 weeks on Tuesday", "2026-11-24"),
    ("fr", "le dernier jour de chaque mois arroser", "every month on the last", "2026-11-30"),
    ("fr", "chaque année arroser", "every year", "2026-11-20"),
    ("it", "ogni giorno annaffiare", "every day", "2026-11-20"),
    ("it", "ogni tre giorni annaffiare", "every 3 days", "2026-11-20"),
    ("it", "ogni lunedì annaffiare", "every week on Monday", "2026-11-23"),
    ("it", "nei giorni feriali annaffiare", "every weekday", "2026-11-20"),
    ("it", "l'ultimo giorno di ogni mese annaffiare", "every month on the last", "2026-11-30"),
    ("it", "ogni anno annaffiare", "every year", "2026-11-20"),
    ("pt", "todos os dias regar", "every day", "2026-11-20"),
    ("pt", "a cada três dias regar", "every 3 days", "2026-11-20"),
    ("pt", "toda segunda regar", "every week on Monday", "2026-11-23"),
    ("pt", "às segundas regar", "every week on Monday", "2026-11-23"),
    ("pt", "nos dias úteis regar", "every weekday", "2026-11-20"),
    ("pt", "no último dia de cada mês regar", "every month on the last", "2026-11-30"),
    ("zh", "每天浇花", "every day", "2026-11-20"),
    ("zh", "每三天浇花", "every 3 days", "2026-11-20"),
    ("zh", "每周一浇花", "every week on Monday", "2026-11-23"),
    ("zh", "每周一和周四浇花", "every week on Monday, Thursday", "2026-11-23"),
    ("zh", "每个工作日浇花", "every weekday", "2026-11-20"),
    ("zh", "每个月第一个周一浇花", "every month on the 1st Monday", "2026-12-07"),
    ("zh", "每月最后一天浇花", "every month on the last", "2026-11-30"),
    ("zh", "每年3月5日浇花", "every March on the 5th", "2027-03-05"),
]


@pytest.mark.parametrize(("language", "text", "repeat", "due"), SAID)
def test_as_it_is_said(language: str, text: str, repeat: str, due: str) -> None:
    meaning = say(text, language=language)
    assert meaning.intent == "todo.add"
    assert (meaning.args["repeat"], meaning.args["due"]) == (repeat, due)


def test_the_words_of_the_tasks_plugin() -> None:
    assert Repeat("day").text == "every day"
    assert Repeat("day", 12).text == "every 12 days"
    assert Repeat("workday").text == "every weekday"
    assert Repeat("week", weekdays=(1, 4)).text == "every week on Tuesday, Friday"
    assert Repeat("month", 6, day=2, weekdays=(2,)).text == "every 6 months on the 2nd Wednesday"
    assert Repeat("month", day=-1).text == "every month on the last"
    assert Repeat("month", day=21).text == "every month on the 21st"
    assert Repeat("month", day=12).text == "every month on the 12th"
    assert Repeat("month", day=23).text == "every month on the 23rd"
    assert Repeat("year", month=1, day=15).text == "every January on the 15th"
    assert Repeat("week", when_done=True).text == "every week when done"


@pytest.mark.parametrize(
    ("repeat", "today", "expected"),
    [
        (Repeat("month", day=31), date(2027, 2, 1), date(2027, 3, 31)),
        (Repeat("month", day=-1), date(2028, 2, 1), date(2028, 2, 29)),
        (Repeat("month", day=-1), date(2027, 2, 28), date(2027, 2, 28)),
        (Repeat("month", day=5, weekdays=(0,)), date(2026, 12, 1), date(2027, 3, 29)),
        (Repeat("month", day=-1, weekdays=(4,)), date(2026, 12, 26), date(2027, 1, 29)),
        (Repeat("year", month=2, day=29), date(2026, 1, 1), date(2028, 2, 29)),
        (Repeat("workday"), date(2026, 11, 21), date(2026, 11, 23)),
        (Repeat("week", weekdays=(6,)), date(2026, 12, 31), date(2027, 1, 3)),
        (Repeat("day", 3), date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_the_first_day(repeat: Repeat, today: date, expected: date) -> None:
    assert repeat.first(today) == expected


def test_today_counts_only_while_its_time_is_ahead() -> None:
    friday = date(2026, 11, 20)
    repeat = Repeat("week", weekdays=(4,))
    assert repeat.first(friday) == friday
    assert repeat.first(friday, ahead=False) == date(2026, 11, 27)
    assert next_such(repeat, friday) == date(2026, 11, 27)


@pytest.mark.parametrize(
    "text", ["every 0 days jump", "jump every 0 weeks", "every 31 February jump"]
)
def test_a_recurrence_that_cannot_be_is_asked_about(text: str) -> None:
    meaning = say(text)
    assert meaning.intent in {"clarify", "note.add"}


def test_every_second_is_no_day_of_the_month() -> None:
    """It is no time at all: "every second" is asked about, "every 2nd" is a day."""
    meaning = say("remind me every second to dance")
    assert (meaning.intent, meaning.question) == ("clarify", "When?")
    assert say("every 2nd pay rent").args["repeat"] == "every month on the 2nd"
