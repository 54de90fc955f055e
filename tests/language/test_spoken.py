"""Messages as a voice transcript has them: without the colon that a command word would have."""

from __future__ import annotations

import pytest

from tests.language.reading import say

DIARY = [
    ("en", "log ran 8k in the rain", "ran 8k in the rain"),
    ("de", "tagebuch acht kilometer gelaufen", "acht kilometer gelaufen"),
    ("es", "diario corrí ocho kilómetros", "corrí ocho kilómetros"),
    ("fr", "journal couru huit kilomètres", "couru huit kilomètres"),
    ("it", "diario ho corso otto chilometri", "ho corso otto chilometri"),
    ("pt", "diário fui correr à chuva", "fui correr à chuva"),
    ("ru", "дневник пробежал восемь километров", "пробежал восемь километров"),
    ("uk", "щоденник пробігла вісім кілометрів", "пробігла вісім кілометрів"),
    ("en", "log in to the server", None),
    ("en", "diary is full", None),
    ("de", "tagebuch für anna kaufen", None),
    ("en", "journal", None),
]


@pytest.mark.parametrize(("language", "text", "kept"), DIARY)
def test_a_diary_entry_told_without_a_colon(language: str, text: str, kept: str | None) -> None:
    meaning = say(text, language=language)
    if kept is None:
        assert meaning.intent != "daily.append"
    else:
        assert (meaning.intent, meaning.args["text"]) == ("daily.append", kept)


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("fr", "chercher les enfants demain à 16h", "reminder.add"),
        ("fr", "chercher la recette de lentilles", "search"),
        ("es", "buscar a los niños el viernes", "todo.add"),
        ("ru", "найти паспорт до пятницы", "todo.add"),
        ("ru", "найти рецепт супа", "search"),
        ("de", "such meine notizen über den kessel", "search"),
        ("en", "serch boiler manual", "search"),
        ("en", "starch for the shirts", "note.add"),
    ],
)
def test_to_look_for_something_by_a_day_is_to_be_done(
    language: str, text: str, intent: str
) -> None:
    assert say(text, language=language).intent == intent
