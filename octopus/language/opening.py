"""Rules that know a message by how it opens: "note ...", "search ...", "remind me ..."."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from octopus.core.meaning import Meaning, Option
from octopus.language import lists
from octopus.language.days import daily_text, period_args, tells
from octopus.language.list_sentence import bare
from octopus.language.moment import Moment
from octopus.language.note_sentence import clean
from octopus.language.often import which_days
from octopus.language.said import Said
from octopus.language.task import Task, task_of, trimmed

_TAG = re.compile(r"(?<![\w#&/])#([^\s#.,;:!?'\"()\[\]{}<>|`]+)")
_FAR = re.compile(r"\d{1,2}[./]\s?\d{1,2}[./]\s?\d{5,}|\d{5,}-\d{1,2}-\d{1,2}|\byear\s+\d{5,}")
_AFTER = re.compile(r"[ \t]*(?:[:：,，;\-–—][ \t]*)?(?:\r?\n)?")
_BEFORE_QUERY = re.compile(r"[ \t]*(?:(?!(?<=[ \t])-\S)[:：,，;\-–—][ \t]*)?(?:\r?\n)?")
_OPERATOR = re.compile(r"[:\"*]|(?:^|\s)-\S")
_COLONS = (":", "-", "–", "—")


@dataclass(frozen=True, slots=True)
class Opening:
    """A command phrase at the start: its tokens' end, and whether a colon follows."""

    end: int
    colon: bool
    phrase: str


def opening(said: Said, code: str, key: str, at: int | None = None) -> Opening | None:
    """The phrase of this list with which the message begins."""
    words = said.words(code)
    begin = said.begin(code) if at is None else at
    width = said.language(code).longest(key, words[begin : begin + 12])
    if not width:
        return None
    end = begin + width
    scan = said.scan(code)
    colon = end < len(words) and (
        words[end] == ":"
        or (words[end] == "-" and scan.tokens[end].start > scan.tokens[end - 1].end)
    )
    return Opening(end, colon, " ".join(words[begin:end]))


def tags(text: str) -> list[str]:
    """The tags in a text, without their sign, each once; a number alone is none."""
    found = [tag for tag in _TAG.findall(text) if not tag.isdigit()]
    return list(dict.fromkeys(found))


def verbatim(said: Said, code: str, at: int, after: re.Pattern[str] = _AFTER) -> str:
    """All that follows a capture word, byte for byte, without the colon after it."""
    scan = said.scan(code)
    place = scan.text.place(scan.tokens[at - 1].end)
    match = after.match(said.raw, place)
    return said.raw[match.end() if match else place :]


def note(said: Said, text: str, why: str) -> Meaning:
    """Keeps the text as it is."""
    return said.means("note.add", [why], {"text": text, "tags": tags(text)})


def capture(said: Said, code: str) -> Meaning | None:
    """ "note: ...", "jot down ...": what follows is kept."""
    found = opening(said, code, "capture")
    if found is None:
        return None
    needs_colon = said.language(code).words("capture_colon_only")
    if found.phrase in needs_colon and not found.colon:
        return None
    text = verbatim(said, code, found.end)
    if not text.strip():
        return None
    return note(said, text, f"capture word ({code}): {found.phrase}")


def search(said: Said, code: str) -> Meaning | None:
    """ "find ...", "search ...": the rest is the query, operators and all."""
    found = opening(said, code, "search")
    if found is None or _fetches(said, code, found):
        return None
    query = verbatim(said, code, found.end, _BEFORE_QUERY).strip()
    query = query.rstrip("?？").rstrip() if not _OPERATOR.search(query) else query
    if " " in found.phrase and not _OPERATOR.search(query):
        query = bare(query, said.language(code))  # "my notes about the boiler"
    if not query:
        return None
    return said.means("search", [f"search word ({code}): {found.phrase}"], {"query": query})


def _fetches(said: Said, code: str, found: Opening) -> bool:
    """True for an infinitive with a time: "chercher les enfants demain" is to be done then."""
    weak = found.phrase in said.language(code).words("search_weak") and not found.colon
    return weak and any(task_of(said, each, found.end).timed for each in said.close)


def ask(said: Said, code: str) -> Meaning | None:
    """ "ask ...": a question to the notes."""
    found = opening(said, code, "ask")
    if found is None:
        return None
    question = verbatim(said, code, found.end).strip()
    if not question or not (
        found.colon or question.endswith(("?", "？")) or _firm(said, code, found)
    ):
        return None
    args = {"question": question, **period_args(said, code)}
    return said.means("ask", [f"ask word ({code}): {found.phrase}"], args)


def _firm(said: Said, code: str, found: Opening) -> bool:
    """True unless "ask" is followed by somebody: "ask Tom about the keys" is a to-do."""
    words = said.words(code)
    language = said.language(code)
    follows = words[found.end] if found.end < len(words) else ""
    return follows in language.words("question") or " " in found.phrase


def daily(said: Said, code: str) -> Meaning | None:
    """ "log: ...", "in the diary: ...": goes to the daily note."""
    found = opening(said, code, "daily")
    alone = found and found.phrase in said.language(code).words("daily_bare")
    if found is None or not (
        found.colon
        or (" " in found.phrase and _more(said, code, found))
        or (alone and tells(said, code, found.end))
    ):
        return None
    text = verbatim(said, code, found.end)
    if not text.strip():
        return None
    why = [f"diary word ({code}): {found.phrase}"]
    return said.means("daily.append", why, daily_text(said, code, text))


def _more(said: Said, code: str, found: Opening) -> bool:
    return len(said.words(code)) > found.end


def list_of(said: Said, code: str) -> Meaning | None:
    """ "groceries: leeks, butter": each thing is a to-do of its own."""
    at = said.begin(code)
    named = _named_list(said, code, at)
    found = opening(said, code, "list")
    end, name = 0, None
    if named is not None:
        end, name = named
    elif found is not None and found.colon:
        end = found.end + 1
        generic = said.language(code).starts("list_generic")
        name = (
            None
            if tuple(said.words(code)[at : found.end]) in generic
            else clean(
                said.scan(code).text.cut(
                    said.scan(code).tokens[at].start, said.scan(code).tokens[found.end - 1].end
                )
            )
        )
    if not end:
        return None
    things = lists.items(said.scan(code), end)
    single = opening(said, code, "todo") if len(things) == 1 and named is None else None
    if not things or (single is not None and found is not None and single.end == found.end):
        return None  # one thing after "to do:" may have a day of its own
    return many(said, things, name, f"list word ({code}): {name or (found and found.phrase)}")


def _named_list(said: Said, code: str, at: int) -> tuple[int, str] | None:
    """One of the owner's own lists, with a colon after it."""
    text = said.scan(code).text
    for name in said.owner.lists:
        head = text.norm[said.scan(code).tokens[at].start :]
        if head.startswith(name.lower() + ":"):
            stop = said.scan(code).tokens[at].start + len(name)
            for number, token in enumerate(said.scan(code).tokens):
                if token.start == stop:
                    return number + 1, name
    return None


def many(said: Said, things: list[str], name: str | None, why: str) -> Meaning:
    """Several to-dos at once, or a note where there are too many of them."""
    if len(things) > lists.MOST_ITEMS:
        return note(said, said.raw, f"{len(things)} items are too many: kept as a note")
    return said.means("todo.add_many", [why], {"items": things, "list": name})


def buying(said: Said, code: str, at: int) -> Meaning | None:
    """ "buy bulbs, soap and toothpaste": several things in one go."""
    language = said.language(code)
    words = said.words(code)
    width = language.longest("buy", words[at:])
    if not width:
        return None
    scan = said.scan(code)
    things = lists.items(scan, at + width)
    clears = lists.looks_like_list(scan, things)
    if not clears or task_of(said, code, at).timed:
        return None
    return many(said, things, None, f"things to buy ({code})")


def todo(said: Said, code: str) -> Meaning | None:
    """ "todo: ...", "don't forget to ...": something to do, with its day if one is said."""
    found = opening(said, code, "todo")
    if found is None:
        return None
    at = found.end + found.colon
    why = f"to-do word ({code}): {found.phrase}"
    words = said.words(code)
    if at >= len(words):
        return None
    if lists.bulleted(said.rest(code, at)):
        return many(said, lists.items(said.scan(code), at), None, why)
    bought = buying(said, code, at)
    if bought is not None:
        return bought
    if said.language(code).longest("statement_after_todo", words[at:]):
        return None
    return todo_or_reminder(said, task_of(said, code, at, noted=True), why)


def remind(said: Said, code: str) -> Meaning | None:
    """ "remind me ...", at the start or after the time ("tomorrow at 9 remind me ...")."""
    scan = said.scan(code)
    words = said.words(code)
    language = scan.language
    begin = said.begin(code)
    parted = _parted(said, code, begin)
    if parted is not None:
        return parted
    for at in range(begin, min(len(words), begin + 14)):
        width = language.longest("remind", words[at : at + 8])
        if not width:
            continue
        if at == begin or _only_time(said, code, begin, at):
            phrase = " ".join(words[at : at + width])
            why = f"reminder word ({code}): {phrase}"
            part = "morning" if language.longest("wake", words[at:]) else None
            task = task_of(said, code, begin, ((at, at + width),), part)
            if not task.text and language.longest("alarm", words[at:]) >= width:
                first, last = trimmed(scan, at, at + width)
                task.text = scan.text.cut(scan.tokens[first].start, scan.tokens[last - 1].end)
            return reminder(said, task, why)
        if language.longest("remind_anywhere", words[at:]):
            task = task_of(said, code, begin, ((at, at + width),))
            if task.timed:
                return reminder(said, task, f"reminder word ({code}): {words[at]}")
    return None


def _parted(said: Said, code: str, begin: int) -> Meaning | None:
    """ "Kannst du mich morgen an den Arzt erinnern?": the command stands around the rest."""
    words = said.words(code)
    language = said.language(code)
    width = language.longest("remind_split", words[begin:])
    last = next((at for at in range(len(words) - 1, 0, -1) if words[at].isalpha()), 0)
    if not width or words[last] not in language.words("remind_end"):
        return None
    task = task_of(said, code, begin, ((begin, begin + width), (last, len(words))))
    return reminder(said, task, f"reminder words ({code}): {words[begin]} ... {words[last]}")


def _only_time(said: Said, code: str, begin: int, end: int) -> bool:
    """True when everything before the command word says when."""
    for candidate in dict.fromkeys((code, *said.languages)):
        task = task_of(said, candidate, begin)
        inside = [(b, e) for b, e in task.pieces.spans if e <= end]
        covered = sum(e - b for b, e in inside)
        extra = sum(word in ",:-." for word in said.words(candidate)[begin:end])
        if inside and covered + extra >= end - begin:
            return True
    return False


def reminder(said: Said, task: Task, why: str) -> Meaning:
    """A reminder; without a day and a time, a question."""
    moment = task.moment
    reasons = [why, *task.why]
    if moment.impossible or _FAR.search(said.raw):
        return impossible(said, task, reasons)
    if moment.repeat and moment.repeat.times:
        return which_days(said, task, reasons)
    if moment.choices:
        return which(said, task, reasons)
    at = moment.at
    if at is None and moment.day is not None:
        reader = said.reader(task.code)
        at = reader.local(moment.day, said.owner.morning)
        if at <= reader.now:
            at = reader.local(moment.day, said.owner.evening)
    if at is not None and not task.text and said.reply_to is not None:
        task.text = said.reply_to
    if at is None or not task.text:
        return when(said, task, reasons) if at is None else what(said, task, reasons, at)
    args: dict[str, Any] = {"text": task.text, "at": at.isoformat(), "repeat": repeat_text(moment)}
    if moment.also:
        args["also"] = [each.isoformat() for each in moment.also]
    return said.means("reminder.add", reasons, args)


def repeat_text(moment: Moment) -> str | None:
    """The recurrence in the Tasks plugin's words."""
    return moment.repeat.text if moment.repeat else None


def todo_or_reminder(said: Said, task: Task, why: str) -> Meaning:
    """A to-do; with a clock time it rings, so it is a reminder."""
    moment = task.moment
    reasons = [why, *task.why]
    if moment.impossible or _FAR.search(said.raw):
        return impossible(said, task, reasons)
    if moment.repeat and moment.repeat.times:
        return which_days(said, task, reasons)
    if moment.choices:
        return which(said, task, reasons)
    if not task.text:
        return what(said, task, reasons)
    if moment.at is not None and task.priority is None and task.note is None:
        return reminder(said, task, why)
    due = moment.at.date() if moment.at else moment.day
    args = {
        "text": task.text,
        "due": due.isoformat() if due else None,
        "at": moment.at.isoformat() if moment.at else None,
        "repeat": repeat_text(moment),
        "priority": task.priority,
        "list": task.note,
    }
    return said.means("todo.add", reasons, args)


def which(said: Said, task: Task, why: list[str]) -> Meaning:
    """Two moments are as likely: a question with both."""
    options = [
        Option(
            said.label(at),
            "reminder.add",
            {"text": task.text, "at": at.isoformat(), "repeat": repeat_text(task.moment)},
        )
        for at in task.moment.choices
    ]
    return said.asks(said.line("which"), options, why)


def when(said: Said, task: Task, why: list[str]) -> Meaning:
    """ "Remind me about the report": when?"""
    reader = said.reader(task.code)
    first = said.soon()
    options = [
        Option(
            said.label(at),
            "reminder.add",
            {"text": task.text, "at": at.isoformat(), "repeat": repeat_text(task.moment)},
        )
        for at in first
    ]
    assert reader is not None
    return said.asks(said.line("when" if task.text else "what_when"), options, why)


def what(said: Said, task: Task, why: list[str], at: datetime | None = None) -> Meaning:
    """A time without a thing to do at it."""
    options = []
    if at is not None:
        args = {"text": said.raw.strip(), "at": at.isoformat(), "repeat": repeat_text(task.moment)}
        options = [Option(said.label(at), "reminder.add", args)]
    keep = Option(said.line("keep"), "note.add", {"text": said.raw, "tags": tags(said.raw)})
    return said.asks(said.line("what"), [*options, keep], why)


def impossible(said: Said, task: Task, why: list[str]) -> Meaning:
    """31 February and the like: says so, and offers to keep the text.

    Where more was said of time than was read, nothing is guessed: when?
    """
    if task.moment.unsure:
        task.moment.repeat = None
        return when(said, task, [*why, "more is said of time than was read"])
    text = task.text or said.raw
    todo_args = dict.fromkeys(("due", "at", "repeat", "priority", "list"))
    options = [
        Option(said.line("no_date"), "todo.add", {"text": text, **todo_args}),
        Option(said.line("keep"), "note.add", {"text": said.raw, "tags": tags(said.raw)}),
    ]
    return said.asks(said.line("no_such_day"), options, [*why, "there is no such day or time"])
