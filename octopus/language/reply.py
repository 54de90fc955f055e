"""Rules for short answers: undo, thanks, "done", "no, I meant Saturday"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from octopus.core.meaning import Meaning
from octopus.language.days import part
from octopus.language.doubt import cited, negates
from octopus.language.instead import place, swap, wrong
from octopus.language.opening import Opening, opening
from octopus.language.said import Said
from octopus.language.task import task_of
from octopus.language.todo_sentence import covers
from octopus.language.todo_wish import of_it
from octopus.language.token import Text, fold

_SHORT = 120  # characters of a correction that names what was wrong
#: What names something to be done.
_NAMING = {"todo.add", "todo.add_many", "todo.edit", "reminder.add"}
_SIGNS = set(".!,?()-'\"")


def _only(said: Said, code: str, key: str) -> str | None:
    """The phrase of this list that the whole message is; signs and emoji aside."""
    words = [w for w in said.words(code) if w[0].isalnum() or w in ("'", "-")]
    if not words or len(words) > 10:
        return None
    width = said.language(code).longest(key, words)
    if width == len(words):
        return " ".join(words)
    begin = said.language(code).longest("please", words)
    if (
        0 < begin < len(words)
        and said.language(code).longest(key, words[begin:]) == len(words) - begin
    ):
        return " ".join(words)
    return None


def undo(said: Said, code: str) -> Meaning | None:
    """ "undo", "take that back"."""
    phrase = _only(said, code, "undo_reminder")
    if phrase is not None:
        return said.means("undo", [f"undo word ({code}): {phrase}"], {"kind": "reminder"})
    phrase = _only(said, code, "undo")
    return None if phrase is None else said.means("undo", [f"undo word ({code}): {phrase}"])


def done_in_reply(said: Said, code: str) -> Meaning | None:
    """ "done": what it answers, or the latest thing that was due."""
    phrase = _only(said, code, "done_reply")
    if phrase is None:
        return None
    why = [f"done word ({code}): {phrase}"]
    return said.means("todo.complete", why, {"query": said.reply_to})


def smalltalk(said: Said, code: str) -> Meaning | None:
    """ "hi", "thanks!"."""
    phrase = _only(said, code, "smalltalk")
    if phrase is None:
        words = [w for w in said.words(code) if w[0].isalnum() or w in ("'", "-")]
        language = said.language(code)
        width = language.longest("smalltalk", words)
        if (
            not width
            or len(words) > 8
            or language.longest("smalltalk", words[width:]) != len(words) - width
        ):
            return None
        phrase = " ".join(words)
    return said.means("smalltalk", [f"small talk ({code}): {phrase}"])


def correction(said: Said, code: str) -> Meaning | None:
    """ "no, I meant Saturday": changes what was just done, never makes a second thing."""
    found = opening(said, code, "correct", 0) or _refusal(said, code) or _refused_so(said, code)
    found = found or opening(said, code, "correct")  # "ok, make it five"
    if cited(said):
        return None
    found = found or _after_no(said, code)
    if found is None:
        return _other_time(said, code)
    found = _last_of(said, code, found)
    change = _change(said, code, found)
    if not change or _denies(said, change):
        return None
    why = [f"correction ({code}): {found.phrase}"]
    edit = _of_it(said, code, change)
    return said.means("correct", why, {"change": change} | ({"edit": edit} if edit else {}))


def _change(said: Said, code: str, found: Opening) -> str:
    """What is said after a no."""
    return said.rest(code, found.end).strip().lstrip(",.!:;- ，：；。、").strip()


def _of_it(said: Said, code: str, change: str) -> dict[str, Any] | None:
    """How urgent or how often it shall be, where the change says nothing else."""
    if len(change) > _SHORT:
        return None
    inside = Said.of(change, said.now, said.owner, None)
    return of_it(inside) or of_it(replace(inside, languages=(code,), close=(code,)))


def _refused_so(said: Said, code: str) -> Opening | None:
    """ "No, low priority": a no, and nothing but how urgent or how often.

    There is a sign after it: "no urgente" is one wish.
    """
    found, words = opening(said, code, "refusal", 0), said.words(code)
    if found is None or words[found.end : found.end + 1] not in ([","], ["-"], [":"], ["."], ["!"]):
        return None
    return found if _of_it(said, code, _change(said, code, found)) else None


def unrefused(said: Said, meaning: Meaning) -> Meaning:
    """The meaning; a correction where it would make a to-do of a mere "no"."""
    args = meaning.args
    if meaning.intent not in _NAMING:
        return meaning
    named = [*(args.get("items") or ())[:1], args.get("text"), args.get("query")]
    for code in said.close:
        noes = said.language(code).words("refusal")
        if any(fold(str(name)).strip(" ,.!?") in noes for name in named if name):
            found = opening(said, code, "refusal", 0)
            change = _change(said, code, found) if found else ""
            return said.means("correct", ["a no is nothing to do"], {"change": change})
    return meaning


def _other_time(said: Said, code: str) -> Meaning | None:
    """ "Not Wednesday but Thursday": one time in place of another, and nothing else is said."""
    found = swap(said) if code == said.code else None
    if found is None or any(not _only_time(said, code, text) for text in found):
        return None
    return said.means("correct", [f"one time for another ({code})"], {"change": found[1]})


def _only_time(said: Said, code: str, text: str) -> bool:
    scan, pieces = part(said, code, text)
    return bool(pieces) and covers(scan, pieces, 0)


def _after_no(said: Said, code: str) -> Opening | None:
    """ "No, sorry, I meant ...": words that correct behind a no."""
    first = opening(said, code, "correct_bare", 0)
    further = _last_of(said, code, first) if first else None
    return None if further is first else further


def _last_of(said: Said, code: str, found: Opening) -> Opening:
    """ "No, sorry, I meant": the last of several words that correct."""
    words = said.words(code)
    at = found.end
    while at < len(words) and words[at] in ",-":
        at += 1
    further = opening(said, code, "correct", at) if at < len(words) else None
    return found if further is None else _last_of(said, code, further)


def _denies(said: Said, change: str) -> bool:
    """ "No, on Friday I can't": a sentence of its own, unless it says what is wrong and right."""
    if swap(said) or wrong(Said.of(change, said.now, said.owner, None)):
        return False
    return negates(said, [token.text for token in Text(change).tokens])


def refused(said: Said) -> bool:
    """ "No, ham": a no, and one word that may stand for one of those before.

    The word may be a name in another script than the no, so that is looked for in every language.
    """
    for code in said.close:
        found = opening(said, code, "correct_bare", 0)
        words = said.words(code)[found.end :] if found else []
        if len(words) == 2 and words[0] in ",-" and words[1].isalpha():
            return True
    return False


def objects(said: Said) -> bool:
    """ "No, bread and butter": a no with a comma after it, and something short."""
    if len(said.raw) > _SHORT:
        return False
    for code in said.close:
        words = said.words(code)
        width = said.language(code).longest("refusal", words)
        if 0 < width < len(words) - 1 and words[width] == ",":
            return not negates(said, words[width + 1 :])
    return False


def _refusal(said: Said, code: str) -> Opening | None:
    """ "No, Thursday", "not Monday, Tuesday": a no, and nothing but a time."""
    found = opening(said, code, "correct_bare", 0)
    if found is None or code != said.code:
        return None
    rest = found.end
    words = said.words(code)
    after = said.rest(code, rest).lstrip(" ,.:-，：")
    if after and len(after) <= _SHORT:
        change = Said.of(after, said.now, said.owner, None)
        if wrong(change) or place(change):
            return found
    while rest < len(words) and words[rest] in ",-.:":
        rest += 1
    task = task_of(said, code, rest)
    if rest == found.end and not _other_time(
        said, code
    ):  # "not on Friday" may begin a sentence, "no, on Friday" does not
        language = said.language(code)
        small = language.common | language.words("correct_bare") | language.words("please")
        if any(each.text.isalnum() and each.text not in small for each in Text(task.text).tokens):
            return None
    left = len([word for word in words[rest:] if word.isalnum()]) - task.pieces.size
    return found if task.timed and left <= 2 else None
