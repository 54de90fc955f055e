"""The arguments of every intent: named as scripts know them, in every language, for any text."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus.core.meaning import Meaning
from octopus.language.said import SHAPES
from tests.language.reading import say

#: What a script may rely on; more arguments may come, none of these goes.
KNOWN = {
    "note.add": "text tags",
    "note.append": "note text heading",
    "note.edit": "note change",
    "note.rename": "from to",
    "note.delete": "note",
    "note.open": "note",
    "daily.append": "text date",
    "link.save": "url text note",
    "todo.add": "text due at repeat priority list",
    "todo.add_many": "items list",
    "todo.complete": "query",
    "todo.reschedule": "query due at",
    "todo.list": "when",
    "reminder.add": "text at repeat",
    "agenda": "date",
    "search": "query",
    "ask": "question from to",
    "chat": "text",
    "correct": "change",
    "command": "name args",
}
DATES = ("due", "date", "from", "to")


def well_formed(meaning: Meaning) -> None:
    """Every argument is there, said or not; times are what they are said to be."""
    args = meaning.args
    if meaning.intent in KNOWN:
        assert set(KNOWN[meaning.intent].split()) <= set(args), meaning
    if meaning.intent == "clarify":
        assert meaning.question
        assert meaning.options or meaning.why == ("an empty message",)
        for option in meaning.options:
            _times(option.intent, option.args)
    _times(meaning.intent, args)


def _times(intent: str, args: Any) -> None:
    if args.get("at"):
        assert datetime.fromisoformat(args["at"]).tzinfo is not None
    for name in DATES:
        if args.get(name) and intent in {"todo.add", "todo.reschedule", "daily.append", "ask"}:
            assert date.fromisoformat(args[name]).isoformat() == args[name]
    if args.get("priority"):
        assert args["priority"] in {"highest", "high", "medium", "low", "lowest"}
    if args.get("repeat"):
        assert re.match(r"every\b", args["repeat"])


def test_no_argument_that_scripts_know_is_gone() -> None:
    assert {name: set(keys.split()) - set(SHAPES[name]) for name, keys in KNOWN.items()} == {
        name: set() for name in KNOWN
    }


SAME = [
    (
        "todo.add",
        {"due": "2026-11-21"},
        "buy milk tomorrow|morgen Milch kaufen|acheter du lait demain|comprar leche mañana|"
        "comprare il latte domani|comprar leite amanhã|завтра купить молоко|завтра купити молоко|"
        "明天买牛奶",
    ),
    (
        "reminder.add",
        {"at": "2026-11-21T09:00:00+01:00", "repeat": None},
        "remind me tomorrow at 9:00 to call Ann|erinnere mich morgen um 9:00 an Ann|"
        "rappelle-moi demain à 9h00 d'appeler Ann|recuérdame mañana a las 9:00 llamar a Ann|"
        "ricordami domani alle 9:00 di chiamare Ann|lembra-me amanhã às 9:00 de ligar à Ann|"
        "напомни завтра в 9:00 позвонить Ане|нагадай завтра о 9:00 подзвонити Ані|"
        "明天9:00提醒我打电话",
    ),
    ("undo", {}, "undo|rückgängig|annuler|deshacer|annulla|desfazer|отмена|скасувати|撤销"),
]


@pytest.mark.parametrize(
    ("intent", "args", "text"),
    [(intent, args, text) for intent, args, some in SAME for text in some.split("|")],
)
def test_the_same_wish_has_the_same_shape_in_every_language(
    intent: str, args: dict[str, Any], text: str
) -> None:
    meaning = say(text)
    assert meaning.intent == intent
    assert {name: meaning.args[name] for name in args} == args
    well_formed(meaning)


SPOKEN = (
    "remind me|todo:|buy|call|tomorrow|Monday|at 9|every day|until|31 February|in 2 weeks|note|log",
    "add|to my|rename|the|delete|open|search|what|undo|no|not|done|move|high priority|shopping:",
    "erinnere mich|morgen|um 9 Uhr|jeden Tag|Notiz|erledigt|nein|demain|à 9h|rappelle-moi|mañana",
    "recuérdame|domani|ricordami|amanhã|завтра|напомни|в|отмена|скасувати|明天|提醒我|撤销|🥛",
    "https://a.example|[[Boat]]|99999999999|25:61|0|½|/todo|/undo|:|,|?|!|- [ ]|#tag|\u202e",
)
WORDS = [word for line in SPOKEN for word in line.split("|")]


@given(st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join))
def test_whatever_words_come_together_the_shape_holds(text: str) -> None:
    well_formed(say(text))


@given(st.text(max_size=60), st.text(max_size=30))
def test_whatever_is_typed_the_shape_holds(text: str, reply_to: str) -> None:
    well_formed(say(text, reply_to=reply_to))


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join))
def test_the_same_text_at_the_same_time_means_the_same(text: str) -> None:
    assert say(text) == say(text)
