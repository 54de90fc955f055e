"""A word in answer to a greeting, in its language; everything else is worth a nod."""

from __future__ import annotations

from octopus.language.lexicon import Language, languages, load
from octopus.language.token import words

_NOD = "👍"
_HEART = "❤"


def talk(text: str, language: str) -> tuple[str, str]:
    """The line to say and the reaction to show; one of them is empty."""
    said = [word for word in words(text) if word[0].isalnum() or word in ("'", "-")]
    codes = [language, *(code for code in languages() if code != language)]
    for code in (code for code in codes if code in languages()):
        known = load(code)
        if known.longest("talk_thanks", said):
            return "", _HEART
        greeting = known.longest("talk_greet", said)
        rest = said[greeting:]
        if known.longest("talk_how", rest) or known.longest("talk_how", said):
            return str(known.data["lines"]["how"]), ""
        if greeting:
            return _greeting(known, said[:greeting]), ""
    return "", _NOD


def _greeting(language: Language, said: list[str]) -> str:
    """What was said, said back, spelt as it should be."""
    known: list[str] = language.data["talk_greet"].split("|")
    line = next(phrase for phrase in known if words(phrase) == tuple(said))
    return line[:1].upper() + line[1:] + ("！" if language.script == "han" else "!")
