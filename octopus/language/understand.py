"""The door of this room: a message in, what its owner meant out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from octopus.core.meaning import ANYTHING, REFUSED, Meaning
from octopus.language import list_sentence, lists, opening, plain, told
from octopus.language.choice import numbered
from octopus.language.days import whole_span
from octopus.language.doubt import ACTS, doubted, instead, negated
from octopus.language.instead import wrong
from octopus.language.lexicon import languages
from octopus.language.month_days import month_days
from octopus.language.nag import Nagging, nagging
from octopus.language.owner import Owner
from octopus.language.reply import (
    correction,
    done_in_reply,
    objects,
    refused,
    smalltalk,
    undo,
    unrefused,
)
from octopus.language.said import Said
from octopus.language.sentence import by_template
from octopus.language.sign import Signed, signed, without_alarm
from octopus.language.task import task_of
from octopus.language.todo_wish import bare, labelled
from octopus.language.token import Text
from octopus.language.urgent import urgent
from octopus.language.wishes import both

__all__ = ["Owner", "understand"]

_COMMAND = re.compile(r"\s*/([a-zA-Z0-9_]{1,32})(?:@\w+)?(?:\s+|$)")
_LONG = 700  # characters: beyond, only a capture word at the start is looked for
_HEAD = 400
_DAYS = 60  # characters that name days after a command
_REMINDS = {"reminder.add", "todo.add", "clarify"}
_LIST = 6000  # characters of the longest list in one paragraph
_DEFAULT = Owner()
#: What something new may be read as that is an answer to what was done before.
_ADDING = {"note.add", "todo.add", "todo.add_many", "link.save"}

Rule = Callable[[Said, str], Meaning | None]

_SURE: tuple[Rule, ...] = (  # said in so many words; tried in every likely language
    undo,
    done_in_reply,
    smalltalk,
    both,
    by_template,
    correction,
    list_sentence.alone,
    opening.list_of,
    list_sentence.spoken,
    opening.daily,
    opening.capture,
    opening.search,
    opening.ask,
    month_days,
    opening.remind,
    opening.todo,
    plain.added,
    told.told,
)
_LIKELY: tuple[Rule, ...] = (  # read from the shape of the sentence
    plain.injection,
    plain.link,
    bare,
    labelled,
    urgent,
    plain.listing,
    plain.question,
    plain.single,
    plain.action,
)
_OPENINGS: tuple[Rule, ...] = (opening.daily, opening.capture, opening.search, opening.ask)


def understand(
    text: str, *, now: datetime, owner: Owner = _DEFAULT, reply_to: str | None = None
) -> Meaning:
    """What the owner means by a message that was sent at ``now`` (aware).

    ``reply_to`` is the text of the message that it answers. Never raises for any text; what no
    rule knows comes back as a note, or as chat with the source ``model``.
    """
    command = _COMMAND.match(text)
    if command is not None and text.lstrip()[0] == "/":
        said = Said(Text(""), now, owner, reply_to, (_home(owner),))
        args = {"name": command[1].lower(), "args": text[command.end() :].strip()}
        return _days_after(args["name"], args["args"], now, owner) or said.means(
            "command", ["a command"], args
        )
    if len(text) > _LONG or "```" in text:
        return _long(text, now, owner)
    by_signs = signed(text)
    if by_signs is not None:
        meaning = understand(by_signs.words, now=now, owner=owner, reply_to=reply_to)
        if meaning.intent == "todo.add":
            signs = by_signs
            if signs.repeat and not (signs.due or meaning.args["due"]):  # it needs a day to recur
                again = understand(f"{signs.words} {signs.repeat}", now=now, owner=owner)
                signs = replace(signs, due=again.args.get("due"))
            return _with_signs(meaning, signs)
    by_alarm = without_alarm(text)
    if by_alarm is not None:
        alarmed = _with_alarm(Said.of(by_alarm, now, owner, reply_to))
        if alarmed is not None:
            return alarmed
    said = Said.of(text, now, owner, reply_to)
    if not any(char.isalnum() for char in text):
        return _wordless(said)
    wish = nagging(said)
    if wish is not None:
        return _nagged(wish, said)
    meaning = _by_rules(said)
    new = unrefused(said, meaning)
    number = numbered(text, said.languages)
    return replace(new, answers=_answers(said, meaning), number=number)


def _with_signs(meaning: Meaning, by_signs: Signed) -> Meaning:
    """A to-do with what its signs say; they are surer than words."""
    said = {name: getattr(by_signs, name) for name in ("due", "repeat", "priority")}
    args = dict(meaning.args) | {name: value for name, value in said.items() if value}
    args["text"] = f"{args['text']} {by_signs.others}".strip()
    return replace(meaning, args=args, why=(*meaning.why, "signs of the Tasks plugin"))


def _with_alarm(said: Said) -> Meaning | None:
    """What the words beside an alarm mean; an alarm of nothing changes nothing, it is asked."""
    meaning = _by_rules(said)
    if meaning.intent != "correct":
        return meaning if meaning.intent in _REMINDS else None
    task = task_of(said, said.code, 0)
    at = task.moment.at
    return None if at is None else opening.what(said, task, ["an alarm of nothing"], at)


def _answers(said: Said, meaning: Meaning) -> str | None:
    """Whether it may be an answer to what was done before; see ``Meaning.answers``."""
    if meaning.intent == "clarify":
        task = task_of(said, said.code, said.begin(said.code))
        return "" if task.timed and not task.text else None
    if meaning.intent not in _ADDING or len(said.raw) > _HEAD:
        return None
    if refused(said):
        return ANYTHING
    return wrong(said) or (REFUSED if objects(said) else None)


def _nagged(wish: Nagging, whole: Said) -> Meaning:
    """A reminder that is told again until it is done; without a time it begins by itself."""
    why = f"told again every {wish.minutes} minutes: {wish.said}"
    if not wish.text and whole.reply_to is not None:
        args = {"text": whole.reply_to, "at": _in(whole, wish.minutes), "nag": wish.minutes}
        return whole.means("reminder.add", [why], args)
    lines = (wish.forced,) if wish.forced and wish.at_once else (wish.text, wish.forced)
    for line in filter(None, lines):
        said = Said.of(line, whole.now, whole.owner, whole.reply_to)
        meaning = _by_rules(said)
        if meaning.intent in _REMINDS:
            break
    if meaning.intent in {"reminder.add", "todo.add"}:
        at = meaning.args.get("at") or _in(said, wish.minutes)
        args = {"text": meaning.args["text"], "at": at, "repeat": meaning.args.get("repeat")}
        args |= {key: meaning.args[key] for key in ("also",) if key in meaning.args}
        args["nag"] = wish.minutes
        return replace(meaning, intent="reminder.add", args=args, why=(*meaning.why, why))
    if meaning.question is None:
        return _by_rules(whole)
    options = [
        replace(each, args={**each.args, "nag": wish.minutes})
        if each.intent == "reminder.add"
        else each
        for each in meaning.options
    ]
    begins = next((each for each in options if each.args.get("text") and "nag" in each.args), None)
    if wish.at_once and begins is not None and not task_of(said, said.code, 0).timed:
        args = {**begins.args, "at": _in(said, wish.minutes)}
        return said.means("reminder.add", [why], args)
    return replace(meaning, options=tuple(options), why=(*meaning.why, why))


def _in(said: Said, minutes: int) -> str:
    zone = said.owner.zone or said.now.tzinfo
    return (said.now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone).isoformat()


def _by_rules(said: Said) -> Meaning:
    act: Meaning | None = None
    for meaning in _readings(said):
        if act is None and doubted(said, meaning):
            act = meaning
        elif act is None:
            return meaning
        elif meaning.intent not in ACTS:
            return instead(said, act, meaning)
    raise AssertionError("what no rule knows is kept")


def _readings(said: Said) -> Iterator[Meaning]:
    """What the rules make of it, the surest first; what no rule knows is kept."""
    for rule in _SURE:
        for code in said.languages:
            meaning = rule(said, code)
            if meaning is not None:
                yield meaning
    for rule in _LIKELY:
        for code in said.close:
            meaning = rule(said, code)
            if meaning is not None:
                yield negated(said, meaning)
    yield plain.keep(said)


def _days_after(name: str, rest: str, now: datetime, owner: Owner) -> Meaning | None:
    """A command followed by nothing but the days it is for: "/agenda tomorrow"."""
    if name not in {"agenda", "daily"} or not rest or len(rest) > _DAYS:
        return None
    said = Said.of(rest, now, owner, None)
    for code in said.languages:
        days = whole_span(said, code, rest)
        if days is None:
            continue
        first, last = (day.isoformat() for day in days)
        why = ["a command, and days"]
        if name == "agenda":
            return said.means("agenda", why, {"date": first, "to": last if last != first else None})
        return said.means("daily.open", why, {"date": first})
    return None


_APPROVAL = "👍👌🙏❤😊👏💪🙂😀"


def _wordless(said: Said) -> Meaning:
    """No letter and no digit: a sign of approval, or nothing at all."""
    signs = said.raw.strip()
    visible = [char for char in said.text.norm if not char.isspace()]
    if not visible:
        return said.asks(said.line("empty"), (), ["an empty message"])
    if said.reply_to is not None and any(mark in signs for mark in "✅✔☑"):
        return said.means("todo.complete", ["ticked in answer"], {"query": said.reply_to})
    if set(visible) <= set("?"):
        return said.means("chat", ["only question marks"], {"text": signs}, source="model")
    if len(visible) <= 2 and visible[0] in _APPROVAL:
        return said.means("smalltalk", ["no words, a sign of approval"])
    return plain.keep(said)


def _long(text: str, now: datetime, owner: Owner) -> Meaning:
    """A long text or a code block: kept, unless its first words say where to."""
    head = Said.of(text[:_HEAD], now, owner, None)
    said = Said(head.text, now, owner, None, head.languages)
    for rule in _OPENINGS:
        for code in said.languages:
            meaning = rule(said, code)
            if meaning is not None and meaning.intent != "clarify":
                return _whole(meaning, text)
    rows = [row for row in text.splitlines() if row.strip()]
    if "```" not in text and len(rows) > 2:
        whole = Said(Text(text), now, owner, None, head.languages)
        if lists.bulleted(text):
            return opening.many(whole, lists.lines(text), None, "a list, one item a line")
    if "```" not in text and text.count(",") + text.count("、") > 20:
        return _long_list(head, text)
    kept = opening.note(Said(Text(""), now, owner, None, head.languages), text, "a long text: kept")
    if any(opening.remind(said, code) for code in said.languages):
        return replace(kept, args={**kept.args, "instead_of": "reminder"})
    return kept


def _long_list(head: Said, text: str) -> Meaning:
    """ "buy a, b, c ..." with very many things: each one, or a note where they are too many."""
    whole = Said(Text(text[:_LIST]), head.now, head.owner, None, head.languages)
    if len(text) <= _LIST and text.count(",") + text.count("、") < lists.MOST_ITEMS:
        for code in whole.languages:
            meaning = opening.list_of(whole, code) or opening.todo(whole, code)
            if meaning is not None:
                return _whole_note(meaning, text)
        meaning = plain.listing(whole, whole.code)
        if meaning is not None:
            return meaning
    kept = opening.note(head, text, "a long text: kept")
    rules = (opening.list_of, opening.todo, plain.action)
    if any(rule(head, code) for rule in rules for code in head.languages):
        return replace(kept, args={**kept.args, "instead_of": "list"})
    return kept


def _whole_note(meaning: Meaning, text: str) -> Meaning:
    if meaning.intent == "todo.add_many":
        return meaning
    return replace(meaning, intent="note.add", args={"text": text, "tags": opening.tags(text)})


def _whole(meaning: Meaning, text: str) -> Meaning:
    """The meaning of a long text's head, with the whole text in it."""
    args = dict(meaning.args)
    for key in ("text", "query", "question"):
        kept = args.get(key)
        if isinstance(kept, str):
            start = text.index(kept) if kept in text else 0
            args[key] = text[start:]
    if "tags" in args:
        args["tags"] = opening.tags(args["text"])
    return replace(meaning, args=args)


def _home(owner: Owner) -> str:
    return owner.language if owner.language in languages() else "en"
