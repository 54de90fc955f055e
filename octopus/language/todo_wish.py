"""What a sentence wants changed in a to-do: its words, its tags, how urgent, how often, from when.

Every part stands in a slot of a template. ``{level}``, ``{often}`` and ``{day}`` may begin with the
name of the to-do: "make plumber low priority", "repeat plumber every week".
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from octopus.core.meaning import Meaning
from octopus.language.days import part
from octopus.language.lexicon import load
from octopus.language.note_sentence import clean
from octopus.language.opening import opening, repeat_text, tags, todo_or_reminder
from octopus.language.plain import imperative, statement
from octopus.language.said import Said
from octopus.language.scan import Scan
from octopus.language.task import Task, task_of, words_end
from octopus.language.todo_sentence import covers, meant, split
from octopus.language.token import Text, fold

_LONGEST = 80  # characters of what a to-do is called in passing
_MOST_WORDS = 8  # before a colon

Args = dict[str, Any]


def edited(said: Said, code: str, slots: Mapping[str, Any]) -> Args | None:
    """The arguments of ``todo.edit``; None where the sentence speaks of something else.

    A rule that is ``loose`` may as well tell of a new thing to do: ``add`` has its arguments, with
    "name" for ``loose`` only what it is called by.
    """
    args: Args = {name: slots[name] for name in ("without", "priority") if name in slots}
    for slot, reads in _PARTS.items():
        if slot in slots:
            found = reads(said, code, slots)
            if found is None:
                return None
            args |= found
    query = clean(str(args.pop("query", slots.get("query", ""))))
    if slots.get("it"):
        return None if query else {**args, "query": said.reply_to}
    if not _names(said, code, query) or (slots.get("loose") and _new(said, code, query)):
        return None
    args["query"] = meant(said, code, query) if query else said.reply_to
    if args["query"] != query:  # "it"
        about_last = opening(said, code, "correct")
        return None if about_last and slots.keys() & {"level", "often"} else args
    if slots.get("loose"):
        add = _to_add(said, code)
        if add is None:
            return None
        args["add"] = add | ({"text": query} if slots["loose"] == "name" else {})
    return args


def _names(said: Said, code: str, query: str) -> bool:
    """Whether a to-do may be called so: short, no word for all that there is, no mere "with"."""
    language, bare = said.language(code), fold(query)
    if len(query) > _LONGEST or "\n" in query or bare in language.words("everything"):
        return False
    small = language.common - language.words("it")
    return not query or not all(word in small for word in bare.split())


def _new(said: Said, code: str, query: str) -> bool:
    """Whether it is something that is spoken of for the first time: "a meeting with Bob"."""
    scan = Scan(Text(query), said.language(code))
    return not query or any(
        edge.kind == "number" and not query[0].isdigit() for edge in scan.edges[0]
    )


def _to_add(said: Said, code: str) -> Args | None:
    """What the sentence would add, where no to-do is called so."""
    task = task_of(said, code, said.begin(code))
    new = todo_or_reminder(said, task, "")
    return None if new.question is not None else dict(new.args)


# The parts.


def _level(said: Said, code: str, slots: Mapping[str, Any]) -> Args | None:
    text = slots["level"].strip()
    whole = levels(code, alone=True).get(fold(clean(text)))
    if "query" in slots or "it" in slots:
        return {"priority": whole} if whole else None
    scan = Scan(Text(text), said.language(code))
    known = levels(code, alone=False)
    for at in range(1, len(scan.tokens)):
        start = scan.tokens[at].start
        found = known.get(clean(scan.text.norm[start:]))
        if found and "," not in (scan.tokens[at].text, scan.tokens[at - 1].text):
            return {"query": _bare(scan, at), "priority": found}
    return None


def _bare(scan: Scan, end: int) -> str:
    """The words up to this one, without the small word that leads over to what follows."""
    while end > 1 and scan.language.longest("filler_end", [scan.tokens[end - 1].text]):
        end -= 1
    return scan.text.cut(0, scan.tokens[end - 1].end)


@cache
def levels(code: str, *, alone: bool) -> Mapping[str, str]:
    """Words for how urgent something is, folded; ``alone`` those, too, that say so only where
    nothing else is asked for ("high", but not "less important")."""
    data = load(code).data
    some = {fold(word): name for name, words in data["levels"].items() for word in words.split("|")}
    phrases = {
        fold(phrase): name.removeprefix("priority_")
        for name, said in data["phrases"].items()
        if name.startswith("priority_")
        for phrase in said.split("|")
    }
    return {word: name for word, name in some.items() if alone or " " in word} | phrases


def _often(said: Said, code: str, slots: Mapping[str, Any]) -> Args | None:
    """How often, and the day with which that begins where the to-do has none yet."""
    query = {"query": slots["query"]} if "query" in slots else {}
    found = split(said, code, {"when": slots["often"], **query})
    if found is None:
        return None
    scan, pieces, name = found
    moment = said.reader(scan.language.code).moment(pieces)
    if moment.repeat is None or moment.unsure or moment.impossible or moment.choices:
        return None
    first = moment.at.date() if moment.at else moment.day
    begins = {"first": first.isoformat()} if first else {}
    return {"query": name, "repeat": repeat_text(moment), **begins}


def _day(said: Said, code: str, slots: Mapping[str, Any]) -> Args | None:
    """On which day it is taken up."""
    query = {"query": slots["query"]} if "query" in slots else {}
    found = split(said, code, {"when": slots["day"], **query})
    if found is None:
        return None
    scan, pieces, name = found
    moment = said.reader(scan.language.code).moment(pieces)
    if moment.day is None or moment.at or moment.choices or moment.repeat or moment.impossible:
        return None
    return {"query": name, "scheduled": moment.day.isoformat()}


def _words(said: Said, code: str, slots: Mapping[str, Any]) -> Args | None:
    words = clean(slots["words"])
    level = levels(code, alone=False).get(fold(words))
    if level is not None:
        return {"priority": level}
    scan, pieces = part(said, code, words)
    if pieces and pieces.repeat is not None and covers(scan, pieces, 0):
        return _often(said, code, {"query": slots["query"], "often": words})
    if not words or "\n" in words or (pieces and covers(scan, pieces, 0)):
        return None
    swaps = {"old": clean(slots["query"])} if slots.get("swap") else {}
    return {"words": words, **swaps}


def _tag(said: Said, code: str, slots: Mapping[str, Any]) -> Args | None:
    tag = "#" + clean(slots["tag"]).lstrip("#")
    if tag[1:].isdigit() or len(tag) == 1:
        return None
    return {"without": tag} if slots.get("without") else {"tags": [tag]}


_PARTS = {"level": _level, "often": _often, "day": _day, "words": _words, "tag": _tag}


# "Make it low priority", "plumber: high priority".


def bare(said: Said, code: str) -> Meaning | None:
    """ "High priority", and nothing else: of what was spoken of last."""
    level = levels(code, alone=False).get(fold(clean(said.rest(code, said.begin(code)))))
    if level is None or (len(said.words(code)) < 2 and said.reply_to is None):
        return None
    args = {"change": said.raw.strip(), "edit": {"priority": level}}
    return said.means("correct", [f"only how urgent something is ({code})"], args)


def of_it(said: Said) -> Args | None:
    """What is wanted of the to-do that was spoken of last, where the text says nothing else."""
    code, text = said.code, clean(said.raw)
    level = levels(code, alone=True).get(fold(text))
    if level is not None:
        return {"priority": level}
    if text and all(word.startswith("#") and tags(word) for word in text.split()):
        return {"tags": text.split()}
    task = task_of(said, code, said.begin(code))
    repeat = repeat_text(task.moment)
    if task.text or not (task.priority or repeat) or _on_a_day(task):
        return None
    first = task.moment.day.isoformat() if repeat and task.moment.day else None
    found = {"priority": task.priority, "repeat": repeat, "first": first}
    return {name: value for name, value in found.items() if value}


def labelled(said: Said, code: str) -> Meaning | None:
    """What a to-do is called, and then nothing but how urgent or how often it is."""
    if "\n" in said.raw.strip() or "?" in said.text.norm:
        return None
    scan, begin = said.scan(code), said.begin(code)
    task = task_of(said, code, begin)
    repeat = repeat_text(task.moment)
    if not (task.priority or repeat) or _on_a_day(task):
        return None
    words = said.words(code)
    end = words_end(scan, begin, task.spans)
    colon = words[end - 1 : end] == [":"]
    end -= colon
    if not begin < end <= begin + _MOST_WORDS or any(first < end for first, _ in task.spans):
        return None
    firm = colon or (not repeat and _in_full(scan, task.spans))
    acts = end - begin > 1 and imperative(said, code, begin)  # one word alone is a name
    if not firm or acts or statement(said, code):
        return None
    add = _to_add(said, code)
    if add is None:
        return None
    query = clean(scan.text.cut(scan.tokens[begin].start, scan.tokens[end - 1].end))
    if not _names(said, code, query):
        return None
    rest = scan.text.cut(scan.tokens[end - 1].end, len(scan.text.norm))
    args: Args = {"query": query, "priority": task.priority, "repeat": repeat}
    if repeat and task.moment.day:
        args["first"] = task.moment.day.isoformat()
    some = {"tags": [f"#{tag}" for tag in tags(rest)]}
    args |= some if some["tags"] else {}
    why = [f"a name, and what is wanted of it ({code})", *task.why]
    return said.means("todo.edit", why, {**args, "add": add})


def _on_a_day(task: Task) -> bool:
    """Whether a day or a time is named: that tells of something new."""
    moment, pieces = task.moment, task.pieces
    named = pieces.day or pieces.clock or pieces.part
    return bool(named or moment.impossible or moment.choices or moment.unsure)


def _in_full(scan: Scan, spans: list[tuple[int, int]]) -> bool:
    """Whether the word "priority" itself is said: "sleep is important" speaks of no to-do."""
    words = scan.language.words("priority_word")
    return any(scan.tokens[at].text in words for begin, end in spans for at in range(begin, end))
