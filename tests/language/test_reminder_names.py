"""Reminders by their names, in nine languages."""

from __future__ import annotations

import pytest

from octopus.language.lexicon import languages
from octopus.language.wanted import asks_when
from tests.language.reading import say

DROPPED = [
    ("en", "delete the dentist reminder", "dentist"),
    ("en", "cancel the reminder about the dentist", "dentist"),
    ("de", "lösche die zahnarzt erinnerung", "zahnarzt"),
    ("de", "lösch die erinnerung an den zahnarzt", "zahnarzt"),
    ("de", "lösch die Zahnarzterinnerung", "Zahnarzt"),
    ("es", "borra el recordatorio del dentista", "dentista"),
    ("fr", "supprime le rappel du dentiste", "dentiste"),
    ("it", "cancella il promemoria del dentista", "dentista"),
    ("pt", "apaga o lembrete do dentista", "dentista"),
    ("ru", "удали напоминание про стоматолога", "стоматолога"),
    ("uk", "видали нагадування про стоматолога", "стоматолога"),
    ("zh", "删除牙医的提醒", "牙医"),
]
MOVED = [
    ("en", "move the dentist reminder to Friday", "dentist"),
    ("de", "verschieb die zahnarzt erinnerung auf freitag", "zahnarzt"),
    ("es", "mueve el recordatorio del dentista al viernes", "dentista"),
    ("fr", "décale le rappel du dentiste à vendredi", "dentiste"),
    ("it", "sposta il promemoria del dentista a venerdì", "dentista"),
    ("pt", "muda o lembrete do dentista para sexta", "dentista"),
    ("ru", "перенеси напоминание про стоматолога на пятницу", "стоматолога"),
    ("uk", "перенеси нагадування про стоматолога на пятницю", "стоматолога"),
    ("zh", "把牙医的提醒改到周五", "牙医"),
]
LATEST = [
    ("en", "cancel the reminder"),
    ("de", "lösche die erinnerung"),
    ("es", "cancela el recordatorio"),
    ("fr", "annule le rappel"),
    ("it", "annulla il promemoria"),
    ("pt", "cancela o lembrete"),
    ("ru", "отмени напоминание"),
    ("uk", "скасуй нагадування"),
    ("zh", "取消这个提醒"),
]


@pytest.mark.parametrize(("language", "text", "query"), DROPPED)
def test_dropped_by_name(language: str, text: str, query: str) -> None:
    meaning = say(text, language=language)
    assert meaning.intent == "todo.drop"
    assert meaning.args == {"query": query, "kind": "reminder"}


@pytest.mark.parametrize(("language", "text", "query"), MOVED)
def test_moved_by_name(language: str, text: str, query: str) -> None:
    meaning = say(text, language=language)
    assert meaning.intent == "todo.reschedule"
    wanted = {"query": query, "due": "2026-11-27", "at": None, "kind": "reminder"}
    assert meaning.args == wanted


@pytest.mark.parametrize(("language", "text"), LATEST)
def test_without_a_name_the_latest_is_meant(language: str, text: str) -> None:
    meaning = say(text, language=language)
    assert (meaning.intent, meaning.args) == ("todo.drop", {"query": None, "kind": "reminder"})


def test_every_language_has_its_reminders() -> None:
    for table in (DROPPED, MOVED):
        assert {language for language, _, _ in table} == set(languages())
    assert {language for language, _ in LATEST} == set(languages())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cancel the gym", None),
        ("drop the task report", None),
        ("delete the gym alarm", "reminder"),
    ],
)
def test_only_what_says_reminder_is_one(text: str, kind: str | None) -> None:
    assert say(text).args.get("kind") == kind


@pytest.mark.parametrize("text", ["delete all reminders", "delete every reminder"])
def test_all_of_them_are_never_dropped_at_once(text: str) -> None:
    assert say(text).intent not in {"todo.drop", "note.delete"}


@pytest.mark.parametrize(
    ("language", "question", "tense"),
    [
        ("en", "when is the dentist", "ahead"),
        ("en", "when did I last water the ferns", "past"),
        ("en", "where is the dentist", None),
        ("de", "wann ist der zahnarzt", "ahead"),
        ("de", "wann habe ich zuletzt gegossen", "past"),
        ("zh", "牙医是什么时候", "ahead"),
        ("zh", "我上次什么时候浇花", "past"),
        ("nl", "when is it", "ahead"),
    ],
)
def test_what_asks_for_a_time(language: str, question: str, tense: str | None) -> None:
    assert asks_when(question, language) == tense


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "how many notes do I have"),
        ("de", "wie viele notizen habe ich"),
        ("es", "cuántas notas tengo"),
        ("fr", "combien de notes ai-je"),
        ("it", "quante note ho"),
        ("pt", "quantas notas tenho"),
        ("ru", "сколько у меня заметок"),
        ("uk", "скільки у мене нотаток"),
        ("zh", "我有多少笔记"),
    ],
)
def test_how_many_notes(language: str, text: str) -> None:
    assert say(text, language=language).args["name"] == "index"
