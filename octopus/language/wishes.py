"""Two wishes for one to-do in one message: "move plumber to Friday and make it urgent"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from octopus.core.meaning import Meaning, Option
from octopus.language.note_sentence import clean
from octopus.language.plain import imperative
from octopus.language.reply import correction
from octopus.language.said import Said
from octopus.language.sentence import by_template
from octopus.language.todo_wish import of_it

_LONGEST = 200  # characters
_CHANGES = ("todo.reschedule", "todo.edit")
_JOINTS = ("and", "and_then", "comma")
_DAYS = ("due", "at")


def both(said: Said, code: str) -> Meaning | None:
    """What is wanted of a to-do before an "and", together with what is wanted of it after that.

    Where only the first half is understood, and the second tells to do something, it is asked
    whether the first is all: both together are the name of nothing.
    """
    if len(said.raw) > _LONGEST or "\n" in said.raw.strip():
        return None
    for at, end in _joints(said, code):
        head = clean(said.text.cut(0, said.scan(code).tokens[at].start))
        first = _change(_part(said, code, head))
        if first is None:
            continue
        rest = _part(said, code, said.rest(code, end))
        wish = _of_it(rest)
        if wish is not None and not {*wish} & {*_said(first.args)}:
            return _together(said, first, wish)
        if "add" not in first.args and imperative(rest, code, rest.begin(code)):
            return _only_first(said, first, head)
    return None


def _joints(said: Said, code: str) -> Iterator[tuple[int, int]]:
    """Where an "and" or a comma begins, and where what follows it does."""
    scan = said.scan(code)
    for at in range(1, len(scan.tokens) - 1):
        ends = [edge.end for edge in scan.edges[at] if edge.kind in _JOINTS]
        if ends:
            yield at, max(ends)


def _part(said: Said, code: str, text: str) -> Said:
    part = Said.of(text.strip(" ,，、"), said.now, said.owner, said.reply_to)
    return replace(part, languages=tuple(dict.fromkeys((code, *said.languages))))


def _change(part: Said) -> Meaning | None:
    """What is wanted of a to-do, by its name or as "it"."""
    meaning = by_template(part, part.code)
    if meaning is not None:
        return meaning if meaning.intent in _CHANGES and meaning.question is None else None
    meaning = correction(part, part.code)
    edit = meaning.args.get("edit") if meaning is not None else None
    return part.means("todo.edit", (), {"query": part.reply_to, **edit}) if edit else None


def _of_it(part: Said) -> Mapping[str, Any] | None:
    """What is wanted of the to-do that was named before."""
    alone = replace(part, reply_to=None)
    meaning = _change(alone)
    if meaning is None:
        return of_it(alone)
    return _said(meaning.args) if meaning.args.get("query") is None else None


def _said(args: Mapping[str, Any]) -> dict[str, Any]:
    """What shall be otherwise, without the to-do that it is about."""
    besides = ("query", "add", "kind")
    return {name: value for name, value in args.items() if value and name not in besides}


def _together(said: Said, first: Meaning, wish: Mapping[str, Any]) -> Meaning:
    """One change, with a day to move to or without."""
    wanted = {**_said(first.args), **wish}
    days = {name: wanted.pop(name) for name in _DAYS if name in wanted}
    about = {name: first.args[name] for name in ("query", "kind") if name in first.args}
    why = (*first.why, "two wishes for one to-do")
    if not days:
        return said.means("todo.edit", why, {**about, **wanted})
    return said.means("todo.reschedule", why, {**about, **days, "edit": wanted})


def _only_first(said: Said, first: Meaning, text: str) -> Meaning:
    """Only one half is understood."""
    options = [
        Option(text, first.intent, {k: v for k, v in first.args.items() if v is not None}),
        Option(said.line("keep"), "note.add", {"text": said.raw.strip(), "tags": []}),
    ]
    return said.asks(said.line("only_this"), options, [*first.why, "and something else"])
