"""Tries the sentence templates of a language: "rename the note A to B", "what's on Friday?"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from octopus.core.meaning import Meaning, Option
from octopus.language import lists, note_sentence
from octopus.language.days import dated, day_note, diary, part, whole_day
from octopus.language.note_sentence import clean, note_name
from octopus.language.place import zone_of
from octopus.language.question import period_of
from octopus.language.said import Said
from octopus.language.scan import Scan
from octopus.language.second import look
from octopus.language.task import remaining, trimmed
from octopus.language.template import Template
from octopus.language.token import Text, fold
from octopus.language.when import Pieces, read

_CLEAR = 5  # characters of a time in a language that the message is hardly in
_MOST_WORDS = 40
_LONGEST_NAME = 60  # characters of what a to-do is called in passing
_LONGEST = 600  # characters; nothing longer is a command


def by_template(said: Said, code: str) -> Meaning | None:
    """The template that fits the whole message; of several languages the one that says most.

    All languages that the message may be in are tried at once, when ``code`` is the first.
    """
    if code != said.code:
        return None
    best: tuple[int, Meaning] | None = None
    for candidate in said.languages:
        found = _first(said, candidate)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best[1] if best else None


def _first(said: Said, code: str) -> tuple[int, Meaning] | None:
    """The first template of a language that fits, and how many characters of it are fixed."""
    scan = said.scan(code)
    if len(scan.text.norm) > _LONGEST:
        return None
    begin = said.begin(code)
    norm = scan.text.norm
    offset = scan.tokens[begin].start if begin < len(scan.tokens) else 0
    stop = _polite_end(scan)
    words = {token.text for token in scan.tokens}
    for template in scan.language.templates:
        if template.needs and not template.needs & words:
            continue
        for start in (0, offset) if offset else (0,):
            match = template.pattern.fullmatch(norm, start, stop)
            meaning = match and _meaning(said, code, template, match)
            if match is not None and meaning:
                free = sum(len(value or "") for value in match.groups())
                return len(norm) - free, meaning
    return None


def _polite_end(scan: Scan) -> int:
    """Where the message ends without a closing "please"."""
    last = len(scan.tokens)
    while last > 2 and scan.tokens[last - 1].text in (".", "!", ","):
        last -= 1
    if last > 2 and scan.language.longest("please_end", [scan.tokens[last - 1].text]):
        return scan.tokens[last - 2].end
    return len(scan.text.norm)


def _meaning(said: Said, code: str, template: Template, match: re.Match[str]) -> Meaning | None:
    scan = said.scan(code)
    slots = {
        name: scan.text.cut(*match.span(name))
        for name, value in match.groupdict().items()
        if value is not None
    }
    why = [f"sentence ({code}): {template.said}"]
    if template.intent == "reschedule.ask":
        return _when(said, code, clean(slots["query"]), why)
    build = _BUILDERS.get(template.intent)
    fixed = {key: value for key, value in template.args.items() if key != "date_word"}
    if build is None:
        args: Mapping[str, Any] | None = {**fixed, **_cleaned(template.intent, slots)}
    else:
        args = build(said, code, {**fixed, **slots})
    if args is None:
        return None
    intent = str(args.get("_intent", template.intent))
    return said.means(intent, why, {k: v for k, v in args.items() if k != "_intent"})


def _when(said: Said, code: str, query: str, why: list[str]) -> Meaning | None:
    """ "Postpone the dentist": to when?"""
    if not query or part(said, code, query)[1]:
        return None
    query = _meant(said, code, query) or ""
    options = [
        Option(
            said.label(at),
            "todo.reschedule",
            {"query": query or None, "due": at.date().isoformat(), "at": at.isoformat()},
        )
        for at in said.soon()
    ]
    return said.asks(said.line("when"), options, why)


def _cleaned(intent: str, slots: Mapping[str, str]) -> dict[str, str]:
    names = {"note", "from", "to", "heading", "into", "title", "template"}
    return {key: note_name(value) if key in names else clean(value) for key, value in slots.items()}


def _list(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    if "date" not in slots:
        return {"when": slots.get("when", "all")}
    text = clean(slots["date"])
    tag = re.fullmatch(r"#\S+", text)
    if tag:
        return {"when": text}
    today = said.reader(code).today
    scan, pieces = part(said, code, text)
    found = pieces.day.found if pieces.day else None
    weeks = ("next_week", "next_unit", "this_unit")
    if found is not None and found.name in weeks and (found.get("unit") or "week") == "week":
        return {"when": "week" if found.name == "this_unit" else "next week"}
    if period_of(scan, said.reader(scan.language.code)) is not None and "this" in scan.kinds(0):
        return {"when": "week"}
    day = whole_day(said, code, text)
    if day is None:
        return None
    return {"when": "today" if day == today else day.isoformat()}


def _reschedule(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """To when, and of what; a move without any time in it is no such thing."""
    if "when" not in slots:
        return {"_intent": "todo.reschedule", "query": said.reply_to}
    found = _split(said, code, slots)
    if found is None:
        return None
    scan, pieces, query = found
    moment = said.reader(scan.language.code).moment(pieces)
    at = moment.at or (moment.choices[0] if moment.choices else None)
    due = moment.day if at is None else at.date()
    if due is None:
        return None
    return {
        "_intent": "todo.reschedule",
        "query": _meant(said, code, query) if query else said.reply_to,
        "due": due.isoformat(),
        "at": at.isoformat() if at else None,
    }


def _split(said: Said, code: str, slots: Mapping[str, Any]) -> tuple[Scan, Pieces, str] | None:
    """Where what is moved ends and the new time begins: the earliest word that is all time."""
    text = slots["when"]
    if "query" not in slots and not part(said, code, text)[1]:
        text = said.language(code).data.get("after", "{}").format(text)
    if "query" in slots:
        scan, pieces = part(said, code, text)
        if pieces and _covers(scan, pieces, 0):
            return scan, pieces, clean(slots["query"])
        start = said.raw.find(slots["query"])
        text = said.raw[start : said.raw.find(slots["when"], start) + len(slots["when"])]
    first = 1 if "query" in slots else 0
    for candidate in dict.fromkeys((code, *said.languages)):
        scan = Scan(Text(text), said.language(candidate))
        for at in range(first, min(len(scan.tokens), _MOST_WORDS)):
            pieces = read(scan, at)
            if pieces and _covers(scan, pieces, at):
                query = trimmed(scan, 0, at)
                end = scan.tokens[query[1] - 1].end if query[1] else 0
                return scan, pieces, clean(scan.text.cut(0, end))
    return None


def _covers(scan: Scan, pieces: Pieces, at: int) -> bool:
    """True when everything from this word on says when."""
    covered = {n for begin, end in pieces.spans for n in range(begin, end)}
    return all(
        n in covered or scan.tokens[n].text in ".,!?:"
        for n in range(at, len(scan.tokens))
        if not (n == at and scan.language.longest("filler_end", [scan.tokens[n].text]))
    )


def _ask(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    return {**period_args(said, code), "question": said.raw.strip()}


def period_args(said: Said, code: str) -> dict[str, str | None]:
    """``from`` and ``to`` of a question, in the languages that the message may be in."""
    for candidate in dict.fromkeys((code, *said.languages)):
        found = period_of(said.scan(candidate), said.reader(candidate))
        if found is not None:
            (first, last), words = found
            if candidate != code and candidate not in said.close and len(words) < _CLEAR:
                continue
            return {
                "from": first.isoformat() if first else None,
                "to": last.isoformat() if last else None,
            }
    return {"from": None, "to": None}


def _refused(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    return {"_intent": "chat", "text": said.raw}


def _query(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    query = clean(slots["query"])
    language = said.language(code)
    if (
        not query
        or "?" in said.text.norm
        or query.lower().split()[-1] in language.words("not_before_done")
    ):
        return None
    return {"query": _meant(said, code, query)}


def _dropped(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """What shall not be done any more: told by its name alone where no word says "task".

    "Cancel the hotel on Friday" is something to do, as is what has one of the words ``unless``.
    """
    found = _query(said, code, slots)
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


def _meant(said: Said, code: str, query: str) -> str | None:
    """What is named; for "it" what the message answers, None for the latest thing."""
    return said.reply_to if query.lower() in said.language(code).words("it") else query


def _on_todos(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """ "Add call Bob to my to-do list": a to-do without a list of its own."""
    scan, pieces = part(said, code, clean(slots["text"]))
    look(scan, pieces, 0, len(scan.tokens))
    moment = said.reader(scan.language.code).moment(pieces)
    text = remaining(scan, 0, pieces.spans)
    if not text or moment.impossible or moment.choices:
        return None
    due = moment.at.date() if moment.at else moment.day
    return {
        "_intent": "todo.add",
        "text": text,
        "due": due.isoformat() if due else None,
        "at": moment.at.isoformat() if moment.at else None,
        "repeat": moment.repeat.text if moment.repeat else None,
    }


def _on_list(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """ "Add milk and eggs to the shopping list": each thing is an item of that list."""
    scan = Scan(Text(clean(slots["text"])), said.language(code))
    things = lists.items(scan, 0)
    name = clean(slots["list"]) if slots.get("list") else None
    return {"_intent": "todo.add_many", "items": things, "list": name} if things else None


def _place(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where the owner is: only what has a time zone, unless the sentence speaks of one."""
    place = clean(slots["place"])
    return {"place": place} if slots.get("sure") or zone_of(place) else None


_BUILDERS = {
    "zone.set": _place,
    "note.rename": note_sentence.moved,
    "note.edit": note_sentence.edited,
    "note.merge": note_sentence.named,
    "agenda": dated,
    "todo.list": _list,
    "daily.append": diary,
    "daily.open": day_note,
    "todo.reschedule": _reschedule,
    "snooze": _reschedule,
    "ask": _ask,
    "refuse": _refused,
    "todo.complete": _query,
    "todo.drop": _dropped,
    "note.append": note_sentence.append,
    "note.delete": note_sentence.named_note,
    "list.add": _on_list,
    "list.todo": _on_todos,
    "note.open": note_sentence.named_note,
}
