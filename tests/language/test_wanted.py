"""Which words of a question can be looked for."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from octopus.language.wanted import content, forms
from tests.language.reading import say

QUESTIONS = [
    ("en", "where did I park the car", ["park", "car"]),
    ("en", "where did I park?", ["park"]),
    ("en", "what do I know about whales", ["whales"]),
    ("en", "when did I last water the ferns?", ["water", "ferns"]),
    ("en", "what's the wifi password", ["wifi", "password"]),
    ("en", 'did "Tom" say -path:x [a]?', ["tom", "path", "x"]),
    ("de", "wo habe ich geparkt", ["geparkt"]),
    ("de", "Was weiß ich über Wale?", ["wale"]),
    ("es", "dónde aparqué el coche", ["aparque", "coche"]),
    ("fr", "où est-ce que j'ai garé la voiture", ["gare", "voiture"]),
    ("it", "dove ho parcheggiato la macchina", ["parcheggiato", "macchina"]),
    ("pt", "onde estacionei o carro", ["estacionei", "carro"]),
    ("ru", "где я припарковал машину", ["припарковал", "машину"]),
    ("uk", "де я припаркував машину", ["припаркував", "машину"]),
    ("zh", "我上次什么时候浇花", ["浇花"]),
]


@pytest.mark.parametrize(("language", "question", "words"), QUESTIONS)
def test_what_asks_is_left_aside(language: str, question: str, words: list[str]) -> None:
    assert content(question, language) == words


def test_every_language_has_its_questions() -> None:
    assert {language for language, _, _ in QUESTIONS} == set(languages())


def test_where_nothing_is_left_every_word_counts() -> None:
    assert content("what is it?", "en") == ["what", "is", "it"]
    assert content("?!", "en") == []


def test_a_language_without_rules_is_read_as_english() -> None:
    assert content("where is the lamp", "nl") == ["lamp"]
    assert forms("geparkt", "nl") == ("geparkt",)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("geparkt", ("geparkt", "park")),
        ("gefahren", ("gefahren", "fahr")),
        ("geld", ("geld",)),
        ("park", ("park",)),
    ],
)
def test_a_participle_is_looked_for_by_its_stem_too(word: str, found: tuple[str, ...]) -> None:
    assert forms(word, "de") == found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "where is the spare key"),
        ("en", "when's the dentist"),
        ("de", "wo ist der ersatzschlüssel"),
        ("es", "dónde está la llave"),
        ("fr", "où sont les clés"),
        ("it", "dov'è la chiave"),
        ("pt", "onde está a chave"),
        ("ru", "где лежит запасной ключ"),
        ("uk", "де лежить запасний ключ"),
    ],
)
def test_where_a_certain_thing_is_stands_in_the_notes(language: str, text: str) -> None:
    assert say(text, language=language).intent == "ask"


@pytest.mark.parametrize("text", ["where is Lisbon", "what is a fathom", "when did Rome fall"])
def test_what_everybody_may_know_is_talked_about(text: str) -> None:
    assert say(text).intent == "chat"
