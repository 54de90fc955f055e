"""Two days of every month ("every 1st and 15th"), which no single recurrence can say: asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from octopus.core.meaning import Meaning, Option
from octopus.language.opening import opening
from octopus.language.recurring import recurrence
from octopus.language.repeat import Repeat
from octopus.language.said import Said
from octopus.language.scan import Found, Grammar
from octopus.language.task import Task, remaining, task_of

_KINDS: Final = ("ordinal", "ordinal_dot", "digits", "number")
_DAY: Final = "on_date|on? dayno|the? ordinal|ordinal_dot|digits day_mark?"
_MARKED: Final = "on? dayno|the? ordinal|ordinal_dot|digits|number day_mark"
_TWO: Final = Grammar(
    [
        ("every", f"every|every_date {_DAY} and every|every_date? {_DAY} month_of?"),
        ("every", f"every|every_date {_DAY} and every|every_date? {_DAY} of? unit"),
        ("every", f"every {_MARKED} and every? {_MARKED}"),
        ("month", f"every|every_date unit {_DAY} and {_DAY}"),
        ("month", f"every unit {_MARKED} and {_MARKED}"),
        ("month", f"rate {_DAY} and {_DAY}"),
        ("month", f"{_DAY} and {_DAY} of? every unit"),
        ("month", f"{_DAY} and {_DAY} month_of"),
        ("month", f"{_DAY} and {_DAY} rate"),
        ("month", f"{_MARKED} and {_MARKED} of? every unit"),
    ]
)
_LONGEST = 200  # characters
#: What makes of two numbers something else than two days.
_COUNTED: Final = frozenset({"unit", "measure", "weekday", "weekdays", "month", "oclock", "times"})


def month_days(said: Said, code: str) -> Meaning | None:
    """Which of the two days? Either is a recurrence of its own."""
    if len(said.raw) > _LONGEST or "\n" in said.raw.strip() or "?" in said.text.norm:
        return None
    scan = said.scan(code)
    for at in range(said.begin(code), len(scan.tokens)):
        found = _TWO.best(scan, at)
        days = _days(found) if found is not None else ()
        if found is None or len(days) != 2 or scan.kinds(found.end) & _COUNTED:
            continue
        cut = [(at, found.end)]
        command = opening(said, code, "remind") or opening(said, code, "todo")
        if command is not None and command.end <= at:
            cut.append((said.begin(code), command.end + command.colon))
        task = task_of(said, code, said.begin(code), tuple(cut))
        if task.moment.at is None and task.pieces.clock is not None:  # its words are not lost
            task.text = remaining(scan, said.begin(code), cut)
        return _asked(said, task, days, at)
    return None


def _days(found: Found) -> tuple[int, ...]:
    """The days, where the words speak of months."""
    units = {value for kind, value in found.values if kind in ("unit", "rate")}
    numbers = [value for kind, value in found.values if kind in _KINDS]
    if not units <= {"month"}:
        return ()
    return tuple(sorted({int(each) for each in numbers if 1 <= each <= 31}))


def _asked(said: Said, task: Task, days: tuple[int, ...], at: int) -> Meaning:
    """Each day as a button, and the thing without any repetition."""
    empty: dict[str, Any] = dict.fromkeys(("due", "at", "repeat", "priority", "list"))
    args = {**empty, "text": task.text or said.raw.strip(), "priority": task.priority}
    reader = said.reader(said.code)
    options = []
    for day in days:
        rule = Repeat("month", day=day)
        first = rule.first(reader.today)
        due: dict[str, Any] = {"due": first.isoformat() if first else None, "repeat": rule.text}
        if first is not None and task.moment.at is not None:
            moment: datetime = reader.local(first, task.moment.at.time())
            due["at"] = moment.isoformat()
        options.append(Option(recurrence(rule.text, said.code), "todo.add", {**args, **due}))
    options.append(Option(said.line("once"), "todo.add", args))
    why = [f"two days of every month, from word {at + 1}"]
    return said.asks(said.line("which_days"), options, why)
