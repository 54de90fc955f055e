"""For writing dates in the formats of moment.js, which Obsidian uses for names and templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from octopus.obsidian.moment_locale import Locale, locale

# moment.js 2.30, ``formattingTokens`` and ``localFormattingTokens``.
_TOKEN = re.compile(
    r"\[[^\[]*\]|\\?(?:[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[ow]?|W[oW]?|Qo?|N{1,5}"
    r"|YYYYYY|YYYYY|YYYY|YY|y{2,4}|yo?|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}"
    r"|x|X|zz?|ZZ?|.)",
    re.DOTALL,
)
_LOCAL = re.compile(r"\[[^\[]*\]|\\?(?:LTS|LT|LL?L?L?|l{1,4})")
_EXPANSIONS = 5  # a long form may hold others, moment follows them this far
MAX_FORMAT = 1000  # characters; no name or heading needs more


class _Moment:
    """A moment in a locale, with what tokens ask for more than once."""

    def __init__(self, when: datetime, language: Locale, form: str) -> None:
        self.when = when
        self.locale = language
        self.form = form
        self.weekday = when.isoweekday() % 7  # 0 is Sunday
        self.day_of_year = when.timetuple().tm_yday

    def week(self) -> tuple[int, int]:
        """Week year and week number by the locale's rule."""
        first, day = self.locale.first_day, self.when.date()
        for year in (day.year + 1, day.year, day.year - 1):
            if not 1 <= year <= 9999:
                continue
            start = _week_one(year, first, self.locale.january)
            if day >= start:
                return year, (day - start).days // 7 + 1
        return day.year, 1

    def number(self, value: int, token: str) -> str:
        return self.locale.ordinal(value, token)


def _week_one(year: int, first_day: int, january: int) -> date:
    """The first day of the week that holds the given day of January."""
    pivot = date(year, 1, january)
    return pivot - timedelta(days=(pivot.isoweekday() - first_day) % 7)


def _year(m: _Moment) -> int:
    return m.when.year


def _offset(m: _Moment, colon: str) -> str:
    delta = m.when.utcoffset() or timedelta()
    minutes = round(delta.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{colon}{abs(minutes) % 60:02}"


def _hour12(m: _Moment) -> int:
    return m.when.hour % 12 or 12


def _hour24(m: _Moment) -> int:
    return m.when.hour or 24


def _quarter(m: _Moment) -> int:
    return (m.when.month + 2) // 3


def _iso(m: _Moment) -> tuple[int, int]:
    calendar = m.when.isocalendar()
    return calendar.year, calendar.week


_TOKENS: dict[str, Callable[[_Moment], str]] = {
    "YYYYYY": lambda m: f"+{_year(m):06}",
    "YYYYY": lambda m: f"{_year(m):05}",
    "YYYY": lambda m: f"{_year(m):04}",
    "YY": lambda m: f"{_year(m) % 100:02}",
    "Y": lambda m: f"{_year(m):04}",
    "yyyy": lambda m: f"{_year(m):04}",  # the year of the era, which is our own
    "yyy": lambda m: f"{_year(m):03}",
    "yy": lambda m: f"{_year(m):02}",
    "y": lambda m: str(_year(m)),
    "yo": lambda m: m.number(_year(m), "y"),
    **dict.fromkeys(("N", "NN", "NNN", "NNNNN"), lambda _: "AD"),
    "NNNN": lambda _: "Anno Domini",
    "Q": lambda m: str(_quarter(m)),
    "Qo": lambda m: m.number(_quarter(m), "Q"),
    "M": lambda m: str(m.when.month),
    "MM": lambda m: f"{m.when.month:02}",
    "Mo": lambda m: m.number(m.when.month, "M"),
    "MMM": lambda m: m.locale.month(m.when.month - 1, m.form, short=True),
    "MMMM": lambda m: m.locale.month(m.when.month - 1, m.form, short=False),
    "D": lambda m: str(m.when.day),
    "DD": lambda m: f"{m.when.day:02}",
    "Do": lambda m: m.number(m.when.day, "D"),
    "DDD": lambda m: str(m.day_of_year),
    "DDDD": lambda m: f"{m.day_of_year:03}",
    "DDDo": lambda m: m.number(m.day_of_year, "DDD"),
    "d": lambda m: str(m.weekday),
    "do": lambda m: m.number(m.weekday, "d"),
    "dd": lambda m: m.locale.weekdays_min[m.weekday],
    "ddd": lambda m: m.locale.weekdays_short[m.weekday],
    "dddd": lambda m: m.locale.weekdays[m.weekday],
    "e": lambda m: str((m.weekday - m.locale.first_day) % 7),
    "E": lambda m: str(m.when.isoweekday()),
    "w": lambda m: str(m.week()[1]),
    "ww": lambda m: f"{m.week()[1]:02}",
    "wo": lambda m: m.number(m.week()[1], "w"),
    "W": lambda m: str(_iso(m)[1]),
    "WW": lambda m: f"{_iso(m)[1]:02}",
    "Wo": lambda m: m.number(_iso(m)[1], "W"),
    "gg": lambda m: f"{m.week()[0] % 100:02}",
    "gggg": lambda m: f"{m.week()[0]:04}",
    "ggggg": lambda m: f"{m.week()[0]:05}",
    "GG": lambda m: f"{_iso(m)[0] % 100:02}",
    "GGGG": lambda m: f"{_iso(m)[0]:04}",
    "GGGGG": lambda m: f"{_iso(m)[0]:05}",
    "H": lambda m: str(m.when.hour),
    "HH": lambda m: f"{m.when.hour:02}",
    "h": lambda m: str(_hour12(m)),
    "hh": lambda m: f"{_hour12(m):02}",
    "k": lambda m: str(_hour24(m)),
    "kk": lambda m: f"{_hour24(m):02}",
    "Hmm": lambda m: f"{m.when.hour}{m.when.minute:02}",
    "Hmmss": lambda m: f"{m.when.hour}{m.when.minute:02}{m.when.second:02}",
    "hmm": lambda m: f"{_hour12(m)}{m.when.minute:02}",
    "hmmss": lambda m: f"{_hour12(m)}{m.when.minute:02}{m.when.second:02}",
    "A": lambda m: m.locale.meridiem(m.when.hour, m.when.minute),
    "a": lambda m: m.locale.meridiem(m.when.hour, m.when.minute).lower(),
    "m": lambda m: str(m.when.minute),
    "mm": lambda m: f"{m.when.minute:02}",
    "s": lambda m: str(m.when.second),
    "ss": lambda m: f"{m.when.second:02}",
    "x": lambda m: str(int(m.when.timestamp() * 1000)),
    "X": lambda m: str(int(m.when.timestamp())),
    **dict.fromkeys(("z", "zz"), lambda _: ""),  # moment knows no names of local zones
    "Z": lambda m: _offset(m, ":"),
    "ZZ": lambda m: _offset(m, ""),
}


def _expand(form: str, language: Locale) -> str:
    """``form`` with L, LL, LT ... written out."""

    def long(match: re.Match[str]) -> str:
        token = match.group()
        return token if token[0] in "[\\" else language.form(token)

    for _ in range(_EXPANSIONS):
        expanded = _LOCAL.sub(long, form)
        if expanded == form:
            break
        form = expanded
    return form


def format_date(when: date, form: str, language: str = "en") -> str:
    """``when`` written in ``form``, with the names of ``language``.

    A plain date counts as midnight. What is no token stays as it is; ``[...]`` is literal.
    """
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    names = locale(language)
    form = _expand(form[:MAX_FORMAT], names)
    moment = _Moment(when, names, form)
    return _TOKEN.sub(lambda match: _write(moment, match.group()), form)


def _write(moment: _Moment, token: str) -> str:
    if token in _TOKENS:
        return _TOKENS[token](moment)
    if token[0] == "S":
        nanoseconds = f"{moment.when.microsecond // 1000:03}000000"  # a moment has milliseconds
        return nanoseconds[: len(token)]
    if token[0] == "[" and len(token) > 1:
        return token[1:-1]
    return token.removeprefix("\\") if len(token) > 1 else token
