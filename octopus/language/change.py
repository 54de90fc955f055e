"""What is wanted of a note when its owner says so in words: "set status to done"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from octopus.language.lexicon import load
from octopus.language.template import Template
from octopus.language.token import Text

_LONGEST = 2_000  # characters; nothing longer is said in such words
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "‘": "’", "'": "'"}
_NAMES = {"name", "heading"}


@dataclass(frozen=True, slots=True)
class Wish:
    """One change. ``kind`` names it, ``args`` are its words as they were written.

    set{name,value} add{name,value} take{name,value} drop{name}: a property and its values.
    under{heading,text} section{heading,text} start{text} end{text}: new lines, or other ones.
    replace{old,new} cut{old}: words in the text.
    """

    kind: str
    args: Mapping[str, str]


def wish(text: str, language: str) -> Wish | None:
    """What is wanted, by the rules of a language and then of English; None for what none knows."""
    if len(text) > _LONGEST:
        return None
    said = Text(text.strip())
    for code in dict.fromkeys((language, "en")):
        for template in _templates(code):
            match = template.pattern.fullmatch(said.norm)
            if match is None:
                continue
            words = {name: said.cut(*match.span(name)) for name in match.groupdict()}
            args = {name: _bare(name, value) for name, value in words.items()}
            if all(args.values()):
                return Wish(template.intent, {**template.args, **args})
    return None


@cache
def _templates(code: str) -> tuple[Template, ...]:
    try:
        rules = load(code).data.get("changes", ())
    except KeyError:
        return ()
    return tuple(Template(kind, said, args) for kind, said, args in (((*r, {})[:3]) for r in rules))


def _bare(name: str, text: str) -> str:
    """Without the quotes around it; names also without the signs of Markdown."""
    text = text.strip()
    if len(text) > 2 and _QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1]
    if name in _NAMES:
        text = re.sub(r"^#+\s+", "", text).strip(" :*")
    return text.removeprefix("#") if name == "tag" else text
