"""Knows what the owner tells of a day, a week or a month: "yesterday I ran 10k"."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

from octopus.core.meaning import Meaning
from octopus.language.dates import next_weekday
from octopus.language.days import daily_text
from octopus.language.lexicon import Language
from octopus.language.opening import note, todo_or_reminder
from octopus.language.said import Said
from octopus.language.scan import Edge
from octopus.language.task import task_of

_DAYS = frozenset({"day", "daypart"})


def told(said: Said, code: str) -> Meaning | None:
    """ "Yesterday I ran 10k", "ayer corrí": a diary entry of that day, week or month."""
    scan = said.scan(code)
    if "?" in scan.text.norm or "\n" in said.raw.strip():
        return None
    if any(edge.kind == "weekday" for edges in scan.edges for edge in edges):
        return _on_weekday(said, code)
    days = [edge for edge in scan.edges[0] if edge.kind in _DAYS | {"this_period"}]
    if not days or days[0].end < scan.edges[0][0].end:
        return None  # the longest comes first
    first = days[0]
    at = first.end
    while at < len(scan.tokens) and scan.tokens[at].text == ",":
        at += 1
    if at >= len(scan.tokens):
        return None
    if _ahead(first) >= 0:
        planned = _to_do(said, code, at)
        if planned is not None:
            return planned
    if _ahead(first) > 0 or not _is_told(said, code, at, first):
        return None
    text = said.raw.strip()
    why = [f"a day, and what the owner did ({code})"]
    if first.kind != "this_period":
        return said.means("daily.append", why, daily_text(said, code, text))
    args = {"text": text, "date": said.reader(code).today.isoformat(), "period": first.value}
    return said.means("daily.append", why, args)


def _on_weekday(said: Said, code: str) -> Meaning | None:
    """ "El martes vino Laura": an entry of that day; "встречу перенесли на четверг": a note."""
    language, scan = said.language(code), said.scan(code)
    written = [scan.text.cut(token.start, token.end) for token in scan.tokens]
    named = [
        (at, edge)
        for at, edges in enumerate(scan.edges)
        for edge in edges
        if edge.kind == "weekday"
    ]
    at, weekday = named[0]
    on = at > 0 and written[at - 1].lower() in language.words("past_on")
    verb = weekday.end if at == 1 else 0
    if on and len(named) == 1 and _happened(language, written, verb):
        day = next_weekday(said.reader(code).today, weekday.value) - timedelta(days=7)
        day -= timedelta(days=7 if day == said.reader(code).today else 0)
        args = {"text": said.raw.strip(), "date": day.isoformat()}
        return said.means("daily.append", [f"a weekday, and what happened ({code})"], args)
    if any(_fits(language, "past_moved", word.lower()) for word in written):
        return note(said, said.raw.strip(), f"told of a day, nothing to do ({code})")
    return None


def _happened(language: Language, written: list[str], at: int) -> bool:
    """True where the word here, or the one behind a name or small words, is a past."""
    while at < len(written) and (
        (at and written[at][0].isupper())
        or language.longest("past_skip", [word.lower() for word in written[at:]])
        or written[at].lower() in language.words("past_article")
    ):
        at += 1
    if at + 1 >= len(written):
        return False
    word = written[at].lower()
    if _fits(language, "past_by_name", word):
        return written[at + 1][0].isupper()
    return _fits(language, "past_told", word) and not _fits(language, "past_not", word)


def _ahead(first: Edge) -> int:
    """How many days from today; 0 for this week."""
    return 0 if first.kind == "this_period" else int(str(first.value).split()[0])


def _to_do(said: Said, code: str, at: int) -> Meaning | None:
    """ "Today I have to call Bob": not told, but to be done."""
    language, words = said.language(code), said.words(code)
    width = max(language.longest(key, words[at:]) for key in ("todo", "todo_after_day"))
    if not width or at + width >= len(words):
        return None
    task = task_of(said, code, 0, ((at, at + width),))
    return todo_or_reminder(said, task, f"a day and a to-do word ({code}): {words[at]}")


def _is_told(said: Said, code: str, at: int, first: Edge) -> bool:
    """True for what a first person did; "yesterday I" needs no more than that."""
    language, words = said.language(code), said.words(code)
    if words[at] in language.words("i") and first.kind in _DAYS:
        return True
    while at < len(words) and (width := language.longest("past_skip", words[at:])):
        at += width
    if at >= len(words):
        return False
    scan = said.scan(code)
    written = [scan.text.cut(token.start, token.end) for token in scan.tokens[at:]]
    last = next((word for word in reversed(written) if word.isalpha()), "")
    if _fits(language, "past_not", written[0].lower()):
        return False
    ended = _fits(language, "past_end", last)  # as it is written: German nouns are large
    return (
        _fits(language, "past_i", written[0].lower())
        or (ended and not _fits(language, "past_not", last))
        or any(language.longest("past_mark", words[n:]) for n in range(at + 1, len(words)))
    )


def _fits(language: Language, key: str, word: str) -> bool:
    return _any(language, key).fullmatch(word) is not None


@cache
def _any(language: Language, key: str) -> re.Pattern[str]:
    """Fits a word that is one of a list; ``*`` in the list stands for any letters."""
    some = [re.escape(word) for word in str(language.data.get(key, "")).split("|") if word]
    return re.compile("|".join(some).replace(r"\*", r"\w*") or r"(?!)")
