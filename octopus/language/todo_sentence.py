"""What sentences about to-dos mean: which are asked for, and what shall become of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from octopus.language.dates import monday
from octopus.language.days import part, whole_span
from octopus.language.lexicon import Language
from octopus.language.note_sentence import clean, note_name
from octopus.language.question import period_of
from octopus.language.said import Said
from octopus.language.scan import Scan
from octopus.language.task import trimmed
from octopus.language.template import Template
from octopus.language.token import Text, fold
from octopus.language.when import Pieces, read

_MOST_WORDS = 40
_LONGEST_NAME = 60  # characters of what a to-do is called in passing


def listed(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """Which to-dos are asked for: ``when`` as the skill knows it, those that are done with "done"
    before it."""
    if "tag" in slots:
        return {"when": "#" + clean(slots["tag"]).lstrip("#")}
    if "note" in slots:
        return _of_note(said, code, slots["note"])
    done = bool(slots.get("done"))
    if "date" not in slots:
        when = str(slots.get("when", "all"))
        return {"when": f"done {when}" if done else when}
    text = clean(slots["date"])
    if re.fullmatch(r"#\S+", text):
        return {"when": text}
    days = _days_done(said, code, text) if done else _days(said, code, text)
    return None if days is None else {"when": f"done {days}" if done else days}


def _of_note(said: Said, code: str, name: str) -> dict[str, Any] | None:
    """By the note or the project that they are about; days and times are none."""
    name = note_name(name)
    taken = said.language(code).words("it") | said.language(code).words("everything")
    if not name or name.lower() in taken or part(said, code, name)[1]:
        return None
    return {"when": name}


def _days(said: Said, code: str, text: str) -> str | None:
    """The day or the days ahead that this text names; of a period that has begun all of it."""
    scan, _ = part(said, code, text)
    reader = said.reader(scan.language.code)
    found = period_of(scan, reader)
    if found is not None and len(found[1]) >= len(text):
        (first, last), _ = found
        if first and last and first < last and last >= reader.today:
            return _span(first, last, reader.today)
    days = whole_span(said, code, text)
    return None if days is None else _span(*days, reader.today)


def _days_done(said: Said, code: str, text: str) -> str | None:
    """The day or the days up to now that this text names."""
    scan = Scan(Text(text), said.language(code))
    reader = said.reader(code)
    found = period_of(scan, reader)
    if found is None or len(found[1]) < len(text):
        return None
    (first, last), _ = found
    return _span(first, last or reader.today, reader.today) if first else None


def _span(first: date, last: date, today: date) -> str:
    """A day or two as the skill reads them; whole weeks by their names."""
    weeks = {0: "week", 7: "next week"}
    ahead = (monday(first) - monday(today)).days
    if first == monday(first) and last == first + timedelta(days=6) and ahead in weeks:
        return weeks[ahead]
    if first == last:
        return "today" if first == today else first.isoformat()
    return f"{first.isoformat()}..{last.isoformat()}"


def moved(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """To when, and of what; a move without any time in it is no such thing."""
    if "when" not in slots:
        return {"_intent": "todo.reschedule", "query": said.reply_to}
    found = split(said, code, slots)
    if found is None:
        return None
    scan, pieces, query = found
    moment = said.reader(scan.language.code).moment(pieces)
    at = moment.at or (moment.choices[0] if moment.choices else None)
    due = moment.day if at is None else at.date()
    target = _named(said, code, query) if query else {"query": said.reply_to}
    if due is None or target is None or (slots.get("once") and moment.repeat):
        return None
    return {
        "_intent": "todo.reschedule",
        **target,
        "due": due.isoformat(),
        "at": at.isoformat() if at else None,
    }


def split(said: Said, code: str, slots: Mapping[str, Any]) -> tuple[Scan, Pieces, str] | None:
    """Where what is moved ends and the new time begins: the earliest word that is all time."""
    text = slots["when"]
    if "query" not in slots and not part(said, code, text)[1]:
        text = said.language(code).data.get("after", "{}").format(text)
    if "query" in slots:
        scan, pieces = part(said, code, text)
        if pieces and covers(scan, pieces, 0):
            return scan, pieces, clean(slots["query"])
        start = said.raw.find(slots["query"])
        text = said.raw[start : said.raw.find(slots["when"], start) + len(slots["when"])]
    first = 1 if "query" in slots else 0
    for candidate in dict.fromkeys((code, *said.languages)):
        scan = Scan(Text(text), said.language(candidate))
        for at in range(first, min(len(scan.tokens), _MOST_WORDS)):
            pieces = read(scan, at)
            if pieces and covers(scan, pieces, at):
                query = trimmed(scan, 0, at)
                end = scan.tokens[query[1] - 1].end if query[1] else 0
                return scan, pieces, clean(scan.text.cut(0, end))
    return None


def covers(scan: Scan, pieces: Pieces, at: int) -> bool:
    """True when everything from this word on says when."""
    covered = {n for begin, end in pieces.spans for n in range(begin, end)}
    return all(
        n in covered or scan.tokens[n].text in ".,!?:"
        for n in range(at, len(scan.tokens))
        if not (n == at and scan.language.longest("filler_end", [scan.tokens[n].text]))
    )


def named(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """The to-do that is spoken of."""
    if "query" not in slots:
        return {"query": said.reply_to, **slots}
    query = clean(slots["query"])
    language = said.language(code)
    if (
        not query
        or "?" in said.text.norm
        or query.lower().split()[-1] in language.words("not_before_done")
    ):
        return None
    if "ending" in slots:
        return _compound(said, code, query)
    if "kind" in slots:
        return _reminder(said, code, query)
    return _named(said, code, query)


def completed(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is done; "made in Spain" and "complete guide to bread" are none of it."""
    language, query = said.language(code), clean(slots.get("query", ""))
    at_end = said.text.norm.rstrip(" .!").endswith(fold(query).rstrip(" .!"))
    words = [token.text for token in Text(query).tokens]
    return None if at_end and language.longest("not_done", words) else named(said, code, slots)


def dropped(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """What shall not be done any more: told by its name alone where no word says "task".

    "Cancel the hotel on Friday" is something to do, as is what has one of the words ``unless``.
    """
    found = named(said, code, slots)
    if found is None or "unless" not in slots:
        return found
    language, query = said.language(code), clean(slots["query"])
    if len(query) > _LONGEST_NAME or "\n" in query:
        return None
    if any(query.lower() in said.language(each).words("it") for each in said.languages):
        return {"query": said.reply_to} if said.reply_to else None
    text, every = Text(query), said.words(code)
    words = {token.text for token in Scan(text, language).tokens}
    others = fold(str(slots["unless"])).split("|")
    if any(other in text.norm if language.script == "han" else other in words for other in others):
        return None
    bids = any(language.longest("injection", every[at:]) for at in range(len(every)))
    return None if bids or part(said, code, query)[1] else found


def _named(said: Said, code: str, query: str) -> dict[str, Any] | None:
    """What is named, and that it is a reminder where "the dentist reminder" is said."""
    for template in _reminder_names(said.language(code)):
        match = template.pattern.fullmatch(fold(query))
        if match is not None:
            return _reminder(said, code, query[match.start("query") : match.end("query")])
    return _compound(said, code, query) or {"query": meant(said, code, query)}


def _compound(said: Said, code: str, query: str) -> dict[str, Any] | None:
    """ "Zahnarzterinnerung": the word for a reminder at the end of another."""
    ending = str(said.language(code).data.get("reminder_ending", ""))
    article, _, name = query.rpartition(" ")
    if not ending or not name.lower().endswith(ending) or len(article.split()) > 1:
        return None
    name = name[: -len(ending)].rstrip("-")
    return _reminder(said, code, name) if name else None


def _reminder(said: Said, code: str, query: str) -> dict[str, Any] | None:
    """A reminder by its name; all of them at once are none."""
    language = said.language(code)
    words, small = query.lower().split(), language.common | language.words("articles")
    while len(words) > 1 and words[0] in small:
        words, query = words[1:], query.split(maxsplit=1)[1]
    taken = language.words("everything")
    if query.lower() in taken or query.lower() in language.words("articles"):
        return None
    return {"query": meant(said, code, query), "kind": "reminder"}


@cache
def _reminder_names(language: Language) -> tuple[Template, ...]:
    return tuple(Template("", said) for said in language.data.get("reminder_named", ()))


def meant(said: Said, code: str, query: str) -> str | None:
    """What is named; for "it" what the message answers, None for the latest thing."""
    return said.reply_to if fold(query) in said.language(code).words("it") else query
