"""Several times of one day: one message, and a reminder for each."""

from __future__ import annotations

import pytest

from tests.language.reading import say

NINE, EVENING = "2026-11-21T09:00:00+01:00", "2026-11-20T21:00:00+01:00"
TOMORROW = "2026-11-21T21:00:00+01:00"

TWICE = [  # said, thing, the first, the others, repeat
    ("remind me tomorrow to take pills at 9 and 21", "take pills", NINE, [TOMORROW], None),
    ("remind me tomorrow at 9am and 9pm to take pills", "take pills", NINE, [TOMORROW], None),
    ("remind me to take pills at 9 and at 21", "take pills", EVENING, [NINE], None),
    ("take pills at 9 and 21 every day", "take pills", EVENING, [NINE], "every day"),
    ("remind me every day at 9 and 21 to take pills", "take pills", EVENING, [NINE], "every day"),
    ("erinnere mich täglich um 9 und 21 Uhr an Pillen", "Pillen", EVENING, [NINE], "every day"),
    ("erinnere mich um 9 und um 21 Uhr an Pillen", "Pillen", EVENING, [NINE], None),
    ("recuérdame a las 9 y a las 21 comer", "comer", EVENING, [NINE], None),
    ("rappelle-moi à 9h et 21h de manger", "manger", EVENING, [NINE], None),
    ("ricordami ogni giorno alle 9 e alle 21 di bere", "bere", EVENING, [NINE], "every day"),
    ("lembra-me às 9 e às 21 de comer", "comer", EVENING, [NINE], None),
    ("напомни в 9 и 21 выпить таблетки", "выпить таблетки", EVENING, [NINE], None),
    ("нагадуй щодня о 9 і о 21 пити ліки", "пити ліки", EVENING, [NINE], "every day"),
    ("每天9点和21点提醒我吃药", "吃药", EVENING, [NINE], "every day"),
    ("提醒我早上9点和晚上9点吃药", "吃药", EVENING, [NINE], None),
    ("erinnere mich morgen um 9 und um 21 Uhr an Pillen", "Pillen", NINE, [TOMORROW], None),
    (
        "remind me at 9am, 2pm and 9pm to take pills",
        "take pills",
        "2026-11-20T14:00:00+01:00",
        [EVENING, NINE],
        None,
    ),
]


@pytest.mark.parametrize(("text", "thing", "first", "others", "repeat"), TWICE)
def test_each_time_rings(
    text: str, thing: str, first: str, others: list[str], repeat: str | None
) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args["text"]) == ("reminder.add", thing)
    assert (meaning.args["at"], meaning.args["also"]) == (first, others)
    assert meaning.args["repeat"] == repeat


def test_each_of_them_is_told_again_where_that_is_wished() -> None:
    meaning = say("remind me to water at 7 and 19 and nag me until done")
    assert (meaning.args["text"], meaning.args["nag"]) == ("water", 10)
    assert [meaning.args["at"], *meaning.args["also"]] == [
        "2026-11-20T19:00:00+01:00",
        "2026-11-21T07:00:00+01:00",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "remind me at 9 and 5 to take pills",  # 21:00 or tomorrow at nine
        "remind me at 9pm and 9pm to eat",
        "recuérdame a las 9 y 10 tomar la pastilla",  # ten past nine, or at ten too
        "ricordami domani alle 9 e 10 di chiamare",
        "tomorrow at 9 and on Friday at 10 call bob",
    ],
)
def test_what_is_not_sure_is_asked_for(text: str) -> None:
    assert say(text).intent == "clarify"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("call Bob today before 5", "call Bob"),
        ("finish the report by 5 today", "finish the report"),
        ("before 5 today send the invoice", "send the invoice"),
        ("heute bis 5 den Bericht abgeben", "den Bericht abgeben"),
        ("llamar a Bob hoy antes de las 5", "llamar a Bob"),
        ("appeler Bob aujourd'hui avant 17h", "appeler Bob"),
        ("chiamare Bob oggi entro le 5", "chiamare Bob"),
        ("ligar ao Bob hoje até as 5", "ligar ao Bob"),
        ("позвонить Бобу сегодня до 5", "позвонить Бобу"),
        ("подзвонити Бобу сьогодні до 5", "подзвонити Бобу"),
        ("今天5点前打电话", "打电话"),
    ],
)
def test_a_deadline_beside_a_day_is_a_time(text: str, thing: str) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args["text"]) == ("reminder.add", thing)
    assert meaning.args["at"] == "2026-11-20T17:00:00+01:00"


def test_a_deadline_without_a_day_stays_in_the_words() -> None:
    assert say("finish the report by 5").args["text"] == "finish the report by 5"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("tomorrow at 10 and 30 people", "30 people"),
        ("meeting at 5, 6 people", "meeting 6 people"),
        ("morgen um 9 und 2 Eier", "2 Eier"),
        ("a las 5 y 3 huevos", "3 huevos"),
        ("завтра в 9 и 2 яйца", "2 яйца"),
    ],
)
def test_what_is_counted_is_no_time(text: str, thing: str) -> None:
    meaning = say(text)
    assert (meaning.args["text"], meaning.args.get("also")) == (thing, None)
