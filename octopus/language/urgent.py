"""Statements of how urgent something is: "plumber is urgent" may speak of a to-do."""

from __future__ import annotations

from octopus.core.meaning import Meaning
from octopus.language.note_sentence import clean
from octopus.language.opening import tags
from octopus.language.plain import imperative
from octopus.language.said import Said
from octopus.language.task import task_of
from octopus.language.todo_wish import levels
from octopus.language.token import fold

_MOST_WORDS = 10


def urgent(said: Said, code: str) -> Meaning | None:
    """A note that is about a to-do, where one is called so; what tells to do it is one."""
    scan, begin = said.scan(code), said.begin(code)
    language, known = said.language(code), levels(code, alone=False)
    words = said.words(code)
    if "\n" in said.raw.strip() or "?" in scan.text.norm or len(words) > 2 * _MOST_WORDS:
        return None
    end = next(
        (at for at in range(begin + 1, len(words)) if fold(clean(said.rest(code, at))) in known), 0
    )
    level = known[fold(clean(said.rest(code, end)))] if end else ""
    while end - 1 > begin and (words[end - 1] in language.words("copula") | {"-", ",", ":"}):
        end -= 1
    name = words[begin:end]
    if not 0 < len(name) <= _MOST_WORDS or {*name} & (language.words("negation") | {","}):
        return None
    if task_of(said, code, begin).timed:
        return None
    query = clean(scan.text.cut(scan.tokens[begin].start, scan.tokens[end - 1].end))
    why = [f"how urgent something is ({code})"]
    if len(name) > 1 and imperative(said, code, begin):
        if words[end] not in language.words("copula"):
            return None
        add = {"text": query, "priority": level}
        return said.means("todo.edit", why, {"query": query, "priority": level, "add": add})
    about = {"query": query, "priority": level}
    text = said.raw.strip()
    return said.means("note.add", why, {"text": text, "tags": tags(text), "or_todo": about})
