"""Which button of an open question a typed answer means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from octopus.core.job import Job
from octopus.core.meaning import Meaning
from octopus.core.message import Button

#: How long a question waits for an answer in words.
OPEN_FOR = timedelta(minutes=10)

_LONGEST = 60  # characters of an answer
_QUESTION = "🤔"  # the reaction of a reply that asks
_WORD = re.compile(r"[^\W_]+")

#: What a message may be understood as and still be an answer.
_ANSWERS = {"clarify", "note.add", "todo.add", "correct"}

#: Endings of intents that take something away: never by a part of their label.
_TAKES = {"drop", "delete", "trash", "merge", "undo"}


def open_question(last: Job, when: datetime) -> Sequence[Button]:
    """The buttons of what was asked just before; none where nothing is open.

    What has to be confirmed is confirmed by its button alone.
    """
    reply = last.reply
    if reply is None or when - last.message.sent_at > OPEN_FOR:
        return ()
    asks = "options" in last.plan or reply.reaction == _QUESTION
    return reply.buttons if asks and not any(b.confirm for b in reply.buttons) else ()


def chosen(buttons: Sequence[Button], text: str, meaning: Meaning) -> Button | None:
    """The one button that the text names: by number, by its label, or by words of only its."""
    if 0 < meaning.number <= len(buttons):
        return buttons[meaning.number - 1]
    said = text.strip(" .!").casefold()
    if not said or meaning.intent not in _ANSWERS or len(said) > _LONGEST:
        return None
    if (kept := meaning.args.get("text")) and meaning.intent == "note.add" and kept != text:
        return None  # "note: ..." is a wish of its own
    whole = [b for b in buttons if said in (b.label.casefold(), _title(b.label))]
    if len(whole) == 1:
        return whole[0]
    words = set(_WORD.findall(said))
    some = [b for b in buttons if words and words <= set(_WORD.findall(b.label.casefold()))]
    if meaning.intent not in {"clarify", "note.add"} or len(some) != 1:
        return None
    return None if some[0].intent.rpartition(".")[2] in _TAKES else some[0]


def _title(label: str) -> str:
    """A label without the day behind it."""
    return label.casefold().partition(" · ")[0]
