"""What is searched for when a message begins with a word for searching."""

from __future__ import annotations

import pytest

from .reading import say

OPENINGS = {
    "en": ("search", "find", "look for", "grep"),
    "de": ("suche", "finde", "suche nach"),
    "es": ("busca", "encuentra"),
    "fr": ("cherche", "trouve"),
    "it": ("cerca", "trova"),
    "pt": ("procura", "pesquisa"),
    "ru": ("найди", "поищи"),
    "uk": ("знайди", "пошук"),
    "zh": ("搜索", "查找"),
}


@pytest.mark.parametrize("query", ["-commonword", "-a b", "-#tag lamp", '-"two words"'])
@pytest.mark.parametrize(
    ("language", "word"), [(code, word) for code, several in OPENINGS.items() for word in several]
)
def test_the_minus_of_the_first_word_is_kept(language: str, word: str, query: str) -> None:
    meaning = say(f"{word} {query}", language=language)
    assert meaning.intent == "search"
    assert meaning.args["query"] == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("search - lamp", "lamp"),
        ("search – lamp", "lamp"),
        ("search: -lamp", "-lamp"),
        ("search: lamp", "lamp"),
        ("search my notes for -lamp", "-lamp"),
        ("search lamp -bulb", "lamp -bulb"),
        ("search lamp - bulb?", "lamp - bulb"),
    ],
)
def test_a_dash_by_itself_belongs_to_the_opening(text: str, query: str) -> None:
    assert say(text).args["query"] == query
