"""Reads the days that a sentence names, and what is said of the notes of those days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from octopus.language import dates
from octopus.language.moment import Moment
from octopus.language.note_sentence import clean
from octopus.language.question import period_of
from octopus.language.said import Said
from octopus.language.scan import Scan
from octopus.language.task import clear
from octopus.language.token import Text
from octopus.language.when import Pieces, read

_CLEAR = 5  # characters of a time in a language that the message is hardly in
_LEAST = 2  # words of what was done
_UNITS = {"daily": "day", "weekly": "week", "monthly": "month"}


def part(said: Said, code: str, text: str) -> tuple[Scan, Pieces]:
    """What a piece of the message says of time; the languages are tried in turn."""
    first: tuple[Scan, Pieces] | None = None
    for candidate in dict.fromkeys((code, *said.languages)):
        scan = Scan(Text(text), said.language(candidate))
        pieces = read(scan)
        if pieces and (candidate in (code, *said.close) or clear(pieces, scan)):
            return scan, pieces
        first = first or (scan, Pieces())
    assert first is not None
    return first


def whole_day(said: Said, code: str, text: str) -> date | None:
    """The day that this text names, when it says nothing else."""
    moment = _whole(said, code, text)
    if moment is None:
        return None
    return moment.day or (moment.at.date() if moment.at else None)


def no_such_day(said: Said, code: str, text: str) -> bool:
    """True for "31 February": a day, and nothing else, that no calendar has."""
    moment = _whole(said, code, text)
    return moment is not None and moment.impossible


def _whole(said: Said, code: str, text: str) -> Moment | None:
    """What the text says of time, when that is a day and nothing else."""
    scan, pieces = part(said, code, text)
    covered = sum(end - begin for begin, end in pieces.spans)
    signs = sum(token.text in "?.!,:'" for token in scan.tokens)
    if pieces.day is None and pieces.part is None:
        return None
    if covered + signs < len(scan.tokens) or pieces.repeat is not None:
        return None
    return said.reader(scan.language.code).moment(pieces)


def whole_span(said: Said, code: str, text: str) -> tuple[date, date] | None:
    """The day or the days ahead that this text names, when it says nothing else."""
    day = whole_day(said, code, text)
    if day is None:
        return _this_week(said, code, text)
    scan, pieces = part(said, code, text)
    found = pieces.day.found if pieces.day else None
    if found is not None and found.name in ("next_week", "next_unit"):
        today = said.reader(scan.language.code).today
        return dates.period(today, found.get("unit") or "week", 1) or (day, day)
    if found is not None and found.name in ("weekend", "next_weekend"):
        return day, dates.monday(day) + timedelta(days=6)
    return day, day


def _this_week(said: Said, code: str, text: str) -> tuple[date, date] | None:
    """From today on, for a period that has begun ("this week")."""
    scan = Scan(Text(text), said.language(code))
    reader = said.reader(code)
    found = period_of(scan, reader)
    if found is None or len(found[1]) < len(clean(text)):
        return None
    (first, last), _ = found
    return (max(first, reader.today), last) if first and last and last >= reader.today else None


def dated(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    if "date" not in slots:
        return {"date": said.reader(code).today.isoformat()}
    days = whole_span(said, code, slots["date"])
    if days is None:
        return None
    first, last = (day.isoformat() for day in days)
    return {"date": first, "to": last if last != first else None}


def diary(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    text = slots["text"].strip()
    if "period" in slots:
        today = said.reader(code).today.isoformat()
        return {"text": text, "date": today, "period": slots["period"]}
    if "date" not in slots:
        return daily_text(said, code, text)
    day = whole_day(said, code, slots["date"])
    return None if day is None else {"text": text, "date": day.isoformat()}


def day_note(said: Said, code: str, slots: Mapping[str, Any]) -> dict[str, Any] | None:
    """ "Show me yesterday's note", "open this week's note"."""
    period, day = str(slots.get("period", "daily")), said.reader(code).today
    if "date" in slots:
        named = whole_day(said, code, slots["date"])
        if named is None:
            return None
        _, pieces = part(said, code, slots["date"])
        bare = pieces.day is not None and pieces.day.found and pieces.day.found.name == "weekday"
        day = named - timedelta(days=7) if bare and named > day else named  # it has been written
    day = dates.shifted(day, -int(slots.get("back", 0)), _UNITS[period]) or day
    return {"date": day.isoformat(), "period": period}


def tells(said: Said, code: str, at: int) -> bool:
    """True when the words from here on tell what was done, as after "diary" said without a colon.

    In English its first word has to be a past; elsewhere one of them has to end like one.
    """
    language, words = said.language(code), said.words(code)[at:]
    if len(words) < _LEAST or "?" in words:
        return False
    prefix = language.data.get("participle", "")
    endings = tuple(language.data.get("past_ending", "\0").split("|"))
    written = [word for word in said.raw.lower().split() if len(word) > 3]
    return (
        words[0] in language.words("past_log")
        or bool(prefix and words[-1].startswith(prefix) and len(words[-1]) > len(prefix) + 3)
        or any(word.endswith(endings) for word in written[1:])
    )


def daily_text(said: Said, code: str, text: str) -> dict[str, Any]:
    """A diary entry; the day that it speaks of, when its first word says it."""
    scan, pieces = part(said, code, text)
    day = said.reader(code).today
    if pieces.day is not None and pieces.day.start == 0 and pieces.day.found is not None:
        named = said.reader(scan.language.code).day(pieces.day.found)
        if named is not None and named <= day:
            day = named
    return {"text": text, "date": day.isoformat()}


def period_args(said: Said, code: str) -> dict[str, str | None]:
    """``from`` and ``to`` of a question, in the languages that the message may be in."""
    for candidate in dict.fromkeys((code, *said.languages)):
        found = period_of(said.scan(candidate), said.reader(candidate))
        if found is not None:
            (first, last), words = found
            if candidate != code and candidate not in said.close and len(words) < _CLEAR:
                continue
            return {
                "from": first.isoformat() if first else None,
                "to": last.isoformat() if last else None,
            }
    return {"from": None, "to": None}
