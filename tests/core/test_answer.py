"""What is said in answer to a reminder is about that reminder."""

from __future__ import annotations

from typing import Any

import pytest

from octopus.core.answer import about_reminder
from octopus.core.meaning import Meaning, Option

RANG = "⏰ call Ann"


@pytest.mark.parametrize(
    ("intent", "args", "expected"),
    [
        ("todo.complete", {"query": RANG}, ("reminder.done", {"id": 7})),
        ("todo.complete", {"query": None}, ("reminder.done", {"id": 7})),
        ("todo.drop", {"query": RANG}, ("reminder.drop", {"id": 7})),
        (
            "todo.reschedule",
            {"query": RANG, "at": "T", "due": "D"},
            ("reminder.move", {"id": 7, "at": "T", "due": "D"}),
        ),
        (
            "reminder.add",
            {"text": RANG, "at": "T", "repeat": None},
            ("reminder.move", {"id": 7, "at": "T", "due": None}),
        ),
    ],
)
def test_words_for_to_dos_mean_the_reminder(
    intent: str, args: dict[str, Any], expected: tuple[str, dict[str, Any]]
) -> None:
    meaning = about_reminder(Meaning(intent, args, why=("said so",)), 7, RANG)
    assert (meaning.intent, meaning.args) == expected
    assert meaning.why == ("said so", "it answers a reminder")


@pytest.mark.parametrize(
    ("intent", "args"),
    [
        ("todo.complete", {"query": "milk"}),  # something of its own is named
        ("reminder.add", {"text": "call Bob", "at": "T"}),
        ("note.add", {"text": "she was not in"}),
        ("undo", {}),
        ("smalltalk", {}),
    ],
)
def test_what_names_something_of_its_own_is_left_alone(intent: str, args: dict[str, Any]) -> None:
    meaning = Meaning(intent, args)
    assert about_reminder(meaning, 7, RANG) is meaning


def test_a_choice_of_times_moves_it_and_other_choices_stay() -> None:
    options = (
        Option("20:00", "reminder.add", {"text": RANG, "at": "T", "repeat": None}),
        Option("Keep", "note.add", {"text": "at 8"}),
    )
    meaning = about_reminder(Meaning("clarify", question="Which?", options=options), 7, RANG)
    assert meaning.question == "Which?"
    assert meaning.options == (
        Option("20:00", "reminder.move", {"id": 7, "at": "T"}),
        options[1],
    )
