"""Judges a meaning against what a message of a set expects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from octopus.core.meaning import Meaning
from octopus.language.understand import Owner, understand

HERE = Path(__file__).parent
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=BERLIN)
DESTRUCTIVE = {"note.delete", "note.rename", "note.edit"}
_SUFFIX = re.compile(r"(.+?)_(any|contains|lacks|verbatim|count)")
_ASIDE = re.compile(r"[\s\"'“”„«»‘’「」]+")


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The messages of one set."""
    with (HERE / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def say(
    text: str, now: datetime = NOW, language: str = "en", reply_to: str | None = None, **owner: Any
) -> Meaning:
    """What a message means, sent by an owner in Berlin."""
    habits = Owner(language=language, zone=owner.pop("zone", BERLIN), **owner)
    return understand(text, now=now, owner=habits, reply_to=reply_to)


def fault(expect: Mapping[str, Any], meaning: Meaning) -> str | None:
    """What is wrong with a meaning; None when it is what was expected."""
    intents = expect["intent"] if isinstance(expect["intent"], list) else [expect["intent"]]
    if meaning.intent not in intents:
        return f"{meaning.intent} is none of {intents}"
    if meaning.intent == "clarify":
        return None if meaning.question and meaning.options else "no question or no buttons"
    wanted = {**expect.get("args", {}), **expect.get("args_for", {}).get(meaning.intent, {})}
    for key, value in wanted.items():
        match = _SUFFIX.fullmatch(key)
        name, how = (match[1], match[2]) if match else (key, "is")
        found = meaning.args.get(name)
        if not _fits(name, how, value, found):
            return f"{key}: {found!r} instead of {value!r}"
    return None


def _fits(name: str, how: str, value: Any, found: Any) -> bool:
    if how == "any":
        return any(_same(name, one, found) for one in value)
    if how == "count":
        return bool(len(found or ()) == value)
    if how == "verbatim":
        return all(one in str(found) for one in value)
    if how == "contains":
        return found is not None and all(_plain(one) in _plain(found) for one in value)
    if how == "lacks":
        return all(_plain(one) not in _plain(found) for one in value)
    return _same(name, value, found)


def _same(name: str, value: Any, found: Any) -> bool:
    if value is None:
        return not found
    if name == "repeat":
        return _spelling(value) == _spelling(found)
    return bool(value == found)


def _spelling(repeat: str | None) -> str | None:
    """``every Sunday`` is ``every week on Sunday``."""
    return re.sub(
        r"^every ((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$", r"every week on \1", repeat or ""
    )


def _plain(value: Any) -> str:
    return _ASIDE.sub("", str(value)).lower()
