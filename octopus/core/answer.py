"""What an answer to a reminder means: it is about that reminder, not about some to-do."""

from __future__ import annotations

from dataclasses import replace

from octopus.core.meaning import Meaning, Option

#: What to-dos are told, and what the same words tell a reminder.
_INTENTS = {
    "todo.complete": "reminder.done",
    "todo.reschedule": "reminder.move",
    "todo.drop": "reminder.drop",
    "reminder.add": "reminder.move",
}
_ARGS = {"reminder.move": ("at", "due")}


def about_reminder(meaning: Meaning, reminder: int, answered: str) -> Meaning:
    """The meaning of a message that answers the words ``answered`` of this reminder.

    Words that name something of their own mean that.
    """
    if meaning.question is not None:
        options = tuple(_option(each, reminder) for each in meaning.options)
        return replace(meaning, options=options)
    intent = _INTENTS.get(meaning.intent)
    named = meaning.args.get("query") or meaning.args.get("text")
    if intent is None or (named and str(named).strip() != answered.strip()):
        return meaning
    args = {"id": reminder} | {name: meaning.args.get(name) for name in _ARGS.get(intent, ())}
    return replace(meaning, intent=intent, args=args, why=(*meaning.why, "it answers a reminder"))


def _option(option: Option, reminder: int) -> Option:
    """A choice of times moves the reminder instead of making another."""
    if option.intent != "reminder.add":
        return option
    return replace(option, intent="reminder.move", args={"id": reminder, "at": option.args["at"]})
