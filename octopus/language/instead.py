"""What stands for what in "not milk, bread", and where to in "no, in the note Garden"."""

from __future__ import annotations

from functools import cache

from octopus.language.days import clean
from octopus.language.lexicon import load
from octopus.language.said import Said
from octopus.language.template import Template


def swap(said: Said) -> tuple[str, str] | None:
    """ "Not milk, bread", "bread, not milk": what is wrong, and what is right."""
    found = _fits(said, "instead") or _fits(said, "instead_said")
    return (found["old"], found["new"]) if found else None


def wrong(said: Said) -> str | None:
    """Of "not milk, bread" the milk; None for a message that does not begin so."""
    found = _fits(said, "instead")
    return found["old"] if found else None


def place(said: Said) -> dict[str, str] | None:
    """ "In the note Garden", "to the list Work": the note or the list."""
    return _fits(said, "instead_place")


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
