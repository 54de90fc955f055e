"""Which words of a question can be looked for: what asks, and small words, stand in no answer."""

from __future__ import annotations

from octopus.language.lexicon import languages, load
from octopus.language.token import Text

_SMALL = ("question", "question_small", "mine", "articles", "question_anywhere", "mine_long")
_SHORT = 6  # letters from which on a word is taken for a participle with a prefix


def content(question: str, language: str) -> list[str]:
    """The words that count, in order, each once; all words where none of them does."""
    home = load(language if language in languages() else "en")
    cut = Text(question)
    said = [token.text for token in cut.tokens]
    every = [token.text for token in cut.tokens if token.text[0].isalnum()]
    found: list[str] = []
    at, run_ends = 0, -1
    while at < len(said):
        width = max(home.longest(key, said[at:]) for key in _SMALL)
        if width or not said[at][0].isalnum() or said[at] in home.common:
            at += width or 1
            continue
        joined = home.script == "han" and run_ends == cut.tokens[at].start and found
        if joined:  # characters that stand side by side are one word
            found[-1] += said[at]
        else:
            found.append(said[at])
        run_ends = cut.tokens[at].end
        at += 1
    return list(dict.fromkeys(found)) or every


def forms(word: str, language: str) -> tuple[str, ...]:
    """The word and what its other forms begin with, where they are not alike at the beginning.

    German "geparkt" is also looked for as "park": an index knows only endings.
    """
    prefix = load(language).data.get("participle", "") if language in languages() else ""
    if not prefix or not word.startswith(prefix) or len(word) < len(prefix) + _SHORT - 1:
        return (word,)
    stem = word[len(prefix) :]
    return word, stem[:-2] if stem.endswith("en") else stem[:-1]
