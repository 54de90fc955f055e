"""Rules for messages without a command word: statements, imperatives, lists, questions."""

from __future__ import annotations

import re
from datetime import time

from octopus.core.meaning import Meaning, Option
from octopus.language import lists
from octopus.language.clock import Clock
from octopus.language.days import period_args
from octopus.language.opening import (
    buying,
    many,
    note,
    opening,
    reminder,
    tags,
    todo_or_reminder,
)
from octopus.language.said import Said
from octopus.language.task import Task, task_of
from octopus.language.token import Text

_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_STOP = re.compile(r"(?<=[a-zа-яїієґß-ÿ])[.!;]\s+|[。；]|\n+")
_SHORT = 12  # words of a thing with a time that is not a sentence


def added(said: Said, code: str) -> Meaning | None:
    """ "Add buy lamp oil", "add milk": to be done, without the word for adding.

    What says where to add it ("add sugar to the tea") is something to do as it stands.
    """
    found = opening(said, code, "add")
    if found is None:
        return None
    words, language = said.words(code), said.language(code)
    at, last = found.end + found.colon, len(words)
    while last > at and words[last - 1] in ".!":
        last -= 1
    ends = last - at > 1 and words[last - 1] in language.words("add_end")
    cut = ((last - 1, last),) if ends else ()
    task = task_of(said, code, at, cut, noted=True)
    why = f"a word for adding ({code}): {found.phrase}"
    things = lists.items(said.scan(code), at)
    if not cut and not task.timed and lists.looks_like_list(said.scan(code), things):
        return many(said, things, None, why)
    inside = Said.of(task.text, said.now, said.owner, None) if task.text else None
    acts = inside is not None and imperative(inside, code, inside.begin(code))
    if inside is None or _URL.search(said.raw):
        return None
    if not acts and (task.text[0].isdigit() or _placed(inside, code)):
        task = task_of(said, code, said.begin(code), noted=True)
    return todo_or_reminder(said, task, why)


def _placed(said: Said, code: str) -> bool:
    """Whether the words say where something belongs."""
    words = said.words(code)
    places = said.language(code).words("add_to")
    if said.language(code).script == "han":
        return any(place in said.text.norm for place in places)
    return any(word in places for word in words[1:])


def link(said: Said, code: str) -> Meaning | None:
    """A link that is sent with a few words is kept as a link."""
    match = _URL.search(said.raw)
    if match is None:
        return None
    url = match[0].rstrip(".,;:!?)'")
    before, after = said.raw[: match.start()].strip(), said.raw[match.start() + len(url) :].strip()
    if before and (imperative(said, code, said.begin(code)) or len(before.split()) > _SHORT):
        return None
    if len(after.split()) > 60 or "\n\n" in after:
        return None
    text = " ".join(piece for piece in (before, after) if piece) or None
    return said.means("link.save", ["a link"], {"url": url, "text": text})


def injection(said: Said, code: str) -> Meaning | None:
    """Text that would make the assistant break its rules: an answer at most, never a write."""
    if not _has(said, code, "injection"):
        return None
    return said.means("chat", [f"speaks of rules and of everything ({code})"], {"text": said.raw})


def imperative(said: Said, code: str, at: int) -> bool:
    """True when the words from here on tell somebody to do something."""
    language = said.language(code)
    words = said.words(code)
    if at >= len(words):
        return False
    first = words[at]
    rules = language.data.get("imperative", {})
    if language.script == "han":
        return bool(language.longest("verbs", words[at:])) and not statement(said, code)
    if first in language.words("verbs") or language.longest("verbs_long", words[at:]):
        return not _follows(said, code, at)
    if first in language.words("not_verbs"):
        return False
    if len(first) > 3 and first.endswith(tuple(rules.get("first", ()))):
        return True
    last = next((word for word in reversed(words[at:]) if word.isalpha()), "")
    return (
        len(words) - at > 1
        and len(last) > 3
        and last.endswith(tuple(rules.get("last", ())) or ("\0",))
        and last not in language.words("not_verbs")
        and _small(said, code, last)
        and not statement(said, code)
    )


def _small(said: Said, code: str, word: str) -> bool:
    """German writes its nouns large: a large word at the end is no verb."""
    scan = said.scan(code)
    token = next(t for t in reversed(scan.tokens) if t.text == word)
    written = scan.text.cut(token.start, token.end)
    return written[:1].islower() or said.raw[:1].islower()


def _follows(said: Said, code: str, at: int) -> bool:
    """A verb followed by "is" was a noun: "order is ready", "call was fine"."""
    words = said.words(code)
    return at + 1 < len(words) and words[at + 1] in said.language(code).words("after_noun")


def _has(said: Said, code: str, key: str) -> bool:
    language = said.language(code)
    words = said.words(code)
    return any(language.longest(key, words[at:]) for at in range(len(words)))


def statement(said: Said, code: str) -> bool:
    """True when a finite verb or "I" says that something is so."""
    language = said.language(code)
    marked = language.data.get("statement_raw", "").split("|")
    written = said.raw.lower()[:400].split()
    scan = said.scan(code)
    urgent = {
        place
        for at in range(len(scan.tokens))
        for edge in scan.edges[at]
        if edge.kind.startswith("priority_")
        for place in range(at, edge.end)
    }
    words = said.words(code)
    told = (at for at in range(len(words)) if language.longest("statement", words[at:]))
    return any(at not in urgent for at in told) or any(word in written for word in marked)


def listing(said: Said, code: str) -> Meaning | None:
    """ "milk, eggs and bread": things side by side."""
    scan = said.scan(code)
    at = said.begin(code)
    bought = buying(said, code, at)
    if bought is not None:
        return bought
    if lists.bulleted(said.raw):
        things = lists.lines(said.raw)
        return many(said, things, None, "a list, one item a line")
    told = _sentences(said, code)
    if told:
        return many(said, told, None, "several things to do, one a sentence")
    rows = [row for row in said.raw.splitlines() if row.strip()]
    if len(rows) > 2 and all(
        len(row.split()) <= 5 and not row.rstrip().endswith((".", ":", "```", "?")) for row in rows
    ):
        return many(said, lists.lines(said.raw), None, "short lines")
    if len(rows) > 1 or "?" in scan.text.norm:
        return None
    things = lists.items(scan, at)
    commas = any(token.text in "," for token in scan.tokens)
    if commas and lists.looks_like_list(scan, things) and not task_of(said, code, at).timed:
        return many(said, things, None, f"things side by side ({code})")
    return None


def _sentences(said: Said, code: str) -> list[str]:
    """The sentences of a message, when each tells to do something; else none."""
    parts = [part.strip() for part in _STOP.split(said.raw) if part.strip()]
    if len(parts) < 2:
        return []
    for part in parts:
        one = Said(Text(part), said.now, said.owner, None, said.languages, said.close)
        if not imperative(one, code, one.begin(code)):
            return []
    return [part.rstrip(".!") for part in parts]


def question(said: Said, code: str) -> Meaning | None:
    """A question: about the owner's own things to the notes, else to the model.

    Where a certain thing is, and when, ("the spare key") stands in the notes if anywhere.
    """
    language = said.language(code)
    words = said.words(code)
    begin = said.begin(code)
    marked = said.scan(code).text.norm.rstrip().endswith("?")
    asking = language.longest("question", words[begin:])
    asking = asking or language.longest("question_notes", words[begin:])
    asking = asking or _has(said, code, "question_anywhere")
    if not marked and not asking:
        return None
    firm = said.raw.lower().split()[0] in language.data.get("question_raw", "").split("|")
    named = language.longest("question_notes", words[begin:]) > 0
    if not (marked or firm or named) and language.longest("question_weak", words[begin:]):
        return None
    if named or _mine(said, code):
        if language.longest("question_chat", words[begin:]):
            return chat(said, f"question ({code})")
        args = {"question": said.raw.strip(), **period_args(said, code)}
        return said.means("ask", [f"question about the owner's own things ({code})"], args)
    return chat(said, f"question ({code})")


def _mine(said: Said, code: str) -> bool:
    """True when a question speaks of the owner: "I", "my", "escribí"."""
    language = said.language(code)
    endings = tuple(language.data.get("mine_ending", "\0").split("|"))
    written = (word.strip("¿?¡!.,") for word in said.raw.lower().split()[1:])
    return (
        any(word in language.words("mine") for word in said.words(code))
        or _has(said, code, "mine_long")
        or any(len(word) > 3 and word.endswith(endings) for word in written)
    )


def chat(said: Said, why: str) -> Meaning:
    """Nothing that rules know: the model may answer."""
    return said.means("chat", [why], {"text": said.raw.strip()}, source="model")


def action(said: Said, code: str) -> Meaning | None:
    """Imperatives, and things with a time: to-dos and reminders."""
    begin = said.begin(code)
    task = task_of(said, code, begin)
    at = _after_time(said, code, task, begin)
    acts = imperative(said, code, at)
    if not acts and at != begin:
        acts = imperative(said, code, begin)
    if acts:
        why = f"imperative ({code}): {said.words(code)[at]}"
        bought = buying(said, code, at)
        return bought or todo_or_reminder(said, task, why)
    if not task.timed:
        return None
    if statement(said, code) or len(task.text.split()) > _SHORT or "\n" in said.raw.strip():
        return None
    past = task.moment.day is not None and task.moment.day < said.reader(code).today
    if past:
        return None
    if said.reply_to is not None and task.text.isdecimal():
        _with_hour(said, task)
    if not task.text:
        return _bare_time(said, task)
    if task.moment.elapsed or task.moment.repeat:
        return todo_or_reminder(said, task, "a time and a thing")
    return todo_or_reminder(said, task, "a thing with a time")


def _after_time(said: Said, code: str, task: Task, begin: int) -> int:
    """The first word that does not say when."""
    at = begin
    words = said.words(code)
    for start, end in sorted(task.spans):
        if start <= at < end:
            at = end
            while at < len(words) and (
                words[at] in ",:-." or said.language(code).longest("please", words[at:])
            ):
                at += 1
    return at


def _with_hour(said: Said, task: Task) -> None:
    """ "Tomorrow 9", in answer: the number that is left is the hour."""
    moment, hour = task.moment, int(task.text[:3])
    if moment.at is None and moment.day is not None and hour < 24:
        at = Clock(time(hour), bare=hour <= 12).settled()
        moment.at, task.text = said.reader(task.code).local(moment.day, at), ""


def _bare_time(said: Said, task: Task) -> Meaning:
    """Only a time: the answer to a reminder, or a correction of what was just said."""
    moment = task.moment
    if moment.impossible or moment.choices:
        return reminder(said, task, "a time alone")
    if said.reply_to is not None:
        due = moment.at.date() if moment.at else moment.day
        args = {
            "query": said.reply_to,
            "due": due.isoformat() if due else None,
            "at": moment.at.isoformat() if moment.at else None,
        }
        return said.means("todo.reschedule", ["a time, in answer", *task.why], args)
    return said.means("correct", ["a time alone", *task.why], {"change": said.raw.strip()})


#: What one would call somebody or something by.
_NAME = re.compile(r"[^\W\d_][\w .'’·&-]*")


def single(said: Said, code: str) -> Meaning | None:
    """One word or a name: asked about, never written."""
    words = [word for word in said.words(code) if word[0].isalnum()]
    raw = said.raw.strip()
    if said.language(code).script == "han":
        small = len(words) <= 3
    else:
        small = len(words) == 1 or (len(words) == 2 and raw.istitle() and raw.isprintable())
    if said.language(code).script == "han" and imperative(said, code, 0):
        return None
    if not small or not words or not _NAME.fullmatch(raw):
        return None  # a path, code, broken characters: kept like any other text
    if task_of(said, code, 0).timed:
        return None
    options = [
        Option(said.line("open"), "note.open", {"note": raw}),
        Option(said.line("search"), "search", {"query": raw}),
        Option(said.line("new_note"), "note.add", {"text": raw, "tags": tags(raw)}),
    ]
    return said.asks(said.line("about", name=raw), options, ["one word or a name"])


def keep(said: Said) -> Meaning:
    """What nothing else knows is kept."""
    return note(said, said.raw, "a statement without a command: kept as a note")
