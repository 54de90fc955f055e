"""Asks on which days something shall come back of which only is said how often: "twice a week"."""

from __future__ import annotations

from octopus.core.meaning import Meaning, Option
from octopus.language.recurring import recurrence
from octopus.language.repeat import Repeat, next_such
from octopus.language.said import Said
from octopus.language.task import Task

_SPREAD = {2: ((0, 3), (1, 4)), 3: ((0, 2, 4),), 4: ((0, 1, 3, 4),), 6: ((0, 1, 2, 3, 4, 5),)}
_PARTS = {"month": (4, "week"), "year": (12, "month")}


def which_days(said: Said, task: Task, why: list[str]) -> Meaning:
    """Offers days that lie well apart, and the thing without any repetition."""
    repeat = task.moment.repeat
    assert repeat is not None
    empty = dict.fromkeys(("due", "at", "repeat", "priority", "list"))
    args = {**empty, "text": task.text or said.raw.strip(), "priority": task.priority}
    today = said.reader(said.code).today
    options = []
    for rule in _rules(repeat):
        due = next_such(rule, today)
        found = {"due": due.isoformat() if due else None, "repeat": rule.text}
        options.append(Option(_label(said, rule), "todo.add", {**args, **found}))
    options.append(Option(said.line("once"), "todo.add", args))
    return said.asks(said.line("which_days"), options, [*why, "how often, and not when"])


def _rules(repeat: Repeat) -> list[Repeat]:
    """Recurrences that come as often."""
    if repeat.unit == "week":
        if repeat.times == 5:
            return [Repeat("workday")]
        days = _SPREAD.get(repeat.times, ())
        return [Repeat("week", weekdays=each) for each in days] or [Repeat("day")]
    whole, unit = _PARTS.get(repeat.unit, (0, ""))
    if whole < repeat.times:
        return []
    return [Repeat(unit, whole // repeat.times)]


def _label(said: Said, rule: Repeat) -> str:
    names = said.line("days").split()
    return ", ".join(names[day] for day in rule.weekdays) or recurrence(rule.text, said.code)
