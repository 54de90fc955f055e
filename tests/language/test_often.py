"""Days of the month in everyday words, and how often without a day."""

from __future__ import annotations

import pytest

from tests.language.reading import say

MONTHLY = [
    ("en", "pay rent every 1st of the month", 1),
    ("en", "pay rent every first of the month", 1),
    ("en", "pay rent every 15th", 15),
    ("en", "pay rent on the 1st of every month", 1),
    ("en", "pay rent every month on the 1st", 1),
    ("en", "pay rent every first day of the month", 1),
    ("de", "miete zahlen jeden 1. des monats", 1),
    ("de", "miete zahlen jeden 15.", 15),
    ("de", "miete zahlen jeden ersten", 1),
    ("es", "pagar el alquiler cada 1 de mes", 1),
    ("es", "pagar el alquiler cada día 15", 15),
    ("fr", "payer le loyer chaque 1er du mois", 1),
    ("fr", "payer le loyer tous les 15", 15),
    ("fr", "payer le loyer tous les 15 du mois", 15),
    ("it", "pagare l'affitto ogni 1 del mese", 1),
    ("it", "pagare l'affitto ogni 15", 15),
    ("pt", "pagar a renda todo dia 15", 15),
    ("pt", "pagar a renda a cada dia 1 do mês", 1),
    ("ru", "платить за квартиру каждое 1 число", 1),
    ("ru", "платить за квартиру каждое 1-е число месяца", 1),
    ("ru", "платить за квартиру 1 числа каждого месяца", 1),
    ("ru", "платить за квартиру каждое первое число месяца", 1),
    ("uk", "платити за квартиру кожного 1 числа", 1),
    ("uk", "платити за квартиру кожне 15 число", 15),
    ("uk", "платити за квартиру щомісяця 1 числа", 1),
    ("zh", "每月1号交房租", 1),
]


@pytest.mark.parametrize(("language", "text", "day"), MONTHLY)
def test_a_day_of_every_month(language: str, text: str, day: int) -> None:
    meaning = say(text, language=language)
    assert meaning.intent == "todo.add"
    assert meaning.args["repeat"] == f"every month on the {day}{'st' if day == 1 else 'th'}"
    assert meaning.args["due"] == f"2026-12-{day:02d}"
    assert not any(char.isdigit() for char in meaning.args["text"])
    assert len(meaning.args["text"].split()) <= 4


@pytest.mark.parametrize(
    ("language", "text", "repeat"),
    [
        ("en", "water the ferns every third day", "every 3 days"),
        ("de", "jeden dritten tag gießen", "every 3 days"),
        ("es", "sacar el reciclaje un martes sí y otro no", "every 2 weeks on Tuesday"),
        ("it", "portare fuori il vetro un martedì sì e uno no", "every 2 weeks on Tuesday"),
        ("pt", "levar o vidro terça sim terça não", "every 2 weeks on Tuesday"),
    ],
)
def test_every_so_many(language: str, text: str, repeat: str) -> None:
    assert say(text, language=language).args["repeat"] == repeat


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "buy every 3rd lamp"),
        ("en", "call every 2nd person"),
        ("it", "ogni 15 pagine fai una pausa"),
        ("fr", "payer les 15 euros"),
    ],
)
def test_a_thing_that_is_counted_is_no_day(language: str, text: str) -> None:
    meaning = say(text, language=language)
    assert meaning.args.get("repeat") is None
    assert meaning.args["text"] == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "water plants twice a week"),
        ("de", "blumen gießen zweimal die woche"),
        ("es", "regar las plantas dos veces por semana"),
        ("fr", "arroser les plantes deux fois par semaine"),
        ("it", "annaffiare le piante due volte a settimana"),
        ("pt", "regar as plantas duas vezes por semana"),
        ("ru", "поливать цветы два раза в неделю"),
        ("uk", "поливати квіти двічі на тиждень"),
        ("zh", "每周两次浇花"),
    ],
)
def test_how_often_without_a_day_is_asked(language: str, text: str) -> None:
    meaning = say(text, language=language)
    assert meaning.intent == "clarify"
    rules = [option.args["repeat"] for option in meaning.options]
    assert rules == ["every week on Monday, Thursday", "every week on Tuesday, Friday", None]
    assert [option.args["due"] for option in meaning.options] == ["2026-11-23", "2026-11-24", None]
    assert all(option.args["text"] in text for option in meaning.options)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("run three times a week", "every week on Monday, Wednesday, Friday"),
        ("run 5 times a week", "every weekday"),
        ("run 7 times a week", "every day"),
        ("back up the laptop twice a month", "every 2 weeks"),
        ("clean the gutters twice a year", "every 6 months"),
    ],
)
def test_days_that_lie_apart_are_offered(text: str, rule: str) -> None:
    meaning = say(text)
    assert meaning.options[0].args["repeat"] == rule


def test_what_comes_several_times_a_day_is_kept_without_repeating() -> None:
    (option,) = say("check the oven twice a day").options
    assert option.args["repeat"] is None
    assert option.args["text"] == "check the oven"
