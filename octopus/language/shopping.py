"""What is to be bought, and what was: "buy some milk", "bought milk", "Milch gekauft"."""

from __future__ import annotations

from functools import cache

from octopus.language.lexicon import Language, languages, load
from octopus.language.token import Text, words

_WORDS = 8  # of somebody who says what they bought; longer is a story


def thing(text: str, language: str) -> str | None:
    """What is to be bought; None for anything but buying."""
    return _after(text, _language(language), "buy")


def is_shopping(name: str) -> bool:
    """Whether a list of this name holds what is to be bought, in whatever language it is named."""
    return words(name) in _shopping()


@cache
def _shopping() -> frozenset[tuple[str, ...]]:
    return frozenset(name for code in languages() for name in load(code).starts("shopping"))


def bought(text: str, language: str) -> str | None:
    """What was bought; None for anything but a short report of that."""
    words = text.split()
    if len(words) > _WORDS or "\n" in text.strip() or "?" in text:
        return None
    home = _language(language)
    found = _after(text, home, "bought")
    if found is not None:
        return found
    cut = Text(text)
    said = [token.text for token in cut.tokens if token.text not in ".!,"]
    ends = home.words("bought_end")
    if len(said) > 1 and said[-1] in ends:
        last = next(token for token in reversed(cut.tokens) if token.text == said[-1])
        return _trimmed(cut.cut(0, last.start))
    return None


def _after(text: str, language: Language, key: str) -> str | None:
    cut = Text(text)
    said = [token.text for token in cut.tokens]
    width = language.longest(key, said)
    if not width or width == len(said):
        return None
    rest = said[width:]
    small = language.common | language.words("articles")
    while len(rest) > 1 and rest[0] in small:
        rest, width = rest[1:], width + 1
    return _trimmed(cut.cut(cut.tokens[width].start, len(cut.norm)))


def _trimmed(text: str) -> str | None:
    return text.strip(" .!,:") or None


def _language(code: str) -> Language:
    return load(code if code in languages() else "en")
