"""Knows a sentence that only speaks of an act: negated, asked, hoped for, told or quoted.

Nothing is ticked, dropped, moved, deleted, renamed or corrected for the sake of such a sentence.
"""

from __future__ import annotations

import re

from octopus.core.meaning import Meaning, Option
from octopus.language.catalogue import say
from octopus.language.said import Said
from octopus.language.token import Text

#: What changes or takes away something that stands already, and the label of its button.
ACTS = {
    "todo.complete": "button.done",
    "todo.drop": "button.drop",
    "todo.reschedule": "button.new",
    "todo.edit": "button.new",
    "note.edit": "button.new",
    "note.rename": "button.new",
    "note.merge": "button.new",
    "note.delete": "button.new",
    "undo": "button.undo",
}
#: What is as good as the act's opposite: a new thing to do, in the words of the old one.
_ADDING = frozenset({"todo.add", "todo.add_many", "reminder.add", "correct"})
#: Words that are put into something: what they say is not said of the act.
_CONTENT = ("change", "words", "text")
_CITED = re.compile(r"""\s*(?:>|"[^"]*"[\s.!?]*$|'[^']*'[\s.!?]*$)""")
_QUOTED = re.compile(r'"[^"\n]*"')
_LONGEST_NAME = 60  # characters of what a question calls it


def doubted(said: Said, meaning: Meaning) -> bool:
    """Whether the message names an act without wanting it."""
    if meaning.intent not in ACTS:
        return False
    if cited(said) or "?" in said.text.norm or _ends_asking(said):
        return True
    text = _QUOTED.sub(lambda match: " " * len(match[0]), said.text.norm)
    if meaning.intent == "note.edit":
        text = text.partition(":")[0]  # "replace the section Ideas with: none left"
    for name in _CONTENT:
        content = meaning.args.get(name)
        if content and isinstance(content, str):
            text = text.replace(Text(content).norm, " ")
    words = [token.text for token in Text(text).tokens]
    return any(_asks(said, code) for code in said.close) or negates(said, words)


def cited(said: Said) -> bool:
    """Whether the whole message is a quotation."""
    return _CITED.match(said.text.norm) is not None


def negates(said: Said, words: list[str]) -> bool:
    """Whether a "not", an "almost" or an "if" stands among these words, as they were typed."""
    some = [said.language(code) for code in said.languages]
    at = 0
    while at < len(words):
        rest = words[at:]
        wanted = max(each.longest("doubt_not", rest) for each in some)  # "don't remind me"
        if not wanted and any(each.longest("doubt", rest) for each in some):
            return True
        at += wanted or 1
    return False


def _ends_asking(said: Said) -> bool:
    """Whether the last word is one that makes a question of a sentence, as in Chinese."""
    last = next((each.text for each in reversed(said.text.tokens) if each.text.isalnum()), "")
    return any(last in said.language(code).words("doubt_end") for code in said.languages)


def _asks(said: Said, code: str) -> bool:
    """Whether it begins like a question or a wish: "when is", "did I", "get it done"."""
    language, begin = said.language(code), said.begin(code)
    words = [token.text for token in said.text.tokens[begin:]]
    if language.longest("doubt_not", words):
        return False
    return any(language.longest(key, words) for key in ("doubt_start", "question"))


def instead(said: Said, act: Meaning, other: Meaning) -> Meaning:
    """What the message means without the act: what it says otherwise, or a question."""
    if other.intent not in _ADDING and other.intent not in ACTS:
        return other
    return _asked(said, act, ACTS[act.intent], "but negated, asked or only spoken of")


def negated(said: Said, meaning: Meaning) -> Meaning:
    """ "Don't call on Friday" is asked about where it looks like something new to do."""
    words = [token.text for token in said.text.tokens]
    language = said.language(said.code)
    if any(not said.language(code).longest("correct_bare", words) for code in said.close):
        return meaning  # "no dia 1" is "on the 1st" in Portuguese
    first = language.longest("correct_bare", words)
    if meaning.intent not in _ADDING or not first or words[first : first + 1] == [","]:
        return meaning
    if not language.longest("doubt", words[first - 1 :]) or not negates(said, words):
        return meaning
    return _asked(said, meaning, "button.add", "but it begins with a no")


def _asked(said: Said, meaning: Meaning, label: str, why: str) -> Meaning:
    """A question: to keep it as a note, or to do it all the same?"""
    name = said.raw.strip()
    name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    keep = Option(say(said.code, "button.save_note"), "note.add", {"text": said.raw, "tags": []})
    do = Option(say(said.code, label), meaning.intent, meaning.args)
    return said.asks(said.line("about", name=name), (keep, do), [*meaning.why, why])
