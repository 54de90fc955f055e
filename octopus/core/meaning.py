"""What was understood of a message: the intent, its arguments, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: See ``Meaning.answers``.
ANYTHING = "*"
REFUSED = "no,"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a short question; choosing it means this intent with these arguments."""

    label: str
    intent: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meaning:
    """An intent of the contract with its arguments; missing ones are None."""

    intent: str
    args: Mapping[str, Any] = field(default_factory=dict)
    source: str = "rules"  # "model" where the rules pass it on
    language: str = "en"
    question: str | None = None  # asked before anything is done
    options: tuple[Option, ...] = ()
    why: tuple[str, ...] = ()  # which rule, which words: for ``octopus explain``
    #: Words that answer or correct what was done just before, if it holds them; "" for a bare
    #: time, which fits everything that has one; ANYTHING for what fits any words; REFUSED for
    #: "no, ...", which is about whatever was done; None for all other messages.
    answers: str | None = None
    #: The number that is all the message says ("2", "the second one"); 0 for all others.
    number: int = 0
