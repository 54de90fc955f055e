"""The wish to be told again until it is done."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.language.lexicon import languages, load
from octopus.language.nag import nagging
from octopus.language.owner import Owner
from octopus.language.said import Said
from octopus.language.understand import understand
from tests.language.reading import say

SAID = [  # said, thing, clock, minutes
    ("remind me tomorrow at 9 to take pills and nag me until done", "take pills", "09:00", 10),
    ("remind me at 9pm to take pills every 10 minutes until I am done", "take pills", "21:00", 10),
    ("remind me at 6pm to call mum, nag until done", "call mum", "18:00", 10),
    ("nag me to call mum at 6pm", "call mum", "18:00", 10),
    ("at 9pm nag me to take pills", "take pills", "21:00", 10),
    ("call mum at 6pm and nag me", "call mum", "18:00", 10),
    ("nag me until I call mum", "call mum", "09:40", 10),
    ("nag me every half hour until I call the bank", "call the bank", "10:00", 30),
    ("keep reminding me to call mum", "call mum", "09:40", 10),
    ("keep nagging me about the tax return until it's done", "the tax return", "09:40", 10),
    ("don't stop until I say done: take pills at 9pm", "take pills", "21:00", 10),
    ("stir the soup every 10 minutes until it's done", "stir the soup", "09:40", 10),
    ("remind me every 10 minutes to drink water until I'm done", "drink water", "09:40", 10),
    ("nag me to drink water every 20 minutes", "drink water", "09:50", 20),
    ("remind me at 7pm to take pills and nag me until I take them", "take pills", "19:00", 10),
    (
        "erinnere mich um 21 Uhr an die Pillen und nerv mich bis es erledigt ist",
        "Pillen",
        "21:00",
        10,
    ),
    ("erinnere mich um 20 Uhr an den Müll und lass nicht locker", "Müll", "20:00", 10),
    (
        "recuérdame tomar la pastilla a las 21 e insiste hasta que lo haga",
        "tomar la pastilla",
        "21:00",
        10,
    ),
    (
        "recuérdame a las 20 sacar la basura y no pares hasta que lo haga",
        "sacar la basura",
        "20:00",
        10,
    ),
    ("sigue recordándome cada media hora llamar al banco", "llamar al banco", "10:00", 30),
    (
        "rappelle-moi à 21h la poubelle, toutes les 5 minutes jusqu'à ce que ce soit fait",
        "la poubelle",
        "21:00",
        5,
    ),
    ("rappelle-moi de dormir à 21h et insiste tant que ce n'est pas fait", "dormir", "21:00", 10),
    ("harcèle-moi pour les impôts", "les impôts", "09:40", 10),
    (
        "ricordami la pillola alle 21 e continua a ricordarmelo ogni ora finché non è fatto",
        "la pillola",
        "21:00",
        60,
    ),
    ("ricordami alle 21 la pastiglia e insisti", "la pastiglia", "21:00", 10),
    ("lembra-me de tomar o remédio às 21 e insiste até eu fazer", "tomar o remédio", "21:00", 10),
    ("напомни выпить таблетки в 21 и напоминай пока не сделаю", "выпить таблетки", "21:00", 10),
    ("напомни в 20:00 про таблетки, и не отставай", "таблетки", "20:00", 10),
    ("напоминай каждые 15 минут позвонить маме, пока не сделаю", "позвонить маме", "09:45", 15),
    (
        "нагадай випити ліки о 21 і нагадуй кожні 10 хвилин поки не зроблю",
        "випити ліки",
        "21:00",
        10,
    ),
    ("нагадуй кожні 15 хвилин подзвонити мамі, поки не зроблю", "подзвонити мамі", "09:45", 15),
    ("晚上9点提醒我吃药，每10分钟提醒一次直到完成", "吃药", "21:00", 10),
    ("一直提醒我交作业", "交作业", "09:40", 10),
    ("每10分钟提醒我一次喝水直到完成", "喝水", "09:40", 10),
    (
        "nerv mich jede halbe Stunde mit der Steuer bis es erledigt ist",
        "mit der Steuer",
        "10:00",
        30,
    ),
    (
        "me lembra às 21h do remédio e fica me lembrando a cada 5 minutos até eu fazer",
        "remédio",
        "21:00",
        5,
    ),
]
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "thing", "at", "minutes"),
    [
        ("keep reminding me every 10 minutes to drink water", "drink water", "09:40", 10),
        ("nag me every hour until it's done to call Ann", "call Ann", "10:30", 60),
        (
            "remind me at 8pm to take pills and keep reminding me every 5 min until done",
            "take pills",
            "20:00",
            5,
        ),
        (
            "erinnere mich um 20 Uhr an die Tabletten und erinnere mich weiter alle 5 Minuten",
            "Tabletten",
            "20:00",
            5,
        ),
        (
            "напомни в 20:00 выпить таблетки и напоминай каждые 10 минут пока не сделаю",
            "выпить таблетки",
            "20:00",
            10,
        ),
        (
            "recuérdame a las 20:00 tomar la pastilla y sigue recordándome cada 2 horas",
            "tomar la pastilla",
            "20:00",
            120,
        ),
    ],
)
def test_understood(text: str, thing: str, at: str, minutes: int) -> None:
    meaning = understand(text, now=NOW, owner=Owner(zone=NOW.tzinfo))
    assert meaning.intent == "reminder.add"
    assert meaning.args["text"] == thing
    assert meaning.args["nag"] == minutes
    assert str(meaning.args["at"]).split("T")[1].startswith(at)


@pytest.mark.parametrize(("text", "thing", "at", "minutes"), SAID)
def test_as_people_say_it(text: str, thing: str, at: str, minutes: int) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args["text"]) == ("reminder.add", thing)
    assert (meaning.args["nag"], meaning.args["repeat"]) == (minutes, None)
    assert str(meaning.args["at"]).split("T")[1].startswith(at)


def test_two_likely_times_are_asked_for_and_the_wish_is_kept() -> None:
    for text in ("nag me at 8 to call mum", "remind me at 8 to call mum and nag me until done"):
        meaning = say(text)
        assert meaning.intent == "clarify"
        assert {option.args["at"][11:16] for option in meaning.options} == {"08:00", "20:00"}
        assert {option.args["nag"] for option in meaning.options} == {10}


def test_a_recurrence_may_nag_too() -> None:
    meaning = say("remind me every day at 9pm to water plants and nag me every 15 min until done")
    assert (meaning.args["repeat"], meaning.args["nag"]) == ("every day", 15)
    assert meaning.args["text"] == "water plants"


def test_in_answer_to_a_reminder_it_is_about_that() -> None:
    meaning = say("keep reminding me every 20 minutes", reply_to="call mum")
    assert (meaning.intent, meaning.args["text"]) == ("reminder.add", "call mum")
    assert meaning.args["at"].startswith("2026-11-20T09:50")


def test_every_language_has_words_for_it() -> None:
    for code in languages():
        phrases = load(code).data["phrases"]
        assert all(phrases[kind] for kind in ("nag", "nag_more", "nag_until", "nag_not"))
        assert load(code).starts("nag_as")


@pytest.mark.parametrize(
    "text",
    [
        "stop nagging me about the report",
        "my children nag me",
        "remind me to keep the oven on until it's done",
        "keep the oven on until it's done",
        "my wife will nag me until it's done",
        "каждый день в 9 напоминай про витамины",
        "напоминай каждые 2 часа пить воду",
        "щодня о 9 нагадуй про вітаміни",
        "не напоминай мне про это",
        "每10分钟提醒我喝水",
        "hör auf zu nerven",
        "insiste en la calidad",
        "remind me every 10 minutes to drink water",  # that is a rule, and has no end
        "keep the receipt",
        "don't nag me",
        "she keeps reminding me of spring",
    ],
)
def test_no_wish_to_be_nagged(text: str) -> None:
    meaning = understand(text, now=NOW, owner=Owner(zone=NOW.tzinfo))
    assert not meaning.args.get("nag")


def test_without_a_time_it_is_asked_and_the_wish_is_kept_in_the_answers() -> None:
    text = "remind me about the report and keep reminding me every 10 minutes"
    meaning = understand(text, now=NOW, owner=Owner(zone=NOW.tzinfo))
    assert meaning.question
    assert {option.args.get("nag") for option in meaning.options} == {10}


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    found = nagging(Said.of(text, NOW, Owner(zone=NOW.tzinfo), None))
    assert found is None or found.said in text
