"""What is negated, asked, hoped, told or quoted changes nothing: not in any language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from octopus.core.meaning import Meaning
from octopus.language.doubt import ACTS
from octopus.language.lexicon import languages, load
from tests.language.reading import HERE, NOW, rows, say

CHANGES = {*ACTS, "correct"}

#: Ways to say a sentence without meaning it.
FORMS = {
    "en": "not {}|i wonder if {}|is it true that {}|if {}|i hope {}|almost {}|{}?|why {}",
    "de": "nicht {}|ich frage mich ob {}|wenn {}|hoffentlich {}|fast {}|{}?|wann {}|wer {}",
    "es": "no {}|me pregunto si {}|ojalá {}|casi {}|{}?|cuándo {}|quién {}|aún no {}",
    "fr": "ne pas {}|je me demande si {}|j'espère {}|presque {}|{} ?|quand {}|qui {}",
    "it": "non {}|mi chiedo se {}|spero {}|quasi {}|{}?|quando {}|chi {}|non ancora {}",
    "pt": "não {}|pergunto-me se {}|espero {}|quase {}|{}?|quando {}|quem {}|ainda não {}",
    "ru": "не {}|интересно, {} ли|если {}|надеюсь {}|почти {}|{}?|когда {}|кто {}",
    "uk": "не {}|цікаво, чи {}|якщо {}|сподіваюсь {}|майже {}|{}?|коли {}|хто {}",
    "zh": "没{}|不知道是否{}|如果{}|希望{}|几乎{}|{}吗|{}？|谁{}",
}

#: With a "not" before it this is another act: "do not repeat it".
STOPS = ("повторяй", "повторюй")

ACTUAL = [
    row
    for name in ("phrases.jsonl", *(f"messages/{p.name}" for p in (HERE / "messages").iterdir()))
    for row in rows(name)
    if str(row["expect"]["intent"]) in {*ACTS} - {"note.edit"}
]


def _name(row: dict[str, Any]) -> str:
    return str(row["id"])


@pytest.mark.parametrize("row", ACTUAL, ids=_name)
def test_a_sentence_that_acts_does_not_when_it_is_doubted(row: dict[str, Any]) -> None:
    code, now = row["lang"], datetime.fromisoformat(row["now"])
    for form in FORMS[code].split("|"):
        if form == "не {}" and row["text"].startswith(STOPS):
            continue
        text = form.format(row["text"].rstrip(".!。！"))
        for owner in {"en", code}:
            meaning = say(text, now, language=owner)
            assert meaning.intent not in CHANGES, (text, meaning.why)


def test_there_are_such_sentences_and_forms_in_every_language() -> None:
    assert {row["lang"] for row in ACTUAL} == set(FORMS) == set(languages())
    assert len(ACTUAL) > 200
    for code in languages():
        for key in ("doubt", "doubt_start", "doubt_not", "not_done"):
            assert load(code).starts(key), (code, key)


UNMEANT = """
la declaración no está hecha|o relatório não está feito|quem tem o relatório feito
is the tax return done|when is the tax return done|how is the tax return done
ist die Steuer erledigt|wann ist die Steuer erledigt|wer hat die Steuer gemacht
quand est-ce que le rapport est fini|сделал ли я отчёт|verschieb den Zahnarzt nicht auf Freitag
bitte verschieb den Zahnarzt nicht auf Freitag|the dentist can't be moved to friday
was the dentist moved to friday|why was the dentist moved to friday
the dentist was moved to friday|the dentist wasn't moved to friday|别把牙医改到周四
the tax return isn't done|nothing is done|not sure the tax return is done
i wonder if the tax return is done|get the tax return done|half of the tax return is done
remind me when the tax return is done|tell me when the tax return is done
let me know when the tax return is done|die Steuer ist nie erledigt
die Steuer ist keineswegs erledigt|hast du die Steuer erledigt|die Steuer wird morgen erledigt
la declaración nunca está hecha|la declaración casi está hecha|o relatório ainda não foi feito
o relatório está quase feito|звіт майже зроблено|коли звіт зроблено|报告快完成了|报告几乎完成了
lösch die Notiz Budget nicht|> undo|"undo"|“done milk”|> done
""".strip().replace("\n", "|")


@pytest.mark.parametrize("text", UNMEANT.split("|"))
def test_what_is_not_meant_is_not_done(text: str) -> None:
    assert say(text).intent not in CHANGES


OF_ITS_OWN = """
не звони маме в пятницу|не работает лифт с понедельника|не переноси стоматолога на пятницу
не працює ліфт з понеділка|nein, am Freitag kann ich nicht|nicht am Freitag Mama anrufen
no compres pan mañana|não compres pão amanhã|не покупай хлеб завтра|не купуй хліб завтра
""".strip().replace("\n", "|")


@pytest.mark.parametrize("text", OF_ITS_OWN.split("|"))
def test_a_sentence_of_its_own_corrects_nothing(text: str) -> None:
    meaning = say(text)
    assert meaning.intent not in CHANGES
    assert meaning.answers is None


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("не в среду, а в четверг", "в четверг"),
        ("не в середу, а в четвер", "в четвер"),
        ("non mercoledì, giovedì", "giovedì"),
        ("不是周三，是周四", "周四"),
        ("不对，我是说星期四", "星期四"),
        ("不，我是说周四", "周四"),
        ("no, sorry, I meant Thursday", "Thursday"),
        ("no, thursday", "thursday"),
    ],
)
def test_one_time_for_another_is_a_correction(text: str, change: str) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args) == ("correct", {"change": change})


ELSE = """
complete guide to sourdough|hecho en España|fatto a mano in Italia|feito à mão em Portugal
fait main, c'est mieux|готово тесто, ждёт в холодильнике|完成度只有一半
ok done deal, he said|I finished second in the race
""".strip().replace("\n", "|")


@pytest.mark.parametrize("text", ELSE.split("|"))
def test_what_only_looks_done_is_not_ticked(text: str) -> None:
    assert say(text).intent not in CHANGES


@pytest.mark.parametrize(
    ("text", "intent", "query"),
    [
        ("die Steuer hab ich erledigt", "todo.complete", "die Steuer"),
        ("die Steuer habe ich schon erledigt", "todo.complete", "die Steuer"),
        ("交房租已经做完了", "todo.complete", "交房租"),
        ("drop the gym todo", "todo.drop", "gym"),
        ("mark second draft as done", "todo.complete", "second draft"),
        ('mark "what not to do" as done', "todo.complete", "what not to do"),
    ],
)
def test_the_name_is_all_that_is_looked_for(text: str, intent: str, query: str) -> None:
    meaning = say(text)
    assert (meaning.intent, meaning.args["query"]) == (intent, query)


@pytest.mark.parametrize(
    "text",
    ["don't remind me about the milk", "не напоминай про молоко", "no me recuerdes lo del pan"],
)
def test_a_reminder_that_is_not_wanted_is_dropped(text: str) -> None:
    assert say(text).intent == "todo.drop"


def _kept(meaning: Meaning) -> list[str]:
    return [str(each.args.get("text")) for each in meaning.options if each.intent == "note.add"]


def test_the_question_keeps_the_words_and_offers_the_act() -> None:
    text = "verschieb den Zahnarzt nicht auf Freitag"
    meaning = say(text, NOW, language="de")
    assert meaning.intent == "clarify"
    assert meaning.question
    assert _kept(meaning) == [text]
    assert meaning.options[0].label == "Als Notiz speichern"
    assert "todo.reschedule" in {each.intent for each in meaning.options}


def test_what_is_put_into_a_note_may_say_no() -> None:
    meaning = say("replace the section Ideas in the note Plan with: none left")
    assert meaning.intent == "note.edit"
    assert say("don't replace the section Ideas in the note Plan with: all").intent != "note.edit"
