"""What "no, I meant Wednesday" makes of what was understood before: the same with a change."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from octopus.core.meaning import Meaning
from octopus.language.instead import place, swap, there
from octopus.language.moment import Reader
from octopus.language.note_sentence import note_name
from octopus.language.opening import repeat_text
from octopus.language.owner import Owner
from octopus.language.said import Said
from octopus.language.scan import Piece
from octopus.language.task import Task, task_of

#: Which argument holds the words of an intent.
WORDS: Mapping[str, str] = {
    **dict.fromkeys(("note.add", "note.append", "daily.append", "link.save", "capture"), "text"),
    **dict.fromkeys(("todo.add", "reminder.add"), "text"),
    **dict.fromkeys(("todo.complete", "todo.reschedule", "todo.drop", "search"), "query"),
    "todo.edit": "query",
    "todo.add_many": "items",
}
#: What keeps words as they are, wherever.
_KEPT = {"note.add", "daily.append"}
_URL = re.compile(r"https?://\S+")
_ALIKE = 0.6  # of two words, to be one word misspelt
_CHOICES = 4
_NIGHT = 7  # o'clock; a time before it is the less likely reading
_WORD = re.compile(r"[^\s,;:.!?]+(?:[.:'’-][^\s,;:.!?]+)*")


def amend(
    done: Meaning, change: str, *, now: datetime, owner: Owner, whole: str = ""
) -> tuple[Meaning, ...]:
    """The meanings that ``done`` may have with this change: none where it cannot be made, one
    where it is clear, several to choose from.

    ``whole`` is the message that the change was taken out of: "no, at 5" for "5". It tells the
    language better than the change does; where both are likely, what was done keeps its own.
    """
    around = Said.of(whole or change, now, owner, None)
    code = done.language if done.language in around.close else around.code
    found = _amended(done, change, now, owner, whole)
    return tuple(replace(each, language=code) for each in found)


def _amended(
    done: Meaning, change: str, now: datetime, owner: Owner, whole: str
) -> tuple[Meaning, ...]:
    said = Said.of(change, now, owner, None)
    words = swap(said) or (swap(Said.of(whole, now, owner, None)) if whole else None)
    if words is not None:
        args = _swapped(done, *words)
        if args is not None:
            return (_with(done, args, f"{words[0]} -> {words[1]}"),)
        said = Said.of(words[1], now, owner, None)
    exact = _exactly(done, said)
    if exact is not None:
        return exact
    task = _task(said, whole if words is None else "")
    if task.moment.impossible:
        return ()
    args = dict(done.args)
    if task.timed and not _retime(done, args, said, task, "" if words else whole):
        return ()
    if task.priority is not None and "priority" in args:
        args["priority"] = task.priority
        if not task.text:
            return (_with(done, args, f"priority {task.priority}"),)
    if not task.text:
        return (_with(done, args, change),) if task.timed else ()
    placed = _placed(done, said)
    if placed is not None:
        return (replace(placed, why=(f"a correction: {change}",)),)
    return tuple(_with(done, each, change) for each in _worded(done, args, task.text))


def _with(done: Meaning, args: Mapping[str, Any], why: str) -> Meaning:
    return replace(done, args=args, why=(f"a correction: {why}",))


def _task(said: Said, whole: str) -> Task:
    """The change as a time and words; a bare number takes its "at" from the whole message."""
    begin = said.begin(said.code)
    begin += said.language(said.code).longest("correct_bare", said.words(said.code)[begin:])
    task = task_of(said, said.code, begin)
    if task.timed or not whole or len(said.raw.split()) > 1:
        return task
    around = Said.of(whole, said.now, said.owner, None)
    wider = task_of(around, around.code, 0)
    if wider.timed:
        wider.text = ""
        return wider
    return task


# Times.


def _retime(done: Meaning, args: dict[str, Any], said: Said, task: Task, whole: str) -> bool:
    """Put the new time into the arguments; False where they have no place for one."""
    reader = said.reader(task.code)
    if "scheduled" in args:
        return _redate(args, "scheduled", task, reader)
    if "at" not in args and "due" not in args:
        moved = _tells_its_day(done, said) and _redate(args, "date", task, reader)
        worded = not task.text and _retime_words(done, args, said, task, whole)
        return moved or worded
    day, clock = _moment(args, task, reader)
    if task.moment.repeat is not None:
        args["repeat"] = repeat_text(task.moment)
    at = reader.local(day, clock) if day and clock else None
    if task.moment.elapsed and task.moment.at:
        at, day = task.moment.at, task.moment.at.date()
    if "due" in args:
        args["due"] = day.isoformat() if day else None
    args["at"] = at.isoformat() if at else None
    return True


def _tells_its_day(done: Meaning, said: Said) -> bool:
    """Whether another day is another day for all of it: its words name no other one."""
    if "date" not in done.args:
        return False
    was = Said.of(str(done.args.get("text") or ""), said.now, said.owner, None)
    day = task_of(was, was.code, 0).moment.day
    return day is None or day == _day(done.args)


def _redate(args: dict[str, Any], key: str, task: Task, reader: Reader) -> bool:
    """Another day; a clock alone says none."""
    day = task.moment.day or (task.moment.at.date() if task.moment.at else None)
    if day is None or task.pieces.day is None:
        return False
    args[key] = _near(day, _day(args), task, reader).isoformat()
    return True


def _day(args: Mapping[str, Any]) -> date | None:
    for key in ("due", "at", "date", "scheduled"):
        if args.get(key):
            return datetime.fromisoformat(str(args[key])).date()
    return None


def _moment(args: Mapping[str, Any], task: Task, reader: Reader) -> tuple[date | None, time | None]:
    """Day and clock: what is not said anew stays."""
    moment, pieces = task.moment, task.pieces
    old_at = datetime.fromisoformat(args["at"]) if args.get("at") else None
    told_day = pieces.day is not None or (moment.repeat is not None and moment.repeat.names_day)
    told_clock = pieces.clock is not None or pieces.part is not None
    old_day = _day(args)
    at = moment.at
    if moment.choices:
        near = old_at.time() if old_at else None
        at = min(moment.choices, key=lambda each: _unlikely(each.time(), near))
    clock = at.time() if told_clock and at else old_at.time() if old_at else None
    if told_day or old_day is None:
        day = moment.day or (at.date() if at else None)
        day = _near(day, old_day, task, reader) if day else None
    else:
        day = old_day
    return day, clock


def _unlikely(clock: time, near: time | None) -> tuple[bool, int]:
    if near is None:
        return clock.hour < _NIGHT, clock.hour
    return False, abs(clock.hour - near.hour)


def _near(day: date, old: date | None, task: Task, reader: Reader) -> date:
    """ "No, Wednesday", of a date three weeks ahead, is the Wednesday of that week."""
    piece = task.pieces.day
    bare = piece is not None and piece.found is not None and piece.found.name == "weekday"
    if not bare or old is None:
        return day
    same = old + timedelta(days=day.weekday() - old.weekday())
    return same if same > reader.today else day


def _retime_words(done: Meaning, args: dict[str, Any], said: Said, task: Task, whole: str) -> bool:
    """The time stands in the words of a note: it is changed there, where there is just one.

    Its "at" may be a part of the "no, at" that went before the change: it is in ``whole``.
    """
    field = WORDS.get(done.intent)
    old = args.get(field or "")
    if field is None or not isinstance(old, str):
        return False
    was = Said.of(old, said.now, said.owner, None)
    found = task_of(was, was.code, 0)
    here, there = _only_piece(found), _only_piece(task)
    if here is None or there is None or here.what != there.what:
        return False
    start, stop = _span(was, here)
    first, last = _span(said, there)
    new = said.raw[first:last]
    around = Said.of(whole, said.now, said.owner, None)
    wider = _only_piece(task_of(around, around.code, 0)) if whole else None
    if wider is not None and wider.what == there.what:
        first, last = _span(around, wider)
        wide = around.raw[first:last]
        new = wide if wide.endswith(new) else new
    args[field] = old[:start] + new + old[stop:]
    return True


def _only_piece(task: Task) -> Piece | None:
    """The one day or clock time that is said."""
    some = [piece for piece in (task.pieces.day, task.pieces.clock) if piece is not None]
    alone = len(some) == 1 and task.pieces.part is None and task.pieces.repeat is None
    return some[0] if alone else None


def _span(said: Said, piece: Piece) -> tuple[int, int]:
    """From where to where it stands in the text as it was written."""
    scan = said.scan(said.code)
    first, last = scan.tokens[piece.start], scan.tokens[piece.end - 1]
    return scan.text.place(first.start), scan.text.place(last.end)


# Words.


def _swapped(done: Meaning, old: str, new: str) -> dict[str, Any] | None:
    """The arguments with one word for another; None where the word does not stand in them."""
    pattern = re.compile(rf"(?<![^\W_]){re.escape(old)}(?![^\W_])", re.IGNORECASE)
    if not old.isascii() and not old[:1].isalpha():
        pattern = re.compile(re.escape(old), re.IGNORECASE)
    if re.search(r"[\u3400-\u9fff]", old):
        pattern = re.compile(re.escape(old))
    for key in ("text", "items", "words", "query", "note", "list", "title", "from", "to"):
        value = done.args.get(key)
        if isinstance(value, str) and pattern.search(value):
            return {**done.args, key: pattern.sub(lambda _: new, value, count=1)}
        if isinstance(value, list | tuple):
            for number, item in enumerate(value):
                if pattern.search(item):
                    items = list(value)
                    items[number] = pattern.sub(lambda _: new, item, count=1)
                    return {**done.args, key: items}
    return None


def _exactly(done: Meaning, said: Said) -> tuple[Meaning, ...] | None:
    """What is taken as it was written: the new name of a note, another address of a page."""
    if done.intent == "note.rename":
        names = there(said.raw, said.close)[:1]
        return tuple(_with(done, {**done.args, "to": name}, name) for name in names)
    if done.intent == "link.save" and (found := _URL.search(said.raw)):
        return (_with(done, {**done.args, "url": found[0]}, found[0]),)
    return None


def _placed(done: Meaning, said: Said) -> Meaning | None:
    """ "Into the note Garden", "to the list Work": another place for the same words."""
    found = place(said, bare=True) or {}
    if "note" in found:
        return into_note(done, note_name(found["note"]))
    if "list" in found and "list" in done.args:
        return replace(done, args={**done.args, "list": found["list"]})
    return None


def into_note(done: Meaning, note: str) -> Meaning | None:
    """The same words in this note; None where what was done has no words for a note."""
    if "note" in done.args:
        return replace(done, args={**done.args, "note": note})
    if done.intent in _KEPT and done.args.get("text"):
        args = {"note": note, "text": done.args["text"], "heading": None}
        return replace(done, intent="note.append", args=args)
    return None


def _worded(done: Meaning, args: Mapping[str, Any], new: str) -> list[dict[str, Any]]:
    """Other words in place of the old ones, or of one of them."""
    field = "words" if done.intent == "todo.edit" and args.get("words") else WORDS.get(done.intent)
    old = args.get(field or "")
    if field is None or not old or not new:
        return []
    if isinstance(old, list | tuple):
        return [{**args, field: items} for items in _replaced([*old], new)]
    if field in ("query", "words") or len(new.split()) > 1 or len(old.split()) == 1:
        return [{**args, field: new}]
    places = [(match.start(), match.end()) for match in _WORD.finditer(old)]
    found = _replaced([old[start:end] for start, end in places], new)
    texts = []
    for words in found[:1] if len(found) == 1 else found[-1:]:
        at = next(n for n, word in enumerate(words) if word == new)
        start, end = places[at]
        texts.append(old[:start] + new + old[end:])
    if len(found) > 1:
        texts.append(new)
    return [{**args, field: text} for text in texts]


def _replaced(words: list[str], new: str) -> list[list[str]]:
    """The words with the one that is most like the new one replaced; each of them, where none is
    like it."""
    alike = [
        difflib.SequenceMatcher(None, word.casefold(), new.casefold()).ratio() for word in words
    ]
    best = max(range(len(words)), key=alike.__getitem__, default=0)
    if words and alike[best] >= _ALIKE:
        return [[*words[:best], new, *words[best + 1 :]]]
    return [[*words[:at], new, *words[at + 1 :]] for at in range(len(words))][-_CHOICES:]
