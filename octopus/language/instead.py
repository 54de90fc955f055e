"""What stands for what in "not milk, bread", and where to in "no, in the note Garden"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from octopus.language.lexicon import load
from octopus.language.note_sentence import clean, note_name
from octopus.language.said import Said
from octopus.language.template import Template
from octopus.language.token import Text


def swap(said: Said) -> tuple[str, str] | None:
    """ "Not milk, bread", "bread, not milk": what is wrong, and what is right."""
    found = _fits(said, "instead") or _fits(said, "instead_said")
    return (found["old"], found["new"]) if found else None


def wrong(said: Said) -> str | None:
    """Of "not milk, bread" the milk; None for a message that does not begin so."""
    found = _fits(said, "instead")
    return found["old"] if found else None


def place(said: Said, *, bare: bool = False) -> dict[str, str] | None:
    """ "In the note Garden", "to the list Work": the note or the list; ``bare`` takes "the note
    Garden", too."""
    return _fits(said, "instead_place") or (_fits(said, "instead_named") if bare else None)


def there(change: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The names that a change may be, the likeliest first: "no, to the Garden" is Garden.

    A capital at the beginning belongs to a name: "To do" is called so.
    """
    likely = tuple(dict.fromkeys((*codes, "en")))
    rest = min((_after_no(change, code) for code in likely), key=len)
    text = Text(rest)
    found: dict[str, None] = {}
    for template in (each for code in likely for each in _templates(code, "instead_there")):
        match = template.pattern.fullmatch(text.norm)
        if match is not None and not rest[:1].isupper():
            found[note_name(text.cut(*match.span("name")))] = None
    found[note_name(rest)] = None
    return tuple(name for name in found if name)


def _after_no(change: str, code: str) -> str:
    """The change without the "no, " that it may begin with."""
    text = Text(change)
    width = load(code).longest("correct_bare", [token.text for token in text.tokens])
    if width >= len(text.tokens):
        return change
    return change[text.place(text.tokens[width].start) :].lstrip(" ,.:;-，：；。、")


@cache
def _templates(code: str, key: str) -> tuple[Template, ...]:
    return tuple(Template(key, said) for said in load(code).data.get(key, ()))


def _fits(said: Said, key: str) -> dict[str, str] | None:
    """What stands in the slots of the first of these templates that fits the whole text."""
    for code in said.languages:
        text = said.scan(code).text
        for template in _templates(code, key):
            match = template.pattern.fullmatch(text.norm)
            if match is not None:
                return {
                    name: clean(text.cut(*match.span(name)))
                    for name, value in match.groupdict().items()
                    if value
                }
    return None
