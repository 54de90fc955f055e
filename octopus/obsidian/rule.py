"""For reading repetition rules such as "every 2 weeks on Monday", as rrule.js reads English.

The Tasks plugin hands its rules to rrule.js (2.8, ``nlp/parsetext``); the grammar is kept as it is
there, abbreviations and generosity included: "every mo, we", "every month on the 2nd last Friday".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NUMBERS = {"one": 1, "two": 2, "three": 3}
_UNITS = ("day", "weekday", "week", "month", "year")
MAX_RULE = 200  # characters; rules are short, whatever is longer is no rule


def _token(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_TOKENS = {
    "skip": _token(r"[ \r\n\t]+|\.$"),
    "number": _token(r"[1-9][0-9]*"),
    "word": _token(r"one|two|three"),
    "every": _token(r"every"),
    **{unit: _token(f"{unit}s?") for unit in (*_UNITS, "hour", "minute")},
    "on": _token(r"on|in"),
    "at": _token(r"at"),
    "the": _token(r"the"),
    "first": _token(r"first"),
    "second": _token(r"second"),
    "third": _token(r"third"),
    "nth": _token(r"([1-9][0-9]*)(?:\.|th|nd|rd|st)"),
    "last": _token(r"last"),
    "for": _token(r"for"),
    "time": _token(r"times?"),
    "until": _token(r"(?:un)?til"),
    "monday": _token(r"mo(?:n(?:day)?)?"),
    "tuesday": _token(r"tu(?:e(?:s(?:day)?)?)?"),
    "wednesday": _token(r"we(?:d(?:n(?:esday)?)?)?"),
    "thursday": _token(r"th(?:u(?:r(?:sday)?)?)?"),
    "friday": _token(r"fr(?:i(?:day)?)?"),
    "saturday": _token(r"sa(?:t(?:urday)?)?"),
    "sunday": _token(r"su(?:n(?:day)?)?"),
    **{month: _token(f"{month[:3]}(?:{month[3:]})?") for month in MONTHS},
    "september": _token(r"sep(?:t(?:ember)?)?"),
    "comma": _token(r"(?:,\s*|(?:and|or)\s*)+"),
}
_DONE = re.compile(r"\s+when done\s*$", re.IGNORECASE)
_RULE = re.compile(r"[a-zA-Z0-9, !]+")
_UNTIL = re.compile(r"\s*(?:([a-z]+)\s+(\d{1,2})|(\d{1,2})\s+([a-z]+))[,\s]+(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, taken apart. Numbers count from 1, negative ones from the end."""

    unit: str  # day, week, month or year
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()  # (0 Monday .. 6 Sunday, which one or 0 for each)
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None
    when_done: bool = False  # counts from the day on which the task was done

    @property
    def on(self) -> bool:
        """Whether the rule names its days, and does not repeat the day that it started on."""
        return bool(self.weekdays or self.month_days)


class _Invalid(Exception):
    """Not a rule."""


@dataclass(slots=True)
class _Draft:
    unit: str = ""
    interval: int = 1
    weekdays: list[tuple[int, int]] = field(default_factory=list)
    month_days: list[int] = field(default_factory=list)
    months: list[int] = field(default_factory=list)
    weeks: list[int] = field(default_factory=list)
    count: int | None = None
    until: date | None = None


class _Parser:
    """One rule on its way; ``symbol`` is the token at hand, "" when there is none left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.symbol = ""
        self.value = ""
        self.draft = _Draft()
        self.next()

    def next(self) -> bool:
        """Go to the next token: of all that match the longest."""
        while self.text:
            found = [(match.end(), name) for name, pattern in _TOKENS.items()
                     if (match := pattern.match(self.text))]  # fmt: skip
            if not found:
                self.text = ""
                break
            length, name = max(found, key=lambda each: each[0])
            self.value, self.text = self.text[:length], self.text[length:]
            if name != "skip":
                self.symbol = name
                return True
        self.symbol = self.value = ""
        return False

    def accept(self, symbol: str) -> bool:
        if self.symbol != symbol:
            return False
        self.next()
        return True

    def number(self) -> int | None:
        value = self.value
        if self.accept("number"):
            return int(value[:9])
        return _NUMBERS[value.lower()] if self.accept("word") else None

    def parse(self) -> _Draft:
        draft = self.draft
        if not self.accept("every"):
            raise _Invalid
        draft.interval = self.number() or 1
        symbol = self.symbol
        if symbol in _UNITS:
            self.next()
            draft.unit = "week" if symbol == "weekday" else symbol
            if symbol == "weekday":
                draft.weekdays = [(day, 0) for day in range(5)]
            elif symbol != "day":
                self.on()
        elif symbol in WEEKDAYS:
            draft.unit = "week"
            draft.weekdays = [(day, 0) for day in self.listed(WEEKDAYS)]
        elif symbol in MONTHS:
            draft.unit = "year"
            draft.months = [month + 1 for month in self.listed(MONTHS)]
            self.on()
        else:
            raise _Invalid
        self.at()
        self.end()
        return draft

    def listed(self, names: tuple[str, ...]) -> list[int]:
        """One or more of ``names`` with commas between."""
        found = [names.index(self.symbol)]
        self.next()
        while self.accept("comma"):
            if self.symbol not in names:
                raise _Invalid
            found.append(names.index(self.symbol))
            self.next()
        return found

    def on(self) -> None:
        on = self.accept("on")
        if not (self.accept("the") or on):
            return
        going = True
        while going and self.day():
            going = any([self.accept("comma"), self.accept("the"), self.accept("on")])

    def day(self) -> bool:
        """One of the days after "on"."""
        draft = self.draft
        nth = self.nth()
        if self.symbol in WEEKDAYS:
            draft.weekdays.append((WEEKDAYS.index(self.symbol), nth))
            self.next()
        elif nth:
            draft.month_days.append(nth)
            self.accept("day")
        elif self.symbol == "weekday":
            draft.weekdays = draft.weekdays or [(day, 0) for day in range(5)]
            self.next()
        elif self.accept("week"):
            number = self.number()
            if number is None:
                raise _Invalid
            draft.weeks.append(number)
        elif self.symbol in MONTHS:
            draft.months.append(MONTHS.index(self.symbol) + 1)
            self.next()
        else:
            return False
        return True

    def nth(self) -> int:
        """1 for "first", -1 for "last", -2 for "2nd last", 0 where there is none."""
        if self.accept("last"):
            return -1
        number = {"first": 1, "second": 2, "third": 3}.get(self.symbol, 0)
        if self.symbol == "nth":
            number = int(re.sub(r"\D", "", self.value)[:9])
            if number > 366:
                raise _Invalid
        if not number:
            return 0
        self.next()
        return -number if number > 1 and self.accept("last") else number

    def at(self) -> None:
        """Hours are read over: tasks have days."""
        if self.accept("at"):
            while self.number() is not None and self.accept("comma"):
                pass

    def end(self) -> None:
        if self.symbol == "until":
            self.draft.until = _until(self.text)
            if self.draft.until is None:
                raise _Invalid
        elif self.accept("for"):
            self.draft.count = self.number()


def _until(text: str) -> date | None:
    match = _UNTIL.match(text)
    if match is None:
        return None
    name = (match.group(1) or match.group(4)).lower()
    month = next((index for index, each in enumerate(MONTHS, 1) if each[:3] == name[:3]), 0)
    try:
        return date(int(match.group(5)), month, int(match.group(2) or match.group(3)))
    except ValueError:
        return None


def parse_rule(text: str) -> Rule | None:
    """The rule that ``text`` says, or None where it says none."""
    text = text.strip()
    when_done = bool(_DONE.search(text))
    text = _DONE.sub("", text)
    if len(text) > MAX_RULE or not _RULE.fullmatch(text):
        return None
    try:
        draft = _Parser(text).parse()
    except _Invalid:
        return None
    return Rule(
        draft.unit,
        draft.interval,
        tuple(draft.weekdays),
        tuple(draft.month_days),
        tuple(draft.months),
        tuple(draft.weeks),
        draft.count,
        draft.until,
        when_done,
    )
