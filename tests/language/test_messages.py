"""Short messages of nine languages, as they are typed on a phone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from octopus.language.lexicon import languages
from tests.language.reading import BERLIN, DESTRUCTIVE, HERE, fault, rows, say

PHRASES = list(rows("phrases.jsonl"))
SETS = sorted(path.name for path in (HERE / "messages").glob("*.jsonl"))
OWN = [row for name in SETS for row in rows(f"messages/{name}")]


def _name(row: dict[str, Any]) -> str:
    return str(row["id"])


def _now(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["now"])


@pytest.mark.parametrize("row", PHRASES, ids=_name)
def test_a_phrase_of_the_specification(row: dict[str, Any]) -> None:
    assert fault(row["expect"], say(row["text"], _now(row))) is None


@pytest.mark.parametrize("row", PHRASES, ids=_name)
def test_a_phrase_for_an_owner_of_its_language(row: dict[str, Any]) -> None:
    assert fault(row["expect"], say(row["text"], _now(row), language=row["lang"])) is None


@pytest.mark.parametrize("row", OWN, ids=_name)
def test_a_message(row: dict[str, Any]) -> None:
    meaning = say(row["text"], _now(row))
    assert fault(row["expect"], meaning) is None, meaning.why


@pytest.mark.parametrize("row", OWN, ids=_name)
def test_a_message_for_an_owner_of_its_language(row: dict[str, Any]) -> None:
    meaning = say(row["text"], _now(row), language=row["lang"])
    assert fault(row["expect"], meaning) is None, meaning.why


def test_the_sets_are_large_enough_and_cover_every_language() -> None:
    assert len(OWN) >= 600
    assert {row["lang"] for row in OWN} == set(languages())
    assert len({row["text"] for row in OWN}) == len(OWN)


def test_every_language_has_a_set_of_its_own() -> None:
    assert [Path(name).stem for name in SETS if len(Path(name).stem) == 2] == list(languages())


@pytest.mark.parametrize("row", OWN + PHRASES, ids=_name)
def test_nothing_destructive_without_being_told(row: dict[str, Any]) -> None:
    wanted = row["expect"]["intent"]
    if not DESTRUCTIVE & set(wanted if isinstance(wanted, list) else [wanted]):
        for owner in ("en", row["lang"]):
            assert say(row["text"], _now(row), language=owner).intent not in DESTRUCTIVE


@pytest.mark.parametrize("row", OWN + PHRASES, ids=_name)
def test_lower_case_without_a_full_stop_means_the_same(row: dict[str, Any]) -> None:
    text = row["text"]
    if "\n" in text or "http" in text or row["expect"]["intent"] == "command" or len(text) > 200:
        return
    meaning = say(text, _now(row), language=row["lang"])
    if meaning.intent == "clarify" and text.istitle():
        return  # a name is known by its capitals
    lower = say(text.lower(), _now(row), language=row["lang"])
    assert (lower.intent, lower.args.get("at"), lower.args.get("due")) == (
        meaning.intent,
        meaning.args.get("at"),
        meaning.args.get("due"),
    )


#: Arguments that a meaning has only where the words say so.
EXTRAS = {
    "daily.append": ("period",),
    "agenda": ("to",),
    "note.add": ("instead_of", "or_todo"),
    "reminder.add": ("nag", "also"),
    "note.rename": ("or_todo",),
    "correct": ("edit",),
    "todo.reschedule": ("edit",),
    "todo.edit": ("scheduled", "tags", "without", "old", "first", "add"),
}


@pytest.mark.parametrize("row", OWN, ids=_name)
def test_every_meaning_says_why_and_has_all_its_arguments(row: dict[str, Any]) -> None:
    from octopus.language.said import SHAPES

    meaning = say(row["text"], _now(row))
    assert meaning.why
    passed_on = meaning.intent == "chat" and text_asks(row["text"])
    assert meaning.source == "model" or not passed_on
    assert meaning.intent == "chat" or meaning.source == "rules"
    own = set(SHAPES[meaning.intent])
    assert own <= set(meaning.args) <= own | set(EXTRAS.get(meaning.intent, ()))
    at = meaning.args.get("at")
    if at is not None:
        moment = datetime.fromisoformat(at)
        assert moment.utcoffset() == moment.astimezone(BERLIN).utcoffset()


def text_asks(text: str) -> bool:
    """True for a question, which only a model can answer."""
    return text.endswith(("?", "？"))
