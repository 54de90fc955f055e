"""Tries the sentence templates of a language: "rename the note A to B", "what's on Friday?"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from octopus.core.meaning import Meaning, Option
from octopus.language import list_sentence, note_sentence, todo_sentence, todo_wish
from octopus.language.days import dated, day_note, diary, no_such_day, part, period_args, whole_day
from octopus.language.note_sentence import clean, note_name
from octopus.language.place import zone_of
from octopus.language.said import Said
from octopus.language.scan import Scan
from octopus.language.task import task_of
from octopus.language.template import Template
from octopus.language.token import fold

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
        return _no_day(said, code, slots, why) if template.intent == "agenda" else None
    intent = str(args.get("_intent", template.intent))
    return said.means(intent, why, {k: v for k, v in args.items() if k != "_intent"})


def _no_day(said: Said, code: str, slots: Mapping[str, str], why: list[str]) -> Meaning | None:
    """ "What's on 31 February?": there is no such day, and nobody has to think about it."""
    if not no_such_day(said, code, slots.get("date", "")):
        return None
    keep = Option(said.line("keep"), "note.add", {"text": said.raw, "tags": None})
    find = Option(said.line("search"), "search", {"query": said.raw})
    return said.asks(said.line("no_such_day"), [find, keep], [*why, "there is no such day"])


def _when(said: Said, code: str, query: str, why: list[str]) -> Meaning | None:
    """ "Postpone the dentist": to when?"""
    if not query or part(said, code, query)[1]:
        return None
    query = todo_sentence.meant(said, code, query) or ""
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


def _ask(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    return {**period_args(said, code), "question": said.raw.strip()}


def _refused(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    return {"_intent": "chat", "text": said.raw}


def _on_todos(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """ "Add call Bob to my to-do list", "add an urgent task: call Bob": without a list."""
    level = slots.get("priority")
    if "level" in slots:
        level = todo_wish.levels(code, alone=True).get(fold(clean(slots["level"])))
        if level in (None, "none"):
            return None
    inside = Said.of(clean(slots["text"]), said.now, said.owner, None)
    inside.languages = tuple(dict.fromkeys((code, *said.languages)))
    task = task_of(inside, code, inside.begin(code))
    moment = task.moment
    if not task.text or moment.impossible or moment.choices:
        return None
    due = moment.at.date() if moment.at else moment.day
    return {
        "_intent": "todo.add",
        "text": task.text,
        "due": due.isoformat() if due else None,
        "at": moment.at.isoformat() if moment.at else None,
        "repeat": moment.repeat.text if moment.repeat else None,
        "priority": level or task.priority,
    }


def _place(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where the owner is: only what has a time zone, unless the sentence speaks of one."""
    if "place" not in slots:
        return {}  # "what time zone am I in?"
    place = clean(slots["place"])
    if "when" in slots and whole_day(said, code, slots["when"]) is None:
        return None
    return {"place": place} if slots.get("sure") or zone_of(place) else None


_BUILDERS = {
    "zone.set": _place,
    "note.rename": note_sentence.moved,
    "note.edit": note_sentence.edited,
    "note.merge": note_sentence.named,
    "agenda": dated,
    "todo.list": todo_sentence.listed,
    "todo.edit": todo_wish.edited,
    "daily.append": diary,
    "daily.open": day_note,
    "todo.reschedule": todo_sentence.moved,
    "snooze": todo_sentence.moved,
    "ask": _ask,
    "refuse": _refused,
    "todo.complete": todo_sentence.completed,
    "todo.drop": todo_sentence.dropped,
    "note.append": note_sentence.append,
    "note.delete": note_sentence.named_note,
    "list.add": list_sentence.added,
    "list.show": list_sentence.shown,
    "list.todo": _on_todos,
    "todo.add": _on_todos,
    "note.open": note_sentence.named_note,
}
