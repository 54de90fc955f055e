"""How urgent a new to-do is, said before what it is: "add a high priority task ..."."""

from __future__ import annotations

from typing import Any

import pytest

from octopus.language.lexicon import languages
from tests.language.reading import say

TEXT = {
    "en": "call the bank",
    "de": "Bank anrufen",
    "es": "llamar al banco",
    "fr": "appeler la banque",
    "it": "chiamare la banca",
    "pt": "ligar para o banco",
    "ru": "позвонить в банк",
    "uk": "зателефонувати в банк",
    "zh": "给银行打电话",
}
HIGH = {
    "en": [
        "add a high priority task {}",
        "add an urgent task: {}",
        "new urgent task: {}",
        "important task: {}",
        "please create a task with high priority: {}",
    ],
    "de": [
        "neue dringende Aufgabe: {}",
        "füge eine wichtige Aufgabe hinzu: {}",
        "neue Aufgabe mit hoher Priorität: {}",
        "dringende Aufgabe {}",
    ],
    "es": ["añade una tarea urgente: {}", "nueva tarea con prioridad alta: {}"],
    "fr": ["nouvelle tâche urgente : {}", "ajoute une tâche prioritaire {}"],
    "it": ["nuova attività urgente: {}", "aggiungi un'attività ad alta priorità {}"],
    "pt": ["nova tarefa urgente: {}", "adiciona uma tarefa com prioridade alta: {}"],
    "ru": ["новая срочная задача: {}", "добавь задачу с высоким приоритетом: {}"],
    "uk": ["нове термінове завдання: {}", "додай завдання з високим пріоритетом: {}"],
    "zh": ["添加一个高优先级任务：{}", "新建紧急任务：{}", "重要任务：{}"],
}
LOW = {
    "en": "add a low priority task: {}",
    "de": "neue unwichtige Aufgabe: {}",
    "es": "nueva tarea con prioridad baja: {}",
    "fr": "nouvelle tâche peu urgente : {}",
    "it": "nuova attività a bassa priorità: {}",
    "pt": "nova tarefa com prioridade baixa: {}",
    "ru": "добавь задачу с низким приоритетом: {}",
    "uk": "додай завдання з низьким пріоритетом: {}",
    "zh": "添加一个低优先级任务：{}",
}


@pytest.mark.parametrize("language", languages())
def test_the_leading_words_are_no_part_of_it(language: str) -> None:
    levels = [*((each, "high") for each in HIGH[language]), (LOW[language], "low")]
    for said, level in levels:
        meaning = say(said.format(TEXT[language]), language=language)
        found = (meaning.intent, meaning.args["text"], meaning.args["priority"])
        assert found == ("todo.add", TEXT[language], level), said


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("add an urgent task: call the bank tomorrow", {"due": "2026-11-21", "priority": "high"}),
        ("new low priority task water the ferns every week", {"repeat": "every week"}),
        ("neue dringende Aufgabe: morgen Bank anrufen", {"due": "2026-11-21", "priority": "high"}),
    ],
)
def test_its_day_is_read_as_ever(said: str, args: dict[str, Any]) -> None:
    found = say(said)
    assert found.intent == "todo.add"
    assert {name: found.args[name] for name in args} == args


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("urgent task force meeting tomorrow", "urgent task force meeting"),
        ("add a task call the bank", "call the bank"),
        ("neue Aufgabe: Bank anrufen", "Bank anrufen"),
    ],
)
def test_other_words_stay(said: str, text: str) -> None:
    meaning = say(said)
    assert (meaning.args["text"], meaning.args["priority"]) == (text, None)
