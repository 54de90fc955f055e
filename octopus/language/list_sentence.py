"""What sentences about lists mean: which one is shown, and what goes onto it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from octopus.core.meaning import Meaning
from octopus.language import lists
from octopus.language.lexicon import Language, languages, load
from octopus.language.note_sentence import clean
from octopus.language.said import Said
from octopus.language.scan import Scan
from octopus.language.shopping import is_shopping
from octopus.language.template import Template
from octopus.language.token import Text, words


def shown(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """ "What's on the packing list?": a list by its name; what there is to buy without one.

    Where no word says "list" only the names of a shopping list are one.
    """
    if "list" not in slots:
        return {"list": None}
    language = said.language(code)
    name = bare(str(slots["list"]), language)
    if is_shopping(name):
        return {"list": name}
    if not name or name.lower() in language.words("everything"):
        return None
    if words(name) in language.starts("list_generic") or words(f"{name} list") in language.starts(
        "list_generic"
    ):
        return {"_intent": "todo.list", "when": "all"}
    ending = tuple(language.words("list_ending")) or ("\0",)
    return {"list": name} if slots.get("any") or name.lower().endswith(ending) else None


def added(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """ "Add milk and eggs to the shopping list": each thing is an item of that list.

    Where no word says "list" (``named``) only the names of a shopping list are one.
    """
    language = said.language(code)
    name = clean(slots["list"]) if slots.get("list") else None
    if slots.get("named"):
        name = bare(name or "", language)
        if not is_shopping(name):
            return None
    things = lists.items(Scan(Text(clean(slots["text"])), language), 0)
    return {"_intent": "todo.add_many", "items": things, "list": name} if things else None


def onto(text: str, language: str) -> Iterator[tuple[list[str], str]]:
    """The things and the list that "cheese to packing" may speak of, in each way to read it."""
    home = load(language if language in languages() else "en")
    cut = Text(text)
    for template in _onto(home):
        match = template.pattern.fullmatch(cut.norm)
        if match is not None:
            name = bare(cut.cut(*match.span("list")), home)
            things = lists.items(Scan(Text(clean(cut.cut(*match.span("text")))), home), 0)
            if name and things:
                yield things, name


@cache
def _onto(language: Language) -> tuple[Template, ...]:
    return tuple(Template("list.add", said) for said in language.data.get("onto_list", ()))


def alone(said: Said, code: str) -> Meaning | None:
    """ "My shopping list": nothing but the name of one."""
    language, begin = said.language(code), said.begin(code)
    every = said.words(code)[begin:]
    while every and (every[-1] in ".!?" or language.longest("please_end", every[-1:])):
        every.pop()
    while len(every) > 1 and every[0] in language.common | language.words("articles"):
        every.pop(0)
    if not every or language.longest("shopping", every) != len(every):
        return None
    name = clean(said.raw) if len(every) == len(said.words(code)) else " ".join(every)
    return said.means("list.show", [f"the name of a list ({code})"], {"list": name})


def bare(name: str, language: Language) -> str:
    """A name without the article or the "my" before it."""
    small = language.common | language.words("articles")
    name = clean(name)
    while " " in name and words(name)[0] in small:
        name = name.split(" ", 1)[1]
    return "" if name.lower() in small else name
