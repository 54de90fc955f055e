"""Which language is a message in? Its small words and its letters say so."""

from __future__ import annotations

import re
from functools import cache

from octopus.language.lexicon import languages, load
from octopus.language.token import Text

_ASIDE = re.compile(r"https?://\S+|\b[a-z]+:(?=\S)\S*|#\S+")  # links, operators and tags
_FAR = 2000  # characters
_ENOUGH = 120  # tokens
_LETTERS = {  # letters that only one of the languages in a script uses
    "uk": frozenset("іїєґ"),
    "ru": frozenset("ыэъ"),
}
_ACCENTS = {
    "de": frozenset("ßäöü"),
    "es": frozenset("ñ¿¡áíóú"),
    "pt": frozenset("ãõâêôçà"),
    "fr": frozenset("çèêëàùîïœ"),
    "it": frozenset("ìòùèà"),
}


@cache
def _hits() -> dict[str, dict[str, float]]:
    """For every telling word, how much it speaks for which language."""
    found: dict[str, dict[str, float]] = {}
    for code in languages():
        language = load(code)
        for word in language.common:
            found.setdefault(word, {})[code] = 1.0
        for word, entries in language.phrases.items():
            if len(word) > 2 and any(entry.kind != "measure" for entry in entries):
                found.setdefault(word, {}).setdefault(code, 0.8)
        for word in language.telling:
            votes = found.setdefault(word, {})
            votes[code] = max(votes.get(code, 0.0), 0.9)
        for template in language.templates:
            for word in template.needs:
                found.setdefault(word, {}).setdefault(code, 0.6)
    for votes in found.values():  # a word that many languages share says little
        if len(votes) > 1:
            for code in votes:
                votes[code] /= len(votes) ** 0.5
    return found


@cache
def _endings() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """How the infinitives of a language end, with which its to-dos begin."""
    rules = ((code, load(code).data.get("imperative", {})) for code in languages())
    return tuple((code, tuple(rule["first"])) for code, rule in rules if rule.get("first"))


@cache
def _openers() -> dict[str, frozenset[str]]:
    """For the first word of every command that takes a text, the languages that have it."""
    keys = ("capture", "search", "ask", "daily", "list", "todo", "remind", "undo")
    found: dict[str, set[str]] = {}
    for code in languages():
        for key in keys:
            for phrase in load(code).starts(key):
                found.setdefault(phrase[0], set()).add(code)
    return {word: frozenset(codes) for word, codes in found.items()}


def scores(text: Text) -> dict[str, float]:
    """How much speaks for each language; languages for which nothing speaks are missing."""
    found: dict[str, float] = {}
    hits = _hits()
    asides = [match.span() for match in _ASIDE.finditer(text.norm[:_FAR])]
    for token in text.tokens[:_ENOUGH]:
        if any(begin <= token.start < end for begin, end in asides):
            continue
        for code, weight in hits.get(token.text, {}).items():
            found[code] = found.get(code, 0.0) + weight
    first = text.tokens[0].text if text.tokens else ""
    for code, endings in _endings():
        if len(first) > 4 and first.endswith(endings):
            found[code] = found.get(code, 0.0) + 0.4
    last = next((token.text for token in reversed(text.tokens) if token.text.isalpha()), "")
    for code in languages():
        endings = load(code).data.get("imperative", {}).get("last")
        if endings and len(last) > 4 and last.endswith(tuple(endings)):
            found[code] = found.get(code, 0.0) + 0.4
    letters = set(text.raw[:2000].lower())
    for code, special in (*_LETTERS.items(), *_ACCENTS.items()):
        if letters & special:
            weight = 1.5 if code in _LETTERS else 0.4
            found[code] = found.get(code, 0.0) + weight
    return found


def candidates(text: Text, preferred: str) -> dict[str, float]:
    """Languages to try and how likely they are, the likeliest first.

    The owner's and English are always among them, and each that has a command like the first word.
    """
    found = scores(text)
    script = _script(text)
    fitting = {code for code in languages() if load(code).script == script}
    for code in found:
        if code not in fitting:
            found[code] *= 0.3
    home = preferred if preferred in languages() else "en"
    found[home] = found.get(home, 0.0) + (0.3 if home in fitting else 0.0)
    if home not in fitting and not any(found.get(code, 0) > 0 for code in fitting):
        for code in sorted(fitting):
            found[code] = found.get(code, 0.0) + 0.1
    for code in languages():
        found.setdefault(code, 0.0)
    order = sorted(found, key=lambda code: (-found[code], load(code).rank, code))
    best = found[order[0]]
    first = text.tokens[0].text if text.tokens else ""
    named = {home, "en", *_openers().get(first, ())}
    chosen = [code for code in order if found[code] >= best * 0.25 or code in named]
    return {code: found[code] for code in chosen}


def _script(text: Text) -> str:
    """The script in which most of the letters are; Han counts double, it needs fewer."""
    han = cyrillic = latin = 0
    for char in text.norm[:600]:
        if "\u3400" <= char <= "\u9fff":
            han += 2
        elif "\u0400" <= char <= "\u04ff":
            cyrillic += 1
        elif char.isalpha():
            latin += 1
    if han and han * 2 >= max(cyrillic, latin):
        return "han"
    return "cyrillic" if cyrillic > latin else "latin"
