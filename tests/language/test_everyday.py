"""What is said on an ordinary day, as it is typed on a phone or written down from speech."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from octopus.language.lexicon import languages
from tests.language.reading import DESTRUCTIVE, fault, rows, say

ROWS = list(rows("everyday.jsonl"))
RIGHT = 0.98
UNDOING = DESTRUCTIVE | {"todo.drop", "todo.complete", "undo"}


def _meaning(row: dict[str, Any], language: str) -> Any:
    return say(row["text"], datetime.fromisoformat(row["now"]), language=language)


def test_there_are_enough_of_them_in_every_language() -> None:
    counts = Counter(row["lang"] for row in ROWS)
    assert set(counts) == set(languages())
    assert min(counts.values()) >= 20
    assert len({row["text"] for row in ROWS}) == len(ROWS) >= 250


def test_nearly_all_are_understood_by_an_owner_of_their_language() -> None:
    wrong = {
        row["text"]: found
        for row in ROWS
        if (found := fault(row["expect"], _meaning(row, row["lang"])))
    }
    assert len(wrong) <= len(ROWS) * (1 - RIGHT), wrong


@pytest.mark.parametrize("language", languages())
def test_nothing_is_taken_away_by_mistake_whatever_the_owner_speaks(language: str) -> None:
    for row in ROWS:
        found = _meaning(row, language).intent
        assert found == row["expect"]["intent"] or found not in UNDOING, row["text"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_no_capital_and_no_stop_is_needed(row: dict[str, Any]) -> None:
    text = row["text"]
    assert text == text.lower()
    assert text[-1] not in ".!?"
    said, meaning = {**row, "text": f"{text[0].upper()}{text[1:]}"}, _meaning(row, row["lang"])
    large = _meaning(said, row["lang"])
    assert large.intent == meaning.intent
    assert [large.args.get(key) for key in ("at", "due", "repeat")] == [
        meaning.args.get(key) for key in ("at", "due", "repeat")
    ]
