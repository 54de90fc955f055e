"""Which number a short message names: "2", "the second one", in answer to a question."""

from __future__ import annotations

from collections.abc import Sequence

from octopus.language.lexicon import load
from octopus.language.token import fold

_LONGEST = 30  # characters of such an answer
_SIGNS = " .,!#()"


def numbered(text: str, languages: Sequence[str]) -> int:
    """The number that is all the message says, as a digit or an ordinal; 0 for none."""
    said = text.strip(_SIGNS).casefold()
    if len(said) > _LONGEST:
        return 0
    if said.isascii() and said.isdigit():
        return int(said) if len(said) < 3 else 0
    words = [fold(word.strip(_SIGNS)) for word in said.split()]
    for code in languages:
        small = load(code).words("choice_filler")
        left = [word for word in words if word not in small]
        entries = load(code).phrases.get(left[0], ()) if len(left) == 1 else ()
        for entry in entries:
            if entry.kind == "ordinal" and not entry.rest and isinstance(entry.value, int):
                return entry.value
    return 0
