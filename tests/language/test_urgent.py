"""A statement of how urgent something is: a note that may be about a to-do."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from tests.language.reading import say

SAID = {
    "en": ("plumber", "plumber is urgent"),
    "de": ("Klempner", "Klempner ist dringend"),
    "es": ("fontanero", "fontanero es urgente"),
    "fr": ("plombier", "plombier est urgent"),
    "it": ("idraulico", "idraulico è urgente"),
    "pt": ("encanador", "encanador é urgente"),
    "ru": ("сантехник", "сантехник это срочно"),
    "uk": ("сантехнік", "сантехнік це терміново"),
    "zh": ("水管工", "水管工很紧急"),
}


@pytest.mark.parametrize("language", languages())
def test_it_names_what_is_urgent(language: str) -> None:
    name, said = SAID[language]
    meaning = say(said, language=language)
    assert (meaning.intent, meaning.args["text"]) == ("note.add", said)
    assert meaning.args["or_todo"] == {"query": name, "priority": "high"}


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("the plumber is really important", "high"),
        ("plumber is low priority", "low"),
        ("plumber is not urgent", "low"),
        ("der Klempner ist nicht dringend", "low"),
        ("fontanero no es urgente", "low"),
    ],
)
def test_how_urgent_it_is(said: str, level: str) -> None:
    assert say(said).args["or_todo"]["priority"] == level


@pytest.mark.parametrize(
    "said", ["the tax return isn't urgent", "it is urgent", "he said, it is important", "我不紧急"]
)
def test_what_speaks_of_no_thing_or_says_no_is_only_a_note(said: str) -> None:
    assert "or_todo" not in say(said).args


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("call the bank, urgent", "todo.add"),
        ("dentist tomorrow, urgent", "todo.add"),
        ("is the plumber urgent?", "chat"),
        ("plumber: high priority", "todo.edit"),
    ],
)
def test_other_messages_are_read_as_before(said: str, intent: str) -> None:
    meaning = say(said)
    assert (meaning.intent, "or_todo" in meaning.args) == (intent, False)


def test_what_tells_to_do_it_is_a_to_do() -> None:
    meaning = say("call the plumber is urgent")
    assert meaning.intent == "todo.edit"
    assert meaning.args["add"] == {"text": "call the plumber", "priority": "high"}
