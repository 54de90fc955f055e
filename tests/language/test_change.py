"""Changes of a note in words: what is wanted, in nine languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.language.change import wish
from octopus.language.lexicon import languages, load
from octopus.language.understand import understand

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

SAID = [
    # language, words, kind, args
    ("en", "replace tea with Coffee", "replace", {"old": "tea", "new": "Coffee"}),
    ("en", "tea with coffee", "replace", {"old": "tea", "new": "coffee"}),
    ("en", "tea -> coffee", "replace", {"old": "tea", "new": "coffee"}),
    ("en", "it's BX-210 not BX-200", "replace", {"old": "BX-200", "new": "BX-210"}),
    ("en", 'change "to be, or" to "not"', "replace", {"old": "to be, or", "new": "not"}),
    ("en", "set status to done", "set", {"name": "status", "value": "done"}),
    ("en", "set the property due = 2026-11-21", "set", {"name": "due", "value": "2026-11-21"}),
    ("en", "add tag #home/Garden", "add", {"name": "tags", "tag": "home/Garden"}),
    ("en", "tag it with urgent", "add", {"name": "tags", "tag": "urgent"}),
    ("en", "remove the tag #home", "take", {"name": "tags", "tag": "home"}),
    ("en", "add the alias Boat", "add", {"name": "aliases", "value": "Boat"}),
    ("en", "remove property due", "drop", {"name": "due"}),
    ("en", "remove Lena from the property guests", "take", {"name": "guests", "value": "Lena"}),
    ("en", "under Ideas: a swing\n- and a slide", "under", {"heading": "Ideas"}),
    ("en", "add milk under ## Shopping", "under", {"heading": "Shopping", "text": "milk"}),
    ("en", "replace the section Ideas with: none", "section", {"heading": "Ideas", "text": "none"}),
    ("en", "add a line at the top", "start", {"text": "a line"}),
    ("en", "append: the end", "end", {"text": "the end"}),
    ("en", "remove the word very", "cut", {"old": "very"}),
    ("de", "ersetze Tee durch Kaffee", "replace", {"old": "Tee", "new": "Kaffee"}),
    ("de", "es ist Grün statt Blau", "replace", {"old": "Blau", "new": "Grün"}),
    ("de", "setze Status auf erledigt", "set", {"name": "Status", "value": "erledigt"}),
    ("de", "Tag #Haus hinzufügen", "add", {"name": "tags", "tag": "Haus"}),
    ("de", "entferne die Eigenschaft fällig", "drop", {"name": "fällig"}),
    ("de", "unter Ideen: eine Schaukel", "under", {"heading": "Ideen", "text": "eine Schaukel"}),
    ("de", "lösche das Wort sehr", "cut", {"old": "sehr"}),
    ("es", "sustituye té por café", "replace", {"old": "té", "new": "café"}),
    ("es", "pon estado como hecho", "set", {"name": "estado", "value": "hecho"}),
    ("es", "quita la etiqueta #casa", "take", {"name": "tags", "tag": "casa"}),
    ("es", "bajo Ideas: un columpio", "under", {"heading": "Ideas", "text": "un columpio"}),
    ("fr", "remplace thé par café", "replace", {"old": "thé", "new": "café"}),
    ("fr", "c'est vert et pas bleu", "replace", {"old": "bleu", "new": "vert"}),
    ("fr", "ajoute l'étiquette maison", "add", {"name": "tags", "tag": "maison"}),
    ("fr", "enlève le champ date", "drop", {"name": "date"}),
    ("it", "sostituisci tè con caffè", "replace", {"old": "tè", "new": "caffè"}),
    ("it", "imposta stato a fatto", "set", {"name": "stato", "value": "fatto"}),
    ("it", "sotto Idee: un'altalena", "under", {"heading": "Idee", "text": "un'altalena"}),
    ("pt", "substitui chá por café", "replace", {"old": "chá", "new": "café"}),
    ("pt", "define estado como feito", "set", {"name": "estado", "value": "feito"}),
    ("pt", "remove a etiqueta casa", "take", {"name": "tags", "tag": "casa"}),
    ("ru", "замени чай на кофе", "replace", {"old": "чай", "new": "кофе"}),
    ("ru", "не чай, а кофе", "replace", {"old": "чай", "new": "кофе"}),
    ("ru", "поставь статус = готово", "set", {"name": "статус", "value": "готово"}),
    ("ru", "добавь тег #дом", "add", {"name": "tags", "tag": "дом"}),
    ("ru", "под Идеи: качели", "under", {"heading": "Идеи", "text": "качели"}),
    ("uk", "заміни чай на каву", "replace", {"old": "чай", "new": "каву"}),
    ("uk", "додай тег #дім", "add", {"name": "tags", "tag": "дім"}),
    ("uk", "видали властивість термін", "drop", {"name": "термін"}),
    ("zh", "把茶改成咖啡", "replace", {"old": "茶", "new": "咖啡"}),
    ("zh", "加标签 家", "add", {"name": "tags", "tag": "家"}),
    ("zh", "把属性状态设为完成", "set", {"name": "状态", "value": "完成"}),
    ("zh", "replace tea with coffee", "replace", {"old": "tea", "new": "coffee"}),
]


@pytest.mark.parametrize(("language", "text", "kind", "args"), SAID)
def test_what_is_wanted(language: str, text: str, kind: str, args: dict[str, str]) -> None:
    found = wish(text, language)
    assert found is not None
    assert (found.kind, {**found.args, **args}) == (kind, found.args)


@pytest.mark.parametrize("text", ["", "it's BX-210", "hello", "?", "replace", "x" * 5000, "set to"])
@pytest.mark.parametrize("language", ["en", "de", "xx"])
def test_what_no_rule_knows_is_nothing(text: str, language: str) -> None:
    assert wish(text, language) is None


@given(st.text(max_size=80), st.sampled_from(languages()))
def test_any_words_are_read(text: str, language: str) -> None:
    found = wish(text, language)
    assert found is None or all(found.args.values())


@pytest.mark.parametrize("code", languages())
def test_every_language_has_a_way_to_say_each_change(code: str) -> None:
    kinds = {rule[0] for rule in load(code).data["changes"]}
    assert kinds == {*("set", "add", "take", "drop", "under"), *("section", "start", "end")} | {
        *("replace", "cut")
    }


MESSAGES = [
    ("in the note Plan replace tea with coffee", "note.edit", "Plan", "tea with coffee"),
    ("add tag #home to the note Plan", "note.edit", "Plan", "add tag #home"),
    ("tag my note Plan with home", "note.edit", "Plan", "add tag home"),
    ("ersetze Tee durch Kaffee in der Notiz Plan", "note.edit", "Plan", "ersetze Tee durch Kaffee"),
    ("замени чай на кофе в заметке План", "note.edit", "План", "замени чай на кофе"),
    ("заміни чай на каву в нотатці План", "note.edit", "План", "заміни чай на каву"),
    ("cambia té por café en la nota Plan", "note.edit", "Plan", "cambia té por café"),
    ("remplace thé par café dans la note Plan", "note.edit", "Plan", "remplace thé par café"),
    ("sostituisci tè con caffè nella nota Piano", "note.edit", "Piano", "sostituisci tè con caffè"),
    ("troca chá por café na nota Plano", "note.edit", "Plano", "substitui chá por café"),
    ("把笔记计划里的茶改成咖啡", "note.edit", "计划", "把茶改成咖啡"),
]


@pytest.mark.parametrize(("text", "intent", "note", "change"), MESSAGES)
def test_a_whole_message_names_the_note_and_the_change(
    text: str, intent: str, note: str, change: str
) -> None:
    meaning = understand(text, now=NOW)
    assert (meaning.intent, meaning.args["note"], meaning.args["change"]) == (intent, note, change)
    assert wish(change, meaning.language) is not None


@pytest.mark.parametrize(
    ("text", "intent", "args"),
    [
        ("merge the note A into B", "note.merge", {"note": "A", "into": "B"}),
        ("füge die Notizen A und B zusammen", "note.merge", {"note": "A", "into": "B"}),
        ("объедини заметки А и Б", "note.merge", {"note": "А", "into": "Б"}),
        ("把笔记甲合并到笔记乙", "note.merge", {"note": "甲", "into": "乙"}),
        ("move the note Plan to Archive/", "note.rename", {"from": "Plan", "to": "Archive/"}),
        ("verschiebe die Notiz Plan nach Archiv", "note.rename", {"from": "Plan", "to": "Archiv/"}),
        ("перенеси заметку План в папку Архив", "note.rename", {"from": "План", "to": "Архив/"}),
        ("new note Trip from template Travel", "note.new", {"title": "Trip", "template": "Travel"}),
        ("создай заметку Рим по шаблону Поездка", "note.new", {"template": "Поездка"}),
        (
            "add milk under Food in the note Plan",
            "note.append",
            {"text": "milk", "heading": "Food"},
        ),
        ("in der Notiz Plan unter Ideen: x y", "note.append", {"heading": "Ideen", "text": "x y"}),
    ],
)
def test_whole_notes_and_sections(text: str, intent: str, args: dict[str, str]) -> None:
    meaning = understand(text, now=NOW)
    assert meaning.intent == intent
    assert {**meaning.args, **args} == meaning.args
