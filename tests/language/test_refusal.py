"""A no is nothing to do: it corrects what was said before, or asks."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from tests.language.reading import say

LOW = {
    "en": "no, low priority",
    "de": "nein, niedrige Priorität",
    "es": "no, prioridad baja",
    "fr": "non, priorité basse",
    "it": "no, priorità bassa",
    "pt": "não, prioridade baixa",
    "ru": "нет, низкий приоритет",
    "uk": "ні, низький пріоритет",
    "zh": "不，低优先级",
}
MORE = {
    "en": "no, bread and butter",
    "de": "nein, Brot und Butter",
    "es": "no, pan y mantequilla",
    "fr": "non, du pain et du beurre",
    "it": "no, pane e burro",
    "pt": "não, pão e manteiga",
    "ru": "нет, хлеб и масло",
    "uk": "ні, хліб і масло",
    "zh": "不，面包和黄油",
}


@pytest.mark.parametrize("language", languages())
def test_how_urgent_after_a_no_is_a_correction(language: str) -> None:
    meaning = say(LOW[language], language=language)
    assert (meaning.intent, meaning.args["edit"]) == ("correct", {"priority": "low"})


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("owner", ["en", "zh"])
def test_a_no_is_no_item_of_a_list(language: str, owner: str) -> None:
    for said in (LOW[language], MORE[language], LOW[language].replace(",", "")):
        for speaks in (language, owner):
            meaning = say(said, language=speaks)
            first = said.split(",")[0].split("，")[0]
            named = [meaning.args.get("text"), meaning.args.get("query")]
            named += meaning.args.get("items") or []
            assert meaning.intent == "note.add" or first not in named, said


@pytest.mark.parametrize("said", ["todo no", "add no", "todo: nein", "aggiungi no", "задача нет"])
def test_a_no_alone_is_no_to_do(said: str) -> None:
    assert say(said).intent not in {"todo.add", "todo.add_many", "todo.edit", "reminder.add"}


@pytest.mark.parametrize(
    ("language", "said"), [("es", "no urgente"), ("zh", "不重要"), ("fr", "non urgent")]
)
def test_not_urgent_is_not_urgent_after_a_no(language: str, said: str) -> None:
    assert say(said, language=language).args.get("edit") != {"priority": "high"}


def test_what_only_begins_so_is_something_to_do() -> None:
    assert say("todo no smoking sign for the door").args["text"] == "no smoking sign for the door"
    assert say("add nonna's lasagna").intent == "todo.add"
