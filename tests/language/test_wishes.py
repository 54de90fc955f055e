"""Two wishes for one to-do in one message: both, or a question, and never a new to-do."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from tests.language.reading import say

OF_IT = {
    "en": "move it to monday and make it urgent",
    "de": "verschieb es auf Montag und mach es dringend",
    "es": "muévelo al lunes y hazlo urgente",
    "fr": "déplace-le à lundi et rends-le urgent",
    "it": "spostalo a lunedì e rendilo urgente",
    "pt": "muda para segunda e torna urgente",
    "ru": "перенеси на понедельник и сделай срочным",
    "uk": "перенеси на понеділок і зроби терміновим",
    "zh": "移到周一，设为紧急",
}
NAMED = {
    "en": ("plumber", "move plumber to Friday and make it urgent"),
    "de": ("Klempner", "verschiebe Klempner auf Freitag und mach ihn dringend"),
    "es": ("fontanero", "mueve fontanero al viernes y hazlo urgente"),
    "fr": ("plombier", "déplace plombier à vendredi et rends-le urgent"),
    "it": ("idraulico", "sposta idraulico a venerdì e rendilo urgente"),
    "pt": ("encanador", "muda encanador para sexta e torna-o urgente"),
    "ru": ("сантехника", "перенеси сантехника на пятницу и сделай это срочным"),
    "uk": ("сантехніка", "перенеси сантехніка на п'ятницю і зроби це терміновим"),
    "zh": ("水管工", "把水管工改到周五并设为紧急"),
}


@pytest.mark.parametrize("language", languages())
def test_both_are_done_to_it(language: str) -> None:
    meaning = say(OF_IT[language], language=language)
    assert meaning.intent == "todo.reschedule"
    assert (meaning.args["query"], meaning.args["due"]) == (None, "2026-11-23")
    assert meaning.args["edit"] == {"priority": "high"}


@pytest.mark.parametrize("language", languages())
def test_both_are_done_to_what_is_named(language: str) -> None:
    name, said = NAMED[language]
    meaning = say(said, language=language)
    assert meaning.intent == "todo.reschedule"
    assert (meaning.args["query"], meaning.args["due"]) == (name, "2026-11-27")
    assert meaning.args["edit"] == {"priority": "high"}


@pytest.mark.parametrize("said", [OF_IT["en"], OF_IT["de"], OF_IT["zh"]])
def test_it_is_what_the_message_answers(said: str) -> None:
    assert say(said, reply_to="call Bob").args["query"] == "call Bob"


@pytest.mark.parametrize(
    ("said", "args"),
    [
        (
            "make plumber urgent and move it to Friday",
            {"query": "plumber", "due": "2026-11-27", "edit": {"priority": "high"}},
        ),
        (
            "make it urgent and also move it to Friday",
            {"query": None, "due": "2026-11-27", "edit": {"priority": "high"}},
        ),
        (
            "move plumber to friday, high priority",
            {"query": "plumber", "due": "2026-11-27", "edit": {"priority": "high"}},
        ),
        (
            "change the priority of plumber to low and tag it with #home",
            {"query": "plumber", "priority": "low"},
        ),
    ],
)
def test_in_whatever_order(said: str, args: dict[str, object]) -> None:
    found = say(said).args
    assert {name: found.get(name) for name in args} == args


@pytest.mark.parametrize(
    "said",
    [
        "move plumber to Friday and call his wife",
        "move plumber to Friday and make it blue",
        "move plumber to Friday and move it to Monday",
    ],
)
def test_of_what_is_not_understood_it_asks(said: str) -> None:
    meaning = say(said)
    assert meaning.intent == "clarify"
    first, keep = meaning.options
    assert (first.intent, first.label) == ("todo.reschedule", "move plumber to Friday")
    assert (keep.intent, keep.args["text"]) == ("note.add", said)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("move the sofa and the table", "todo.add"),
        ("buy milk and call Bob on Friday", "todo.add"),
        ("move plumber to friday", "todo.reschedule"),
        ("make it urgent", "correct"),
    ],
)
def test_one_wish_is_read_as_before(said: str, intent: str) -> None:
    meaning = say(said)
    assert (meaning.intent, "edit" in meaning.args) == (intent, intent == "correct")
