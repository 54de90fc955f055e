"""Answers, corrections, questions about the notes, and what the buttons of a question do."""

from __future__ import annotations

from datetime import datetime

import pytest

from octopus.language.lexicon import languages
from tests.language.reading import BERLIN, NOW, say

DONE = {
    "en": "done",
    "de": "erledigt",
    "ru": "сделано",
    "uk": "зроблено",
    "es": "hecho",
    "fr": "c'est fait",
    "it": "fatto",
    "pt": "feito",
    "zh": "完成了",
}
LATER = {
    "en": "in 3 hours",
    "de": "in 3 Stunden",
    "ru": "через 3 часа",
    "uk": "через 3 години",
    "es": "en 3 horas",
    "fr": "dans 3 heures",
    "it": "tra 3 ore",
    "pt": "em 3 horas",
    "zh": "3个小时后",
}
UNDO = {
    "en": "undo",
    "de": "rückgängig",
    "ru": "отмени",
    "uk": "скасуй",
    "es": "deshacer",
    "fr": "annule",
    "it": "annulla",
    "pt": "desfazer",
    "zh": "撤销",
}


@pytest.mark.parametrize("code", languages())
def test_done_means_what_it_answers(code: str) -> None:
    meaning = say(DONE[code], reply_to="call the dentist")
    assert (meaning.intent, meaning.args) == ("todo.complete", {"query": "call the dentist"})


@pytest.mark.parametrize("code", languages())
def test_done_alone_means_the_latest_thing(code: str) -> None:
    meaning = say(DONE[code])
    assert (meaning.intent, meaning.args) == ("todo.complete", {"query": None})


@pytest.mark.parametrize("code", languages())
def test_a_time_in_answer_to_a_reminder_moves_it(code: str) -> None:
    meaning = say(LATER[code], reply_to="call the dentist")
    assert meaning.intent == "todo.reschedule"
    assert meaning.args == {
        "query": "call the dentist",
        "due": "2026-11-20",
        "at": "2026-11-20T12:30:00+01:00",
    }


@pytest.mark.parametrize("code", languages())
def test_undo_works_whatever_the_owner_speaks(code: str) -> None:
    for owner in languages():
        assert say(UNDO[code], language=owner).intent == "undo"


@pytest.mark.parametrize("text", ["ok", "OK!", "okay", "no", "yes", "please", "thanks, great"])
def test_a_polite_word_undoes_nothing(text: str) -> None:
    assert say(text).intent in {"smalltalk", "clarify"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("postpone it to tomorrow", "todo.reschedule"),
        ("move it to friday", "todo.reschedule"),
        ("mark it as done", "todo.complete"),
        ("mark this done", "todo.complete"),
        ("snooze 10 minutes", "todo.reschedule"),
        ("snooze it until tomorrow", "todo.reschedule"),
    ],
)
def test_it_is_what_the_message_answers(text: str, intent: str) -> None:
    meaning = say(text, reply_to="call Ann")
    assert meaning.intent == intent
    assert meaning.args["query"] == "call Ann"
    alone = say(text)
    assert alone.args["query"] is None


CORRECTIONS = [
    ("no, I meant Wednesday", "Wednesday"),
    ("sorry I meant 5pm", "5pm"),
    ("make it 6pm", "6pm"),
    ("actually make it Thursday", "Thursday"),
    ("nein, ich meinte Donnerstag", "Donnerstag"),
    ("нет, я имел в виду четверг", "четверг"),
    ("ні, я мав на увазі четвер", "четвер"),
    ("no, quería decir el jueves", "el jueves"),
    ("non, je voulais dire jeudi", "jeudi"),
    ("no, intendevo giovedì", "giovedì"),
    ("não, quis dizer quinta", "quinta"),
    ("不，我是说周四", "周四"),
]


@pytest.mark.parametrize(("text", "change"), CORRECTIONS)
def test_a_correction_makes_no_second_thing(text: str, change: str) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args) == ("correct", {"change": change})


PERIODS = [
    ("what did I write yesterday?", "2026-11-19", "2026-11-19"),
    ("what did I write today?", "2026-11-20", "2026-11-20"),
    ("what did I write last week?", "2026-11-09", "2026-11-15"),
    ("what did I write this week?", "2026-11-16", "2026-11-22"),
    ("what did I write last month?", "2026-10-01", "2026-10-31"),
    ("what did I write last year?", "2025-01-01", "2025-12-31"),
    ("what did I write in May?", "2026-05-01", "2026-05-31"),
    ("what did I write in May 2024?", "2024-05-01", "2024-05-31"),
    ("what did I write in December?", "2025-12-01", "2025-12-31"),
    ("what did I write in 2023?", "2023-01-01", "2023-12-31"),
    ("what did I write last winter?", "2025-12-01", "2026-02-28"),
    ("what did I write last summer?", "2026-06-01", "2026-08-31"),
    ("what did I write on Monday?", "2026-11-16", "2026-11-16"),
    ("what did I write last Friday?", "2026-11-13", "2026-11-13"),
    ("what did I write 3 days ago?", "2026-11-17", "2026-11-17"),
    ("what did I write since Monday?", "2026-11-16", None),
    ("what did I write about bees?", None, None),
    ("Was habe ich diesen Monat notiert?", "2026-11-01", "2026-11-30"),
    ("что я записал на прошлой неделе?", "2026-11-09", "2026-11-15"),
    ("що я записав минулого тижня?", "2026-11-09", "2026-11-15"),
    ("¿qué escribí la semana pasada?", "2026-11-09", "2026-11-15"),
    ("qu'est-ce que j'ai écrit la semaine dernière ?", "2026-11-09", "2026-11-15"),
    ("cosa ho scritto la settimana scorsa?", "2026-11-09", "2026-11-15"),
    ("o que escrevi na semana passada?", "2026-11-09", "2026-11-15"),
    ("我上周写了什么？", "2026-11-09", "2026-11-15"),
]


@pytest.mark.parametrize(("text", "first", "last"), PERIODS)
def test_the_period_of_a_question(text: str, first: str | None, last: str | None) -> None:
    meaning = say(text)
    assert meaning.intent == "ask"
    assert (meaning.args["from"], meaning.args["to"]) == (first, last)
    assert meaning.args["question"] == text


LISTS = [
    ("show overdue tasks", "overdue"),
    ("what's overdue?", "overdue"),
    ("my todos", "all"),
    ("tasks for today", "today"),
    ("tasks for tomorrow", "2026-11-21"),
    ("tasks on friday", "2026-11-27"),
    ("tasks for this week", "week"),
    ("tasks #garden", "#garden"),
    ("what do I have to do today?", "today"),
    ("zeig mir die Aufgaben für morgen", "2026-11-21"),
    ("покажи дела на завтра", "2026-11-21"),
    ("muéstrame las tareas de mañana", "2026-11-21"),
]


@pytest.mark.parametrize(("text", "when"), LISTS)
def test_which_to_dos_are_listed(text: str, when: str) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args) == ("todo.list", {"when": when})


@pytest.mark.parametrize(
    ("text", "name", "args"),
    [
        ("/today", "today", ""),
        ("/search boat tag:#x", "search", "boat tag:#x"),
        ("/Todo@octopus_bot  add milk", "todo", "add milk"),
        ("/note a\nb", "note", "a\nb"),
        ("  /undo", "undo", ""),
    ],
)
def test_commands(text: str, name: str, args: str) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args) == ("command", {"name": name, "args": args})


@pytest.mark.parametrize("text", ["/path/like text", "/ today", "//x", "/ünder", "/a-b"])
def test_a_stroke_is_not_always_a_command(text: str) -> None:
    assert say(text).intent != "command"


def test_the_answers_to_when_are_this_evening_tomorrow_and_monday() -> None:
    meaning = say("remind me about the boiler")
    assert [option.label for option in meaning.options] == [
        "today 19:00",
        "tomorrow 09:00",
        "Mon 23.11. 09:00",
    ]
    for option in meaning.options:
        assert option.intent == "reminder.add"
        assert option.args["text"] == "the boiler"
        assert datetime.fromisoformat(option.args["at"]) > NOW


def test_buttons_speak_the_language_of_the_message() -> None:
    meaning = say("напомни про отчёт")
    assert meaning.question == "Когда?"
    assert meaning.options[0].label == "сегодня 19:00"


def test_late_in_the_evening_this_evening_is_not_offered() -> None:
    late = datetime(2026, 11, 20, 22, 0, tzinfo=BERLIN)
    labels = [option.label for option in say("remind me about the boiler", late).options]
    assert labels == ["tomorrow 09:00", "Mon 23.11. 09:00"]


def test_a_single_name_is_asked_about_and_nothing_is_written() -> None:
    meaning = say("Bruno")
    assert meaning.intent == "clarify"
    assert [option.intent for option in meaning.options] == ["note.open", "search", "note.add"]


def test_dates_in_the_other_order() -> None:
    assert say("pay the bill on 5/6").args["due"] == "2027-06-05"
    assert say("pay the bill on 5/6", date_order="mdy").args["due"] == "2027-05-06"
    assert say("pay the bill on 25/12", date_order="mdy").args["due"] == "2026-12-25"


def test_a_list_of_the_owners_own() -> None:
    meaning = say("Hardware store: nails, glue", lists=("Hardware store",))
    assert meaning.intent == "todo.add_many"
    assert meaning.args == {"items": ["nails", "glue"], "list": "Hardware store"}


@pytest.mark.parametrize(
    ("text", "intent", "tags"),
    [
        ("idea: a raft #boat #boat #summer/2027", "note.add", ["boat", "summer/2027"]),
        ("note: issue #12 is open", "note.add", []),
        ("note: see https://example.org/#part", "note.add", []),
    ],
)
def test_tags(text: str, intent: str, tags: list[str]) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args["tags"]) == (intent, tags)


def test_why_names_the_rule_and_the_words() -> None:
    why = " / ".join(say("remind me tomorrow at 9 to call Ann").why)
    assert "remind me" in why
    assert "tomorrow" in why
    assert "at 9" in why
